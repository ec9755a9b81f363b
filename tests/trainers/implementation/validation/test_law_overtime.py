"""Overtime breaks even, with people; AI agents do not tire."""

from __future__ import annotations

import numpy as np
import pytest

from golive.trainers.implementation.validation.laws import overtime


@pytest.fixture(scope="module")
def result():
    return overtime.experiment(12, 0)


def test_overtime_of_people_is_ahead_in_the_first_weeks(result):
    assert result.figure("output of people so far, week 1").value.above(1.0)
    assert result.condition("overtime is ahead in the first weeks")


def test_overtime_of_people_is_behind_in_the_last_weeks(result):
    assert result.condition("overtime is behind in the last weeks")


def test_overtime_breaks_even_eight_weeks_give_about_the_same_output(result):
    assert result.condition("all weeks together give about the same")
    even = result.figure("break-even: overtime has brought nothing by").value
    assert overtime.FIRST_WEEKS < even.estimate < overtime.WEEKS


def test_overtime_tires_people_and_not_ai_agents(result):
    people, agents = (
        result.figure(f"output per hour at work, {who}, last week of rush").value
        for who in ("people", "AI agents")
    )
    assert people.estimate < 1.0  # too few customers for the interval
    assert agents.above(1.0)


def test_the_experiment_tells_a_world_in_which_people_hardly_tire():
    hardly = {"fatigue_per_rush_day": 0.01, "fatigue_speed_loss": 0.1}
    result = overtime.experiment(3, 0, hardly)
    assert result.figure("output of people so far, week 8").value.above(1.0)
    assert not result.holds


def test_the_break_even_lies_where_overtime_has_brought_nothing():
    assert overtime.even_at(np.array([[2.0, 3.0, 1.0, -1.0]])) == pytest.approx(3.5)
    assert overtime.even_at(np.array([[2.0, 3.0]])) == 2.0
    assert overtime.even_at(np.array([[-2.0, 3.0]])) == 0.0


def test_the_same_customers_give_the_same_result():
    assert overtime.experiment(2, 5) == overtime.experiment(2, 5)
