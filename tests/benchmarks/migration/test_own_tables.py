"""Benchmarks of profiles and mappings, on few customers."""

from __future__ import annotations

import pytest

from benchmarks.migration import mapping, profiling
from benchmarks.migration.difficulty import FIRST_TEST_SEED
from benchmarks.migration.mapping_data import sections_of
from golive.agents.migration.matching_model import shipped_model
from golive.sim.migration.headers import HeaderSplit


def test_the_shipped_model_maps_unseen_customers_better_than_rules(monkeypatch):
    monkeypatch.setattr(mapping, "MEASURED_LEVELS", (5,))
    tested = sections_of(1, FIRST_TEST_SEED + 50, HeaderSplit.TEST, (5,))
    rows = mapping.measure_rows(tested, lambda name: shipped_model(), rules=True)
    shares = {row.way: row.share.estimate for row in rows}
    assert shares["table known"] >= 0.85
    assert shares["open: any of 14 tables"] >= 0.75
    assert shares[mapping.RULES] < shares["table known"]


def test_past_mappings_are_of_headers_that_the_model_has_not_seen():
    past = mapping.past_mappings(2, 5)
    assert list(past) == ["0", "1"]
    assert {len(one) for one in past.values()} == {14}


@pytest.mark.nightly
def test_a_core_profiles_a_hundred_thousand_cells_a_second():
    cells, seconds = profiling.measure_speed(3)
    assert cells / seconds >= 100_000
