from __future__ import annotations

from dataclasses import replace

import pytest
from scipy.stats import spearmanr

from golive.agents.implementation.kind import KIND
from golive.agents.registry import load_policy
from golive.core.arithmetic import plain_sum
from golive.core.errors import GoliveError
from golive.envs.environment import WorldEnv
from golive.envs.implementation.rewards import RewardConfig, reward_language
from golive.envs.implementation.shaping import PotentialConfig, potential
from golive.envs.rewards import Transition
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import begin_episode, play
from golive.sim.implementation.briefing import Briefing, SiteStatus
from golive.sim.implementation.scorecard import Scorecard
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.worlds import world_kind

LANGUAGE = reward_language()
FURNITURE = load_scenario("furniture")


def paid(
    reward: str | RewardConfig, before: Briefing, after: Briefing, card: Scorecard | None
) -> dict[str, float]:
    return LANGUAGE.reward(reward).terms(Transition(before, after, card, FURNITURE))


def test_the_mission_pays_its_signals_at_the_end(briefing: Briefing, scorecard: Scorecard) -> None:
    assert paid("mission", briefing, briefing, scorecard) == pytest.approx(
        {
            "implementation_success": 10.0,
            "timeline_accuracy": -0.6,
            "customer_satisfaction": 3.0,
            "data_quality_improvement": 5 * 0.32,
            "error_prevention": 8 * 0.9,
            "manual_intervention": 0.0,
            "business_value": 80 * 0.55,
            "go_live_score": 0.0,
            "shaping": 0.0,
        }
    )


def test_before_the_end_only_interventions_cost(briefing: Briefing) -> None:
    after = briefing._replace(management=briefing.management._replace(interventions=2))
    terms = paid("mission", briefing, after, None)
    assert terms.pop("manual_intervention") == -3.0
    assert set(terms.values()) == {0.0}


def test_being_early_is_as_inaccurate_as_being_late(
    briefing: Briefing, scorecard: Scorecard
) -> None:
    early = replace(scorecard, days_late=-scorecard.days_late)
    late_terms = paid("mission", briefing, briefing, scorecard)
    early_terms = paid("mission", briefing, briefing, early)
    assert early_terms["timeline_accuracy"] == late_terms["timeline_accuracy"] < 0.0


def test_what_never_went_live_is_late_and_prevented_and_improved_nothing(
    briefing: Briefing, scorecard: Scorecard
) -> None:
    card = replace(scorecard, went_live=False, success=False, defect_removal_efficiency=1.0)
    terms = paid("mission", briefing, briefing, card)
    assert terms["timeline_accuracy"] == -(75 - 30) / 5
    assert terms["error_prevention"] == 0.0
    assert terms["data_quality_improvement"] == 0.0


def test_the_business_value_is_a_share_of_the_case(
    briefing: Briefing, scorecard: Scorecard
) -> None:
    def value(expected_usd: float, case_usd: float) -> float:
        card = replace(scorecard, expected_value_usd=expected_usd, business_case_usd=case_usd)
        return paid("mission", briefing, briefing, card)["business_value"]

    assert value(1e6, 1e6) == 80.0
    assert value(-2e6, 1e6) == -160.0
    assert value(-1e6, 0.0) == 0.0
    steps = [value(usd, 1e6) for usd in (-2e6, -1.0, 0.0, 1.0, 5e5)]
    assert steps == sorted(set(steps))


def test_the_mission_ranks_policies_as_the_score_does() -> None:
    names = ("expert", "noisy:expert:0.3", "typical_practice", "critical_path", "random")
    names += ("plan_follower", "go_live_on_day_one", "do_nothing")
    rewards, scores = [], []
    for name in names:
        cards, total = [], 0.0
        for seed in range(5):
            world = ImplementationWorld(FURNITURE, seed)
            policy = load_policy(name, KIND)
            begin_episode(policy, world)
            first = world.briefing()
            play(world, policy)
            cards.append(world.scorecard())
            total += plain_sum(
                paid("mission", first, world.briefing(), cards[-1]).values()
            )  # interventions count from the first briefing to the last
        rewards.append(total)
        scores.append(plain_sum(card.go_live_score for card in cards))
    assert spearmanr(rewards, scores).statistic >= 0.9


