"""Experiments and drift: the rows say what was put into made-up outcomes."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.gateway.drift import (
    CALM,
    DRIFT_DAY,
    DRIFTS,
    ORACLE,
    ROUTERS,
    WEEKS,
    drift_rows,
    drift_table,
    recovered,
    scenarios,
)
from benchmarks.gateway.experiments import alarm_row, alarm_table, power_row, power_table
from benchmarks.gateway.search import values_around
from golive.agents.gateway.expert import RANGES, shipped_weights
from golive.trainers.gateway.experiment import Outcomes, Trial, Unit, scenario_of

DAYS = 7 * WEEKS


def outcomes(seed: int, gain: float = 0.0, noise: float = 0.1) -> Outcomes:
    """A month of thirty tasks a day: what they are worth is theirs, a router adds to it."""
    rng = np.random.default_rng(seed)
    days = np.repeat(np.arange(28), 30)
    own = rng.normal(0.4, 0.3, days.size)
    return Outcomes(
        values=own + gain + noise * np.random.default_rng(seed + 10**6).normal(size=days.size),
        requesters=rng.integers(0, 24, days.size),
        days=days,
        tasks=np.arange(days.size),
        known_days=days + 3,
    )


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial(scenario_of("office", 4), "expert", "by_lot")


def test_a_router_beside_itself_seldom_alarms_and_who_peeks_is_often_wrong(trial):
    played = [outcomes(seed) for seed in range(8)]
    row = alarm_row(trial, played, 200)
    assert row.alarms.estimate <= 0.05
    assert row.peeked.estimate > 0.10
    assert row.split.estimate <= 0.02
    assert "200" in str(row.runs)
    assert alarm_table([row], "title").rows[0][0] == Unit.TASK.value


def test_a_difference_is_found_sooner_paired_and_never_the_wrong_way(trial):
    base = [outcomes(seed) for seed in range(6)]
    better = [outcomes(seed, gain=0.15) for seed in range(6)]
    row = power_row(trial, (base, better, better), 60)
    assert row.difference == pytest.approx(0.15, abs=0.001)
    assert row.unpaired.estimate > 0.8
    assert row.paired.estimate == 1.0
    assert row.wrong.estimate == row.wrong_paired.estimate == 0.0
    assert row.paired_days < row.unpaired_days
    assert row.times > 3.0 or row.paired_days <= row.unpaired_days / 2.0
    assert len(power_table([row], "title").rows) == 1


def days_of(lost: np.ndarray, companies: int = 12) -> dict[tuple[str, str], np.ndarray]:
    rng = np.random.default_rng(0)
    found = {}
    for drift in (CALM, *DRIFTS):
        for router in (*ROUTERS, ORACLE):
            rows = np.full((companies, DAYS), 0.5)
            if drift == "abrupt" and router == "adaptive":
                rows = rows - lost * rng.uniform(0.9, 1.1, (companies, 1))
            found[drift, router] = rows
    return found


def test_regret_and_the_days_until_half_of_it_is_gone():
    lost = np.zeros(DAYS)
    lost[DRIFT_DAY : DRIFT_DAY + 10] = 0.4
    rows = drift_rows(days_of(lost), {})
    (hit,) = [row for row in rows if (row.drift, row.router) == ("abrupt", "adaptive")]
    assert hit.regret.estimate == pytest.approx(4.0, abs=0.2)
    assert hit.worst == pytest.approx(0.4, abs=0.03)
    assert hit.recovered_days == 7  # a window of seven days, of which half is then within the ten
    assert hit.recovered_low == hit.recovered_high == 7
    calm = [row for row in rows if row is not hit]
    assert all(row.recovered_days is None and row.regret.estimate == 0.0 for row in calm)
    assert len(drift_table(rows, "title").rows) == len(DRIFTS) * len(ROUTERS)


def test_what_is_lost_for_good_is_never_recovered():
    assert recovered(np.full(28, 0.3)) is None
    assert recovered(np.full(28, -0.3)) is None
    assert recovered(np.r_[np.full(7, 0.4), np.zeros(21)]) == 4


def test_each_drift_happens_on_its_day_in_a_small_pool():
    made = scenarios(12, 16, -1.0)
    assert set(made) == {CALM, *DRIFTS}
    for name, (kind, severity) in DRIFTS.items():
        (trouble,) = made[name].troubles
        assert (trouble.kind, trouble.severity, trouble.day) == (kind, severity, DRIFT_DAY)
        assert made[name].model_copy(update={"troubles": ()}) == made[CALM]


def test_values_that_are_tried_are_others_and_within_their_range():
    for rule, (low, high) in RANGES.items():
        old = float(getattr(shipped_weights(), rule))
        found = values_around(rule, old)
        assert len(found) >= 3
        assert old not in found
        assert all(low <= value <= high for value in found)
