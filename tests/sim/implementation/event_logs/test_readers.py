"""Other tools' logs are read leniently; what is broken is refused in one line with its place."""

from __future__ import annotations

import json

import pytest

from golive.core.errors import GoliveError
from golive.sim.implementation.event_logs.files import read_log, write_log
from golive.sim.implementation.event_logs.log import joined
from golive.sim.implementation.event_logs.mapping import load_mapping

XES = """<?xml version="1.0"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <string key="source" value="another tool"><string key="nested" value="x"/></string>
  <trace>
    <string key="concept:name" value="Roll-out A"/>
    <event>
      <string key="concept:name" value="Question raised"/>
      <date key="time:timestamp" value="2026-01-05T10:00:00+01:00"/>
      <string key="Ticket" value="17"/>
      <list key="tags"><values><string key="t" value="x"/></values></list>
    </event>
    <event>
      <string key="concept:name" value="Coffee"/>
      <date key="time:timestamp" value="2026-01-06T09:00:00Z"/>
      <string key="lifecycle:transition" value="complete"/>
      <int key="cups" value="many"/>
    </event>
  </trace>
</log>
"""
MAPPING = """\
golive_mapping: 1
columns: {time: When, activity: What, project: Project, subject: Ticket name}
calendar: {hours_per_day: 8, days_per_week: 5}
activities: {Question raised: question, Question closed: answer}
attributes: {Ticket: package, Asked: asked_hour, Stream: workstream}
values: {workstream: {Dev: customisation}}
facts: {complexity: 7, delivery: conventional}
"""
CSV = """\
Project,When,What,Ticket name,Ticket,Stream
A,2026-01-05 09:00,Question raised,Chart of accounts,17,Dev
A,2026-01-06 11:00,Question closed,Chart of accounts,17,
B,2026-02-02 09:00,Coffee,Kitchen,,
"""
OCEL = {
    "objectTypes": [{"name": "project", "attributes": []}],
    "eventTypes": [
        {"name": "question", "attributes": [{"name": "load", "type": "float"}]},
    ],
    "objects": [{"id": "A", "type": "project"}],
    "events": [
        {
            "id": "1",
            "type": "question",
            "time": "2026-01-05T09:00:00Z",
            "attributes": [{"name": "load", "value": 0.5}, {"name": "other", "value": None}],
            "relationships": [{"objectId": "A", "qualifier": ""}],
        }
    ],
}


def put(tmp_path, name, content):
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, "utf-8")
    return path


@pytest.fixture
def mapping(tmp_path):
    return load_mapping(put(tmp_path, "mapping.yaml", MAPPING))


def test_xes_of_another_tool_is_mapped_and_what_is_unknown_listed(tmp_path, mapping):
    log = read_log(put(tmp_path, "other.xes", XES), mapping)
    [project] = log.projects
    assert project.name == "Roll-out A"
    start, question, coffee = project.events
    assert start.activity == "kick_off"
    assert start.number("complexity") == 7.0
    assert (question.activity, question.text("package"), question.hour) == ("question", "17", 1.0)
    assert (coffee.activity, coffee.hour) == ("Coffee", 8.0)
    notes = "\n".join(log.notes)
    for words in ("Coffee (1)", "nested list", "cups with a broken int"):
        assert words in notes


def test_csv_of_another_tool_is_mapped(tmp_path, mapping):
    log = read_log(put(tmp_path, "other.csv", CSV), mapping)
    assert [project.name for project in log.projects] == ["A", "B"]
    question, answer = log.projects[0].of("question", "answer")
    assert question.text("workstream") == "customisation"
    assert "workstream" not in answer.values
    assert answer.hour == 10.0


def test_ocel_of_another_tool_may_have_numbers_as_values(tmp_path):
    log = read_log(put(tmp_path, "other.json", OCEL))
    [project] = log.projects
    assert project.name == "A"
    assert project.events[0].number("load") == 0.5


