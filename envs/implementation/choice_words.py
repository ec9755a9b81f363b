"""Paces, moves and focuses in words: what each does, what it costs, what it waits for."""

from __future__ import annotations

from collections.abc import Mapping

from ...sim.implementation.briefing import Briefing
from ...sim.implementation.decision import READS, ROLES, WORKSTREAMS, Move
from ...sim.implementation.legality import (
    ESCALATION_PAUSE_DAYS,
    LEAST_BUILT,
    MOST_CAPACITY_ADDED,
    MOST_READINGS,
    MOST_REBASELINES,
    REFRESH_DAYS,
    ROLL_BACK_DAYS,
    ROLL_BACK_PRODUCTIVITY,
    WORKSHOP_PAUSE_DAYS,
)
from ...sim.implementation.parameters import Parameters
from ...sim.words import ChoiceWords
from .briefing_words import dollars, share

_BEFORE_LAST = "a site that is still planned"
_NO_CUTOVER = f"{_BEFORE_LAST}, and no cutover under way"


_FOCUS = {
    f"focus_{role}/{workstream}": ChoiceWords(needs="members in the role, and open work there")
    for role in ROLES
    for workstream in WORKSTREAMS
}


def choice_words(p: Parameters, briefing: Briefing) -> Mapping[str, ChoiceWords]:
    """Choices by ``factor/choice``.

    Args:
        p: the scenario's parameters.
        briefing: of the moment: prices go with the budget.
    """
    moves = {**_work_moves(p, briefing), **_people_moves(p, briefing), **_date_moves(p, briefing)}
    moves |= _readings(p, briefing)
    words = {f"move/{move.name.lower()}": told for move, told in moves.items()}
    return {**words, **_paces(p), **_FOCUS}


def price(p: Parameters, briefing: Briefing, reference_usd: float) -> float:
    """Price in this project of what is priced for one of the reference's budget."""
    return reference_usd * (briefing.money.budget_usd / p.price_reference_budget_usd)


def _paces(p: Parameters) -> dict[str, ChoiceWords]:
    slower = f"works at {p.careful_speed:g} of normal speed, and reviews: fewer defects are left"
    faster = f"works at {p.rush_speed:g} of normal speed, with {p.rush_defects:g} times the defects"
    return {
        "pace/careful": ChoiceWords(slower),
        "pace/normal": ChoiceWords("neither"),
        "pace/rush": ChoiceWords(f"{faster}; people tire"),
    }


def _work_moves(p: Parameters, briefing: Briefing) -> dict[Move, ChoiceWords]:
    joins = p.assimilation_days_agentic
    if not briefing.customer.agentic:
        joins = p.assimilation_days_conventional
    return {
        Move.NONE: ChoiceWords("no move"),
        Move.MOCK_LOAD: ChoiceWords(
            "a trial load of the data: work for the data workstream, which has the test system to "
            "itself; measures the data gate and brings masked wrong records to light",
            needs=f"{_BEFORE_LAST}, something mapped, no load under way, and {REFRESH_DAYS} days "
            "since the last",
        ),
        Move.TEST_CYCLE: ChoiceWords(
            "tests what is built: work for the testing workstream, which has the test system to "
            "itself; finds defects, and acceptance checks can follow",
            f"{p.test_cycle_key_user_hours:g} key-user hours",
            f"something built that is not tested, no cycle under way, and {REFRESH_DAYS} days "
            "since the last",
        ),
        Move.CHANGE_FREEZE: ChoiceWords(
            f"switches the freeze on or off: on, {share(p.freeze_rejection)} of change requests "
            "are turned down, which costs some trust, and what changes would have been worth",
            needs=_BEFORE_LAST,
        ),
        Move.MANUAL_INTERVENTION: ChoiceWords(
            f"outside experts do {p.intervention_hours:g} hours of what is most urgent and settle "
            f"{p.intervention_questions:g} questions",
            dollars(price(p, briefing, p.intervention_usd)),
            "open work",
        ),
        Move.ADD_CAPACITY: ChoiceWords(
            "one more member for the role with most work before it, who learns for "
            f"{joins:g} days and takes colleagues' time",
            f"{dollars(price(p, briefing, p.capacity_usd))}, then pay",
            f"somebody at work, and fewer than {MOST_CAPACITY_ADDED} added",
        ),
    }


