"""The report of a validation: Markdown for the docs, HTML with distributions for reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .scheduling import RuleResult
from .law import LawResult, markdown
from .targets import Target
from .validation import (
    PART_A_LAWS,
    SCHEDULING_ROW,
    Judged,
    Validation,
    tail_index,
)
from ...reports.figures import INK, canvas_columns, quiet_grid, svg
from ...reports.markup import Markup, join, tag
from ...reports.style import STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEADINGS = ("row", "outcome", "published", "model (95 %)", "verdict", "used", "projects")
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


def cells(row: Judged) -> tuple[str, ...]:
    """A row of the table as text, under ``HEADINGS``."""
    target, value = row.target, row.verdict.value
    model = (
        "-"
        if value is None
        else f"{_say(target, value.estimate)} ({_say(target, value.low)} to "
        f"{_say(target, value.high)})"
    )
    return (
        str(target.row),
        target.description,
        f"{_say(target, target.low)} to {_say(target, target.high)}",
        model,
        row.verdict.word,
        _FITTED if target.fitted else _HELD,
        str(row.verdict.answers),
    )


def law_cells(row: int, law: LawResult) -> tuple[str, ...]:
    """A row of part A that is an experiment, under ``HEADINGS``."""
    met = sum(condition.holds for condition in law.conditions)
    return (
        str(row),
        law.name,
        law.published,
        f"{met} of {len(law.conditions)} conditions",
        "holds" if law.holds else "does not hold",
        _HELD,
        str(law.customers),
    )


def rule_cells(result: RuleResult) -> tuple[str, ...]:
    """A priority rule on PSPLIB, under ``HEADINGS``."""
    gap, published = result.gap, result.published
    return (
        str(SCHEDULING_ROW),
        f"mean gap of the parallel schedule scheme, rule {result.rule}",
        "-" if published is None else f"{100.0 * published.share:.1f} %",
        f"{100.0 * gap.estimate:.2f} % ({100.0 * gap.low:.2f} % to {100.0 * gap.high:.2f} %)",
        result.verdict,
        _HELD,
        str(result.schedules),
    )


def all_cells(validation: Validation) -> list[tuple[str, ...]]:
    """Every row of part A that was compared."""
    laws = dict(zip(validation.settings.laws, validation.laws, strict=True))
    rows = [cells(row) for row in validation.rows]
    rows += [law_cells(row, laws[name]) for row, name in PART_A_LAWS.items() if name in laws]
    if validation.scheduling is not None:
        rows += [rule_cells(result) for result in validation.scheduling.results]
    return rows


def summary_lines(validation: Validation) -> list[str]:
    """What the tables come to, in two sentences each."""
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
    return lines


def table_markdown(validation: Validation) -> str:
    """The table of all rows and what it comes to, in Markdown."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|---:|---|---|---|---|---|---:|"]
    lines += ["| " + " | ".join(row) + " |" for row in all_cells(validation)]
    return "\n".join([*lines, "", *(f"{line}  " for line in summary_lines(validation))]).rstrip()


def laws_markdown(validation: Validation) -> str:
    """The experiments in Markdown."""
    return markdown(validation.laws)


def page(validation: Validation, command: str, date: str) -> str:
    """The report as one HTML page.

    Args:
        validation: what was found.
        command: that makes it again.
        date: of the run.
    """
    title = "The implementation world beside published outcomes"
    settings = validation.settings
    told = (
        f"{settings.customers} generated customers from seed {settings.first_customer}, "
        f"conventional delivery, {settings.policy} decides. Run on {date}."
    )
    body = join(
        [
            tag("h1", title),
            tag("p", told, class_="quiet"),
            tag("p", " ".join(summary_lines(validation)), class_="headline"),
            tag("h2", "Row by row"),
            _table(validation),
            tag("h2", "Distributions over the projects that went live"),
            tag("p", "Orange: the published band of the mean, where there is one. Line: the mean."),
            tag("figure", distributions(validation), class_="card"),
            tag("h2", "Failures by size"),
            tag("figure", failures(validation), class_="card"),
            *_laws(validation),
            tag("h2", "Made by"),
            tag("pre", f"$ {command}"),
        ]
    )
    head = join(
        [
            Markup('<meta charset="utf-8">'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            tag("title", title),
            tag("style", Markup(STYLE + "td { white-space: normal; text-align: left; }")),
        ]
    )
    text = tag("html", tag("head", head), tag("body", tag("main", body)), lang="en")
    return f"<!doctype html>\n{text}\n"


def distributions(validation: Validation) -> Markup:
    """Histograms of outcomes, each with the published band of its mean."""
    bands = {row.target.name: row.target for row in validation.rows}
    parts = []
    for start in range(0, len(_PICTURES), 3):
        shown = _PICTURES[start : start + 3]
        figure, axes = canvas_columns(10.5, 2.5, (1.0,) * len(shown))
        for place, (name, label, right, means) in zip(axes, shown, strict=True):
            _histogram(place, validation.values[name], label, right)
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


def _table(validation: Validation) -> Markup:
    rows = [tag("tr", *(tag("td", cell) for cell in row)) for row in all_cells(validation)]
    head = tag("thead", tag("tr", *(tag("th", heading) for heading in HEADINGS)))
    table = tag("table", head, tag("tbody", join(rows)))
    sources = [
        tag("li", f"Row {row.target.row}, {row.target.description}: {row.target.source}")
        for row in validation.rows
    ]
    return join([tag("div", table, class_="scroll"), tag("ul", join(sources), class_="quiet")])


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
