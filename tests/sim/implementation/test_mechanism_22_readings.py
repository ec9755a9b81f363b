"""Mechanism 22: signs of the latent traits at kick-off, and readings that are bought."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from statistics import fmean, stdev

import pytest
from world_helpers import furniture, order, packages, with_customer

from golive.scenarios.implementation.traits import TRAITS, Traits
from golive.sim.implementation.briefing import DataStage, InsightStatus, SiteStatus
from golive.sim.implementation.decision import Move
from golive.sim.implementation.insight import READS
from golive.sim.implementation.legality import MOST_READINGS
from golive.sim.implementation.parameters import parameters_with
from golive.sim.implementation.state import DefectState, PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

SEEDS = range(60)
P = parameters_with({})
SIGN_ERROR, READING_ERROR, PRICE = P.sign_error, P.reading_error, P.reading_cost
PRIOR_ERROR = P.trait_prior_error
DAYS = int(P.reading_days)
TRUE = {"change_value": 0.8, "habits": -0.7, "season": 0.6, "fragility": -0.9}


@cache
def world_with(seed: int = 0, **traits: float) -> ImplementationWorld:
    """The reference customer with some traits; not to be changed: ``copy`` it."""
    scenario = with_customer(furniture(), traits=Traits(**traits))
    return ImplementationWorld(scenario, seed)


def copy(seed: int = 0, **traits: float) -> ImplementationWorld:
    return ImplementationWorld.restore(world_with(seed, **traits).snapshot())


def insight(world: ImplementationWorld, name: str) -> InsightStatus:
    return world.briefing().insights[TRAITS.index(name)]


def buy(world: ImplementationWorld, move: Move) -> None:
    """A reading, from the order to the morning that knows its report."""
    assert world.legal().move[move]
    world.advance(order(move=move))
    for _ in range(DAYS):
        world.advance(order())


# -- signs ---------------------------------------------------------------------------------


def test_signs_are_there_at_kick_off_and_follow_from_the_seed():
    first, again, other = (ImplementationWorld(furniture(), seed) for seed in (3, 3, 4))
    assert first.briefing().insights == again.briefing().insights
    assert first.briefing().insights != other.briefing().insights
    for row in first.briefing().insights:
        assert row.error == pytest.approx(error_of(1.0 / SIGN_ERROR**2))
        assert row.readings == row.age_days == 0


def error_of(precision: float) -> float:
    """Standard error of an estimate from what was heard and from how traits lie."""
    return (precision + 1.0 / PRIOR_ERROR**2) ** -0.5


WEIGHT_OF_SIGN = (1.0 / SIGN_ERROR**2) / (1.0 / SIGN_ERROR**2 + 1.0 / PRIOR_ERROR**2)
"""Estimates are drawn to the mean of all customers: this much of what is heard is left."""


@pytest.mark.parametrize("true", [0.8, -0.6])
def test_signs_are_unbiased_with_their_error(true):
    scenario = with_customer(furniture(), traits=Traits(**dict.fromkeys(TRAITS, true)))
    worlds = [ImplementationWorld(scenario, seed) for seed in SEEDS]
    values = [row.value for world in worlds for row in world.briefing().insights]
    heard = [value / WEIGHT_OF_SIGN for value in values]
    assert fmean(heard) == pytest.approx(true, abs=0.17 * SIGN_ERROR)  # of 480: 0.046
    assert stdev(heard) == pytest.approx(SIGN_ERROR, rel=0.12)


def test_a_sign_is_the_same_luck_whatever_the_trait_is():
    low, high = (insight(copy(5, habits=value), "habits").value for value in (-0.6, 0.6))
    assert high - low == pytest.approx(1.2 * WEIGHT_OF_SIGN)


# -- readings ------------------------------------------------------------------------------


@pytest.mark.parametrize("move", [Move.WALK_THROUGH, Move.VISIT_OPERATIONS, Move.SPONSOR_TALK])
def test_a_reading_tells_of_its_traits_and_of_no_other(move):
    world = copy(**TRUE)
    before = world.briefing().insights
    buy(world, move)
    for name, old, new in zip(TRAITS, before, world.briefing().insights, strict=True):
        if name in READS[move]:
            assert new.error < old.error
            assert (new.readings, new.age_days) == (1, 1)  # it came this morning
        else:
            assert (new.value, new.error, new.readings) == (old.value, old.error, 0)


def test_every_trait_has_a_reading():
    assert sorted(name for names in READS.values() for name in names) == sorted(TRAITS)


def test_a_reading_costs_its_price_at_once_and_reports_after_some_days():
    bought, idle = copy(), copy()
    budget = bought.briefing().money.budget_usd
    bought.advance(order(move=Move.WALK_THROUGH))
    idle.advance(order())
    spent = bought.briefing().money.spent_usd - idle.briefing().money.spent_usd
    assert spent == pytest.approx(PRICE * budget)
    for _ in range(DAYS - 1):
        assert bought.briefing().management.readings_pending[list(READS).index(Move.WALK_THROUGH)]
        assert not bought.legal().move[Move.WALK_THROUGH]  # its report is awaited
        assert insight(bought, "consensus").readings == 0
        bought.advance(order())
    bought.advance(order())
    assert insight(bought, "consensus").readings == 1
    assert not any(bought.briefing().management.readings_pending)
    assert bought.briefing().management.readings_bought == 1


def test_two_readings_lower_the_error_each_by_less_and_there_is_a_most():
    world = copy(**TRUE)
    errors = [insight(world, "habits").error]
    for _ in range(MOST_READINGS):
        buy(world, Move.VISIT_OPERATIONS)
        errors.append(insight(world, "habits").error)
    gains = [before - after for before, after in pairwise(errors)]
    assert gains[0] > gains[1] > gains[2] > 0.0
    precision = 1.0 / SIGN_ERROR**2 + MOST_READINGS / READING_ERROR**2
    assert errors[-1] == pytest.approx(error_of(precision))
    assert not world.legal().move[Move.VISIT_OPERATIONS]


def test_readings_are_unbiased_with_the_error_that_is_told():
    """What a briefing says of a trait, less the truth, over its error: mean 0, deviation 1."""
    scenario = with_customer(furniture(), traits=Traits(**TRUE))
    deviations = []
    for seed in SEEDS:
        world = ImplementationWorld(scenario, seed)
        for name, true in TRUE.items():
            world.mechanisms.insight._read(TRAITS.index(name))
            value, error = world.mechanisms.insight.estimate(TRAITS.index(name))
            deviations.append((value - true) / error)
    assert fmean(deviations) == pytest.approx(0.0, abs=0.2)  # 240 of them: 0.065
    assert stdev(deviations) == pytest.approx(1.0, abs=0.15)


def test_knowledge_ages():
    world = copy()
    buy(world, Move.SPONSOR_TALK)
    for _ in range(3):
        world.advance(order())
    assert insight(world, "season").age_days == 1 + 3


# -- what else they do, and when they are legal ----------------------------------------------


def test_nobody_profiles_what_is_not_extracted_nor_reviews_what_is_not_built():
    world = copy()
    assert not world.legal().move[Move.PROFILE_DATA]
    assert not world.legal().move[Move.REVIEW_WORK]
    assert world.legal().move[Move.WALK_THROUGH]
    extract = packages(world, PackageKind.EXTRACT)[0]
    world._state.objects[extract.subject].stage = int(DataStage.EXTRACTED)
    build = packages(world, PackageKind.BUILD)[0]
    world.mechanisms.work.set_status(build, Status.READY)
    world.mechanisms.work.finish(build)
    world.advance(order())
    assert world.legal().move[Move.PROFILE_DATA]
    assert world.legal().move[Move.REVIEW_WORK]


def test_no_reading_is_sold_once_everything_is_live():
    world = copy()
    site = world._state.sites[0]
    site.live_day = site.first_live_day = 0
    site.status = int(SiteStatus.LIVE)
    world._state.next_site, world._state.hypercare_start = 1, 0
    world.advance(order())
    assert not any(world.legal().move[move] for move in READS)


def test_a_profile_brings_out_what_no_trial_load_shows():
    world = copy(data_rot=0.8)
    item = next(item for item in world._state.objects if item.present)
    item.stage = int(DataStage.EXTRACTED)
    rotten, visible = sum(item.rotten), sum(item.visible)
    assert rotten > 0.0
    world.mechanisms.insight._report(Move.PROFILE_DATA)
    assert sum(item.rotten) == pytest.approx((1.0 - P.profile_reveals) * rotten)
    assert sum(item.visible) == pytest.approx(visible + P.profile_reveals * rotten)


def test_a_review_finds_latent_defects():
    world = copy()
    origin = packages(world, PackageKind.BUILD)[0]
    for number in range(400):
        world.mechanisms.defects.add(origin.id, 1_000_000 + number)
    world.mechanisms.insight._report(Move.REVIEW_WORK)
    found = sum(defect.state == DefectState.OPEN for defect in world._state.defects)
    assert found / 400 == pytest.approx(P.review_finds, abs=0.08)


# -- nothing latent is told ------------------------------------------------------------------


@pytest.mark.parametrize("name", TRAITS)
def test_a_briefing_at_kick_off_tells_of_a_trait_by_its_sign_alone(name):
    """With the sign's luck turned round, the very opposite gives the same briefing.

    Observations, texts and pictures are made from the briefing; they cannot tell more.
    """
    low, high = copy(1, **{name: -0.9}), copy(1, **{name: 0.9})
    assert insight(low, name) != insight(high, name)
    for one, other in zip(low._state.readings, high._state.readings, strict=True):
        other.weighted = one.weighted
    low, high = (ImplementationWorld.restore(world.snapshot()) for world in (low, high))
    assert low.briefing() == high.briefing()
    assert low.legal() == high.legal()


@pytest.mark.parametrize("name", TRAITS)
def test_no_number_of_a_briefing_is_the_trait_itself(name):
    true = 0.654321
    world = copy(1, **{name: true})
    buy(world, Move.WALK_THROUGH)
    assert true not in numbers(world.briefing())


def numbers(value: object) -> list[float]:
    """All numbers in a briefing."""
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        return [number for one in value for number in numbers(one)]
    return [float(value)] if isinstance(value, (int, float)) else []
