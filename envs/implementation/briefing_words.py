"""The briefing of an implementation as facts: everything in it, with units, in a stable order.

Each function says one part of the briefing. Numbers are written, never computed: what a reader
finds in the text stands in the briefing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...scenarios.implementation.traits import TRAITS
from ...scenarios.implementation.vocabulary import Industry
from ...sim.briefing_text import Fact, News, Row, Section
from ...sim.implementation.briefing import (
    CHECKS,
    DATA_OBJECTS,
    DEPARTMENTS,
    NEVER,
    Briefing,
    DataStage,
    DefectSeverity,
    SiteStatus,
    SystemEnvironment,
)
from ...sim.implementation.decision import NO_FOCUS, READS, ROLES, WORKSTREAMS
from .diary_words import plain

TOPICS = {
    "plan": "calendar, dates, windows, what the phase plan has now",
    "money": "budget, spending and prices",
    "work": "effort and packages of each workstream",
    "crew": "what each role works on, its hours since the last decision, its speeds",
    "quality": "known defects, test cycles, acceptance",
    "data": "data objects and mock loads",
    "customer": "who it is, its people, key users and open questions",
    "nature": "estimates of what the customer is like and nobody says",
    "sites": "sites, systems, interfaces and disruptions",
    "management": "moves made so far and reports awaited",
}
"""Topics of the briefing, and what each tells."""
_INDUSTRIES = tuple(Industry)
_WORK_NOTE = "h: effort hours; packages: ready, waiting for others, stopped by questions, done"


def sections(briefing: Briefing) -> list[Section]:
    """The briefing in words."""
    return [
        _plan(briefing),
        _calendar(briefing),
        _money(briefing),
        _work(briefing),
        _crew(briefing),
        _speeds(briefing),
        _quality(briefing),
        _data(briefing),
        _records(briefing),
        _loads(briefing),
        _customer(briefing),
        _people(briefing),
        _key_users(briefing),
        _traits(briefing),
        _readings(briefing),
        _sites(briefing),
        _order_of_sites(briefing),
        _systems(briefing),
        _disruptions(briefing),
        _management(briefing),
        _further(briefing),
    ]


def days(number: float) -> str:
    """A day's number, or a number of days."""
    return f"{number:g}"


def hours(number: float) -> str:
    """Hours, to the full one."""
    return f"{number:.0f}"


def tenths(number: float) -> str:
    """A number to a tenth."""
    return f"{number:.1f}"


def hundredths(number: float) -> str:
    """A number to a hundredth."""
    return f"{number:.2f}"


def share(number: float) -> str:
    """A share in per cent, to a tenth of one."""
    return f"{100.0 * number:.1f}%"


def dollars(number: float) -> str:
    """Money in US dollars, to the full one."""
    return f"{'-' if round(number) < 0 else ''}${abs(number):.0f}"


def ago(number: int) -> str:
    """An age in days."""
    return "never" if number == NEVER else f"{number} d ago"


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _names(names: Iterator[str]) -> str:
    return ", ".join(names) or "none"


def _single(topic: str, title: str, *facts: Fact) -> Section:
    return Section(topic, title, (Row("", facts),))


def _plan(briefing: Briefing) -> Section:
    c, management = briefing.calendar, briefing.management
    planned = zip(WORKSTREAMS, c.planned_focus, strict=True)
    dates = (
        Fact("planned day", days(c.planned_go_live_day)),
        Fact("target day", days(c.target_go_live_day)),
        Fact("agreed day", days(c.agreed_go_live_day)),
        Fact("next window day", days(c.next_window_day)),
        Fact("postponed", f"{c.postponements} times"),
        Fact("postponements left", str(c.postponements_left)),
        Fact("new plans agreed", str(management.rebaselines)),
    )
    clock = [
        Fact("day", days(c.day), news=News.NONE),
        Fact("steering committee in", f"{c.days_to_steering} days", news=News.NONE),
    ]
    if c.hypercare_day != NEVER:
        clock.append(Fact("hypercare day", days(c.hypercare_day), news=News.NONE))
    phases = Fact("", _names(str(name) for name, now in planned if now))
    rows = (Row("clock", tuple(clock)), Row("go-live", dates), Row("phase plan now", (phases,)))
    return Section("plan", "Plan", rows)


