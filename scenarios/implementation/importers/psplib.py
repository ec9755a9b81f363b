"""Single-mode projects in PSPLIB's ``.sm`` format (Kolisch & Sprecher 1996)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ....core.arithmetic import plain_sum, whole_sum
from ....core.errors import GoliveError
from .project import (
    ImportedProject,
    ImportedResource,
    ImportedTask,
    check_project,
    decoded,
    read_bytes,
)

FORMAT = "psplib"
SECTIONS = ("PRECEDENCE RELATIONS:", "REQUESTS/DURATIONS:", "RESOURCEAVAILABILITIES:")
"""Titles by which a file is known."""
_RULE = ("*", "-")
_COUNT = re.compile(r"^\s*-?\s*(projects|renewable|nonrenewable|doubly constrained)\s*:\s*(\d+)")
_PERIOD_HOURS = 1.0
"""A period counts as a working hour; the mapping to a plan may say otherwise."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of whole numbers, and where it stands."""

    place: str
    line: int
    numbers: tuple[int, ...]

    def error(self, words: str) -> GoliveError:
        return GoliveError(f"{self.place}:{self.line}: {words}")


def read_project(path: Path | str) -> ImportedProject:
    """Read a project; the two dummy jobs (no duration, no requests) at its ends are left out.

    Durations are in periods, one working hour each; the effort of a job is its duration times all
    the units that it needs.

    Raises:
        GoliveError: the file cannot be read, is not of that format, has several modes or projects
            or resources that are used up; names the file and, where there is one, the line.
    """
    path = Path(path)
    text = decoded(path, read_bytes(path))
    lines = text.splitlines()
    _refuse_others(path, lines)
    relations, requests, available = (_section(path, lines, title) for title in SECTIONS)
    capacities = available[0].numbers
    if not capacities or any(units < 0 for units in capacities):
        raise available[0].error("expected units of each resource, 0 or more")
    _check_relations(relations)
    _check_requests(path, requests, len(relations), len(capacities))
    work = (row.numbers[2] * whole_sum(row.numbers[3:]) for row in requests)
    project = ImportedProject(
        name=path.stem,
        source=str(path),
        format=FORMAT,
        hours=_PERIOD_HOURS * whole_sum(work),
        tasks=_tasks(relations, requests, capacities),
        resources=tuple(
            ImportedResource(f"R{number}", f"R{number}", float(units))
            for number, units in enumerate(capacities, 1)
        ),
    )
    return check_project(project)


def _refuse_others(path: Path, lines: list[str]) -> None:
    """Several projects, or resources that are used up, are another problem."""
    for number, line in enumerate(lines, 1):
        found = _COUNT.match(line)
        if not found:
            continue
        what, count = found[1], int(found[2])
        if what == "projects" and count != 1:
            raise GoliveError(f"{path}:{number}: projects: {count}: expected 1")
        if what in ("nonrenewable", "doubly constrained") and count:
            raise GoliveError(
                f"{path}:{number}: {count} {what} resources: expected renewable resources only "
                "(a single-mode project)"
            )


def _section(path: Path, lines: list[str], title: str) -> list[_Row]:
    """Lines of numbers below a title; headings have letters and are skipped."""
    starts = [number for number, line in enumerate(lines) if line.strip().startswith(title)]
    if not starts:
        raise GoliveError(
            f"{path}: no section {title!r}: expected a project in PSPLIB's .sm format"
        )
    rows: list[_Row] = []
    for number, line in enumerate(lines[starts[0] + 1 :], starts[0] + 2):
        words = line.split()
        if line.startswith(_RULE):
            if rows:
                break
            continue
        if not words or (not rows and not words[0].lstrip("-").isdecimal()):
            continue
        try:
            rows.append(_Row(str(path), number, tuple(int(word) for word in words)))
        except ValueError:
            raise GoliveError(
                f"{path}:{number}: {line.strip()[:60]!r}: expected whole numbers below {title!r}"
            ) from None
    if not rows:
        raise GoliveError(f"{path}: {title!r} is empty: expected a line of numbers for each job")
    return rows


def _check_relations(relations: list[_Row]) -> None:
    jobs = len(relations)
    for index, row in enumerate(relations, 1):
        if len(row.numbers) < 3:
            raise row.error("expected job number, modes, number of successors, successors")
        job, modes, count, *successors = row.numbers
        if modes != 1:
            raise row.error(f"job {job}: {modes} modes: expected 1 (a single-mode project)")
        if job != index:
            raise row.error(f"job {job}: expected {index}, jobs in order")
        if len(successors) != count:
            raise row.error(f"job {job}: {len(successors)} successors: expected {count}")
        for successor in successors:
            if not 1 <= successor <= jobs:
                raise row.error(f"job {job}: successor {successor}: expected 1..{jobs}")


def _check_requests(path: Path, requests: list[_Row], jobs: int, resources: int) -> None:
    if len(requests) != jobs:
        raise GoliveError(f"{path}: {len(requests)} requests for {jobs} jobs: expected one each")
    for index, row in enumerate(requests, 1):
        if len(row.numbers) != 3 + resources:
            expected = f"job number, mode, duration and {resources} requests"
            raise row.error(f"{len(row.numbers)} numbers: expected {expected}")
        job, mode, *needs = row.numbers
        if job != index or mode != 1:
            expected = f"job {index}, mode 1 (a single-mode project)"
            raise row.error(f"job {job}, mode {mode}: expected {expected}")
        if min(needs) < 0:
            raise row.error(f"job {job}: expected no number below 0")


def _tasks(
    relations: list[_Row], requests: list[_Row], capacities: tuple[int, ...]
) -> tuple[ImportedTask, ...]:
    last = len(requests) - 1
    sink = not relations[last].numbers[2]
    ends = {0, last} if sink else {0}
    dummies = {job for job in ends if not any(requests[job].numbers[2:])}
    predecessors: list[list[str]] = [[] for _ in relations]
    for job, row in enumerate(relations):
        for successor in () if job in dummies else row.numbers[3:]:
            predecessors[successor - 1].append(str(job + 1))
    tasks = []
    for job, row in enumerate(requests):
        if job in dummies:
            continue
        needs = row.numbers[3:]
        for number, (need, units) in enumerate(zip(needs, capacities, strict=True), 1):
            if need > units:
                words = f"{need} units of R{number}: expected at most the {units} that there are"
                raise row.error(f"job {job + 1}: {words}")
        duration = row.numbers[2] * _PERIOD_HOURS
        tasks.append(
            ImportedTask(
                id=str(job + 1),
                name=f"job {job + 1}",
                place=f"line {row.line}",
                duration_hours=duration,
                effort_hours=duration * plain_sum(needs),
                predecessors=tuple(predecessors[job]),
                demands=tuple((f"R{n}", float(need)) for n, need in enumerate(needs, 1) if need),
            )
        )
    return tuple(tasks)
