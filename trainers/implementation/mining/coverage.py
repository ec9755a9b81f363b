"""Does the miner find what is hidden? Projects of known parameters, mined, compared.

Each set draws every parameter that is mined at random within the middle of its range, simulates
projects with it under a policy and mines their logs with no knowledge of the set. The share of
sets whose interval holds the hidden value is the coverage; stated is 95 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ....agents.registry import load_policy
from ....core.errors import GoliveError
from ....core.execution import Backend, map_tasks
from ....core.records import changed
from ....scenarios.implementation.scenario import ImplementationScenario
from ....sim.episodes import run_episode
from ....sim.implementation.event_logs.log import EventLog
from ....sim.implementation.event_logs.recorded import project_of_frame
from ....sim.implementation.parameters import PARAMETERS
from .miner import MiningResult, mine

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
    """What came of a hidden set: (hidden, estimate, low, high) by parameter."""

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


def hidden_sets(
    scenario: ImplementationScenario, policy: str, *, sets: int, projects: int, seed: int
) -> list[HiddenSet]:
    """Draw the sets; each has projects of its own seeds.

    Raises:
        GoliveError: fewer than one set or project.
    """
    if sets < 1 or projects < 1:
        raise GoliveError(f"sets, projects: {sets}, {projects}: expected at least 1 of each")
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
    scenario = changed(task.scenario, parameters={**task.scenario.parameters, **task.hidden})
    policy = load_policy(task.policy)
    projects = []
    for seed in range(task.first_seed, task.first_seed + task.projects):
        world = run_episode(policy, scenario, seed, record=True).world
        assert world is not None
        projects.append(project_of_frame(world.events(), f"project {seed}"))
    return mine(EventLog(tuple(projects)))


def study(
    tasks: Sequence[HiddenSet],
    *,
    workers: int,
    progress: Callable[[int], None] = lambda done: None,
) -> list[CoverageRow]:
    """Recover every set and count how often the intervals held the truth."""
    backend = Backend.SERIAL if workers <= 1 else Backend.PROCESS
    done = 0

    def note(_index: int, _recovered: Recovered) -> None:
        nonlocal done
        done += 1
        progress(done)

    found = map_tasks(recover, tasks, backend=backend, workers=workers, on_result=note)
    return coverage_rows(found)


def coverage_rows(found: Sequence[Recovered]) -> list[CoverageRow]:
    """The table; parameters that no set could estimate have no row."""
    from scipy.stats import beta  # type: ignore[import-untyped]

    rows = []
    for name in MINED:
        cases = np.array([item.rows[name] for item in found if name in item.rows])
        if not len(cases):
            continue
        truth, value, low, high = cases.T
        covered = int(((low <= truth) & (truth <= high)).sum())
        count = len(cases)
        ends = (
            float(beta.ppf(0.025, covered, count - covered + 1)) if covered else 0.0,
            float(beta.ppf(0.975, covered + 1, count - covered)) if covered < count else 1.0,
        )
        off = (value - truth) / truth
        width = float(np.mean((high - low) / truth))
        error = float(np.sqrt(np.mean(off**2)))
        rows.append(CoverageRow(name, count, covered, *ends, float(np.mean(off)), error, width))
    return rows