def _calendar(briefing: Briefing) -> Section:
    c = briefing.calendar
    facts = (
        Fact("last day at the latest", days(c.last_day)),
        Fact("days per decision", days(c.days_per_decision)),
        Fact("hours per day", days(c.hours_per_day)),
        Fact("hypercare lasts", f"{c.hypercare_days} days"),
    )
    return Section("plan", "Calendar", (Row("", facts),), brief=False)


def _money(briefing: Briefing) -> Section:
    m = briefing.money
    return _single(
        "money",
        "Money",
        Fact("budget", dollars(m.budget_usd)),
        Fact("spent", dollars(m.spent_usd)),
        Fact("spent since the last decision", dollars(m.spent_last_period_usd), News.ANEW),
        Fact("planned to date", dollars(m.planned_to_date_usd), news=News.NONE),
        Fact("a reading costs", dollars(m.reading_usd)),
        Fact("a day of full use is worth", dollars(m.benefit_day_usd)),
    )


def _work(briefing: Briefing) -> Section:
    rows = [
        Row(
            str(name),
            (
                Fact("planned h", hours(w.planned_hours)),
                Fact("done h", hours(w.done_hours)),
                Fact("left h", hours(w.remaining_hours)),
                Fact("ready h", hours(w.ready_hours)),
                Fact("ready", str(w.ready_packages)),
                Fact("waiting", str(w.waiting_packages)),
                Fact("stopped", str(w.blocked_packages)),
                Fact("stopped h", hours(w.blocked_hours)),
                Fact("done", f"{w.packages_done} of {w.packages_total}"),
                Fact("fixes", str(w.fix_packages)),
                Fact("slack d", tenths(w.slack_days), news=News.NONE),
            ),
        )
        for name, w in zip(WORKSTREAMS, briefing.workstreams, strict=True)
        if w.packages_total
    ]
    return Section("work", "Work", tuple(rows), table=True, note=_WORK_NOTE)


def _crew(briefing: Briefing) -> Section:
    rows = []
    for name, role in zip(ROLES, briefing.roles, strict=True):
        focus = "none" if role.focus == NO_FOCUS else str(WORKSTREAMS[role.focus])
        facts = (
            Fact("members", tenths(role.units)),
            Fact("newcomers", str(role.newcomers)),
            Fact("worked on", focus),
            Fact("useful h", tenths(role.useful_hours), News.ANEW),
            Fact("rework h", tenths(role.rework_hours), News.ANEW),
            Fact("waiting h", tenths(role.waiting_hours), News.ANEW),
            Fact("switching h", tenths(role.switching_hours), News.ANEW),
        )
        rows.append(Row(str(name), facts))
    return Section("crew", "Crew", tuple(rows), table=True, note="hours since the last decision")


def _speeds(briefing: Briefing) -> Section:
    rows = [
        Row(
            str(name),
            tuple(
                Fact(str(workstream), hundredths(speed), news=News.NONE)
                for workstream, speed in zip(WORKSTREAMS, role.skill, strict=True)
            ),
        )
        for name, role in zip(ROLES, briefing.roles, strict=True)
        if role.units > 0.0
    ]
    return Section("crew", "Speed", tuple(rows), table=True, note="a specialist: 1", brief=False)


def _quality(briefing: Briefing) -> Section:
    defects, tests = briefing.defects, briefing.tests
    named = zip(DefectSeverity, defects.open_by_severity, strict=True)
    known = (
        *(Fact(f"open {severity.name.lower()}", str(count)) for severity, count in named),
        Fact("found", str(defects.found)),
        Fact("fixed", str(defects.fixed)),
        Fact("open tickets from production", str(defects.open_tickets)),
    )
    cycles = (
        Fact("done", str(tests.cycles_done)),
        Fact("under way", _yes(tests.cycle_pending)),
        Fact("last", ago(tests.last_cycle_age_days), news=News.NONE),
        Fact("its pass rate", share(tests.last_cycle_pass_rate)),
        Fact("its defects", str(tests.last_cycle_defects)),
        Fact("built since and untested h", hours(tests.built_hours_since_cycle)),
    )
    checks = [
        Fact(plain(check), "passed" if passed else "not passed")
        for check, needed, passed in zip(
            CHECKS, tests.checks_required, tests.checks_passed, strict=True
        )
        if needed
    ]
    checks.append(Fact("built since acceptance h", hours(tests.built_hours_since_acceptance)))
    rows = (Row("defects", known), Row("test cycles", cycles), Row("acceptance", tuple(checks)))
    return Section("quality", "Quality", rows)


