"""Customers drawn from a family: valid, different, deterministic, correlated, within bounds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_examples import small_customer, small_scenario

from golive.scenarios.implementation.challenges import CheckChallenge, DataChallenge
from golive.scenarios.implementation.customer import Customer
from golive.scenarios.implementation.family import draw_customer
from golive.scenarios.implementation.scenario import Variation
from golive.scenarios.implementation.traits import LEAST_TRAIT, TRAITS, VISIBLE_TIE, Traits
from golive.scenarios.implementation.vocabulary import DataErrorKind, DataObjectKind
from golive.scenarios.loader import load_scenario, scenario_names

FURNITURE = load_scenario("furniture")


@cache
def _customers() -> list[Customer]:
    return [draw_customer(FURNITURE, seed) for seed in range(2_000)]


def _rank_correlation(
    left: Callable[[Customer], float], right: Callable[[Customer], float]
) -> float:
    ranks = [
        np.argsort(np.argsort([value(customer) for customer in _customers()], kind="stable"))
        for value in (left, right)
    ]
    return float(np.corrcoef(ranks)[0, 1])


def _mean_error_rate(customer: Customer) -> float:
    rates = [rate for item in customer.data_objects for rate in item.error_rates.values()]
    return sum(rates) / len(rates)


def test_without_variation_every_seed_draws_the_reference_customer() -> None:
    scenario = small_scenario()
    assert all(draw_customer(scenario, seed) == scenario.customer for seed in range(5))


def test_a_seed_always_draws_the_same_customer_and_another_seed_another() -> None:
    assert [draw_customer(FURNITURE, seed) for seed in range(20)] == _customers()[:20]
    assert len({customer.model_dump_json() for customer in _customers()}) == len(_customers())


def test_another_process_draws_the_same_customer() -> None:
    code = (
        "from golive.scenarios import load_scenario;"
        "from golive.scenarios.implementation import draw_customer;"
        "print(draw_customer(load_scenario('furniture'), 0).model_dump_json())"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout.strip() == _customers()[0].model_dump_json()


@pytest.mark.parametrize("name", scenario_names("implementation"))
def test_drawn_customers_are_valid_in_every_detail(name: str) -> None:
    scenario = load_scenario(name)
    for seed in range(200):
        customer = draw_customer(scenario, seed)
        assert Customer.model_validate(customer.model_dump()) == customer


def test_what_varies_stays_within_the_bounds_of_the_family_and_uses_them() -> None:
    variation = FURNITURE.variation
    for name in ("data_quality", "complexity", "trust", "integrations"):
        values = [getattr(customer, name) for customer in _customers()]
        low, high = getattr(variation, f"{name}_min"), getattr(variation, f"{name}_max")
        assert min(values) == pytest.approx(low, abs=0.01), name
        assert max(values) == pytest.approx(high, abs=0.01), name
    employees = [customer.employees for customer in _customers()]
    assert (min(employees), max(employees)) == (105, 194)
    failed = [customer.previous_failed_projects for customer in _customers()]
    assert sorted(set(failed)) == [0, 1, 2]
    assert failed.count(0) > failed.count(1) > failed.count(2)


def test_bigger_firms_are_more_complex_and_have_more_integrations_and_skus() -> None:
    for other in ("complexity", "integrations"):
        assert 0.35 < _rank_correlation(lambda c: c.employees, lambda c: getattr(c, other)) < 0.65  # noqa: B023
    assert 0.35 < _rank_correlation(lambda c: c.employees, lambda c: c.product.skus) < 0.65


def test_drawn_traits_lie_on_either_side_and_nobody_is_undecided() -> None:
    for name in TRAITS:
        values = [getattr(customer.traits, name) for customer in _customers()]
        assert all(LEAST_TRAIT <= abs(value) <= 1.0 for value in values), name
        above = sum(value > 0.0 for value in values) / len(values)
        assert 0.4 < above < 0.6, name
        assert len({round(value, 1) for value in values}) >= 10, name


def test_some_traits_go_with_what_can_be_seen_and_the_others_with_nothing() -> None:
    def tie(name: str, seen: Callable[[Customer], float]) -> float:
        return _rank_correlation(lambda c: getattr(c.traits, name), seen)

    for name in TRAITS:
        expected = VISIBLE_TIE if name in ("habits", "fragility") else 0.0
        assert tie(name, lambda c: c.employees) == pytest.approx(expected, abs=0.08), name
    rot = {failed: _mean_trait("data_rot", failed) for failed in (0, 2)}
    patience = {failed: _mean_trait("sponsor_patience", failed) for failed in (0, 2)}
    assert rot[2] > rot[0] + 0.15
    assert patience[2] < patience[0] - 0.15
    assert abs(tie("change_value", lambda c: c.trust)) < 0.08


def _mean_trait(name: str, failed: int) -> float:
    """Mean of a trait over customers with so many failed projects behind them."""
    rows = [c for c in _customers() if c.previous_failed_projects == failed]
    return float(np.mean([getattr(customer.traits, name) for customer in rows]))


def test_traits_are_independent_of_each_other_but_where_they_share_what_is_seen() -> None:
    columns = np.array([[getattr(c.traits, name) for c in _customers()] for name in TRAITS])
    ties = np.corrcoef(columns) - np.eye(len(TRAITS))
    assert np.abs(ties).max() < VISIBLE_TIE * VISIBLE_TIE + 0.08


@pytest.mark.parametrize("spread", [0.0, 0.4, 1.0])
def test_traits_lie_as_far_from_the_middle_as_the_spread_says(spread: float) -> None:
    variation = FURNITURE.variation.model_copy(update={"trait_spread": spread})
    scenario = FURNITURE.model_copy(update={"variation": variation})
    for seed in range(50):
        drawn = draw_customer(scenario, seed).traits
        whole = draw_customer(FURNITURE, seed).traits
        for name in TRAITS:
            assert getattr(drawn, name) == pytest.approx(spread * getattr(whole, name), abs=1e-3)


def test_traits_change_nothing_else_of_a_customer() -> None:
    variation = FURNITURE.variation.model_copy(update={"trait_spread": 0.0})
    plain = FURNITURE.model_copy(update={"variation": variation})
    for seed in range(50):
        neutral = draw_customer(plain, seed)
        assert neutral.traits == Traits()
        assert draw_customer(FURNITURE, seed).model_copy(update={"traits": Traits()}) == neutral


@pytest.mark.parametrize("name", scenario_names("implementation"))
def test_reference_customers_are_as_most_and_their_families_are_not(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.customer.traits == Traits()
    assert scenario.variation.trait_spread == 1.0
    assert draw_customer(scenario, 0).traits != Traits()


def test_failed_projects_lower_trust_and_data_quality() -> None:
    for value in ("trust", "data_quality"):
        means = [
            np.mean(
                [getattr(c, value) for c in _customers() if c.previous_failed_projects == failed]
            )
            for failed in range(3)
        ]
        assert means[0] > means[1] > means[2], value


def test_poor_data_quality_shows_in_the_error_rates_and_the_history() -> None:
    assert _rank_correlation(lambda c: c.data_quality, _mean_error_rate) < -0.8
    assert (
        _rank_correlation(lambda c: c.data_quality, lambda c: c.product.clean_history_share) > 0.9
    )


def test_acceptance_checks_are_never_dropped_and_other_challenges_sometimes() -> None:
    checks = {c.name for c in FURNITURE.customer.challenges if isinstance(c, CheckChallenge)}
    other = len(FURNITURE.customer.challenges) - len(checks)
    kept = 0
    for customer in _customers():
        names = {challenge.name for challenge in customer.challenges}
        assert checks <= names
        kept += len(names - checks)
    share = FURNITURE.variation.optional_challenge_probability
    assert kept / (other * len(_customers())) == pytest.approx(share, abs=0.01)


def test_only_requirements_that_are_not_mandatory_are_dropped() -> None:
    mandatory = {r.name for r in FURNITURE.customer.requirements if r.mandatory}
    counts = set()
    for customer in _customers():
        names = {requirement.name for requirement in customer.requirements}
        assert mandatory <= names
        counts.add(len(names))
    assert counts == {len(mandatory), len(mandatory) + 1, len(mandatory) + 2}


def test_an_interface_whose_predecessor_is_dropped_stands_alone() -> None:
    scenario = small_scenario(variation=Variation(integrations_min=1))
    alone = [
        customer.interfaces
        for customer in (draw_customer(scenario, seed) for seed in range(50))
        if [interface.name for interface in customer.interfaces] == ["Payroll"]
    ]
    assert alone
    assert all(interfaces[0].depends_on is None for interfaces in alone)


def test_a_family_can_have_more_interfaces_than_its_reference() -> None:
    scenario = small_scenario(variation=Variation(integrations_max=15))
    counts = {draw_customer(scenario, seed).integrations for seed in range(300)}
    assert counts == set(range(2, 16))


def test_a_drawn_customer_can_be_the_reference_of_a_family_itself() -> None:
    scenario = small_scenario(variation=Variation(integrations_max=4, employees_spread=0.2))
    child = next(c for c in (draw_customer(scenario, s) for s in range(50)) if c.integrations == 4)
    again = small_scenario(customer=child, variation=Variation(integrations_max=8))
    assert {draw_customer(again, seed).integrations for seed in range(100)} == {4, 5, 6, 7, 8}


def test_a_customer_without_errors_stays_without_errors() -> None:
    product = small_customer().product.model_copy(update={"clean_history_share": 1.0})
    scenario = small_scenario(
        customer=small_customer(data_quality=1.0, product=product, data_objects=()),
        variation=Variation(data_quality_min=0.7, skus_spread=1.0),
    )
    for seed in range(50):
        customer = draw_customer(scenario, seed)
        assert Customer.model_validate(customer.model_dump()) == customer


SHARES = st.floats(0.0, 1.0)


@given(
    seed=st.integers(0, 2**64 - 1),
    spreads=st.tuples(SHARES, SHARES, SHARES, SHARES, SHARES, SHARES),
    presence=st.tuples(SHARES, SHARES),
    quality=st.tuples(st.floats(0.3, 0.6), st.floats(0.6, 1.0)),
    integrations=st.tuples(st.integers(0, 2), st.integers(2, 15)),
    failed=st.integers(0, 5),
)
def test_any_family_draws_valid_customers(
    *,
    seed: int,
    spreads: tuple[float, ...],
    presence: tuple[float, float],
    quality: tuple[float, float],
    integrations: tuple[int, int],
    failed: int,
) -> None:
    names = ("employees", "revenue", "skus", "records", "error_rate", "effort")
    fields: dict[str, object] = {
        f"{name}_spread": spread for name, spread in zip(names, spreads, strict=True)
    }
    fields |= {
        "optional_challenge_probability": presence[0],
        "optional_requirement_probability": presence[1],
        "data_quality_min": quality[0],
        "data_quality_max": quality[1],
        "integrations_min": integrations[0],
        "integrations_max": integrations[1],
        "previous_failed_projects_max": failed,
    }
    challenge = DataChallenge(
        effect="data_errors",
        name="Errors",
        week=1,
        data_object=DataObjectKind.ITEMS,
        error_kind=DataErrorKind.FORMAT,
        rate=1.0,
    )
    scenario = small_scenario(
        customer=small_customer(challenges=(challenge,)),
        variation=Variation.model_validate(fields),
    )
    customer = draw_customer(scenario, seed)
    assert Customer.model_validate(customer.model_dump()) == customer
