"""``golive record`` and ``golive dataset``."""

from __future__ import annotations

import json
from pathlib import Path

import minari
import pytest

from golive.cli.app import run
from golive.trainers.datasets import load_logged

SERIAL = ("--backend", "serial")


@pytest.fixture(scope="module")
def standard(tmp_path_factory, untrained) -> list[str]:
    """The command that made them, whose last word is their folder."""
    root = tmp_path_factory.mktemp("root")
    command = ["record", "--standard", "--trained", str(untrained), "--episodes", "1", *SERIAL]
    command += ["--out", str(root)]
    assert run(command) == 0
    return command


def test_the_standard_sets_are_made_by_one_command(standard, monkeypatch, capsys):
    monkeypatch.setenv("MINARI_DATASETS_PATH", standard[-1])
    names = ["expert", "mixed", "plan_follower", "random", "trained"]
    assert sorted(minari.list_local_datasets()) == [f"golive/furniture/{n}-v0" for n in names]
    logged = load_logged("golive/furniture/trained-v0")
    assert logged.episodes["policy"].to_list() == ["trained"]
    assert (logged.behaviour > 0).sum() > logged.actions.size  # it was sampled
    assert run(["dataset", "list"]) == 0
    assert capsys.readouterr().out.count("1 episodes") == 5
    assert run(standard) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5


def test_a_dataset_is_recorded_shown_and_replayed(tmp_path, capsys):
    out = str(tmp_path / "two-v0")
    arguments = ["record", "furniture", "--policies", "noisy:plan_follower:0.1,me=do_nothing"]
    command = [*arguments, "--episodes", "2", "--out", out, "--words", *SERIAL]
    assert run(command) == 0
    assert capsys.readouterr().out.split() == [out, f"{out}/words"]
    assert run([*command, "--resume"]) == 0  # all is there
    assert run(["dataset", "words", out, *SERIAL]) == 2
    assert "is there already" in capsys.readouterr().err
    assert run(["dataset", "words", out, "--out", f"{out}/again", *SERIAL]) == 0
    assert (Path(out) / "again/chat.jsonl").read_text().count("\n") == 4
    capsys.readouterr()
    assert run(["dataset", "show", out, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    logged = load_logged(out)
    assert shown["episodes"] == 4
    assert shown["steps"] == logged.lengths.sum()
    policies = {row["policy"]: row for row in shown["policies"]}
    assert policies["me"]["score"] == 0.0
    assert policies["noisy:plan_follower:0.1"]["episodes"] == 2
    pace = {row["factor"]: row for row in shown["factors"]}["pace"]
    assert pace["choices"] == 3
    assert 1.0 <= pace["effective"] <= 3.0
    assert run(["dataset", "show", out]) == 0
    assert "effective" in capsys.readouterr().out
    assert run(["dataset", "replay", out, *SERIAL]) == 0
    assert "4 of 4 episodes as recorded" in capsys.readouterr().out
    path = Path(out) / "data/3/metadata.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"digest": "other"}))
    assert run(["dataset", "replay", out, *SERIAL]) == 1
    printed = capsys.readouterr().out
    assert "episode 3 (me on furniture, seed 1): digest" in printed
    assert "3 of 4" in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--policies", "random"], "--out: expected"),
        (["--out", "./x-v0"], "--policies: expected"),
        (["--standard", "--mix", "1,2"], "--mix: not with --standard"),
        (["--policies", "random", "--out", "./x"], "ends in a version"),
        (["--policies", "random", "--out", "./x-v0", "--mix", "a"], "--mix: 'a'"),
        (["--policies", "random", "--out", "./x-v0", "--first-seed", "99999999"], "train split"),
        (["--policies", "random", "--out", "./x-v0", "--trained", "y"], "--trained: expected"),
        (
            ["furniture", "--suite", "furniture", "--policies", "random", "--out", "./x-v0"],
            "either",
        ),
    ],
)
def test_wrong_usage_is_said_in_a_line(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["record", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_suite_is_recorded_with_all_its_scenarios(tmp_path, capsys):
    suite = tmp_path / "two.suite.yaml"
    suite.write_text(
        "schema_version: 1\nname: two\ntitle: Two\nscenarios: [furniture]\nedge_cases:\n  - {}\n"
        "  - edge_cases: ['corrupt_data:critical']\nsplits:\n  train: {start: 0, stop: 10}\n"
        "  validation: {start: 10, stop: 20}\n  test: {start: 20, stop: 30}\n"
    )
    out = str(tmp_path / "s-v0")
    command = ["record", "--suite", str(suite), "--policies", "do_nothing", "--episodes", "1"]
    assert run([*command, "--out", out, *SERIAL]) == 0
    logged = load_logged(out)
    assert logged.episodes["scenario"].n_unique() == 2
    assert set(logged.scenarios) == set(logged.episodes["scenario"])
    assert run(["dataset", "replay", out, *SERIAL]) == 0


def test_a_dataset_is_found_by_its_path_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path / "minari"))
    command = ["record", "furniture", "--policies", "do_nothing", "--episodes", "1"]
    assert run([*command, "--out", "./data/none-v0", *SERIAL]) == 0
    assert run(["dataset", "show", "data/none-v0"]) == 0
    assert "none-v0: 1 episodes" in capsys.readouterr().out


def test_what_is_no_dataset_is_said(tmp_path, capsys):
    assert run(["dataset", "show", str(tmp_path / "none-v0")]) == 2
    assert "there is none" in capsys.readouterr().err
