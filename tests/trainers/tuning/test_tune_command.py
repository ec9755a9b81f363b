"""``golive tune`` as its user meets it, before anything is searched."""

import json
from pathlib import Path

import pytest

from golive.cli.app import run
from golive.trainers.tuning.search import within
from golive.trainers.tuning.settings import Range


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert run(["tune", *arguments]) == 2
    return capsys.readouterr().err


def test_the_schema_is_printed_without_searching(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tune", "--schema"]) == 0
    assert "parameters" in json.loads(capsys.readouterr().out)["properties"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["furnitur"], "did you mean furniture?"),
        (["--space", "none.yaml"], "none.yaml: there is no such file"),
        (["--scheduler", "best"], "command line: scheduler: 'best'"),
        (["--resume"], "no search to resume"),
        (["--resume", "--trials", "3"], "--trials: 3: expected none with --resume"),
        (["--ray-address", "ray://far:10001"], "expected auto or host:port"),
    ],
)
def test_bad_arguments_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert message in refused(capsys, [*arguments, "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_empty_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert "not empty" in refused(capsys, ["--out", str(tmp_path)])


def test_varied_values_are_put_back_into_their_ranges() -> None:
    ranges = {"a": Range(uniform=(0.1, 0.4)), "b": Range(choice=("x", "y"))}
    assert within(ranges, {"a": 0.48, "b": 1}) == {"a": 0.4, "b": 1}
