"""Many episodes at once behind one server: each by its key, without cross-talk, kept on disk."""

from __future__ import annotations

import json
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ...core.errors import GoliveError
from ...core.files import write_text_atomically
from ...sim.tool_table import Argument, Refusal, Tool, ToolCall, ToolKind
from ..tool_session import Answer, ToolSession

MOST_IN_MEMORY = 256
"""Episodes that are held; of more the one that was longest not used is put away."""
BEGIN = Tool(
    "begin_episode",
    "Begin an episode. The answer is the rules, the first briefing, and the episode's key.",
    ToolKind.ADVANCE,
    (Argument("seed", "Its seed; any, if none is given.", least=0, most=2**31 - 1),),
)
"""The tool that servers have besides a world's own."""
_KEY = re.compile(r"[0-9a-f]{16}")


class Episodes:
    """Episodes by their keys.

    Args:
        make: makes a session.
        folder: where every episode is kept after each change, so that it goes on exactly after
            the server was killed; None: in memory alone.
        most: episodes in memory. Without a folder the one that was longest not used is lost.

    Raises:
        GoliveError: the folder cannot be made.
    """

    def __init__(
        self,
        make: Callable[[], ToolSession],
        folder: Path | None = None,
        most: int = MOST_IN_MEMORY,
    ) -> None:
        self._make, self._folder, self._most = make, folder, most
        self._sessions: OrderedDict[str, ToolSession] = OrderedDict()
        self._table = make()
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise GoliveError(f"{folder}: {error.strerror}: expected a folder") from None

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The world's tools, and the one that begins an episode."""
        return (BEGIN, *self._table.tools)

    @property
    def instructions(self) -> str:
        """The rules of the game, of the usual scenario."""
        return self._table.instructions

    def begin(self, seed: int | None = None) -> tuple[str, Answer]:
        """Begin an episode; gives its key and its first briefing."""
        session = self._make()
        briefing = session.reset(options=None if seed is None else {"episode_seed": seed})
        key = self.add(session)
        return key, Answer(f"{session.instructions}\n\nEpisode {key}.\n{briefing}")

    def add(self, session: ToolSession) -> str:
        """Take in an episode that has begun; gives its key."""
        key = secrets.token_hex(8)
        self._hold(key, session)
        self._keep(key, session)
        return key

    def session(self, key: str) -> ToolSession | None:
        """The session of an episode; None if there is none of this key."""
        if key in self._sessions:
            self._sessions.move_to_end(key)
            return self._sessions[key]
        if self._folder is None or not _KEY.fullmatch(key):
            return None
        try:
            text = (self._folder / f"{key}.json").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        session = self._make()
        session.set_state(json.loads(text))
        self._hold(key, session)
        return session

    def call(self, key: str | None, tool: str, arguments: Mapping[str, Any]) -> tuple[str, Answer]:
        """Carry out a call in an episode; gives the key of the episode that it was about.

        ``begin_episode`` begins another one. What is wrong is answered, never raised.
        """
        if tool == BEGIN.name:
            read = BEGIN.read(arguments)
            if isinstance(read, Refusal):
                return key or "", Answer(str(read), refused=1)
            seed = read.get("seed")
            return self.begin(None if seed is None else int(seed))
        session = self.session(key) if key else None
        if session is None:
            wrong = f"episode {key!r}: there is none" if key else "there is no episode"
            return "", Answer(str(Refusal(wrong, f"Call {BEGIN.name} first.")), refused=1)
        answer = session.call(ToolCall(tool, arguments))
        self._keep(key or "", session)
        return key or "", answer

    def _hold(self, key: str, session: ToolSession) -> None:
        self._sessions[key] = session
        while len(self._sessions) > self._most:
            self._sessions.popitem(last=False)

    def _keep(self, key: str, session: ToolSession) -> None:
        if self._folder is not None:
            state = json.dumps(session.get_state())
            write_text_atomically(self._folder / f"{key}.json", state)
