"""Plan and findings of a benchmark of offline evaluation, as tables, files and a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from benchmarks.command import json_text, span
from golive.core.errors import GoliveError
from golive.core.files import (
    prepare_output_directory,
    write_bytes_atomically,
    write_text_atomically,
)
from golive.core.tables import Table
from golive.trainers.evaluation.intervals import share_interval
from golive.trainers.evaluation.statistics import Interval
from golive.trainers.offline_evaluation import DEFAULT_ESTIMATORS, Estimator, FitSettings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ERROR = pl.col("estimate") - pl.col("truth")
_HELD = pl.col("truth").is_between("low", "high")
_ROOT_MEAN_SQUARE = _ERROR.pow(2).mean().sqrt()


@dataclass(frozen=True)
class BenchPlan:
    """A benchmark of offline evaluation.

    Datasets and truth are drawn from the same customers: consecutive seeds of one scenario,
    those of the truth from another range. What is estimated is the mean over all of them.

    Attributes:
        behaviours: policies that record, by name of the dataset; each seed is played by one.
        targets: policies that are judged.
        metric: field of the scorecard that an episode is worth.
        estimators: that judge.
        datasets: small datasets per behaviour, on customers of their own.
        episodes: of each dataset.
        truth_episodes: simulated for each target's true value.
        first_seed: of the recordings.
        truth_first_seed: of the simulation.
        settings: of the fits and intervals.
    """

    behaviours: dict[str, tuple[str, ...]]
    targets: tuple[str, ...]
    metric: str
    estimators: tuple[Estimator, ...] = DEFAULT_ESTIMATORS
    datasets: int = 5
    episodes: int = 50
    truth_episodes: int = 150
    first_seed: int = 500_000
    truth_first_seed: int = 2_005_000
    settings: FitSettings = field(default_factory=lambda: FitSettings(refits=40, resamples=1_000))

    def __post_init__(self) -> None:
        for name in ("datasets", "episodes", "truth_episodes"):
            if getattr(self, name) < 2:
                raise GoliveError(f"{name}: {getattr(self, name)}: expected at least 2")
        if not self.behaviours or not self.targets or not self.estimators:
            raise GoliveError("benchmark: expected behaviours, targets and estimators")
        recorded = range(self.first_seed, self.first_seed + self.datasets * self.episodes)
        simulated = range(self.truth_first_seed, self.truth_first_seed + self.truth_episodes)
        if recorded.start < simulated.stop and simulated.start < recorded.stop:
            raise GoliveError(
                f"truth_first_seed: {self.truth_first_seed}: expected customers that are not "
                f"recorded, which are seeds {recorded.start} to {recorded.stop - 1}"
            )


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
        truth = {name: one.estimate for name, one in self.truth.items()}
        return pl.DataFrame(self.rows).with_columns(
            pl.col("target").replace_strict(truth).alias("truth")
        )

    def cells(self) -> list[dict[str, Any]]:
        """One estimator for one target from one behaviour's datasets.

        Mean estimate and error, root mean square error, share of the datasets whose interval
        holds the truth, and of those that could carry the estimate by its own word.
        """
        found = self.frame.group_by("behaviour", "target", "estimator", maintain_order=True).agg(
            estimate=pl.col("estimate").mean(),
            error=_ERROR.mean(),
            root_mean_square_error=_ROOT_MEAN_SQUARE,
            coverage=_HELD.mean(),
            supported_share=pl.col("supported").mean(),
        )
        return [{**row, "truth": self.truth[row["target"]]} for row in found.to_dicts()]

    def summaries(self) -> list[dict[str, Any]]:
        """One estimator on one behaviour's datasets, over all targets.

        Root mean square error; Spearman's rank correlation of estimates and truth over targets,
        mean over the datasets whose estimates are not all alike, None where there is none such;
        coverage with its exact interval, which takes datasets and targets as independent although
        targets share datasets; mean width of the intervals; how many of the estimates the data
        could carry, and coverage among those.
        """
        found = self.frame.group_by("behaviour", "estimator", maintain_order=True).agg(
            root_mean_square_error=_ROOT_MEAN_SQUARE,
            held=_HELD.sum(),
            count=pl.len(),
            width=(pl.col("high") - pl.col("low")).mean(),
            supported=pl.col("supported").sum(),
            coverage_supported=_HELD.filter(pl.col("supported")).mean(),
        )
        ranks = self._rank_correlations()
        rows = found.join(ranks, on=["behaviour", "estimator"], how="left", maintain_order="left")
        return [
            {**row, "coverage": share_interval(row.pop("held"), row["count"])}
            for row in rows.to_dicts()
        ]

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it, but for intervals."""
        return {
            "scenario": self.scenario,
            "plan": asdict(self.plan),
            "truth": self.truth,
            "summaries": self.summaries(),
            "cells": self.cells(),
        }

    def _rank_correlations(self) -> pl.DataFrame:
        by_dataset = self.frame.group_by("behaviour", "estimator", "dataset").agg(
            rank_correlation=pl.corr("estimate", "truth", method="spearman"),
            differ=(pl.col("estimate").max() - pl.col("estimate").min() > 1e-9)
            & (pl.col("truth").max() > pl.col("truth").min()),
        )
        ranked = by_dataset.filter("differ").group_by("behaviour", "estimator")
        return ranked.agg(pl.col("rank_correlation").mean())


