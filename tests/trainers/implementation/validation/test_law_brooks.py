"""Brooks's law, on whole conventional projects."""

from __future__ import annotations

import numpy as np
import pytest

from golive.trainers.implementation.validation.laws import brooks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result():
    return brooks.experiment(20, 0)


@pytest.mark.parametrize("share", brooks.SHARES)
def test_brookss_law_staff_added_costs_more_whenever_it_is_added(result, share):
    # Twenty customers and two bad projects among them: the interval is wide, the law is nightly.
    assert result.figure(f"cost, staff added at {share:.0%}").value.estimate > 0.0


def test_brookss_law_staff_added_early_brings_the_date_forward(result):
    early = result.figure(f"go-live moved, staff added at {brooks.SHARES[0]:.0%}")
    assert early.value.estimate < -0.02  # too few customers for the interval, which is skewed


def test_brookss_law_staff_added_late_does_not(result):
    late = result.figure(f"go-live moved, staff added at {brooks.SHARES[-1]:.0%}")
    early = result.figure(f"go-live moved, staff added at {brooks.SHARES[0]:.0%}")
    assert late.value.estimate > early.value.estimate
    spread = result.figure("go-live moved, added at 90% less added at 10%")
    assert spread.value.estimate > 0.02


@pytest.mark.nightly
def test_brookss_law_holds_with_enough_customers():
    assert brooks.experiment(120, 1_000_000).holds


def test_the_break_even_lies_where_the_mean_effect_changes_its_sign():
    effects = np.array([[-0.2, -0.1, 0.1, 0.2, 0.2], [-0.2, -0.1, 0.1, 0.2, 0.2]])
    assert brooks.break_even(effects) == pytest.approx(0.4)
    assert brooks.break_even(np.abs(effects)) == 0.0
    assert brooks.break_even(-np.abs(effects)) == 1.0
