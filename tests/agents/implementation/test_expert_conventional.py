"""The expert where consultants deliver in months: its own rules, clearly above the baselines."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from golive.agents.implementation.critical_path import CriticalPath
from golive.agents.implementation.expert import Expert
from golive.agents.implementation.expert_file import shipped_rules
from golive.agents.implementation.plan_follower import PlanFollower
from golive.agents.implementation.programme_manager import own_target_day
from golive.scenarios.implementation.generator import CustomerGenerator
from golive.scenarios.implementation.plans import scenario_for
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import Delivery
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run_episode
from golive.sim.implementation.briefing import Briefing
from golive.sim.implementation.decision import Decision, Move
from golive.sim.implementation.legality import MOST_TRAINING_WAVES
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.policy import Policy
from golive.trainers.evaluation.intervals import DIFFERENCE_BOUNDS, paired_difference_interval

VALIDATION = range(1_000_000, 1_000_048)


@pytest.fixture(scope="module")
def conventional() -> ImplementationScenario:
    """A year with consultants."""
    return load_scenario("furniture-conventional")


def decisions(
    policy: Policy, scenario: ImplementationScenario, seed: int
) -> list[tuple[Briefing, Decision]]:
    """Every briefing of an episode with what was decided."""
    world = ImplementationWorld(scenario, seed)
    policy.reset(seed)
    made = []
    while not world.finished:
        briefing = world.briefing()
        decision = policy.decide(briefing, world.legal())
        made.append((briefing, decision))
        world.advance(decision)
    return made


def test_each_delivery_has_its_own_thresholds(conventional: ImplementationScenario) -> None:
    other_daily, other_weekly = (
        Expert(
            dataclasses.replace(rules, **{name: dataclasses.replace(one, first_cycle_built=0.95)})
        )
        for rules in (shipped_rules(),)
        for name, one in (("daily", rules.daily), ("weekly", rules.weekly))
    )
    for scenario, moved, unmoved in (
        (load_scenario("furniture"), other_daily, other_weekly),
        (conventional, other_weekly, other_daily),
    ):
        usual = run_episode(Expert(), scenario, 3).digest
        assert run_episode(unmoved, scenario, 3).digest == usual
        assert run_episode(moved, scenario, 3).digest != usual


def test_it_goes_live_ready_or_by_its_latest_day(conventional: ImplementationScenario) -> None:
    ready = 0
    latest = shipped_rules().weekly.latest_days
    for seed in range(4):
        for briefing, decision in decisions(Expert(), conventional, seed):
            tests = briefing.tests
            due = briefing.calendar.day - own_target_day(briefing) >= latest
            if decision.move is not Move.GO_LIVE or due:
                continue
            needed = zip(tests.checks_required, tests.checks_passed, strict=True)
            assert all(passed or not required for required, passed in needed)
            assert briefing.defects.open_by_severity[2] == 0
            assert not briefing.migration.mock_load_pending
            ready += 1
    assert ready > 0


def test_it_spends_no_move_on_the_date_while_a_test_or_load_waits(
    conventional: ImplementationScenario,
) -> None:
    """Also on a morning on which the announced date has just passed."""
    expert, world, tried = Expert(), ImplementationWorld(conventional, 2), 0
    while not world.finished:
        briefing, legal = world.briefing(), world.legal()
        decision = expert.decide(briefing, legal)
        if decision.move in (Move.TEST_CYCLE, Move.MOCK_LOAD):
            calendar = briefing.calendar._replace(target_go_live_day=briefing.calendar.day - 1)
            late = expert.decide(briefing._replace(calendar=calendar), legal)
            assert late.move not in (Move.POSTPONE_GO_LIVE, Move.REBASELINE)
            tried += 1
        world.advance(decision)
    assert tried > 3


def test_every_site_gets_its_share_of_the_training_waves() -> None:
    customer = next(
        one for one in CustomerGenerator("furniture").generate_many(500, 0) if len(one.sites) == 3
    )
    scenario = scenario_for(customer, Delivery.CONVENTIONAL)
    begun = 0
    for briefing, decision in decisions(Expert(), scenario, 1):
        planned = sum(site.present and site.status == 0 for site in briefing.sites)
        if planned:
            share = MOST_TRAINING_WAVES * (4 - planned) // 3
            assert briefing.management.training_waves <= share
        begun += decision.move is Move.GO_LIVE
    assert begun == 3


def scores(policy: Policy, scenario: ImplementationScenario) -> np.ndarray:
    return np.array([run_episode(policy, scenario, s).scorecard.go_live_score for s in VALIDATION])


@pytest.fixture(scope="module")
def expert_scores(conventional: ImplementationScenario) -> np.ndarray:
    return scores(Expert(), conventional)


@pytest.mark.slow
@pytest.mark.parametrize("baseline", [CriticalPath, PlanFollower])
def test_it_is_clearly_above_the_baselines_on_customers_it_was_not_tuned_on(
    baseline: type[CriticalPath] | type[PlanFollower],
    conventional: ImplementationScenario,
    expert_scores: np.ndarray,
) -> None:
    difference = paired_difference_interval(
        [expert_scores], [scores(baseline(), conventional)], bounds=DIFFERENCE_BOUNDS
    )
    assert difference.above(0.0)
    assert difference.estimate > 0.1
