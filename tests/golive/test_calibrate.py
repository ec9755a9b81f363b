"""``golive calibrate``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golive.cli.app import run
from golive.sim.implementation.calibration_targets import TARGETS

SMALL = ["calibrate", "--customers", "20", "--workers", "1"]


@pytest.mark.slow
def test_it_informs_with_every_target_and_exits_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "table.md"
    assert run([*SMALL, "--json", "--out", str(page)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["customers"], told["policy"], told["seed"]) == (20, "critical_path", 0)
    assert [row["name"] for row in told["targets"]] == [target.name for target in TARGETS]
    for row, target in zip(told["targets"], TARGETS, strict=True):
        value = row["value"]["estimate"]
        assert row["value"]["low"] <= value <= row["value"]["high"]
        assert row["inside"] == (target.low <= value <= target.high)
        assert 0 < row["answers"] <= 20
    text = page.read_text(encoding="utf-8")
    for target in TARGETS:
        assert f"| {target.description} |" in text
    assert "inside their bands" in text


@pytest.mark.slow
def test_the_table_says_who_decided(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "220")
    assert run([*SMALL, "--policy", "plan_follower"]) == 0
    printed = capsys.readouterr().out
    assert "plan_follower decides" in printed
    for target in TARGETS:
        assert target.description in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--customers", "19"], "--customers: 19: expected at least 20"),
        (["--policy", "nobody"], "nobody"),
        (["--out", "table.pdf"], "expected a file that ends in .md or .json"),
    ],
)
def test_wrong_input_is_one_line_and_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["calibrate", *arguments]) == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert len(printed.splitlines()) == 1


def test_the_page_shows_every_target_under_each_manager_with_its_command() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "calibration.md").read_text("utf-8")
    for policy in ("critical_path", "typical_practice", "expert"):
        begin, end = (f"<!-- calibration:{policy}:{edge} -->" for edge in ("begin", "end"))
        shown = page.partition(begin)[2].partition(end)[0]
        assert f"$ golive calibrate --policy {policy} " in shown
        for target in TARGETS:
            assert f"| {target.description} |" in shown
            assert f"| {target.source} [{target.kind}] |" in shown
