"""The reports in a diary: the opening, the crew's orders, the week's status, the outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...core.arithmetic import plain_sum, whole_sum
from ...scenarios.implementation.vocabulary import Role
from ...sim.implementation.briefing import NEVER, Briefing, SiteStatus
from ...sim.implementation.decision import NO_FOCUS, ROLES, WORKSTREAMS
from ...sim.implementation.scorecard import Scorecard
from .diary_events import Tracker
from .diary_words import counted, joined, lateness, none_or, percent, plain, usd
from .insight_words import heard

_STANDS_DOWN = "standing by"
_MEMBERS = {
    Role.DATA_MIGRATION: "data migration specialist",
    Role.CONFIGURATION: "configuration specialist",
}
"""Members of those roles whose name is a task's."""


def crew_orders(before: Briefing | None, now: Briefing) -> str:
    """Orders to the crew; only new ones where there were some before. Empty: there are none.

    Args:
        before: briefing that followed the last order; None: there was none.
        now: briefing that followed this one.
    """
    teams: dict[int, list[str]] = {}
    for index, role in enumerate(now.roles):
        members = round(role.units)
        if members and (before is None or before.roles[index].focus != role.focus):
            whom = _MEMBERS.get(ROLES[index], plain(ROLES[index]))
            team = counted(members, whom) if members > 1 else f"the {whom}"
            teams.setdefault(role.focus, []).append(team)
    word = "now " if before is not None else ""
    if len(teams) == 1 and len({role.focus for role in now.roles if round(role.units)}) == 1:
        return f"everybody {word}{_place(next(iter(teams)))}"
    return "; ".join(f"{joined(team)} {word}{_place(place)}" for place, team in teams.items())


def crew_goes_on(now: Briefing) -> str:
    """The workstreams that somebody works on."""
    places = {role.focus for role in now.roles if round(role.units) and role.focus != NO_FOCUS}
    if not places:
        return "the crew stands by"
    return f"the crew goes on with {joined([str(WORKSTREAMS[place]) for place in sorted(places)])}"


def _place(focus: int) -> str:
    return _STANDS_DOWN if focus == NO_FOCUS else f"on {WORKSTREAMS[focus]}"


def dates_moved(before: Briefing, after: Briefing, sites: Sequence[str]) -> list[str]:
    """Go-live dates that are others than they were, site by site."""
    moved = []
    for name, old, new in zip(sites, before.sites, after.sites, strict=False):
        days = old.target_go_live_day, new.target_go_live_day
        if new.status < SiteStatus.LIVE and days[0] != days[1]:
            moved.append(f"{name} from day {days[0]} to day {days[1]}")
    return moved


def disruptions(today: Briefing) -> dict[str, str]:
    """Severity of the disruptions that are known, and the estimated work on them, by kind."""
    return {
        str(one.kind): f" ({one.severity}{_to_mend(one.response_hours)})"
        for one in today.disruptions
    }


def _to_mend(hours: float) -> str:
    return f", about {hours:,.0f} h to mend" if hours >= 0.5 else ""


def week_status(today: Briefing, tracker: Tracker, sites: Sequence[str]) -> Iterator[str]:
    """Lines of the weekly report, from the briefing and the time sheets."""
    yield _schedule(today, tracker, len(sites))
    if booked := tracker.booked_hours:
        hours = sorted(booked.items(), key=lambda item: -item[1])
        parts = ", ".join(
            f"{name or 'other'} {spent:,.0f}" for name, spent in hours if spent >= 0.5
        )
        yield f"Effort booked: {plain_sum(booked.values()):,.0f} h ({parts})"
    yield _money(today)
    yield _quality(today)
    yield _data(today)
    yield _people(today)
    if any(site.days_live >= 0 for site in today.sites):
        yield _production(today, sites)


