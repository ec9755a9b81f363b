"""Parity of the faces: the same episodes in numbers and in words, and how fast each is."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import accumulate
from typing import Annotated

import typer

from benchmarks.command import SEED, JsonOption, ScenarioOption, show, start
from benchmarks.face_players import PLAYERS, Played
from golive.cli.exits import JUDGED_FAILED
from golive.core.tables import Table, right
from golive.scenarios.loader import load_scenario
from golive.sim.worlds import kind_of


@dataclass(frozen=True, slots=True)
class FaceRow:
    """Result of the same episodes through a face.

    Attributes:
        face: its name.
        episodes: played.
        decisions: in all.
        equal_digests: episodes that end in the same state as in numbers.
        equal_rewards: episodes whose rewards are the same to the last bit; of a face that tells
            only their sum, that.
        decisions_per_second: on one core.
        steps_per_second: messages, of which one decision may take several.
    """

    face: str
    episodes: int
    decisions: int
    equal_digests: int
    equal_rewards: int
    decisions_per_second: float
    steps_per_second: float


def command(
    *,
    scenario: ScenarioOption = "furniture",
    policy: Annotated[str, typer.Option(help="Who decides.")] = "noisy:expert:0.2",
    episodes: Annotated[int, typer.Option(min=1, help="Episodes per face.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Play the same episodes through every face that is installed; exit with 1 if any differs."""
    kind = kind_of(load_scenario(scenario))
    seeds = (SEED, SEED + episodes)
    played: dict[str, list[Played]] = {}
    with ExitStack() as servers:
        for name, (module, make) in PLAYERS.items():
            if find_spec(module) is None:
                typer.echo(f"{name}: {module} is not installed", err=True)
                continue
            made = make(scenario, kind.name, policy)
            face = servers.enter_context(made) if isinstance(made, AbstractContextManager) else made
            played[name] = [face(seed) for seed in range(*seeds)]
    rows = [_row(name, episodes_of, played["numbers"]) for name, episodes_of in played.items()]
    told = f"{policy} on {scenario}, seeds {seeds[0]} to {seeds[1] - 1}"
    show(rows, [faces_table(rows, f"{told}; episodes with equal digests and rewards")], as_json)
    if any(row.equal_digests < episodes or row.equal_rewards < episodes for row in rows):
        raise typer.Exit(JUDGED_FAILED)


def _row(face: str, played: list[Played], reference: list[Played]) -> FaceRow:
    pairs = list(zip(played, reference, strict=True))
    decisions = sum(one.decisions for one in played)
    steps = sum(one.decisions if one.steps is None else one.steps for one in played)
    seconds = sum(one.seconds for one in played)
    return FaceRow(
        face,
        len(played),
        decisions,
        sum(one.digest == other.digest for one, other in pairs),
        sum(one.rewards in (other.rewards, (_sum(other),)) for one, other in pairs),
        decisions / seconds,
        steps / seconds,
    )


def _sum(played: Played) -> float:
    """The sum of rewards as an episode adds them up, one after the other."""
    return list(accumulate(played.rewards))[-1]


def faces_table(rows: list[FaceRow], title: str) -> Table:
    """Faces by episodes whose digests and rewards are equal to those of the numbers."""
    cells = [
        (
            row.face,
            row.episodes,
            row.decisions,
            row.equal_digests,
            row.equal_rewards,
            f"{row.decisions_per_second:,.0f}",
            f"{row.steps_per_second:,.0f}",
        )
        for row in rows
    ]
    names = ("episodes", "decisions", "digests", "rewards", "decisions/s", "steps/s")
    return Table(title, ("face", *map(right, names)), cells)


if __name__ == "__main__":
    start("benchmarks.faces")
