"""Working hours since kick-off as timestamps, and back.

A working day begins at 09:00 and has ``hours_per_day`` hours; the first ``days_per_week`` days of
each Monday-to-Sunday week are worked. Timestamps are UTC, which stands for the local time of the
project. A moment on the border of two days is the morning of the later one, except what ends a
session: that is the evening of the earlier one. Both read back as the same working hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ....core.errors import GoliveError

DAY_BEGINS = time(9, 0)
DEFAULT_KICK_OFF = date(2026, 1, 5)
"""A Monday; a simulation has no date of its own."""
_MOST_DAYS = 100_000
_EPSILON_HOURS = 1e-6


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days of a project.

    Args:
        kick_off: its first working day.
        hours_per_day: working hours of a day, above 0 and at most 24.
        days_per_week: working days of a week from Monday on, 1..7.

    Raises:
        GoliveError: a value out of range, or a kick-off on a day off.
    """

    kick_off: date = DEFAULT_KICK_OFF
    hours_per_day: float = 8.0
    days_per_week: int = 5

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
            GoliveError: a negative hour, or one more than 100,000 days ahead.
        """
        if not 0.0 <= hour <= _MOST_DAYS * self.hours_per_day:
            raise GoliveError(f"hour: {hour:g}: expected 0..{_MOST_DAYS} working days")
        day = int(hour / self.hours_per_day + _EPSILON_HOURS)
        within = max(0.0, hour - day * self.hours_per_day)
        if ends and day > 0 and within <= _EPSILON_HOURS:
            day, within = day - 1, self.hours_per_day
        begins = datetime.combine(self.day(day), DAY_BEGINS, UTC)
        return begins + timedelta(hours=within)

    def day(self, number: int) -> date:
        """The date of a working day, 0-based from kick-off."""
        position = self.kick_off.weekday() + number
        weeks, weekday = divmod(position, self.days_per_week)
        monday = self.kick_off - timedelta(days=self.kick_off.weekday())
        return monday + timedelta(weeks=weeks, days=weekday)

    def to_hours(self, moment: datetime) -> float:
        """Working hours from kick-off to a moment; time off counts as the end of work before it.

        A moment before kick-off is negative. A moment without a zone is taken as it stands.
        """
        local = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
        if local.time() < DAY_BEGINS and self.hours_per_day > 15.0:
            local_day = local.date() - timedelta(days=1)  # a day that goes on after midnight
        else:
            local_day = local.date()
        since = (local - datetime.combine(local_day, DAY_BEGINS)).total_seconds() / 3600.0
        day = self._working_days_before(local_day)
        if local_day.weekday() >= self.days_per_week:
            return day * self.hours_per_day
        return day * self.hours_per_day + min(self.hours_per_day, max(0.0, since))

    def _working_days_before(self, some_day: date) -> int:
        """Working days from kick-off (included) to a date (excluded); negative before it."""
        monday = self.kick_off - timedelta(days=self.kick_off.weekday())
        weeks, weekday = divmod((some_day - monday).days, 7)
        position = weeks * self.days_per_week + min(weekday, self.days_per_week)
        return position - self.kick_off.weekday()
