"""Quantile tables: right moments, right shape, equal on every platform."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.scenarios.distributions import (
    QuantileTable,
    beta_table,
    gamma_table,
    lognormal_table,
    normal_table,
    poisson_count,
)
from golive.scenarios.random_streams import RandomStreams, purpose

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


@given(u=st.floats(0.0, 1.0, exclude_max=True))
def test_scalar_and_vector_lookups_are_bit_equal(u: float) -> None:
    for table, _, _ in TABLES.values():
        assert table.at(u) == table.at_all(np.array([u]))[0]


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
