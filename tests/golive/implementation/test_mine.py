"""``golive mine``, ``golive log`` and ``golive simulate --event-log``."""

from __future__ import annotations

import json
import re
from itertools import cycle
from pathlib import Path

import pytest

from golive.cli.app import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    files = [folder / "past.xes", folder / "past.json"]
    options = [word for file in files for word in ("--event-log", str(file))]
    command = ["simulate", "furniture", "--episodes", "3", "--kick-off", "2026-03-02"]
    assert run([*command, *options]) == 0
    assert run(["simulate", "furniture", "--events", str(folder / "past.parquet")]) == 0
    return folder


def test_both_formats_hold_the_same(folder, capsys):
    assert run(["log", "convert", str(folder / "past.json"), str(folder / "again.xes")]) == 0
    assert (folder / "again.xes").read_bytes() == (folder / "past.xes").read_bytes()
    assert "3 projects" in capsys.readouterr().out
    assert "2026-03-02T09:00:00" in (folder / "past.xes").read_text("utf-8")


def test_parquet_is_converted_too(folder, capsys):
    target = folder / "one.json"
    source = folder / "past.parquet"
    assert run(["log", "convert", str(source), str(target), "--kick-off", "2026-03-02"]) == 0
    one, three = (json.loads((folder / n).read_text("utf-8")) for n in ("one.json", "past.json"))
    assert {row["type"] for row in one["events"]} <= {row["type"] for row in three["events"]}


def test_mining_prints_and_writes_a_parameter_file(folder, capsys):
    out = folder / "mined.yaml"
    assert run(["mine", str(folder / "past.xes"), "--out", str(out), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["projects"] == 3
    names = [row["parameter"] for row in printed["estimates"]]
    assert "effort_sigma_data" in names
    assert {row["parameter"] for row in printed["left_out"]}.isdisjoint(names)
    assert run(["parameters", "--file", str(out)]) == 0
    assert "mined" in capsys.readouterr().out
    assert run(["simulate", "furniture", "--parameters", str(out)]) == 0


def _mined(capsys, *words: str) -> dict[str, object]:
    assert run(["mine", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    return {key: value for key, value in found.items() if key != "notes"}


def test_the_same_wall_clock_mines_the_same_whatever_its_offset(folder, capsys):
    text, turn = (folder / "past.xes").read_text("utf-8"), cycle(["-05:00", "Z", "+02:00", ""])
    zone = folder / "zone.xes"
    zone.write_text(re.sub(r"(T[\d:.]{15})\+00:00", lambda found: found[1] + next(turn), text))
    assert _mined(capsys, str(zone)) == _mined(capsys, str(folder / "past.xes"))


def test_a_zone_and_the_start_of_the_day_can_be_said(folder, capsys):
    later, clock = folder / "later.xes", ["--zone", "Europe/Berlin", "--day-start", "13:30"]
    words = [str(folder / "past.parquet"), str(later), "--kick-off", "2026-03-02"]
    assert run(["log", "convert", *words, *clock]) == 0
    assert "2026-03-02T13:30:00.000000+01:00" in later.read_text()
    capsys.readouterr()
    early = _mined(capsys, str(folder / "past.parquet"))
    assert _mined(capsys, str(later), *clock) == early
    assert run(["log", "convert", str(later), str(folder / "early.xes")]) == 0
    assert "outside working time" in capsys.readouterr().err


def test_golives_own_logs_are_read_without_a_note(folder, capsys):
    """Disruptions, opponents and several sites included."""
    for words in (
        ["furniture", "--with", "network_failures:critical", "--opponent", "random"],
        ["electrical-equipment"],
    ):
        log = folder / "own.sqlite"
        assert run(["simulate", *words, "--event-log", str(log)]) == 0
        capsys.readouterr()
        assert run(["log", "convert", str(log), str(folder / "own.xml")]) == 0
        assert capsys.readouterr().err == ""


def test_two_logs_are_mined_together(folder, capsys):
    assert run(["mine", str(folder / "past.xes"), str(folder / "past.parquet"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["projects"] == 4


def test_the_table_names_what_was_found_and_what_not(folder, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert run(["mine", str(folder / "past.json")]) == 0
    printed = capsys.readouterr().out
    for text in ("effort_sigma_data", "95 % interval", "Left out", "at least 5 are needed"):
        assert text in printed


def test_the_activities_and_the_schema_are_printed(capsys):
    assert run(["log", "activities", "--json"]) == 0
    assert "package_planned" in json.loads(capsys.readouterr().out)
    assert run(["log", "activities"]) == 0
    assert "mock_load" in capsys.readouterr().out
    assert run(["log", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "LogMapping"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mine", "none.xes"], "none.xes: there is no such file"),
        (["mine", "none.xes", "--zone", "Europe/Berln"], "did you mean Europe/Berlin?"),
        (["mine", "none.xes", "--zone", "../etc"], "--zone: '../etc': expected a zone"),
        (["mine", "none.xes", "--day-start", "9"], "--day-start: '9': expected a time such as"),
        (["mine", "a.xes", "--out", "a.xes"], "a.xes: is the file that is read"),
        (["log", "convert", "a.xes", "a.xes"], "a.xes: is the file that is read"),
        (["log", "convert", "./a.xes", "a.xes"], "a.xes: is the file that is read"),
        (["mine", "none.pdf"], "expected a name that ends in"),
        (["mine", "none.xes", "--out", "no/where.yaml"], "its directory does not exist"),
        (["mine", "none.xes", "--mapping", "none.yaml"], "none.yaml: there is no such file"),
        (["log", "convert", "none.xes", "out.csv"], "expected a name that ends in"),
        (["simulate", "furniture", "--event-log", "no/a.xes"], "its directory does not exist"),
        (["simulate", "furniture", "--event-log", "a.csv"], "expected a name that ends in"),
        (["simulate", "furniture", "--kick-off", "2026-03-02"], "expected --event-log too"),
        (
            ["simulate", "furniture", "--event-log", "a.xes", "--kick-off", "soon"],
            "--kick-off: 'soon': expected a date",
        ),
        (
            ["simulate", "furniture", "--event-log", "a.xes", "--kick-off", "0001-01-01"],
            "expected a year of",
        ),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_two(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_kick_off_on_a_day_off_is_refused(capsys, tmp_path):
    target = str(tmp_path / "a.xes")
    command = ["simulate", "furniture", "--event-log", target, "--kick-off", "2026-03-01"]
    assert run(command) == 2
    assert "is a Sunday" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