def _schedule(today: Briefing, tracker: Tracker, sites: int) -> str:
    calendar = today.calendar
    done = plain_sum(row.done_hours for row in today.workstreams)
    known = done + plain_sum(row.remaining_hours for row in today.workstreams)
    work = f"{percent(done / known if known else 1.0)} of the known work done"
    if calendar.hypercare_day >= 0:
        return (
            f"Schedule: hypercare day {calendar.hypercare_day} of {calendar.hypercare_days}; {work}"
        )
    slip = calendar.target_go_live_day - calendar.planned_go_live_day
    moved = f" ({counted(slip, 'day')} after plan)" if slip > 0 else ""
    which, of_which = ("next go-live", " for the last") if sites > 1 else ("go-live", "")
    forecast = (
        "" if tracker.days_late is None else f", forecast{of_which} {lateness(tracker.days_late)}"
    )
    return f"Schedule: {work}; {which} on day {calendar.target_go_live_day}{moved}{forecast}"


def _money(today: Briefing) -> str:
    money = today.money
    return (
        f"Budget: ${money.spent_usd:,.0f} of ${money.budget_usd:,.0f} spent "
        f"({percent(money.spent_usd / money.budget_usd)}); the plan had "
        f"${money.planned_to_date_usd:,.0f} by now"
    )


def _quality(today: Briefing) -> str:
    _, _, critical = today.defects.open_by_severity
    known = whole_sum(today.defects.open_by_severity)
    tests = today.tests
    checks = whole_sum(tests.checks_passed), whole_sum(tests.checks_required)
    defects = f"{none_or(known, 'known defect')} open"
    if known:
        defects += f", {critical or 'none'} of them critical"
    pending = today.questions.pending
    return (
        f"Quality: {defects}; "
        f"{checks[0]} of {checks[1]} acceptance checks passed; "
        f"{none_or(pending, 'question')} to the customer open"
    )


def _data(today: Briefing) -> str:
    migration = today.migration
    present = [item for item in migration.objects if item.present]
    if not present:
        return "Data: nothing to migrate"
    quality = percent(plain_sum(item.measured_quality for item in present) / len(present))
    measured = whole_sum(item.measurement_age_days != NEVER for item in present)
    how = (
        "as measured"
        if measured == len(present)
        else f"({measured} of {len(present)} objects measured)"
    )
    if not measured:
        how = "by the customer's word"
    if migration.mock_loads_done:
        success, gate = percent(migration.last_mock_load_success), percent(migration.gate)
        load = f"last mock load {success}, gate {gate}"
    else:
        load = f"no mock load yet, gate {percent(migration.gate)}"
    return f"Data: {quality} of the records good {how}; {load}"


def _people(today: Briefing) -> str:
    people = today.people
    age = people.survey_age_days
    when = f", {counted(age, 'day')} old" if age > 0 else ""
    adoption = f", adoption {percent(people.adoption)}" if people.adoption >= 0.005 else ""
    return (
        f"Survey{when}: trust {percent(people.trust)}, sponsor {percent(people.sponsor_support)}, "
        f"resistance {percent(people.resistance)}, readiness {percent(people.readiness)}{adoption}"
    )


def _production(today: Briefing, sites: Sequence[str]) -> str:
    live = [
        f"{name} {percent(site.reported_productivity)}"
        for name, site in zip(sites, today.sites, strict=False)
        if site.days_live >= 0
    ]
    tickets = today.defects.open_tickets
    output = ", ".join(live)
    return f"Production: output against before, {output}; {none_or(tickets, 'ticket')} open"


def opening(facts: Mapping[str, float | str], first: Briefing, packages: int, title: str) -> str:
    """The project at its kick-off, from the contract."""
    calendar, customer = first.calendar, first.customer
    known = plain_sum(row.remaining_hours for row in first.workstreams)
    industry = plain(facts.get("industry", ""))
    return (
        f"{title}. The customer: {industry}{', ' if industry else ''}"
        f"{counted(customer.employees, 'employee')}, {counted(customer.sites, 'site')}, "
        f"{counted(customer.integrations, 'interface')}. The plan: go-live on day "
        f"{calendar.planned_go_live_day} (kick-off is day 0), {counted(packages, 'package')} of "
        f"work, {known:,.0f} h, for ${first.money.budget_usd:,.0f}; a day in full use is to bring "
        f"${first.money.benefit_day_usd:,.0f}.{_heard(first)}"
    )


