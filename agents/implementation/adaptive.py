"""The expert who reads what the customer is like, and manages accordingly.

Each latent trait flips a rule that is right for most. What is believed of a trait, once it is
clear enough, changes some of the expert's thresholds. The estimates come from the briefing; two
policies for benchmarks take them from the world itself, one of them all of them the wrong way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import TypeVar

from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.traits import TRAITS
from ...sim.implementation.briefing import Briefing
from ...sim.implementation.decision import Decision, LegalDecisions
from ...sim.protocol import AnyWorld
from .expert import Expert
from .expert_file import shipped_rules
from .expert_rules import SETS, ExpertRules, RuleSets

Change = Mapping[str, float]
CLEAR = 0.6
"""Standard errors from 0 at which a trait counts: a reading mostly does, a sign alone seldom."""
BOUGHT: Change = {"walk_from": 0.0, "visit_from": 0.0, "talk_from": 0.0}
"""Readings that pay for most customers; each is bought once, as soon as there is a free day."""
NEVER_SHARE = 9.0
"""A share of the planned time that does not come."""
PLUS = " +"
Rules = TypeVar("Rules", bound=ExpertRules)

RULES_BY_TRAIT: dict[str, tuple[Change, Change]] = {
    "change_value": ({"freeze_from": NEVER_SHARE}, {"freeze_from": 0.11}),
    "data_rot": ({"profile_from": 0.32}, {"profile_from": NEVER_SHARE}),
    "workmanship": (
        {"careful_slack": 0.56, "review_from": 0.87, "next_cycle_hours": 22.8},
        {"careful_slack": 1_000.0, "rush_slack": 0.93, "next_cycle_hours": 22.8},
    ),
    "sponsor_patience": (
        {"latest_days +": 3.6, "rebaseline_days": 10.5},
        {"latest_days +": -2.9, "rebaseline_days": 4.9},
    ),
    "season": (
        {"latest_days +": -8.0, "add_capacity_overload": 0.9, "add_capacity_until": 0.3},
        {"latest_days +": 5.5, "earliest_days": -6.3},
    ),
    "consensus": (
        {
            "workshop_every_days": 6,
            "trust_for_workshop": 0.51,
            "escalate_age_days": 7.9,
            "intervene_blocked_hours": 131.0,
        },
        {"workshop_every_days": 23, "trust_for_workshop": 0.44, "escalate_age_days": 1.1},
    ),
    "habits": (
        {"training_readiness": 0.87, "ready_trained": 0.36},
        {"training_readiness": 0.49, "ready_trained": 0.29},
    ),
    "fragility": (
        {"latest_days +": 0.0, "cycle_yield_defects +": 0.0, "roll_back_productivity": 0.5},
        {"latest_days +": -6.0, "cycle_yield_defects +": 0.0, "roll_back_productivity": 0.0},
    ),
}
"""Per trait the rules that change where it is believed to be high, and where low.

