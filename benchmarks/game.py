"""Measures whether skill pays in a world's game: what decides how an episode ends.

A game is worth playing if what differs between two decent policies is more than luck, and if the
right way depends on whom it is played for. Each world brings its policies and its measurements.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

import golive
from benchmarks.command import CORES, show, write_report
from benchmarks.command import start as begin
from benchmarks.game_ground import Ground
from benchmarks.game_kind import GameKind, Sizes
from benchmarks.game_report import TEAM_TARGETS, Game, GameReport, console_parts, page
from benchmarks.game_rows import Row
from golive.cli.options import words_of
from golive.core import files
from golive.core.errors import GoliveError
from golive.core.worlds import DEFAULT_WORLD
from golive.sim.world_kind import PolicyFactory
from golive.trainers.evaluation.progress import phase_bars


def game_of(world: str) -> GameKind:
    """A world's part of the measurement.

    Raises:
        GoliveError: its game is not measured.
    """
    folder = Path(__file__).parent
    known = sorted(path.parent.name for path in folder.glob("*/game.py"))
    if world not in known:
        raise GoliveError(f"world: {world!r}: expected one whose game is measured: {known}")
    game: GameKind = import_module(f"benchmarks.{world}.game").GAME
    return game


def command(
    *,
    world: Annotated[str, typer.Option(help="World whose game it is.")] = DEFAULT_WORLD,
    scenario: Annotated[
        list[str] | None, typer.Option(help="Scenario or suite; may be repeated.")
    ] = None,
    rows: Annotated[
        str | None, typer.Option(help="Of the table, comma-separated; default: all of the world's.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few episodes: minutes on two cores for a scenario.")
    ] = False,
    customers: Annotated[
        int | None, typer.Option(min=4, help="Held-out customers or companies.")
    ] = None,
    luck: Annotated[int | None, typer.Option(min=2, help="Seeds for each.")] = None,
    team: Annotated[
        bool, typer.Option("--team", help="Every policy is played by five, each from its part.")
    ] = False,
    learner: Annotated[
        list[str] | None, typer.Option(help="Path of a trained team, with --team; may be repeated.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="Processes.")] = CORES,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="File for the report as JSON.")
    ] = None,
    page_file: Annotated[
        Path | None, typer.Option("--page", help="File for the report as a page in Markdown.")
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print nothing; files are written.")
    ] = False,
) -> None:
    """Measure whether skill pays: whom it is for, luck, policies, edits, rewards, probes."""
    if learner and not team:
        raise GoliveError("--learner: expected --team, the game of trained teams")
    game = game_of(world)
    known: Mapping[str, Row] = game.rows
    split: Callable[[PolicyFactory], PolicyFactory] | None = None
    if team:
        if game.team is None:
            raise GoliveError(f"--team: nobody decides together in world {world!r}")
        of_team = game.team(learner or ())
        known, split = of_team.rows, of_team.split
    chosen = _chosen_rows(rows, known)
    sizes = _sizes(game.quick if quick else game.full, customers, luck)
    for path in filter(None, (json_file, page_file)):
        files.check_writable_file(path)
    names = tuple(dict.fromkeys(scenario or (game.games[:1] if team else game.games)))
    with phase_bars() as tell:
        grounds = [Ground(game, name, sizes, processes, tell, split) for name in names]
        games = tuple(measured(ground, chosen) for ground in grounds)
    line = shlex.join(["python", "-m", "benchmarks.game", *sys.argv[1:]])
    report = GameReport(
        *(line, golive.__version__, sizes.customers, sizes.luck, games),
        targets=TEAM_TARGETS if team else game.targets,
        subject=game.subject,
        team=team,
    )
    write_report(report, json_file)
    if page_file is not None:
        files.write_text_atomically(page_file, page(report))
    if not quiet:
        show(report, console_parts(report), as_json=False)


def measured(ground: Ground, rows: Sequence[Row]) -> Game:
    """Measure rows of one game."""
    figures = tuple(figure for row in rows for figure in row(ground))
    mean = float(ground.expert_scores.mean())
    return Game(ground.name, mean, ground.sd, figures, ground.policies)


def _chosen_rows(text: str | None, known: Mapping[str, Row]) -> tuple[Row, ...]:
    if text is None:
        return tuple(known.values())
    asked = tuple(words_of(text))
    for name in asked:
        if name not in known:
            raise GoliveError(f"rows: {name!r}: expected some of {', '.join(known)}")
    return tuple(known[name] for name in asked)


def _sizes(sizes: Sizes, customers: int | None, luck: int | None) -> Sizes:
    """The sizes with those that were asked for; nobody meets more customers than there are."""
    customers, luck = customers or sizes.customers, luck or sizes.luck
    if luck % 2:
        raise GoliveError(f"luck: {luck}: expected an even number of seeds: halves judge halves")
    return Sizes(
        customers,
        luck,
        min(customers, sizes.probe_customers),
        min(luck, sizes.probe_luck),
        min(customers, sizes.planner_customers),
        min(customers, sizes.schedules),
    )


if __name__ == "__main__":
    begin("benchmarks.game")
