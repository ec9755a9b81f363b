from __future__ import annotations

from dataclasses import replace

import pytest

from golive.scenarios.implementation.traits import TRAITS
from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.sim.implementation.briefing import (
    CHECKS,
    DATA_OBJECTS,
    DEPARTMENTS,
    NEVER,
    SITE_SLOTS,
    Briefing,
    CalendarStatus,
    CustomerProfile,
    DataObjectStatus,
    DataStage,
    DefectStatus,
    InsightStatus,
    InterfaceStatus,
    KeyUserStatus,
    ManagementStatus,
    MigrationStatus,
    MoneyStatus,
    PeopleStatus,
    QuestionStatus,
    ReportedDisruption,
    RoleStatus,
    SiteReport,
    SiteStatus,
    SystemStatus,
    TestStatus,
    WorkstreamStatus,
)
from golive.sim.implementation.decision import READS, ROLE_COUNT, WORKSTREAM_COUNT
from golive.sim.implementation.scorecard import Scorecard


def _calendar() -> CalendarStatus:
    return CalendarStatus(
        day=12,
        planned_go_live_day=30,
        target_go_live_day=35,
        last_day=75,
        hours_per_day=8.0,
        days_per_decision=1,
        hypercare_day=NEVER,
        hypercare_days=20,
        planned_focus=(False, True, True, True, False, False, False, False),
        postponements=1,
        postponements_left=3,
        days_to_steering=3,
        next_window_day=15,
        agreed_go_live_day=33,
    )


def _workstream(index: int) -> WorkstreamStatus:
    return WorkstreamStatus(
        planned_hours=100.0 + 10.0 * index,
        done_hours=40.0,
        remaining_hours=60.0,
        ready_packages=3,
        ready_hours=24.0,
        waiting_packages=2,
        blocked_packages=1,
        blocked_hours=8.0,
        packages_done=4,
        packages_total=10,
        fix_packages=2,
        slack_days=-1.5,
    )


def _role(index: int) -> RoleStatus:
    return RoleStatus(
        units=1.5,
        newcomers=1,
        useful_hours=6.0,
        rework_hours=1.0,
        waiting_hours=0.5,
        switching_hours=0.5,
        focus=index,
        skill=tuple(0.5 + 0.1 * k for k in range(WORKSTREAM_COUNT)),
    )


def _site(slot: int) -> SiteReport:
    return SiteReport(
        present=slot == 0,
        status=SiteStatus.PLANNED,
        target_go_live_day=35,
        days_live=NEVER,
        reported_productivity=1.0,
        rolled_back=0,
        wave=0,
        readiness=0.2,
        scope_done=0.4,
        own_hours=120.0,
        time_zone_hours=0.0,
    )


def make_briefing() -> Briefing:
    return Briefing(
        calendar=_calendar(),
        workstreams=tuple(_workstream(i) for i in range(WORKSTREAM_COUNT)),
        roles=tuple(_role(i) for i in range(ROLE_COUNT)),
        defects=DefectStatus((5, 3, 1), found=20, fixed=11, open_tickets=0),
        tests=TestStatus(
            1, False, 4, 0.8, 12, 80.0, (True,) * len(CHECKS), (False,) * len(CHECKS), 20.0
        ),
        migration=MigrationStatus(
            objects=tuple(
                DataObjectStatus(True, 1200, DataStage.MAPPED, 0.8, 2, 30.0) for _ in DATA_OBJECTS
            ),
            mock_loads_done=1,
            mock_load_pending=False,
            last_mock_load_age_days=3,
            last_mock_load_success=0.9,
            gate=0.97,
            reconciliation_gate=0.98,
        ),
        questions=QuestionStatus(4, 3.5, 1.5, 17, 1),
        key_users=tuple(KeyUserStatus(4.0, 0.7, 1) for _ in DEPARTMENTS),
        people=PeopleStatus(0.6, 0.7, 0.3, 0.2, 0.1, 2, 0.04),
        money=MoneyStatus(400_000.0, 130_000.0, 5_000.0, 120_000.0, 20_000.0, 3_200.0),
        systems=(SystemStatus(True, False),) * 3,
        disruptions=(
            ReportedDisruption(DisruptionKind.ENVIRONMENT_OUTAGE, Severity.CRITICAL, 10, 0.0),
        ),
        interfaces=InterfaceStatus(4, 2, 1, 1),
        sites=tuple(_site(slot) for slot in range(SITE_SLOTS)),
        management=ManagementStatus(
            *(False, 2, 1, 1, 0, 1, 0, 6, 2, 5, NEVER, 0),
            readings_bought=2,
            readings_pending=(True, *[False] * (len(READS) - 1)),
            rebaselines=1,
        ),
        customer=CustomerProfile(
            0, True, 150, 1, 6, 0.65, 4, 9, 0, (True,) * len(DEPARTMENTS), 0, 1, 1, 1
        ),
        insights=tuple(InsightStatus(0.1 * k - 0.4, 1.2, 12, 0) for k in range(len(TRAITS))),
    )


def make_scorecard(**changes: float) -> Scorecard:
    card = Scorecard(
        success=True,
        went_live=True,
        cancelled=False,
        stopped_day=-1,
        cost_at_stop_usd=0.0,
        survival=0.95,
        data_gate_passed=True,
        reconciliation_passed=True,
        acceptance_passed=True,
        catastrophic_dip=False,
        adoption_reached=True,
        schedule_ratio=1.1,
        days_late=3.0,
        cost_ratio=1.05,
        cost_usd=420_000.0,
        defect_removal_efficiency=0.9,
        defects_found=80,
        defects_escaped=8,
        data_quality_start=0.65,
        data_quality_go_live=0.97,
        reconciliation=0.99,
        adoption=0.8,
        nps=30.0,
        dip_depth=0.2,
        dip_days=6.0,
        benefits_realised=0.7,
        business_case_usd=1_000_000.0,
        value_usd=600_000.0,
        benefits_usd=1_100_000.0,
        programme_usd=-420_000.0,
        dip_usd=-50_000.0,
        delay_usd=-20_000.0,
        penalties_usd=-10_000.0,
        expected_value_usd=550_000.0,
        manual_interventions=1,
        illegal_decisions=0,
        crew_utilisation=0.8,
        useful_share=0.7,
        waiting_share=0.1,
        switching_share=0.05,
        rework_share=0.15,
        scope_growth=0.1,
        data_migration_days_late=2.0,
        data_migration_cost_ratio=1.1,
        disruptions_met=1,
        disruptions_recovered=1,
        recovery_days=1.0,
        roll_backs=0,
        days=50,
        go_live_score=0.7,
    )
    return replace(card, **changes)  # type: ignore[arg-type]


@pytest.fixture
def briefing() -> Briefing:
    return make_briefing()


@pytest.fixture
def scorecard() -> Scorecard:
    return make_scorecard()
