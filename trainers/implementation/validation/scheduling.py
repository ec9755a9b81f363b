"""The work mechanism against the scheduling literature, on the projects of PSPLIB.

With certain durations, no people and no defects the crew's way through a project is the parallel
schedule-generation scheme; its mean distance to the optimum is known for each priority rule.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ....core.errors import GoliveError
from ....scenarios.implementation.importers.project import decoded, read_bytes
from ....sim.implementation.imported import ImportedNetwork, read_psplib, schedule_network
from ....sim.implementation.priority_rules import PriorityRule, priorities
from ....sim.implementation.schedule_check import check_schedule
from ...evaluation.intervals import mean_interval
from ...evaluation.statistics import Interval

OPTIMA = "optimum.csv"
"""Beside the projects: ``problem,optimum``, a proven optimal makespan for each."""
J30_PROJECTS = 480
J30_ACTIVITIES = 30
RANDOM_LOTS = 5
"""Each project is scheduled this often by lot; the mean of them counts."""


@dataclass(frozen=True, slots=True)
class PublishedGap:
    """Mean gap to the optimum over the 480 projects of j30; so close a measured mean agrees."""

    share: float
    tolerance: float


PUBLISHED: Mapping[PriorityRule, PublishedGap] = {
    PriorityRule.LFT: PublishedGap(0.044, 0.001),
    PriorityRule.LST: PublishedGap(0.045, 0.001),
    PriorityRule.MTS: PublishedGap(0.050, 0.001),
    PriorityRule.GRPW: PublishedGap(0.079, 0.001),
    PriorityRule.RANDOM: PublishedGap(0.098, 0.005),
}
"""From the literature's scheme, ties by the lowest index (docs/plan-import.md)."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The result of a rule.

    Attributes:
        rule: which.
        gap: mean of makespan / reference - 1, with its 95 % interval.
        feasible: schedules that the independent checker found nothing wrong with.
        schedules: in all.
        problems: what it found, at most a few lines.
        below_optimum: schedules shorter than the proven optimum, which cannot be.
        published: what is known for it; None: nothing for these projects.
    """

    rule: PriorityRule
    gap: Interval
    feasible: int
    schedules: int
    problems: tuple[str, ...]
    below_optimum: int
    published: PublishedGap | None

    @property
    def agrees(self) -> bool | None:
        """True if the gap is the published one; None if there is none to compare with."""
        if self.published is None:
            return None
        return abs(self.gap.estimate - self.published.share) <= self.published.tolerance + 1e-12

    @property
    def sound(self) -> bool:
        """True if every schedule is feasible and none is shorter than can be."""
        return self.feasible == self.schedules and not self.below_optimum

    @property
    def verdict(self) -> str:
        """The verdict in a word or two."""
        if not self.sound:
            return "infeasible" if self.feasible < self.schedules else "below the optimum"
        return {None: "not judged", True: "agrees", False: "differs"}[self.agrees]


@dataclass(frozen=True, slots=True)
class PsplibReport:
    """The rules on a folder's projects.

    Attributes:
        folder: of the projects.
        projects: scheduled.
        in_all: in the folder.
        reference: what gaps are measured against, in words.
        results: a row for each rule.
    """

    folder: str
    projects: int
    in_all: int
    reference: str
    results: tuple[RuleResult, ...]

    @property
    def holds(self) -> bool:
        """True if nothing is infeasible and no judged gap differs from the published one."""
        return all(row.sound and row.agrees is not False for row in self.results)


@dataclass(frozen=True, slots=True)
class _Problem:
    network: ImportedNetwork
    reference_hours: float
    is_optimum: bool


def measure_psplib(
    folder: Path | str,
    *,
    rules: Sequence[PriorityRule] = tuple(PriorityRule),
    sample: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> PsplibReport:
    """Schedule the projects of a folder by each rule, check every schedule, compare the gaps.

    Args:
        folder: with ``.sm`` files and perhaps ``optimum.csv``; without it gaps are measured
            against the longest path, a lower bound.
        rules: which.
        sample: so many projects, evenly spread over the folder; None: all.
        progress: called with (schedules made, in all) after each rule.

    Raises:
        GoliveError: no projects there, a file that is none, an optimum that is not a number.
    """
    folder = Path(folder)
    paths = _paths(folder)
    chosen = _spread(paths, sample)
    optima = _optima(folder)
    problems = [_problem(path, optima) for path in chosen]
    kinds = {problem.is_optimum for problem in problems}
    if len(kinds) > 1:
        missing = [p for p, q in zip(chosen, problems, strict=True) if not q.is_optimum]
        raise GoliveError(
            f"{folder / OPTIMA}: no optimum of {missing[0].name}: expected one of each"
        )
    whole_j30 = (
        len(problems) == len(paths) == J30_PROJECTS
        and kinds == {True}
        and all(len(problem.network.durations) == J30_ACTIVITIES for problem in problems)
    )
    results = []
    for number, rule in enumerate(rules, 1):
        results.append(_judge(rule, problems, whole_j30))
        progress(number * len(problems), len(rules) * len(problems))
    reference = "the optimum" if kinds == {True} else "the longest path, a lower bound"
    return PsplibReport(str(folder), len(problems), len(paths), reference, tuple(results))


def _paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise GoliveError(f"{folder}: there is no such folder: expected one with PSPLIB .sm files")
    paths = sorted(folder.glob("*.sm"))
    if not paths:
        raise GoliveError(f"{folder}: no .sm files: expected projects in PSPLIB's .sm format")
    return paths


def _spread(paths: list[Path], sample: int | None) -> list[Path]:
    """Evenly spaced, so that every kind of project of the folder has its share."""
    if sample is None or sample >= len(paths):
        return paths
    if sample < 1:
        raise GoliveError(f"sample: {sample}: expected at least 1")
    return [paths[number * len(paths) // sample] for number in range(sample)]


def _optima(folder: Path) -> dict[str, float]:
    path = folder / OPTIMA
    if not path.exists():
        return {}
    rows = csv.DictReader(decoded(path, read_bytes(path)).splitlines())
    if not {"problem", "optimum"} <= set(rows.fieldnames or ()):
        raise GoliveError(f"{path}:1: {rows.fieldnames}: expected columns problem, optimum")
    optima = {}
    for row in rows:
        try:
            optima[row["problem"]] = float(int(row["optimum"]))
        except (TypeError, ValueError):
            raise GoliveError(
                f"{path}:{rows.line_num}: optimum: {row['optimum']!r}: expected a whole number"
            ) from None
    return optima


def _problem(path: Path, optima: Mapping[str, float]) -> _Problem:
    network = read_psplib(path)
    optimum = optima.get(path.name)
    reference = _longest_path(network) if optimum is None else optimum
    if reference <= 0.0:
        raise GoliveError(f"{path}: nothing takes any time: expected durations above 0")
    return _Problem(network, reference, optimum is not None)


def _longest_path(network: ImportedNetwork) -> float:
    """Hours that the project takes with all the people in the world."""
    latest = priorities(PriorityRule.LST, network)
    return sum(network.durations) - min(latest)


def _judge(rule: PriorityRule, problems: Sequence[_Problem], whole_j30: bool) -> RuleResult:
    gaps: list[float] = []
    found: list[str] = []
    feasible = schedules = below = 0
    for problem in problems:
        own = []
        for makespan, wrong in _schedules(rule, problem.network):
            schedules += 1
            feasible += not wrong
            found += [f"{problem.network.name}: {line}" for line in wrong]
            below += problem.is_optimum and makespan < problem.reference_hours - 1e-6
            own.append(makespan / problem.reference_hours - 1.0)
        gaps.append(sum(own) / len(own))
    return RuleResult(
        rule,
        mean_interval([np.asarray(gaps)]),
        feasible,
        schedules,
        tuple(found[:5]),
        below,
        PUBLISHED.get(rule) if whole_j30 else None,
    )


def _schedules(rule: PriorityRule, network: ImportedNetwork) -> Iterator[tuple[float, list[str]]]:
    """Makespan and problems of each schedule that a rule makes: one, or several by lot."""
    for seed in range(RANDOM_LOTS if rule is PriorityRule.RANDOM else 1):
        schedule = schedule_network(
            network, priorities=priorities(rule, network, seed=seed), hours_per_day=None
        )
        yield (
            schedule.makespan_hours,
            check_schedule(network, schedule.start_hours, schedule.finish_hours),
        )
