"""Where the crew's hours went: waiting counts only beside work that it could have been."""

from __future__ import annotations

import pytest

from golive.agents.implementation.crew_time import CrewTime, crew_time, total
from golive.agents.implementation.watching import CrewWatch, MilestoneWatch
from golive.agents.registry import load_policy
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run_episode
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.observers import Stopwatch

DATA, CONFIGURATION, TRAINING = 1, 2, 6
NO_FOCUS = 8
SKILL = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.2, 1.0)
"""One skill for all roles: too slow for training."""


@pytest.fixture(scope="module")
def template():
    return ImplementationWorld(load_scenario("furniture"), 0).briefing()


def morning(template, day=0, roles=(), work=()):
    """A briefing with roles as (focus, useful, waiting) and work as {workstream: fields}."""
    empty = template.workstreams[0]._replace(
        planned_hours=0.0,
        done_hours=0.0,
        remaining_hours=0.0,
        ready_packages=0,
        ready_hours=0.0,
        blocked_packages=0,
        blocked_hours=0.0,
    )
    streams = [empty] * 8
    for index, fields in dict(work).items():
        streams[index] = empty._replace(**fields)
    idle = template.roles[0]._replace(
        useful_hours=0.0,
        rework_hours=0.0,
        waiting_hours=0.0,
        switching_hours=0.0,
        focus=NO_FOCUS,
        skill=SKILL,
    )
    crew = [idle] * 5
    for index, (focus, useful, waiting) in enumerate(roles):
        crew[index] = idle._replace(focus=focus, useful_hours=useful, waiting_hours=waiting)
    return template._replace(
        calendar=template.calendar._replace(day=day, hours_per_day=8.0),
        workstreams=tuple(streams),
        roles=tuple(crew),
    )


def spent(template, roles, before, after=None):
    return crew_time(
        morning(template, work=before),
        morning(template, 1, roles, before if after is None else after),
    )


def test_waiting_without_any_work_is_not_counted(template):
    found = spent(template, [(DATA, 4.0, 4.0)], {})
    assert found.waiting_free == 4.0
    assert found.collaboration == 1.0


def test_waiting_beside_ready_work_of_the_same_workstream_is(template):
    found = spent(template, [(DATA, 4.0, 4.0)], {DATA: {"ready_packages": 2, "ready_hours": 40.0}})
    assert found.waiting_own == 4.0
    assert found.collaboration == 0.5


def test_waiting_beside_ready_work_of_another_workstream_is(template):
    work = {CONFIGURATION: {"ready_packages": 1, "ready_hours": 40.0}}
    found = spent(template, [(DATA, 4.0, 4.0)], work)
    assert found.waiting_elsewhere == 4.0
    assert found.collaboration == 0.5


def test_waiting_while_work_is_stopped_on_a_question_is(template):
    work = {CONFIGURATION: {"blocked_packages": 1, "blocked_hours": 40.0}}
    found = spent(template, [(DATA, 4.0, 4.0)], work)
    assert found.waiting_blocked == 4.0
    assert found.collaboration == 0.5


def test_a_workstream_that_the_role_is_too_slow_for_is_no_reason_to_blame_it(template):
    work = {TRAINING: {"ready_packages": 1, "ready_hours": 40.0}}
    assert spent(template, [(DATA, 4.0, 4.0)], work).collaboration == 1.0


def test_an_hour_of_work_is_set_against_waiting_once(template):
    work = {CONFIGURATION: {"ready_packages": 3, "ready_hours": 2.0}}
    found = spent(template, [(DATA, 0.0, 8.0), (DATA, 0.0, 8.0)], work)
    assert found.waiting_elsewhere == pytest.approx(2.0)
    assert found.waiting_free == pytest.approx(14.0)


def test_a_package_has_room_for_one_member_at_a_time(template):
    """Eight hours long one member works on the only package; nobody else could have."""
    work = {DATA: {"ready_packages": 1, "ready_hours": 40.0}}
    left = {DATA: {"ready_packages": 1, "ready_hours": 32.0, "done_hours": 8.0}}
    found = spent(template, [(DATA, 8.0, 0.0), (CONFIGURATION, 0.0, 8.0)], work, left)
    assert found.waiting_free == 8.0
    assert found.collaboration == 1.0


def test_what_was_done_is_no_longer_on_offer(template):
    work = {DATA: {"ready_packages": 4, "ready_hours": 8.0}}
    left = {DATA: {"done_hours": 6.0, "ready_packages": 1, "ready_hours": 2.0}}
    found = spent(template, [(DATA, 6.0, 2.0), (CONFIGURATION, 0.0, 8.0)], work, left)
    assert found.waiting_own == 2.0
    assert found.waiting_elsewhere == 0.0
    assert found.waiting_free == 8.0


def test_nobody_on_duty_is_no_collaboration():
    assert CrewTime().collaboration == 0.0


def test_a_sum_adds_every_part():
    parts = CrewTime(1, 2, 3, 4, 5, 6, 7)
    assert total([parts, parts]) == CrewTime(2, 4, 6, 8, 10, 12, 14)
    assert parts.staffed == 28
    assert parts.employable == 21


@pytest.mark.parametrize("policy", ["expert", "random"])
def test_watching_changes_nothing_and_agrees_with_the_scorecard(policy):
    scenario = load_scenario("furniture")
    crew, watch = CrewWatch(), Stopwatch()
    seen = run_episode(load_policy(policy), scenario, 2, observers=(crew, watch))
    plain = run_episode(load_policy(policy), scenario, 2)
    assert seen.digest == plain.digest
    assert len(watch.latencies_ms) == plain.decisions
    assert min(watch.latencies_ms) > 0.0
    time, card = crew.hours, seen.scorecard
    waiting = time.waiting_own + time.waiting_elsewhere + time.waiting_blocked + time.waiting_free
    assert time.useful / time.staffed == pytest.approx(card.useful_share)
    assert waiting / time.staffed == pytest.approx(card.waiting_share)
    assert time.rework / time.staffed == pytest.approx(card.rework_share)
    assert seen.figures["hours_useful"] == time.useful
    assert seen.figures["latencies_ms"] == watch.latencies_ms


def hours_of(policy, scenario, seed):
    """The crew's hours of an episode."""
    watch = CrewWatch()
    run_episode(load_policy(policy), scenario, seed, observers=(watch,))
    return watch.hours


def test_the_expert_collaborates_better_than_who_follows_the_plan():
    scenario = load_scenario("furniture")
    expert, follower = (
        total(hours_of(name, scenario, seed) for seed in range(4))
        for name in ("expert", "plan_follower")
    )
    assert expert.collaboration > follower.collaboration + 0.1


def test_milestones_come_in_the_order_of_a_project_that_goes_well():
    for seed in range(20):
        watch = MilestoneWatch()
        scenario = load_scenario("furniture")
        seen = run_episode(load_policy("expert"), scenario, seed, observers=(watch,))
        days = list(watch.milestones.as_dict().values())
        if None not in days:
            break
    assert None not in days
    assert days == sorted(days)
    planned = watch.milestones.last_go_live - seen.scorecard.days_late
    assert planned == pytest.approx(30.0)
    assert seen.figures["day_stable"] == days[-1]


def test_a_milestone_that_was_never_reached_has_no_day():
    crew, watch = CrewWatch(), MilestoneWatch()
    scenario = load_scenario("furniture")
    run_episode(load_policy("do_nothing"), scenario, 1, observers=(crew, watch))
    assert watch.milestones.mock_load_passed is None
    assert crew.hours.collaboration == 0.0
