"""Episodes kept on disk as they are played: how each began, and its calls, a line each.

Equal calls have equal futures, so an episode is played again to where it was. A line takes
microseconds, a snapshot after every call would take longer than the call.
"""

from __future__ import annotations

import json
import os
import zlib
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from ...core.errors import GoliveError
from ...core.files import prepare_output_directory, read_limited, reason, write_text_atomically
from ...sim.tool_table import ToolCall
from ..tool_session import Answer, ToolSession

JOURNAL_VERSION = 1
MOST_BYTES = 64 << 20
"""Of a journal."""
_REFUSED = ToolCall("", {})
"""Entry for a call that was refused: it was counted and changed nothing, whatever it was."""


class Journal:
    """The file of one episode, for the one who plays it.

    It is open while the episode is played. Whoever takes an episode over writes a new file in its
    place, so that what an earlier player still adds goes nowhere.
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("ab", buffering=0)
        self._path = path

    def add(self, call: ToolCall, answer: Answer) -> None:
        """Keep a call that was carried out.

        Raises:
            GoliveError: it cannot be written; what was kept before is.
        """
        kept = _REFUSED if answer.refused else call
        line = json.dumps([kept.tool, dict(kept.arguments), _check(answer)]).encode()
        whole = self._file.tell()
        try:
            self._file.write(line + b"\n")
        except OSError as error:
            os.ftruncate(self._file.fileno(), whole)
            raise GoliveError(f"{self._path}: cannot be written: {reason(error)}") from None

    def close(self) -> None:
        """Close the file; the episode stays."""
        self._file.close()


class Journals:
    """Episodes in a folder, by the ids that clients give them.

    Args:
        folder: made if it is not there.

    Raises:
        GoliveError: it cannot be made or written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = prepare_output_directory(folder)

    def begin(self, episode: str, session: ToolSession) -> Journal:
        """Keep an episode that has just begun, in place of what had its id.

        Raises:
            GoliveError: it cannot be written.
        """
        return self._written(episode, [json.dumps(_beginning(episode, session))])

    def resume(self, episode: str, session: ToolSession) -> Journal:
        """Play an episode again to where it was, in a session that was made as the one it began in.

        Raises:
            GoliveError: there is none of this id, it is damaged, or it does not play as it did.
        """
        path = self._path(episode)
        if not path.is_file():
            raise GoliveError(f"episode_id: {episode!r}: is not kept: leave resume out to begin it")
        text = read_limited(path, MOST_BYTES, "an episode")
        lines = text.decode("utf-8", "replace").split("\n")[:-1]  # a line that was cut off is none
        try:
            begun, *calls = [json.loads(line) for line in lines]
            session.reset(options={"episode_seed": begun["seed"]})
            same = begun == _beginning(episode, session)
            same = same and all(
                check == _check(session.call(ToolCall(tool, arguments)))
                for tool, arguments, check in calls
            )
        except (ValueError, TypeError, KeyError) as error:
            raise GoliveError(f"{path}: not an episode or damaged: {error}") from None
        if not same:
            raise GoliveError(
                f"episode_id: {episode!r}: does not play as it did: expected the golive, the "
                "scenario and the reward that it was begun with"
            )
        return self._written(episode, lines)

    def _written(self, episode: str, lines: list[str]) -> Journal:
        path = self._path(episode)
        write_text_atomically(path, "".join(f"{line}\n" for line in lines))
        return Journal(path)

    def _path(self, episode: str) -> Path:
        """Ids are anybody's words; files are named by their hash."""
        name = blake2b(episode.encode("utf-8", "replace"), digest_size=16).hexdigest()
        return self._folder / f"{name}.jsonl"


def _beginning(episode: str, session: ToolSession) -> dict[str, object]:
    state = session.environment.get_state()
    return {
        "version": JOURNAL_VERSION,
        "episode": episode,
        "seed": session.environment.world.seed,
        "configuration": json.loads(json.dumps(state["configuration"])),
        "calls_per_decision": session.calls_per_decision,
    }


def _check(answer: Answer) -> int:
    """A number that another answer hardly has; of a refusal only what it paid counts."""
    told = "" if answer.refused else answer.text
    return zlib.crc32(repr((answer.rewards, told)).encode("utf-8", "replace"))
