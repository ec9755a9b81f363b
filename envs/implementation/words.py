"""The implementation world in words: what a programme manager reads, and how orders are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from ...scenarios.implementation.scenario import ImplementationScenario
from ...sim.briefing_text import Section
from ...sim.implementation.briefing import NEVER, Briefing
from ...sim.implementation.decision import NEUTRAL_DECISION, ROLES, WORKSTREAMS, Decision
from ...sim.implementation.parameters import parameters_with
from ...sim.words import ChoiceWords, Order, OrderedFactor, Words
from .briefing_words import TOPICS, sections
from .choice_words import choice_words
from .numbers import ImplementationNumbers

_NATURE = {
    "change value": ("costs upkeep for ever", "is worth much: what users ask for"),
    "data rot": ("few", "many wrong records load cleanly, so that no mock load shows them"),
    "workmanship": ("slow and clean", "fast and careless crew"),
    "sponsor patience": ("a slipped date is failure", "the sponsor waits"),
    "season": ("the high season still on at", "the high season begins on the planned date"),
    "consensus": ("who is in charge decides", "decisions are taken in the round"),
    "habits": ("work is much like", "work is far from the standard"),
    "fragility": ("trouble is worked around", "a day of trouble stops deliveries"),
}
"""Readings of an estimate of -1 and of 1."""


class ImplementationWords(Words):
    """The implementation world's language for those who speak."""

    def __init__(self) -> None:
        title = "ERP implementations, from kick-off through go-live to the end of hypercare"
        super().__init__(ImplementationNumbers(), _neutral, title)

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """The tools that assign roles, set the pace and make the one move of the day."""
        focus = {
            str(role): OrderedFactor(
                f"focus_{role}", f"Workstream that the {_plain(role)} works on; none: stands down."
            )
            for role in ROLES
        }
        pace = {"pace": OrderedFactor("pace", "How hard the crew is driven.")}
        move = {"move": OrderedFactor("move", "The move; none takes it back.")}
        return (
            Order("assign", "Say what roles of the crew work on; the others go on.", focus),
            Order("set_pace", "Set the pace: speed against defects.", pace),
            Order("make_move", "Choose the one management move.", move, once=True),
        )

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """Topics of the briefing."""
        return TOPICS

    def introduction(self, scenario: ImplementationScenario) -> str:
        """The rules of the game, for whoever is about to manage a programme."""
        return (
            f"You are the programme manager of an ERP implementation: {scenario.title}. "
            f"{self.setting(scenario)}\n{self._manual()}"
        )

    def setting(self, scenario: ImplementationScenario) -> str:
        """The rules of the world, whoever decides in it."""
        nature = "; ".join(f"{name}: {low} / {high}" for name, (low, high) in _NATURE.items())
        workstreams = ", ".join(map(str, WORKSTREAMS))
        days = scenario.plan.days_per_decision
        often = "daily" if days == 1 else f"every {days} days"
        return (
            "Take the customer live and bring it through hypercare. The go-live score, 0 to 1, is "
            "money: what two years of use are worth, less the programme, the dip after go-live, "
            "the delay and penalties, with the risk of a stop counted, over the plan's business "
            "case. "
            "Without a go-live it is 0.\n"
            f"Days are working days from kick-off, which is day 0; you decide {often}. Five roles "
            f"work on eight workstreams, roughly in this order: {workstreams}. Work waits for "
            "predecessors, for answers of the customer's people and for their hours. Defects and "
            "wrong records are known only when tests, mock loads or readings find them; the rest "
            "comes up in production. A site should go live when acceptance is passed, the last "
            "mock load met its gate, users are trained and nothing critical is open. Production "
            "starts on windows only, the first day of a week. A sponsor who sees cost and date run "
            "away may stop the programme.\n"
            f"Customers differ in what nobody says; each flips a right decision. Estimates go from "
            f"-1 to 1 (low / high): {nature}."
        )

    def sections(self, briefing: Briefing) -> Sequence[Section]:
        """The briefing in words, section by section."""
        return sections(briefing)

    def about(
        self, scenario: ImplementationScenario, briefing: Briefing
    ) -> Mapping[str, ChoiceWords]:
        """Moves and paces with effect, price and condition."""
        parameters = parameters_with(scenario.parameters)
        return choice_words(parameters, briefing)

    def heading(self, briefing: Briefing) -> str:
        """The day, and where the programme stands."""
        c = briefing.calendar
        if c.hypercare_day != NEVER:
            return f"Day {c.day}. Hypercare, day {c.hypercare_day} of {c.hypercare_days}."
        return f"Day {c.day}. Target of the next go-live: day {c.target_go_live_day}."


@lru_cache(maxsize=1)
def _neutral() -> Decision:
    return NEUTRAL_DECISION


def _plain(name: object) -> str:
    return str(name).replace("_", " ")
