"""The game of a team: what one decides is split among five."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("pettingzoo", reason="needs golive[team]")

from benchmarks.command import run
from benchmarks.game import command
from benchmarks.implementation.game_policies import EXPERT, edited_expert, policy_of, shipped_edits
from benchmarks.implementation.game_team import KINDS, five_who, kinds
from golive.agents.implementation.kind import KIND
from golive.scenarios.loader import load_scenario
from golive.sim import episodes

SMALL = ["--team", "--scenario", "furniture", "--quick", "--customers", "4", "--luck", "2"]


def test_five_who_decide_by_the_experts_rules_are_five_experts() -> None:
    scenario = load_scenario("furniture")

    def digest(policy: object) -> str:
        return episodes.run(KIND, policy, scenario, 7).digest  # type: ignore[arg-type]

    experts = digest(policy_of("team:expert")())
    assert digest(five_who(policy_of(EXPERT))) == experts
    assert digest(policy_of(EXPERT)()) != experts
    (removed,) = [edit for edit in shipped_edits() if edit.name == "freeze_from = 0"]
    assert digest(five_who(lambda: edited_expert(removed))) != experts


def test_a_report_of_a_team_says_so_and_what_is_to_be_reached(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--json", str(tmp_path / "game.json"), "--page", str(tmp_path / "game.md")]
    assert run(command, [*SMALL, "--rows", "variance,oracle", "--processes", "1", *places]) == 0
    report = json.loads((tmp_path / "game.json").read_text())
    assert report["team"] is True
    assert report["games"][0]["expert_mean"] > 0.0
    (oracle,) = [f for f in report["games"][0]["figures"] if f["key"] == "oracle"]
    assert oracle["value"]["low"] < oracle["value"]["estimate"]
    page = (tmp_path / "game.md").read_text()
    assert page.startswith("# Does skill pay in a team?")
    assert "one expert who sees all, minus five experts" in page
    assert "one expert who sees all" in capsys.readouterr().out


def test_kinds_that_only_talk_differently_are_left_out() -> None:
    names = kinds()
    assert len(names) == len(KIND.partners()) - 3
    assert not {f"{KINDS[:4]} of kind silent", "five of kind expert"} & set(names)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--learner", "runs/team"], "--learner: expected --team"),
        (["--team", "--rows", "traits"], "rows: 'traits': expected some of variance, paired"),
        (["--rows", "oracle"], "rows: 'oracle': expected some of variance, paired"),
    ],
)
def test_what_a_team_has_not_is_told_in_a_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, arguments) == 2
    assert line in capsys.readouterr().err