def _data(briefing: Briefing) -> Section:
    rows = [
        Row(
            plain(name),
            (
                Fact("stage", DataStage(data.stage).name.lower()),
                Fact("quality", share(data.measured_quality)),
                Fact("measured", ago(data.measurement_age_days), news=News.NONE),
                Fact("cleansing h", hours(data.cleansing_hours)),
            ),
        )
        for name, data in zip(DATA_OBJECTS, briefing.migration.objects, strict=True)
        if data.present
    ]
    return Section("data", "Data", tuple(rows), table=True)


def _records(briefing: Briefing) -> Section:
    named = zip(DATA_OBJECTS, briefing.migration.objects, strict=True)
    facts = tuple(Fact(plain(name), str(data.records)) for name, data in named if data.present)
    return Section("data", "Records", (Row("", facts),) if facts else (), brief=False)


def _loads(briefing: Briefing) -> Section:
    m = briefing.migration
    return _single(
        "data",
        "Mock loads",
        Fact("done", str(m.mock_loads_done)),
        Fact("under way", _yes(m.mock_load_pending)),
        Fact("last", ago(m.last_mock_load_age_days), news=News.NONE),
        Fact("it loaded", share(m.last_mock_load_success)),
        Fact("gate", share(m.gate)),
        Fact("reconciliation gate at cutover", share(m.reconciliation_gate)),
    )


def _customer(briefing: Briefing) -> Section:
    c = briefing.customer
    present = zip(DEPARTMENTS, c.departments, strict=True)
    facts = (
        Fact("industry", plain(_INDUSTRIES[c.industry])),
        Fact("delivered by", "AI agents" if c.agentic else "consultants"),
        Fact("employees", str(c.employees)),
        Fact("sites", str(c.sites)),
        Fact("complexity, of 10", str(c.complexity)),
        Fact("data quality by its own word", share(c.stated_data_quality)),
        Fact("integrations", str(c.integrations)),
        Fact("custom requirements", str(c.custom_requirements)),
        Fact("failed projects before", str(c.previous_failed_projects)),
        Fact("standards to validate for", str(c.standards)),
        Fact("languages", str(c.languages)),
        Fact("countries", str(c.countries)),
        Fact("currencies", str(c.currencies)),
        Fact("departments:", " ".join(str(name) for name, there in present if there)),
    )
    return Section("customer", "Customer", (Row("", facts),), brief=False)


def _people(briefing: Briefing) -> Section:
    p, q = briefing.people, briefing.questions
    survey = (
        Fact("taken", ago(p.survey_age_days), news=News.NONE),
        Fact("standard error", share(p.standard_error)),
        Fact("trust", share(p.trust)),
        Fact("sponsor's support", share(p.sponsor_support)),
        Fact("resistance", share(p.resistance)),
        Fact("readiness (trained and able)", share(p.readiness)),
        Fact("adoption", share(p.adoption)),
    )
    questions = (
        Fact("pending", str(q.pending)),
        Fact("oldest", f"{tenths(q.oldest_age_days)} days", news=News.NONE),
        Fact("mean age", f"{tenths(q.mean_age_days)} days", news=News.NONE),
        Fact("answered", str(q.answered)),
        Fact("assumed instead", str(q.assumptions)),
    )
    return Section("customer", "People", (Row("survey", survey), Row("questions", questions)))


def _key_users(briefing: Briefing) -> Section:
    rows = [
        Row(
            str(name),
            (
                Fact("h per day", tenths(k.hours_per_day)),
                Fact("load", share(k.load), News.NONE),
                Fact("questions pending", str(k.pending_questions)),
            ),
        )
        for name, k, there in zip(
            DEPARTMENTS, briefing.key_users, briefing.customer.departments, strict=True
        )
        if there
    ]
    return Section("customer", "Key users", tuple(rows), table=True, brief=False)


