"""Files that chance has spoiled: read, or refused in one line, and what was read can be written."""

from __future__ import annotations

import gzip
import io
import json
import math
import warnings

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from golive.core.errors import GoliveError
from golive.sim.implementation.event_logs.files import read_log, write_log
from golive.sim.implementation.event_logs.log import EventLog
from golive.trainers.implementation.mining.miner import mine

XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/"><string key="source" value="x"/>
<trace><string key="concept:name" value="P/1 a"/><string key="project" value="P"/>
<string key="case_type" value="work package"/><float key="amount" value="1.5"/>
<event><string key="concept:name" value="session"/>
<string key="lifecycle:transition" value="start"/>
<date key="time:timestamp" value="2026-01-05T09:00:00.000+01:00"/></event>
<event><string key="concept:name" value="session"/><id key="i" value="4"/>
<date key="time:timestamp" value="2026-01-05T12:00:00Z"/><int key="package" value="1"/>
<float key="booked_hours" value="3.0"/><date key="start_hour" value="2026-01-05T09:00:00+01:00"/>
<boolean key="late" value="true"/><string key="org:resource" value="A"/></event>
</trace></log>
"""
OCEL = {
    "objectTypes": [
        {"name": "project", "attributes": []},
        {"name": "order", "attributes": [{"name": "price", "type": "float"}]},
    ],
    "eventTypes": [
        {
            "name": "question",
            "attributes": [
                {"name": "load", "type": "float"},
                {"name": "n", "type": "integer"},
                {"name": "b", "type": "boolean"},
                {"name": "t", "type": "time"},
            ],
        }
    ],
    "objects": [
        {"id": "A", "type": "project"},
        {
            "id": "o",
            "type": "order",
            "attributes": [{"name": "price", "value": "9.5", "time": "1970-01-01T00:00:00Z"}],
            "relationships": [{"objectId": "A", "qualifier": "of"}],
        },
    ],
    "events": [
        {
            "id": "1",
            "type": "question",
            "time": "2026-01-05T09:00:00+01:00",
            "attributes": [
                {"name": "load", "value": 0.5},
                {"name": "n", "value": "7"},
                {"name": "b", "value": "true"},
                {"name": "t", "value": "2026-01-05T09:00:00Z"},
                {"name": "package", "value": "12"},
            ],
            "relationships": [
                {"objectId": "A", "qualifier": "in"},
                {"objectId": "o", "qualifier": "about"},
            ],
        }
    ],
}
CSV = """\
project,time,activity,subject,package,booked_hours,start_hour,Note
P,2026-01-05T10:00:00+02:00,session,a,7,8.5,2026-01-05T09:00:00+02:00,"x, y"
P,2026-01-06 10:00,package_planned,b,007,,,"two
lines"
"""
VALUES = ['{"hours_per_day": 8.0, "days_per_week": 5}', '{"package": 1, "booked_hours": 2.5}']
WORDS = [
    *("NaN", "INF", "-INF", "Infinity", "1e999", "-1e308", "1" * 400, "1" * 5_000, "0x10", "1_0"),
    *("null", "true", "True", "{}", "[]", '""', "[" * 2_000, "\\ud800", "\\u0000", "\\u202e"),
    *("1e-320", "-0.0", "9223372036854775808", "2026-02-30", "24:00:00", "T24:00:00", "+25:00"),
    *("+14:30", "0001-01-01", "9999-12-31T23:59:59-14:00", "1900-01-01", "2199-12-31", "Z"),
    *("<", ">", "&", "&amp;", "&#0;", "&x;", "<!DOCTYPE a>", "<![CDATA[x]]>", "<!--", "</log>"),
    *('"', "'", ",", ";", "\n", "\r", "\x00", "\ufeff", "\u2028", "\xff", "é", "😀", " ", ""),
    *("session", "kick_off", "go_live", "closed", "package_done", "defect_found", "mock_load"),
    *("project", "case", "concept:name", "time:timestamp", "hours_per_day", "days_per_week"),
    *('encoding="GB2312"', 'encoding="hex"', 'encoding="utf-16"', "subject", "ocel_id", "SELECT"),
]


def _sqlite(folder) -> bytes:
    log = read_log(_put(folder, "seed.json", json.dumps(OCEL).encode()))
    write_log(log, folder / "seed.sqlite")
    return (folder / "seed.sqlite").read_bytes()


def _xml(folder) -> bytes:
    log = read_log(_put(folder, "seed.json", json.dumps(OCEL).encode()))
    write_log(log, folder / "seed.xml")
    text = (folder / "seed.xml").read_text("utf-8")
    return "\n".join(line.strip() for line in text.splitlines()).encode()


def _parquet(_folder) -> bytes:
    columns = {"time_hours": [0.0, 3.0], "kind": ["kick_off", "session"], "subject": ["p", "s"]}
    stream = io.BytesIO()
    pl.DataFrame({**columns, "values": VALUES}).write_parquet(stream, compression="uncompressed")
    return stream.getvalue()


SEEDS = {
    "log.xes": lambda _: XES.encode(),
    "log.xes.gz": lambda _: gzip.compress(XES.encode(), mtime=0),
    "log.json": lambda _: json.dumps(OCEL).encode(),
    "log.xml": _xml,
    "log.sqlite": _sqlite,
    "log.csv": lambda _: CSV.encode(),
    "log.parquet": _parquet,
}
EDITS = st.lists(
    st.tuples(
        st.sampled_from("irdsb"),
        st.floats(0.0, 1.0, exclude_max=True),
        st.floats(0.0, 1.0, exclude_max=True),
        st.sampled_from(WORDS),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=5,
)


def _put(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


def spoiled(data: bytes, edits) -> bytes:
    """Data with words put in, put in the place of a token, cut out, moved; bytes changed."""
    for kind, where, other, word, byte in edits:
        at, size = int(where * len(data)), int(other * 40)
        text = word.encode("utf-8", "surrogatepass")
        if kind == "i":
            data = data[:at] + text + data[at:]
        elif kind == "r":  # what stands between two quotes or commas
            start = max(data.rfind(sign, 0, at) for sign in (b'"', b",", b">", b"\n")) + 1
            ends = [p for sign in (b'"', b",", b"<", b"\n") if (p := data.find(sign, start)) >= 0]
            data = data[:start] + text + data[min(ends, default=start) :]
        elif kind == "d":
            data = data[:at] + data[at + size :]
        elif kind == "s":
            to = int(other * len(data))
            data = data[:to] + data[at : at + 60] + data[to:]
        elif data:
            data = data[:at] + bytes([byte]) + data[at + 1 :]
    return data


def check(path) -> EventLog | None:
    """Read a file, write what it held in every format, and mine it."""
    try:
        log = read_log(path)
    except GoliveError as error:
        assert "\n" not in str(error)
        assert str(error).startswith(str(path))
        return None
    for note in log.notes:
        assert note.isprintable(), note
    values = [v for p in log.projects for e in p.events for v in (e.hour, *e.values.values())]
    assert all(math.isfinite(v) for v in values if isinstance(v, int | float))
    for name in ("out.xes", "out.json", "out.xml", "out.sqlite"):
        target = path.with_name(name)
        try:
            write_log(log, target)
        except GoliveError as error:
            assert name == "out.sqlite", error
            continue
        again = read_log(target)
        assert again.event_count == log.event_count, name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of numbers at the border of floats
        mine(log)
    return log


@pytest.mark.parametrize("name", list(SEEDS))
def test_the_seeds_are_read_without_loss(name, tmp_path):
    log = check(_put(tmp_path, name, SEEDS[name](tmp_path)))
    assert log is not None
    assert not any("left out" in note for note in log.notes)


@pytest.mark.parametrize("name", list(SEEDS))
def test_what_chance_has_spoiled_is_read_or_refused(name, tmp_path):
    run(name, tmp_path, 40)


@pytest.mark.nightly
@pytest.mark.parametrize("name", list(SEEDS))
def test_a_hundred_thousand_spoiled_files(name, tmp_path):
    run(name, tmp_path, 17_000)


def run(name, folder, examples):
    seed = SEEDS[name](folder)
    if name == "log.parquet":  # each is read by a process of its own
        examples //= 10

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(EDITS)
    def spoil(edits):
        check(_put(folder, name, spoiled(seed, edits)))

    spoil()
