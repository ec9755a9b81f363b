"""Change management pays, on whole conventional projects."""

from __future__ import annotations

import pytest

from golive.trainers.implementation.validation.laws import change_management

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result():
    return change_management.experiment(24, 0)


def test_change_management_pays_in_adoption_and_benefits(result):
    assert result.condition("it raises adoption")
    assert result.condition("it raises benefits")


def test_change_management_pays_in_objectives_met(result):
    assert result.condition("objectives are met more often")
    excellent, poor = (
        result.figure(f"objectives met, {name} change management").value
        for name in ("excellent", "poor")
    )
    ratio = result.figure("objectives met, excellent over poor").value
    assert ratio.estimate >= change_management.PUBLISHED_RATIO
    assert excellent.estimate > 0.4 > poor.estimate
