"""The expert who reads the customer: what it buys, believes and changes."""

from __future__ import annotations

import pytest

from golive.agents.implementation.adaptive import (
    BOUGHT,
    RULES_BY_TRAIT,
    RULES_IN_WAVES,
    Adaptive,
    Clairvoyant,
)
from golive.agents.implementation.expert_rules import ExpertRules
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.traits import TRAITS
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.decision import READS, Move
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.policy import Policy


def moves(policy: Policy, seed: int, days: int = 12) -> list[Move]:
    world = ImplementationWorld(_scenario(), seed)
    ordered = []
    for _ in range(days):
        decision = policy.decide(world.briefing(), world.legal())
        ordered.append(decision.move)
        world.advance(decision)
    return ordered


def _scenario() -> ImplementationScenario:
    scenario = load_scenario("furniture")
    assert isinstance(scenario, ImplementationScenario)
    return scenario


def test_it_buys_each_of_its_readings_once_and_early():
    for seed in range(3):
        bought = [move for move in moves(Adaptive(), seed) if move in READS]
        assert sorted(bought) == [Move.WALK_THROUGH, Move.VISIT_OPERATIONS, Move.SPONSOR_TALK]
        assert not set(moves(Adaptive(bought={}), seed)) & {*bought}
    assert set(BOUGHT) == {"walk_from", "visit_from", "talk_from"}


def test_a_trait_counts_once_it_is_clear():
    world, policy = ImplementationWorld(_scenario(), 3), Adaptive(clear=1.0)
    briefing = world.briefing()
    for number, name in enumerate(TRAITS):
        for value, sign in ((0.5, 1), (-0.5, -1), (0.3, 0)):
            insight = briefing.insights[number]._replace(value=value, error=0.4)
            insights = (*briefing.insights[:number], insight, *briefing.insights[number + 1 :])
            assert policy.believed(briefing._replace(insights=insights))[number] == sign, name


def test_rules_by_trait_are_thresholds_that_there_are():
    names = set(ExpertRules.__dataclass_fields__)
    for rules in (RULES_BY_TRAIT, RULES_IN_WAVES):
        assert set(rules) == set(TRAITS)
        for changes in rules.values():
            for change in changes:
                assert {key.removesuffix(" +") for key in change} <= names


@pytest.mark.parametrize("wrong", [False, True])
def test_a_clairvoyant_knows_the_traits_it_reads_and_buys_nothing(wrong):
    world = ImplementationWorld(_scenario(), 5)
    policy = Clairvoyant(only=("habits", "season"), wrong=wrong)
    policy.attach(world)
    believed = dict(zip(TRAITS, policy.believed(world.briefing()), strict=True))
    for name in TRAITS:
        trait = getattr(world.customer.traits, name) * (-1 if wrong else 1)
        sign = (trait > 0) - (trait < 0) if name in ("habits", "season") else 0
        assert believed[name] == sign
    assert not set(moves(policy, 5)) & set(READS)
