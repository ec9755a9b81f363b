"""The tables of a report as HTML."""

from __future__ import annotations

from ...sim.metrics import Better, Metric
from ..evaluation.plan import EvaluationPlan
from ..evaluation.statistics import Interval
from ..evaluation.summary import EvaluationSummary
from .markup import Markup, tag, text

NOTHING = "\N{EN DASH}"
"""In a cell that has no value."""


def score_table(plan: EvaluationPlan, summary: EvaluationSummary, focus: str) -> Markup:
    """Policies by score: interquartile mean, mean, difference and probability, with intervals."""
    headings = ["Policy", "Interquartile mean", "Mean"]
    if plan.reference:
        headings += [
            f"Minus {plan.reference}, paired",
            f"Better than {plan.reference} on the same customer",
            "Better on two random customers",
        ]
    rows = [_score_row(plan, summary, policy, focus) for policy in summary.ranking()]
    caption = "Below each number its 95 % interval (stratified bootstrap, percentile)."
    return _table(headings, rows, caption)


def headline_table(plan: EvaluationPlan, summary: EvaluationSummary, focus: str) -> Markup:
    """Policies by score: means of the headline metrics with intervals."""
    shown = [m for m in summary.kind.metrics if m.headline and m.name != summary.score]
    rows = []
    for policy in summary.ranking():
        cells = [_mean_cell(summary, policy, entry) for entry in shown]
        rows.append(_row(policy, cells, policy == focus))
    return _table(["Policy", *(entry.label for entry in shown)], rows, "Means.")


def comparison_table(summary: EvaluationSummary, focus: str, reference: str) -> Markup:
    """Every metric of the focus policy beside the reference's, with the paired difference."""
    rows = []
    for name in _metric_names(summary):
        shown = summary.kind.metric(name)
        cells = [
            _mean_cell(summary, focus, shown),
            _mean_cell(summary, reference, shown),
            _difference_cell(summary.comparison(focus, name).difference, shown),
        ]
        rows.append(_row(shown.label, cells, name == summary.score))
    caption = (
        "Coloured where the interval of the paired difference lies to one side of zero: "
        "▲ better, ▼ worse."
    )
    return _table(["Metric", focus, reference, "Difference, paired"], rows, caption)


def all_metrics_table(plan: EvaluationPlan, summary: EvaluationSummary) -> Markup:
    """Means of every metric of every policy."""
    ranking = summary.ranking()
    rows = []
    for name in _metric_names(summary):
        shown = summary.kind.metric(name)
        cells = []
        for policy in ranking:
            average = summary.metric(policy, name).mean
            cells.append(tag("td", shown.format(average.estimate) if average else NOTHING))
        rows.append(_row(shown.label, cells, False))
    return _table(["Mean of", *ranking], rows, "")


def scenario_table(plan: EvaluationPlan, summary: EvaluationSummary, focus: str) -> Markup:
    """Interquartile mean of the score per policy and scenario."""
    score = summary.kind.metric(summary.score)
    rows = []
    for policy in summary.ranking():
        cells = [
            _interval_cell(summary.metric(policy, scenario=name).interquartile_mean, score)
            for name in plan.scenarios
        ]
        rows.append(_row(policy, cells, policy == focus))
    return _table(["Policy", *plan.scenarios], rows, f"Interquartile mean of the {summary.kind.score_label}.")


def _metric_names(summary: EvaluationSummary) -> list[str]:
    """The score, then the other metrics in the scorecard's order."""
    names = list(dict.fromkeys(entry.metric for entry in summary.metrics))
    return [summary.score, *(name for name in names if name != summary.score)]


def _score_row(plan: EvaluationPlan, summary: EvaluationSummary, policy: str, focus: str) -> Markup:
    entry, score = summary.metric(policy), summary.kind.metric(summary.score)
    cells = [_interval_cell(entry.interquartile_mean, score), _interval_cell(entry.mean, score)]
    if plan.reference and policy == plan.reference:
        cells += [tag("td", "reference"), tag("td", ""), tag("td", "")]
    elif plan.reference:
        comparison = summary.comparison(policy)
        cells += [
            _difference_cell(comparison.difference, score),
            _share_cell(comparison.probability_of_improvement),
            _share_cell(comparison.unpaired_probability),
        ]
    return _row(policy, cells, policy == focus)


def _table(headings: list[str], rows: list[Markup], caption: str) -> Markup:
    head = tag(
        "thead", tag("tr", *(tag("th", _breakable(heading), scope="col") for heading in headings))
    )
    parts = [tag("caption", caption)] if caption else []
    return tag("div", tag("table", *parts, head, tag("tbody", *rows)), class_="scroll")


def _breakable(name: str) -> Markup:
    """A name that may be broken after an underscore or a slash."""
    escaped = text(name)
    return Markup(escaped.replace("_", "_<wbr>").replace("/", "/<wbr>"))


def _row(name: str, cells: list[Markup], focus: bool) -> Markup:
    first = tag("td", name)
    return tag("tr", first, *cells, class_="focus") if focus else tag("tr", first, *cells)


def _mean_cell(summary: EvaluationSummary, policy: str, shown: Metric) -> Markup:
    try:
        return _interval_cell(summary.metric(policy, shown.name).mean, shown)
    except KeyError:
        return tag("td", NOTHING)


def _interval_cell(interval: Interval | None, shown: Metric) -> Markup:
    if interval is None:
        return tag("td", NOTHING)
    span = shown.format_span(interval.low, interval.high)
    return tag("td", shown.format(interval.estimate), tag("small", span))


def _share_cell(interval: Interval | None) -> Markup:
    if interval is None:
        return tag("td", NOTHING)
    span = f"{100 * interval.low:.0f} to {100 * interval.high:.0f} %"
    return tag("td", f"{100 * interval.estimate:.0f} %", tag("small", span))


def _difference_cell(interval: Interval | None, shown: Metric) -> Markup:
    if interval is None:
        return tag("td", NOTHING)
    low, high = shown.format_difference(interval.low), shown.format_difference(interval.high)
    span = f"{low.removesuffix(' pp')} to {high}"
    estimate = shown.format_difference(interval.estimate)
    verdict = _verdict(interval, shown.better)
    if not verdict:
        return tag("td", estimate, tag("small", span))
    mark = " ▲" if verdict == "better" else " ▼"
    return tag("td", tag("span", estimate + mark, class_=verdict), tag("small", span))


def _verdict(interval: Interval, better: Better) -> str:
    """``better``, ``worse``, or empty if zero is not excluded or no way is better."""
    if better is Better.NEITHER or not (interval.above(0.0) or interval.below(0.0)):
        return ""
    return "better" if interval.above(0.0) == (better is Better.HIGHER) else "worse"
