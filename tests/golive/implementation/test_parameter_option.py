"""``--parameters FILE``: values of a file take the place of the defaults, a scenario's own win."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golive.cli.app import run
from golive.core.records import changed
from golive.scenarios.implementation.parameter_file import (
    Confidence,
    ParameterEstimate,
    ParameterFile,
    save_parameter_file,
)
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.parameter_files import load_world_parameters, with_parameter_file


@pytest.fixture
def slow_answers(tmp_path: Path) -> Path:
    estimate = ParameterEstimate(
        value=5.0, low=4.5, high=5.5, source="12 projects", confidence=Confidence.MINED
    )
    file = ParameterFile(name="slow answers", parameters={"decision_latency_days": estimate})
    save_parameter_file(tmp_path / "slow.yaml", file)
    return tmp_path / "slow.yaml"


def digest(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    command = ["simulate", "furniture", "--seed", "1", "--policy", "do_nothing", "--json"]
    assert run([*command, *options]) == 0
    return str(json.loads(capsys.readouterr().out))


def test_a_files_values_change_the_simulation(
    slow_answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert digest(capsys) != digest(capsys, "--parameters", str(slow_answers))


def test_what_the_scenario_says_wins(slow_answers: Path) -> None:
    file = load_world_parameters(slow_answers)
    scenario = changed(load_scenario("furniture"), parameters={"agentic_speed": 4.0})
    assert with_parameter_file(scenario, file).parameters == {
        "agentic_speed": 4.0,
        "decision_latency_days": 5.0,
    }
    own = changed(scenario, parameters={"decision_latency_days": 2.0})
    assert with_parameter_file(own, file).parameters == {"decision_latency_days": 2.0}


def test_the_table_shows_value_default_interval_and_source(
    slow_answers: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert run(["parameters", "--file", str(slow_answers)]) == 0
    printed = capsys.readouterr().out
    for text in ("decision_latency_days", "5", "4.5..5.5 (95%)", "mined", "12 projects"):
        assert text in printed
    assert run(["parameters", "--file", str(slow_answers), "--format", "json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["value"], row["low"], row["high"]) == (5.0, 4.5, 5.5)
    assert run(["parameters", "--file", str(slow_answers), "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("name,value,default,")


@pytest.mark.parametrize("command", ["simulate", "parameters", "evaluate"])
@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("decision_latency_days:", "decision_latency:", "did you mean 'decision_latency_days'?"),
        ("value: 5.0", "value: 500.0", "decision_latency_days: 500.0: expected"),
    ],
)
def test_a_file_for_another_world_is_refused_with_its_line(
    slow_answers: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    right: str,
    wrong: str,
    said: str,
) -> None:
    slow_answers.write_text(slow_answers.read_text("utf-8").replace(right, wrong), "utf-8")
    arguments = {
        "simulate": ["simulate", "furniture", "--parameters"],
        "parameters": ["parameters", "--file"],
        "evaluate": ["evaluate", "--policies", "do_nothing", "--episodes", "1", "--parameters"],
    }[command]
    assert run([*arguments, str(slow_answers)]) == 2
    error = capsys.readouterr().err
    assert "slow.yaml:" in error
    assert said in error


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parameters", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "ParameterFile"


def test_a_training_takes_a_files_values(slow_answers: Path) -> None:
    from golive.trainers.training import parse_configuration
    from golive.trainers.training.world_ground import WorldGround

    values = load_world_parameters(slow_answers).values()
    settings = {"total_steps": 64, "environment": {"scenario": "furniture", "parameters": values}}
    configuration = parse_configuration(settings, "test")
    ground = WorldGround(configuration)
    assert ground.scenario.parameters == values
    source = ground._level_source(0)
    assert source.options(source.level(0))["scenario"].parameters == values
    plain = parse_configuration({"total_steps": 64}, "test")
    assert "parameters" not in plain.model_dump()["environment"]
