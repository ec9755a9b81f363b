"""The direct method as it ships: on worlds of its own model, and on others, which it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from golive.cli import ope
from golive.trainers.evaluation.intervals import share_interval, student_half_width
from golive.trainers.offline_evaluation import Estimator, FitSettings, ask, evaluate_offline
from golive.trainers.offline_evaluation.contributions import refitted_interval
from golive.trainers.offline_evaluation.fitted_q import direct
from golive.trainers.offline_evaluation.linear_q import LinearQ, principal_components
from golive.trainers.offline_evaluation.model_check import check_model

from .toy import Toy, drawn_policy, tabular

OWN, JOINT = Toy.by_factor(4), Toy.drawn(0)
BEHAVIOUR = drawn_policy(1)
TARGET = 0.5 * (BEHAVIOUR + drawn_policy(9))


def question(episodes, seed, world=OWN, seen=lambda observations: observations):
    logged, target = world.record(BEHAVIOUR, TARGET, episodes, seed)
    return ask(replace(logged, observations=seen(logged.observations)), target, metric="rewards")


def measured(episodes, datasets):
    """Errors, whether intervals held and whether the model was let pass, by dataset."""
    exact, found = OWN.value(TARGET), []
    for seed in range(datasets):
        asked = question(episodes, 10_000 + seed)
        settings = FitSettings(refits=40, resamples=200)
        answer = evaluate_offline(asked, estimators=(Estimator.DIRECT,), settings=settings)
        value = answer.estimates[0].value
        found.append((value.estimate - exact, value.low <= exact <= value.high, answer.model.holds))
    return (np.array(column) for column in zip(*found, strict=True))


@pytest.mark.parametrize(
    ("episodes", "datasets"),
    [
        (100, 100),
        pytest.param(20, 400, marks=pytest.mark.nightly),
        pytest.param(400, 100, marks=pytest.mark.nightly),
    ],
)
def test_where_the_model_holds_there_is_no_bias_and_intervals_cover(episodes, datasets):
    errors, held, passed = measured(episodes, datasets)
    error = errors.std(ddof=1) / np.sqrt(datasets)
    print(
        f"{episodes} episodes, {datasets} datasets: bias {errors.mean():+.4f} (standard error "
        f"{error:.4f}), coverage {held.mean():.1%}, model refused {1 - passed.mean():.1%}"
    )
    assert abs(errors.mean()) < 2.0 * error
    assert held.mean() >= 0.92
    refused = datasets - int(passed.sum())
    assert share_interval(refused, datasets, 0.99).low < 0.05


def scalar(observations):
    """One number for what one-hot columns said: values are no longer linear in it."""
    return (observations.argmax(axis=1)[:, None] ** 2 / 5.0).astype(np.float32)


def blank(observations):
    """Nothing seen, neither state nor time."""
    return np.zeros_like(observations[:, :1])


@pytest.mark.parametrize(
    ("world", "seen", "missing"),
    [
        (JOINT, lambda observations: observations, "what choices do together"),
        (OWN, scalar, "not linear in the observation"),
        (OWN, blank, "what happened before"),
    ],
    ids=["together", "bends", "past"],
)
def test_where_the_model_does_not_hold_it_says_so(world, seen, missing, capsys):
    asked = question(400, 3, world, seen)
    found = evaluate_offline(
        asked, estimators=(Estimator.DIRECT,), settings=FitSettings(refits=2, resamples=10)
    )
    assert any(missing in reason for reason in found.estimate("direct").against)
    assert not found.supported
    assert not found.as_dict()["model"]["holds"]
    ope._print(found, "the target", None)
    assert "direct: the model of values does not hold: it misses" in capsys.readouterr().out


def test_the_value_of_a_choice_depends_on_the_state():
    """Opposite choices are best in the two states; a constant per choice knows neither."""
    rewards = np.zeros((2, 2, 3))
    rewards[0, 0], rewards[1, 1] = 1.0, 1.0
    world = Toy(rewards, np.full((2, 2, 3, 2), 0.5))
    best = np.array([[1, 0, 0.5, 0.5, 0], [0, 1, 0.5, 0.5, 0]])
    even = np.array([[0.5, 0.5, 0.5, 0.5, 0], [0.5, 0.5, 0.5, 0.5, 0]])
    asked = ask(*world.record(even, best, 400, 0), metric="rewards")
    found = direct(asked, LinearQ(asked).fit(np.ones(400))).estimate()
    assert world.value(best) - world.value(even) > 1.0
    assert found == pytest.approx(world.value(best), abs=0.1)


def test_influences_are_what_leaving_an_episode_out_moves():
    asked = question(300, 5)
    fitted = tabular(asked)

    def without(episode):
        weights = np.ones(300)
        weights[episode] = 0.0
        return direct(asked, fitted.fit(weights)).estimates(weights[None, :])[0]

    whole = direct(asked, fitted.fit(np.ones(300))).estimate()
    moved = np.array([299.0 * (whole - without(episode)) for episode in range(60)])
    found = fitted.influences()[:60]
    assert np.corrcoef(moved, found)[0, 1] > 0.95
    assert found.std() == pytest.approx(moved.std(), rel=0.15)


def test_the_interval_is_never_narrower_than_student_s():
    rng = np.random.default_rng(0)
    influences = rng.normal(size=12)
    strata = [np.arange(5), np.arange(5, 12)]
    half = student_half_width([influences[rows] for rows in strata], 0.95)
    alike = refitted_interval(1.0, np.full(40, 1.0), influences, strata)
    assert (alike.low, alike.high) == pytest.approx((1.0 - half, 1.0 + half))
    wide = refitted_interval(1.0, 1.0 + 9.0 * rng.normal(size=40), influences, strata)
    assert wide.high - wide.low > 30.0
    alone = refitted_interval(1.0, np.full(40, 1.0), influences[:1], [np.arange(1)])
    assert alone.high == np.inf


def test_many_observations_are_stood_for_by_their_components():
    rng = np.random.default_rng(1)
    seen = rng.normal(size=(500, 3)) @ rng.normal(size=(3, 40))
    seen -= seen.mean(axis=0)
    found = principal_components(seen, 5)
    assert found.shape == (500, 3)
    assert found.T @ found / 500 == pytest.approx(np.eye(3), abs=1e-9)
    assert principal_components(seen[:, :2], 5).shape == (500, 2)


def test_too_few_episodes_speak_against_no_model():
    found = check_model(LinearQ(question(4, 6, JOINT)))
    assert found.holds
    assert found.as_dict()["p_value"] == min(found.p_values.values())