def _traits(briefing: Briefing) -> Section:
    rows = [
        Row(
            plain(name),
            (
                Fact("estimate", f"{i.value:+.2f}"),
                Fact("standard error", hundredths(i.error)),
                Fact("readings", str(i.readings)),
            ),
        )
        for name, i in zip(TRAITS, briefing.insights, strict=True)
    ]
    return Section("nature", "Customer's nature", tuple(rows), table=True, note="-1 to 1")


def _readings(briefing: Briefing) -> Section:
    ages = zip(TRAITS, briefing.insights, strict=True)
    facts = tuple(Fact(plain(name), ago(i.age_days), News.NONE) for name, i in ages)
    return Section("nature", "Last readings", (Row("", facts),), brief=False)


def _sites(briefing: Briefing) -> Section:
    rows = []
    for number, site in enumerate(briefing.sites, start=1):
        if not site.present:
            continue
        facts = [
            Fact("status", SiteStatus(site.status).name.lower()),
            Fact("target day", days(site.target_go_live_day)),
            Fact(
                "days live", "none" if site.days_live == NEVER else days(site.days_live), News.NONE
            ),
            Fact("output of before", share(site.reported_productivity)),
            Fact("readiness", share(site.readiness)),
            Fact("scope done", share(site.scope_done)),
            Fact("own work left h", hours(site.own_hours)),
        ]
        rows.append(Row(f"site {number}", tuple(facts)))
    return Section("sites", "Sites", tuple(rows), table=True)


def _order_of_sites(briefing: Briefing) -> Section:
    rows = [
        Row(
            f"site {number}",
            (
                Fact("wave", str(site.wave)),
                Fact("rolled back", f"{site.rolled_back} times"),
                Fact("clock ahead h", tenths(site.time_zone_hours)),
            ),
        )
        for number, site in enumerate(briefing.sites, start=1)
        if site.present
    ]
    return Section("sites", "Waves", tuple(rows), table=True, brief=False)


def _systems(briefing: Briefing) -> Section:
    i = briefing.interfaces
    rows = [
        Row(
            SystemEnvironment(number).name.lower(),
            (Fact("", "up" if system.up else "down"), Fact("busy", _yes(system.busy))),
        )
        for number, system in enumerate(briefing.systems)
    ]
    interfaces = (
        Fact("in all", str(i.total)),
        Fact("built", str(i.built)),
        Fact("tested", str(i.tested)),
        Fact("failing", str(i.failing)),
    )
    return Section("sites", "Systems", (*rows, Row("interfaces", interfaces)))


def _disruptions(briefing: Briefing) -> Section:
    rows, number = [], dict[str, int]()
    for one in briefing.disruptions:
        kind = plain(one.kind)
        number[kind] = number.get(kind, 0) + 1
        name = kind if number[kind] == 1 else f"{kind} #{number[kind]}"
        facts = (
            Fact("severity", str(one.severity)),
            Fact("noticed on day", days(one.day_noticed)),
            Fact("known effort left h", hours(one.response_hours)),
        )
        rows.append(Row(name, facts))
    return Section("sites", "Disruptions", tuple(rows))


def _management(briefing: Briefing) -> Section:
    m = briefing.management
    awaited = zip(READS, m.readings_pending, strict=True)
    return _single(
        "management",
        "Management so far",
        Fact("change freeze", "on" if m.change_freeze else "off"),
        Fact("workshops", str(m.workshops)),
        Fact("last workshop", ago(m.days_since_workshop), news=News.NONE),
        Fact("escalations", str(m.escalations)),
        Fact("last escalation", ago(m.days_since_escalation), news=News.NONE),
        Fact("training waves", str(m.training_waves)),
        Fact("training waves under way", str(m.training_pending)),
        Fact("interventions", str(m.interventions)),
        Fact("members added", str(m.capacity_added)),
        Fact("changes requested", str(m.changes_requested)),
        Fact("changes rejected", str(m.changes_rejected)),
        Fact("readings bought", str(m.readings_bought)),
        Fact("reports awaited:", _names(move.name.lower() for move, due in awaited if due)),
        Fact("illegal decisions", str(m.illegal_decisions)),
    )


def _further(briefing: Briefing) -> Section:
    facts: Sequence[Fact] = [
        Fact(plain(name), f"{value:g}") for name, value in sorted(briefing.further.items())
    ]
    return Section("management", "Further", (Row("", tuple(facts)),) if facts else ())
