"""The result of a migration, in the field's units and in money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from ...core.arithmetic import plain_sum
from ..metrics import Better, Metric, Style
from .judge import Verdict
from .state import State

GOOD_SCORE = 0.5
"""From which an episode counts as a success: an estimate."""
# All prices are estimates; docs/migration.md says what they rest on.
TEAM_USD_PER_HOUR, KEY_USER_USD_PER_HOUR = 85.0, 70.0
LATE_USD_PER_DAY = 900.0
FREEZE_USD_PER_DAY = 260.0
UNSIGNED_USD = {True: 800.0, False: 300.0}
"""Of a table that is loaded unsigned, if the owner is strict and if not."""
REFUSED_USD = {True: 400.0, False: 0.0}
"""Of a table that the owner refuses: a strict one wants to be shown each defect."""
UNMASKED_USD = 1_500.0
"""Of a test load with people's data as it is: who has to be told, and what supervision costs."""
PRICES: Mapping[str, float] = {
    "wrong_cells": 30.0,
    "silent_dates": 45.0,
    "guessed": 100.0,
    "missing": 150.0,
    "extra_rows": 170.0,
    "open_references": 90.0,
    "totals_wrong": 200.0,
}
"""USD after go-live by what is found late. All are estimates: found late a wrong cell costs some
twenty minutes of somebody, a duplicate a wrong delivery or a second invoice now and then."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The result of a migration.

    Attributes:
        migration_score: 1 less the cost over what doing too little and too much would cost: the
            harm of loading with nothing but casts, and the team's planned hours.
        success: whether it is at least ``GOOD_SCORE``.
        whole_cost_usd: of everything, harm after go-live included.
        after_golive_usd: after go-live, of what was loaded wrong or not at all.
        team_usd: of the team's hours.
        key_users_usd: of the key users' hours.
        fees_usd: of mock loads and of the load.
        freeze_usd: that the freeze cost the business.
        late_usd: of days after the planned go-live.
        privacy_usd: of test loads with people's data as it is.
        refusals_usd: of tables that a strict owner has refused.
        loaded: whether it was decided to load; else the business went live with what there was.
        cell_error_reduction: share of the errors that is gone, damage taken off.
        share_loaded: of the things that ought to be.
        totals_right: share of the control totals.
        references_closed: share.
        silent_date_share: dates that are read and wrong.
        duplicate_f1: of customers, vendors and items by B-cubed, in the mean.
        guessed_cells: gaps that were filled with a wrong value.
        extra_rows: loaded besides.
        archived_rows: left behind by agreement.
        signed_tables: by the owner.
        days_to_load: until the load, or all.
        late_load_days: after the planned go-live.
        team_hours: of work.
        users_hours: of questions and checks.
        asked_questions: that were asked.
        mock_loads: that were made.
        applied_operations: on tables.
        decisions: that were made.
        illegal_decisions: of them.
    """

    migration_score: float
    success: bool
    whole_cost_usd: float
    after_golive_usd: float
    team_usd: float
    key_users_usd: float
    fees_usd: float
    freeze_usd: float
    late_usd: float
    privacy_usd: float
    refusals_usd: float
    loaded: bool
    cell_error_reduction: float
    share_loaded: float
    totals_right: float
    references_closed: float
    silent_date_share: float
    duplicate_f1: float
    guessed_cells: int
    extra_rows: int
    archived_rows: int
    signed_tables: int
    days_to_load: float
    late_load_days: float
    team_hours: float
    users_hours: float
    asked_questions: int
    mock_loads: int
    applied_operations: int
    decisions: int
    illegal_decisions: int

    def as_dict(self) -> dict[str, float | bool | int]:
        """All fields by name."""
        return asdict(self)


def counts_of(verdict: Verdict) -> dict[str, float]:
    """The counts of a verdict, as plain numbers."""
    scores = [one.b_cubed_f1 for one in verdict.duplicates.values()]
    return {
        "wrong_cells": verdict.errors - verdict.repaired + verdict.damaged,
        "silent_dates": verdict.silent_dates,
        "guessed": verdict.guessed,
        "missing": verdict.rows - verdict.rows_loaded,
        "extra_rows": verdict.extra_rows,
        "open_references": verdict.references - verdict.references_closed,
        "totals_wrong": verdict.totals - verdict.totals_right,
        "cell_error_reduction": verdict.cell_error_reduction,
        "share_loaded": verdict.share_loaded,
        "totals_right": verdict.totals_right / max(verdict.totals, 1),
        "references_closed": verdict.references_closed / max(verdict.references, 1),
        "silent_date_share": verdict.silent_dates / max(verdict.dates, 1),
        "duplicate_f1": plain_sum(scores) / len(scores) if scores else 1.0,
    }


def harm_of(counts: Mapping[str, float]) -> float:
    """USD after go-live of what is loaded."""
    return plain_sum(price * counts[name] for name, price in PRICES.items())


def freeze_usd(state: State) -> float:
    """USD that the freeze has cost the business."""
    if state.frozen_at < 0.0:
        return 0.0
    return FREEZE_USD_PER_DAY * (state.now - state.frozen_at) / 8.0


def expenses_usd(state: State) -> float:
    """On hours, fees and the freeze."""
    t = state.totals
    hours = TEAM_USD_PER_HOUR * t.team_hours + KEY_USER_USD_PER_HOUR * t.key_user_hours
    return hours + t.fees_usd + freeze_usd(state)


