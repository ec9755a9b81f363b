"""The report of a validation: Markdown for the docs, HTML with distributions for reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ....core.tables import Cell, Table, right
from ...evaluation.statistics import Interval
from ...reports.figures import INK, canvas_columns, quiet_grid, svg
from ...reports.markup import Markup, join, section, tag
from ...reports.markup import page as whole_page
from .law import LawResult
from .scheduling import RuleResult
from .targets import Target
from .validation import PART_A_LAWS, SCHEDULING_ROW, Judged, Validation, tail_index

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMNS = (
    right("row"),
    "outcome",
    "published",
    "model (95 %)",
    "verdict",
    "used",
    right("projects"),
)
_COLOUR, _BAND_COLOUR = "#1a9c8b", "#e0762f"
_FITTED, _HELD = "fitted", "held out"
_PICTURES: tuple[tuple[str, str, float, tuple[str, ...]], ...] = (
    ("cost_ratio", "cost ratio", 4.0, ("mean_cost_ratio",)),
    ("schedule_ratio", "schedule ratio", 3.0, ("mean_schedule_ratio",)),
    ("benefits_realised", "benefits realised", 1.0, ()),
    ("dip_depth", "deepest loss of productivity", 1.0, ()),
    ("defect_removal_efficiency", "defects removed before go-live", 1.0, ("cumulative_removal",)),
    ("scope_growth", "scope growth", 1.5, ("scope_growth",)),
)
"""Outcome, label, right end of the axis, targets whose band is for its mean."""


def outcome_table(validation: Validation) -> Table:
    """Every row of part A that was compared, and what it comes to."""
    settings = validation.settings
    laws = dict(zip(settings.laws, validation.laws, strict=True))
    rows = [_outcome(row) for row in validation.rows]
    rows += [_law(row, laws[name]) for row, name in PART_A_LAWS.items() if name in laws]
    if validation.scheduling is not None:
        rows += [_rule(result) for result in validation.scheduling.results]
    title = f"{settings.customers} conventional implementations, {settings.policy} decides"
    return Table(title, _COLUMNS, rows, summary_lines(validation))


def _outcome(row: Judged) -> tuple[object, ...]:
    target, verdict = row.target, row.verdict
    say = partial(_say, target)
    style = "good" if verdict.inside else ("doubtful" if verdict.compatible else "bad")
    return (
        target.row,
        target.description,
        f"{say(target.low)} to {say(target.high)}",
        _measured(verdict.value, say),
        Cell(verdict.word, style=style),
        _FITTED if target.fitted else _HELD,
        verdict.answers,
    )


def _law(row: int, law: LawResult) -> tuple[object, ...]:
    met = sum(condition.holds for condition in law.conditions)
    holds = Cell("holds", style="good") if law.holds else Cell("does not hold", style="bad")
    conditions = f"{met} of {len(law.conditions)} conditions"
    return row, law.name, law.published, conditions, holds, _HELD, law.customers


def _rule(result: RuleResult) -> tuple[object, ...]:
    """A priority rule on PSPLIB."""
    published = result.published
    return (
        SCHEDULING_ROW,
        f"mean gap of the parallel schedule scheme, rule {result.rule}",
        "-" if published is None else f"{100.0 * published.share:.1f} %",
        _measured(result.gap, lambda share: f"{100.0 * share:.2f} %"),
        result.verdict,
        _HELD,
        result.schedules,
    )


def _measured(value: Interval | None, say: Callable[[float], str]) -> str:
    if value is None:
        return "-"
    return f"{say(value.estimate)} ({say(value.low)} to {say(value.high)})"


def summary_lines(validation: Validation) -> list[str]:
    """The sum of the tables, in two sentences each."""
    lines = []
    for fitted, name in ((True, "Fitted"), (False, "Held out")):
        inside, total = validation.inside(fitted)
        near = validation.within_error(fitted)
        lines.append(
            f"{name}: {inside} of {total} outcomes inside their bands, "
            f"{near} more within sampling error."
        )
    if validation.laws:
        holding = sum(law.holds for law in validation.laws)
        lines.append(f"Experiments: {holding} of {len(validation.laws)} laws hold.")
    costs = validation.values["cost_ratio"]
    if costs:
        lines.append(
            f"Tail of the cost ratio: exponent {tail_index(costs):.1f} over the upper tenth; "
            f"greatest {max(costs):.1f}."
        )
    dips = validation.values["dip_depth"]
    if dips:
        lines.append(
            f"Deepest loss of productivity: {100.0 * float(np.median(dips)):.0f} % at the median."
        )
    return lines


def page(validation: Validation, command: str, date: str) -> str:
    """The report as one HTML page, with the command that makes it again and the run's date."""
    title = "The implementation world beside published outcomes"
    settings = validation.settings
    told = (
        f"{settings.customers} generated customers from seed {settings.first_customer}, "
        f"conventional delivery, {settings.policy} decides. Run on {date}."
    )
    sources = [
        tag("li", f"Row {row.target.row}, {row.target.description}: {row.target.source}")
        for row in validation.rows
    ]
    parts = [
        tag("h1", title),
        tag("p", told, class_="quiet"),
        tag("p", " ".join(summary_lines(validation)), class_="headline"),
        section(replace(outcome_table(validation), notes=()), "Row by row"),
        tag("ul", join(sources), class_="quiet"),
        tag("h2", "Distributions over the projects that went live"),
        tag("p", "Orange: the published band of the mean, where there is one. Line: the mean."),
        tag("figure", distributions(validation), class_="card"),
        tag("h2", "Failures by size"),
        tag("figure", failures(validation), class_="card"),
        *_laws(validation),
        tag("h2", "Made by"),
        tag("pre", f"$ {command}"),
    ]
    return whole_page(title, parts)


