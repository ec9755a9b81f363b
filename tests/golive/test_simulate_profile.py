"""``golive simulate --profile``."""

from __future__ import annotations

import json
from pathlib import Path

import polars
import pytest

from golive.cli.app import run
from golive.trainers.simulation import load_profile

FEW = ("--profile", "simulation", "--policy", "do_nothing", "--backend", "serial")


def test_the_results_are_those_of_the_same_episodes_one_by_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code = run(["simulate", *FEW, "--replicas", "2", "--out", str(out), "--json"])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    told = json.loads(printed.out)
    assert told["performance"]["most_running"] == 2
    assert told["poisoned"] == []
    assert polars.read_parquet(out / "results.parquet").to_dicts() == told["results"]
    assert load_profile(str(out / "profile.yaml")).replicas == 2
    second = told["results"][1]
    again = ("furniture", "--with", second["mix"], "--seed", str(second["seed"]))
    assert run(["simulate", *again, "--policy", "do_nothing", "--json"]) == 0
    [alone] = json.loads(capsys.readouterr().out)
    assert alone.items() <= second.items()
    assert run(["simulate", *FEW, "--replicas", "2", "--out", str(out)]) == 2
    assert "holds results already" in capsys.readouterr().err


def test_the_command_line_wins_over_the_profile(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("techmold", "--with", "network_failures", "--opponent", "scripted:4")
    code = run(["simulate", *FEW, *arguments, "--seed", "7", "--episodes", "1", "--json"])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    [row] = json.loads(printed.out)["results"]
    assert (row["scenario"], row["seed"]) == ("techmold", 7)
    assert row["mix"] == "network_failures+opponent:scripted:4"


def test_the_tables_show_the_scorecards_and_how_it_went(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["simulate", *FEW, "--replicas", "2"]) == 0
    printed = capsys.readouterr()
    assert "do_nothing at 2 customers" in printed.out
    assert "steps per second" in printed.out


def test_a_replica_that_fails_is_told_and_the_code_is_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from golive.sim.replica import Replica

    def fails(self: Replica, decision: object = None) -> None:
        raise ArithmeticError("no idea")

    monkeypatch.setattr(Replica, "advance", fails)
    assert run(["simulate", *FEW, "--replicas", "1"]) == 1
    assert (
        "poisoned: do_nothing on furniture, seed 2000000, decision 1: ArithmeticError: no idea"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--events", "x.parquet"), "--events: "),
        (("--from-snapshot", "x.json"), "--from-snapshot: "),
        (("--customer", "reference"), "--customer: "),
        (("--gantt", "x.parquet"), "--gantt: "),
        (("--snapshot-at", "0"), "--snapshot-at: "),
        (("--acceleration", "0"), "acceleration: 0.0: expected"),
        (("--with", "gremlins"), "gremlins"),
        (("--policy", "expart"), "did you mean 'expert'"),
        (("no-such-scenario",), "no such scenario"),
    ],
)
def test_what_makes_no_sense_with_a_profile_is_refused(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", "--profile", "sandbox", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err


@pytest.mark.parametrize("option", ["--workers", "--ray-address", "--out", "--backend"])
def test_what_only_a_profile_has_is_refused_without_one(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    value = {"--workers": "2", "--backend": "ray"}.get(option, "somewhere")
    assert run(["simulate", "furniture", option, value]) == 2
    assert f"{option}: only a profile has it" in capsys.readouterr().err


def test_the_schema_of_profiles_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--profile-schema"]) == 0
    assert "failures" in json.loads(capsys.readouterr().out)["properties"]
