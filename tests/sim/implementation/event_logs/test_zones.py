"""Working time is what the clock on the wall shows, whatever its offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import cycle

import pytest

from golive.sim.implementation.event_logs.files import read_log, write_log
from golive.sim.implementation.event_logs.log import EventLog
from golive.sim.implementation.event_logs.mapping import LogMapping

STAMP = re.compile(r"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})(\+00:00|Z)")
BERLIN = LogMapping.model_validate({"calendar": {"zone": "Europe/Berlin"}})
OFFSETS = ("-05:00", "Z", "+01:00", "+02:00", "+05:30", "+14:00", "")


def hours(log: EventLog) -> list[str]:
    """Events at one hour stand in the order of their traces."""
    return sorted(
        str((project.name, project.calendar.kick_off, event.hour, event.activity, event.values))
        for project in log.projects
        for event in project.events
    )


@pytest.fixture(scope="module")
def written(log, tmp_path_factory):
    folder = tmp_path_factory.mktemp("zones")
    one = EventLog(log.projects[:1])
    for ending in ("xes", "json", "xml"):
        write_log(one, folder / f"past.{ending}")
    return folder


@pytest.mark.parametrize(
    ("ending", "offsets"),
    [("xes", OFFSETS[:1]), ("json", OFFSETS[-1:]), ("xml", OFFSETS[2:4]), ("xes", OFFSETS)],
)
def test_other_offsets_of_the_same_wall_clock_are_the_same_hours(offsets, ending, written):
    path, turn = written / f"past.{ending}", cycle(offsets)
    other = written / f"other.{ending}"
    other.write_text(STAMP.sub(lambda found: found[1] + next(turn), path.read_text("utf-8")))
    found = read_log(other)
    assert hours(found) == hours(read_log(path))
    assert not found.notes
    write_log(found, written / f"again.{ending}")
    again = read_log(written / f"again.{ending}")
    for one, two in zip(found.projects[0].events, again.projects[0].events, strict=True):
        first, second = (e.moment(found.projects[0].calendar) for e in (one, two))
        assert (first, first.utcoffset()) == (second, second.utcoffset())


@pytest.mark.parametrize("ending", ["xes", "json"])
def test_a_tool_in_berlin_that_writes_utc(ending, written):
    """09:00 there is 08:00 UTC in winter and 07:00 in summer; the log goes over into summer."""
    text = (written / f"past.{ending}").read_text("utf-8").replace("2026-01-", "2026-03-")
    naive, utc = written / f"naive.{ending}", written / f"utc.{ending}"
    naive.write_text(STAMP.sub(lambda found: found[1], text.replace("2026-02-", "2026-04-")))
    local = read_log(naive, BERLIN)
    write_log(local, written / f"local.{ending}")
    text = (written / f"local.{ending}").read_text("utf-8")
    assert "+01:00" in text
    assert "+02:00" in text

    def in_utc(found: re.Match[str]) -> str:
        return datetime.fromisoformat(found[0]).astimezone(UTC).isoformat(timespec="microseconds")

    utc.write_text(re.sub(r"2026-[-\dT:.]{21}\+0[12]:00", in_utc, text))
    assert "T07:00:00" in utc.read_text()
    assert hours(read_log(utc, BERLIN)) == hours(local)
    assert hours(read_log(written / f"local.{ending}")) == hours(local)
    assert hours(read_log(utc)) != hours(local)
