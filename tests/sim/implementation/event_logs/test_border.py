"""Twenty files for each importer, and what each must give: values, a note or a refusal."""

from __future__ import annotations

import gzip
import os
import sqlite3
from contextlib import closing

import pytest

from golive.core.errors import GoliveError
from golive.sim.implementation.event_logs import xml_stream
from golive.sim.implementation.event_logs.files import read_log, write_log
from golive.sim.implementation.event_logs.log import EventLog

AT = '<date key="time:timestamp" value="2026-01-05T10:00:00+01:00"/>'


def xes(event: str = "", trace: str = "", log: str = "", name: str = "A", at: str = AT) -> str:
    named = f'<string key="concept:name" value="{name}"/>'
    return f"<log>{log}<trace>{trace}<event>{named}{at}{event}</event></trace></log>"


def date(value: str) -> str:
    return f'<date key="time:timestamp" value="{value}"/>'


XES = [
    (xes('<int key="n" value="+007"/>'), {"n": 7}),
    (xes('<int key="n" value=" 5&#10;"/>'), {"n": 5}),
    (xes('<int key="n" value="1_000"/>'), "n with a broken int"),
    (xes('<int key="n" value="٣"/>'), "n with a broken int"),
    (xes('<int key="n" value="9223372036854775808"/>'), "more than 64 bits"),
    (xes('<int key="n" value="5.0"/>'), "n with a broken int"),
    (xes('<float key="n" value=".5e+1"/>'), {"n": 5.0}),
    (xes('<float key="n" value="nan"/>'), "n with a broken float"),
    (xes('<float key="n" value="-INF"/>'), "not finite"),
    (xes('<float key="n" value="1,5"/>'), "n with a broken float"),
    (xes('<boolean key="b" value="0"/>'), {"b": False}),
    (xes('<boolean key="b" value="yes"/>'), "b with a broken boolean"),
    (xes('<date key="d" value="2026-13-01"/>'), "d with a broken time"),
    (xes('<date key="d" value="1066-01-01"/>'), "d with a time that is not of 1900 to 2200"),
    (xes('<id key="i" value="x"/>'), {"i": "x"}),
    (xes('<string key="k" value="1"/><string key="k" value="2"/>'), "k that is there twice"),
    (xes('<string key="k" value="1"><int key="m" value="2"/></string>'), "nested int"),
    (xes(log='<list key="l"><values/></list>'), "nested list"),
    (xes(at=date("2026-01-05T24:00:00+01:00")), {}),
    (xes(at=date("2026-01-05T10:00:00+25:00")), "error: expected a timestamp"),
    (xes(at=""), "error: time:timestamp is missing"),
    (xes(trace='<float key="a" value="x"/>'), "a with a broken float"),
    ("<log><event/></log>", "error: concept:name is missing"),
    ("<log><trace></log>", "error: not valid XML"),
    (f"<log>{'<trace>' * 120}", "error: nested too deeply"),
    ("<!DOCTYPE log [<!ENTITY a 'b'>]><log>&a;</log>", "error: document type"),
    ('<?xml version="1.0" encoding="punycode"?><log/>', "error: not"),
]


def ocel(attributes: str = "", kinds: str = "", objects: str = "", more: str = "") -> str:
    return (
        f'{{"eventTypes": [{{"name": "A", "attributes": [{kinds}]}}], "objectTypes": [],'
        f' "objects": [{objects}], "events": [{{"id": "1", "type": "A",'
        f' "time": "2026-01-05T10:00:00Z", "attributes": [{attributes}]{more}}}]}}'
    )


def typed(kind: str, value: str) -> str:
    return ocel(f'{{"name": "v", "value": {value}}}', f'{{"name": "v", "type": "{kind}"}}')


