"""``golive team``."""

from __future__ import annotations

import json

import pytest

from golive.cli.app import run

pytest.importorskip("pettingzoo", reason="needs golive[team]")


def test_json_holds_the_weeks_of_a_team(capsys: pytest.CaptureFixture[str]) -> None:
    told = ["--partners", "data_migration=junior,configuration=silent", "--absence", "heavy"]
    assert run(["team", "furniture", "--seed", "4", *told, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["partners"]["data_migration"] == "junior"
    assert content["partners"]["orchestrator"] == "expert"
    assert content["score"] == content["scorecard"]["go_live_score"]
    for week in content["weeks"]:
        assert len(week["roles"]) == 5
        assert 0.0 <= week["collaboration"] <= 1.0
        assert not week["roles"][3]["messages"]
    assert any(role["days_away"] for week in content["weeks"] for role in week["roles"])
    assert any(role["tasks"] for week in content["weeks"] for role in week["roles"])
    assert "credit" not in content


def test_the_weeks_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["team", "--seed", "1", "--silent"]) == 0
    printed = capsys.readouterr().out
    assert "Week 1, planned: discovery" in printed
    assert "packages handed over" in printed
    assert "0 messages" in printed
    assert "furniture, seed 1: go-live score 0." in printed


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--partners", "boss=expert"], "partner: 'boss': expected a role, one of orchestrator"),
        (["--partners", "data_migration=guru"], "partner: 'guru': expected one of expert"),
        (["--partners", "data_migration"], "--partners: 'data_migration': expected ROLE=KIND"),
        (["--partners", "data_migration=slow,data_migration=stale"], "each role once"),
        (["--others", "nobody"], "partner: 'nobody'"),
        (["--default", "nobody"], "partner: 'nobody'"),
        (["--absence", "none"], "absence: 'none': expected one of usual, heavy"),
        (["nowhere"], "'nowhere': no such scenario"),
    ],
)
def test_wrong_input_is_told_in_a_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["team", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert line in printed.err
