"""One implementation day by day, in words, as its programme manager would have noted it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...core.errors import GoliveError
from ...sim.implementation.briefing import Briefing
from ...sim.implementation.world import ImplementationWorld
from .diary_events import Tracker, told
from .diary_reports import (
    crew_goes_on,
    crew_orders,
    dates_moved,
    disruptions,
    opening,
    outcome,
    week_status,
)
from .diary_words import Happening, date, joined

_WIDTH = 100


def diary(world: ImplementationWorld) -> str:
    """Tell an implementation so far, day by day, with the outcome once it is over.

    Nothing is told that the manager could not know on its day: events that the team sees, and
    figures of that day's briefing. Days are working days; kick-off is day 0.

    Args:
        world: made with ``record=True``.

    Raises:
        GoliveError: the world does not record.
    """
    if not world.history:
        raise GoliveError("diary: nothing was recorded: expected a world made with record=True")
    return "\n".join(_Diary.of(world).lines()) + "\n"


@dataclass(slots=True)
class _Entry:
    """A day, or days without anything new.

    Attributes:
        day: its first.
        last: its last.
        lines: what there is to tell.
        status: the week's, on its last day.
    """

    day: int
    last: int
    lines: list[str]
    status: list[str]


@dataclass(slots=True)
class _Diary:
    world: ImplementationWorld
    tracker: Tracker
    events: dict[int, list[Happening]]
    """By day."""
    sites: tuple[str, ...]
    days_per_week: int
    last_day: int
    steering_days: frozenset[int]

    @classmethod
    def of(cls, world: ImplementationWorld) -> _Diary:
        last_day = max(0, world.history[-1].calendar.day - 1)
        events: dict[int, list[Happening]] = {}
        for hour, kind, subject, values in world.events().iter_rows():
            happening = Happening(hour, kind, subject, json.loads(values))
            # An evening has the hour of the next morning, when one hears of it; work is of its day.
            day = int(happening.number("start_hour", hour) // world.hours_per_day)
            if world.finished:
                day = min(day, last_day)
            events.setdefault(day, []).append(happening)
        sites = tuple(site.name for site in world.customer.sites)
        week = world.scenario.plan.days_per_week
        tracker = Tracker(world.hours_per_day, one_site=len(sites) == 1)
        return cls(world, tracker, events, sites, week, last_day, _steering_days(world.history))

    def lines(self) -> Iterator[str]:
        world = self.world
        yield f"Diary of {world.subject or f'customer {world.seed}'}"
        yield from _wrapped(self._opening(), "", "")
        for entry in self._entries():
            yield ""
            yield date(entry.day, entry.last, self.days_per_week)
            for line in entry.lines:
                yield from _wrapped(line, "  ", "    ")
            if entry.status:
                yield f"  Status at the end of week {entry.last // self.days_per_week + 1}"
                for line in entry.status:
                    yield from _wrapped(line, "    ", "      ")
        if world.finished:
            card, calendar = world.scorecard(), world.history[0].calendar
            yield ""
            yield "Outcome"
            text = outcome(card, calendar.planned_go_live_day, self._stopped_day())
            yield from _wrapped(text, "  ", "  ")

    def _stopped_day(self) -> int | None:
        days = [day for day, of_day in self.events.items() for e in of_day if e.kind == "cancelled"]
        return min(days, default=None)

    def _opening(self) -> str:
        kick_off = [event for event in self.events.get(0, []) if event.kind == "kick_off"]
        planned = [e for e in self.events.get(0, []) if e.kind == "package_planned" and e.hour <= 0]
        facts = kick_off[0].values if kick_off else {}
        return opening(facts, self.world.history[0], len(planned), self.world.scenario.title)

    def _entries(self) -> Iterator[_Entry]:
        """Days in order; those with nothing new together, a week's at most."""
        quiet: _Entry | None = None
        for day in range(self.world.history[0].calendar.day, self.last_day + 1):
            entry = _Entry(day, day, list(self._day(day)), self._status(day))
            if not entry.lines:
                if quiet is None:
                    quiet = _Entry(day, day, [self._nothing_new(day)], [])
                quiet.last, quiet.status = day, entry.status
                if day % self.days_per_week < self.days_per_week - 1 and day < self.last_day:
                    continue
            if quiet is not None:
                yield quiet
                quiet = None
            if entry.lines:
                yield entry

    def _nothing_new(self, day: int) -> str:
        return f"Nothing new; {crew_goes_on(self._after(day))}."

    def _day(self, day: int) -> Iterator[str]:
        events = self.events.get(day, [])
        self.tracker.begin_day()
        self.tracker.reported = disruptions(self._evening(day))
        for event in events:
            self.tracker.note(event)
        yield from self._decided(day, events)
        crew = self._crew(day)
        if crew:
            yield f"Crew: {crew}."
        if day in self.steering_days and not any(e.kind == "cancelled" for e in events):
            yield "The steering committee met; the project goes on."
        yield from told(events, self.tracker)

    def _decided(self, day: int, events: list[Happening]) -> Iterator[str]:
        parts = [self.tracker.move(event.subject) for event in events if event.kind == "move"]
        for event in events:
            pace = event.text("pace") if event.kind == "forecast" else ""
            if pace and pace != self.tracker.pace:
                if self.tracker.pace or pace != "normal":
                    parts.append(f"{pace} pace from today")
                self.tracker.pace = pace
        if parts:
            yield f"Decided: {'; '.join(parts)}."
        for before, after in self._decisions_on(day):
            if moved := dates_moved(before, after, self.sites):
                yield f"Go-live moved: {joined(moved)}."

    def _decisions_on(self, day: int) -> Iterator[tuple[Briefing, Briefing]]:
        """Briefing of the day's morning with the next, if it is a decision's day."""
        history = self.world.history
        for before, after in pairwise(history):
            if before.calendar.day == day:
                yield before, after

    def _crew(self, day: int) -> str:
        last = self._after(day - 1) if day > self.world.history[0].calendar.day else None
        return crew_orders(last, self._after(day))

    def _after(self, day: int) -> Briefing:
        """The first briefing after a day's morning: it says what the crew was told for the day."""
        later = (one for one in self.world.history if one.calendar.day > day)
        return next(later, self.world.history[-1])

    def _evening(self, day: int) -> Briefing:
        """The latest briefing that does not look beyond a day."""
        return [one for one in self.world.history if one.calendar.day <= day + 1][-1]

    def _status(self, day: int) -> list[str]:
        if (day + 1) % self.days_per_week:
            return []
        lines = list(week_status(self._evening(day), self.tracker, self.sites))
        self.tracker.booked_hours.clear()
        return [f"{line}." for line in lines]


def _steering_days(history: Sequence[Briefing]) -> frozenset[int]:
    """Days on which the committee meets; nothing is noted of a meeting that lets go on."""
    return frozenset(
        calendar.day + calendar.days_to_steering
        for calendar in (briefing.calendar for briefing in history)
        if calendar.hypercare_day < 0
        and calendar.days_to_steering < calendar.days_per_decision
        and calendar.day > 0
    )


def _wrapped(text: str, first: str, others: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False
    )