BOMB = '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaa">]><log xes.version="1.0">&a;</log>'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xes", "", "no element found"),
        ("a.xes", XES[: len(XES) // 2], ":9: not valid XML"),
        ("a.xes", BOMB, "document type or an entity"),
        ("a.xes", "<html/>", "expected an XES <log>"),
        ("a.xes", '<log xes.version="1.0"/>', "holds no event"),
        ("a.xes", "<log>" + "<a>" * 200, "nested too deeply"),
        ("a.xes", XES.replace("2026-01-05T10:00:00+01:00", "yesterday"), ":8: time:timestamp"),
        ("a.xes", XES.replace("2026-01-05T10", "0001-01-05T10"), ":8: time:timestamp"),
        ("a.xes", XES.replace('key="concept:name" value="Coffee"', 'key="x" value="y"'), ":12"),
        ("a.xes", XES.replace('key="Ticket" ', ""), "expected a key and a value"),
        ("a.xes.gz", b"\x1f\x8b\x08\x00broken", "cannot be read"),
        ("a.json", "", "not valid JSON"),
        ("a.json", "[]", "expected a mapping"),
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", b"\xff\xfe\x00", "UTF-8"),
        ("a.json", {"events": []}, "eventTypes: expected a list"),
        ("a.json", {**OCEL, "events": []}, "holds no event"),
        ("a.json", {**OCEL, "events": [3]}, "events[0]: expected a mapping"),
        ("a.json", {**OCEL, "events": [{"id": "1", "type": "x"}]}, "events[0].time: None"),
        ("a.json", {**OCEL, "events": [{"id": "1", "type": "x", "time": "?"}]}, "expected a time"),
        ("a.csv", "", "the file is empty"),
        ("a.csv", "tme,activity\n", "did you mean 'tme'?"),
        ("a.csv", "time,activity\n", "holds no event"),
        ("a.csv", "time,activity\n2026-01-05,x,y\n", ":2: 3 fields: expected 2"),
        ("a.csv", "time,activity\nsoon,x\n", ":2: time: 'soon'"),
        ("a.csv", "time,activity\n2026-01-05,\n", ":2: activity: ''"),
        ("a.csv", "time,activity,time\n", "there twice"),
        ("a.csv", b"\xff\xfe", "UTF-8"),
        ("a.csv", 'time,activity\n"' + "x" * 1_100_000, "not a CSV file"),
        ("a.parquet", "no", "not a Parquet file"),
        ("a.txt", "no", "expected a name that ends in"),
    ],
)
def test_what_is_broken_is_refused_in_one_line(tmp_path, name, content, said):
    path = put(tmp_path, name, content)
    with pytest.raises(GoliveError) as error:
        read_log(path)
    assert said in str(error.value)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["none.xes", "none.json", "none.csv", "none.parquet"])
def test_a_missing_file_is_said(tmp_path, name):
    with pytest.raises(GoliveError, match="there is no such file"):
        read_log(tmp_path / name)


def test_half_a_projects_parquet_is_refused(tmp_path):
    import polars as pl

    frame = pl.DataFrame({"time_hours": [1.0], "kind": ["x"], "subject": ["y"], "values": ["{}"]})
    frame.write_parquet(tmp_path / "half.parquet")
    with pytest.raises(GoliveError, match="no kick_off"):
        read_log(tmp_path / "half.parquet")
    frame.rename({"kind": "sort"}).write_parquet(tmp_path / "other.parquet")
    with pytest.raises(GoliveError, match="'kind' is missing"):
        read_log(tmp_path / "other.parquet")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("golive_mapping: 1", "name: x", "golive_mapping"),
        ("question,", "qestion,", "Question raised: 'qestion'"),
        ("Ticket: package", "Ticket: pakage", "Ticket: 'pakage'"),
        ("values: {workstream", "values: {stream", "values: stream"),
        ("facts: {complexity", "facts: {complex", "facts: complex"),
        ("hours_per_day: 8", "hours_per_day: 80", "hours_per_day: 80"),
        ("columns:", "colums:", "did you mean columns?"),
    ],
)
def test_a_broken_mapping_is_refused_with_its_place(tmp_path, right, wrong, said):
    assert right in MAPPING
    with pytest.raises(GoliveError) as error:
        load_mapping(put(tmp_path, "mapping.yaml", MAPPING.replace(right, wrong)))
    assert said in str(error.value)
    assert "mapping.yaml:" in str(error.value)


def test_two_logs_at_once_keep_their_projects_apart(log):
    both = joined([log, log])
    names = [project.name for project in both.projects]
    assert len(set(names)) == 2 * len(log.projects)


def test_nothing_is_written_where_it_cannot_be(log, tmp_path):
    for name in ("no/log.xes", "log.csv"):
        with pytest.raises(GoliveError):
            write_log(log, tmp_path / name)
    assert not list(tmp_path.iterdir())
