"""Gate files: read, validated, made quick."""

from __future__ import annotations

import jsonschema
import pytest
import yaml
from gate_examples import small_gate

from golive.core.errors import GoliveError
from golive.core.records import json_schema
from golive.scenarios.implementation.edge_cases import EDGE_CASES
from golive.scenarios.loader import load_scenario
from golive.trainers.evaluation.gate import scenario_with_seeds
from golive.trainers.evaluation.gate_suites import GateSuite, gate_names, load_gate, parse_gate
from golive.trainers.world_files import world_files

SMALLEST = "name: mine\ntitle: Mine\nscenarios: [furniture]\nadaptation: {scenarios: [furniture]}\n"


def test_the_gate_that_comes_with_golive_asks_for_what_it_is_known_for():
    gate = load_gate()
    limits = gate.thresholds
    assert (limits.completion, limits.accuracy, limits.retention) == (0.95, 0.90, 0.85)
    assert (limits.adaptation_iterations, limits.collaboration) == (5, 0.80)
    assert limits.recovery == 0.95
    assert set(gate.edge_cases.kinds) == set(EDGE_CASES)
    assert gate_names() == ("readiness",)


def test_enough_episodes_are_played_for_the_verdicts_to_be_possible():
    """With all episodes successful every share must be able to exceed its threshold."""
    from golive.trainers.evaluation.intervals import share_interval

    gate = load_gate()
    nominal = gate.episodes * len(gate.scenarios)
    assert share_interval(nominal, nominal).low > gate.thresholds.completion
    for count in (gate.episodes, gate.edge_cases.episodes):
        assert share_interval(count, count).low > gate.thresholds.test_scenario
    assert gate.adaptation.iterations >= gate.thresholds.adaptation_iterations - 1


def test_every_scenario_of_it_has_its_seeds():
    gate = load_gate()
    for name in {*gate.scenarios, *gate.adaptation.scenarios}:
        scenario, seeds = scenario_with_seeds(gate, name, gate.episodes)
        assert scenario.name == load_scenario(name).name
        assert len(seeds) == gate.episodes


def test_a_file_is_read_and_its_scenarios_lie_beside_it(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(SMALLEST.replace("scenarios: [furniture]\nad", "scenarios: [own.yaml]\nad"))
    gate = load_gate(str(path))
    assert gate.scenarios == (str(tmp_path / "own.yaml"),)
    assert gate.adaptation.scenarios == ("furniture",)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("episodes: 0", "episodes: 0: expected"),
        ("split: train", "split: train: expected validation or test"),
        ("level: 1.0", "level: 1.0: expected"),
        ("edge_cases: {kinds: [flood]}", "'flood': no such edge case"),
        (
            "edge_cases: {kinds: [corrupt_data], episodes: 500}",
            "edge_cases.episodes: 500: expected at most",
        ),
        ("edge_cases: {severities: [mild, mild]}", "severities: expected each only once"),
        ("thresholds: {completion: 95}", "completion: 95: expected"),
        ("thresholds: {compleshun: 0.9}", "did you mean completion?"),
        ("schema_version: 2", "schema_version"),
        ("accuracy: {futures: 1}", "futures: 1: expected"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(tmp_path, line, message):
    path = tmp_path / "bad.yaml"
    path.write_text(SMALLEST + line + "\n")
    with pytest.raises(GoliveError) as caught:
        load_gate(str(path))
    assert str(caught.value).startswith(f"{path}:")
    assert message in str(caught.value)


def test_a_name_that_is_none_is_told_apart_from_a_file():
    with pytest.raises(GoliveError, match="'readines': expected a file that exists or one of"):
        load_gate("readines")
    with pytest.raises(GoliveError, match="scenarios: missing"):
        parse_gate({"name": "a", "title": "A"})
    assert parse_gate({"name": "a", "title": "A", "scenarios": ["furniture"]}).adaptation is None


def test_quick_is_never_larger():
    gate = load_gate()
    quick = gate.made_quick()
    assert quick.episodes < gate.episodes
    assert quick.edge_cases.episodes < gate.edge_cases.episodes
    assert quick.thresholds == gate.thresholds
    small = small_gate()
    assert small.made_quick() == small.made_quick().made_quick()
    assert small.made_quick().episodes == small.episodes


def test_the_hash_covers_every_field():
    assert small_gate().sha256() == small_gate().sha256()
    assert small_gate().sha256() != small_gate(thresholds={"completion": 0.94}).sha256()


def test_a_scenario_without_a_suite_needs_seeds(tmp_path):
    path = tmp_path / "own.yaml"
    content = load_scenario("furniture").model_dump(mode="json", exclude_none=True)
    path.write_text(yaml.safe_dump(content | {"name": "my-own"}))
    with pytest.raises(GoliveError, match="no suite of the library has scenario my-own"):
        scenario_with_seeds(small_gate(), str(path), 3)
    gate = small_gate(seeds={"start": 5, "stop": 8})
    assert scenario_with_seeds(gate, str(path), 3)[1] == range(5, 8)
    with pytest.raises(GoliveError, match="episodes: 4: expected at most the 3 seeds"):
        scenario_with_seeds(gate, str(path), 4)


def test_the_schema_takes_the_gates_that_come_with_golive():
    schema = json_schema(GateSuite)
    jsonschema.Draft202012Validator.check_schema(schema)
    for file in world_files("gates").values():
        jsonschema.validate(yaml.safe_load(file.read_text()), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"name": "a"}, schema)