def bench_tables(result: BenchResult) -> tuple[Table, Table]:
    """Estimator x behaviour, and estimator x behaviour x target."""
    plan = result.plan
    title = (
        f"Offline evaluation on {result.scenario}: {plan.metric}, {plan.datasets} datasets of "
        f"{plan.episodes} episodes, {len(plan.targets)} policies"
    )
    summaries = [
        {
            "recorded": row["behaviour"],
            "estimator": row["estimator"],
            "RMSE": _number(row["root_mean_square_error"]),
            "rank correlation": _optional(row["rank_correlation"], "+.2f"),
            "coverage of 95 % intervals": span(row["coverage"], ".0%"),
            "mean width": _number(row["width"]),
            "said to be supported": f"{row['supported']} of {row['count']}",
            "coverage of those": _optional(row["coverage_supported"], ".0%"),
        }
        for row in result.summaries()
    ]
    cells = [
        {
            "recorded": row["behaviour"],
            "policy judged": row["target"],
            "estimator": row["estimator"],
            "true value (95 %)": span(row["truth"], ".3f"),
            "estimate": _number(row["estimate"]),
            "error": _number(row["error"], "+"),
            "RMSE": _number(row["root_mean_square_error"]),
            "coverage": _optional(row["coverage"], ".0%"),
            "supported": _optional(row["supported_share"], ".0%"),
        }
        for row in result.cells()
    ]
    return _table(title, summaries), _table("Policy by policy", cells)


def _table(title: str, rows: Sequence[dict[str, str]]) -> Table:
    return Table(title, tuple(rows[0]), [tuple(row.values()) for row in rows])


def write_bench(result: BenchResult, directory: Path, command: str) -> None:
    """Write ope-bench.json, ope-bench.md, rows.parquet and ope-bench.png.

    Args:
        result: of the benchmark.
        directory: made if it is not there.
        command: that made the result.
    """
    folder = prepare_output_directory(directory)
    document = json_text({"command": command, **result.as_dict()})
    write_text_atomically(folder / "ope-bench.json", document + "\n")
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
    estimators = result.plan.estimators
    for number, estimator in enumerate(estimators):
        own = result.frame.filter(behaviour=behaviour, estimator=str(estimator))
        shift = (number - len(estimators) / 2) * 0.006 * (limits[1] - limits[0])
        axes.scatter(
            own["truth"].to_numpy() + shift,
            own["estimate"].clip(*limits).to_numpy(),
            s=14,
            alpha=0.6,
            label=str(estimator),
        )
    axes.set(title=behaviour, xlabel="true value", ylim=limits)
    axes.spines[["top", "right"]].set_visible(False)


def _number(value: float, sign: str = "") -> str:
    """Three decimals; a magnitude that only says how wrong it is, as a power of ten."""
    return format(value, f"{sign}.0e" if abs(value) >= 1_000.0 else f"{sign}.3f")


def _optional(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form).replace("%", " %")
