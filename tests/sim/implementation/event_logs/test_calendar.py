"""Working hours become timestamps and come back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.core.errors import GoliveError
from golive.sim.implementation.event_logs.calendar import WorkingCalendar


def test_the_first_hour_is_nine_and_weekends_are_skipped():
    calendar = WorkingCalendar(date(2026, 1, 5))
    assert calendar.to_time(0.0) == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert calendar.to_time(8.0) == datetime(2026, 1, 6, 9, tzinfo=UTC)
    assert calendar.to_time(8.0, ends=True) == datetime(2026, 1, 5, 17, tzinfo=UTC)
    assert calendar.to_time(40.0) == datetime(2026, 1, 12, 9, tzinfo=UTC)
    assert calendar.to_time(40.0, ends=True) == datetime(2026, 1, 9, 17, tzinfo=UTC)


@given(
    hour=st.floats(0.0, 5_000.0),
    hours_per_day=st.sampled_from([1.0, 7.5, 8.0, 10.0, 16.0, 24.0]),
    days_per_week=st.integers(1, 7),
    shift=st.integers(0, 6),
    ends=st.booleans(),
)
def test_every_hour_reads_back(hour, hours_per_day, days_per_week, shift, ends):
    kick_off = date(2026, 1, 5 + shift % days_per_week)
    calendar = WorkingCalendar(kick_off, hours_per_day, days_per_week)
    moment = calendar.to_time(hour, ends=ends)
    assert moment.weekday() < days_per_week or hours_per_day > 15.0
    assert calendar.to_hours(moment) == pytest.approx(hour, abs=2e-6)


def test_time_off_is_the_end_of_the_work_before_it():
    calendar = WorkingCalendar(date(2026, 1, 5))
    assert calendar.to_hours(datetime(2026, 1, 10, 12, tzinfo=UTC)) == 40.0
    assert calendar.to_hours(datetime(2026, 1, 5, 23)) == 8.0
    assert calendar.to_hours(datetime(2026, 1, 6, 3)) == 8.0
    assert calendar.to_hours(datetime(2026, 1, 2, 12)) < 0.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((date(2026, 1, 10),), "is a Saturday"),
        ((date(2026, 1, 5), 0.0), "hours_per_day: 0"),
        ((date(2026, 1, 5), 25.0), "hours_per_day: 25"),
        ((date(2026, 1, 5), 8.0, 8), "days_per_week: 8"),
    ],
)
def test_what_cannot_be_a_calendar_is_refused(arguments, said):
    with pytest.raises(GoliveError, match=said):
        WorkingCalendar(*arguments)


@pytest.mark.parametrize("hour", [-1.0, float("nan"), float("inf")])
def test_hours_out_of_range_are_refused(hour):
    with pytest.raises(GoliveError, match="hour"):
        WorkingCalendar().to_time(hour)
