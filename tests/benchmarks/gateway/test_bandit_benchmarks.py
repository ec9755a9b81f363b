"""The benchmarks of the bandit view on small samples."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.gateway.bandit import decisions_per_second, measured_rows, on_hull, prefixes
from benchmarks.gateway.bandit_law import fitted, law_text
from benchmarks.gateway.bandit_ope import cells_of
from golive.agents.gateway.linear import FEATURES, Law, shipped_coefficients
from golive.scenarios.loader import load_scenario


def test_a_law_of_coefficients_is_found_again():
    luck = np.random.default_rng(0)
    size, mean, spread = 4, np.array([1.0, -0.5, 0.0, 2.0]), 0.3
    sums = []
    for _ in range(80):
        law, rows = mean + spread * luck.normal(size=size), luck.normal(size=(200, size))
        paid = rows @ law + 0.5 * luck.normal(size=200)
        sums.append((rows.T @ rows, rows.T @ paid, float(paid @ paid), 200))
    found = fitted(sums)
    assert np.allclose(found.mean, mean, atol=0.12)
    assert np.allclose(np.sqrt(np.diag(found.covariance)), spread, atol=0.08)
    assert found.noise == pytest.approx(0.25, rel=0.05)


def test_the_shipped_law_is_written_as_it_is_read():
    law = shipped_coefficients()
    assert law.mean.shape == (len(FEATURES),)
    assert np.allclose(law.covariance, law.covariance.T, atol=1e-5)
    assert np.linalg.eigvalsh(law.covariance).min() > 0.0
    text = law_text(Law(law.mean, law.covariance, law.noise), 3)
    assert len(text.splitlines()) == 6 + len(FEATURES)


def test_routers_are_compared_on_the_same_companies():
    names = ("keywords", "cheapest", "by_lot", "lin_ucb", "prefix", "best_single", "oracle")
    rows = measured_rows("busy-desk", range(2_000_000, 2_000_002), 1, 1, names)
    by_name = {row.router: row for row in rows}
    assert rows[0].router == "oracle"
    assert by_name["oracle"].gap == by_name["oracle"].beyond_single == pytest.approx(1.0)
    assert by_name["best_single"].beyond_single == 0.0
    assert by_name["lin_ucb"].gap > by_name["by_lot"].gap
    assert 0.5 < by_name["lin_ucb"].same <= 1.0 and np.isnan(by_name["prefix"].same)
    assert by_name["cheapest"].usd_per_task == min(row.usd_per_task for row in rows)


def test_a_hull_has_what_no_mix_beats():
    points = {"a": (1.0, 0.2), "b": (2.0, 0.6), "c": (3.0, 0.7), "d": (2.5, 0.5), "e": (2.0, 0.3)}
    assert on_hull({**points, "oracle": (0.1, 1.0)}) == {"a", "b", "c"}
    assert on_hull({**points, "f": (1.0, 0.7)}) == {"f"}


def test_prefixes_are_of_the_family_that_most_such_texts_are_of():
    found = prefixes("busy-desk", range(2))
    assert len(found) > 20
    assert all(len(prefix.split()) <= 2 and 0 <= f < 12 for prefix, f in found.items())


@pytest.mark.nightly
def test_ten_thousand_decisions_a_second():
    for scenario in ("office", "generated-pool", "busy-desk"):
        assert decisions_per_second(scenario, range(10)) > 10_000


def test_estimates_are_judged_by_the_truth():
    scenario = load_scenario("busy-desk").model_copy(update={"tasks_per_week": 120})
    cells = cells_of(scenario, 1, 2, 2, 1)
    assert len(cells) == 2 * 3 * 4 + 2
    assert all(np.isfinite([cell.truth, cell.bias, cell.half_width]).all() for cell in cells)
    outcome, heard = (
        [cell for cell in cells if cell.feedback == kind] for kind in ("outcome", "heard")
    )
    pairs = zip(outcome, heard, strict=True)
    assert all(a.truth == b.truth and a.bias < b.bias for a, b in pairs)
