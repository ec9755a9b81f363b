"""XES and OCEL 2.0: valid by their schemas, and read back as what was written.

The OCEL schema is the published one. The XSD is written by golive from the text of IEEE 1849-2016
(the file says so): it is not the file that the IEEE publishes.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from golive.sim.implementation.event_logs.files import read_log, write_log
from golive.sim.implementation.event_logs.log import EventLog, LogEvent, ProjectLog
from golive.sim.implementation.event_logs.vocabulary import ACTIVITIES, OBJECT_TYPES
from golive.sim.implementation.event_logs.xes_writer import xes_text

HERE = Path(__file__).parent
_OCEL_TYPES = {"string", "time", "integer", "float", "boolean"}


def same(one: EventLog, other: EventLog) -> bool:
    def rows(log: EventLog) -> list[tuple[object, ...]]:
        found = [
            (project.name, round(event.hour, 5), event.activity, event.subject, key, _plain(value))
            for project in log.projects
            for event in project.events
            for key, value in (event.values or {"": ""}).items()
        ]
        return sorted(found, key=str)

    return rows(one) == rows(other)


def _plain(value: object) -> object:
    return round(float(value), 5) if isinstance(value, int | float) else value


@pytest.mark.parametrize("name", ["log.xes", "log.json", "log.ocel", "log.xml", "log.sqlite"])
def test_a_log_reads_back_as_it_was(log, tmp_path, name):
    write_log(log, tmp_path / name)
    assert same(read_log(tmp_path / name), log)


def test_equal_logs_give_equal_bytes(log, tmp_path):
    for name in ("log.xes", "log.json", "log.xml", "log.sqlite"):
        write_log(log, tmp_path / name)
        write_log(read_log(tmp_path / name), tmp_path / f"again-{name}")
        assert (tmp_path / name).read_bytes() == (tmp_path / f"again-{name}").read_bytes()


def test_packed_xes_is_read(log, tmp_path):
    (tmp_path / "log.xes.gz").write_bytes(gzip.compress(xes_text(log).encode()))
    assert same(read_log(tmp_path / "log.xes.gz"), log)


def test_xes_is_valid(log, tmp_path):
    write_log(log, tmp_path / "log.xes")
    schema = etree.XMLSchema(etree.parse(HERE / "xes-by-golive.xsd"))
    schema.assertValid(etree.parse(tmp_path / "log.xes"))
    broken = xes_text(log).replace("<float ", "<flaot ", 1)
    assert not schema.validate(etree.fromstring(broken.encode()))


def test_xes_has_a_trace_per_package_and_one_for_the_project(log):
    root = etree.fromstring(xes_text(log).encode())
    space = {"x": "http://www.xes-standard.org/"}
    kinds = root.xpath("x:trace/x:string[@key='case_type']/@value", namespaces=space)
    planned = sum(len(project.of("package_planned")) for project in log.projects)
    assert kinds.count("project") == len(log.projects)
    assert kinds.count("work package") == planned
    transitions = set(
        root.xpath("//x:event/x:string[@key='lifecycle:transition']/@value", namespaces=space)
    )
    assert transitions <= {"schedule", "start", "complete", "pi_abort"}
    starts = root.xpath(
        "count(//x:event[x:string[@value='session']][x:string[@value='start']])", namespaces=space
    )
    assert starts == sum(len(project.of("session")) for project in log.projects)


def test_ocel_is_valid_by_the_published_schema(log, tmp_path):
    write_log(log, tmp_path / "log.json")
    content = json.loads((tmp_path / "log.json").read_text("utf-8"))
    schema = json.loads((HERE / "ocel20-schema-json.json").read_text("utf-8"))
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(content)


def test_ocel_relates_and_declares_what_it_holds(log, tmp_path):
    write_log(log, tmp_path / "log.json")
    content = json.loads((tmp_path / "log.json").read_text("utf-8"))
    objects = {item["id"]: item["type"] for item in content["objects"]}
    assert len(objects) == len(content["objects"])
    assert len({item["id"] for item in content["events"]}) == len(content["events"])
    assert set(objects.values()) <= set(OBJECT_TYPES)
    assert {"project", "work package", "defect", "question", "crew member"} <= set(objects.values())
    for part in ("eventTypes", "objectTypes"):
        declared = {
            row["name"]: {one["name"] for one in row["attributes"]} for row in content[part]
        }
        kinds = {one["type"] for row in content[part] for one in row["attributes"]}
        assert kinds <= _OCEL_TYPES
        items = content["events" if part == "eventTypes" else "objects"]
        for item in items:
            assert {one["name"] for one in item["attributes"]} <= declared[item["type"]]
    for item in (*content["events"], *content["objects"]):
        for link in item["relationships"]:
            assert link["objectId"] in objects
    pairs = {
        (item["type"], link["qualifier"], objects[link["objectId"]])
        for item in content["objects"]
        for link in item["relationships"]
    }
    assert ("defect", "found in", "work package") in pairs
    assert ("work package", "mends", "defect") in pairs
    assert ("question", "stops", "work package") in pairs


def test_every_recorded_attribute_is_in_the_vocabulary(log):
    for project in log.projects:
        for event in project.events:
            if event.activity in ACTIVITIES:
                assert set(event.values) <= set(ACTIVITIES[event.activity].attributes or {}), event


def test_names_that_are_no_xml_are_written_all_the_same(tmp_path):
    calendar = read_calendar()
    odd = 'a <b> & "c"\n\x00\ud800\u2028'
    event = LogEvent(1.0, "odd <one>", odd, {"a b<": odd, "n": 1.5})
    log = EventLog((ProjectLog("p & q", calendar, (event,)),))
    write_log(log, tmp_path / "log.xes")
    [project] = read_log(tmp_path / "log.xes").projects
    [back] = project.events
    assert project.name == "p & q"
    assert back.subject == 'a <b> & "c"\n\ufffd\ufffd\u2028'
    assert back.number("n") == 1.5


def test_what_a_format_spells_otherwise_is_counted(tmp_path):
    event = LogEvent(1.0, "A", "s", {"Ok": 1, "ok": 2, "ocel_id": 3, "nul": "\x00", "a b": 4})
    log = EventLog((ProjectLog("p", read_calendar(), (event,)),), attributes={"source": "x"})
    wanted = {
        "xes": ("names of attributes, which are spelled otherwise (1)", "XML cannot hold (1)"),
        "json": ("source, of the log as a whole (1)",),
        "xml": ("source, of the log as a whole (1)", "characters that XML cannot hold (1)"),
        "sqlite": ("source,", "names of attributes, which are spelled otherwise (2)"),
    }
    for ending, words in wanted.items():
        [note] = write_log(log, tmp_path / f"a.{ending}")
        assert all(word in note for word in words), note
        [back] = read_log(tmp_path / f"a.{ending}").projects[0].events
        assert [v for v in back.values.values() if isinstance(v, int)] == [1, 2, 3, 4]


def read_calendar():
    from golive.sim.implementation.event_logs.calendar import WorkingCalendar

    return WorkingCalendar()
