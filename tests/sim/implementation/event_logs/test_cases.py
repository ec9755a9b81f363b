"""Files that were read wrongly once: each with what it must give. They lie in ``data``."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from lxml import etree

from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.sim.implementation.event_logs.files import read_log, write_log
from golive.sim.implementation.event_logs.log import ObjectValue, joined
from golive.sim.implementation.event_logs.mapping import LogMapping, load_mapping
from golive.trainers.implementation.mining.miner import mine

REPOSITORY = Path(__file__).parents[4]
DATA = Path(__file__).parent / "data"
FORMATS = ("xes", "json", "xml", "sqlite")
SPACE = {"x": "http://www.xes-standard.org/"}


def notes(log) -> str:
    return "\n".join(log.notes)


def events(log):
    return [event for project in log.projects for event in project.events]


def converted(name: str, form: str, folder: Path):
    """A case, written in a format and read again; with what the writing left out."""
    path = folder / f"again.{form}"
    lost = write_log(read_log(DATA / name), path)
    return read_log(path), "\n".join(lost)


@pytest.mark.parametrize("form", FORMATS)
def test_attributes_of_traces_are_carried(form, tmp_path):
    log, lost = converted("x01-trace-attributes.xes", form, tmp_path)
    [item] = log.objects
    assert (item.id, item.type) == ("Case 1", "project")
    assert {value.name: value.value for value in item.values} == {
        "amount": 120.5,
        "channel": "phone",
        "priority": 3,
    }
    assert not lost


@pytest.mark.parametrize("form", FORMATS)
def test_resources_and_transitions_are_carried(form, tmp_path):
    log, lost = converted("x02-resource-and-transition.xes", form, tmp_path)
    start, complete = events(log)
    assert [event.hour for event in (start, complete)] == [0.0, 2.0]
    who = {"org:resource": "Anna", "org:group": "Finance", "org:role": "Clerk"}
    assert start.values == {"lifecycle:transition": "start", **who}
    assert complete.values == {"lifecycle:transition": "complete", **who}
    assert not lost


def test_time_outside_working_time_is_counted_and_its_timestamps_are_kept(tmp_path):
    log = read_log(DATA / "x04-outside-working-time.xes")
    assert "3 of 4 events lie outside working time" in notes(log)
    assert [event.hour for event in events(log)] == [0.0, 40.0, 40.0, 40.0]
    text = (DATA / "x04-outside-working-time.xes").read_text()
    write_log(log, tmp_path / "o.xes")
    for moment in ("2026-01-10T12:00:00", "2026-01-11T20:00:00", "2026-01-12T03:00:00"):
        assert moment in text
        assert moment in (tmp_path / "o.xes").read_text("utf-8")


def test_booleans_have_the_forms_of_the_standard(tmp_path):
    log, _ = converted("x05-boolean-1.xes", "xes", tmp_path)
    assert events(log)[0].values == {"passed": True, "other": True}
    assert "late with a broken boolean (1)" in notes(read_log(DATA / "x05-boolean-1.xes"))
    assert '<boolean key="passed" value="true"/>' in (tmp_path / "again.xes").read_text("utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_an_offset_is_kept_and_does_not_move_the_working_hour(form, tmp_path):
    log, _ = converted("x06-offset.xes", form, tmp_path)
    assert [event.hour for event in events(log)] == [0.0, 3.0, 8.0]
    [project] = log.projects
    zone = timezone(timedelta(hours=-5))
    assert events(log)[2].moment(project.calendar) == datetime(2026, 1, 5, 17, tzinfo=zone)
    assert "outside" not in notes(log)


def test_events_before_the_kick_off_are_counted():
    log = read_log(DATA / "x07-before-kick-off.xes")
    assert "2 of 3 events lie before the kick-off" in notes(log)
    assert [event.hour for event in events(log)] == [0.0, 0.0, 0.0]
    first = events(log)[0].moment(log.projects[0].calendar)
    assert first == datetime(2025, 12, 1, 9, tzinfo=UTC)


def test_a_name_after_the_events_is_the_traces():
    log = read_log(DATA / "x09-name-after-events.xes")
    assert [project.name for project in log.projects] == ["Case 1", "Case 2"]


def test_what_is_not_finite_is_left_out_counted_and_written_as_xes_has_it(tmp_path):
    log = read_log(DATA / "x10-nan.xes")
    assert "hours with a number that is not finite (2)" in notes(log)
    assert all("hours" not in event.values for event in events(log))
    for value, form in ((math.nan, "NaN"), (math.inf, "INF"), (-math.inf, "-INF")):
        events(log)[0].values["hours"] = value
        write_log(log, tmp_path / "o.xes")
        assert f'<float key="hours" value="{form}"/>' in (tmp_path / "o.xes").read_text("utf-8")
        schema = etree.XMLSchema(etree.parse(DATA.parent / "xes-by-golive.xsd"))
        schema.assertValid(etree.parse(tmp_path / "o.xes"))


def test_lists_are_counted():
    assert "nested list (1)" in notes(read_log(DATA / "x11-list.xes"))


@pytest.mark.parametrize("encoding", ["GB2312", "Big5", "EUC-KR", "hex", "no-such", "utf-7"])
@pytest.mark.parametrize("ending", ["xes", "xml"])
def test_an_encoding_that_expat_does_not_know_is_one_line(encoding, ending, tmp_path):
    text = (DATA / "x12-encoding.xes").read_text().replace("GB2312", encoding)
    path = tmp_path / f"a.{ending}"
    path.write_text(text)
    with pytest.raises(GoliveError, match=r"^[^\n]*a\.[a-z]+: not readable XML[^\n]*$"):
        read_log(path)


@pytest.mark.parametrize("form", ["json", "xml", "sqlite"])
def test_objects_their_changes_relations_and_qualifiers_are_carried(form, tmp_path):
    log, lost = converted("o01-objects.json", form, tmp_path)
    [event] = events(log)
    assert (event.values, event.related) == ({"amount": 1.5}, (("o1", "approves"),))
    [order] = log.objects
    assert (order.id, order.type, order.related) == ("o1", "order", (("p1", "part of"),))
    assert order.values == (
        ObjectValue("price", 9.5, datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ObjectValue("price", 11.0, datetime(2026, 1, 6, 10, tzinfo=UTC)),
    )
    assert not lost
    assert "ok with a broken boolean (1)" in notes(read_log(DATA / "o01-objects.json"))


def test_what_xes_has_no_place_for_is_counted(tmp_path):
    _, lost = converted("o01-objects.json", "xes", tmp_path)
    for words in (
        "objects of type order (1)",
        "values of objects (2)",
        "relations of objects (1)",
        "relations of events to objects (1)",
    ):
        assert words in lost


def test_an_undeclared_type_is_read_as_it_stands():
    log = read_log(DATA / "o08-undeclared-type.json")
    assert events(log)[0].values == {"ok": "True", "amount": "1.5"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("7" * 5_000, "amount with a number of more than 64 bits (1)"),
        ("NaN", "amount with a number that is not finite (1)"),
        ("-Infinity", "amount with a number that is not finite (1)"),
        ("1e999", "amount with a number that is not finite (1)"),
        ("true", "amount with a broken float (1)"),
        ("[1]", "amount with a value of another type (1)"),
    ],
)
def test_numbers_of_json_are_checked(value, said, tmp_path):
    text = (DATA / "o01-objects.json").read_text().replace('"1.5"', value)
    (tmp_path / "o.json").write_text(text)
    assert said in notes(read_log(tmp_path / "o.json"))


def test_a_file_that_ends_the_process_of_its_reader_is_one_line(capfd):
    """It says that a column needs 2 EiB; the process that asks for them is ended."""
    path = DATA / "p01-ends-its-reader.parquet"
    with pytest.raises(GoliveError, match="not a Parquet file: no reader can make sense of it"):
        read_log(path)
    assert capfd.readouterr().err == ""


def test_names_that_look_like_numbers_stay_apart():
    log = read_log(DATA / "c01-ids.csv")
    names = [event.text("package") for event in events(log)]
    assert names == ["007", "7", "1e3", "1000", "1_0", "Infinity"]
    assert "\ufffd" in notes(read_log(DATA / "c03-nul.csv"))
    with pytest.raises(GoliveError, match="UTF-8"):
        read_log(DATA / "c04-utf16.csv")


def test_a_mapping_without_package_kinds_mines_nothing_and_says_why():
    mapping = load_mapping(DATA / "c05-documented-mapping.yaml")
    result = mine(read_log(DATA / "c05-documented-mapping.csv", mapping))
    reasons = {one.parameter: one.reason for one in result.omissions}
    said = "0 finished packages of customisation: at least 20 are needed"
    assert reasons["effort_sigma_customisation"] == (
        f"{said} (84 more have no package_kind of golive's)"
    )
    assert reasons["effort_sigma_data"] == "0 finished packages of data: at least 20 are needed"
    assert "84 more have no package_kind" in reasons["question_probability"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("%d.%d.%Y", "'%d' is there twice"),
        ("%d.%m.%Y %", "'%' is no directive"),
        ("%d.%m.%Y %Q", "'%Q' is no directive"),
        ("%H:%M", "expected one with a year"),
        ("%Y %y %m %d %j %G", "expected a time"),
    ],
)
def test_a_format_that_strptime_does_not_take_is_one_line(form, said, tmp_path, capsys):
    shutil.copy(DATA / "l10-format-twice.csv", tmp_path / "a.csv")
    text = (DATA / "l10-format-twice.yaml").read_text().replace("%d.%d.%Y", form)
    (tmp_path / "a.yaml").write_text(text)
    command = ["log", "convert", f"{tmp_path}/a.csv", f"{tmp_path}/o.xes"]
    assert run([*command, "--mapping", f"{tmp_path}/a.yaml"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "o.xes").exists()


def _hours(value: str) -> str:
    """A log of six projects with 14 packages each; one booked the value."""
    lines = ["project,time,activity,package,workstream,package_kind,planned_hours,booked_hours"]
    for project in range(6):
        for package in range(14):
            booked = f"{6.0 + (package * 7 + project * 5) % 9}"
            booked = value if (project, package) == (3, 3) else booked
            who = f"P{project},2026-01-{5 + package % 5:02}T"
            lines += [
                f"{who}09:00,package_planned,{package},data,map,10.0,",
                f"{who}12:00,session,{package},,,,{booked}",
                f"{who}13:00,package_done,{package},,,10.0,",
            ]
    return "\n".join(lines)


@pytest.mark.parametrize("value", ["NaN", "inf", "-3", "1e12", "8,5", "eight"])
def test_one_wrong_hour_is_left_out_and_counted(value, tmp_path, capsys):
    found = {}
    for name, hours in (("sound", "8.0"), ("wrong", f'"{value}"')):
        (tmp_path / f"{name}.csv").write_text(_hours(hours))
        assert run(["mine", f"{tmp_path}/{name}.csv", "--json"]) == 0
        text = capsys.readouterr().out
        found[name] = json.loads(text, parse_constant=pytest.fail)
    sound, wrong = ({e["parameter"]: e for e in found[one]["estimates"]} for one in found)
    row = "effort_sigma_data"
    assert wrong[row]["value"] == pytest.approx(sound[row]["value"], rel=0.05)
    assert wrong[row]["observations"] == sound[row]["observations"] - 1
    assert any("booked_hours with a" in note and "(1)" in note for note in found["wrong"]["notes"])
    assert not any("booked_hours" in note for note in found["sound"]["notes"])


def test_the_mapping_on_the_page_mines_what_it_says(tmp_path, capsys):
    page = (REPOSITORY / "docs/event-logs.md").read_text("utf-8")
    [mapping] = re.findall(r"^```yaml\n(golive_mapping.*?)^```", page, re.DOTALL | re.MULTILINE)
    [columns] = re.findall(r"with the columns `(When[^`]*)`", page)
    (tmp_path / "mapping.yaml").write_text(mapping, "utf-8")
    with (DATA / "c05-documented-mapping.csv").open(newline="") as source:
        rows = [row | {"Type": "Story"} for row in csv.DictReader(source)]
    with (tmp_path / "export.csv").open("w", newline="") as target:
        writer = csv.DictWriter(target, columns.split(","))
        writer.writeheader()
        writer.writerows(rows)
    command = ["mine", f"{tmp_path}/export.csv", "--mapping", f"{tmp_path}/mapping.yaml", "--json"]
    assert run(command) == 0
    found = {row["parameter"]: row for row in json.loads(capsys.readouterr().out)["estimates"]}
    assert found["effort_sigma_customisation"]["observations"] == 84
    assert found["effort_sigma_customisation"]["value"] == pytest.approx(0.291, abs=0.001)


def test_times_of_attributes_have_the_mappings_format_and_none_is_lost(tmp_path):
    mapping = LogMapping.model_validate(
        {
            "time_format": "%d.%m.%Y %H:%M",
            "activities": {"Worklog": "session"},
            "attributes": {"Begin": "start_hour", "Ticket": "package", "Key": "package"},
        }
    )
    header = "time,activity,Begin,Ticket,Key\n"
    row = "05.01.2026 12:00,Worklog,05.01.2026 10:30,7,K-7\n"
    (tmp_path / "a.csv").write_text(header + row)
    log = read_log(tmp_path / "a.csv", mapping)
    assert events(log)[0].values == {"start_hour": 1.5, "package": "K-7"}
    assert "package that is there twice (1)" in notes(log)


def test_logs_of_one_name_are_joined_with_their_objects():
    one = read_log(DATA / "o01-objects.json")
    both = joined([one, one])
    assert [project.name for project in both.projects] == ["p1", "p1 (2)"]
    assert [item.id for item in both.objects] == ["o1", "o1 (2)"]
    assert both.objects[1].related == (("p1 (2)", "part of"),)
    assert both.projects[1].events[0].related == (("o1 (2)", "approves"),)


def test_a_night_shift_goes_on_after_midnight(tmp_path):
    mapping = LogMapping.model_validate({"calendar": {"day_begins": "22:00", "hours_per_day": 6}})
    times = ("2026-01-05 22:00", "2026-01-06 01:30", "2026-01-06 04:00", "2026-01-06 12:00")
    (tmp_path / "a.csv").write_text("time,activity\n" + "".join(f"{t},A\n" for t in times))
    log = read_log(tmp_path / "a.csv", mapping)
    assert [event.hour for event in events(log)] == [0.0, 3.5, 6.0, 6.0]
    assert "1 of 4 events lie outside working time" in notes(log)