JSON = [
    (typed("boolean", "true"), {"v": True}),
    (typed("boolean", '"1"'), {"v": True}),
    (typed("boolean", "1"), "v with a broken boolean"),
    (typed("boolean", '"TRUE"'), "v with a broken boolean"),
    (typed("integer", "5.0"), {"v": 5}),
    (typed("integer", "5.5"), "v with a broken integer"),
    (typed("integer", '"0x10"'), "v with a broken integer"),
    (typed("float", '"INF"'), "v with a number that is not finite"),
    (typed("float", '"1e5"'), {"v": 1e5}),
    (typed("float", "true"), "v with a broken float"),
    (typed("time", '"2026-02-30"'), "v with a broken time"),
    (typed("string", '"\\ud800x"'), {"v": "\ufffdx"}),
    (typed("string", "null"), {}),
    (typed("string", "{}"), "v with a value of another type"),
    (typed("string", "1" * 5_000), "v with a number of more than 64 bits"),
    (ocel("3"), "attributes without a name (1)"),
    (ocel(objects='{"id": 3, "type": "x"}'), "objects without id or type (1)"),
    (ocel(more=', "relationships": [{"objectId": "none"}]'), "objects that are not there (1)"),
    (ocel(more=', "relationships": {}'), "relations that are no list (1)"),
    (ocel(objects='{"id": "a", "type": "x"}, {"id": "a", "type": "y"}'), "whose id another has"),
    ("{}", "error: eventTypes: expected a list"),
    ('{"a": ' * 50_000, "error: nested too deeply"),
    ("\ufeff{}", "error: "),
    ("nul", "error: not valid JSON"),
    (b'{"a": "\xed\xa0\x80"}', "error: expected a text file encoded in UTF-8"),
    (typed("string", '"\\udc00"').encode("utf-16"), {"v": "\ufffd"}),
]


def xml(attributes: str = "", kinds: str = "", objects: str = "", links: str = "") -> str:
    return (
        f'<log><object-types/><event-types><event-type name="A"><attributes>{kinds}</attributes>'
        f"</event-type></event-types><objects>{objects}</objects><events>"
        f'<event id="1" type="A" time="2026-01-05T10:00:00Z"><attributes>{attributes}</attributes>'
        f"<objects>{links}</objects></event></events></log>"
    )


def element(kind: str, value: str) -> str:
    return xml(f'<attribute name="v">{value}</attribute>', f'<attribute name="v" type="{kind}"/>')


XML = [
    (element("boolean", " true "), {"v": True}),
    (element("boolean", "True"), "v with a broken boolean"),
    (element("integer", "12"), {"v": 12}),
    (element("integer", ""), "v with a broken integer"),
    (element("integer", "9" * 30), "v with a number of more than 64 bits"),
    (element("float", "NaN"), "v with a number that is not finite"),
    (element("float", "1.5"), {"v": 1.5}),
    (element("string", "a &lt; b<!-- c -->!"), {"v": "a < b!"}),
    (element("string", "<![CDATA[<x>]]>"), {"v": "<x>"}),
    (element("time", "soon"), "v with a broken time"),
    (element("odd", "7"), {"v": "7"}),
    (xml("<attribute>7</attribute>"), "attributes without a name (1)"),
    (xml(objects='<object id="a"/>'), "objects without id or type (1)"),
    (xml(links='<relationship object-id="b" qualifier="q"/>'), "that are not there (1)"),
    (xml(objects='<object id="a" type="t"/>', links='<relobj object-id="a"/>'), {}),
    (xml().replace(' time="2026-01-05T10:00:00Z"', ""), "error: events[0].time"),
    (xml().replace("<object-types/>", ""), "error: <object-types> is missing"),
    (xes(), "error: expected OCEL 2.0 (XES ends in .xes)"),
    (xml()[:-20], "error: not valid XML"),
    ("<!DOCTYPE log><log/>", "error: document type"),
    ('<?xml version="1.0" encoding="Shift_JIS"?><log/>', "error: not readable XML"),
    ("<ocel/>", "error: expected an OCEL 2.0 <log>"),
]

