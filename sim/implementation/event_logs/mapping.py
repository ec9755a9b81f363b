"""Mapping files: what another tool's columns, activities and attributes are called in golive."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, time, tzinfo
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from ....core.problems import validated
from ....core.records import FirstVersion, Integer, Name, Number, Record
from ....core.yaml_reader import read_document
from .calendar import DAY_BEGINS
from .vocabulary import ACTIVITIES

_DIRECTIVE = re.compile("%(.?)", re.DOTALL)
_DIRECTIVES = frozenset("aAwdbBmyYHIpMSfzZjUWcxXGuV%")


class Columns(Record):
    """Columns of a CSV file (of XES and OCEL only ``project`` and ``subject`` are asked for)."""

    time: Name = Field(default="time", description="Column of the timestamp.")
    activity: Name = Field(default="activity", description="Column of what happened.")
    project: Name = Field(
        default="project", description="Column or attribute that names the project."
    )
    subject: Name = Field(
        default="subject", description="Column or attribute that says to what it happened."
    )


class CalendarFacts(Record):
    """The working time of the projects, where their log does not say."""

    hours_per_day: Number = Field(default=8.0, gt=0.0, le=24.0, description="Working hours a day.")
    days_per_week: Integer = Field(default=5, ge=1, le=7, description="Working days from Monday.")
    kick_off: date | None = Field(
        default=None, description="First working day; null: that of each project's first event."
    )
    day_begins: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = Field(
        default=f"{DAY_BEGINS:%H:%M}",
        description="When a working day begins, by the clock on the wall.",
    )
    zone: str = Field(
        default="",
        max_length=80,
        description="Zone of the clock on the wall (IANA, such as Europe/Berlin); empty: each "
        "timestamp counts with the offset that it is written with.",
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value:
            find_zone(value)
        return value

    def clock_begins(self) -> time:
        """Time at which a working day begins."""
        return time.fromisoformat(self.day_begins)

    def clock_zone(self) -> tzinfo | None:
        """The zone of the clock on the wall; ``None``: that of each timestamp."""
        return find_zone(self.zone) if self.zone else None


@lru_cache(maxsize=8)
def find_zone(name: str) -> tzinfo:
    """The time zone of an IANA name.

    Raises:
        ValueError: there is none, with a guess at what was meant.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        close = get_close_matches(name, available_timezones(), n=1)
        guess = f" (did you mean {close[0]}?)" if close else ""
        raise ValueError(f"{name!r}: expected a zone such as Europe/Berlin{guess}") from None


class LogMapping(Record):
    """Translation of another tool's log into one of golive.

    What is not mapped keeps its name: a log that golive wrote needs no mapping.
    """

    golive_mapping: FirstVersion = Field(default=1, description="Version of this format.")
    columns: Columns = Field(default_factory=Columns, description="Columns of a CSV file.")
    separator: Annotated[str, Field(min_length=1, max_length=1)] = Field(
        default=",", description="Between two fields of a CSV file."
    )
    time_format: str = Field(
        default="",
        max_length=60,
        description="Format of timestamps as strptime has it; empty: ISO 8601.",
    )
    calendar: CalendarFacts = Field(
        default_factory=CalendarFacts, description="Working time, where the log does not say."
    )
    activities: dict[str, str] = Field(
        default_factory=dict,
        max_length=1_000,
        description="golive's activity by the other tool's name of it "
        "(in XES also by name+transition).",
    )
    attributes: dict[str, str] = Field(
        default_factory=dict,
        max_length=1_000,
        description="golive's attribute by the other tool's name of it.",
    )
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        max_length=100,
        description="golive's value by the other tool's, for each attribute (golive's name).",
    )
    facts: dict[str, Number | str] = Field(
        default_factory=dict,
        max_length=50,
        description="Attributes of the kick-off of projects whose log has none.",
    )

    @field_validator("time_format")
    @classmethod
    def _a_format(cls, value: str) -> str:
        directives = _DIRECTIVE.findall(value)
        unknown = next((one for one in directives if one not in _DIRECTIVES), None)
        if unknown is not None:
            raise ValueError(f"'%{unknown}' is no directive of strptime")
        named = Counter(one for one in directives if one != "%")
        twice = next((one for one, count in named.items() if count > 1), None)
        if twice is not None:
            raise ValueError(f"'%{twice}' is there twice")
        if value and not {"Y", "y", "G", "c", "x"} & set(directives):
            raise ValueError(f"{value!r}: expected one with a year, such as %d.%m.%Y %H:%M")
        try:
            datetime.strptime("", value)
        except re.error:
            raise ValueError(f"{value!r}: says one thing twice") from None
        except ValueError as error:
            if "does not match" not in str(error):
                raise ValueError(f"{value!r}: {error}") from None
        return value

    @field_validator("activities")
    @classmethod
    def _known_activities(cls, value: dict[str, str]) -> dict[str, str]:
        for other, own in value.items():
            if own not in ACTIVITIES:
                raise ValueError(f"{other}: {own!r}: expected one of {', '.join(ACTIVITIES)}")
        return value

    @model_validator(mode="after")
    def _known_attributes(self) -> LogMapping:
        known = {name for row in ACTIVITIES.values() for name in row.attributes}
        for other, own in self.attributes.items():
            if own not in known:
                names = ", ".join(sorted(known))
                raise ValueError(f"attributes: {other}: {own!r}: expected one of {names}")
        for name in self.values:
            if name not in known:
                raise ValueError(f"values: {name}: no such attribute of golive's activities")
        kick_off = ACTIVITIES["kick_off"].attributes
        for name in self.facts:
            if name not in kick_off:
                raise ValueError(f"facts: {name}: expected one of {', '.join(kick_off)}")
        return self


def load_mapping(path: Path) -> LogMapping:
    """Read a mapping file.

    Raises:
        GoliveError: it cannot be read, or is not valid; with file, line, field and value.
    """
    document = read_document(path)
    if "golive_mapping" not in document.data:
        document.data = {"golive_mapping": None, **document.data}
    return validated(LogMapping, document)
