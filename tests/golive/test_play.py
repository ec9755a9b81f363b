"""``golive play`` with commands from a pipe."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from golive.cli.app import run
from golive.cli.play_commands import HELP, read_command
from golive.sim.tool_table import Refusal, ToolCall
from golive.sim.worlds import world_kind

TOOLS = world_kind("implementation").speech.tools


@pytest.fixture
def played(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def play(commands: str, *arguments: str) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(commands))
        assert run(["play", "furniture", "--seed", "3", *arguments]) == 0
        return capsys.readouterr().out

    return play


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("", ToolCall("advance", {"times": 1})),
        ("n 3", ToolCall("advance", {"times": 3})),
        ("m stakeholder workshop", ToolCall("make_move", {"move": "stakeholder_workshop"})),
        ("move sta", ToolCall("make_move", {"move": "stakeholder_workshop"})),
        ("pace r", ToolCall("set_pace", {"pace": "rush"})),
        (
            "as data test ind none",
            ToolCall("assign", {"data_migration": "testing", "industry_expert": "none"}),
        ),
        ("look wo", ToolCall("look", {"topic": "work"})),
        ("look", ToolCall("look", {"topic": "all"})),
    ],
)
def test_short_commands_are_calls(line: str, call: ToolCall) -> None:
    assert read_command(line, TOOLS) == [call]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("dance", "'dance': no such command"),
        ("m", "make_move: move: missing"),
        ("move t", "move: 't': expected one of none"),  # training wave, or test cycle
        ("as data", "assign: 'data' stands alone"),
        ("as nobody testing", "assign: 'nobody': expected one of orchestrator"),
        ("n 99", "advance: times: '99': expected a whole number from 1 to 5"),
    ],
)
def test_what_is_no_command_is_told(line: str, reason: str) -> None:
    refusal = read_command(line, TOOLS)
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason


def test_commands_of_the_game_have_no_tool_s_name() -> None:
    assert all(read_command(name, TOOLS) == name for name in HELP if name != "next")


def test_a_game_is_played_from_a_pipe(played) -> None:
    out = played("help\nchoices\nlook nature\nmove stake\nmove go_live\nhint\nn 2\nquit\n")
    assert "The go-live score, 0 to 1, is money" in out
    assert "go back to the decision point before this one" in out
    assert "not now: go_live: needs" in out
    assert "$987 and 1 h of each key user" in out.replace("\n", " ")
    assert "go_live is not legal now" in out
    assert "The expert would change: orchestrator on discovery" in out
    assert "workshops 0 -> 1" in out
    assert "day 2> quit" in out
    assert "Left on day 2: nothing is scored." in out


def test_undo_goes_back_exactly(played) -> None:
    straight = played("as conf disc\nn\npace rush\nn\n")
    undone = played(
        "as conf disc\nn\nmove stake\nn\nn\nundo\nundo\nmove none\npace rush\nn\nundo\nn\n"
    )
    last = "─ Day 2."
    assert straight[straight.rindex(last) :] == undone[undone.rindex(last) :]
    assert "There is nothing to undo." in played("undo\n")


def test_the_end_tells_the_score_beside_the_expert_s_and_keeps_the_screen(
    played, tmp_path: Path
) -> None:
    commands = "hint\nn\nundo\n" + "n 5\n" * 30
    for name in ("game.svg", "game.txt"):
        out = played(commands, "--futures", "0", "--capture", str(tmp_path / name))
    assert "What came of it" in out
    assert "Go-live score: 0.000. The expert on the same luck: 0.619." in out
    assert "With 1 hints and 1 decision points undone." in out
    assert "Go-live score: 0.000" in (tmp_path / "game.txt").read_text("utf-8")
    assert "<svg" in (tmp_path / "game.svg").read_text("utf-8")


def test_a_capture_of_another_form_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["play", "--capture", "game.png"]) == 2
    assert "expected a name that ends in .svg, .html or .txt" in capsys.readouterr().err
