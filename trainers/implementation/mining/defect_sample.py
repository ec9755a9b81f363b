"""Reads a project's log for defects: who built what, and who looked at it when.

For every package that was built and checked: what reviews and unit tests removed, and each later
look at the system (test cycles, acceptance checks, days in production) until the project's end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....sim.implementation.parameters import Parameters
from .history import History, PackageHistory, Records, columns, records
from .likelihood import Array

BUILT = ("configuration", "report", "enhancement", "interface", "mapping")
SEVERITIES = ("minor", "major", "critical")
BUILD, SIT, UAT, LIVE = range(4)
_STAGES = {"sit": SIT, "uat": UAT, "live": LIVE}
_REFERENCE = 6.0
_LEAST_COMPLEXITY = 0.2
_SAME_HOUR = 1e-5


PACKAGE = columns("project built", "proneness careful rushed removed found checks live_days")
"""Of a package: indices of its project and of what was built (in ``BUILT``); expected defects
relative to the row of what was built (complexity, ambiguity, the errors of who worked on it);
shares of the effort done carefully and rushed; defects removed by reviews and unit tests, and all
defects known; number of later acceptance checks; days in production until the end."""
DEFECT = columns("owner stage severity passed", "checks_passed days_passed")
"""Of a defect found after the build: index of its package; ``SIT``, ``UAT`` or ``LIVE``; index in
``SEVERITIES``; what missed it: cycles (a defect found in cycle k passed k of its package's),
acceptance checks, whole days in production."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Packages and the defects found in them.

    Attributes:
        packages: records of ``PACKAGE``.
        cycles: test cases' share ready in each later cycle, padded with -1,
            shape (packages, most cycles).
        defects: records of ``DEFECT``.
        projects: how many projects are in it.
    """

    packages: Records
    cycles: Array
    defects: Records
    projects: int


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks at a system after an hour."""

    cycles: list[tuple[float, float]]
    checks: list[float]
    live_from: int
    """Day from which production can show it; -1: never."""
    day_ended: int

    @staticmethod
    def after(history: History, hour: float) -> Looks:
        """The looks at something that was there from an hour on."""
        live = -1
        if history.live_hour is not None:
            live = max(history.day(history.live_hour), history.day(hour))
        return Looks(
            [look for look in history.cycles if look[0] > hour + _SAME_HOUR],
            [look for look in history.checks if look > hour + _SAME_HOUR],
            live,
            history.day_ended,
        )

    @property
    def live_days(self) -> int:
        """Mornings in production on which it could have shown."""
        return max(0, self.day_ended - self.live_from) if self.live_from >= 0 else 0

    def before(self, hour: float, morning: int) -> tuple[int, int, int]:
        """Cycles, checks and days in production that had passed before an hour."""
        cycles = sum(look < hour - _SAME_HOUR for look, _ in self.cycles)
        checks = sum(look < hour - _SAME_HOUR for look in self.checks)
        days = max(0, morning - self.live_from) if self.live_from >= 0 else 0
        return cycles, checks, days


def defect_sample(histories: Sequence[History], known: Parameters) -> Sample:
    """Collect the sample; projects with a roll-back are left out (they were live twice)."""
    packages: list[tuple[float, ...]] = []
    cycles: list[list[float]] = []
    defects: list[tuple[int, ...]] = []
    projects = 0
    for history in histories:
        if history.rolled_back:
            continue
        own: dict[str, list[tuple[int, int, float]]] = {}
        for defect in history.defects:
            if defect.cause == "build" and defect.stage in _STAGES:
                severity = defect.severity if defect.severity in SEVERITIES else "major"
                row = (_STAGES[defect.stage], SEVERITIES.index(severity), defect.found)
                own.setdefault(defect.package, []).append(row)
        for package in history.packages.values():
            if package.built not in BUILT or package.checked is None or package.done_hour is None:
                continue
            looks = Looks.after(history, package.done_hour)
            removed, careful, rushed = package.checked
            found = own.get(package.number, [])
            for stage, rank, hour in found:
                morning = int((hour + _SAME_HOUR) // history.hours_per_day)
                passed = looks.before(hour, morning - (stage == LIVE))
                defects.append((len(packages), stage, rank, *passed))
            prone = proneness(history, package, known)
            counts = removed, removed + len(found), len(looks.checks), looks.live_days
            built = BUILT.index(package.built)
            packages.append((projects, built, prone, careful, rushed, *counts))
            cycles.append([share for _, share in looks.cycles])
        projects += 1
    padded = np.full((len(packages), max([1, *map(len, cycles)])), -1.0)
    for index, shares in enumerate(cycles):
        padded[index, : len(shares)] = shares
    return Sample(records(packages, PACKAGE), padded, records(defects, DEFECT), projects)


def proneness(history: History, package: PackageHistory, p: Parameters) -> float:
    """Defects that a package is expected to have, relative to its row in the table."""
    points = history.complexity - _REFERENCE
    factor = max(_LEAST_COMPLEXITY, 1.0 + p.complexity_defects * points)
    factor *= 1.0 + p.ambiguity_defects * package.ambiguity
    full = p.pressure_full_days_late * history.planned_days / 30.0
    total = errors = 0.0
    for sheet in package.sheets:
        late = history.days_late(sheet.start)
        pressure = min(1.0, max(0.0, late / full)) if full > 0.0 else 0.0
        own = float(getattr(p, f"errors_{sheet.role}", 1.0))
        errors += sheet.planned_done * own * (1.0 + p.pressure_defects * pressure)
        total += sheet.planned_done
    rushed = package.checked[2] if package.checked is not None else 0.0
    mean = errors / total if total > 0.0 else 1.0
    return factor * mean * (1.0 + (p.rush_defects - 1.0) * rushed)
