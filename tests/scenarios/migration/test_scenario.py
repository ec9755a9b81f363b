"""Scenarios of the migration: valid, refused with a reason, and made of another world's facts."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from golive.core.errors import GoliveError
from golive.core.records import changed, json_schema
from golive.core.yaml_reader import read_document
from golive.scenarios.implementation.family import draw_customer
from golive.scenarios.loader import load_scenario, to_yaml
from golive.scenarios.migration import scenario as scenario_module
from golive.scenarios.migration.scenario import (
    USUAL_RATES,
    MigrationScenario,
    scenario_from_facts,
)
from golive.scenarios.migration.vocabulary import DataObject, ErrorKind, SystemStyle
from golive.sim.migration.clean import contradictions, make_tables

LIBRARY = Path(scenario_module.__file__).parent / "library"
FILES = sorted(set(LIBRARY.glob("*.yaml")) - set(LIBRARY.glob("*.suite.yaml")))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_library_is_valid_and_written_back(file, tmp_path):
    document = read_document(file)
    scenario = MigrationScenario.read(document)
    assert scenario.name == file.stem
    jsonschema.validate(document.data, json_schema(MigrationScenario))
    (tmp_path / "again.yaml").write_text(to_yaml(scenario), "utf-8")
    assert MigrationScenario.read(read_document(tmp_path / "again.yaml")) == scenario


def test_the_library_has_three_styles_and_three_industries():
    scenarios = [MigrationScenario.read(read_document(file)) for file in FILES]
    systems = [system.style for one in scenarios for system in one.customer.legacy_systems]
    assert set(systems) == set(SystemStyle)
    assert len({one.customer.industry for one in scenarios}) == 3


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("difficulty: 3", "difficulty: 6", "difficulty"),
        ("correlation: 0.6", "correlation: 1.5", "correlation"),
        ("typo: 0.03", "typo: 0.95", "expected at most 0.9"),
        ("typo: 0.03", "typos: 0.03", "typos"),
        ("items: 1_200", "items: 5", "10 items"),
        ("vendors: 190", "vendors: 0", "no vendors"),
        ("stock: 1_700", "costs: 10", "follow"),
        ("difficulty: 3", "as_of: '2026-02-30'", "calendar"),
        ("holds: [customers", "holds: [items, customers", "both hold"),
        ("world: migration", "world: other", "world"),
    ],
)
def test_what_is_wrong_is_named(old, new, problem, tmp_path):
    text = (LIBRARY / "furniture-data.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "wrong.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(GoliveError, match=problem):
        MigrationScenario.read(read_document(tmp_path / "wrong.yaml"))


@pytest.mark.parametrize("name", ["furniture", "global-electric", "techmold", "textile-knitting"])
def test_the_same_customer_comes_over_as_plain_data(name):
    customer = draw_customer(load_scenario(name), 3)
    facts = customer.model_dump(mode="json")
    scenario = scenario_from_facts(f"{name}-data", facts, difficulty=2)
    assert scenario.customer.name == customer.name
    assert scenario.customer.industry == customer.industry
    given = {str(row.kind): row for row in customer.data_objects}
    for kind, count in scenario.customer.records.items():
        assert count == given[kind].records
    duplicates = {
        kind: row.error_rates["duplicate"]
        for kind, row in given.items()
        if "duplicate" in row.error_rates
    }
    for kind, rate in duplicates.items():
        assert scenario.error_rate(ErrorKind.DUPLICATE, DataObject(kind)) == rate
    assert {one.name for one in scenario.customer.legacy_systems} <= {
        one.name for one in customer.legacy_systems
    } | {"Excel workbooks"}


def test_tables_are_made_of_an_implementations_customer():
    facts = draw_customer(load_scenario("furniture"), 0).model_dump(mode="json")
    for row in facts["data_objects"]:
        row["records"] //= 20
    scenario = scenario_from_facts("drawn", facts)
    assert list(contradictions(make_tables(scenario, 1))) == []


def test_facts_that_are_none_are_refused():
    with pytest.raises(GoliveError, match="product"):
        scenario_from_facts("x", {"name": "x"})
    facts = draw_customer(load_scenario("furniture"), 0).model_dump(mode="json")
    with pytest.raises(GoliveError, match="employees"):
        scenario_from_facts("x", {**facts, "employees": "many"})


def test_usual_rates_grow_with_bad_data():
    scenario = MigrationScenario.read(read_document(LIBRARY / "knitting-data.yaml"))
    better = changed(scenario, customer=changed(scenario.customer, data_quality=0.95))
    assert set(USUAL_RATES) == set(ErrorKind)
    for kind in ErrorKind:
        worse = scenario.error_rate(kind, DataObject.STOCK)
        assert worse > USUAL_RATES[kind] > better.error_rate(kind, DataObject.STOCK) > 0.0
