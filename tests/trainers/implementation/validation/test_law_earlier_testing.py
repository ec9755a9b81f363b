"""Earlier testing is cheaper, on whole conventional projects."""

from __future__ import annotations

import pytest

from golive.trainers.implementation.validation.laws import earlier_testing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result():
    return earlier_testing.experiment(24, 1_000_000)


def test_earlier_testing_is_cheaper_a_fix_costs_more_the_later_it_is_found(result):
    assert result.condition("a fix costs more the later it is found")


def test_earlier_testing_is_cheaper_late_testing_makes_the_same_fixes_dearer(result):
    assert result.condition("live on the date, late testing makes the same fixes dearer")
    defects = result.figure("defects, live on the date, tested late over early").value
    assert defects.estimate == pytest.approx(1.0, abs=0.1)


def test_earlier_testing_is_cheaper_late_testing_takes_more_fix_hours(result):
    assert result.condition("live on the date, late testing takes more fix hours")


def test_earlier_testing_is_cheaper_late_testing_leaves_more_to_production(result):
    early, late = (
        result.figure(f"share left to production, live on the date, tested {name}").value
        for name in ("early", "late")
    )
    assert early.high < late.low


def test_earlier_testing_is_cheaper_late_testing_makes_a_project_on_its_date_dearer(result):
    assert result.condition("live on the date, late testing makes the project dearer")
