"""The gate's criteria: an estimate with its interval, a threshold, and a verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .adaptation import NEVER, Adaptation
from .cells import CellKey, Episode
from .gate_suites import Thresholds
from .intervals import share_interval
from .statistics import Interval

_DUST = 1e-9
"""A mean of values at the threshold is at the threshold, whatever its last digits are."""


class Verdict(StrEnum):
    """The verdict of an interval on a threshold; only ``HOLDS`` passes."""

    HOLDS = "holds"
    """The whole interval lies on the right side."""
    FAILS = "fails"
    """The whole interval lies on the wrong side."""
    UNDECIDED = "undecided"
    """The interval straddles the threshold, or nothing could be measured."""


class Unit(StrEnum):
    """The unit in which a criterion is printed."""

    SHARE = "share"
    ITERATIONS = "iterations"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, judged.

    Attributes:
        name: for programs.
        title: for people.
        unit: of the figures.
        estimate: None if nothing could be measured.
        low: of the interval; None likewise.
        high: of the interval; None likewise.
        threshold: not enough by itself: it must be exceeded, or stayed below.
        above: whether it must be exceeded (by ``low``) or stayed below (by ``high``).
        verdict: by the bound.
        note: what else there is to say.
    """

    name: str
    title: str
    unit: Unit
    estimate: float | None
    low: float | None
    high: float | None
    threshold: float
    above: bool
    verdict: Verdict
    note: str = ""

    @property
    def passed(self) -> bool:
        """True if it holds."""
        return self.verdict is Verdict.HOLDS

    @property
    def bound(self) -> str:
        """Name of the bound that decides."""
        return "low" if self.above else "high"


@dataclass(frozen=True, slots=True)
class TestScenario:
    """A cell of the gate as a test: a scenario as it is, or with one edge case.

    Attributes:
        key: which cell.
        success: share of successful episodes.
        episodes: how many.
        verdict: whether the share is above the threshold.
    """

    __test__ = False  # for pytest, which takes the name for a test

    key: CellKey
    success: Interval
    episodes: int
    verdict: Verdict


def verdict_above(low: float, high: float, threshold: float) -> Verdict:
    """Verdict that holds if even the lower bound is above, fails if not even the upper one is."""
    if low > threshold + _DUST:
        return Verdict.HOLDS
    return Verdict.FAILS if high <= threshold + _DUST else Verdict.UNDECIDED


def verdict_below(low: float, high: float, threshold: float) -> Verdict:
    """Verdict that holds if even the upper bound is below, fails if not even the lower one is."""
    return verdict_above(-high, -low, -threshold)


def criterion(
    name: str,
    title: str,
    found: Interval | None,
    threshold: float,
    note: str = "",
    *,
    unit: Unit = Unit.SHARE,
    above: bool = True,
) -> Criterion:
    """A figure held against its threshold; undecided if nothing was measured."""
    verdict = Verdict.UNDECIDED
    estimate = low = high = None
    if found is not None:
        estimate, low, high = found.estimate, found.low, found.high
        verdict = (verdict_above if above else verdict_below)(low, high, threshold)
    return Criterion(name, title, unit, estimate, low, high, threshold, above, verdict, note)


def completion_criterion(
    episodes: Sequence[Episode], thresholds: Thresholds, level: float
) -> Criterion:
    """Share of successful episodes of the scenarios as they are."""
    nominal = [episode for episode in episodes if episode.cell.nominal]
    wins = sum(episode.success for episode in nominal)
    return criterion(
        "completion",
        "Scenario completion",
        share_interval(wins, len(nominal), level),
        thresholds.completion,
        f"{wins} of {len(nominal)} episodes without an added edge case",
    )


def adaptation_criterion(adaptation: Adaptation, thresholds: Thresholds) -> Criterion:
    """Iterations to adapt, which must be fewer than the threshold."""
    found, note = None, f"the reference scores nothing on {adaptation.scenario}"
    if any(ratio is not None for ratio in adaptation.curve):
        found = Interval(adaptation.iterations, adaptation.fewest, adaptation.most)
        note = _adaptation_note(adaptation)
    threshold = float(thresholds.adaptation_iterations)
    judged = criterion(
        "adaptation", "Adaptation", found, threshold, note, unit=Unit.ITERATIONS, above=False
    )
    # "Not within N" says nothing about what N did not cover.
    covered = not adaptation.learns or adaptation.made >= threshold - 1
    return judged if covered or judged.passed else replace(judged, verdict=Verdict.UNDECIDED)


def _adaptation_note(adaptation: Adaptation) -> str:
    level = f"{100 * adaptation.level:.0f} % of the reference's score on {adaptation.scenario}"
    if not adaptation.learns:
        there = "reaches" if adaptation.iterations == 0 else "does not reach"
        return f"does not learn; as it is it {there} {level}"
    if adaptation.iterations == NEVER:
        return f"{level}: not within {adaptation.made} iterations"
    return f"{level}; {adaptation.made} iterations of {adaptation.iteration_steps:,} steps made"


def retention_criterion(adaptation: Adaptation, thresholds: Thresholds) -> Criterion:
    """Score kept on the old scenario."""
    if not adaptation.learns:
        note = "does not learn, so it forgets nothing: 100 % by definition"
    elif adaptation.retention is None:
        note = "it scored nothing on the scenario it was trained on, or none is known"
    else:
        note = f"on {adaptation.old_scenario} after {adaptation.made} iterations"
    return criterion("retention", "Retention", adaptation.retention, thresholds.retention, note)


def judge_test_scenarios(
    episodes: Sequence[Episode], thresholds: Thresholds, level: float
) -> list[TestScenario]:
    """Every cell of the gate, in the order the episodes come."""
    groups: dict[CellKey, list[bool]] = {}
    for episode in episodes:
        groups.setdefault(episode.cell, []).append(episode.success)
    found = []
    for key, wins in groups.items():
        share = share_interval(sum(wins), len(wins), level)
        verdict = verdict_above(share.low, share.high, thresholds.test_scenario)
        found.append(TestScenario(key, share, len(wins), verdict))
    return found


def all_passed_criterion(tests: Sequence[TestScenario]) -> Criterion:
    """All test scenarios together: one that failed fails them, one undecided leaves them so.

    The interval runs from the share that passed to the share that did not fail.
    """
    count = len(tests)
    passed = sum(test.verdict is Verdict.HOLDS for test in tests)
    failed = sum(test.verdict is Verdict.FAILS for test in tests)
    verdict = Verdict.FAILS if failed else Verdict.UNDECIDED
    return replace(
        criterion(
            "test_scenarios",
            "All test scenarios passed",
            Interval(passed / count, passed / count, 1.0 - failed / count),
            1.0,
            f"{passed} of {count} passed, {failed} failed, {count - passed - failed} undecided",
        ),
        verdict=Verdict.HOLDS if passed == count else verdict,  # a share is never above 100 %
    )


def in_words(criterion: Criterion, value: float | None) -> str:
    """A figure of a criterion as tables print it."""
    if value is None:
        return "-"
    if criterion.unit is Unit.SHARE:
        return f"{100 * value:.1f} %"
    return "never" if math.isinf(value) else f"{value:.0f}"


def requirement(criterion: Criterion) -> str:
    """The threshold in words."""
    if criterion.name == "test_scenarios":
        return "all"
    sign = ">" if criterion.above else "<"
    if criterion.unit is Unit.SHARE:
        return f"{sign} {100 * criterion.threshold:g} %"
    return f"{sign} {criterion.threshold:g}"
