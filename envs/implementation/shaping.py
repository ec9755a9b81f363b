"""The potential behind potential-based shaping: the promise of a briefing."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from ...core.arithmetic import plain_sum
from ...sim.implementation.briefing import Briefing, SiteStatus
from ...sim.implementation.decision import BUILDING


class PotentialConfig(BaseModel):
    """Weights of the potential's parts and the learner's discount.

    Any potential leaves the optimum where it is; a good one makes the way there shorter.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    gamma: float = Field(default=1.0, gt=0.0, le=1.0, description="The learner's discount.")
    progress: float = Field(default=0.15, description="Share of known work done.")
    tested: float = Field(default=0.2, description="Share of planned build work built and tested.")
    data_quality: float = Field(default=0.15, description="Measured quality times loading success.")
    readiness: float = Field(default=0.2, description="Users trained and able.")
    trust: float = Field(default=0.05, description="Trust of the customer's people.")
    live: float = Field(default=0.1, description="Share of sites in production.")
    accepted: float = Field(default=0.1, description="Acceptance is passed.")
    lateness: float = Field(default=-0.5, description="Known delay over the planned duration.")
    spent: float = Field(default=-0.3, description="Money spent over the budget.")


def potential(briefing: Briefing, config: PotentialConfig) -> float:
    """Weighted sum of the parts, each 0..1 (lateness and money spent up to 2)."""
    people = briefing.people
    return (
        config.progress * progress_share(briefing)
        + config.tested * tested_share(briefing)
        + config.data_quality * data_share(briefing)
        + config.readiness * people.readiness
        + config.trust * people.trust
        + config.live * live_share(briefing)
        + config.accepted * briefing.tests.accepted
        + config.lateness * lateness_share(briefing)
        + config.spent * spent_share(briefing)
    )


def progress_share(briefing: Briefing) -> float:
    """Hours done over hours done and remaining, 0..1."""
    done = remaining = 0.0
    for workstream in briefing.workstreams:
        done += workstream.done_hours
        remaining += workstream.remaining_hours
    return done / (done + remaining) if done + remaining > 0.0 else 1.0


def tested_share(briefing: Briefing) -> float:
    """Share of the planned build work that is built and covered by a test cycle, 0..1."""
    built = planned = 0.0
    for index in BUILDING:
        workstream = briefing.workstreams[index]
        built += workstream.done_hours
        planned += workstream.planned_hours
    if planned <= 0.0:
        return 1.0
    covered = max(0.0, built - briefing.tests.built_hours_since_cycle)
    return min(1.0, covered / planned)


def data_share(briefing: Briefing) -> float:
    """Mean measured quality of the data objects, times the last mock load's success, 0..1.

    Before the first mock load half of the quality counts.
    """
    migration = briefing.migration
    qualities = [data.measured_quality for data in migration.objects if data.present]
    if not qualities:
        return 1.0
    success = migration.last_mock_load_success if migration.mock_loads_done else 0.0
    return plain_sum(qualities) / len(qualities) * (0.5 + 0.5 * max(0.0, success))


def live_share(briefing: Briefing) -> float:
    """Share of the sites in production, 0..1."""
    present = live = 0
    for site in briefing.sites:
        if site.present:
            present += 1
            live += site.status >= SiteStatus.LIVE
    return live / present if present else 0.0


def lateness_share(briefing: Briefing) -> float:
    """Known delay of the next go-live over the planned duration, 0..2; 0 once all are live."""
    calendar = briefing.calendar
    if calendar.hypercare_day >= 0:
        return 0.0
    expected = max(calendar.target_go_live_day, calendar.day)
    late_days = max(0, expected - calendar.planned_go_live_day)
    return min(2.0, late_days / max(calendar.planned_go_live_day, 1))


def spent_share(briefing: Briefing) -> float:
    """Money spent over the budget, 0..2."""
    money = briefing.money
    return min(2.0, money.spent_usd / money.budget_usd) if money.budget_usd > 0.0 else 0.0