HEAD = "project,time,activity,v\n"
CSV = [
    (f"{HEAD}P,2026-01-05T10:00:00Z,A,007\n", {"v": "007"}),
    (f"{HEAD}P,2026-01-05T10:00:00Z,A,1.10\n", {"v": "1.10"}),
    (f"{HEAD}P,2026-01-05T10:00:00Z,A,1.5\n", {"v": 1.5}),
    (f"{HEAD}P,2026-01-05T10:00:00Z,A,-3\n", {"v": -3}),
    (f"{HEAD}P,2026-01-05T10:00:00Z,A,1_0\n", {"v": "1_0"}),
    (f"{HEAD}P,2026-01-05T10:00:00Z,A,nan\n", {"v": "nan"}),
    (f"{HEAD}P,2026-01-05T10:00:00Z,A,{'9' * 5_000}\n", {"v": "9" * 5_000}),
    (f"{HEAD}P,2026-01-05T10:00:00Z,A,9223372036854775808\n", {"v": "9223372036854775808"}),
    (f"{HEAD}P,2026-01-05T10:00:00Z,A,\n", {}),
    (f'{HEAD}P,2026-01-05T10:00:00Z,A,"a\n""b"""\n', {"v": 'a\n"b"'}),
    (f"\ufeff{HEAD}P,2026-01-05T10:00:00Z,A,é\n", {"v": "é"}),
    (f"{HEAD}P,2026-01-05T10:00:00Z,A,x\r\n\r\n".replace("\n", "\r\n"), {"v": "x"}),
    (f"{HEAD}P,2026-W02-1,A,x\n", {"v": "x"}),
    (f"{HEAD}P,2026-01-05 24:00,A,x\n", "error: expected a time"),
    (f"{HEAD}P,05.01.2026,A,x\n", "error: :2: time: '05.01.2026': expected a time (ISO 8601)"),
    (f"{HEAD}P,1899-12-31,A,x\n", "error: expected a time"),
    (f"{HEAD}P,2026-01-05,\t,x\n", "error: activity: ''"),
    (f"{HEAD}P,2026-01-05,A\n", "error: 3 fields: expected 4"),
    (f"{HEAD}P,2026-01-05,A,x,\n", "error: 5 fields: expected 4"),
    ("time;activity\n2026-01-05;A\n", "error: no such column"),
    ("\x1b[31m,activity\n", "error: expected one of \ufffd[31m"),
    (f"{HEAD}P,2026-01-05,A,{'x' * 1_000_001}\n", "error: not a CSV file"),
]


def refused_or_read(path) -> EventLog | str:
    try:
        return read_log(path)
    except GoliveError as error:
        assert str(error).startswith(str(path))
        assert str(error).isprintable()
        return str(error)


@pytest.mark.parametrize(
    ("ending", "content", "expected"),
    [
        (ending, content, expected)
        for ending, table in (("xes", XES), ("json", JSON), ("xml", XML), ("csv", CSV))
        for content, expected in table
    ],
)
def test_a_file_gives_what_it_must(ending, content, expected, tmp_path):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    log = refused_or_read(path)
    if isinstance(expected, str) and expected.startswith("error: "):
        assert isinstance(log, str), log.projects
        assert expected.removeprefix("error: ") in log
        return
    assert isinstance(log, EventLog), log
    [event] = log.projects[0].events
    if isinstance(expected, dict):
        assert event.values == expected
        assert [type(v) for v in event.values.values() if v != "x"] == [
            type(v) for v in expected.values() if v != "x"
        ]
        assert not any("left out" in note for note in log.notes)
    else:
        assert expected in "\n".join(log.notes)


# -- SQLite ------------------------------------------------------------------------------------


@pytest.fixture
def tables(tmp_path):
    """A sound file, as a script of SQL that tests change."""
    (tmp_path / "seed.json").write_text(
        ocel(
            '{"name": "v", "value": "true"}, {"name": "n", "value": "7"}',
            '{"name": "v", "type": "boolean"}, {"name": "n", "type": "integer"}',
            '{"id": "o", "type": "order", "attributes": [{"name": "c", "value": "x"}]}',
            ', "relationships": [{"objectId": "o", "qualifier": "q"}]',
        )
    )
    write_log(read_log(tmp_path / "seed.json"), tmp_path / "seed.sqlite")
    with closing(sqlite3.connect(tmp_path / "seed.sqlite")) as connection:
        return "\n".join(connection.iterdump())


