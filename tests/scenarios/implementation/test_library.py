"""The library holds what the issue promised, fact by fact."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from golive.core.errors import GoliveError
from golive.scenarios.implementation.challenges import (
    CheckChallenge,
    DataChallenge,
    RequirementChallenge,
    WorkChallenge,
)
from golive.scenarios.implementation.schema import json_schema, schema_kinds
from golive.scenarios.implementation.vocabulary import (
    AcceptanceCheckKind,
    DataErrorKind,
    DataObjectKind,
    Delivery,
    Industry,
    InterfaceSize,
    LegacyKind,
    Role,
    Workstream,
)
from golive.scenarios.loader import load_scenario, load_suite, scenario_names, suite_names
from golive.scenarios.suite import Split
from golive.sim.worlds import world_kind

LIBRARY = world_kind("implementation").library
FURNITURE = load_scenario("furniture")
CUSTOMER = FURNITURE.customer
DATA = {
    (c.data_object, c.error_kind): (c.rate, c.week)
    for c in CUSTOMER.challenges
    if isinstance(c, DataChallenge)
}
BUILT = {
    c.requirement.name: (c.requirement.effort_hours, c.week)
    for c in CUSTOMER.challenges
    if isinstance(c, RequirementChallenge)
}
WORK = {c.name: c for c in CUSTOMER.challenges if isinstance(c, WorkChallenge)}
CHECKS = {c.check: c for c in CUSTOMER.challenges if isinstance(c, CheckChallenge)}


def test_midwest_custom_furniture_has_its_profile() -> None:
    product = CUSTOMER.product
    assert CUSTOMER.name == "MidWest Custom Furniture"
    assert CUSTOMER.industry is Industry.FURNITURE
    assert (CUSTOMER.employees, CUSTOMER.revenue_usd, CUSTOMER.complexity) == (150, 30e6, 6)
    assert product.skus == 1_200
    assert (product.bom_depth_min, product.bom_depth_max) == (3, 5)
    assert product.custom_order_share == 0.8
    assert (product.stock_locations, product.machines) == (3, 45)
    assert product.clean_history_share == 0.65


def test_it_runs_on_excel_and_quickbooks() -> None:
    systems = {system.name: system for system in CUSTOMER.legacy_systems if system.replaced}
    assert systems["Excel workbooks"].kind is LegacyKind.SPREADSHEET
    assert systems["QuickBooks"].kind is LegacyKind.ACCOUNTING
    assert len(systems) == 2


def test_discovery_in_week_1_finds_naming_boms_and_pricing() -> None:
    assert DATA[DataObjectKind.ITEMS, DataErrorKind.INCONSISTENT_NAME][1] == 1
    assert DATA[DataObjectKind.BOMS, DataErrorKind.MISSING_BOM] == (0.30, 1)
    pricing = WORK["Recover the pricing in custom Excel formulas"]
    assert (pricing.week, pricing.workstream) == (1, Workstream.DISCOVERY)
    assert pricing.effort_hours > 0
    assert pricing.holds_up
    missing = WORK["Document the missing BOMs with production"]
    assert (missing.effort_hours, missing.key_user_hours) == (60, 40)


def test_data_migration_in_weeks_2_and_3_meets_dates_codes_duplicates_and_costs() -> None:
    assert DATA[DataObjectKind.OPEN_ORDERS, DataErrorKind.FORMAT][1] == 2
    assert DATA[DataObjectKind.ITEMS, DataErrorKind.SPECIAL_CHARACTER][1] == 2
    assert DATA[DataObjectKind.CUSTOMERS, DataErrorKind.DUPLICATE] == (0.15, 3)
    assert DATA[DataObjectKind.COSTS, DataErrorKind.MISSING_COST][1] == 3


def test_every_data_challenge_makes_its_object_worse() -> None:
    own = {item.kind: item.error_rates for item in CUSTOMER.data_objects}
    for (data_object, error_kind), (rate, _) in DATA.items():
        assert rate > own[data_object].get(error_kind, 0.0)


def test_customisation_in_weeks_4_and_5_builds_quotes_grain_waste_and_cad() -> None:
    assert BUILT == {
        "Custom quote workflow": (90, 4),
        "Wood grain matching": (110, 4),
        "Sheet-goods waste optimisation": (120, 5),
    }
    cad = [i for i in CUSTOMER.interfaces if i.system == "CAD workstations"]
    assert [interface.size for interface in cad] == [InterfaceSize.LARGE]
    assert WORK["CAD integration needs a drawing standard"].week == 4


def test_go_live_in_week_6_asks_for_all_four_checks() -> None:
    assert set(CHECKS) == set(AcceptanceCheckKind) - {AcceptanceCheckKind.VALIDATION}
    assert all(check.week == 6 for check in CHECKS.values())
    assert CHECKS[AcceptanceCheckKind.USER_ACCEPTANCE].users == 20


def test_it_is_planned_for_six_weeks_with_daily_decisions_of_six_agents() -> None:
    plan = FURNITURE.plan
    assert (plan.delivery, plan.weeks, plan.days_per_decision) == (Delivery.AGENTIC, 6, 1)
    units = {members.role: members.units for members in plan.crew}
    assert units == dict.fromkeys(Role, 1) | {Role.CONFIGURATION: 2}
    assert any(not requirement.known for requirement in CUSTOMER.requirements)


def test_the_conventional_delivery_has_the_same_customer_in_a_year() -> None:
    year = load_scenario("furniture-conventional")
    assert (year.plan.weeks, year.plan.days_per_decision) == (52, 5)
    assert year.variation == FURNITURE.variation
    same = year.customer.model_copy(update={"challenges": CUSTOMER.challenges})
    assert same == CUSTOMER
    weeks = {c.name: c.week for c in year.customer.challenges}
    for challenge in CUSTOMER.challenges:
        before = (challenge.week - 1) / 6
        assert before <= (weeks[challenge.name] - 1) / 52 + 1 / 52
        assert (weeks[challenge.name] - 1) / 52 <= before


@pytest.mark.parametrize("name", suite_names())
def test_a_suite_has_all_splits_and_loads_its_scenarios(name: str) -> None:
    suite = load_suite(name)
    assert set(suite.splits) == set(Split)
    assert len(suite.splits[Split.TEST]) >= 200
    for scenario in suite.scenarios:
        load_scenario(scenario)


def test_the_furniture_suite_has_the_agreed_seeds() -> None:
    splits = load_suite("furniture").splits
    assert (splits[Split.TRAIN].start, splits[Split.TRAIN].stop) == (0, 1_000_000)
    assert (splits[Split.VALIDATION].start, splits[Split.VALIDATION].stop) == (
        1_000_000,
        1_001_000,
    )
    assert (splits[Split.TEST].start, splits[Split.TEST].stop) == (2_000_000, 2_010_000)


def test_there_is_a_scenario_of_every_industry() -> None:
    suite = load_suite("industries")
    industries = {load_scenario(name).customer.industry for name in suite.scenarios}
    assert industries == set(Industry)


@pytest.mark.parametrize("name", scenario_names("implementation"))
def test_every_library_file_follows_the_json_schema(name: str) -> None:
    data = yaml.safe_load((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json_schema("scenario")).validate(data)


@pytest.mark.parametrize("name", suite_names())
def test_every_library_suite_follows_the_json_schema(name: str) -> None:
    library = world_kind(load_suite(name).world).library
    data = yaml.safe_load((library / f"{name}.suite.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json_schema("suite")).validate(data)


def test_the_json_schema_refuses_unknown_fields_and_values_out_of_range() -> None:
    validator = jsonschema.Draft202012Validator(json_schema("scenario"))
    data = FURNITURE.model_dump(mode="json", exclude_none=True)
    assert validator.is_valid(data)
    assert not validator.is_valid({**data, "colour": "red"})
    assert not validator.is_valid({**data, "customer": {**data["customer"], "complexity": 11}})


@pytest.mark.parametrize("kind", schema_kinds())
def test_a_schema_is_json_and_says_which_draft_it_follows(kind: str) -> None:
    schema = json_schema(kind)
    assert json.loads(json.dumps(schema)) == schema
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_schema_of_something_else_is_refused() -> None:
    with pytest.raises(GoliveError, match="'policy': expected one of scenario, suite, customer"):
        json_schema("policy")
