"""What the benchmark found: errors, rank correlation and coverage of every estimator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..evaluation.intervals import share_interval
from ..evaluation.statistics import Interval
from .bench_plan import BenchPlan

if TYPE_CHECKING:
    import polars as pl

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cell:
    """One estimator for one target from one behaviour's datasets.

    Attributes:
        behaviour: who was recorded.
        target: who is judged.
        estimator: by what.
        truth: the target's value by simulation.
        estimate: mean over the datasets.
        error: ``estimate`` minus truth.
        root_mean_square_error: over the datasets.
        coverage: share of the datasets whose interval holds the truth.
        supported_share: of the datasets that could carry the estimate, by its own word.
    """

    behaviour: str
    target: str
    estimator: str
    truth: Interval
    estimate: float
    error: float
    root_mean_square_error: float
    coverage: float
    supported_share: float


@dataclass(frozen=True, slots=True)
class Summary:
    """One estimator on one behaviour's datasets, over all targets.

    Attributes:
        behaviour: who was recorded.
        estimator: by what.
        root_mean_square_error: over targets and datasets.
        rank_correlation: Spearman's, of estimates and truth over targets, mean over the
            datasets whose estimates are not all alike; None where there is none such.
        coverage: share of the intervals that hold the truth, with its exact interval, which
            takes datasets and targets as independent although targets share datasets.
        width: mean width of the intervals.
        supported: how many of the estimates the data could carry, by their own word.
        coverage_supported: coverage among those; None where there are none.
        count: estimates in all.
    """

    behaviour: str
    estimator: str
    root_mean_square_error: float
    rank_correlation: float | None
    coverage: Interval
    width: float
    supported: int
    coverage_supported: float | None
    count: int


@dataclass(frozen=True)
class BenchResult:
    """Every estimate of a benchmark beside the truth.

    An interval holds the truth if it holds the mean of the simulated episodes; what is not
    known of that mean is in ``truth``, and narrow beside the intervals that are judged.

    Attributes:
        plan: what was run.
        scenario: on which family of customers.
        truth: each target's value by simulation, with its interval.
        rows: an estimate each: behaviour, dataset, target, estimator, estimate, low, high,
            supported, against and the figures of support.
    """

    plan: BenchPlan
    scenario: str
    truth: dict[str, Interval]
    rows: Sequence[dict[str, Any]]

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The rows as a table, with the truth beside them."""
        import polars as pl

        return pl.DataFrame(self.rows).with_columns(
            pl.col("target")
            .replace_strict({name: one.estimate for name, one in self.truth.items()})
            .alias("truth")
        )

    def cells(self) -> list[Cell]:
        """Estimator x behaviour x target."""
        return [
            self._cell(behaviour, target, str(estimator))
            for behaviour in self.plan.behaviours
            for target in self.plan.targets
            for estimator in self.plan.estimators
        ]

    def summaries(self) -> list[Summary]:
        """Estimator x behaviour."""
        return [
            self._summary(behaviour, str(estimator))
            for behaviour in self.plan.behaviours
            for estimator in self.plan.estimators
        ]

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "scenario": self.scenario,
            "plan": asdict(self.plan),
            "truth": {name: asdict(value) for name, value in self.truth.items()},
            "summaries": [asdict(one) for one in self.summaries()],
            "cells": [asdict(one) for one in self.cells()],
        }

    def _chosen(self, **wanted: str) -> list[dict[str, Any]]:
        return [
            row for row in self.rows if all(row[name] == value for name, value in wanted.items())
        ]

    def _held(self, rows: Sequence[dict[str, Any]]) -> list[bool]:
        return [row["low"] <= self.truth[row["target"]].estimate <= row["high"] for row in rows]

    def _errors(self, rows: Sequence[dict[str, Any]]) -> FloatArray:
        return np.array([row["estimate"] - self.truth[row["target"]].estimate for row in rows])

    def _cell(self, behaviour: str, target: str, estimator: str) -> Cell:
        rows = self._chosen(behaviour=behaviour, target=target, estimator=estimator)
        errors = self._errors(rows)
        return Cell(
            behaviour=behaviour,
            target=target,
            estimator=estimator,
            truth=self.truth[target],
            estimate=float(np.mean([row["estimate"] for row in rows])),
            error=float(errors.mean()),
            root_mean_square_error=_root_mean_square(errors),
            coverage=float(np.mean(self._held(rows))),
            supported_share=float(np.mean([row["supported"] for row in rows])),
        )

    def _summary(self, behaviour: str, estimator: str) -> Summary:
        rows = self._chosen(behaviour=behaviour, estimator=estimator)
        held = self._held(rows)
        supported = [one for one, row in zip(held, rows, strict=True) if row["supported"]]
        return Summary(
            behaviour=behaviour,
            estimator=estimator,
            root_mean_square_error=_root_mean_square(self._errors(rows)),
            rank_correlation=self._rank_correlation(rows),
            coverage=share_interval(sum(held), len(held)),
            width=float(np.mean([row["high"] - row["low"] for row in rows])),
            supported=len(supported),
            coverage_supported=float(np.mean(supported)) if supported else None,
            count=len(rows),
        )

    def _rank_correlation(self, rows: Sequence[dict[str, Any]]) -> float | None:
        from scipy.stats import spearmanr  # type: ignore[import-untyped]

        found = []
        for dataset in range(self.plan.datasets):
            of_dataset = [row for row in rows if row["dataset"] == dataset]
            estimates = [row["estimate"] for row in of_dataset]
            truths = [self.truth[row["target"]].estimate for row in of_dataset]
            if np.ptp(estimates) > 1e-9 and np.ptp(truths) > 0.0:
                found.append(float(spearmanr(estimates, truths).statistic))
        return float(np.mean(found)) if found else None


def _root_mean_square(errors: FloatArray) -> float:
    return float(np.sqrt(np.mean(errors**2)))
