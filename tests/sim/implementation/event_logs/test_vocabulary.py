"""Every kind of event that the world notes is an activity, and says what that declares."""

from __future__ import annotations

import re
from pathlib import Path

import golive.sim.implementation as world
from golive.sim.implementation.event_logs.log import EventLog
from golive.sim.implementation.event_logs.vocabulary import ACTIVITIES

SOURCES = sorted(Path(world.__file__).parent.rglob("*.py"))
_NOTED = re.compile(r"(?:note|add)\(\s*(?:[\w.\[\]()]+,\s*)?\"([a-z]+(?:_[a-z]+)+)\"")


def test_every_kind_that_is_noted_in_the_code_is_an_activity():
    noted = {kind for source in SOURCES for kind in _NOTED.findall(source.read_text("utf-8"))}
    assert {"cutover_ready", "window_missed", "acceptance_lapsed"} <= noted
    assert noted <= set(ACTIVITIES), noted - set(ACTIVITIES)


def test_events_of_a_project_have_declared_attributes_alone(log: EventLog):
    for project in log.projects:
        for event in project.events:
            declared = ACTIVITIES[event.activity].attributes
            assert set(event.values or {}) <= set(declared), event.activity
