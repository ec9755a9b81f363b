"""The result of a migration goes on to the same customer's implementation."""

from __future__ import annotations

import json

import pytest
from migration_samples import library_scenario

from golive.agents.migration.expert import Expert
from golive.agents.migration.kind import KIND
from golive.agents.migration.simple import steps
from golive.cli.app import run as run_command
from golive.core.errors import GoliveError
from golive.core.records import changed
from golive.scenarios.loader import load_scenario, save_yaml
from golive.scenarios.migration.vocabulary import DataObject
from golive.sim.episodes import run
from golive.sim.migration.feeding import errors_left, facts_after

SCENARIO = library_scenario("workshop-data")
FACTS = {
    "name": "Somebody",
    "data_objects": [
        {"kind": "items", "records": 9, "error_rates": {"duplicate": 0.1}, "masked_share": 0.4},
        {"kind": "boms", "records": 9, "error_rates": {"missing_bom": 0.2}, "masked_share": 0.4},
    ],
}


def test_a_better_migration_leaves_fewer_errors():
    shares = {}
    for policy in (Expert(), steps("casts_only")):
        episode = run(KIND, policy, SCENARIO, 3, record=True)
        assert episode.world is not None
        shares[policy.name] = errors_left(episode.world.ground)
    assert set(shares["expert"]) == {
        *(DataObject.ITEMS, DataObject.CUSTOMERS, DataObject.VENDORS),
        *(DataObject.STOCK, DataObject.COSTS),
    }
    assert sum(shares["expert"].values()) < 0.8 * sum(shares["casts_only"].values())


def test_rates_are_multiplied_and_nothing_else_changes():
    after = facts_after(FACTS, {DataObject.ITEMS: 0.5}, mock_loads=0)
    items, boms = after["data_objects"]
    assert items == {**FACTS["data_objects"][0], "error_rates": {"duplicate": 0.05}}
    assert boms == FACTS["data_objects"][1]
    seen = facts_after(FACTS, {DataObject.BOMS: 9.0}, mock_loads=1)["data_objects"][1]
    assert seen["error_rates"] == {"missing_bom": 0.9}
    assert seen["masked_share"] == 0.0
    with pytest.raises(GoliveError, match="expected the fields"):
        facts_after({"name": "x"}, {}, mock_loads=0)


def test_the_implementation_is_written_and_can_be_played(tmp_path, capsys):
    out, small = tmp_path / "after.yaml", tmp_path / "small.yaml"
    found = load_scenario("furniture")
    rows = [changed(row, records=row.records // 20) for row in found.customer.data_objects]
    before = changed(found, customer=changed(found.customer, data_objects=tuple(rows)))
    save_yaml(before, small)
    told_by = ["--policy", "rules_only", "--out", str(out), "--json"]
    assert run_command(["migration", "feed", str(small), *told_by]) == 0
    told = json.loads(capsys.readouterr().out)
    after = load_scenario(out)
    assert after.world == before.world
    for old, new in zip(before.customer.data_objects, after.customer.data_objects, strict=True):
        share = told["errors_left"].get(old.kind, 1.0)
        for kind, rate in old.error_rates.items():
            assert new.error_rates[kind] == pytest.approx(min(0.9, rate * share), abs=1e-4)


@pytest.mark.parametrize("scenario", ["office", "workshop-data", "no-such-scenario"])
def test_what_cannot_be_fed_is_refused_and_leaves_nothing(scenario, tmp_path, capsys):
    out = tmp_path / "after.yaml"
    assert run_command(["migration", "feed", scenario, "--out", str(out)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()
