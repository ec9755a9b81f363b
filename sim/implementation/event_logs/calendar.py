"""Working hours since kick-off as timestamps, and back.

A working day begins at 09:00, if nothing else is said, and has ``hours_per_day`` hours; the first
``days_per_week`` days of each Monday-to-Sunday week are worked. Working time is what the clock on
the wall shows: a timestamp counts with its own offset, whatever that is. A moment on the border
of two days is the morning of the later one, except what ends a session: that is the evening of
the earlier one. Both read back as the same working hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from ....core.errors import GoliveError
from .values import wall_clock

DAY_BEGINS = time(9, 0)
DEFAULT_KICK_OFF = date(2026, 1, 5)
"""A Monday; a simulation has no date of its own."""
_MOST_DAYS = 200_000
_EPSILON_HOURS = 1e-6
_DAY_HOURS = 24.0


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days of a project.

    Args:
        kick_off: its first working day.
        hours_per_day: working hours of a day, above 0 and at most 24.
        days_per_week: working days of a week from Monday on, 1..7.
        day_begins: when a working day begins, by the clock on the wall.
        zone: of that clock, for timestamps that are made of working hours.

    Raises:
        GoliveError: a value out of range, or a kick-off on a day off.
    """

    kick_off: date = DEFAULT_KICK_OFF
    hours_per_day: float = 8.0
    days_per_week: int = 5
    day_begins: time = DAY_BEGINS
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        if not 0.0 < self.hours_per_day <= 24.0:
            raise GoliveError(f"hours_per_day: {self.hours_per_day:g}: expected above 0, up to 24")
        if not 1 <= self.days_per_week <= 7:
            raise GoliveError(f"days_per_week: {self.days_per_week}: expected 1..7")
        if self.kick_off.weekday() >= self.days_per_week:
            raise GoliveError(
                f"kick_off: {self.kick_off.isoformat()}: is a {self.kick_off:%A}: expected one of "
                f"the {self.days_per_week} working days of a week"
            )

    def to_time(self, hour: float, *, ends: bool = False) -> datetime:
        """The moment of a working hour since kick-off.

        Args:
            hour: 0 or more.
            ends: whether it ends something (an evening, not the next morning).

        Raises:
            GoliveError: a negative hour, or one more than 200,000 days ahead.
        """
        if not 0.0 <= hour <= _MOST_DAYS * self.hours_per_day:
            raise GoliveError(f"hour: {hour:g}: expected 0..{_MOST_DAYS} working days")
        day = int(hour / self.hours_per_day + _EPSILON_HOURS)
        within = max(0.0, hour - day * self.hours_per_day)
        if ends and day > 0 and within <= _EPSILON_HOURS:
            day, within = day - 1, self.hours_per_day
        begins = datetime.combine(self.day(day), self.day_begins, self.zone)
        return begins + timedelta(hours=within)

    def day(self, number: int) -> date:
        """The date of a working day, 0-based from kick-off."""
        position = self.kick_off.weekday() + number
        weeks, weekday = divmod(position, self.days_per_week)
        monday = self.kick_off - timedelta(days=self.kick_off.weekday())
        return monday + timedelta(weeks=weeks, days=weekday)

    def to_hours(self, moment: datetime) -> float:
        """Working hours from kick-off to a moment; time off counts as the end of work before it.

        A moment before kick-off is negative. Only its wall clock counts, not its offset.
        """
        day, since = self._place(moment)
        hours = self._working_days_before(day) * self.hours_per_day
        if day.weekday() >= self.days_per_week:
            return hours
        return hours + min(self.hours_per_day, max(0.0, since))

    def works_at(self, moment: datetime) -> bool:
        """True if a moment lies within the working time of a day, its ends included."""
        day, since = self._place(moment)
        return day.weekday() < self.days_per_week and (
            -_EPSILON_HOURS <= since <= self.hours_per_day + _EPSILON_HOURS
        )

    def _place(self, moment: datetime) -> tuple[date, float]:
        """The day that a moment belongs to, and the hours since that day's work began."""
        local = wall_clock(moment)
        day = local.date()
        begins = self.day_begins.hour + self.day_begins.minute / 60.0
        after_midnight = begins + self.hours_per_day > _DAY_HOURS
        if after_midnight and local.time() < self.day_begins:
            day -= timedelta(days=1)
        since = local - datetime.combine(day, self.day_begins)
        return day, since.total_seconds() / 3600.0

    def _working_days_before(self, some_day: date) -> int:
        """Working days from kick-off (included) to a date (excluded); negative before it."""
        monday = self.kick_off - timedelta(days=self.kick_off.weekday())
        weeks, weekday = divmod((some_day - monday).days, 7)
        position = weeks * self.days_per_week + min(weekday, self.days_per_week)
        return position - self.kick_off.weekday()
