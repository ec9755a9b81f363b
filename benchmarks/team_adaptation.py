"""Measures how soon a team gets on with a stranger: a partner of a kind that is held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from benchmarks.command import CORES, JsonOption, WorkersOption, show, span, start
from golive.agents.team_adaptation import AdaptiveTeam
from golive.cli.options import CachePlace, words_of
from golive.core.tables import Table, right
from golive.scenarios.loader import load_suite, suite_scenarios
from golive.scenarios.suite import Split
from golive.sim.episodes import run
from golive.sim.worlds import kind_of
from golive.trainers.evaluation.best_responses import best_scores
from golive.trainers.evaluation.crossplay import HELD_OUT, TRAIN, Cast, pairing_label
from golive.trainers.evaluation.intervals import (
    DIFFERENCE_BOUNDS,
    mean_interval,
    paired_difference_interval,
    ratio_interval,
)
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.runner import evaluate_suite
from golive.trainers.evaluation.tables import interval_cell

if TYPE_CHECKING:
    from golive.trainers.evaluation.statistics import FloatArray, Interval

LEVEL = 0.95
"""Share of the best response's score that counts as adapted, as in the gate."""


@dataclass(frozen=True, slots=True)
class Step:
    """State after so many episodes beside a stranger.

    Attributes:
        episodes: that it has played beside it.
        proximity: score over that of the best of the teams beside the partner.
        gain: over the team that it began with, on the same customers.
        known: mean probability of the kind that is thought most likely.
    """

    episodes: int
    proximity: Interval | None
    gain: Interval
    known: float


@dataclass(frozen=True, slots=True)
class Adapted:
    """Adaptation to strangers, over roles and held-out kinds.

    Attributes:
        teams: that it chooses from.
        roles: that strangers played.
        kinds: of strangers.
        customers: on which scores were taken beside each stranger.
        strangers: runs of episodes, beside each kind in each role.
        first: team that it begins with, by role.
        most: what the best team beside each stranger gains over the first one: all that choosing
            could gain.
        steps: after 0, 1, 2, ... episodes.
    """

    teams: tuple[str, ...]
    roles: tuple[str, ...]
    kinds: tuple[str, ...]
    customers: int
    strangers: int
    first: Mapping[str, str]
    most: Interval
    steps: tuple[Step, ...]

    @property
    def episodes(self) -> int | None:
        """Episodes until the score surely reaches ``LEVEL`` of the best response's; None: never."""
        for step in self.steps:
            if step.proximity is not None and step.proximity.low >= LEVEL:
                return step.episodes
        return None


