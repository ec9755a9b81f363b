"""The page on the judge shows what runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from golive.cli.app import run
from golive.trainers.evaluation import parse_gate
from golive.trainers.evaluation.gate_suites import GateSuite
from golive.trainers.evaluation.intervals import share_interval

PAGE = (Path(__file__).parents[3] / "docs" / "judge.md").read_text(encoding="utf-8")


def test_the_python_example_runs(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "judge.md", "exec"), {})
    assert "Scenario completion" in capsys.readouterr().out


def test_the_smallest_gate_is_one():
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    content = yaml.safe_load(text)
    assert parse_gate(content).name == "mine"
    assert set(content) == {n for n, f in GateSuite.model_fields.items() if f.is_required()}


def test_every_field_of_a_gate_is_explained():
    for name in GateSuite.model_fields:
        if name not in ("schema_version", "name", "title"):
            assert f"`{name}`" in PAGE


def test_the_options_it_names_exist(capsys):
    run(["gate", "--help"])
    known = set(re.findall(r"--[a-z]+", capsys.readouterr().out))
    assert set(re.findall(r"--[a-z]+", PAGE)) <= known


@pytest.mark.parametrize(("episodes", "failures"), [(72, 0), (120, 1), (300, 7)])
def test_the_failures_that_completion_allows_are_those_it_says(episodes, failures):
    assert f"{episodes}" in PAGE
    wins = episodes - failures
    assert share_interval(wins, episodes).low > 0.95
    assert share_interval(wins - 1, episodes).low <= 0.95