def test_the_score_preset_pays_the_score_alone(briefing: Briefing, scorecard: Scorecard) -> None:
    terms = paid("score", briefing, briefing, scorecard)
    assert terms.pop("go_live_score") == pytest.approx(10 * scorecard.go_live_score)
    assert set(terms.values()) == {0.0}


def _states(briefing: Briefing) -> list[Briefing]:
    trusted = briefing._replace(people=briefing.people._replace(trust=0.9, readiness=0.7))
    tested = trusted._replace(tests=trusted.tests._replace(built_hours_since_cycle=0.0))
    live = tested.sites[0]._replace(status=SiteStatus.LIVE, days_live=0)
    return [briefing, trusted, tested, tested._replace(sites=(live, *tested.sites[1:]))]


@pytest.mark.parametrize("gamma", [1.0, 0.97])
def test_shaping_telescopes_to_minus_the_first_potential(
    briefing: Briefing, scorecard: Scorecard, gamma: float
) -> None:
    config = RewardConfig(shaping=3.0, potential=PotentialConfig(gamma=gamma))
    states = _states(briefing)
    total = 0.0
    for step, (before, after) in enumerate(zip(states, [*states[1:], states[-1]], strict=True)):
        card = scorecard if step == len(states) - 1 else None
        total += gamma**step * paid(config, before, after, card)["shaping"]
    assert total == pytest.approx(-3.0 * potential(briefing, config.potential))


def test_the_potential_grows_with_everything_worth_having(briefing: Briefing) -> None:
    values = [potential(state, PotentialConfig()) for state in _states(briefing)]
    assert values == sorted(values)
    assert len(set(values)) == len(values)


def test_the_potential_falls_when_go_live_is_postponed(briefing: Briefing) -> None:
    calendar = briefing.calendar._replace(target_go_live_day=45)
    postponed = briefing._replace(calendar=calendar)
    config = PotentialConfig()
    assert potential(postponed, config) < potential(briefing, config)


def test_a_mapping_changes_single_weights_of_the_mission() -> None:
    config = LANGUAGE.config({"manual_intervention": -1.0, "potential": {"gamma": 0.99}})
    assert config.manual_intervention == -1.0
    assert config.potential.gamma == 0.99
    assert config.implementation_success == LANGUAGE.presets["mission"].implementation_success


@pytest.mark.parametrize(
    ("reward", "message"),
    [
        ("missoin", "reward: 'missoin': expected one of mission, shaped, score"),
        ({"sucess": 1.0}, "reward.sucess: 1.0"),
        ({"shaping": "much"}, "reward.shaping: 'much'"),
        ({"shaping": float("nan")}, "reward.shaping: nan"),
        ({"potential": {"gamma": 1.5}}, "reward.potential.gamma: 1.5"),
        (7, "reward: 7: expected a name"),
    ],
)
def test_a_bad_reward_is_named(reward: object, message: str) -> None:
    with pytest.raises(GoliveError) as caught:
        LANGUAGE.config(reward)  # type: ignore[arg-type]
    assert message in str(caught.value)


class Days:
    """Days that have passed in this step."""

    name = "days"

    def value(self, transition: Transition) -> float:
        return float(transition.after.calendar.day - transition.before.calendar.day)


def test_a_term_registered_for_this_process_pays_until_it_is_taken_back() -> None:
    language = world_kind("implementation").reward_language
    before = WorldEnv(reward={"go_live_score": 1.0})
    language.others.register("days", Days)
    try:
        environment = WorldEnv(reward={"days": 2.0})
        environment.reset(seed=0)
        terms = environment.step(environment.action_space.sample())[4]["reward_terms"]
        assert terms["days"] == 2.0
        assert language.presets["score"].days == 0.0
    finally:
        language.others.unregister("days")
    assert "days" not in before.reward.names
    with pytest.raises(GoliveError, match=r"reward\.days"):
        WorldEnv(reward={"days": 2.0})
