"""Parameter files: what is read, what is refused, and that equal content gives equal bytes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from golive.core.errors import GoliveError
from golive.scenarios.implementation.parameter_file import (
    Confidence,
    ParameterEstimate,
    ParameterFile,
    load_parameter_file,
    parameter_file_schema,
    save_parameter_file,
)

GOOD = """\
golive_parameters: 1
name: two past projects
made_by: golive mine a.xes b.xes
parameters:
  decision_latency_days:
    value: 2.5
    low: 2.0
    high: 3.1
    source: 2 projects
    confidence: mined
    observations: 80
  agentic_speed: {value: 4, source: a guess, confidence: estimate}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_reads_as_values_by_name(tmp_path: Path) -> None:
    file = load_parameter_file(written(tmp_path, GOOD))
    assert file.values() == {"agentic_speed": 4.0, "decision_latency_days": 2.5}
    assert file.parameters["decision_latency_days"].confidence is Confidence.MINED
    assert file.parameters["agentic_speed"].low is None


def test_equal_content_gives_equal_bytes_whatever_the_order(tmp_path: Path) -> None:
    one = ParameterEstimate(value=0.25, source="a", confidence=Confidence.MINED)
    two = ParameterEstimate(value=1e-7, source="b", confidence=Confidence.PUBLISHED)
    for name, parameters in (("a", {"x": one, "y": two}), ("b", {"y": two, "x": one})):
        save_parameter_file(tmp_path / name, ParameterFile(name="n", parameters=parameters))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert load_parameter_file(tmp_path / "a").parameters == {"x": one, "y": two}
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file is empty"),
        ("- 1\n", "expected a mapping"),
        ("name: x\n", "golive_parameters"),
        (GOOD.replace("parameters: 1", "parameters: 2"), ":1: golive_parameters: 2"),
        (GOOD.replace("value: 2.5", "value: much"), "decision_latency_days.value: 'much'"),
        (GOOD.replace("value: 2.5", "value: .nan"), "decision_latency_days.value: nan"),
        (GOOD.replace("value: 2.5", "value: true"), "decision_latency_days.value: true"),
        (GOOD.replace("low: 2.0", "low: 4.0"), "decision_latency_days.low: 4: expected at most"),
        (GOOD.replace("    low: 2.0\n", ""), "low: missing: expected both ends"),
        (GOOD.replace("mined\n", "sure\n"), "confidence: 'sure'"),
        (GOOD.replace("source: 2 projects", "source: ''"), "source: ''"),
        (GOOD.replace("observations: 80", "observations: -1"), "observations: -1"),
        (GOOD.replace("made_by", "mad_by"), "did you mean made_by?"),
        (GOOD.replace("name: two", "name: one\nname: two"), "given twice"),
        (GOOD.replace("value: 2.5", "value: 2.5\n    levle: 0.9"), "did you mean level?"),
    ],
)
def test_what_is_wrong_is_said_with_file_line_and_field(
    tmp_path: Path, text: str, expected: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(GoliveError) as error:
        load_parameter_file(path)
    assert expected in str(error.value)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(GoliveError, match="there is no such file"):
        load_parameter_file(tmp_path / "none.yaml")


def test_the_schema_takes_what_the_reader_takes() -> None:
    schema = parameter_file_schema()
    json.dumps(schema)
    jsonschema.validate(yaml.safe_load(GOOD), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"name": "no version"}, schema)
