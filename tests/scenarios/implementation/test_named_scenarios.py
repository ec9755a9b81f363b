"""TechMold and GlobalElectric hold what was asked of them, fact by fact."""

from __future__ import annotations

import pytest

from golive.scenarios.implementation.challenges import (
    DataChallenge,
    QuickWinChallenge,
    RequirementChallenge,
    WorkChallenge,
)
from golive.scenarios.implementation.family import draw_customer
from golive.scenarios.implementation.vocabulary import (
    DisruptionKind,
    Industry,
    LegacyKind,
    Severity,
    Workstream,
)
from golive.scenarios.loader import load_scenario, load_suite
from golive.scenarios.suite import Split

TECHMOLD = load_scenario("techmold")
GLOBAL = load_scenario("global-electric")


# -- TechMold ------------------------------------------------------------------------------


def test_techmold_is_a_moulder_in_a_crisis() -> None:
    customer = TECHMOLD.customer
    assert TECHMOLD.title == "TechMold: crisis recovery"
    assert customer.industry is Industry.INJECTION_MOULDING
    assert (customer.employees, customer.revenue_usd, customer.complexity) == (500, 100e6, 9)
    assert customer.previous_failed_projects == 1
    assert customer.trust == 0.25
    sap = [system for system in customer.legacy_systems if "SAP" in system.name]
    assert [(system.kind, system.replaced) for system in sap] == [(LegacyKind.ERP, True)]


def test_thirty_per_cent_of_its_data_are_corrupt_from_the_first_day() -> None:
    (row,) = [row for row in TECHMOLD.disruptions if row.kind is DisruptionKind.CORRUPT_DATA]
    assert (row.severity, row.day, row.amount) == (Severity.CRITICAL, 0, 0.30)
    assert row.probability == 1.0


def test_it_is_regulated_and_so_is_its_family() -> None:
    standards = TECHMOLD.customer.standards
    assert any("FDA" in name and "820" in name and "11" in name for name in standards)
    assert "ISO 13485" in standards
    for seed in range(5):
        drawn = draw_customer(TECHMOLD, seed)
        assert drawn.standards == standards
        assert drawn.previous_failed_projects == 1
        assert drawn.trust <= 0.35


def test_its_first_week_stabilises_and_three_more_build() -> None:
    plan, challenges = TECHMOLD.plan, TECHMOLD.customer.challenges
    assert plan.weeks == 4
    assert [phase.first_week for phase in plan.phases] == [1, 2, 3, 4]
    wins = [c for c in challenges if isinstance(c, QuickWinChallenge)]
    assert len([win for win in wins if win.week == 1]) >= 3
    assert len({win.department for win in wins}) >= 4
    mapping = [
        c
        for c in challenges
        if isinstance(c, WorkChallenge) and c.workstream is Workstream.DISCOVERY
    ]
    assert len(mapping) >= 3
    assert all(c.week == 1 and Workstream.CONFIGURATION in c.holds_up for c in mapping)
    built = {c.name: c.week for c in challenges if isinstance(c, RequirementChallenge)}
    assert built == {
        "Recipe management": 3,
        "Quality control in production": 3,
        "Cycle-time optimisation": 4,
    }
    assert "One mould database" in {c.name for c in challenges if isinstance(c, WorkChallenge)}
    assert any(isinstance(c, DataChallenge) for c in challenges)


# -- GlobalElectric ------------------------------------------------------------------------


def test_global_electric_has_five_sites_in_three_countries() -> None:
    customer = GLOBAL.customer
    assert customer.industry is Industry.ELECTRICAL_EQUIPMENT
    assert (customer.employees, customer.revenue_usd, customer.complexity) == (2_000, 500e6, 10)
    assert len(customer.sites) == 5
    assert {site.country for site in customer.sites} == {"US", "ES", "CN"}
    assert {site.language for site in customer.sites} == {"en", "es", "zh"}
    assert {site.currency for site in customer.sites} == {"USD", "EUR", "CNY"}
    assert customer.sites[0].country == "US"


def test_it_certifies_tracks_and_integrates() -> None:
    customer = GLOBAL.customer
    named = [requirement.name for requirement in customer.requirements]
    named += [
        c.requirement.name for c in customer.challenges if isinstance(c, RequirementChallenge)
    ]
    for word in ("UL ", "CE ", "CCC ", "Serial tracking"):
        assert any(name.startswith(word) for name in named), word
    assert customer.integrations == 12
    assert sum(interface.depends_on is not None for interface in customer.interfaces) >= 4
    assert sum(interface.between_sites for interface in customer.interfaces) == 3


def test_it_rolls_out_in_nine_weeks_and_four_waves() -> None:
    plan = GLOBAL.plan
    assert plan.weeks == 9
    assert [wave.week for wave in plan.waves] == [2, 4, 6, 8]
    assert [wave.sites for wave in plan.waves] == [
        ("Cleveland",),
        ("Zaragoza",),
        ("Reno",),
        ("Suzhou", "Dongguan"),
    ]
    last = plan.phases[-1]
    assert (last.first_week, last.last_week) == (9, 9)
    assert set(last.workstreams) >= {Workstream.INTEGRATION, Workstream.TESTING}


# -- both ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["techmold", "global-electric"])
def test_its_suite_has_the_seeds_of_furniture(name: str) -> None:
    suite = load_suite(name)
    assert suite.scenarios == (name,)
    assert suite.splits == load_suite("furniture").splits
    assert set(suite.splits) == set(Split)


@pytest.mark.parametrize("name", ["techmold", "global-electric"])
def test_its_family_differs_from_customer_to_customer(name: str) -> None:
    scenario = load_scenario(name)
    drawn = [draw_customer(scenario, seed) for seed in range(20)]
    assert len({customer.employees for customer in drawn}) > 10
    assert len({customer.trust for customer in drawn}) > 10
    assert {len(customer.sites) for customer in drawn} == {len(scenario.customer.sites)}
    assert all(abs(c.complexity - scenario.customer.complexity) <= 1 for c in drawn)
