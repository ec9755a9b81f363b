"""The dip after go-live and its recovery, on whole conventional projects."""

from __future__ import annotations

import pytest

from golive.trainers.implementation.validation.laws import dip_and_recovery

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result():
    return dip_and_recovery.experiment(40, 1_500_000)


def test_the_dip_is_moderate_to_severe_for_most(result):
    assert result.condition("most firms have a moderate dip")


def test_the_dip_recovers_in_weeks(result):
    assert result.condition("most of the loss is gone at the end of hypercare")
    days = result.figure("working days to recover, median").value.estimate
    low, high = dip_and_recovery.RECOVERY_BAND
    assert low <= days <= high


@pytest.mark.parametrize("what", dip_and_recovery.REMOVED)
def test_the_dip_is_the_deeper_the_more_is_wrong(result, what):
    # Ten customers: what bad data add, with acceptance passed, is smaller than their spread.
    assert result.figure(f"deepest loss, by {what}").value.estimate > -0.02


def test_the_dip_takes_longest_to_recover_from_with_untrained_users(result):
    longer = {
        what: result.figure(f"days to recover, by {what}").value.estimate
        for what in dip_and_recovery.REMOVED
    }
    assert longer["untrained users"] > 1.0
