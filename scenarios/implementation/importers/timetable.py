"""Weeks and phases of an imported project: a forward pass over its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from ..plan import Phase
from ..vocabulary import Workstream
from .project import ImportedProject, topological_order
from .words import is_alongside

MOST_WEEKS = 520
BUILD_SHARE = Fraction(5, 6)
"""Of a plan whose file ends with the work: the rest is for tests and the go-live, as in the plans
that golive makes itself."""
_LATE = (Workstream.TESTING, Workstream.TRAINING, Workstream.CUTOVER)
_USUAL: Mapping[Workstream, tuple[Fraction, Fraction]] = {
    Workstream.DISCOVERY: (Fraction(0), Fraction(1, 6)),
    Workstream.DATA: (Fraction(1, 6), BUILD_SHARE),
    Workstream.CONFIGURATION: (Fraction(1, 6), BUILD_SHARE),
    Workstream.CUSTOMISATION: (Fraction(1, 2), BUILD_SHARE),
    Workstream.INTEGRATION: (Fraction(1, 2), BUILD_SHARE),
    **dict.fromkeys(_LATE, (BUILD_SHARE, Fraction(1))),
}
"""Shares of a plan in which a workstream is worked on that the file says nothing about."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """The weeks in which an imported project does its work.

    Attributes:
        weeks: from kick-off to go-live.
        critical_hours: working hours of the longest chain of tasks, with all the people needed.
        crew_weeks: weeks that the crew takes for all the effort at full load.
        phases: one for each workstream.
    """

    weeks: int
    critical_hours: float
    crew_weeks: float
    phases: tuple[Phase, ...]


def timetable(
    project: ImportedProject,
    workstreams: Mapping[str, Workstream],
    effort_hours: float,
    crew_units: int,
    *,
    weeks: int | None = None,
) -> Timetable:
    """The timetable of a project.

    Args:
        project: its tasks' durations and links decide, those left out of the plan included but
            for management alongside it and what comes after the go-live.
        workstreams: per task that becomes work.
        effort_hours: of the crew in all.
        crew_units: people of the crew.
        weeks: of the plan; None: as the file has it, with room for tests and go-live after it.

    Raises:
        GoliveError: longer than a plan can be.
    """
    week_hours = project.hours_per_day * project.days_per_week
    finish = forward_pass(project)
    names = {task.id: task.name for task in project.tasks}
    critical = max(
        hours
        for task, hours in finish.items()
        if task in workstreams or not is_alongside(names[task])
    )
    work_end = max(finish[task] for task in workstreams)
    crew_weeks = effort_hours / (crew_units * week_hours)
    work_weeks = max(1, ceil(round(work_end / week_hours, 6)), ceil(round(crew_weeks, 6)))
    natural = max(ceil(round(critical / week_hours, 6)), ceil(work_weeks / BUILD_SHARE))
    total = natural if weeks is None else weeks
    if not 1 <= total <= MOST_WEEKS:
        raise project.error(f"{total:,} weeks: expected 1 to {MOST_WEEKS} (--weeks, --map)")
    spans = _spans(project, workstreams, finish)
    work_share = min(Fraction(1), Fraction(work_weeks, natural))
    return Timetable(total, critical, crew_weeks, _phases(spans, total, work_share))


def forward_pass(project: ImportedProject) -> dict[str, float]:
    """Earliest finish of each task in working hours from kick-off, with all the people needed."""
    finish: dict[str, float] = {}
    for number in topological_order(project):
        task = project.tasks[number]
        start = max((finish[name] for name in task.predecessors), default=0.0)
        finish[task.id] = start + task.duration_hours
    return finish


def _spans(
    project: ImportedProject,
    workstreams: Mapping[str, Workstream],
    finish: Mapping[str, float],
) -> dict[Workstream, tuple[Fraction, Fraction]]:
    """Shares of the work's own time in which each workstream is worked on."""
    end = max(finish[task] for task in workstreams) or 1.0
    spans: dict[Workstream, tuple[Fraction, Fraction]] = {}
    for task in (task for task in project.tasks if task.id in workstreams):
        workstream = workstreams[task.id]
        last = Fraction(finish[task.id] / end)
        first = Fraction(max(0.0, finish[task.id] - task.duration_hours) / end)
        low, high = spans.get(workstream, (first, last))
        spans[workstream] = (min(low, first), max(high, last))
    return spans


def _phases(
    spans: Mapping[Workstream, tuple[Fraction, Fraction]], weeks: int, work_share: Fraction
) -> tuple[Phase, ...]:
    phases = []
    for workstream in Workstream:
        if workstream in spans:
            low, high = (share * work_share for share in spans[workstream])
        else:
            low, high = _USUAL[workstream]
        if workstream in _LATE:  # test cycles, training waves and the cutover are still to come
            high = Fraction(1)
        first = min(weeks, floor(low * weeks) + 1)
        last = max(first, min(weeks, ceil(high * weeks)))
        name, own = workstream.capitalize(), (workstream,)
        phases.append(Phase(name=name, first_week=first, last_week=last, workstreams=own))
    return tuple(sorted(phases, key=lambda phase: (phase.first_week, phase.last_week)))
