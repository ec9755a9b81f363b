"""``golive play``: a person decides, in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from ..core.errors import GoliveError
from ..core.worlds import DEFAULT_WORLD
from . import completion
from .options import LARGEST_SEED, writable_file
from .output import standard_console

if TYPE_CHECKING:
    from rich.console import Console

    from ..agents.review import Morning
    from ..envs.tool_session import ToolSession
    from ..sim.policy import Policy
    from .play_screen import Screen

_WIDTH = 110
"""Columns where the output is no terminal."""
_CAPTURES = (".svg", ".html", ".txt")


def play(
    scenario: Annotated[
        str | None,
        Argument(
            help="Scenario by name or file (default: the world's first).",
            autocompletion=completion.scenarios,
        ),
    ] = None,
    *,
    seed: Annotated[
        int | None,
        Option(
            min=0, max=LARGEST_SEED, help="Seed of the episode (default: any).", show_default=False
        ),
    ] = None,
    with_: Annotated[
        list[str] | None,
        Option("--with", metavar="KIND[:SEVERITY]", help="Add an edge case; may repeat."),
    ] = None,
    opponent: Annotated[
        str | None, Option(metavar="STRATEGY[:BUDGET]", help="Who breaks things.")
    ] = None,
    futures: Annotated[
        int, Option(min=0, help="Futures in which decisions are compared at the end; 0: none.")
    ] = 8,
    capture: Annotated[
        Path | None,
        Option(callback=writable_file, help="Keep what was on the screen: .svg, .html or .txt."),
    ] = None,
) -> None:
    """Play an episode yourself: order, go on, undo; at the end see what the expert would have done.

    Commands are read from the terminal, or from a file or pipe.
    """
    from ..envs.tool_session import ToolSession
    from ..scenarios.loader import load_scenario
    from ..sim.worlds import kind_of, world_kind

    if capture is not None and capture.suffix not in _CAPTURES:
        raise GoliveError(f"--capture: {capture}: expected a name that ends in .svg, .html or .txt")
    loaded = load_scenario(scenario or world_kind(DEFAULT_WORLD).default_scenario)
    chosen = loaded.mix.of(with_ or (), opponent).met(loaded)
    kind = kind_of(chosen)
    session = ToolSession(chosen, world=kind, calls_per_decision=None, seed_range=(0, 2**31))
    session.reset(options=None if seed is None else {"episode_seed": seed})
    console = _console(recorded=capture is not None)
    try:
        _Game(session, console).run(futures)
    finally:
        _keep(console, capture)


def _console(*, recorded: bool) -> Console:
    console = standard_console()
    if not sys.stdout.isatty():
        console.width = _WIDTH
    console.record = recorded
    return console


def _keep(console: Console, path: Path | None) -> None:
    from ..core.files import write_text_atomically

    if path is None:
        return
    made = {
        ".svg": lambda: console.export_svg(title="golive play"),
        ".html": console.export_html,
        ".txt": console.export_text,
    }
    write_text_atomically(path, made[path.suffix]())


class _Game:
    """One episode, played by commands."""

    def __init__(self, session: ToolSession, console: Console) -> None:
        from .play_screen import Screen

        self._session = session
        self._screen: Screen = Screen(console, session)
        self._console = console
        self._expert: Policy = _expert(session)
        self._past: list[dict[str, Any]] = []
        self._mornings: list[Morning] = []
        self._hints = self._undone = 0

    def run(self, futures: int) -> None:
        """Play to the end, or until the player leaves or there are no more commands."""
        self._screen.opening()
        self._see_morning()
        for line in self._lines():
            if self._carried_out(line):
                break
            if self._session.terminated:
                self._end(futures)
                return
        self._screen.say(f"Left on {self._where()}: nothing is scored.", "bold")

    def _lines(self) -> Iterator[str]:
        while True:
            prompt = f"{self._where()}> "
            try:
                line = self._console.input(prompt, markup=False)
            except EOFError:
                self._console.print()
                return
            if not sys.stdin.isatty():
                self._screen.say(line, "cyan")
            yield line

    def _where(self) -> str:
        session = self._session
        return f"day {session.kind.moment(session.environment.briefing)}"

    def _carried_out(self, line: str) -> bool:
        """Carry out a command; True if it leaves the game."""
        from ..sim.tool_table import Refusal
        from .play_commands import read_command

        command = read_command(line, self._session.tools)
        if isinstance(command, Refusal):
            self._screen.say(str(command), "red")
        elif isinstance(command, list):
            for call in command:
                self._call(call)
        elif command == "quit":
            return True
        elif command == "undo":
            self._undo()
        elif command == "hint":
            self._hints += 1
            self._screen.hint(self._expert_decision)
        elif command == "choices":
            self._screen.choices()
        else:
            self._screen.help()
        return False

    def _call(self, call: Any) -> None:
        from ..sim.words import ADVANCE, ALL, LOOK, ORDERS

        session, topic = self._session, str(call.arguments.get("topic", ""))
        if call.tool == LOOK and topic != ORDERS:
            self._screen.briefing(None if topic == ALL else topic)
            return
        if call.tool == LOOK:
            self._screen.choices()
            return
        if call.tool != ADVANCE:
            answer = session.call(call)
            self._screen.say(answer.text, "red" if answer.refused else None)
            return
        self._advance(int(call.arguments["times"]))

    def _advance(self, times: int) -> None:
        """Go on, one decision point at a time, so that each can be undone and looked back at."""
        from ..sim.tool_table import ToolCall
        from ..sim.words import ADVANCE

        session = self._session
        for _ in range(times):
            self._past.append(session.get_state())
            self._decided()
            answer = session.call(ToolCall(ADVANCE, {}))
            if session.terminated:
                return
            self._see_morning()
            self._screen.morning(answer.text)

    def _decided(self) -> None:
        from ..agents.review import Morning

        decision = self._session.words.decision(self._session.plan)
        snapshot = self._session.environment.world.snapshot()
        self._mornings.append(Morning(snapshot, decision, self._expert_decision))

    def _see_morning(self) -> None:
        """Let the expert decide, too: it may remember what it has seen."""
        environment = self._session.environment
        self._expert_decision = self._expert.decide(environment.briefing, environment.legal())

    def _undo(self) -> None:
        if not self._past:
            self._screen.say("There is nothing to undo.", "red")
            return
        self._session.set_state(self._past.pop())
        self._mornings.pop()
        self._undone += 1
        self._expert = _expert(self._session)
        for morning in self._mornings:
            world = self._session.kind.restore(morning.snapshot)
            self._expert.decide(world.briefing(), world.legal())
        self._see_morning()
        self._screen.morning("")

    def _end(self, futures: int) -> None:
        from ..agents.registry import load_policy
        from ..agents.review import review
        from ..sim.episodes import run as run_episode_of
        from ..trainers.evaluation.progress import counting_bar

        session = self._session
        kind, world = session.kind, session.environment.world
        name = kind.expert
        theirs = run_episode_of(kind, load_policy(name, kind), world.scenario, world.seed).scorecard
        self._screen.outcome(name, kind.score_of(theirs), hints=self._hints, undone=self._undone)
        if not futures:
            return
        with counting_bar("Looking back") as progress:
            reviewed = review(
                kind,
                self._mornings,
                world.seed,
                expert=kind.policies[name],
                futures=futures,
                progress=progress,
            )
        self._screen.looked_back(reviewed, futures)


def _expert(session: ToolSession) -> Policy:
    from ..agents.registry import load_policy

    expert = load_policy(session.kind.expert, session.kind)
    expert.reset(session.environment.world.seed)
    return expert
