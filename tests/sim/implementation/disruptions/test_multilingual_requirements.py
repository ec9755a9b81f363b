"""Multilingual requirements: who cannot read learns little, until it is translated."""

from __future__ import annotations

from edge_case_helpers import of, responses, until_noticed, with_case
from world_helpers import decider, furniture, order, play, two_sites, with_parameters

from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity, Workstream
from golive.sim.implementation.decision import WORKSTREAMS, Move
from golive.sim.implementation.state import Status
from golive.sim.implementation.world import ImplementationWorld

KIND = DisruptionKind.MULTILINGUAL_REQUIREMENTS
HARD_TO_NOTICE = {
    "multilingual_requirements_seen_in_workshop": 0.0,
    "multilingual_requirements_notice_days": 60.0,
}


def begun(severity: Severity, **fields: object) -> ImplementationWorld:
    """A world some days after its onset."""
    world = ImplementationWorld(with_case(KIND, severity, day=1, **fields), 0)
    play(world, decider("do_nothing"), 3)
    return world


def test_it_strains_training_answers_and_acceptance_by_severity():
    strains = [begun(severity)._context.strain for severity in Severity]
    gains = [strain.training_gain[0] for strain in strains]
    assert gains == sorted(gains, reverse=True)
    assert 0.4 < gains[-1] < gains[0] < 1.0
    for values in (
        [strain.latency[0] for strain in strains],
        [strain.user_failing for strain in strains],
        [strain.wrong_assumption for strain in strains],
    ):
        assert values == sorted(values)
        assert len(set(values)) == len(values)


def test_languages_can_be_named_and_a_site_of_that_language_suffers_most():
    scenario = two_sites(furniture())
    world = begun(Severity.MILD, scenario=scenario, names=("fr",))
    strain = world._context.strain
    assert strain.training_gain[1] < 0.5 * strain.training_gain[0]


def test_the_first_training_wave_brings_it_to_light():
    world = ImplementationWorld(with_parameters(with_case(KIND), **HARD_TO_NOTICE), 0)
    decide = decider("expert")
    until_noticed(world, decide)
    checks = world._state.checks_passed
    trained = world._state.training_waves > world._state.training_pending
    assert trained or any(checks)


def test_a_workshop_can_bring_it_to_light():
    scenario = with_parameters(
        with_case(KIND, day=1), multilingual_requirements_seen_in_workshop=1.0
    )
    world = ImplementationWorld(scenario, 0)
    play(world, lambda *_: order(), 3)
    world.advance(order(move=Move.STAKEHOLDER_WORKSHOP))
    assert of(world).noticed


def test_each_language_is_work_in_configuration_and_training_with_key_users():
    world = ImplementationWorld(with_case(KIND, Severity.BRUTAL, day=1), 0)
    until_noticed(world, lambda *_: order())
    packages = responses(world)
    assert len(packages) == 2 * 5
    kinds = {WORKSTREAMS[package.workstream] for package in packages}
    assert kinds == {Workstream.CONFIGURATION, Workstream.TRAINING}
    assert all(package.key_user_hours > 0.0 for package in packages)


def test_language_by_language_the_strain_goes():
    world = ImplementationWorld(with_case(KIND, Severity.BRUTAL), 2)
    decide = decider("expert")
    until_noticed(world, decide)
    lost = {5.0: world._context.strain.training_gain[0]}
    while not of(world).recovered and not world.finished:
        world.advance(decide(world.briefing(), world.legal()))
        lost[of(world).left] = world._context.strain.training_gain[0]
    assert len(lost) > 2
    assert lost[0.0] == 1.0
    assert [lost[left] for left in sorted(lost)] == sorted(lost.values(), reverse=True)


def test_users_who_were_taught_in_vain_are_taught_again():
    late = ImplementationWorld(with_parameters(with_case(KIND), **HARD_TO_NOTICE), 1)
    until_noticed(late)
    early = ImplementationWorld(with_case(KIND, day=1), 1)
    until_noticed(early, lambda *_: order())
    assert len(responses(late)) > len(responses(early))


def test_nobody_adopts_what_he_cannot_read():
    world = ImplementationWorld(with_case(KIND, Severity.BRUTAL, day=70), 0)
    play(world, decider("expert"))
    spared = world.scorecard().adoption
    world = ImplementationWorld(with_case(KIND, Severity.BRUTAL, day=42), 0)
    decide = decider("expert")
    while not world.finished:
        for package in responses(world):
            if package.status == Status.READY:
                world.mechanisms.work.set_status(package, Status.BLOCKED)
        world.advance(decide(world.briefing(), world.legal()))
    assert world.scorecard().adoption < spared - 0.1
