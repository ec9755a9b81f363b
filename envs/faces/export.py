"""A world's episodes as files that other frameworks read: data rows, packages, task folders."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ...core.arguments import of_type, one_of
from ...core.errors import GoliveError
from ...core.files import prepare_output_directory, reason, removed_if_refused
from ...core.registry import load_place
from ...core.worlds import DEFAULT_WORLD
from ...scenarios.loader import scenario_names
from ...sim.policy import Policy
from ...sim.tool_table import Tool, ToolCall
from ...sim.words import ADVANCE
from ..episodes import episode_source
from ..tool_session import ToolSession

FORMATS: Mapping[str, str] = {
    "skyrl": ".skyrl:exported",
    "nemo": ".nemo_rows:exported",
    "harbor": ".harbor:exported",
    "verifiers": ".verifiers_package:exported",
    "verifiers-team": ".verifiers_team:exported",
}
"""Places of the functions that make files of an ``Export``, by the format's name."""
Files = Iterator[tuple[str, str]]
"""Paths within the folder and texts; those of an episode end with its last file."""
MOST_EPISODES = 10_000
Progress = Callable[[int, int], None]
"""Is told how many episodes of how many have begun."""


class Export:
    """The episodes that are exported: the first ones of a split, always the same.

    Args:
        scenario: by name or file; None: the world's first.
        world: its name.
        split: whose seeds they have.
        episodes: how many.
        reward: what is paid, a preset; None: the world's first.
        seeds: others than the first ones of the split.

    Attributes:
        session: plays them, one after the other.
        seeds: theirs.
        progress: is told how far ``each`` is.

    Raises:
        GoliveError: an argument is wrong; the message names it.
    """

    def __init__(
        self,
        scenario: str | None = None,
        *,
        world: str = DEFAULT_WORLD,
        split: str = "train",
        episodes: int = 100,
        reward: str | None = None,
        seeds: range | None = None,
    ) -> None:
        self.progress: Progress = lambda done, total: None
        self.arguments: dict[str, Any] = {"world": world, "split": split, "reward": reward}
        self.session = ToolSession(scenario, **self.arguments)
        own = self.session.environment.scenario
        # Of a file its content: what is exported is read elsewhere, where there is no such file.
        known = own.name in scenario_names()
        self.scenario: Any = own.name if known else own.model_dump(mode="json")
        own_range = episode_source(self.session.kind, own, split, None, None, {}).seeds
        most = min(len(own_range), MOST_EPISODES)
        if not 1 <= episodes <= most:
            raise GoliveError(f"episodes: {episodes}: expected 1 to {most} of the {split} split")
        self.seeds = seeds or range(own_range.start, own_range.start + episodes)

    @property
    def name(self) -> str:
        """Name of the scenario, as packages and folders are called."""
        return re.sub(r"[^a-z0-9]+", "-", self.session.environment.scenario.name.lower()).strip("-")

    def row(self, seed: int) -> dict[str, Any]:
        """All that faces need to begin an episode, as plain data."""
        return {"scenario": self.scenario, **self.arguments, "seed": seed}

    def begin(self, seed: int) -> str:
        """The first briefing of an episode."""
        return self.session.reset(options={"episode_seed": seed})

    def each(self) -> Iterator[tuple[int, str]]:
        """Begin one episode after the other: seed and first briefing."""
        for number, seed in enumerate(self.seeds, 1):
            yield seed, self.begin(seed)
            self.progress(number, len(self.seeds))


def begun(row: Mapping[str, Any]) -> ToolSession:
    """The session of an exported episode, at its beginning.

    Raises:
        GoliveError: the row is no such episode; a path in it is none, as rows come over the wire.
    """
    session = ToolSession(
        checked_row(row),
        world=row.get("world") or DEFAULT_WORLD,
        split=row.get("split") or "",
        reward=row.get("reward"),
    )
    session.reset(options={"episode_seed": row.get("seed", 0)})
    return session


def checked_row(row: Mapping[str, Any]) -> Any:
    """The scenario of an exported episode: its name, or its content.

    Raises:
        GoliveError: the row is no such episode; a path in it is none, as rows come over the wire.
    """
    of_type("episode", row, Mapping, "an exported episode")
    scenario = row.get("scenario")
    if scenario is not None and not isinstance(scenario, Mapping):
        one_of("scenario", scenario, scenario_names())
    return scenario


def expert_calls(session: ToolSession) -> Iterator[ToolCall]:
    """Calls by which the world's expert plays on; each is to be carried out before the next."""
    kind, environment = session.kind, session.environment
    expert: Policy = kind.policies[kind.expert]()
    expert.reset(environment.world.seed)
    while not session.terminated:
        decision = expert.decide(environment.briefing, environment.legal())
        yield from (*session.words.calls(session.plan, decision), ToolCall(ADVANCE, {}))


def play_expert(session: ToolSession) -> list[ToolCall]:
    """Let the world's expert play on to the end, by calls; gives them."""
    made = []
    for call in expert_calls(session):
        session.call(call)
        made.append(call)
    return made


def manual(tools: Iterable[Tool]) -> str:
    """Tools and the forms of calls in words, for models that write their calls as text."""
    lines = [
        'Write calls as JSON, {"tool": NAME, "arguments": {...}}, or as commands, one per line, '
        f"such as `{ADVANCE} 2`; several in a message are carried out in order. Tools:"
    ]
    for tool in tools:
        lines.append(f"- {tool.usage}: {tool.description}")
        lines += [
            f"  - {one.name}: {one.description} {one.expected[0].upper()}{one.expected[1:]}."
            for one in tool.arguments
        ]
    return "\n".join(lines)


def messages(system: str, briefing: str) -> list[dict[str, str]]:
    """The messages that a conversation begins with."""
    return [{"role": "system", "content": system}, {"role": "user", "content": briefing}]


def json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as JSONL."""
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def filled(template: str, tokens: Mapping[str, str]) -> str:
    """A template with each ``@NAME@`` replaced."""
    return re.sub("@([A-Z]+)@", lambda found: tokens[found[1]], template)


def files_of(form: str, export: Export) -> Files:
    """The files of a format.

    Raises:
        GoliveError: there is no such format.
    """
    one_of("format", form, tuple(FORMATS))
    make: Callable[[Export], Files] = load_place(f"{__package__}{FORMATS[form]}")
    return make(export)


def write(form: str, export: Export, folder: Path) -> int:
    """Write a format's files to a new or empty folder: all of them or nothing.

    Returns:
        How many files there are.

    Raises:
        GoliveError: no such format, the folder holds something, or it cannot be written.
    """
    files = files_of(form, export)
    if folder.is_dir() and any(folder.iterdir()):
        raise GoliveError(f"{folder}: is not empty: expected a new or an empty folder")
    with removed_if_refused(folder, lambda: False):
        prepare_output_directory(folder)
        staged = folder / f".{secrets.token_hex(4)}.part"
        try:
            written = _fill(staged, files)
            for made in staged.iterdir():
                made.rename(folder / made.name)
            staged.rmdir()
        except OSError as error:
            raise GoliveError(f"{folder}: cannot be written: {reason(error)}") from error
    return written


def _fill(folder: Path, files: Files) -> int:
    folder.mkdir()
    count = 0
    for path, text in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        if target.suffix == ".sh":
            target.chmod(target.stat().st_mode | 0o111)
        count += 1
    return count
