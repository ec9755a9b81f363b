"""What a benchmark of offline evaluation found, as tables, files and a picture."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.command import span
from benchmarks.ope_plan import BenchPlan
from golive.core.files import (
    prepare_output_directory,
    write_bytes_atomically,
    write_text_atomically,
)
from golive.core.tables import Table
from golive.trainers.evaluation.intervals import share_interval
from golive.trainers.evaluation.statistics import FloatArray, Interval

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes


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


def bench_tables(result: BenchResult) -> tuple[Table, Table]:
    """Estimator x behaviour, and estimator x behaviour x target."""
    plan = result.plan
    summary = Table(
        f"Offline evaluation on {result.scenario}: {plan.metric}, {plan.datasets} datasets of "
        f"{plan.episodes} episodes, {len(plan.targets)} policies",
        (
            "recorded",
            "estimator",
            "RMSE",
            "rank correlation",
            "coverage of 95 % intervals",
            "mean width",
            "said to be supported",
            "coverage of those",
        ),
        [
            (
                one.behaviour,
                one.estimator,
                _number(one.root_mean_square_error),
                "-" if one.rank_correlation is None else f"{one.rank_correlation:+.2f}",
                span(one.coverage, ".0%"),
                _number(one.width),
                f"{one.supported} of {one.count}",
                "-" if one.coverage_supported is None else f"{100 * one.coverage_supported:.0f} %",
            )
            for one in result.summaries()
        ],
    )
    cells = Table(
        "Policy by policy",
        (
            "recorded",
            "policy judged",
            "estimator",
            "true value (95 %)",
            "estimate",
            "error",
            "RMSE",
            "coverage",
            "supported",
        ),
        [
            (
                one.behaviour,
                one.target,
                one.estimator,
                span(one.truth, ".3f"),
                _number(one.estimate),
                _number(one.error, signed=True),
                _number(one.root_mean_square_error),
                f"{100 * one.coverage:.0f} %",
                f"{100 * one.supported_share:.0f} %",
            )
            for one in result.cells()
        ],
    )
    return summary, cells


def write_bench(result: BenchResult, directory: Path, command: str) -> None:
    """Write ope-bench.json, ope-bench.md, rows.parquet and ope-bench.png.

    Args:
        result: of the benchmark.
        directory: made if it is not there.
        command: that made the result.
    """
    folder = prepare_output_directory(directory)
    document = {"command": command, **result.as_dict()}
    write_text_atomically(folder / "ope-bench.json", json.dumps(document, indent=2) + "\n")
    summary, cells = (replace(table, title="").to_markdown() for table in bench_tables(result))
    write_text_atomically(folder / "ope-bench.md", f"{summary}\n\n{cells}\n")
    buffer = io.BytesIO()
    result.frame.write_parquet(buffer)
    write_bytes_atomically(folder / "rows.parquet", buffer.getvalue())
    write_bytes_atomically(folder / "ope-bench.png", picture(result))


def picture(result: BenchResult) -> bytes:
    """Draw estimate against truth, a panel per behaviour, as PNG."""
    from matplotlib.figure import Figure

    behaviours = list(result.plan.behaviours)
    figure = Figure(figsize=(4.2 * len(behaviours), 4.4), layout="constrained")
    panels = figure.subplots(1, len(behaviours), sharey=True, squeeze=False)[0]
    truths = [value.estimate for value in result.truth.values()]
    margin = max(max(truths) - min(truths), 1e-6)
    limits = (min(truths) - margin, max(truths) + margin)
    for behaviour, axes in zip(behaviours, panels, strict=True):
        _panel(axes, result, behaviour, limits)
    panels[0].set_ylabel(f"estimated {result.plan.metric}")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=8)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120, metadata={"Software": None})
    return buffer.getvalue()


def _panel(axes: Axes, result: BenchResult, behaviour: str, limits: tuple[float, float]) -> None:
    axes.axline((0.0, 0.0), slope=1.0, color="0.6", linewidth=1.0)
    for number, estimator in enumerate(result.plan.estimators):
        rows = [
            row
            for row in result.rows
            if row["behaviour"] == behaviour and row["estimator"] == estimator
        ]
        shift = (number - len(result.plan.estimators) / 2) * 0.006 * (limits[1] - limits[0])
        axes.scatter(
            [result.truth[row["target"]].estimate + shift for row in rows],
            [min(max(row["estimate"], limits[0]), limits[1]) for row in rows],
            s=14,
            alpha=0.6,
            label=str(estimator),
        )
    axes.set(title=behaviour, xlabel="true value", ylim=limits)
    axes.spines[["top", "right"]].set_visible(False)


def _number(value: float, *, signed: bool = False) -> str:
    """Three decimals; a magnitude that only says how wrong it is, as a power of ten."""
    if abs(value) >= 1_000.0:
        return f"{value:+.0e}" if signed else f"{value:.0e}"
    return f"{value:+.3f}" if signed else f"{value:.3f}"
