"""The tables of an evaluation on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...scenarios.suite import Split
from ...sim.metrics import Metric
from .plan import EvaluationPlan
from .statistics import Interval
from .summary import EvaluationSummary

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text


def score_table(plan: EvaluationPlan, summary: EvaluationSummary) -> Table:
    """Policies by score, with the paired difference to the reference."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(describe(plan)),
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=0,
        show_edge=False,
    )
    table.add_column("policy", no_wrap=True)
    headings = ["interquartile\nmean", "mean"]
    if plan.reference:
        headings += ["minus\nreference", "better on\nsame"]
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for policy in summary.ranking():
        entry = summary.metric(policy)
        cells = [_cell(entry.interquartile_mean), _cell(entry.mean)]
        if plan.reference:
            cells += _comparison_cells(plan, summary, policy)
        table.add_row(Text(policy), *cells)
    return table


def metric_table(plan: EvaluationPlan, summary: EvaluationSummary) -> Table:
    """Means of the headline metrics, policies by score."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title="Means of what happened",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=0,
        show_edge=False,
    )
    table.add_column("policy", no_wrap=True)
    shown = [m for m in plan.kind.metrics if m.headline and m.name != summary.score]
    for entry in shown:
        table.add_column(entry.short.replace(" ", "\n"), justify="right", no_wrap=True)
    for policy in summary.ranking():
        cells = [_mean_cell(summary, policy, entry) for entry in shown]
        table.add_row(Text(policy), *(Text(cell) for cell in cells))
    return table


def describe(plan: EvaluationPlan) -> str:
    """One line: what was evaluated on what."""
    where = f"{plan.suite} {plan.split}".strip() or ", ".join(plan.scenarios)
    customers = f"{plan.episodes} customers" + (
        f" in each of {len(plan.scenarios)} scenarios" if len(plan.scenarios) > 1 else ""
    )
    score = plan.kind.metric(plan.kind.figures.score).label
    return f"{score} on {where}: {customers}, seeds {plan.seeds[0]} to {plan.seeds[-1]}"


def headline(plan: EvaluationPlan, summary: EvaluationSummary, policy: str) -> str:
    """The result of a policy against the reference in words, with the interval."""
    comparison = summary.comparison(policy)
    difference, better = comparison.difference, comparison.probability_of_improvement
    if difference is None or better is None:
        return f"{policy} and {plan.reference} have no episode in common."
    if difference.above(0.0):
        verdict = "scores higher than"
    elif difference.below(0.0):
        verdict = "scores lower than"
    else:
        verdict = "cannot be told apart from"
    held_out = "held-out " if plan.split in (Split.VALIDATION, Split.TEST) else ""
    levels = any("+" in scenario for scenario in plan.scenarios)
    met = "episodes" if levels else "customers"  # a customer meets every level of its scenario
    return (
        f"{policy} {verdict} {plan.reference} on {comparison.pairs} {held_out}{met}: "
        f"{difference.estimate:+.3f} on the {plan.kind.score_label} (95 % interval "
        f"{difference.low:+.3f} to {difference.high:+.3f}); it does better on "
        f"{100 * better.estimate:.0f} % of them."
    )


def _comparison_cells(
    plan: EvaluationPlan, summary: EvaluationSummary, policy: str
) -> tuple[Text, Text]:
    from rich.text import Text

    if policy == plan.reference:
        return Text("reference"), Text("")
    comparison = summary.comparison(policy)
    better = comparison.probability_of_improvement
    share = f"{100 * better.estimate:.0f} %" if better else "-"
    return _cell(comparison.difference, sign=True), Text(share)


def _mean_cell(summary: EvaluationSummary, policy: str, entry: Metric) -> str:
    try:
        average = summary.metric(policy, entry.name).mean
    except KeyError:
        return "-"
    return entry.format(average.estimate).replace(" ", "") if average else "-"


def _cell(interval: Interval | None, sign: bool = False) -> Text:
    """The estimate, and below it the interval."""
    from rich.text import Text

    if interval is None:
        return Text("-")
    form = "{:+.3f}" if sign else "{:.3f}"
    span = f"{form.format(interval.low)} to {form.format(interval.high)}"
    return Text(form.format(interval.estimate)).append(f"\n{span}", style="dim")