SQL = [
    ("SELECT 1", {"v": True, "n": 7}),
    ("UPDATE event_A SET v = 0", {"v": False, "n": 7}),
    ("UPDATE event_A SET v = 'True'", "v with a broken boolean"),
    ("UPDATE event_A SET v = NULL, n = NULL", {}),
    ("UPDATE event_A SET n = 7.5", "n with a broken integer"),
    ("UPDATE event_A SET n = 9e999", "n with a broken integer"),
    ("UPDATE event_A SET n = x'00ff'", "n with a value of another type"),
    ("UPDATE event_A SET n = 'seven'", "n with a broken integer"),
    ("UPDATE event_A SET ocel_time = 'soon'", "error: events[0].time: 'soon'"),
    ("UPDATE event_A SET ocel_time = 5", "error: events[0].time: 5"),
    ("DELETE FROM event_A", "error: events[0].time: None"),
    ("UPDATE event_object SET ocel_object_id = 'x'", "objects that are not there (2)"),
    ("UPDATE event_object SET ocel_event_id = 'x'", "error: event_object: 'x': is not there"),
    ("DELETE FROM event_map_type", "error: events[0].time: None"),
    ("UPDATE event_map_type SET ocel_type_map = 'B'", "error: table 'event_B' is missing"),
    ("DROP TABLE object_object", "error: table 'object_object' is missing"),
    ("ALTER TABLE event RENAME COLUMN ocel_type TO kind", "error: cannot be read as SQLite"),
    ("ALTER TABLE object_order RENAME COLUMN ocel_time TO t", {"v": True, "n": 7}),
    ("ALTER TABLE event_A RENAME COLUMN ocel_time TO t", "error: events[0].time: None"),
    ("DELETE FROM event", "error: event_object"),
    ("UPDATE event SET ocel_id = x'ff'", "error: event_object"),
    ("UPDATE object SET ocel_type = 'x'", {"v": True, "n": 7}),
    ("DROP TABLE event_A; CREATE VIEW event_A AS SELECT 1", "error: table 'event_A' is missing"),
    (
        "DROP TABLE event_A; CREATE TABLE event_A (ocel_id, ocel_time,"
        " v AS (upper('x')));"
        "INSERT INTO event_A VALUES ('e1', '2026-01-05T10:00:00Z')",
        {},
    ),
    (
        "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM object; END",
        {"v": True, "n": 7},
    ),
    (
        "DROP TABLE event_A; CREATE VIRTUAL TABLE event_A USING fts5(ocel_id, ocel_time)",
        "error: table 'event_A' is missing",
    ),
]


@pytest.mark.parametrize(("change", "expected"), SQL)
def test_a_database_gives_what_it_must(change, expected, tables, tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(tables)
        connection.executescript(change)
    before = path.read_bytes()
    log = refused_or_read(path)
    assert path.read_bytes() == before
    assert {entry.name for entry in tmp_path.iterdir()} == {"a.sqlite", "seed.json", "seed.sqlite"}
    if isinstance(expected, str) and expected.startswith("error: "):
        assert isinstance(log, str), log.projects
        assert expected.removeprefix("error: ") in log
    elif isinstance(expected, dict):
        assert isinstance(log, EventLog), log
        assert log.projects[0].events[0].values == expected
    else:
        assert isinstance(log, EventLog), log
        assert expected in "\n".join(log.notes)


def test_a_database_that_is_being_written_is_refused(tables, tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(tables)
        assert "close the tool that writes it" in refused_or_read(path)
    (tmp_path / "text.sqlite").write_text("no database")
    assert "not an SQLite file" in refused_or_read(tmp_path / "text.sqlite")


# -- what has no end ---------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["xes", "xes.gz", "json", "xml", "sqlite", "csv", "parquet"])
def test_a_pipe_or_a_device_is_refused(ending, tmp_path):
    os.mkfifo(tmp_path / f"pipe.{ending}")
    (tmp_path / f"zero.{ending}").symlink_to("/dev/zero")
    (tmp_path / f"folder.{ending}").mkdir()
    found = {"pipe": "a pipe", "zero": "something that is not a file", "folder": "a directory"}
    for name, words in found.items():
        said = refused_or_read(tmp_path / f"{name}.{ending}")
        assert f"found {words}" in said


def test_packed_bombs_are_refused_before_they_are_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(xml_stream, "_FREE_BYTES", 1 << 20)
    monkeypatch.setattr(xml_stream, "_LONGEST_PIECE", 2 << 20)
    path = tmp_path / "a.xes.gz"
    path.write_bytes(gzip.compress(b"<log>" + b" " * (8 << 20) + b"</log>"))
    assert "400 times its size" in refused_or_read(path)
    plain = tmp_path / "a.xes"
    plain.write_bytes(b'<log><string key="' + b"x" * (8 << 20) + b'" value=""/></log>')
    assert "a tag without end" in refused_or_read(plain)
