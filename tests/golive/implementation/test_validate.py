"""``golive validate``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golive.cli.app import run
from golive.trainers.implementation.validation.targets import TARGETS

SMALL = ["validate", "--customers", "25", "--no-laws", "--workers", "1"]


@pytest.mark.slow
def test_it_informs_with_every_target_and_exits_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*SMALL, "--policy", "critical_path", "--json", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    told = json.loads(printed[: printed.rindex("}") + 1])
    assert (told["customers"], told["policy"]) == (25, "critical_path")
    assert [row["name"] for row in told["rows"]] == [target.name for target in TARGETS]
    for row, target in zip(told["rows"], TARGETS, strict=True):
        if row["value"] is None:
            assert row["verdict"] == "no answer"
            continue
        value = row["value"]["estimate"]
        assert row["value"]["low"] <= value <= row["value"]["high"]
        assert (row["verdict"] == "inside") == (target.low <= value <= target.high)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    table = (tmp_path / "validation.md").read_text(encoding="utf-8")
    for target in TARGETS:
        assert target.description in page
        assert f"| {target.description} |" in table
    assert page.count("<svg") == 3
    kept = json.loads((tmp_path / "validation.json").read_text(encoding="utf-8"))
    assert kept["rows"] == told["rows"]
    assert kept["command"].startswith("golive validate --customers 25")


@pytest.mark.slow
def test_strict_exits_with_1_where_an_outcome_is_out_of_its_band(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([*SMALL, "--policy", "do_nothing", "--strict"]) == 1
    assert "do_nothing decides" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--customers", "24"], "--customers: 24: expected at least 25"),
        (["--policy", "nobody"], "nobody"),
        (["--parameters", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_wrong_input_is_one_line_and_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", *arguments]) == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert len(printed.strip().splitlines()) == 1


def test_the_defaults_are_those_of_the_library() -> None:
    from golive.cli.implementation import validate as command
    from golive.trainers.implementation.validation import validation as library

    assert command._DEFAULT_CUSTOMERS == library.CUSTOMERS
    assert command._DEFAULT_SEED == library.FIRST_CUSTOMER
    assert command._DEFAULT_LAW_CUSTOMERS == library.LAW_CUSTOMERS
