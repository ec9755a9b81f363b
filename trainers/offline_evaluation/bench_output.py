"""The benchmark's result as tables, files and a picture."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.files import prepare_output_directory, write_bytes_atomically, write_text_atomically
from .bench_result import BenchResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.table import Table

Rows = list[tuple[str, ...]]

SUMMARY_HEADINGS = (
    "recorded",
    "estimator",
    "RMSE",
    "rank correlation",
    "coverage of 95 % intervals",
    "mean width",
    "said to be supported",
    "coverage of those",
)
CELL_HEADINGS = (
    "recorded",
    "policy judged",
    "estimator",
    "true value (95 %)",
    "estimate",
    "error",
    "RMSE",
    "coverage",
    "supported",
)


def summary_rows(result: BenchResult) -> Rows:
    """Estimator x behaviour, as text."""
    return [
        (
            one.behaviour,
            one.estimator,
            _number(one.root_mean_square_error),
            _optional(one.rank_correlation),
            f"{one.coverage.estimate:.0%} ({one.coverage.low:.0%} to {one.coverage.high:.0%})",
            _number(one.width),
            f"{one.supported} of {one.count}",
            "-" if one.coverage_supported is None else f"{one.coverage_supported:.0%}",
        )
        for one in result.summaries()
    ]


def cell_rows(result: BenchResult) -> Rows:
    """Estimator x behaviour x target, as text."""
    return [
        (
            one.behaviour,
            one.target,
            one.estimator,
            f"{one.truth.estimate:.3f} ({one.truth.low:.3f} to {one.truth.high:.3f})",
            _number(one.estimate),
            _number(one.error, signed=True),
            _number(one.root_mean_square_error),
            f"{one.coverage:.0%}",
            f"{one.supported_share:.0%}",
        )
        for one in result.cells()
    ]


def bench_tables(result: BenchResult) -> list[Table]:
    """The tables for the console."""
    plan = result.plan
    title = (
        f"Offline evaluation on {result.scenario}: {plan.metric}, {plan.datasets} datasets of "
        f"{plan.episodes} episodes, {len(plan.targets)} policies"
    )
    return [
        _table(title, SUMMARY_HEADINGS, summary_rows(result)),
        _table("Policy by policy", CELL_HEADINGS, cell_rows(result)),
    ]


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
    summary = _markdown(SUMMARY_HEADINGS, summary_rows(result))
    cells = _markdown(CELL_HEADINGS, cell_rows(result))
    write_text_atomically(folder / "ope-bench.md", f"{summary}\n\n{cells}\n")
    buffer = io.BytesIO()
    result.frame.write_parquet(buffer)
    write_bytes_atomically(folder / "rows.parquet", buffer.getvalue())
    write_bytes_atomically(folder / "ope-bench.png", picture(result))


def picture(result: BenchResult) -> bytes:
    """Estimate against truth, a panel per behaviour, as PNG."""
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


def _table(title: str, headings: Sequence[str], rows: Rows) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _markdown(headings: Sequence[str], rows: Rows) -> str:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def _number(value: float, *, signed: bool = False) -> str:
    """Three decimals; a magnitude that only says how wrong it is, as a power of ten."""
    if abs(value) >= 1_000.0:
        return f"{value:+.0e}" if signed else f"{value:.0e}"
    return f"{value:+.3f}" if signed else f"{value:.3f}"


def _optional(value: float | None) -> str:
    return "-" if value is None else f"{value:+.2f}"
