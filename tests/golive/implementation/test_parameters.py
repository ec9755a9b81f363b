"""``golive parameters``."""

from __future__ import annotations

import csv
import io
import json

import pytest

from golive.cli.app import run
from golive.sim.implementation.parameters import PARAMETERS


def test_json_holds_every_row_with_all_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parameters", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == [row.name for row in PARAMETERS]
    for row in rows:
        assert row["low"] <= row["value"] <= row["high"], row["name"]
        assert row["unit"], row["name"]
        assert row["source"], row["name"]
        assert row["confidence"], row["name"]
        assert row["description"], row["name"]


def test_csv_reads_back_as_the_same_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parameters", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["name"], float(row["value"])) for row in rows] == [
        (row.name, row.value) for row in PARAMETERS
    ]


def test_the_filter_keeps_rows_that_say_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = PARAMETERS[0].name
    assert run(["parameters", "--format", "json", "--filter", wanted.upper()]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert wanted in [row["name"] for row in rows]
    assert len(rows) < len(PARAMETERS)


def test_the_table_names_each_parameter_and_counts_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert run(["parameters"]) == 0
    printed = capsys.readouterr().out
    assert f"{len(PARAMETERS)} of {len(PARAMETERS)} parameters" in printed
    for row in PARAMETERS:
        assert row.name in printed


def test_an_unknown_format_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parameters", "--format", "xml"]) == 2
    assert "xml" in capsys.readouterr().err