def distributions(validation: Validation) -> Markup:
    """Histograms of outcomes, each with the published band of its mean."""
    bands = {row.target.name: row.target for row in validation.rows}
    parts = []
    for start in range(0, len(_PICTURES), 3):
        shown = _PICTURES[start : start + 3]
        figure, axes = canvas_columns(10.5, 2.5, (1.0,) * len(shown))
        for place, (name, label, edge, means) in zip(axes, shown, strict=True):
            _histogram(place, validation.values[name], label, edge)
            for mean in means:
                place.axvspan(bands[mean].low, bands[mean].high, color=_BAND_COLOUR, alpha=0.25)
        parts.append(svg(figure))
    return join(parts)


def _histogram(axes: Axes, values: Sequence[float], label: str, right: float) -> None:
    if values:
        clipped = np.clip(values, 0.0, right)
        axes.hist(clipped, bins=32, range=(0.0, right), color=_COLOUR, alpha=0.85)
        axes.axvline(float(np.mean(values)), color=INK, lw=1.4)
    axes.set_xlim(0.0, right)
    axes.set_xlabel(label)
    axes.set_yticks([])
    quiet_grid(axes, "x")


def failures(validation: Validation) -> Markup:
    """Share that failed, by size class, beside the published bands."""
    rows = [row for row in validation.rows if row.target.name.startswith("failed_")]
    figure, (axes,) = canvas_columns(8.0, 2.6, (1.0,))
    for place, row in enumerate(rows):
        axes.bar(
            place,
            row.target.high - row.target.low,
            bottom=row.target.low,
            width=0.7,
            color=_BAND_COLOUR,
            alpha=0.3,
        )
        value = row.verdict.value
        if value is not None:
            error = [[value.estimate - value.low], [value.high - value.estimate]]
            axes.errorbar(place, value.estimate, yerr=error, fmt="o", color=_COLOUR, capsize=4)
    axes.set_xticks(range(len(rows)), [row.target.name.removeprefix("failed_") for row in rows])
    axes.set_ylabel("failed")
    axes.set_ylim(0.0, None)
    axes.yaxis.set_major_formatter(lambda value, _position: f"{100.0 * value:.0f} %")
    quiet_grid(axes, "y")
    return svg(figure)


def _laws(validation: Validation) -> list[Markup]:
    parts = [tag("h2", "Experiments: laws that the world should obey")] if validation.laws else []
    for law in validation.laws:
        conditions = [
            tag("li", f"{condition.statement}: {'yes' if condition.holds else 'no'}")
            for condition in law.conditions
        ]
        parts += [
            tag("h3", f"{law.name}: {'holds' if law.holds else 'does not hold'}"),
            tag("p", f"{law.statement} ({law.source})"),
            tag("ul", join(conditions)),
        ]
    return parts


def _say(target: Target, value: float) -> str:
    return f"{100.0 * value:.0f} %" if target.unit == "share" else f"{value:.2f}"
