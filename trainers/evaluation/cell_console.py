"""The table of an evaluation's cells: every scenario, met with every mix, by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .plan import EvaluationPlan
from .statistics import Interval
from .summary import EvaluationSummary

if TYPE_CHECKING:
    from rich.table import Table


def cell_table(plan: EvaluationPlan, summary: EvaluationSummary) -> Table:
    """Mean score of each policy in each cell, and its paired difference to the reference."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title="Mean go-live score by scenario" + (", minus reference" if plan.reference else ""),
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=0,
        show_edge=False,
    )
    table.add_column("scenario", overflow="fold")
    policies = summary.ranking()
    for policy in policies:
        table.add_column(policy, justify="right", overflow="fold")
    for scenario in plan.scenarios:
        cells = [_cell(plan, summary, policy, scenario) for policy in policies]
        table.add_row(Text(scenario), *(Text(cell) for cell in cells))
    return table


def _cell(plan: EvaluationPlan, summary: EvaluationSummary, policy: str, scenario: str) -> str:
    average = summary.metric(policy, scenario=scenario).mean
    text = "-" if average is None else f"{average.estimate:.3f}"
    if not plan.reference or policy == plan.reference:
        return text
    return f"{text}\n{_difference(summary.comparison(policy, scenario=scenario).difference)}"


def _difference(interval: Interval | None) -> str:
    if interval is None:
        return "-"
    return f"{interval.estimate:+.3f} ({interval.low:+.3f} to {interval.high:+.3f})"
