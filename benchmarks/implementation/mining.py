"""Does the miner find what is hidden? Projects of known parameters, mined, compared.

Each set draws every parameter that is mined at random within the middle of its range, simulates
projects with it under a policy and mines their logs with no knowledge of the set. The share of
sets whose interval holds the hidden value is the coverage; stated is 95 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.command import CORES, SEED, JsonOption, ScenarioOption, WorkersOption, show, start
from golive.agents.registry import load_policy
from golive.core.execution import backend_for, map_tasks
from golive.core.tables import Table, figures
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run
from golive.sim.implementation.event_logs.log import EventLog, project_of_frame
from golive.sim.implementation.parameters import PARAMETERS
from golive.sim.worlds import kind_of
from golive.trainers.evaluation.intervals import share_interval
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.implementation.mining.miner import MiningResult, mine

MIDDLE = 0.7
"""Share of a row's range, around its middle, that hidden values are drawn from."""
_SEVERITY_ROOM = 0.65

MINED = (
    *(
        f"effort_sigma_{name}"
        for name in (
            "discovery",
            "data",
            "configuration",
            "customisation",
            "integration",
            "testing",
            "training",
            "cutover",
            "project",
        )
    ),
    *(
        f"defects_{name}"
        for name in ("configuration", "report", "enhancement", "interface", "mapping")
    ),
    "severity_critical",
    "severity_major",
    "removal_review",
    "removal_unit",
    "removal_sit",
    "removal_uat",
    "bad_fix",
    "live_surface_days_critical",
    "live_surface_days_major",
    "live_surface_days_minor",
    "fix_hours",
    "fix_sigma",
    "fix_factor_uat",
    "fix_factor_live",
    "fix_factor_minor",
    "fix_factor_critical",
    "question_probability",
    "decision_latency_days",
    "decision_latency_sigma",
    "wrong_assumption",
    "creep_per_month",
    "mock_load_reveal",
    "technical_failure",
    "technical_failure_kept",
)
"""What is hidden, drawn anew for each set. All else keeps its default, which the miner knows."""


@dataclass(frozen=True, slots=True)
class HiddenSet:
    """A task: parameters that nobody tells the miner, and the projects to learn them from."""

    number: int
    scenario: ImplementationScenario
    policy: str
    first_seed: int
    projects: int
    hidden: dict[str, float]


@dataclass(frozen=True, slots=True)
class Recovered:
    """Estimates for a hidden set: (hidden, estimate, low, high) by parameter."""

    number: int
    rows: dict[str, tuple[float, float, float, float]]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A parameter over all sets.

    Attributes:
        sets: in which it was estimated.
        covered: in which the interval held the hidden value.
        low: lower end of the exact binomial 95 % interval of the coverage.
        high: upper end.
        bias: mean of (estimate - hidden) / hidden.
        error: root mean square of the same.
        width: mean relative width of the intervals.
    """

    parameter: str
    sets: int
    covered: int
    low: float
    high: float
    bias: float
    error: float
    width: float


def command(
    *,
    scenario: ScenarioOption = "furniture",
    policy: Annotated[str, typer.Option(help="Who decides in the projects.")] = "expert",
    sets: Annotated[int, typer.Option(min=1, help="Sets of hidden parameters.")] = 20,
    projects: Annotated[int, typer.Option(min=1, help="Projects per set.")] = 50,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Hide parameters, simulate projects, mine their logs: how often intervals hold the truth."""
    chosen: Any = load_scenario(scenario)
    tasks = hidden_sets(chosen, policy, sets=sets, projects=projects, seed=SEED)
    with counting_bar("Hidden sets") as progress:
        rows = study(tasks, workers=workers, progress=progress)
    title = f"{sets} sets of hidden parameters, {projects} projects each ({chosen.name}, {policy})"
    show(rows, [coverage_table(rows, title)], as_json)


def hidden_sets(
    scenario: ImplementationScenario, policy: str, *, sets: int, projects: int, seed: int
) -> list[HiddenSet]:
    """Draw the sets; each has projects of its own seeds."""
    table = {row.name: row for row in PARAMETERS}
    made = []
    for number in range(sets):
        generator = np.random.default_rng([seed, number])
        hidden = {}
        for name in MINED:
            row = table[name]
            margin = (1.0 - MIDDLE) / 2.0 * (row.high - row.low)
            value = float(generator.uniform(row.low + margin, row.high - margin))
            hidden[name] = float(f"{value:.6g}")
        crowded = hidden["severity_critical"] + hidden["severity_major"]
        if crowded > _SEVERITY_ROOM:
            hidden["severity_major"] *= _SEVERITY_ROOM / crowded
        first = seed + number * projects
        made.append(HiddenSet(number, scenario, policy, first, projects, hidden))
    return made


def recover(task: HiddenSet) -> Recovered:
    """Simulate a set's projects, mine their logs, and put what came out beside the truth."""
    result = _mine_set(task)
    rows = {}
    for mined in result.estimates:
        estimate = mined.estimate
        if estimate.parameter in task.hidden:
            truth = task.hidden[estimate.parameter]
            rows[estimate.parameter] = (truth, estimate.value, estimate.low, estimate.high)
    return Recovered(task.number, rows)


def _mine_set(task: HiddenSet) -> MiningResult:
    scenario = task.scenario.with_parameters(task.hidden)
    policy = load_policy(task.policy)
    projects = []
    for seed in range(task.first_seed, task.first_seed + task.projects):
        world: Any = run(kind_of(scenario), policy, scenario, seed, record=True).world
        projects.append(project_of_frame(world.events(), f"project {seed}"))
    return mine(EventLog(tuple(projects)))


def study(
    tasks: Sequence[HiddenSet],
    *,
    workers: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[CoverageRow]:
    """Recover every set and count how often the intervals held the truth."""
    done = count(1)
    found = map_tasks(
        recover,
        tasks,
        backend=backend_for(workers),
        workers=workers,
        on_result=lambda *_: progress(next(done), len(tasks)),
    )
    return coverage_rows(found)


def coverage_rows(found: Sequence[Recovered]) -> list[CoverageRow]:
    """The table; parameters that no set could estimate have no row."""
    rows = []
    for name in MINED:
        cases = np.array([item.rows[name] for item in found if name in item.rows])
        if not len(cases):
            continue
        truth, value, low, high = cases.T
        covered = int(((low <= truth) & (truth <= high)).sum())
        share = share_interval(covered, len(cases))
        off = (value - truth) / truth
        rows.append(
            CoverageRow(
                name,
                len(cases),
                covered,
                share.low,
                share.high,
                bias=float(np.mean(off)),
                error=float(np.sqrt(np.mean(off**2))),
                width=float(np.mean((high - low) / truth)),
            )
        )
    return rows


def coverage_table(rows: Sequence[CoverageRow], title: str) -> Table:
    """Table of how often the intervals held the hidden value."""
    return Table(
        title,
        figures("parameter", "sets", "covered", "95 % of it", "bias", "error", "width"),
        [
            (
                row.parameter,
                row.sets,
                f"{row.covered / row.sets:.0%}",
                f"{row.low:.0%} to {row.high:.0%}",
                f"{row.bias:+.1%}",
                f"{row.error:.1%}",
                f"{row.width:.1%}",
            )
            for row in rows
        ],
    )


if __name__ == "__main__":
    start("benchmarks.implementation.mining")
