"""Teams of five partners of a kind, silent and talking, on the same customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import SEED, JsonOption, ScenarioOption, show, span, start
from golive.core.arguments import one_of
from golive.core.tables import Column, Table, right
from golive.scenarios.loader import load_scenario
from golive.sim.worlds import kind_of
from golive.trainers.evaluation.intervals import mean_interval, paired_difference_interval

if TYPE_CHECKING:
    from golive.trainers.evaluation.statistics import Interval


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of five partners of a kind.

    Attributes:
        kind: its name.
        held_out: it is kept from training.
        silent: mean score where nobody can say anything.
        talking: mean score where they may.
        gain: of talking over silence on the same customers.
        scrambled: gain over talking where each message is read as another one: a loss.
    """

    kind: str
    held_out: bool
    silent: Interval
    talking: Interval
    gain: Interval
    scrambled: Interval


def command(
    *,
    scenario: ScenarioOption = "furniture",
    customers: Annotated[int, typer.Option(min=2, help="Per kind.")] = 50,
    only: Annotated[str | None, typer.Option(help="Kinds, KIND,... (default: all).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Play teams of five of a kind, silent, talking and misread, with 95 % intervals of scores."""
    from golive.agents.partners import ALL_SEEING, partners_of
    from golive.agents.team import play_team
    from golive.envs.team import TeamEnv

    chosen = load_scenario(scenario)
    kind = kind_of(chosen)
    known = (ALL_SEEING, *kind.partners())
    names = known if only is None else tuple(only.split(","))
    for name in names:
        one_of("--only", name, known)
    silent = TeamEnv(chosen, world=kind)
    talking = TeamEnv(chosen, world=kind, messages={})
    scrambled = TeamEnv(chosen, world=kind, messages={"misunderstanding": 1.0})
    seeds = range(SEED, SEED + customers)

    def scores(environment: TeamEnv, name: str) -> NDArray[np.float64]:
        players = partners_of(kind, environment.team.names, {}, name)
        return np.array([play_team(environment, players, seed) for seed in seeds])

    rows = []
    for name in names:
        quiet, told, mixed = (scores(one, name) for one in (silent, talking, scrambled))
        rows.append(
            Scored(
                name,
                name in kind.partners() and kind.partners()[name].held_out,
                mean_interval([quiet], bounds=(0.0, 1.0)),
                mean_interval([told], bounds=(0.0, 1.0)),
                paired_difference_interval([told], [quiet], bounds=(-1.0, 1.0)),
                paired_difference_interval([mixed], [told], bounds=(-1.0, 1.0)),
            )
        )
    show(rows, [_table(rows, scenario, customers)], as_json)


def _table(rows: list[Scored], scenario: str, customers: int) -> Table:
    cells: list[tuple[Any, ...]] = [
        (
            row.kind,
            "held out" if row.held_out else "",
            span(row.silent, ".3f"),
            span(row.talking, ".3f"),
            span(row.gain, "+.3f"),
            span(row.scrambled, "+.3f"),
        )
        for row in rows
    ]
    columns: tuple[Column | str, ...] = (
        "five of",
        "",
        *map(right, ("silent", "talking", "gain of talking", "scrambled")),
    )
    return Table(f"Scores on {scenario}, {customers} customers from seed {SEED}", columns, cells)


if __name__ == "__main__":
    start("benchmarks.team_partners")
