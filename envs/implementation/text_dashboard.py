"""A briefing as text: what ``render_mode="ansi"`` shows."""

from __future__ import annotations

from ...core.arithmetic import whole_sum
from ...scenarios.implementation.traits import TRAITS
from ...sim.implementation.briefing import DATA_OBJECTS, Briefing, SiteStatus
from ...sim.implementation.decision import NO_FOCUS, ROLES, WORKSTREAMS
from ...sim.implementation.scorecard import Scorecard
from .diary_words import counted, usd
from .insight_words import WORDS
from .value_charts import price_lines, value_parts

_BAR_WIDTH = 20


def text_dashboard(
    briefing: Briefing, customer: str, scenario: str, card: Scorecard | None = None
) -> str:
    """A screen of plain text, about 50 lines of at most 100 characters.

    Args:
        briefing: of the moment.
        customer: its name.
        scenario: its title.
        card: the outcome, once it is over.
    """
    parts = (
        _heading(briefing, customer, scenario),
        _work(briefing),
        _crew(briefing),
        _quality(briefing),
        _people(briefing),
        _sites(briefing),
        _insights(briefing),
        _prices(briefing) if card is None else _value(card),
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


def _insights(briefing: Briefing) -> list[str]:
    """Estimates of the customer's traits with their errors, two to a line."""
    cells = [
        f"{WORDS[name].short:20s} {insight.value:+5.1f} +- {insight.error:3.1f}"
        + (f" ({counted(insight.readings, 'reading')})" if insight.readings else "")
        for name, insight in zip(TRAITS, briefing.insights, strict=True)
    ]
    pairs = zip(cells[::2], cells[1::2], strict=True)
    return ["Who the customer is, from -1 to 1", *(f" {one:48s} {other}" for one, other in pairs)]


def _prices(briefing: Briefing) -> list[str]:
    cells = [f"{name}: {value}" for name, value in price_lines(briefing)]
    rows = [cells[first : first + 2] for first in range(0, len(cells), 2)]
    return ["Time and money", *(f" {'; '.join(row)}" for row in rows)]


def _value(card: Scorecard) -> list[str]:
    parts = [f"{name} {usd(amount)}" for name, amount, total in value_parts(card) if not total]
    risk = f"{card.survival:.0%} that nobody stopped it, expected {usd(card.expected_value_usd)}"
    return [
        f"Value: {usd(card.value_usd)} of {usd(card.business_case_usd)} planned; {risk}",
        f" {', '.join(parts)}",
        f"Go-live score {card.go_live_score:.2f}",
    ]
