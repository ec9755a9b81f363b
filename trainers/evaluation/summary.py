"""An evaluation in numbers: per metric means and interquartile means, and comparisons."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ...core.arguments import checked
from ...core.files import write_text_atomically
from ...sim.world_kind import WorldKind
from ...sim.worlds import world_kind
from .result import EvaluationResult
from .statistics import (
    DEFAULT_RESAMPLES,
    FloatArray,
    Interval,
    bootstrap_interval,
    generator,
    interquartile_mean,
    mean,
    paired_difference_interval,
    paired_probability_of_improvement,
    probability_of_improvement,
)

SUMMARY_FILE = "summary.json"
SUMMARY_VERSION = 1
_RESAMPLES_OF_OTHER_METRICS = 2_000
"""The score gets the full number; forty other metrics of ten policies are read, not judged by."""


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """One metric of one policy, over all scenarios or in one.

    Attributes:
        policy: label.
        scenario: name, or None for all of them.
        metric: field of the scorecard.
        episodes: with a value (a field may have none, as days to recover without disruption).
        mean: None without episodes.
        interquartile_mean: None without episodes, and for yes-or-no metrics.
    """

    policy: str
    scenario: str | None
    metric: str
    episodes: int
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
def summarise(
    result: EvaluationResult, *, seed: int = 0, resamples: int = DEFAULT_RESAMPLES
) -> EvaluationSummary:
    """Compute every table; the seed is that of the bootstrap."""
    metrics = tuple(_metric_summaries(result, seed, resamples))
    comparisons = tuple(_comparisons(result, seed, resamples)) if result.plan.reference else ()
    return EvaluationSummary(result.plan.world, metrics, comparisons)


@checked
def compare(
    result: EvaluationResult,
    policy: str,
    reference: str,
    *,
    metric: str | None = None,
    scenario: str | None = None,
    seed: int = 0,
    resamples: int = DEFAULT_RESAMPLES,
) -> Comparison:
    """One metric of a policy against another one's on common seeds, by default the score."""
    metric = metric or result.score
    left, right = _complete_pairs(
        result.scores(policy, metric, scenario), result.scores(reference, metric, scenario)
    )
    pairs = sum(values.size for values in left)
    if pairs == 0:
        return Comparison(policy, reference, scenario, metric, 0, None, None, None)

    def interval(measure: Callable[..., Interval], word: str) -> Interval:
        rng = generator(seed, word, policy, reference, metric, scenario or "")
        return measure(left, right, rng, resamples=resamples)

    difference = interval(paired_difference_interval, "difference")
    paired = unpaired = None
    if metric == result.score:
        paired = interval(paired_probability_of_improvement, "paired")
        unpaired = interval(probability_of_improvement, "unpaired")
    return Comparison(policy, reference, scenario, metric, pairs, difference, paired, unpaired)


def summary_json(result: EvaluationResult, summary: EvaluationSummary) -> str:
    """Plan and tables as JSON; a value that does not exist is null."""
    content = {
        "summary_version": SUMMARY_VERSION,
        "plan": result.plan,
        "ranking": summary.ranking(),
        "metrics": summary.metrics,
        "comparisons": summary.comparisons,
        "poisoned": [str(episode) for episode in result.poisoned],
    }
    return json.dumps(plain(content), indent=2, allow_nan=False)


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


def _metric_summaries(
    result: EvaluationResult, seed: int, resamples: int
) -> Iterator[MetricSummary]:
    for scenario in _breakdown(result):
        for policy in result.plan.policies:
            for metric in result.metrics:
                draws = _resamples_for(result, metric, resamples)
                yield _metric_summary(result, policy, scenario, metric, seed, draws)


def _metric_summary(
    result: EvaluationResult, policy: str, scenario: str | None, metric: str, seed: int, draws: int
) -> MetricSummary:
    import polars as pl

    strata = [v[np.isfinite(v)] for v in result.scores(policy, metric, scenario)]
    strata = [values for values in strata if values.size]
    episodes = sum(values.size for values in strata)
    if episodes == 0:
        return MetricSummary(policy, scenario, metric, 0, None, None)
    purpose = (policy, metric, scenario or "")
    rng = generator(seed, "mean", *purpose)
    average = bootstrap_interval(strata, mean, rng, resamples=draws)
    middle = None
    if result.rows.schema[metric] != pl.Boolean:  # those have none
        rng = generator(seed, "interquartile mean", *purpose)
        middle = bootstrap_interval(strata, interquartile_mean, rng, resamples=draws)
    return MetricSummary(policy, scenario, metric, episodes, average, middle)


def _comparisons(result: EvaluationResult, seed: int, resamples: int) -> Iterator[Comparison]:
    reference = result.plan.reference
    for scenario in _breakdown(result):
        for policy in result.plan.policies:
            if policy == reference:
                continue
            for metric in result.metrics:
                draws = _resamples_for(result, metric, resamples)
                told: Any = {"metric": metric, "scenario": scenario, "seed": seed}
                yield compare(result, policy, reference, resamples=draws, **told)


def _breakdown(result: EvaluationResult) -> Sequence[str | None]:
    """All scenarios together, then one by one if there are several."""
    several = len(result.plan.scenarios) > 1
    return (None, *result.plan.scenarios) if several else (None,)


def _resamples_for(result: EvaluationResult, metric: str, resamples: int) -> int:
    return resamples if metric == result.score else min(resamples, _RESAMPLES_OF_OTHER_METRICS)


def _complete_pairs(
    left: Sequence[FloatArray], right: Sequence[FloatArray]
) -> tuple[list[FloatArray], list[FloatArray]]:
    """The episodes in which both have a value; strata without any are left out."""
    kept_left, kept_right = [], []
    for mine, other in zip(left, right, strict=True):
        both = np.isfinite(mine) & np.isfinite(other)
        if both.any():
            kept_left.append(mine[both])
            kept_right.append(other[both])
    return kept_left, kept_right


def _rank(entry: MetricSummary) -> tuple[float, str]:
    middle = entry.interquartile_mean
    return (-middle.estimate if middle else math.inf, entry.policy)


def plain(value: Any) -> Any:
    """The same structure as JSON has it; a number that is not finite becomes null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
