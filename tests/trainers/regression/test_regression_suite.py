"""Bench suites: what they may say, where they find things, and what is wrong with bad ones."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
import yaml

from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.core.records import changed, json_schema
from golive.scenarios.loader import load_scenario, save_yaml
from golive.trainers.regression.baseline import read_baseline
from golive.trainers.regression.suite import (
    BenchSuite,
    Role,
    bench_suite_names,
    load_bench_suite,
)

REPOSITORY = Path(__file__).parents[3]
PAGE = (REPOSITORY / "docs" / "regression.md").read_text(encoding="utf-8")
WORKFLOW = REPOSITORY / "docs" / "examples" / "github-actions-golive.yml"
SMALL = {
    "name": "small",
    "title": "Small",
    "scenarios": [{"scenario": "furniture"}],
    "seeds": {"start": 0, "stop": 2},
    "baselines": ["expert"],
    "probes": ["random"],
}


@pytest.fixture
def write(tmp_path):
    def write_suite(**fields) -> str:
        path = tmp_path / "bench.yaml"
        content = {key: v for key, v in {**SMALL, **fields}.items() if v is not None}
        path.write_text(yaml.safe_dump(content), "utf-8")
        return str(path)

    return write_suite


@pytest.mark.parametrize("name", bench_suite_names())
def test_the_shipped_suites_are_valid_by_their_schema_too(name):
    loaded = load_bench_suite(name, beside=REPOSITORY / "benchmarks")
    content = yaml.safe_load(loaded.path.read_text("utf-8"))
    for bound in content["seeds"]:  # YAML 1.1 reads 3_000_000 as we do
        assert isinstance(content["seeds"][bound], int)
    jsonschema.validate(content, json_schema(BenchSuite))
    assert loaded.suite.name == name


def test_the_suite_of_this_repository_has_every_baseline_and_probe():
    loaded = load_bench_suite("ci", beside=REPOSITORY / "benchmarks")
    roles = {role: [e.label for r, e in loaded.entrants if r is role] for role in Role}
    assert set(roles[Role.PROBE]) == set(loaded.kind.probes)
    assert set(loaded.kind.baselines) <= set(roles[Role.BASELINE])
    assert len(loaded.seeds) <= 5


def test_the_committed_baseline_is_one_of_this_suite():
    baseline = read_baseline(REPOSITORY / "benchmarks" / "baseline.json")
    assert baseline.suite.name == "ci"
    assert baseline.reason == baseline.history[-1].reason


def test_own_scenarios_are_found_beside_the_file(write, tmp_path):
    scenario = changed(load_scenario("furniture"), name="mine")
    save_yaml(scenario, tmp_path / "mine.yaml")
    loaded = load_bench_suite(write(scenarios=[{"scenario": "mine.yaml"}]))
    assert loaded.scenarios == {"mine": scenario}


def test_edge_cases_are_laid_over_a_scenario_and_named(write):
    plain = {"scenario": "furniture"}
    stormy = {"scenario": "furniture", "with": ["environment_outage:critical@5"]}
    loaded = load_bench_suite(write(scenarios=[plain, stormy, {**stormy, "name": "storm"}]))
    assert list(loaded.scenarios) == [
        "furniture",
        "furniture + environment_outage:critical@5",
        "storm",
    ]
    added = loaded.scenarios["storm"].disruptions[-1]
    assert (added.kind, added.severity, added.day) == ("environment_outage", "critical", 5)
    assert len(loaded.scenarios["storm"].disruptions) == (
        len(loaded.scenarios["furniture"].disruptions) + 1
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"baselines": ["exprt"], "probes": []}, "baselines[0]: 'exprt': no policy of this name"),
        ({"baselines": ["expert", "randm"]}, "did you mean 'random'?"),
        ({"policies": ["x=none.policy"]}, "policies[0]: 'none.policy': no policy of this name"),
        ({"policies": ["static:no:such"]}, "no such static policy"),
        ({"scenarios": [{"scenario": "furnitur"}]}, "did you mean 'furniture'?"),
        ({"scenarios": [{"scenario": "none.yaml"}]}, "no such file beside it"),
        ({"scenarios": [{"scenario": "furniture"}] * 2}, "'furniture' is there twice"),
        (
            {"scenarios": [{"scenario": "furniture", "with": ["flood"]}]},
            "scenarios[0].with: edge case: 'flood'",
        ),
        (
            {"scenarios": [{"scenario": "furniture", "edge_cases": []}]},
            "expected one of scenario, with, name",
        ),
        ({"scenarios": []}, "scenarios"),
        ({"seeds": {"start": 5, "stop": 5}}, "expected more than start"),
        ({"seeds": {"start": 0, "stop": 1001}}, "expected at most 1000 seeds"),
        ({"baselines": ["expert", "expert"]}, "'expert' is given twice"),
        ({"baselines": ["plan_follower"]}, "reference: 'expert': expected one of the baselines"),
        ({"baselines": [], "probes": []}, "expected a policy here, in probes or in policies"),
        ({"tolerances": {"speed": 1.0}}, "tolerances.speed: 1.0"),
        ({"tolerances": {"speeed": 0.1}}, "did you mean speed?"),
        ({"speed": {"repetitions": 1}}, "speed.repetitions: 1"),
        ({"speed": {"scenario": "nowhere"}}, "speed.scenario: 'nowhere'"),
        ({"schema_version": 2}, "schema_version: 2"),
        ({"title": None}, "title: missing"),
    ],
)
def test_a_bad_suite_is_refused_with_file_line_and_field(write, fields, message):
    path = write(**fields)
    with pytest.raises(GoliveError) as caught:
        load_bench_suite(path)
    text = str(caught.value)
    assert message in text
    assert re.match(rf"{re.escape(path)}:\d+: ", text)
    assert "\n" not in text


def test_a_broken_policy_file_is_refused_before_anything_runs(write, tmp_path):
    (tmp_path / "bad.policy").write_bytes(b"no policy")
    with pytest.raises(GoliveError, match=r"policies\[0\]: .*bad\.policy"):
        load_bench_suite(write(policies=["bad.policy"]))


def test_an_unknown_suite_is_one_line(capsys):
    assert run(["bench", "--suite", "cii", "--against", "x.json"]) == 2
    assert "no such bench suite: did you mean ci?" in capsys.readouterr().err
    assert run(["bench", "--suite", "none.yaml", "--against", "x.json"]) == 2
    assert "none.yaml: there is no such file" in capsys.readouterr().err


def test_writing_out_a_default_is_no_change_of_the_suite():
    plain = BenchSuite.model_validate(SMALL)
    assert BenchSuite.model_validate({**SMALL, "policies": []}).fingerprint() == plain.fingerprint()
    changed_seeds = {**SMALL, "seeds": {"start": 0, "stop": 3}}
    assert BenchSuite.model_validate(changed_seeds).fingerprint() != plain.fingerprint()


def test_the_schema_is_printed(capsys, tmp_path):
    assert run(["bench", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert "with" in schema["$defs"]["BenchScenario"]["properties"]
    jsonschema.validate(SMALL, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**SMALL, "sedes": 1}, schema)
    assert run(["bench", "schema", "--out", str(tmp_path / "s.json")]) == 0
    assert json.loads((tmp_path / "s.json").read_text("utf-8")) == schema


def test_the_suite_of_the_page_loads(tmp_path):
    from .test_regression_run import write_policy

    (example,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    (tmp_path / "bench.yaml").write_text(example, "utf-8")
    save_yaml(changed(load_scenario("furniture"), name="oak"), tmp_path / "oak.yaml")
    baseline = tmp_path / "elsewhere"
    baseline.mkdir()
    write_policy(baseline / "agent.policy")
    loaded = load_bench_suite(str(tmp_path / "bench.yaml"), beside=baseline)
    assert list(loaded.scenarios) == ["oak", "furniture", "furniture-early-outage"]
    assert loaded.entrants[-1][1].label == "ours"
    assert loaded.speed_scenario == loaded.scenarios["oak"]


def test_the_options_of_the_page_exist(capsys):
    run(["bench", "--help"])
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert set(re.findall(r"(?<!-)--[a-z]+(?:-[a-z]+)*", PAGE)) <= known


def test_the_workflow_is_valid_and_its_command_has_options_that_exist(capsys):
    content = yaml.load(WORKFLOW.read_text("utf-8"), Loader=yaml.BaseLoader)
    assert set(content) == {"name", "on", "permissions", "concurrency", "env", "jobs"}
    assert "pull_request" in content["on"]
    job = content["jobs"]["bench"]
    assert job["runs-on"] == "ubuntu-latest"
    steps = job["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    used = [step["uses"].split("@")[0] for step in steps if "uses" in step]
    assert used == [
        f"actions/{n}" for n in ("checkout", "setup-python", "cache", "upload-artifact")
    ]
    commands = [step["run"] for step in steps if "run" in step]
    (bench,) = [text for text in commands if text.startswith("golive ")]
    words = shlex.split(bench)
    run(["bench", "--help"])
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert {word for word in words if word.startswith("--")} <= known
    summary, result = words[words.index("--summary") + 1], words[words.index("--out") + 1]
    assert any(summary in text and "GITHUB_STEP_SUMMARY" in text for text in commands)
    assert steps[-1]["with"]["path"].split() == [result, summary]


def test_the_workflow_installs_this_version():
    from golive import __version__

    assert f"GOLIVE: golive=={__version__}\n" in WORKFLOW.read_text("utf-8")
