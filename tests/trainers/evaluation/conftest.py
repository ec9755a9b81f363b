"""Synthetic evaluations for the tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from synthetic import SyntheticPolicy, SyntheticScenario, run_synthetic


@pytest.fixture
def policies():
    return [
        SyntheticPolicy("good", 0.2),
        SyntheticPolicy("expert", 0.1),
        SyntheticPolicy("poor", -0.1),
    ]


@pytest.fixture
def scenarios():
    return [SyntheticScenario("easy"), SyntheticScenario("hard", 0.2)]


@pytest.fixture
def result(policies, scenarios):
    from golive.trainers.evaluation import evaluate

    return evaluate(
        policies,
        scenarios,
        first_seed=1000,
        episodes=40,
        reference="expert",
        backend="serial",
        run=run_synthetic,
    )
