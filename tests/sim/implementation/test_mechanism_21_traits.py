"""Mechanism 21: each latent trait is felt where it should be, and nowhere by who has none."""

from __future__ import annotations

import dataclasses
from statistics import fmean

import pytest
from world_helpers import furniture, order, packages, play, with_customer

from golive.scenarios.implementation.traits import TRAITS, Traits
from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation import draws
from golive.sim.implementation.decision import Move
from golive.sim.implementation.parameters import parameters_with
from golive.sim.implementation.state import DefectState, PackageKind, Status
from golive.sim.implementation.trait_effects import TraitEffects
from golive.sim.implementation.world import ImplementationWorld

P = parameters_with({})
SUMS = {
    "change_benefit": P.change_benefit,
    "rot_share": P.rot_share,
    "holdback": P.holdback,
    "late_day": P.late_day_benefits,
}
"""Effects that are no factors, as most customers have them."""
FELT = {
    "change_value": {"change_benefit"},
    "data_rot": {"rot_share"},
    "workmanship": {"errors", "speed", "detection"},
    "sponsor_patience": {"stop", "holdback", "tolerance_of_overrun"},
    "season": {"late_day", "season_dip"},
    "consensus": {"workshop", "escalation", "escalation_trust"},
    "habits": {"untrained", "tolerance"},
    "fragility": {"lost_day"},
}


def effects(**traits: float) -> dict[str, float]:
    customer = with_customer(furniture(), traits=Traits(**traits)).customer
    return dataclasses.asdict(TraitEffects.of(customer, P))


def world(seed: int = 0, **traits: float) -> ImplementationWorld:
    return ImplementationWorld(with_customer(furniture(), traits=Traits(**traits)), seed)


# -- the table of effects ------------------------------------------------------------------


def test_who_is_as_most_feels_nothing():
    for name, effect in effects().items():
        assert effect == pytest.approx(SUMS.get(name, 1.0)), name


@pytest.mark.parametrize("name", TRAITS)
def test_a_trait_moves_its_own_effects_and_the_case_alone(name):
    plain = effects()
    moved = set()
    for value in (-0.8, 0.8):
        moved |= {key for key, effect in effects(**{name: value}).items() if effect != plain[key]}
    assert moved - {"case"} == FELT[name]


def test_every_effect_belongs_to_a_trait():
    felt = {effect for ones in FELT.values() for effect in ones}
    assert felt | {"case"} == {field.name for field in dataclasses.fields(TraitEffects)}


@pytest.mark.parametrize("name", TRAITS)
def test_effects_stay_possible_at_the_ends(name):
    for value in (-1.0, 1.0):
        found = effects(**{name: value})
        escalation = found.pop("escalation")  # below 0: an escalation delays
        found.pop("escalation_trust")  # below 0: who is in charge likes to be asked
        assert found.pop("change_benefit") > -1.0
        assert all(effect >= 0.0 for effect in found.values())
        assert escalation <= 1.0 + P.trait_consensus_escalation


# -- where they are felt -------------------------------------------------------------------


def test_rot_moves_errors_from_what_trial_loads_show_to_what_they_do_not():
    def shares(rot: float) -> tuple[float, float]:
        items = [item for item in world(data_rot=rot)._state.objects if item.present]
        rotten = sum(sum(item.rotten) for item in items)
        known = sum(sum(item.visible) + sum(item.hidden) for item in items)
        return rotten, known

    (none, all_), (usual, less), (much, least) = shares(-0.9), shares(0.0), shares(0.9)
    assert none == pytest.approx(0.0, abs=1e-9)
    assert usual == pytest.approx(P.rot_share * (usual + less))
    assert much == pytest.approx(P.rot_share * (1.0 + 0.9 * P.trait_data_rot) * (much + least))
    assert all_ == pytest.approx(usual + less) == pytest.approx(much + least)


def test_loads_and_cleansing_leave_the_rotten_and_a_profile_brings_them_out():
    one = world(data_rot=0.9)
    for package in packages(one, PackageKind.EXTRACT, PackageKind.MAP):
        one.mechanisms.work.set_status(package, Status.READY)
        one.mechanisms.work.finish(package)
    migration, items = one.mechanisms.migration, [i for i in one._state.objects if i.present]
    rotten = sum(sum(item.rotten) for item in items)
    for _ in range(12):
        migration.mock_load_done()
        for item in items:
            item.visible[:] = [0.0] * len(item.visible)
    assert sum(sum(item.rotten) for item in items) == pytest.approx(rotten)
    assert all(migration.known_quality(item) == 1.0 for item in items)
    assert migration.overall_quality() < 0.97
    before = migration.overall_quality()
    assert migration.profile(0.75) == pytest.approx(0.75 * rotten)
    assert migration.overall_quality() == pytest.approx(before)  # now they are known
    assert migration.measured_quality() < 1.0


def test_no_reconciliation_shows_what_is_as_wrong_in_the_old_system():
    for rot in (-0.9, 0.9):
        one = world(data_rot=rot)
        for package in packages(one, PackageKind.EXTRACT, PackageKind.MAP):
            one.mechanisms.work.set_status(package, Status.READY)
            one.mechanisms.work.finish(package)
        one._state.technical_failure = 0.0
        for item in one._state.objects:
            item.visible[:] = item.hidden[:] = [0.0] * len(item.visible)
        assert one.mechanisms.migration.cut_over() == pytest.approx(1.0)
        assert one.mechanisms.acceptance._reconciled() == pytest.approx(1.0)