def command(
    *,
    teams: Annotated[str, typer.Option(help="To choose from: team:KIND or paths, with commas.")],
    suite: Annotated[str, typer.Option(help="Suite whose customers are met.")] = "furniture",
    roles: Annotated[str, typer.Option(help="That strangers play.")] = "project_manager",
    partners: Annotated[str, typer.Option(help="Kinds of strangers.")] = HELD_OUT,
    known: Annotated[str, typer.Option(help="Kinds that it knows.")] = TRAIN,
    learned_on: Annotated[
        int,
        typer.Option(min=2, help="Validation customers on which teams met kinds that it knows."),
    ] = 40,
    customers: Annotated[int, typer.Option(min=4, help="Test customers beside strangers.")] = 100,
    strangers: Annotated[int, typer.Option(min=2, help="Runs beside each kind and role.")] = 10,
    episodes: Annotated[int, typer.Option(min=1, help="Of a run.")] = 5,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Measure how many episodes beside a stranger a team needs, with 95 % intervals."""
    found = adapted(
        words_of(teams),
        suite,
        words_of(roles),
        words_of(known),
        words_of(partners),
        (learned_on, customers, strangers, episodes),
        workers,
    )
    show(found, [_table(found)], as_json)


def adapted(
    teams: Sequence[str],
    suite_name: str,
    roles: Sequence[str],
    known: Sequence[str],
    partners: Sequence[str],
    sizes: tuple[int, int, int, int],
    workers: int,
) -> Adapted:
    """Play teams beside kinds that are known, then beside strangers, and let one adapt."""
    learned_on, customers, strangers, episodes = sizes
    suite = load_suite(suite_name)
    scenarios = suite_scenarios(suite)
    kind = kind_of(scenarios[0])
    before = Cast(kind, teams, known, roles, ())
    beside = Cast(kind, teams, partners, roles, ())
    with (
        CachePlace(no_cache=False).opened() as cache,
        counting_bar("Beside kinds that are known") as progress,
    ):
        rows = evaluate_suite(
            before.entrants(),
            suite,
            scenarios,
            split=Split.VALIDATION,
            episodes=learned_on,
            progress=progress,
            workers=workers,
            cache=cache,
        )
    scores = {
        role: {
            team: {
                one: float(np.mean(rows.scores(pairing_label(team, role, one), rows.score)))
                for one in before.players
            }
            for team in before.judged
        }
        for role in before.played
    }
    with CachePlace(no_cache=False).opened() as cache, counting_bar("Beside strangers") as progress:
        judged = evaluate_suite(
            beside.entrants(),
            suite,
            scenarios,
            split=Split.TEST,
            episodes=customers,
            progress=progress,
            workers=workers,
            cache=cache,
        )
    table = {
        (role, one): {
            team: np.concatenate(judged.scores(pairing_label(team, role, one), judged.score))
            for team in beside.judged
        }
        for role in beside.played
        for one in beside.players
    }
    specs = {one.label: str(one.policy) for one in beside.entrants_of_teams}
    first_seed = suite.splits[Split.TEST].start + customers
    chosen: dict[tuple[str, str], list[list[str]]] = {}
    sure: list[list[float]] = []
    with counting_bar("Adapting") as progress:
        for number, (role, one) in enumerate(table):
            team = AdaptiveTeam(
                kind,
                role,
                beside.players[one],
                {specs[name]: beside_kinds for name, beside_kinds in scores[role].items()},
            )
            labels = {spec: label for label, spec in specs.items()}
            chosen[role, one] = []
            for stranger in range(strangers):
                team.forget()
                path, beliefs = [labels[team.choice()]], [1.0 / len(before.players)]
                for episode in range(episodes):
                    seed = first_seed + stranger * episodes + episode
                    run(kind, team, scenarios[0], seed)
                    path.append(labels[team.choice()])
                    beliefs.append(max(team.belief.probabilities().values()))
                chosen[role, one].append(path)
                sure.append(beliefs)
                progress(number * strangers + stranger + 1, len(table) * strangers)
    return _judged(before, beside, table, chosen, np.mean(sure, axis=0), sizes)


def _judged(
    before: Cast,
    beside: Cast,
    table: Mapping[tuple[str, str], Mapping[str, FloatArray]],
    chosen: Mapping[tuple[str, str], list[list[str]]],
    sure: FloatArray,
    sizes: tuple[int, int, int, int],
) -> Adapted:
    """Scores of what was chosen, on customers that chose nothing, over roles and kinds."""
    _, customers, strangers, episodes = sizes

    def over_cells(of: Mapping[tuple[str, str], FloatArray]) -> FloatArray:
        mean: FloatArray = np.mean(list(of.values()), axis=0)
        return mean

    best = over_cells(
        {cell: best_scores([[v] for v in own.values()])[0] for cell, own in table.items()}
    )
    played = [
        over_cells(
            {
                cell: np.mean([table[cell][path[step]] for path in paths], axis=0)
                for cell, paths in chosen.items()
            }
        )
        for step in range(episodes + 1)
    ]
    return Adapted(
        beside.judged,
        beside.played,
        tuple(beside.players),
        customers,
        strangers,
        {role: chosen[role, one][0][0] for role, one in chosen},
        paired_difference_interval([best], [played[0]], bounds=DIFFERENCE_BOUNDS),
        tuple(
            Step(
                step,
                ratio_interval([mine], [best], most=1.0),
                _gain(mine, played[0]),
                float(sure[step]),
            )
            for step, mine in enumerate(played)
        ),
    )


def _gain(mine: FloatArray, first: FloatArray) -> Interval:
    if np.array_equal(mine, first):
        return mean_interval([mine - first], bounds=(0.0, 0.0))
    return paired_difference_interval([mine], [first], bounds=DIFFERENCE_BOUNDS)


def _table(found: Adapted) -> Table:
    rows: list[tuple[Any, ...]] = [
        (
            step.episodes,
            interval_cell(step.proximity, lambda value: f"{100 * value:.1f} %"),
            interval_cell(step.gain, "{:+.4f}".format),
            f"{100 * step.known:.0f} %",
        )
        for step in found.steps
    ]
    began = ", ".join(f"{team} ({role})" for role, team in found.first.items())
    needed = "never" if found.episodes is None else f"after {found.episodes} episodes"
    notes = [
        f"Of {', '.join(found.teams)}, beside {', '.join(found.kinds)} as "
        f"{', '.join(found.roles)}; {found.strangers} runs each, {found.customers} customers.",
        f"It begins with {began}. The best team beside each stranger gains "
        f"{span(found.most, '+.4f')} over it: all that choosing could gain.",
        f"Surely at {100 * LEVEL:.0f} % of the best response: {needed}.",
    ]
    columns = (
        *map(
            right,
            (
                "episodes\nbeside it",
                "of the best response",
                "gain over the first",
                "sure of a kind",
            ),
        ),
    )
    return Table("Adaptation to a new partner", columns, rows, notes)


if __name__ == "__main__":
    start("benchmarks.team_adaptation")
