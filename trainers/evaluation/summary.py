"""An evaluation in numbers: per metric means and interquartile means, and comparisons."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from ...core.arguments import checked
from ...core.files import json_text, write_text_atomically
from ...sim.metrics import Style
from ...sim.world_kind import WorldKind
from ...sim.worlds import world_kind
from .interval_ends import Bounds
from .intervals import (
    DIFFERENCE_BOUNDS,
    SHARE_BOUNDS,
    UNBOUNDED,
    interquartile_mean_interval,
    mean_interval,
    paired_difference_interval,
    paired_probability_of_improvement,
    probability_of_improvement,
    success_interval,
)
from .reliability import PassPower, pass_powers
from .result import EvaluationResult
from .statistics import FloatArray, Interval
from .trainings import (
    Tables,
    interval_of_trainings,
    of_difference,
    of_interquartile_mean,
    of_mean,
    of_paired_improvement,
    of_unpaired_improvement,
)

SUMMARY_FILE = "summary.json"
SUMMARY_VERSION = 2


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """One metric of one policy, over all scenarios or in one.

    Attributes:
        policy: label.
        scenario: name, or None for all of them.
        metric: field of the scorecard.
        episodes: with a value (a field may have none, as days to recover without disruption);
            of several trainings those in which all of them have one.
        trainings: that the policy is of, over which the intervals are as well if there are
            several; 0 if it was not trained.
        mean: None without episodes.
        interquartile_mean: None without episodes, and for yes-or-no metrics.
    """

    policy: str
    scenario: str | None
    metric: str
    episodes: int
    trainings: int
    mean: Interval | None
    interquartile_mean: Interval | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of a policy against the reference, on common seeds.

    Attributes:
        policy: label.
        reference: label.
        scenario: name, or None for all of them.
        metric: field of the scorecard.
        pairs: episodes in which both have a value.
        difference: mean of policy minus reference, pair by pair.
        probability_of_improvement: to score higher on the same episode; of the score only.
        unpaired_probability: that a random episode scores higher than a random one of the
            reference; of the score only.
    """

    policy: str
    reference: str
    scenario: str | None
    metric: str
    pairs: int
    difference: Interval | None
    probability_of_improvement: Interval | None
    unpaired_probability: Interval | None


EntryT = TypeVar("EntryT", MetricSummary, Comparison)


@dataclass(frozen=True, slots=True)
class EvaluationSummary:
    """All tables of an evaluation in a world."""

    world: str
    metrics: tuple[MetricSummary, ...]
    comparisons: tuple[Comparison, ...]
    reliability: tuple[PassPower, ...] = ()

    @property
    def kind(self) -> WorldKind:
        """The record of the world."""
        return world_kind(self.world)

    @property
    def score(self) -> str:
        """Name of the metric that policies are judged by."""
        return self.kind.figures.score

    def metric(
        self, policy: str, metric: str | None = None, scenario: str | None = None
    ) -> MetricSummary:
        """One metric of one policy, by default the score; raises KeyError if there is none."""
        return _entry(self.metrics, policy, metric or self.score, scenario)

    def comparison(
        self, policy: str, metric: str | None = None, scenario: str | None = None
    ) -> Comparison:
        """One comparison with the reference, by default of the score; raises KeyError likewise."""
        return _entry(self.comparisons, policy, metric or self.score, scenario)

    def ranking(self) -> list[str]:
        """Policies, the best interquartile mean of the score first."""
        scored = [e for e in self.metrics if e.metric == self.score and e.scenario is None]
        return [e.policy for e in sorted(scored, key=_rank)]


@checked
def summarise(result: EvaluationResult) -> EvaluationSummary:
    """Compute every table; the same rows give the same intervals."""
    metrics = tuple(_metric_summaries(result))
    comparisons = tuple(_comparisons(result)) if result.plan.reference else ()
    return EvaluationSummary(result.plan.world, metrics, comparisons, pass_powers(result))


@checked
def compare(
    result: EvaluationResult,
    policy: str,
    reference: str,
    *,
    metric: str | None = None,
    scenario: str | None = None,
) -> Comparison:
    """One metric of a policy against another one's on common seeds, by default the score."""
    metric = metric or result.score
    left, right = _complete(
        result.tables(policy, metric, scenario), result.tables(reference, metric, scenario)
    )
    pairs = sum(table.shape[1] for table in left)
    if pairs == 0:
        return Comparison(policy, reference, scenario, metric, 0, None, None, None)
    bounds = DIFFERENCE_BOUNDS if _bounds(result, metric) == SHARE_BOUNDS else UNBOUNDED
    difference = _difference(left, right, bounds)
    paired = unpaired = None
    if metric == result.score:
        paired, unpaired = _improvements(left, right)
    return Comparison(policy, reference, scenario, metric, pairs, difference, paired, unpaired)


def summary_json(result: EvaluationResult, summary: EvaluationSummary) -> str:
    """Plan and tables as JSON; a value that does not exist is null."""
    content = {
        "summary_version": SUMMARY_VERSION,
        "plan": result.plan,
        "ranking": summary.ranking(),
        "metrics": summary.metrics,
        "comparisons": summary.comparisons,
        "reliability": summary.reliability,
        "poisoned": [str(episode) for episode in result.poisoned],
    }
    return json_text(content, 2)


