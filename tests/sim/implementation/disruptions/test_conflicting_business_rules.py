"""Conflicting business rules: extra defects, then a standstill until two heads agree."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean

import pytest
from edge_case_helpers import of, responses, until_noticed, with_case
from world_helpers import decider, order, packages, play, with_parameters

from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity, Workstream
from golive.sim.implementation.briefing import DefectSeverity
from golive.sim.implementation.decision import Move
from golive.sim.implementation.disruptions.conflicting_business_rules import Phase
from golive.sim.implementation.state import Package, PackageKind, Status
from golive.sim.implementation.world import ImplementationWorld

KIND = DisruptionKind.CONFLICTING_BUSINESS_RULES
QUIET = {"conflicting_business_rules_notice_days": 40.0}
CONFLICT_KEYS = range(1 << 43, 1 << 44)


def phases(world: ImplementationWorld) -> list[float]:
    """Of each conflict."""
    return of(world).values[::2]


def known(
    severity: Severity = Severity.CRITICAL, seed: int = 0, day: int = 6
) -> ImplementationWorld:
    """A world on the morning on which every conflict is known."""
    world = ImplementationWorld(with_parameters(with_case(KIND, severity, day=day), **QUIET), seed)
    play(world, decider("expert"), day)
    world.advance(order())
    kind, state = world.mechanisms.disruptions.kinds[KIND.value], of(world)
    for conflict in range(len(phases(world))):
        if state.values[2 * conflict] == Phase.UNKNOWN:
            kind._comes_out(state, conflict)
    world._known = world._legal = None
    return world


def building(world: ImplementationWorld) -> list[Package]:
    """Known open building work of the departments in conflict."""
    departments = set(of(world).targets[: 2 * len(phases(world))])
    kinds = (PackageKind.BUILD, PackageKind.CHANGE)
    return [
        package
        for package in packages(world, *kinds)
        if package.department in departments and package.status not in (Status.DORMANT, Status.DONE)
    ]


def test_the_conflicts_of_a_milder_one_are_among_those_of_a_worse_one():
    pairs = []
    for severity, count in zip(Severity, (1, 2, 4, 7), strict=True):
        state = of(ImplementationWorld(with_case(KIND, severity), 3))
        pairs.append(state.targets)
        assert len(state.targets) == 2 * count
    for milder, worse in pairwise(pairs):
        assert worse[: len(milder)] == milder


def test_what_is_built_meanwhile_is_contradictory():
    quiet = {"conflicting_business_rules_found_build": 0.05, **QUIET}
    world = ImplementationWorld(with_parameters(with_case(KIND, day=0), **quiet), 0)
    play(world, decider("expert"), 12)
    extra = [defect for defect in world._state.defects if defect.key in CONFLICT_KEYS]
    assert len(extra) > 3
    assert {defect.severity for defect in extra} == {DefectSeverity.MAJOR}
    departments = set(of(world).targets[:8])
    assert all(world._state.packages[d.package].department in departments for d in extra)


def test_a_known_conflict_stops_the_building_of_its_departments():
    world = known()
    open_work = building(world)
    assert open_work
    for package in open_work:
        assert package.status == Status.BLOCKED or package.held
    assert sum(status.blocked_hours for status in world.briefing().workstreams) > 0.0
    others = packages(world, PackageKind.TEST_PREPARATION, PackageKind.TRAINING_MATERIAL)
    assert not any(package.held for package in others)


def test_when_the_heads_agree_building_goes_on_and_is_harmonised():
    world = known(Severity.MILD)
    play(world, lambda *_: order(Workstream.DATA), 40)
    assert phases(world) == [Phase.SETTLED]
    assert not any(p.status == Status.BLOCKED or p.held for p in building(world))
    (harmonisation,) = responses(world)
    assert not of(world).recovered
    play(world, decider("expert"))
    assert harmonisation.status == Status.DONE
    assert of(world).recovered


def test_a_workshop_settles_most_and_an_escalation_one_at_the_price_of_trust():
    settled = []
    for seed in range(6):
        world = known(seed=seed)
        while world.briefing().management.days_since_workshop < 5:
            world.advance(order())
        before = phases(world).count(Phase.SETTLED)
        world.advance(order(move=Move.STAKEHOLDER_WORKSHOP))
        settled.append(phases(world).count(Phase.SETTLED) - before)
    assert fmean(settled) > 1.5
    world = known()
    while not world.legal().move[Move.ESCALATE]:
        world.advance(order())
    before, trust = phases(world).count(Phase.SETTLED), world.mechanisms.people.support()
    hours = zip(phases(world), of(world).values[1::2], strict=True)
    last = max(hour for phase, hour in hours if phase == Phase.OPEN)
    world.advance(order(move=Move.ESCALATE))
    assert phases(world).count(Phase.SETTLED) >= before + 1
    assert of(world).values[2 * of(world).values[1::2].index(last)] >= Phase.SETTLED
    assert world.mechanisms.people.support() < trust


def test_an_escalation_is_legal_while_it_is_known():
    world = known()
    world._state.questions.clear()
    world._state.escalation_day = -1
    world._known = world._legal = None
    assert world.briefing().questions.pending == 0
    assert world.legal().move[Move.ESCALATE]


def test_trust_makes_heads_agree_sooner():
    def days(trust: float) -> float:
        world = ImplementationWorld(with_case(KIND, day=0), 0)
        play(world, lambda *_: order(), 1)
        world._state.people.trust[:] = [trust] * len(world._state.people.trust)
        kind, state = world.mechanisms.disruptions.kinds[KIND.value], of(world)
        kind._comes_out(state, 0)
        return state.values[1] - world._context.hour

    assert days(0.2) > 1.5 * days(0.9)


def test_events_of_the_project_bring_conflicts_out():
    world = ImplementationWorld(with_parameters(with_case(KIND, day=6), **QUIET), 0, record=True)
    until_noticed(world)
    assert of(world).notice_hour < 40 * 8.0
    assert "conflict_found" in world.events()["kind"].to_list()


@pytest.mark.parametrize("seed", range(4))
def test_no_package_stays_stopped_when_all_is_settled(seed):
    world = ImplementationWorld(with_case(KIND, Severity.BRUTAL, day=6), seed)
    play(world, decider("expert"))
    if min(phases(world)) >= Phase.SETTLED:
        assert of(world).targets[2 * len(phases(world)) :] == []
        assert not any(package.held for package in building(world))