def _heard(first: Briefing) -> str:
    sides = heard(first.insights)
    return f" Said at kick-off, and unproven: {joined(sides)}." if sides else ""


def outcome(card: Scorecard, planned_day: int, stopped_day: int | None) -> str:
    """The final report, from the scorecard.

    Args:
        card: of the finished project.
        planned_day: of the go-live.
        stopped_day: on which the sponsor stopped it in this draw; None: he did not.
    """
    return " ".join(_outcome(card, planned_day, stopped_day))


def _outcome(card: Scorecard, planned_day: int, stopped_day: int | None) -> Iterator[str]:
    if card.cancelled:
        when = "" if stopped_day is None else f" on day {stopped_day}"
        yield (
            f"Stopped by the sponsor{when}; without that:"
            if card.went_live
            else (f"Stopped by the sponsor{when}.")
        )
    if card.went_live:
        yield f"Live on day {planned_day + round(card.days_late)}, {lateness(card.days_late)}."
    else:
        yield f"Not live by day {card.days}; the plan had been day {planned_day}."
    yield f"Cost ${card.cost_usd:,.0f}, {percent(card.cost_ratio)} of the budget."
    yield f"Scope grew by {percent(card.scope_growth)}."
    if card.went_live:
        yield from _production_so_far(card)
    yield _worth(card)
    yield f"{_verdict(card)} Go-live score {card.go_live_score:.2f}."


def _production_so_far(card: Scorecard) -> Iterator[str]:
    removed = percent(card.defect_removal_efficiency)
    yield (
        f"{counted(card.defects_found, 'defect')} found; {card.defects_escaped} went into "
        f"production ({removed} removed before)."
    )
    yield _dip(card)
    yield (
        f"Adoption {percent(card.adoption)}; users' satisfaction (NPS) {card.nps:+.0f}; "
        f"{percent(card.benefits_realised)} of the business case's yearly benefits in reach."
    )


def _worth(card: Scorecard) -> str:
    parts = {
        "benefits": card.benefits_usd,
        "the programme": card.programme_usd,
        "lost output": card.dip_usd,
        "the delay": card.delay_usd,
        "penalties": card.penalties_usd,
    }
    shown = ", ".join(f"{name} {usd(amount)}" for name, amount in parts.items() if round(amount))
    worth = (
        f"Worth to the customer over the business case's years: {usd(card.value_usd)} of the "
        f"{usd(card.business_case_usd)} planned ({shown})."
    )
    if card.survival >= 0.995:
        return worth
    return (
        f"{worth} With a chance of {percent(card.survival)} that no steering committee would have "
        f"stopped it, the expected worth is {usd(card.expected_value_usd)}."
    )


def _dip(card: Scorecard) -> str:
    if card.dip_depth < 0.005:
        return "Output did not fall after go-live."
    days = round(card.dip_days)
    back = f" and was back after {counted(days, 'day')}" if days else ""
    return f"Output fell by {percent(card.dip_depth)} at most after go-live{back}."


def _verdict(card: Scorecard) -> str:
    if card.success:
        return "A success."
    if not card.went_live:
        return "Not a success."
    missed = {
        "the data gate was not passed": card.data_gate_passed,
        "the migrated value did not reconcile": card.reconciliation_passed,
        "operations broke down after go-live": not card.catastrophic_dip,
        "too few people use the system": card.adoption_reached,
    }
    reasons = [reason for reason, fine in missed.items() if not fine]
    return f"Not a success: {joined(reasons)}." if reasons else "Not a success."
