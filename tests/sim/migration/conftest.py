from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from migration_samples import small

from golive.sim.migration.truth import Truth, make_truth


@pytest.fixture(scope="session")
def truth() -> Truth:
    """A small customer, its errors and extracts."""
    return make_truth(small(), 7)