@checked
def save_summary(result: EvaluationResult, summary: EvaluationSummary, directory: Path) -> Path:
    """Write ``summary.json``; returns its path."""
    path = directory / SUMMARY_FILE
    write_text_atomically(path, summary_json(result, summary) + "\n")
    return path


def _entry(entries: Sequence[EntryT], policy: str, metric: str, scenario: str | None) -> EntryT:
    for entry in entries:
        if (entry.policy, entry.metric, entry.scenario) == (policy, metric, scenario):
            return entry
    raise KeyError((policy, metric, scenario))


def _metric_summaries(result: EvaluationResult) -> Iterator[MetricSummary]:
    for scenario in _breakdown(result):
        for policy in result.plan.judged:
            for metric in result.metrics:
                yield _metric_summary(result, policy, scenario, metric)


def _metric_summary(
    result: EvaluationResult, policy: str, scenario: str | None, metric: str
) -> MetricSummary:
    import polars as pl

    trainings = result.plan.training_count(policy)
    (tables,) = _complete(result.tables(policy, metric, scenario))
    episodes = sum(table.shape[1] for table in tables)
    if episodes == 0:
        return MetricSummary(policy, scenario, metric, 0, trainings, None, None)
    bounds = _bounds(result, metric)
    middle = None
    has_middle = result.rows.schema[metric] != pl.Boolean
    if trainings > 1:
        average = interval_of_trainings(of_mean(tables), support=bounds, bounds=bounds)
        if has_middle:
            middle = interval_of_trainings(of_interquartile_mean(tables), bounds=bounds)
    elif has_middle or result.plan.attempts > 1:
        average = mean_interval(_rows(tables), bounds=bounds)
        if has_middle:
            middle = interquartile_mean_interval(_rows(tables), bounds=bounds)
    else:
        average = success_interval(_rows(tables))
    return MetricSummary(policy, scenario, metric, episodes, trainings, average, middle)


def _comparisons(result: EvaluationResult) -> Iterator[Comparison]:
    reference = result.plan.reference
    for scenario in _breakdown(result):
        for policy in result.plan.judged:
            if policy == reference:
                continue
            for metric in result.metrics:
                yield compare(result, policy, reference, metric=metric, scenario=scenario)


def _difference(left: Tables, right: Tables, bounds: Bounds) -> Interval:
    if _are_single(left, right):
        return paired_difference_interval(_rows(left), _rows(right), bounds=bounds)
    return interval_of_trainings(of_difference(left, right), support=bounds, bounds=bounds)


def _improvements(left: Tables, right: Tables) -> tuple[Interval, Interval]:
    """Probability to do better on the same episode, and on two random ones."""
    if _are_single(left, right):
        mine, other = _rows(left), _rows(right)
        return (
            paired_probability_of_improvement(mine, other),
            probability_of_improvement(mine, other),
        )
    paired, unpaired = of_paired_improvement(left, right), of_unpaired_improvement(left, right)
    return (
        interval_of_trainings(paired, support=SHARE_BOUNDS, bounds=SHARE_BOUNDS),
        interval_of_trainings(unpaired, bounds=SHARE_BOUNDS),
    )


def _are_single(*tables: Tables) -> bool:
    """True if there is one training of each, or none."""
    return all(len(one[0]) == 1 for one in tables)


def _rows(tables: Tables) -> list[FloatArray]:
    """The values of a single training, stratum by stratum."""
    return [table[0] for table in tables]


def _bounds(result: EvaluationResult, metric: str) -> Bounds:
    """Values that a metric can have; a share of growth, which can exceed 1, has no bounds."""
    import polars as pl

    if result.rows.schema[metric] == pl.Boolean:
        return SHARE_BOUNDS
    is_share = result.plan.kind.metric(metric).style in (Style.SHARE, Style.SCORE)
    values = result.rows[metric].cast(pl.Float64).fill_nan(None).drop_nulls()
    return SHARE_BOUNDS if is_share and values.is_between(0.0, 1.0).all() else UNBOUNDED


def _breakdown(result: EvaluationResult) -> Sequence[str | None]:
    """All scenarios together, then one by one if there are several."""
    several = len(result.plan.scenarios) > 1
    return (None, *result.plan.scenarios) if several else (None,)


def _complete(*sides: Sequence[FloatArray]) -> list[list[FloatArray]]:
    """The episodes in which every training has a value; strata without any are left out."""
    kept: list[list[FloatArray]] = [[] for _ in sides]
    for tables in zip(*sides, strict=True):
        whole = np.all([np.isfinite(table).all(axis=0) for table in tables], axis=0)
        for place, table in enumerate(tables):
            if whole.any():
                kept[place].append(table[:, whole])
    return kept


def _rank(entry: MetricSummary) -> tuple[float, str]:
    middle = entry.interquartile_mean
    return (-middle.estimate if middle else math.inf, entry.policy)