def scorecard_of(
    state: State, golive_hours: float, harm_of_casts: float, planned_usd: float, strict: bool
) -> Scorecard:
    """The result so far; before the business is live no harm is known, and nothing worth anything.

    Args:
        state: of the world.
        golive_hours: until the go-live that was planned.
        harm_of_casts: USD of harm if tables are loaded with nothing but casts.
        planned_usd: of the team's planned hours.
        strict: whether the owner blames what is not signed.
    """
    t, counts = state.totals, state.verdict
    late_days = max(0.0, state.now - golive_hours) / 8.0
    live = [table for table in state.tables if table.rows]
    signed = len([table for table in live if table.signed])
    unsigned = UNSIGNED_USD[strict] * (len(live) - signed)
    harm = harm_of(counts) + unsigned if counts else 0.0
    refused = REFUSED_USD[strict] * t.refusals
    late = LATE_USD_PER_DAY * late_days
    privacy = UNMASKED_USD * t.unmasked
    cost = harm + expenses_usd(state) + late + privacy + refused
    score = max(0.0, 1.0 - cost / (harm_of_casts + planned_usd)) if counts else 0.0
    return Scorecard(
        migration_score=score,
        success=score >= GOOD_SCORE,
        whole_cost_usd=cost,
        after_golive_usd=harm,
        team_usd=TEAM_USD_PER_HOUR * t.team_hours,
        key_users_usd=KEY_USER_USD_PER_HOUR * t.key_user_hours,
        fees_usd=t.fees_usd,
        freeze_usd=freeze_usd(state),
        late_usd=late,
        privacy_usd=privacy,
        refusals_usd=refused,
        loaded=state.loaded_at >= 0.0,
        cell_error_reduction=counts.get("cell_error_reduction", 0.0),
        share_loaded=counts.get("share_loaded", 0.0),
        totals_right=counts.get("totals_right", 0.0),
        references_closed=counts.get("references_closed", 0.0),
        silent_date_share=counts.get("silent_date_share", 0.0),
        duplicate_f1=counts.get("duplicate_f1", 0.0),
        guessed_cells=int(counts.get("guessed", 0)),
        extra_rows=int(counts.get("extra_rows", 0)),
        archived_rows=t.archived,
        signed_tables=signed,
        days_to_load=state.now / 8.0,
        late_load_days=late_days,
        team_hours=t.team_hours,
        users_hours=t.key_user_hours,
        asked_questions=t.questions,
        mock_loads=t.mock_loads,
        applied_operations=t.operations,
        decisions=t.decisions,
        illegal_decisions=t.illegal,
    )


NO_SCORECARD: dict[str, float | bool | int] = {
    f.name: {"bool": False, "int": 0}.get(str(f.type), 0.0) for f in fields(Scorecard)
}
"""The fields, each false or 0."""


def _money(name: str, label: str, short: str = "") -> Metric:
    return Metric(name, label, Better.LOWER, Style.MONEY, short)


def _number(name: str, label: str, better: Better = Better.LOWER, short: str = "") -> Metric:
    return Metric(name, label, better, Style.NUMBER, short)


def _share(name: str, label: str, better: Better = Better.HIGHER, short: str = "") -> Metric:
    return Metric(name, label, better, Style.SHARE, short)


METRICS: tuple[Metric, ...] = (
    Metric("migration_score", "Migration score", Better.HIGHER, Style.SCORE, short="score"),
    _share("success", "Successful", short="success"),
    _money("whole_cost_usd", "Cost of everything (USD)", "cost"),
    _money("after_golive_usd", "Harm after go-live (USD)", "harm"),
    _money("team_usd", "Team (USD)"),
    _money("key_users_usd", "Key users (USD)"),
    _money("fees_usd", "Mock loads and load (USD)"),
    _money("freeze_usd", "Freeze (USD)"),
    _money("late_usd", "Days late (USD)"),
    _money("privacy_usd", "Unmasked test loads (USD)"),
    _money("refusals_usd", "Tables refused (USD)"),
    _share("loaded", "Loaded by decision"),
    Metric("cell_error_reduction", "Cell error reduction", Better.HIGHER, Style.NUMBER, "repaired"),
    _share("share_loaded", "Things loaded"),
    _share("totals_right", "Control totals that agree"),
    _share("references_closed", "References closed"),
    _share("silent_date_share", "Dates silently wrong", Better.LOWER, "silent"),
    Metric("duplicate_f1", "Duplicates, B-cubed F1", Better.HIGHER, Style.SCORE),
    _number("guessed_cells", "Gaps filled wrongly"),
    _number("extra_rows", "Rows loaded besides"),
    _number("archived_rows", "Rows left behind by agreement", Better.NEITHER),
    _number("signed_tables", "Tables signed", Better.HIGHER),
    _number("days_to_load", "Days until the load"),
    _number("late_load_days", "Days late"),
    _number("team_hours", "Team's hours", short="hours"),
    _number("users_hours", "Key users' hours"),
    _number("asked_questions", "Questions", Better.NEITHER),
    _number("mock_loads", "Mock loads", Better.NEITHER),
    _number("applied_operations", "Operations on tables", Better.NEITHER),
    _number("decisions", "Decisions", Better.NEITHER),
    _number("illegal_decisions", "Illegal decisions"),
)
"""The scorecard's fields as metrics."""
