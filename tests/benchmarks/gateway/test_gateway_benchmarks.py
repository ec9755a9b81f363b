"""The gateway's benchmarks on small samples."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.gateway.prior import Log, fitted
from benchmarks.gateway.queues import STATIONS, Station, measured_rows, theory
from benchmarks.gateway.routers import measured_rows as router_rows
from benchmarks.gateway.routers import same_route
from benchmarks.gateway.search import weights_text
from benchmarks.gateway.traits import RULES
from golive.agents.gateway.adaptive import FEATURES
from golive.agents.gateway.expert import changed_weights, shipped_weights
from golive.scenarios.gateway.vocabulary import TRAITS


def test_theory_is_erlang_s_and_pollaczek_s():
    assert theory(Station("M/M/1", 1, 0.5)) == (1.0,)
    # Two servers: 2 a^2 / (2 + a) / (4 - a^2) x ... has the closed form load^2 / (1 - load^2).
    (wait,) = theory(Station("M/M/2", 2, 0.6))
    assert wait == pytest.approx(0.36 / (1.0 - 0.36))
    (general,) = theory(Station("M/D/1", 1, 0.5, variation=0.0))
    assert general == pytest.approx(0.5)
    urgent, usual = theory(Station("two", 1, 0.7, urgent=0.3))
    assert 0.3 * urgent + 0.7 * usual == pytest.approx(0.7 / 0.3)  # work is conserved


def test_the_gateway_s_queues_agree_with_theory_and_with_little():
    rows = measured_rows(STATIONS[:3], runs=6, tasks=4_000, workers=1)
    assert [row.covered for row in rows] == [True] * 3
    assert all(abs(row.difference) < 0.2 for row in rows)
    assert all(row.little < 1e-9 for row in rows)


def test_a_law_over_companies_is_found_again():
    luck = np.random.default_rng(0)
    mean, spread = np.linspace(-0.8, 0.8, len(FEATURES)), 0.3
    logs = []
    for _ in range(60):
        law = mean + spread * luck.normal(size=len(FEATURES))
        rows = luck.normal(size=(400, len(FEATURES)))
        right = luck.random(400) < 1.0 / (1.0 + np.exp(-rows @ law))
        logs.append(Log(rows, right))
    found, covariance = fitted(logs)
    assert np.allclose(found, mean, atol=0.15)
    assert np.allclose(np.sqrt(np.diag(covariance)), spread, atol=0.12)


def test_routers_are_compared_on_the_same_companies():
    rows = router_rows("busy-desk", ("by_text", "by_lot", "oracle"), range(2), workers=1)
    by_name = {row.router: row for row in rows}
    assert rows[0].router == "oracle"
    assert by_name["oracle"].gap == pytest.approx(1.0)
    assert by_name["by_text"].difference == 0.0
    assert 0.5 < same_route("busy-desk", "best_record", range(1)) <= 1.0


def test_weights_are_written_as_they_are_read(tmp_path):
    text = weights_text(shipped_weights(), "found\nsomewhere")
    assert text.startswith("# found\n# somewhere\nbase: ")
    assert len(text.splitlines()) == 2 + len(shipped_weights().__dataclass_fields__)


def test_every_trait_has_a_rule_that_the_dispatcher_can_follow():
    assert set(RULES) == set(TRAITS)
    for _, without, with_it in RULES.values():
        assert changed_weights(shipped_weights(), **without) != changed_weights(
            shipped_weights(), **with_it
        )
