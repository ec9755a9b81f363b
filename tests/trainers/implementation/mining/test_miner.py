"""What is mined from logs: close to the truth, honest about what is missing, nothing latent."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.implementation.mining import MINED
from golive.core.errors import GoliveError
from golive.scenarios.implementation.parameter_file import (
    Confidence,
    load_parameter_file,
    save_parameter_file,
)
from golive.sim.implementation.event_logs.calendar import WorkingCalendar
from golive.sim.implementation.event_logs.log import EventLog, LogEvent, ProjectLog
from golive.sim.implementation.parameter_files import load_world_parameters
from golive.sim.implementation.parameters import Parameters
from golive.trainers.implementation.mining import defects
from golive.trainers.implementation.mining.history import history_of
from golive.trainers.implementation.mining.likelihood import censored_normal
from golive.trainers.implementation.mining.miner import mine, parameter_file


def test_estimates_lie_near_the_defaults_that_made_the_log(past):
    result = mine(past)
    found = {mined.estimate.parameter: mined for mined in result.estimates}
    left_out = {row.parameter for row in result.omissions}
    assert set(found) | left_out == set(MINED)
    held = sum(
        mined.estimate.low <= mined.row.value <= mined.estimate.high for mined in found.values()
    )
    assert len(found) >= 30
    assert held >= 0.8 * len(found)
    for mined in found.values():
        assert mined.estimate.low <= mined.estimate.value <= mined.estimate.high
        assert mined.row.low <= mined.value <= mined.row.high
        assert math.isfinite(mined.estimate.low)


def test_the_parameter_file_is_one_the_world_takes(past, tmp_path):
    file = parameter_file(mine(past), name="past", made_by="golive mine past.xes")
    save_parameter_file(tmp_path / "mined.yaml", file)
    assert load_world_parameters(tmp_path / "mined.yaml") == file
    estimate = load_parameter_file(tmp_path / "mined.yaml").parameters["effort_sigma_data"]
    assert estimate.confidence is Confidence.MINED
    assert "12 projects" in estimate.source
    assert estimate.observations is not None
    assert estimate.observations > 100
    save_parameter_file(tmp_path / "again.yaml", file)
    assert (tmp_path / "mined.yaml").read_bytes() == (tmp_path / "again.yaml").read_bytes()


def test_too_little_is_left_out_with_its_reason(past):
    result = mine(EventLog(past.projects[:1]))
    reasons = {row.parameter: row.reason for row in result.omissions}
    assert "at least 5 are needed" in reasons["effort_sigma_project"]
    assert "at least" in reasons["live_surface_days_critical"]
    empty = ProjectLog("empty", WorkingCalendar(), (LogEvent(0.0, "coffee", "kitchen"),))
    nothing = mine(EventLog((empty,)))
    assert not nothing.estimates
    assert {row.parameter for row in nothing.omissions} == set(MINED)
    with pytest.raises(GoliveError, match="no project"):
        mine(EventLog(()))


@pytest.fixture(scope="module")
def sound(past):
    return {row.estimate.parameter: row.estimate for row in mine(past).estimates}


def _changed(log: EventLog, activity: str, **values: float) -> EventLog:
    """A log whose first event of an activity says something else."""
    project = log.projects[0]
    at = next(i for i, event in enumerate(project.events) if event.activity == activity)
    event = replace(project.events[at], values=project.events[at].values | values)
    events = (*project.events[:at], event, *project.events[at + 1 :])
    return EventLog((replace(project, events=events), *log.projects[1:]))


@pytest.mark.parametrize(
    ("activity", "values"),
    [
        ("session", {"booked_hours": math.nan}),
        ("build_checked", {"careful": 1.0, "rushed": 1.0}),
        ("build_checked", {"removed": math.nan}),
        ("mock_load", {"rejected_technically": math.nan}),
        ("survey", {"trust": math.nan}),
    ],
)
def test_one_number_that_is_none_moves_little(past, sound, activity, values):
    found = {
        row.estimate.parameter: row.estimate
        for row in mine(_changed(past, activity, **values)).estimates
    }
    assert found.keys() == sound.keys()
    for name, estimate in found.items():
        assert estimate.value == pytest.approx(sound[name].value, rel=0.1), name


def test_defects_of_which_no_kind_is_frequent_are_left_out(past, monkeypatch):
    few = EventLog(past.projects[:2])
    sample = defects.defect_sample([history_of(project) for project in few.projects], Parameters())
    monkeypatch.setattr(defects, "LEAST_DEFECTS", int(sample.packages.found.sum()))
    reasons = {row.parameter: row.reason for row in mine(few).omissions}
    assert "defects of that kind" in reasons["defects_report"]


def test_an_estimate_outside_the_range_is_clipped_and_said(past):
    def slower(event: LogEvent) -> LogEvent:
        if event.activity != "mock_load":
            return event
        return LogEvent(
            event.hour, event.activity, event.subject, {**event.values, "rejected_technically": 0.9}
        )

    changed = tuple(
        ProjectLog(p.name, p.calendar, tuple(map(slower, p.events))) for p in past.projects
    )
    [mined] = [
        row
        for row in mine(EventLog(changed)).estimates
        if row.estimate.parameter == "technical_failure"
    ]
    assert mined.value == mined.row.high
    assert mined.estimate.value == pytest.approx(0.9)
    assert any("clipped" in warning for warning in mined.warnings)


def test_the_order_of_projects_does_not_matter(past):
    forth, back = mine(past), mine(EventLog(past.projects[::-1]))
    for one, other in zip(forth.estimates, back.estimates, strict=True):
        assert one.estimate.value == pytest.approx(other.estimate.value, rel=1e-3)


def test_nothing_latent_is_in_a_log(past):
    """A defect that is in the log was found; an effort is what was booked until then."""
    for project in past.projects:
        planned = {event.text("package"): event for event in project.of("package_planned")}
        assert all("remaining_hours" not in event.values for event in project.events)
        assert all("true" not in key for event in project.events for key in event.values)
        done = {event.text("package") for event in project.of("package_done")}
        booked = {event.text("package") for event in project.of("session")}
        assert done <= booked
        assert booked <= set(planned)


def test_censoring_is_allowed_for():
    generator = np.random.default_rng(0)
    values = generator.normal(1.0, 0.8, 4_000)
    bound = generator.normal(1.2, 0.5, 4_000)
    censored = values > bound
    project = np.arange(4_000) % 40
    design = np.ones((4_000, 1))
    fit = censored_normal(design, np.minimum(values, bound), censored, project)
    mean, low, high = fit.interval(0)
    assert low < 1.0 < high
    assert np.exp(fit.interval(1)[0]) == pytest.approx(0.8, abs=0.05)
    naive = np.minimum(values, bound)[~censored].mean()
    assert abs(mean - 1.0) < abs(naive - 1.0) / 5


def test_a_slip_of_the_pen_is_not_spread():
    generator = np.random.default_rng(1)
    values = generator.normal(0.0, 0.3, 1_000)
    values[:3] = -12.0
    never, project = np.zeros(1_000, dtype=bool), np.arange(1_000) % 20
    design = np.ones((1_000, 1))
    plain = censored_normal(design, values, never, project)
    guarded = censored_normal(design, values, never, project, guarded=True)
    assert np.exp(plain.theta[-1]) > 0.6
    assert np.exp(guarded.theta[-1]) == pytest.approx(0.3, abs=0.03)