Searched on training customers by ``python -m benchmarks.implementation.trait_rules``, on top of
the expert's own thresholds. A name with a plus is of a rule that it adds to. Where two traits set
the same rule, the later one in the order of ``TRAITS`` has the last word.
"""

RULES_IN_WAVES: dict[str, tuple[Change, Change]] = {
    **RULES_BY_TRAIT,
    "workmanship": (
        {"careful_slack": 0.674, "review_from": 0.772, "next_cycle_hours": 22.0},
        {"careful_slack": 1_000.0, "rush_slack": 0.936, "next_cycle_hours": 22.8},
    ),
    "sponsor_patience": (
        {"latest_days +": 5.5, "rebaseline_days": 15.0},
        {"latest_days +": -3.2, "rebaseline_days": 7.7},
    ),
    "season": (
        {"latest_days +": -13.9, "add_capacity_overload": 0.81, "add_capacity_until": 0.23},
        {"latest_days +": 14.5, "earliest_days": -2.4},
    ),
    "habits": (
        {"training_readiness": 0.766, "ready_trained": 0.361},
        {"training_readiness": 0.5, "ready_trained": 0.29},
    ),
    "fragility": (
        {"latest_days +": 0.0, "cycle_yield_defects +": -0.26, "roll_back_productivity": 0.287},
        {"latest_days +": -6.1, "cycle_yield_defects +": -0.27, "roll_back_productivity": 0.064},
    ),
}
"""The same where sites go live in waves, searched on global-electric: dates weigh more there."""


def rules_of(name: str) -> Mapping[str, tuple[Change, Change]]:
    """Rules by trait that come with golive for a set of thresholds."""
    return RULES_IN_WAVES if name == "waves" else RULES_BY_TRAIT


class Adaptive:
    """The expert with rules by trait.

    Args:
        rules: thresholds of the expert; None: those that come with golive.
        clear: a trait counts once its estimate is this many standard errors from 0.
        bought: rules for the readings that it buys.
        by_trait: what changes, per trait, in every set; those left out change nothing. None: what
            comes with golive.
    """

    name = "adaptive"

    def __init__(
        self,
        rules: RuleSets | None = None,
        *,
        clear: float = CLEAR,
        bought: Change = BOUGHT,
        by_trait: Mapping[str, tuple[Change, Change]] | None = None,
    ) -> None:
        rules = rules if rules is not None else shipped_rules()
        self._rules = RuleSets(**{n: _changed(getattr(rules, n), [bought]) for n in SETS})
        self.clear = clear
        self._by_trait = {name: rules_of(name) if by_trait is None else by_trait for name in SETS}
        self._experts: dict[tuple[int, ...], Expert] = {}

    def reset(self, seed: int) -> None:
        """Forget nothing: it decides from the briefing alone."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The decision of the expert whose rules fit what is believed of the customer."""
        return self._expert(self.believed(briefing)).decide(briefing, legal)

    def believed(self, briefing: Briefing) -> tuple[int, ...]:
        """Per trait 1, -1, or 0 where it is not clear."""
        return tuple(
            _sign(insight.value, self.clear * insight.error) for insight in briefing.insights
        )

    def _expert(self, believed: tuple[int, ...]) -> Expert:
        expert = self._experts.get(believed)
        if expert is None:
            sets = {
                name: _changed(getattr(self._rules, name), self._changes(name, believed))
                for name in SETS
            }
            expert = Expert(RuleSets(**sets))
            self._experts[believed] = expert
        return expert

    def _changes(self, name: str, believed: tuple[int, ...]) -> list[Change]:
        """Changes of a set by what is believed, in the order of the traits."""
        changes: list[Change] = []
        for trait, sign in zip(TRAITS, believed, strict=True):
            high, low = self._by_trait[name].get(trait, ({}, {}))
            changes.append(high if sign > 0 else low if sign < 0 else {})
        return changes


def _changed(rules: Rules, changes: Sequence[Change]) -> Rules:
    values = {field.name: getattr(rules, field.name) for field in fields(rules)}
    for change in changes:
        for key, value in change.items():
            name = key.removesuffix(PLUS)
            if name in values:
                values[name] = values[name] + value if key.endswith(PLUS) else value
    return replace(rules, **values)


def _sign(value: float, least: float) -> int:
    return 1 if value > least else -1 if value < -least else 0


class Clairvoyant(Adaptive):
    """The adaptive expert who knows the traits: a bound for benchmarks, not a policy to deploy.

    Args:
        rules: as above.
        by_trait: as above.
        wrong: takes every trait for its opposite.
        only: the traits that it reads.
    """

    name = "clairvoyant"

    def __init__(
        self,
        rules: RuleSets | None = None,
        *,
        by_trait: Mapping[str, tuple[Change, Change]] | None = None,
        wrong: bool = False,
        only: Sequence[str] = TRAITS,
    ) -> None:
        super().__init__(rules, bought={}, by_trait=by_trait)
        self._factor = -1.0 if wrong else 1.0
        self._only = frozenset(only)
        self._believed: tuple[int, ...] = (0,) * len(TRAITS)

    def attach(self, world: AnyWorld) -> None:
        """Look at the customer of this world."""
        customer: Customer = world.customer  # type: ignore[attr-defined]
        traits = customer.traits
        self._believed = tuple(
            _sign(self._factor * getattr(traits, name), 0.0) if name in self._only else 0
            for name in TRAITS
        )

    def believed(self, briefing: Briefing) -> tuple[int, ...]:
        """Signs of the true traits, or their opposites."""
        return self._believed
