"""Quantile tables: right moments, right shape, equal on every platform."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.core.distributions import (
    MOST_PROGENY,
    QuantileTable,
    beta_table,
    gamma_table,
    lognormal_table,
    normal_table,
    poisson_count,
    total_progeny,
    total_progeny_table,
)
from golive.core.random_streams import RandomStreams, purpose

TABLES = {
    "normal": (normal_table(), 0.0, 1.0),
    "lognormal": (lognormal_table(0.5), math.exp(0.125), None),
    "gamma": (gamma_table(1.0), 1.0, 1.0),
    "gamma of a shape below one": (gamma_table(0.4), 0.4, 0.4),
    "beta": (beta_table(1.07, 0.89), 1.07 / 1.96, None),
    "steep beta": (beta_table(12.0, 4.0), 0.75, 0.75 * 0.25 / 17.0),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_draws_with_the_mean_and_variance_of_its_distribution(name: str) -> None:
    table, mean, variance = TABLES[name]
    assert table.mean == pytest.approx(mean, abs=2e-3)
    draws = table.at_all((np.arange(200_000) + 0.5) / 200_000)
    assert draws.mean() == pytest.approx(table.mean, abs=1e-4)
    if variance is not None:
        assert draws.var() == pytest.approx(variance, rel=0.01)


def test_the_median_of_the_lognormal_is_one() -> None:
    assert lognormal_table(0.7).at(0.5) == 1.0
    assert lognormal_table(0.0).at(0.3) == 1.0


@settings(deadline=None)
@given(u=st.floats(0.0, 1.0, exclude_max=True))
def test_scalar_and_vector_lookups_are_bit_equal(u: float) -> None:
    for table, _, _ in TABLES.values():
        assert table.at(u) == table.at_all(np.array([u]))[0]


@settings(deadline=None)
@given(low=st.floats(0.0, 0.999), step=st.floats(0.0, 0.0009))
def test_a_larger_uniform_never_gives_a_smaller_draw(low: float, step: float) -> None:
    for table, _, _ in TABLES.values():
        assert table.at(low) <= table.at(low + step)


def test_the_largest_uniform_below_one_is_a_legal_argument() -> None:
    assert beta_table(2.0, 3.0).at(1.0 - 2.0**-53) <= 1.0


def test_table_values_have_twelve_significant_digits() -> None:
    table = QuantileTable([0.0, 1.0 / 3.0, 2.0])
    assert table.values[1] == 0.333333333333


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 1.0]])
def test_what_is_no_quantile_table_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="values"):
        QuantileTable(values)


def test_parameters_out_of_range_are_refused() -> None:
    for call in (
        lambda: lognormal_table(-0.1),
        lambda: gamma_table(0.0),
        lambda: beta_table(0.0, 1.0),
        lambda: poisson_count(-1.0, 0.5),
        lambda: total_progeny_table(1.0),
        lambda: total_progeny_table(-0.1),
        lambda: total_progeny(math.nan, 0.5),
    ):
        with pytest.raises(ValueError, match="expected"):
            call()


@pytest.mark.parametrize("mean", [0.1, 2.5, 40.0, 900.0])
def test_poisson_counts_have_equal_mean_and_variance(mean: float) -> None:
    draws = RandomStreams(3).uniforms(purpose("poisson"), np.arange(20_000, dtype=np.uint64))
    counts = np.array([poisson_count(mean, float(u)) for u in draws])
    assert counts.mean() == pytest.approx(mean, abs=4.0 * math.sqrt(mean / 20_000))
    assert counts.var() == pytest.approx(mean, rel=0.06)


def test_a_poisson_mean_of_zero_gives_nothing() -> None:
    assert poisson_count(0.0, 1.0 - 2.0**-53) == 0


def _shares(mean: float) -> np.ndarray:
    """Probability of 1, 2, 3, ... individuals in all."""
    return np.diff(total_progeny_table(mean), prepend=0.0)


@pytest.mark.parametrize("mean", [0.0, 0.2, 0.5, 0.8])
def test_a_total_progeny_is_on_average_the_sum_of_all_generations(mean: float) -> None:
    shares = _shares(mean)
    assert shares.sum() == pytest.approx(1.0, abs=2e-3)
    total = (shares * np.arange(1, len(shares) + 1)).sum()
    assert total == pytest.approx(1.0 / (1.0 - mean), rel=5e-3)


def test_near_one_child_each_the_tail_of_a_progeny_falls_as_a_power() -> None:
    shares = _shares(0.999)
    for count in (16, 32, 64):
        assert shares[2 * count - 1] / shares[count - 1] == pytest.approx(2.0**-1.5, rel=0.02)
    thin = _shares(0.3)
    assert thin[31] / thin[15] < 1e-3


@pytest.mark.parametrize("mean", [0.3, 0.7])
def test_a_total_progeny_counts_a_branching_process_of_poisson_children(mean: float) -> None:
    streams, process, runs = RandomStreams(5), purpose("progeny"), 8_000
    totals = []
    for run in range(runs):
        total = waiting = 1
        while waiting and total < MOST_PROGENY:
            children = poisson_count(mean * waiting, streams.uniform(process, run, total))
            total, waiting = total + children, children
        totals.append(total)
    for count, share in enumerate(_shares(mean)[:6], start=1):
        assert totals.count(count) / runs == pytest.approx(share, abs=0.015)


def test_a_total_progeny_grows_with_its_uniform_between_one_and_the_cut() -> None:
    for mean in (0.0, 0.5, 0.95):
        draws = [total_progeny(mean, u) for u in (0.0, 0.3, 0.6, 0.9, 0.999, 1.0 - 2.0**-53)]
        assert draws == sorted(draws)
        assert draws[0] == 1
        assert draws[-1] <= MOST_PROGENY
    assert total_progeny(0.95, 1.0 - 2.0**-53) == MOST_PROGENY
    assert total_progeny(0.0, 1.0 - 2.0**-53) == 1
