"""Tables of Primavera P6: their records, and what they say of calendars and resources."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ....core.arithmetic import plain_sum
from ....core.errors import GoliveError
from .amounts import WorkingTime
from .mspdi_calendar import decided
from .names import normalised
from .project import Finding, ImportedResource, Unmapped

TABLES = frozenset(
    ("PROJECT", "PROJWBS", "TASK", "TASKPRED", "RSRC", "ROLES", "RSRCRATE", "TASKRSRC", "CALENDAR")
)
"""Tables that are read."""
LABOUR, EQUIPMENT, MATERIAL = "RT_Labor", "RT_Equip", "RT_Mat"
_NUMBER = re.compile(
    r"^[-+]?(?:[0-9]{1,12}(?:[.,][0-9]{0,20})?|[.,][0-9]{1,20})(?:[eE][-+]?[0-9]{1,2})?$"
)
_MOST = 1e9


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a table: its cells by field."""

    path: Path
    line: int
    table: str
    cells: Mapping[str, str]

    def text(self, name: str) -> str:
        """Text of a field; empty: there is none."""
        return self.cells.get(name, "")

    def error(self, name: str, expected: str) -> GoliveError:
        """Describe what is wrong with a field."""
        text = self.text(name)[:60]
        return GoliveError(
            f"{self.path}:{self.line}: {self.table}: {name}: {text!r}: expected {expected}"
        )

    def number(self, name: str, default: float = 0.0, *, signed: bool = False) -> float:
        """A number, with a point or comma; 0 or more unless signed."""
        text = self.text(name)
        if not text:
            return default
        value = float(text.replace(",", ".")) if _NUMBER.match(text) else math.nan
        if not (-_MOST if signed else 0.0) <= value <= _MOST:
            raise self.error(name, "a number" if signed else "a number, 0 or more")
        return value

    def needed(self, name: str) -> str:
        """Text of a field that must be there."""
        if not self.text(name):
            raise self.error(name, "something")
        return self.text(name)


Tables = Mapping[str, Sequence[Record]]


def project_name(tables: Tables) -> str:
    """Name of the project: of the root of its breakdown, else its own; empty: it has none."""
    roots = [r for r in tables["PROJWBS"] if r.text("proj_node_flag") == "Y"]
    names = [normalised(record.text("wbs_name")) for record in roots]
    names += [normalised(record.text("proj_short_name")) for record in tables["PROJECT"]]
    return next((name for name in names if name), "")


def working_time(
    tables: Tables, weeks: Mapping[str, tuple[list[float], int]], findings: list[Finding]
) -> WorkingTime:
    """Working time of the project's calendar: its own, else the one most activities have."""
    calendars = {record.text("clndr_id"): record for record in tables["CALENDAR"]}
    counts = Counter(record.text("clndr_id") for record in tables["TASK"])
    told = [record.text("clndr_id") for record in tables["PROJECT"]]
    wanted = [*told, *(name for name, _ in counts.most_common())]
    own = next((name for name in wanted if name in calendars), None)
    for name, record in calendars.items():
        days_off, where = weeks.get(name, ([], 0))[1], f"calendar {name}"
        if days_off and counts[name]:
            words = f"{record.text('clndr_name')!r}: {days_off} exceptions (holidays) are not kept"
            findings.append(Finding(Unmapped.CALENDAR, where, words))
        if counts[name] and name != own:
            words = f"{record.text('clndr_name')!r}, of {counts[name]} activities: the project's "
            words += "own is used"
            findings.append(Finding(Unmapped.CALENDAR, where, words))
    if own is None:
        return WorkingTime()
    record = calendars[own]
    day = record.number("day_hr_cnt", 8.0) or 8.0
    week = record.number("week_hr_cnt", 5.0 * day) or 5.0 * day
    if not 1.0 <= day <= 24.0 or not day <= week <= 7.0 * day:
        raise record.error("day_hr_cnt", "a day of 1 to 24 hours and a week of 1 to 7 days")
    time = WorkingTime(day, float(max(1, min(7, round(week / day)))))
    lengths = weeks.get(own, ([], 0))[0]
    time, found = decided(record.text("clndr_name"), f"calendar {own}", lengths, time, week)
    findings += found
    return time


def people_of(
    tables: Tables, findings: list[Finding]
) -> tuple[dict[str, ImportedResource], dict[str, str]]:
    """People by id (resources and roles), and the kind of each resource."""
    most: defaultdict[str, list[float]] = defaultdict(list)
    for record in tables["RSRCRATE"]:
        most[record.text("rsrc_id")].append(record.number("max_qty_per_hr", 1.0))
    people: dict[str, ImportedResource] = {}
    kinds: dict[str, str] = {}
    for record in tables["RSRC"]:
        own = record.needed("rsrc_id")
        if own in kinds:
            raise record.error("rsrc_id", "each id only once")
        name = normalised(record.text("rsrc_name") or record.text("rsrc_short_name"))
        name = name or f"resource {own}"
        kinds[own] = record.text("rsrc_type") or LABOUR
        if kinds[own] != LABOUR:
            words = f"{name!r} is equipment or material: only people do work here"
            findings.append(Finding(Unmapped.RESOURCE_KIND, f"resource {own}", words))
            continue
        units = max(most.get(own, [1.0]))
        if not units:
            units = 1.0
            words = f"{name!r}: at most 0 units of it: 1 is taken"
            findings.append(Finding(Unmapped.GUESS, f"resource {own}", words))
        people[own] = ImportedResource(own, name, units)
    for record in tables["ROLES"]:
        own = f"role {record.needed('role_id')}"
        name = normalised(record.text("role_name") or record.text("role_short_name")) or own
        people[own] = ImportedResource(own, name, 1.0)
    return people, kinds


def most_hours(record: Record, planned: str, parts: Sequence[str]) -> float | None:
    """Hours by plan, or done and remaining, whichever is more; None: no field says any."""
    if not any(record.text(name) for name in (planned, *parts)):
        return None
    return max(record.number(planned), plain_sum(record.number(name) for name in parts))