def test_careless_work_is_faster_and_has_more_defects():
    hours, defects = {}, {}
    for trait in (-0.8, 0.0, 0.8):
        one = world(3, workmanship=trait)
        one._state.next_steering_day = 1_000
        play(one, lambda *_: order(Workstream.DISCOVERY), days=1)
        hours[trait] = one._state.hours_total
        play(one, lambda *_: order(Workstream.DISCOVERY), days=8)
        play(one, lambda *_: order(Workstream.CONFIGURATION), days=25)
        made = len(one._state.defects) + one._state.removed_in_build
        defects[trait] = made / one._state.totals[2].done
    assert hours[-0.8] < hours[0.0] < hours[0.8]
    assert defects[-0.8] < 0.6 * defects[0.0]
    assert defects[0.8] > 1.3 * defects[0.0]


def test_careless_work_hides_its_defects_from_tests():
    def found(trait: float) -> float:
        one = world(workmanship=trait)
        origin = packages(one, PackageKind.BUILD)[0]
        for number in range(1_000):
            one.mechanisms.defects.add(origin.id, 1_000_000 + number)
        one.mechanisms.defects.find(draws.DEFECT_IN_TEST, 0.4, 1)
        return fmean(defect.state == DefectState.OPEN for defect in one._state.defects)

    detection = P.trait_workmanship_detection
    for trait in (-0.8, 0.0, 0.8):
        assert found(trait) == pytest.approx(0.4 * (1.0 - detection * trait), abs=0.05)


def test_who_decides_in_the_round_gains_by_workshops_and_loses_by_escalations():
    trust, escalated, left = {}, {}, {}
    for trait in (-0.8, 0.0, 0.8):
        one = world(consensus=trait)
        start = one.mechanisms.people.mean_trust()
        one.mechanisms.moves.carry_out(Move.STAKEHOLDER_WORKSHOP)
        trust[trait] = one.mechanisms.people.mean_trust() - start
        one = world(consensus=trait)
        start = one.mechanisms.people.mean_trust()
        package = packages(one, PackageKind.DISCOVERY)[0]
        one.mechanisms.work.set_status(package, Status.READY)
        one.mechanisms.questions._ask(package)
        question = one._state.questions[0]
        wait = question.due_hour
        one.mechanisms.moves.carry_out(Move.ESCALATE)
        escalated[trait] = start - one.mechanisms.people.mean_trust()
        left[trait] = question.due_hour / wait
    assert 0.0 <= trust[-0.8] < trust[0.0] < trust[0.8]
    assert escalated[-0.8] < escalated[0.0] < escalated[0.8]
    assert escalated[0.0] > 0.0
    assert left[-0.8] < left[0.0] < left[0.8]
    shortened = 1.0 - P.escalation_factor
    assert left[0.0] == pytest.approx(1.0 - shortened, abs=0.02)


def test_distant_habits_make_training_matter():
    def losses(trait: float) -> tuple[float, float, float]:
        """With users of this readiness: none, the half of them, nearly all."""
        one = world(habits=trait)
        people, found = one._state.people, []
        for level in (0.1, 0.5, 0.95):
            people.proficiency[:] = [level] * len(people.proficiency)
            found.append(one.mechanisms.cutover._target_loss(0))
        return found[0], found[1], found[2]

    near, usual, far = losses(-0.8), losses(0.0), losses(0.8)
    assert near[0] < usual[0] < far[0]
    assert near[1] < usual[1] < far[1]
    gains = [rows[0] - rows[2] for rows in (near, usual, far)]
    assert gains[0] < 0.7 * gains[1] < gains[1] < gains[2]


def test_a_fragile_operation_pays_more_for_a_lost_day():
    def price(trait: float) -> float:
        case = world(fragility=trait).mechanisms.case
        case.context.state.lost_days = 0.01  # little enough for the price not to saturate
        return -case.value(True, 1.0, 0.0, True, case.context.planned_days).dip

    assert price(0.8) == pytest.approx(
        (1.0 + 0.8 * P.trait_fragility_lost_day) * price(0.0), rel=1e-3
    )
    assert price(-0.8) == pytest.approx(
        (1.0 - 0.8 * P.trait_fragility_lost_day) * price(0.0), rel=1e-3
    )


def test_a_patient_sponsor_stops_less_and_wants_acceptance():
    survival, held_back = {}, {}
    for trait in (-0.8, 0.0, 0.8):
        one = world(sponsor_patience=trait)
        one._state.spent_usd = 2.0 * one._state.budget_usd
        one.mechanisms.sponsor._steer()
        survival[trait] = one._state.survival
        days = one._context.planned_days
        held_back[trait] = -one.mechanisms.case.value(True, 1.0, 0.0, False, days).penalties
    assert survival[-0.8] < survival[0.0] < survival[0.8] < 1.0
    assert 0.0 <= held_back[-0.8] < held_back[0.0] < held_back[0.8]


def test_whose_wishes_are_worth_little_has_the_larger_case_and_the_promise_is_the_same():
    cases = {trait: world(change_value=trait).mechanisms.case for trait in (-0.8, 0.8)}
    low, high = (
        case.value(True, 1.0, 0.0, True, case.context.planned_days).benefits
        for case in cases.values()
    )
    expected = effects(change_value=-0.8)["case"] / effects(change_value=0.8)["case"]
    assert low / high == pytest.approx(expected)
    assert cases[-0.8].planned_usd == pytest.approx(cases[0.8].planned_usd)
