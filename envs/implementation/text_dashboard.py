"""A briefing as text: what ``render_mode="ansi"`` shows."""

from __future__ import annotations

from ...core.arithmetic import whole_sum
from ...sim.implementation.briefing import DATA_OBJECTS, Briefing, SiteStatus
from ...sim.implementation.decision import NO_FOCUS, ROLES, WORKSTREAMS

_BAR_WIDTH = 20


def text_dashboard(briefing: Briefing, customer: str, scenario: str) -> str:
    """A screen of plain text, about 40 lines of at most 100 characters."""
    parts = (
        _heading(briefing, customer, scenario),
        _work(briefing),
        _crew(briefing),
        _quality(briefing),
        _people(briefing),
        _sites(briefing),
    )
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _bar(share: float) -> str:
    filled = round(_BAR_WIDTH * min(max(share, 0.0), 1.0))
    return "#" * filled + "." * (_BAR_WIDTH - filled)


def _words(name: object) -> str:
    return str(name).replace("_", " ")


def _heading(briefing: Briefing, customer: str, scenario: str) -> list[str]:
    calendar, money = briefing.calendar, briefing.money
    if calendar.hypercare_day >= 0:
        stage = f"hypercare day {calendar.hypercare_day} of {calendar.hypercare_days}"
    else:
        stage = f"go-live on day {calendar.target_go_live_day}"
        slip = calendar.target_go_live_day - calendar.planned_go_live_day
        stage += f" ({slip} days after plan)" if slip else " (as planned)"
    return [
        f"{customer} - {scenario}",
        f"Day {calendar.day}, {stage}; spent ${money.spent_usd:,.0f} of ${money.budget_usd:,.0f}, "
        f"plan ${money.planned_to_date_usd:,.0f}",
    ]


def _work(briefing: Briefing) -> list[str]:
    lines = [
        "Work             done                       remaining h  ready  blocked  fixes  slack d"
    ]
    planned = briefing.calendar.planned_focus
    for index, workstream in enumerate(briefing.workstreams):
        known = workstream.done_hours + workstream.remaining_hours
        share = workstream.done_hours / known if known else 1.0
        mark = "*" if planned[index] else " "
        lines.append(
            f"{mark}{_words(WORKSTREAMS[index]):15s} {_bar(share)} {share:4.0%} "
            f"{workstream.remaining_hours:11,.0f} {workstream.ready_packages:6d} "
            f"{workstream.blocked_packages:8d} {workstream.fix_packages:6d} "
            f"{workstream.slack_days:8.1f}"
        )
    return lines


def _crew(briefing: Briefing) -> list[str]:
    lines = ["Crew             focus            units  useful h  rework h  waiting h  switching h"]
    for index, role in enumerate(briefing.roles):
        focus = "none" if role.focus == NO_FOCUS else _words(WORKSTREAMS[role.focus])
        lines.append(
            f" {_words(ROLES[index]):15s} {focus:15s} {role.units:6.1f} {role.useful_hours:9.1f} "
            f"{role.rework_hours:9.1f} {role.waiting_hours:10.1f} {role.switching_hours:12.1f}"
        )
    return lines


def _quality(briefing: Briefing) -> list[str]:
    minor, major, critical = briefing.defects.open_by_severity
    tests, migration = briefing.tests, briefing.migration
    loads = (
        f"last {migration.last_mock_load_success:.0%} of {migration.gate:.0%}"
        if migration.mock_loads_done
        else f"none yet, gate {migration.gate:.0%}"
    )
    objects = ", ".join(
        f"{_words(DATA_OBJECTS[index])} {data.measured_quality:.0%}"
        for index, data in enumerate(migration.objects)
        if data.present
    )
    return [
        f"Defects open: {critical} critical, {major} major, {minor} minor; "
        f"{briefing.defects.open_tickets} tickets",
        f"Tests: {tests.cycles_done} cycles, acceptance checks passed "
        f"{whole_sum(tests.checks_passed)} of {whole_sum(tests.checks_required)}",
        f"Mock loads: {migration.mock_loads_done} done, {loads}",
        f"Data: {objects}",
    ]


def _people(briefing: Briefing) -> list[str]:
    people, questions = briefing.people, briefing.questions
    return [
        f"People ({people.survey_age_days} days old): trust {people.trust:.0%}, "
        f"sponsor {people.sponsor_support:.0%}, resistance {people.resistance:.0%}, "
        f"readiness {people.readiness:.0%}, adoption {people.adoption:.0%}",
        f"Questions: {questions.pending} pending, oldest {questions.oldest_age_days:.1f} days",
    ]


def _sites(briefing: Briefing) -> list[str]:
    lines = []
    for slot, site in enumerate(briefing.sites, start=1):
        if site.present:
            status = SiteStatus(site.status).name.lower()
            lines.append(f"Site {slot}: {status}, output {site.reported_productivity:.0%}")
    for disruption in briefing.disruptions:
        lines.append(
            f"Disruption: {_words(disruption.kind)}, {disruption.severity}, "
            f"noticed on day {disruption.day_noticed}"
        )
    return lines
