"""Hidden parameters are drawn, recovered and counted as the study says."""

from __future__ import annotations

import pytest

from benchmarks.implementation.mining import Recovered, coverage_rows, hidden_sets, recover
from golive.scenarios.loader import load_scenario


def test_coverage_counts_with_an_exact_interval():
    inside, outside = (1.0, 1.1, 0.9, 1.2), (1.0, 2.0, 1.5, 2.5)
    cases = [Recovered(n, {"bad_fix": inside if n else outside}) for n in range(10)]
    [row] = coverage_rows(cases)
    assert (row.sets, row.covered) == (10, 9)
    assert 0.5 < row.low < 0.9 < row.high < 1.0


def test_hidden_sets_are_drawn_by_their_seed():
    scenario = load_scenario("furniture")
    one, other = (hidden_sets(scenario, "expert", sets=2, projects=3, seed=s) for s in (7, 7))
    assert one == other
    assert one[0].hidden != one[1].hidden
    assert one[1].first_seed == one[0].first_seed + 3


@pytest.mark.slow
def test_hidden_parameters_are_recovered_within_their_intervals():
    """Three hidden sets of 25 projects: nine of ten intervals hold what they should."""
    tasks = hidden_sets(load_scenario("furniture"), "expert", sets=3, projects=25, seed=6_000_000)
    rows = coverage_rows([recover(task) for task in tasks])
    cases = sum(row.sets for row in rows)
    covered = sum(row.covered for row in rows)
    assert len(rows) >= 33
    assert covered >= 0.87 * cases
    for row in rows:
        # The expert has work reviewed, and the miner knows no such look: removal is biased then.
        assert row.covered or row.sets < 3 or row.parameter in ("removal_sit", "removal_uat"), row