def _people_moves(p: Parameters, briefing: Briefing) -> dict[Move, ChoiceWords]:
    return {
        Move.STAKEHOLDER_WORKSHOP: ChoiceWords(
            "raises trust, less if there was one within a month; each pending question is settled "
            f"with a chance of {share(p.workshop_answers)}, more or less by the customer's nature",
            f"{dollars(price(p, briefing, p.workshop_usd))} and {p.workshop_key_user_hours:g} h of "
            "each key user",
            f"{WORKSHOP_PAUSE_DAYS} days since the last",
        ),
        Move.ESCALATE: ChoiceWords(
            f"pending answers take {p.escalation_factor:g} times as long; settles what sponsors "
            "can settle",
            f"trust of the department heads ({share(-p.trust_escalation)})",
            f"questions or trouble to decide on, and {ESCALATION_PAUSE_DAYS} days since the last",
        ),
        Move.TRAINING_WAVE: ChoiceWords(
            "trains the users of the sites that go live next: work for the training workstream; "
            "the better, the more material is ready and the more is built",
            f"{p.training_user_hours:g} h of each user at {dollars(p.key_user_rate_usd)}",
            "no wave under way, and waves left",
        ),
    }


def _date_moves(p: Parameters, briefing: Briefing) -> dict[Move, ChoiceWords]:
    built = f"{share(LEAST_BUILT)} of the building work done, a mock load done, and the validation "
    return {
        Move.POSTPONE_GO_LIVE: ChoiceWords(
            "moves the target by a week",
            "a week of benefits, and some trust",
            f"{_NO_CUTOVER}, and postponements left",
        ),
        Move.GO_LIVE: ChoiceWords(
            "begins the cutover of the next site or wave; production starts at the next window "
            "after its work is done, with whatever is not ready by then",
            needs=f"{_NO_CUTOVER}; {built}passed where one is asked for",
        ),
        Move.ROLL_BACK: ChoiceWords(
            "the old systems run the last wave's sites again; its cutover must be done anew",
            "much trust, and days of benefits",
            f"a site live for {ROLL_BACK_DAYS} days at most that is below "
            f"{share(ROLL_BACK_PRODUCTIVITY)} of its output",
        ),
        Move.REBASELINE: ChoiceWords(
            "agrees a new date and budget with the sponsor, by the forecast, so that lateness is "
            "measured from there; the business case keeps the first plan",
            f"{dollars(p.rebaseline_cost * briefing.money.budget_usd)} and the sponsor's trust",
            f"{_NO_CUTOVER}, and fewer than {MOST_REBASELINES} agreed",
        ),
    }


def _readings(p: Parameters, briefing: Briefing) -> dict[Move, ChoiceWords]:
    besides = {
        Move.PROFILE_DATA: " and brings most of the wrong records to light that load cleanly",
        Move.REVIEW_WORK: " and finds most defects of the finished work",
    }
    further = {
        Move.PROFILE_DATA: ", and data extracted",
        Move.REVIEW_WORK: ", and building work done",
    }
    words = {}
    for move, traits in READS.items():
        tells = " and ".join(name.replace("_", " ") for name in traits)
        words[move] = ChoiceWords(
            f"a reading of {tells}, reported in {p.reading_days:g} days{besides.get(move, '')}",
            dollars(briefing.money.reading_usd),
            f"{_BEFORE_LAST}, no report of it awaited, and fewer than {MOST_READINGS} bought"
            f"{further.get(move, '')}",
        )
    return words
