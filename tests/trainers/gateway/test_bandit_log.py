"""Logs of the bandit view, and what can be estimated from them."""

from __future__ import annotations

import numpy as np
import pytest

from golive.agents.gateway.bandits import RULES
from golive.core.errors import GoliveError
from golive.sim.gateway.bandit import bandit_stream
from golive.sim.gateway.work import Outcome
from golive.trainers.gateway.bandit_log import (
    Feedback,
    Standing,
    log_of,
    soft,
    standing,
    true_value,
)
from golive.trainers.offline_evaluation import Estimator, FitSettings, ask, evaluate_offline

ROUTERS = {name: RULES[name] for name in ("most_confident", "keywords")}
ESTIMATORS = (
    *(Estimator.TRAJECTORY, Estimator.WEIGHTED_TRAJECTORY),
    *(Estimator.DOUBLY_ROBUST, Estimator.SWITCH),
)


@pytest.fixture(scope="module")
def met() -> list[Standing]:
    return [standing(bandit_stream("busy-desk", 1, luck=luck), ROUTERS) for luck in range(6)]


def log(one: Standing, feedback: Feedback = Feedback.OUTCOME, target: str = "keywords", luck=0):
    behaviour = soft(one.stream, one.chosen["most_confident"], 0.5)
    chances = soft(one.stream, one.chosen[target], 0.0)
    return log_of(one, behaviour, chances, feedback, np.random.default_rng(luck))


def test_chances_add_up_and_lie_where_a_choice_is_legal(met):
    stream = met[0].stream
    chances = soft(stream, met[0].chosen["keywords"], 0.3)
    assert np.allclose(chances.sum(axis=1), 1.0)
    assert not chances[~stream.legal].any()
    assert (chances[stream.legal] > 0.0).all()
    with pytest.raises(GoliveError, match="epsilon"):
        soft(stream, met[0].chosen["keywords"], 1.5)


def test_a_log_has_the_chance_of_what_was_chosen_and_chooses_as_often(met):
    episodes = log(met[0]).episodes
    chosen = episodes.chosen(episodes.behaviour)
    usual = met[0].chosen["most_confident"]
    own = episodes.actions[:, 0] == usual
    assert (chosen[own] > 0.5).all() and (chosen[~own] < 0.5).all()
    assert own.mean() == pytest.approx(
        episodes.behaviour[np.arange(len(own)), usual].mean(), abs=0.05
    )


def test_every_estimator_comes_to_the_value_that_the_simulator_knows(met):
    errors = {estimator: [] for estimator in ESTIMATORS}
    for luck, one in enumerate(met):
        made = log(one, luck=luck)
        sums = true_value(one.stream, one.chosen["keywords"], Feedback.OUTCOME)
        found = evaluate_offline(
            ask(made.episodes, made.target, metric="rewards"),
            estimators=ESTIMATORS,
            settings=FitSettings(resamples=50),
            linear=made.linear,
        )
        for estimate in found.estimates:
            gap = estimate.value.estimate - sums[0] / sums[1]
            errors[estimate.estimator].append(gap)
            assert abs(gap) < 2.5 * (estimate.value.high - estimate.value.low)
    for estimator, gaps in errors.items():
        assert abs(np.mean(gaps)) < 0.15, estimator


def test_what_nobody_has_noticed_looks_right(met):
    stream = met[0].stream
    true, heard = log(met[0]).episodes, log(met[0], Feedback.HEARD).episodes
    assert np.array_equal(true.actions, heard.actions)
    outcome = stream.results.outcome[np.arange(len(stream)), true.actions[:, 0]]
    better = heard.rewards > true.rewards
    assert better.any() and (outcome[better] == Outcome.WRONG).all()
    assert (heard.rewards[~better] == true.rewards[~better]).all()


def test_the_angry_rate_more_and_weights_mend_it(met):
    few = [log(one, Feedback.RATED, "most_confident").episodes for one in met]
    even = [log(one, Feedback.RATED_EVENLY, "most_confident").episodes for one in met]
    assert all(0 < one.lengths.size < 0.1 * len(s.stream) for one, s in zip(few, met, strict=True))
    stars = np.concatenate([one.rewards for one in few])
    weights = [one.chosen(one.behaviour) for one in few]
    chances = [one.chosen(one.behaviour) for one in even]
    ratio = np.concatenate(chances) / np.concatenate(weights)
    assert set(np.unique(stars)) == {0.0, 1.0}
    assert ratio[stars == 0.0].mean() == pytest.approx(3.0 * ratio[stars == 1.0].mean())
    sums = sum(true_value(one.stream, one.chosen["most_confident"], Feedback.RATED) for one in met)
    assert stars.mean() < sums[0] / sums[1]
