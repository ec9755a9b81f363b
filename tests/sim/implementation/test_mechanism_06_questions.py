"""Mechanism 6: answers take a heavy-tailed time; old questions become assumptions."""

from __future__ import annotations

from statistics import fmean, median

import pytest
from world_helpers import furniture, idle, order, packages, play, with_customer, with_parameters

from golive.scenarios.implementation.challenges import WorkChallenge
from golive.scenarios.implementation.vocabulary import Workstream
from golive.sim.implementation.decision import Move
from golive.sim.implementation.state import PackageKind, Question, Status
from golive.sim.implementation.world import ImplementationWorld

ASKING = (PackageKind.DISCOVERY, PackageKind.BUILD, PackageKind.MAP)


def latencies(
    trust: float = 0.5, load: float = 0.0, seeds=range(20), **parameters: float
) -> list[float]:
    """Latency in days of one answer per package and seed."""
    days = []
    for seed in seeds:
        world = ImplementationWorld(with_parameters(furniture(), **parameters), seed)
        world._state.people.trust[:] = [trust] * len(world._state.people.trust)
        for pool in world._state.pools:
            pool.load = load
        for package in packages(world, *ASKING):
            world.mechanisms.questions._ask(package)
        days += [(q.due_hour - q.asked_hour) / 8.0 for q in world._state.questions]
    return days


@pytest.fixture(scope="module")
def unloaded() -> list[float]:
    return latencies()


def test_the_median_answer_takes_its_parameter(unloaded):
    assert median(unloaded) == pytest.approx(3.0, rel=0.12)
    assert median(latencies(decision_latency_days=6.0)) == pytest.approx(6.0, rel=0.12)


def test_answers_have_a_heavy_tail(unloaded):
    ordered = sorted(unloaded)
    assert fmean(unloaded) > 1.06 * median(unloaded)  # lognormal with sigma 0.45: 1.107
    assert ordered[int(0.95 * len(ordered))] > 1.8 * median(unloaded)  # 2.10


def test_waiting_grows_with_the_load_of_key_users_as_in_a_queue(unloaded):
    half, busy = median(latencies(load=0.5)), median(latencies(load=0.8))
    assert half / median(unloaded) == pytest.approx(1.0 + 0.25 * 1.0, rel=0.01)
    assert busy / median(unloaded) == pytest.approx(1.0 + 0.25 * 4.0, rel=0.01)
    assert median(latencies(load=0.99)) < 3.0 * median(unloaded)


def test_trust_shortens_waiting(unloaded):
    assert median(latencies(trust=0.9)) == pytest.approx(0.6 * median(unloaded), rel=0.01)
    assert median(latencies(trust=0.1)) == pytest.approx(1.4 * median(unloaded), rel=0.01)


def asking(seed: int = 20, **parameters: float) -> ImplementationWorld:
    """A world in which every candidate has asked and nobody answers for a long time."""
    world = idle(with_parameters(furniture(), **parameters), seed)
    for package in packages(world, *ASKING):
        world.mechanisms.work.set_status(package, Status.BLOCKED)
        world._state.questions.append(
            Question(package.id, package.site, package.department, 0.0, 1e6)
        )
    return world


def test_a_package_with_an_open_question_stands_still():
    world = asking()
    world.advance(order(Workstream.DISCOVERY))
    blocked = packages(world, PackageKind.DISCOVERY)
    assert all(package.done_hours == 0.0 for package in blocked)
    asked = sum(
        package.status == Status.BLOCKED
        for package in world._state.packages
        if package.workstream == 0
    )
    assert world.briefing().workstreams[0].blocked_packages == asked >= len(blocked)
    assert world.briefing().questions.pending == len(world._state.questions) > 20


def test_a_stale_question_becomes_an_assumption_and_some_are_wrong():
    wrong = asked = 0
    for seed in range(15):
        world = asking(seed)
        play(world, lambda *_: order(None), days=8)
        assert world.briefing().questions.assumptions == 0
        world.advance(order(None))
        known = world.briefing().questions
        assert known.pending == 0
        asked += known.assumptions
        wrong += len(world._state.defects)
    assert asked > 400
    assert wrong / asked == pytest.approx(0.3, abs=0.05)


def test_stale_days_is_the_parameter():
    world = asking(stale_days=3.0)
    play(world, lambda *_: order(None), days=4)
    assert world.briefing().questions.pending == 0


def test_an_escalation_shrinks_what_is_left_of_each_latency():
    world, left = asking(), 40.0
    for question in world._state.questions:
        question.due_hour = left
    before = world._state.people.trust[:]
    world.mechanisms.moves.carry_out(Move.ESCALATE)
    assert {question.due_hour for question in world._state.questions} == {0.35 * left}
    heads = [i for i, kind in enumerate(world._state.people.kind) if kind == 1]
    assert all(world._state.people.trust[i] < before[i] for i in heads)
    assert world._state.people.trust[0] == before[0]


def test_a_workshop_settles_its_share_of_the_questions():
    settled = asked = 0
    for seed in range(15):
        world = asking(seed)
        asked += len(world._state.questions)
        world.mechanisms.moves.carry_out(Move.STAKEHOLDER_WORKSHOP)
        settled += world._state.questions_answered
    assert settled / asked == pytest.approx(0.6, abs=0.05)


def test_an_intervention_settles_the_questions_of_the_packages_needed_first():
    world = asking()
    deadline = {
        q.package: world._state.packages[q.package].latest_finish_hour
        for q in world._state.questions
    }
    world.mechanisms.moves.carry_out(Move.MANUAL_INTERVENTION)
    left = [deadline[question.package] for question in world._state.questions]
    assert len(deadline) - len(left) == 3
    settled = sorted(deadline.values())[:3]
    assert min(left) >= settled[-1]


def questions_asked(seeds=range(8), days: int = 15, **parameters: float) -> float:
    worlds = [
        ImplementationWorld(with_parameters(furniture(), **parameters), seed) for seed in seeds
    ]
    for world in worlds:
        play(world, lambda *_: order(Workstream.DISCOVERY), days=days)
    return fmean(world._state.questions_asked for world in worlds)


def test_more_questions_arise_where_the_parameter_says_so():
    assert questions_asked(question_probability=0.4) > 1.3 * questions_asked(
        question_probability=0.05
    )


def test_finished_discovery_answers_later_questions():
    """The same packages of configuration ask less once their department has been analysed."""
    asked = {}
    for share in (0.0, 1.0):
        count = 0
        for seed in range(25):
            world = ImplementationWorld(furniture(), seed)
            for package in packages(world, PackageKind.DISCOVERY):
                package.done_hours = share * package.planned_hours
            for package in packages(world, PackageKind.BUILD):
                count += world.mechanisms.questions.arises(package)
        asked[share] = count
    assert asked[1.0] < 0.5 * asked[0.0]
    assert asked[1.0] > 0


@pytest.mark.parametrize("complexity", [6, 10])
@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
def test_a_challenge_asks_with_its_own_probability(probability, complexity):
    customer = furniture().customer
    challenges = tuple(
        c.model_copy(update={"question_probability": probability})
        if isinstance(c, WorkChallenge)
        else c
        for c in customer.challenges
    )
    scenario = with_customer(furniture(), challenges=challenges, complexity=complexity)
    found = [
        package.question_at >= 0.0
        for seed in range(60)
        for package in packages(ImplementationWorld(scenario, seed), PackageKind.CHALLENGE)
    ]
    assert fmean(found) == pytest.approx(probability, abs=0.09)
