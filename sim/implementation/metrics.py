"""The scorecard's fields as metrics."""

from __future__ import annotations

from ..metrics import Better, Metric, Style

SCORE = "go_live_score"
"""The scalar that policies are judged by."""

_UP, _DOWN, _NONE = Better.HIGHER, Better.LOWER, Better.NEITHER

METRICS: tuple[Metric, ...] = (
    Metric(SCORE, "Go-live score", _UP, Style.SCORE, short="score"),
    Metric("success", "Successful", _UP, Style.SHARE, short="success"),
    Metric("went_live", "Went live", _UP, Style.SHARE),
    Metric("cancelled", "Cancelled", _DOWN, Style.SHARE, short="cancelled"),
    Metric("survival", "Not stopped, chance", _UP, Style.SHARE),
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
    Metric("business_case_usd", "Business case (USD)", _NONE, Style.MONEY),
    Metric("expected_value_usd", "Value, risk of a stop counted (USD)", _UP, Style.MONEY),
    Metric("value_usd", "Value (USD)", _UP, Style.MONEY),
    Metric("benefits_usd", "Benefits (USD)", _UP, Style.MONEY),
    Metric("programme_usd", "Minus the programme (USD)", _UP, Style.MONEY),
    Metric("dip_usd", "Minus the dip (USD)", _UP, Style.MONEY),
    Metric("delay_usd", "Minus the delay (USD)", _UP, Style.MONEY),
    Metric("penalties_usd", "Minus penalties (USD)", _UP, Style.MONEY),
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
