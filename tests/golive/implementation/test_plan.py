"""``golive plan``: what it prints and which code it exits with."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from golive.agents.registry import load_policy
from golive.cli.app import run
from golive.scenarios.implementation.references import load_plan
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run_episode
from golive.sim.implementation.world import ImplementationWorld

ROOT = Path(__file__).parents[3]
XML, CSV = ROOT / "docs" / "examples" / "project.xml", ROOT / "docs" / "examples" / "tasks.csv"


def test_import_writes_a_plan_and_lists_what_it_cannot_hold(tmp_path, capsys):
    out = tmp_path / "plan.yaml"
    assert run(["plan", "import", str(XML), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "26 tasks: 16 work packages" in said.err
    for words in ("summary task (4)", "lag (1)", "the world's own work (7, ", "and 4 more"):
        assert words in said.err
    assert len(load_plan(out).work) == 16


def test_without_out_the_plan_alone_is_on_the_output(capsys):
    assert run(["plan", "import", str(CSV)]) == 0
    assert len(yaml.safe_load(capsys.readouterr().out)["work"]) == 13


def test_import_as_json_has_everything(capsys):
    assert run(["plan", "import", str(XML), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["format"] == "mspdi"
    assert len(content["plan"]["work"]) == content["packages"] == 16
    assert len(content["unmapped"]) > 25
    assert {"kind", "where", "words", "hours"} == set(content["unmapped"][0])


def test_hours_are_accounted_for_and_tables_of_tools_are_read(tmp_path, capsys):
    path = tmp_path / "sheet.csv"
    path.write_text(
        "Task Name,Duration,Predecessors,Assigned To,Status\nConfigure finance,5d,,Anna,\n"
        "Configure sales,2d,1FS +1d,Anna,Cancelled\n",
        "utf-8",
    )
    assert run(["plan", "import", str(path), "--from", "smartsheet", "--json"]) == 0
    said = capsys.readouterr()
    content = json.loads(said.out)
    assert content["hours"] == {"in_file": 56.0, "in_packages": 40.0, "listed": 16.0}
    assert "56.00 in the file = 40.00 in packages (crew and key users) + 16.00 listed" in said.err
    assert "inactive task (1, 16.00 h):" in said.err
    assert sum(finding["hours"] for finding in content["unmapped"]) == 16.0


def test_an_imported_scenario_runs_and_its_snapshot_has_its_future(tmp_path, capsys):
    out = tmp_path / "mine.yaml"
    command = ["plan", "import", str(XML), "--scenario", "furniture", "--delivery", "agentic"]
    assert run([*command, "--weeks", "8", "--name", "mine", "--out", str(out)]) == 0
    assert run(["scenario", "validate", str(out)]) == 0
    assert run(["scenario", "show", str(out)]) == 0
    capsys.readouterr()
    scenario = load_scenario(out)
    assert (scenario.name, scenario.plan.weeks) == ("mine", 8)
    end = run_episode(load_policy("expert"), scenario, 3)
    assert end.scorecard.went_live
    world, policy = ImplementationWorld(scenario, 3), load_policy("expert")
    policy.reset(3)
    for _ in range(12):
        world.advance(policy.decide(world.briefing(), world.legal()))
    world = ImplementationWorld.restore(world.snapshot())
    while not world.finished:
        world.advance(policy.decide(world.briefing(), world.legal()))
    assert world.digest() == end.digest


def test_show_and_schema(tmp_path, capsys):
    out = tmp_path / "plan.yaml"
    assert run(["plan", "import", str(CSV), "--out", str(out)]) == 0
    assert run(["plan", "show", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "conventional, 9 weeks" in " ".join(printed.split())
    assert "customisation" in printed
    assert run(["plan", "show", str(out), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["work"]) == 13
    assert run(["plan", "schema"]) == 0
    jsonschema.validate(yaml.safe_load(out.read_text("utf-8")), json.loads(capsys.readouterr().out))
    assert run(["plan", "schema", "plan-mapping", "--out", str(tmp_path / "s.json")]) == 0
    assert "workstreams" in (tmp_path / "s.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "none.xml"], "none.xml: there is no such file"),
        (["import", str(CSV), "--format", "mspdi"], "not valid XML"),
        (["import", str(CSV), "--format", "word"], "--format: 'word': expected auto"),
        (["import", str(CSV), "--from", "nope"], "--from: 'nope': expected one of golive, asana"),
        (["import", str(XML), "--from", "jira", "--format", "mspdi"], "a layout of columns"),
        (["import", "/dev/zero"], "found something that is not a file"),
        (["import", str(CSV), "--name", "x"], "--name: expected --scenario"),
        (["import", str(CSV), "--scenario", "nope"], "no such scenario"),
        (["import", str(CSV), "--scenario", "furniture", "--name", "No Slug"], "name"),
        (["import", str(CSV), "--map", "none.yaml"], "none.yaml"),
        (["import", str(CSV), "--weeks", "0"], "--weeks"),
        (["import", str(CSV), "--out", "/no/where/plan.yaml"], "cannot be written"),
        (["show", str(CSV)], "tasks.csv"),
        (["schema", "cake"], "expected one of plan, plan-mapping, plan-layout"),
    ],
)
def test_wrong_input_is_one_line_and_code_2(arguments, words, capsys):
    assert run(["plan", *arguments]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
