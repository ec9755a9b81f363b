"""Reads a project's log for defects: who built what, and who looked at it when.

For every package that was built and checked: what reviews and unit tests removed, and each later
look at the system (test cycles, acceptance checks, days in production) until the project's end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....sim.implementation.parameters import Parameters
from .history import History, PackageHistory

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

BUILT = ("configuration", "report", "enhancement", "interface", "mapping")
SEVERITIES = ("minor", "major", "critical")
BUILD, SIT, UAT, LIVE = range(4)
_STAGES = {"sit": SIT, "uat": UAT, "live": LIVE}
_REFERENCE = 6.0
_LEAST_COMPLEXITY = 0.2
_SAME_HOUR = 1e-5


@dataclass(frozen=True, slots=True)
class Sample:
    """Packages and the defects found in them.

    Attributes:
        project: index of each package's project, shape (packages,).
        built: index in ``BUILT``, shape (packages,).
        proneness: expected defects relative to the row of what was built: complexity,
            ambiguity and the errors of who worked on it, shape (packages,).
        careful: share of the effort done carefully; ``rushed`` likewise, shape (packages,).
        removed: defects removed by reviews and unit tests, shape (packages,).
        found: all defects known, those included, shape (packages,).
        cycles: test cases' share ready in each later cycle, padded with -1,
            shape (packages, most cycles).
        checks: number of later acceptance checks, shape (packages,).
        live_days: days in production until the end, shape (packages,).
        owner: package of each defect found after the build, shape (defects,).
        stage: ``SIT``, ``UAT`` or ``LIVE``, shape (defects,).
        severity: index in ``SEVERITIES``, shape (defects,).
        passed: cycles that missed it, as columns of its package's ``cycles``, shape (defects,);
            a defect found in cycle k passed k of them.
        checks_passed: acceptance checks that missed it, shape (defects,).
        days_passed: whole days in production that did not show it, shape (defects,).
        projects: how many projects are in it.
    """

    project: Integers
    built: Integers
    proneness: Array
    careful: Array
    rushed: Array
    removed: Array
    found: Array
    cycles: Array
    checks: Array
    live_days: Array
    owner: Integers
    stage: Integers
    severity: Integers
    passed: Integers
    checks_passed: Array
    days_passed: Array
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
    packages: list[tuple[int, int, float, float, float, int, int, list[float], int, int]] = []
    defects: list[tuple[int, int, int, int, int, int]] = []
    projects = 0
    for history in histories:
        if history.rolled_back:
            continue
        own: dict[str, list[tuple[int, int, float]]] = {}
        for defect in history.defects:
            if defect.cause == "build" and defect.stage in _STAGES:
                row = (_STAGES[defect.stage], _severity(defect.severity), defect.found)
                own.setdefault(defect.package, []).append(row)
        for package in history.packages.values():
            if package.built not in BUILT or package.checked is None or package.done_hour is None:
                continue
            looks = Looks.after(history, package.done_hour)
            removed, careful, rushed = package.checked
            found = own.get(package.number, [])
            for stage, severity, hour in found:
                morning = int((hour + _SAME_HOUR) // history.hours_per_day)
                passed = looks.before(hour, morning - (stage == LIVE))
                defects.append((len(packages), stage, severity, *passed))
            packages.append(
                (
                    projects,
                    BUILT.index(package.built),
                    proneness(history, package, known),
                    careful,
                    rushed,
                    removed,
                    removed + len(found),
                    [share for _, share in looks.cycles],
                    len(looks.checks),
                    looks.live_days,
                )
            )
        projects += 1
    return _arrays(packages, defects, projects)


def _severity(name: str) -> int:
    return SEVERITIES.index(name) if name in SEVERITIES else SEVERITIES.index("major")


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


def _arrays(
    packages: list[tuple[int, int, float, float, float, int, int, list[float], int, int]],
    defects: list[tuple[int, int, int, int, int, int]],
    projects: int,
) -> Sample:
    most = max((len(row[7]) for row in packages), default=0)
    cycles = np.full((len(packages), max(1, most)), -1.0)
    for index, row in enumerate(packages):
        cycles[index, : len(row[7])] = row[7]

    def column(position: int) -> Array:
        return np.array([row[position] for row in packages], dtype=np.float64)

    def of_defects(position: int) -> Integers:
        return np.array([row[position] for row in defects], dtype=np.int64)

    return Sample(
        project=column(0).astype(np.int64),
        built=column(1).astype(np.int64),
        proneness=column(2),
        careful=column(3),
        rushed=column(4),
        removed=column(5),
        found=column(6),
        cycles=cycles,
        checks=column(8),
        live_days=column(9),
        owner=of_defects(0),
        stage=of_defects(1),
        severity=of_defects(2),
        passed=of_defects(3),
        checks_passed=of_defects(4).astype(np.float64),
        days_passed=of_defects(5).astype(np.float64),
        projects=projects,
    )
