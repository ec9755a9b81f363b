"""More key-user hours shorten the wait as rho / (1 - rho), on whole projects."""

from __future__ import annotations

import pytest

from golive.trainers.implementation.validation.laws import key_user_queue

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result():
    return key_user_queue.experiment(10, 0)


@pytest.mark.parametrize("who", ["AI agents", "consultants"])
def test_more_key_user_hours_shorten_the_wait(result, who):
    assert result.figure(f"wait, {who}, scarce hours over ample").value.above(1.0)


def test_more_key_user_hours_shorten_the_wait_at_every_step(result):
    assert result.condition("fewer hours, longer wait, with AI agents at every step")


def test_the_wait_grows_as_rho_over_one_less_rho(result):
    assert result.condition("waiting grows with rho / (1 - rho)")
    assert result.condition("the heavier the load, the more steeply")


def test_the_experiment_tells_a_world_without_a_queue():
    result = key_user_queue.experiment(2, 0, {"queue_weight": 0.0})
    weight = result.figure("weight of rho / (1 - rho) in the wait").value
    assert weight.estimate == pytest.approx(0.0, abs=0.03)
    assert not result.holds


def test_the_weight_of_the_queue_is_its_parameter():
    result = key_user_queue.experiment(2, 0, {"queue_weight": 0.6})
    weight = result.figure("weight of rho / (1 - rho) in the wait").value
    assert weight.estimate == pytest.approx(0.6, abs=0.12)
