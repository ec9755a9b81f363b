"""Mechanism 11: opinions spread, training helps and fades, use follows ability and trust."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean, stdev

import pytest
from world_helpers import (
    conventional,
    furniture,
    idle,
    order,
    packages,
    play,
    two_sites,
    with_customer,
    with_parameters,
)

from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation.decision import Move
from golive.sim.implementation.people import PersonKind
from golive.sim.implementation.state import PackageKind
from golive.sim.implementation.world import ImplementationWorld

TRAINING = Workstream.TRAINING


def people_of(world: ImplementationWorld, *kinds: PersonKind) -> list[int]:
    return [i for i, kind in enumerate(world._state.people.kind) if kind in kinds]


def days_pass(world: ImplementationWorld, days: int, usefulness: float | None = None) -> None:
    """Days of the people alone; a usefulness puts every site into production."""
    sites = len(world._state.sites)
    live = usefulness is not None
    for _ in range(days):
        world.mechanisms.people.end_day([live] * sites, [usefulness or 0.0] * sites)


# -- influence -----------------------------------------------------------------------------


def divided(**parameters: float) -> ImplementationWorld:
    """Half of the people trust the project, half do not; nobody drifts back."""
    scenario = with_parameters(furniture(), trust_recovery=0.0, **parameters)
    world = ImplementationWorld(scenario, 0)
    trust = world._state.people.trust
    trust[:] = [0.9 if index % 2 else 0.1 for index in range(len(trust))]
    return world


def spread(world: ImplementationWorld) -> float:
    return max(world._state.people.trust) - min(world._state.people.trust)


def test_influence_brings_opinions_together_and_creates_none():
    world = divided()
    spreads = [spread(world)]
    for _ in range(20):
        days_pass(world, 10)
        spreads.append(spread(world))
        assert min(world._state.people.trust) >= 0.1
        assert max(world._state.people.trust) <= 0.9
    assert all(after <= before for before, after in pairwise(spreads))
    assert spreads[-1] < 0.15 * spreads[0]


def test_the_stronger_the_influence_the_sooner():
    weak, strong = divided(influence_rate=0.01), divided(influence_rate=0.1)
    days_pass(weak, 10)
    days_pass(strong, 10)
    assert spread(strong) < spread(weak) < 0.8


def test_opinions_travel_along_the_network_one_link_a_day():
    world = ImplementationWorld(with_parameters(furniture(), trust_recovery=0.0), 0)
    people = world._state.people
    people.trust[:] = [0.5] * len(people.trust)
    people.trust[0] = 1.0
    days_pass(world, 1)
    moved = {index for index, trust in enumerate(people.trust) if trust > 0.5 and index > 0}
    assert moved == set(people.neighbours[0]) == set(people_of(world, PersonKind.HEAD))
    days_pass(world, 1)
    assert min(people.trust) > 0.5


def test_trust_drifts_back_to_where_it_started():
    world = ImplementationWorld(furniture(), 0)
    people = world._state.people
    start = fmean(people.trust)
    people.trust[:] = [trust - 0.2 for trust in people.trust]
    days_pass(world, 20)
    after = fmean(people.trust)
    days_pass(world, 200)
    assert start - 0.2 < after < start - 0.1
    assert fmean(people.trust) == pytest.approx(start, abs=0.05)


# -- what happens to people ----------------------------------------------------------------


def trust_after(move: Move, scenario: ImplementationScenario | None = None) -> tuple[float, float]:
    """Mean trust and resistance after an idle day with a move."""
    world = idle(scenario or furniture(), first=order(move=move))
    return world.mechanisms.people.mean_trust(), world.mechanisms.people.mean_resistance()


def test_a_workshop_raises_trust_and_lowers_resistance():
    plain, workshop = trust_after(Move.NONE), trust_after(Move.STAKEHOLDER_WORKSHOP)
    assert workshop[0] > plain[0] + 0.03
    assert workshop[1] < plain[1] - 0.03
    strong = with_parameters(furniture(), trust_workshop=0.15)
    assert trust_after(Move.STAKEHOLDER_WORKSHOP, strong)[0] > workshop[0] + 0.02


def test_a_second_workshop_within_a_month_gives_half():
    def gain(days_between: int) -> float:
        world = idle(furniture(), first=order(move=Move.STAKEHOLDER_WORKSHOP), days=days_between)
        trust = world._state.people.trust
        trust[:] = [0.5] * len(trust)
        world.mechanisms.moves.carry_out(Move.STAKEHOLDER_WORKSHOP)
        return trust[0] - 0.5

    assert gain(22) == pytest.approx(0.07)
    assert gain(10) == pytest.approx(0.035)


def test_a_workshop_takes_key_users_from_their_work():
    world, free = (ImplementationWorld(furniture(), 0) for _ in range(2))
    world.advance(order(Workstream.DISCOVERY, move=Move.STAKEHOLDER_WORKSHOP))
    free.advance(order(Workstream.DISCOVERY))
    assert world.briefing().workstreams[0].done_hours < free.briefing().workstreams[0].done_hours


def test_trust_is_won_less_the_more_there_is_and_lost_as_it_is():
    world = ImplementationWorld(furniture(), 0)
    trust = world._state.people.trust
    trust[:3] = [0.2, 0.5, 0.9]
    world.mechanisms.people.shift_trust(0.1)
    assert trust[:3] == pytest.approx([0.36, 0.6, 0.92])
    world.mechanisms.people.shift_trust(-0.1)
    assert trust[:3] == pytest.approx([0.26, 0.5, 0.82])
    world.mechanisms.people.shift_trust(-5.0)
    assert set(trust) == {0.0}


@pytest.mark.parametrize("name", ["trust_missed_date", "trust_postponement", "trust_demo"])
def test_people_react_to_what_happens(name):
    def trust(value: float) -> float:
        world = idle(with_parameters(furniture(), **{name: value}), days=29)
        if name == "trust_postponement":
            world.advance(order(move=Move.POSTPONE_GO_LIVE))
        elif name == "trust_missed_date":
            play(world, lambda *_: order(), days=42)
        else:
            world.mechanisms.acceptance.cycle_done()
        return world.mechanisms.people.mean_trust()

    mild, harsh = {
        "trust_missed_date": (-0.02, -0.15),
        "trust_postponement": (-0.01, -0.1),
        "trust_demo": (0.0, 0.1),  # nothing built: a failed demonstration
    }[name]
    assert trust(harsh) < trust(mild) - 0.05


def test_key_users_beyond_their_load_resist_and_others_do_not():
    world = idle(furniture())
    pools, people = world._state.pools, world._state.people
    before = people.resistance[:]
    pools[2].load = 1.2
    world.advance(order())
    department = pools[2].department
    changed = [i for i, value in enumerate(people.resistance) if value > before[i]]
    assert [people.department[index] for index in changed] == [department] * 2
    assert {people.kind[index] for index in changed} == {PersonKind.HEAD, PersonKind.KEY_USER}


def test_rush_tires_key_users_who_have_fewer_hours_then_and_rest_recovers_them():
    def day_after(rush: bool) -> ImplementationWorld:
        world = idle(furniture())
        for _ in range(6):
            world.advance(order(pace=2 if rush else 1))
        world.advance(order(Workstream.DISCOVERY))
        return world

    tired, fresh = day_after(True), day_after(False)
    keys = people_of(tired, PersonKind.KEY_USER)
    assert all(tired._state.people.fatigue[index] > 0.1 for index in keys)
    used = [sum(pool.used_today for pool in world._state.pools) for world in (tired, fresh)]
    assert used[0] < 0.97 * used[1]
    days_pass(tired, 40)
    assert max(tired._state.people.fatigue) == 0.0


def test_a_pulse_survey_sees_the_truth_with_its_error_and_its_age():
    errors = []
    for seed in range(80):
        world = ImplementationWorld(furniture(), seed)
        errors.append(world.briefing().people.trust - world.mechanisms.people.mean_trust())
    assert abs(fmean(errors)) < 0.02
    assert stdev(errors) == pytest.approx(0.04, rel=0.3)
    ages = []
    world = idle(furniture())
    for _ in range(11):
        ages.append(world.briefing().people.survey_age_days)
        world.advance(order())
    assert ages == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0]


# -- training ------------------------------------------------------------------------------


def trained(
    scenario: ImplementationScenario | None = None, *, material: float = 1.0, built: float = 1.0
) -> ImplementationWorld:
    """After one training wave that the crew carried out."""
    world = idle(scenario or furniture())
    for package in world._state.packages:
        if package.kind == PackageKind.TRAINING_MATERIAL:
            package.done_hours = material * package.planned_hours
        elif package.kind == PackageKind.BUILD:
            package.done_hours = built * package.planned_hours
    world.advance(order(TRAINING, move=Move.TRAINING_WAVE))
    while world.briefing().management.training_pending:
        world.advance(order(TRAINING))
    return world


def test_a_training_wave_raises_readiness_with_material_and_a_built_system_most():
    start = ImplementationWorld(furniture(), 0).mechanisms.people.readiness()
    best, early = (
        trained().mechanisms.people.readiness(),
        trained(built=0.0).mechanisms.people.readiness(),
    )
    bare, least = trained(material=0.0), trained(material=0.0, built=0.0)
    assert best > start + 0.35
    assert best > early + 0.15 > start + 0.15
    assert best > bare.mechanisms.people.readiness() + 0.15
    assert (
        start + 0.03
        < least.mechanisms.people.readiness()
        < min(early, bare.mechanisms.people.readiness())
    )


def test_a_wave_takes_the_crew_the_longer_the_more_users_there_are():
    assert trained(with_customer(furniture(), employees=150))._state.day < 4
    sites = (furniture().customer.sites[0].model_copy(update={"employees": 1500}),)
    large = with_customer(furniture(), employees=1500, sites=sites)
    wave = packages(trained(large), PackageKind.TRAINING)[0]
    small = packages(trained(), PackageKind.TRAINING)[0]
    assert wave.planned_hours == pytest.approx(10.0 * small.planned_hours)


def test_a_wave_trains_the_site_that_goes_live_next_and_no_other():
    world = trained(two_sites(furniture()))
    assert world.mechanisms.people.readiness(0) > 0.4
    assert world.mechanisms.people.readiness(1) == pytest.approx(0.12)


def test_those_who_resist_learn_less():
    world = ImplementationWorld(furniture(), 0)
    people, users = world._state.people, people_of(world, PersonKind.COHORT)
    people.resistance[users[0]], people.resistance[users[1]] = 0.0, 1.0
    world.mechanisms.people.train(0, 0.6)
    gains = [people.proficiency[index] - 0.12 for index in users[:2]]
    assert gains[1] == pytest.approx(0.5 * gains[0])


def test_a_second_wave_closes_a_share_of_what_is_left():
    world = ImplementationWorld(furniture(), 0)
    readiness = [world.mechanisms.people.readiness()]
    for _ in range(4):
        world.mechanisms.people.train(0, 0.5)
        readiness.append(world.mechanisms.people.readiness())
    gains = [after - before for before, after in pairwise(readiness)]
    assert gains == sorted(gains, reverse=True)
    assert 0.85 < readiness[-1] < 1.0


def test_what_is_not_used_is_forgotten_down_to_what_people_knew_before():
    world = ImplementationWorld(furniture(), 0)
    world.mechanisms.people.train(0, 0.62)
    start = world.mechanisms.people.readiness()
    days_pass(world, 20)
    later = world.mechanisms.people.readiness()
    assert later - 0.12 == pytest.approx((start - 0.12) * (1.0 - 0.012) ** 20)
    days_pass(world, 1_000)
    assert world.mechanisms.people.readiness() == pytest.approx(0.12, abs=1e-4)


def test_what_is_used_is_learned():
    world = ImplementationWorld(furniture(), 0)
    world.mechanisms.people.train(0, 0.62)
    start = world.mechanisms.people.readiness()
    days_pass(world, 20, usefulness=1.0)
    left = (1.0 - world._context.parameters.proficiency_by_use) ** 20
    assert 1.0 - world.mechanisms.people.readiness() == pytest.approx((1.0 - start) * left)


# -- adoption ------------------------------------------------------------------------------


def adopted(
    proficiency: float = 0.6,
    trust: float = 0.6,
    resistance: float = 0.1,
    usefulness: float = 0.8,
    days: int = 20,
    scenario: ImplementationScenario | None = None,
) -> float:
    world = ImplementationWorld(scenario or furniture(), 0)
    people = world._state.people
    count = len(people.kind)
    people.trust[:] = people.trust_start[:] = [trust] * count
    people.resistance[:] = [resistance] * count
    people.proficiency[:] = [proficiency] * count
    days_pass(world, days, usefulness=usefulness)
    return world.mechanisms.people.adoption()


@pytest.mark.parametrize(
    ("cause", "sign"), [("proficiency", 1), ("trust", 1), ("usefulness", 1), ("resistance", -1)]
)
def test_adoption_follows_ability_trust_and_use_and_falls_with_resistance(cause, sign):
    shares = [adopted(**{cause: level}) for level in (0.0, 0.2, 0.4, 0.6, 0.8)]
    assert shares == sorted(shares, reverse=sign < 0)
    assert abs(shares[-1] - shares[0]) > 0.05


def test_nobody_adopts_what_is_not_live():
    world = ImplementationWorld(furniture(), 0)
    days_pass(world, 30)
    assert world.mechanisms.people.adoption() == 0.0


def test_adoption_only_grows_and_is_imitated():
    days = [adopted(days=day) for day in range(0, 60, 5)]
    assert days == sorted(days)
    alone = adopted(scenario=with_parameters(furniture(), bass_q=0.2))
    assert adopted(scenario=with_parameters(furniture(), bass_q=0.5)) > alone + 0.03


def test_an_assistant_at_every_desk_speeds_adoption_up():
    assert adopted(days=10) > 1.3 * adopted(days=10, scenario=conventional())


def test_sites_that_are_not_live_do_not_adopt_with_those_that_are():
    world = ImplementationWorld(two_sites(furniture()), 0)
    for _ in range(20):
        world.mechanisms.people.end_day([True, False], [0.9, 0.9])
    assert world.mechanisms.people.adoption(0) > 0.2
    assert world.mechanisms.people.adoption(1) == 0.0
