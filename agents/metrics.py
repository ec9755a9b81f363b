"""The scorecard's fields as metrics: how to call them, which way is better, how to print them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SCORE = "go_live_score"
"""The scalar that policies are judged by."""


class Better(StrEnum):
    """Which way a metric improves."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Style(StrEnum):
    """How a metric is printed."""

    SHARE = "share"
    """0..1, printed in per cent."""
    NUMBER = "number"
    MONEY = "money"
    SCORE = "score"
    """0..1, printed with three decimals."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One field of the scorecard as a metric.

    Attributes:
        name: the field.
        label: for tables, with the unit.
        better: which way it improves.
        style: how it is printed.
        short: heading in the short table; empty if that has it not.
    """

    name: str
    label: str
    better: Better
    style: Style
    short: str = ""

    @property
    def headline(self) -> bool:
        """Whether the short table has it."""
        return bool(self.short)

    def format(self, value: float) -> str:
        """The value as tables print it."""
        match self.style:
            case Style.SHARE:
                return f"{100 * value:.1f} %"
            case Style.MONEY:
                return f"{value:,.0f}"
            case Style.SCORE:
                return f"{value:.3f}"
            case Style.NUMBER:
                return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"

    def format_span(self, low: float, high: float) -> str:
        """From low to high, with the unit once."""
        return f"{self.format(low).removesuffix(' %')} to {self.format(high)}"

    def format_difference(self, value: float) -> str:
        """A difference of two values, with its sign; of shares in percentage points."""
        printed = self.format(value).replace(" %", " pp")
        return printed if printed.startswith("-") else f"+{printed}"


_UP, _DOWN, _NONE = Better.HIGHER, Better.LOWER, Better.NEITHER

METRICS: tuple[Metric, ...] = (
    Metric(SCORE, "Go-live score", _UP, Style.SCORE, short="score"),
    Metric("success", "Successful", _UP, Style.SHARE, short="success"),
    Metric("went_live", "Went live", _UP, Style.SHARE),
    Metric("cancelled", "Cancelled", _DOWN, Style.SHARE, short="cancelled"),
    Metric("data_gate_passed", "Data gate passed", _UP, Style.SHARE),
    Metric("reconciliation_passed", "Reconciliation passed", _UP, Style.SHARE),
    Metric("acceptance_passed", "Acceptance passed", _UP, Style.SHARE),
    Metric("catastrophic_dip", "Catastrophic start", _DOWN, Style.SHARE),
    Metric("adoption_reached", "Adoption reached", _UP, Style.SHARE),
    Metric("schedule_ratio", "Schedule ratio", _DOWN, Style.NUMBER),
    Metric("days_late", "Days late", _DOWN, Style.NUMBER, short="days late"),
    Metric("cost_ratio", "Cost ratio", _DOWN, Style.NUMBER, short="cost ratio"),
    Metric("cost_usd", "Cost (USD)", _DOWN, Style.MONEY),
    Metric(
        "defect_removal_efficiency",
        "Defect removal efficiency",
        _UP,
        Style.SHARE,
        short="defects removed",
    ),
    Metric("defects_found", "Defects found", _NONE, Style.NUMBER),
    Metric("defects_escaped", "Defects escaped", _DOWN, Style.NUMBER),
    Metric("data_quality_start", "Data quality at start", _NONE, Style.SHARE),
    Metric(
        "data_quality_go_live", "Data quality at go-live", _UP, Style.SHARE, short="data quality"
    ),
    Metric("reconciliation", "Reconciliation", _UP, Style.SHARE),
    Metric("adoption", "Adoption", _UP, Style.SHARE, short="adoption"),
    Metric("nps", "NPS", _UP, Style.NUMBER, short="NPS"),
    Metric("dip_depth", "Productivity dip", _DOWN, Style.SHARE),
    Metric("dip_days", "Dip (days)", _DOWN, Style.NUMBER),
    Metric("benefits_realised", "Benefits realised", _UP, Style.SHARE),
    Metric("manual_interventions", "Manual interventions", _DOWN, Style.NUMBER),
    Metric("illegal_decisions", "Illegal decisions", _DOWN, Style.NUMBER),
    Metric("crew_utilisation", "Crew utilisation", _NONE, Style.SHARE),
    Metric("useful_share", "Useful work", _UP, Style.SHARE),
    Metric("waiting_share", "Waiting", _DOWN, Style.SHARE),
    Metric("switching_share", "Switching", _DOWN, Style.SHARE),
    Metric("rework_share", "Rework", _DOWN, Style.SHARE),
    Metric("scope_growth", "Scope growth", _DOWN, Style.SHARE),
    Metric("disruptions_met", "Disruptions met", _NONE, Style.NUMBER),
    Metric("disruptions_recovered", "Disruptions recovered from", _UP, Style.NUMBER),
    Metric("recovery_days", "Days to recover", _DOWN, Style.NUMBER),
    Metric("roll_backs", "Roll-backs", _DOWN, Style.NUMBER),
    Metric("days", "Days simulated", _NONE, Style.NUMBER),
)


def metric(name: str) -> Metric:
    """The metric of this name; a field that the table does not know is printed as a number."""
    for known in METRICS:
        if known.name == name:
            return known
    return Metric(name, name.replace("_", " ").capitalize(), Better.NEITHER, Style.NUMBER)
