"""Reading project files: what every reader begins with, and the tasks and resources it makes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ....core.arithmetic import whole_sum
from ....core.errors import GoliveError
from ....core.files import read_limited

MOST_BYTES = 32_000_000
"""A project file may be this big."""
MOST_TASKS = 10_000
"""Tasks that a file may hold."""
MOST_LINKS = 100_000
"""Links between tasks that a file may hold."""
MOST_NAMED = 6
"""Tasks that an error names before it only counts the others."""


class Unmapped(StrEnum):
    """Kinds of things that a file says and a plan of golive cannot."""

    CONTRADICTION = "contradiction in the file"
    LAYOUT = "layout of the table"
    GUESS = "value that is a guess"
    SUMMARY = "summary task"
    MILESTONE = "milestone"
    INACTIVE = "inactive task"
    NO_EFFORT = "task without effort"
    OWN_MOVE = "the world's own work"
    LINK_TYPE = "link other than finish-to-start"
    LAG = "lag"
    OUTSIDE_LINK = "link to another project"
    SUMMARY_LINK = "link of a summary task"
    CONSTRAINT = "constraint or deadline"
    PROGRESS = "progress"
    COST = "cost"
    BASELINE = "baseline"
    RECURRING = "recurring or split task"
    MANUAL = "manually scheduled task"
    CALENDAR = "calendar"
    RESOURCE_KIND = "resource that is not people"
    UNKNOWN_RESOURCE = "unknown resource"
    RESOURCE_UNUSED = "resource without a task"
    RESOURCE_ROLE = "resource whose role is a guess"
    CREW_LIMIT = "crew beyond the limit"
    ASSIGNMENT = "who works on what"
    WORKSTREAM = "task whose workstream is a guess"
    PRIORITY = "priority"
    CUSTOM_FIELD = "custom field"
    COLUMN = "column"
    SCALE = "scale"
    MAPPING = "unused line of the mapping"


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        GoliveError: it cannot be read, is empty or is too big.
    """
    data = read_limited(path, MOST_BYTES, "a project file")
    if not data.strip():
        raise GoliveError(f"{path}: the file is empty: expected a project")
    return data


def decoded(path: Path, data: bytes) -> str:
    """The text of a file in UTF-8 (with or without a mark) or in UTF-16 with its mark.

    Raises:
        GoliveError: it is neither; names file, line and byte.
    """
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise GoliveError(
            f"{path}:{line}: byte 0x{data[error.start]:02x} is not {encoding.upper()}"
            ": expected a text file encoded in UTF-8"
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise GoliveError(f"{path}:{line}: a zero byte: expected a text file encoded in UTF-8")
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a file says and that was not carried over as it stands.

    Attributes:
        kind: of what.
        where: row, UID or name in the file; empty: the whole of it.
        words: what it is and what was made of it.
        hours: of work in the file that no package has because of it; below 0: hours that a package
            has and the file does not.
    """

    kind: Unmapped
    where: str
    words: str
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class ImportedTask:
    """A task of a project file.

    Attributes:
        id: unique within the project.
        name: of the task.
        place: where the file has it, as ``line 12`` or ``UID 5``.
        duration_hours: working hours from its start to its finish, >= 0.
        effort_hours: working hours of people, >= 0.
        predecessors: ids of the tasks that must be finished before it starts.
        demands: units of each resource while it runs, by resource id; above 0.
        context: names of the summary tasks around it, outermost first.
        workstream: as the file names it; None: it does not.
        departments: as the file names them; empty: it does not.
        site: as the file names it; None: it does not.
        key_user_hours: hours of the customer's key users; None: the file does not say.
        milestone: whether it only marks a moment.
        active: False: it is switched off in the file; its duration and effort are 0.
    """

    id: str
    name: str
    place: str
    duration_hours: float
    effort_hours: float
    predecessors: tuple[str, ...] = ()
    demands: tuple[tuple[str, float], ...] = ()
    context: tuple[str, ...] = ()
    workstream: str | None = None
    departments: tuple[str, ...] = ()
    site: str | None = None
    key_user_hours: float | None = None
    milestone: bool = False
    active: bool = True

    @property
    def hours(self) -> float:
        """Hours of work, those of key users beside it included."""
        return self.effort_hours + (self.key_user_hours or 0.0)


@dataclass(frozen=True, slots=True)
class ImportedResource:
    """People of one name who work on a project's tasks.

    Attributes:
        id: unique within the project.
        name: of the person, team or role.
        units: how many there are; above 0.
    """

    id: str
    name: str
    units: float


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """A project file's content, whatever its format.

    Attributes:
        name: of the project.
        source: path of the file, for messages.
        format: ``psplib``, ``mspdi``, ``pmxml``, ``xer`` or ``csv``.
        tasks: in the file's order; links are sound (see ``check_project``).
        resources: in the file's order.
        hours: of work that the file holds: those of the tasks and of the findings together.
        hours_per_day: working hours of a day.
        days_per_week: working days of a week.
        unmapped: what the file says and the fields above do not.
    """

    name: str
    source: str
    format: str
    tasks: tuple[ImportedTask, ...]
    resources: tuple[ImportedResource, ...]
    hours: float
    hours_per_day: float = 8.0
    days_per_week: int = 5
    unmapped: tuple[Finding, ...] = ()

    def error(self, words: str) -> GoliveError:
        """Describe what is wrong with the file."""
        return GoliveError(f"{self.source}: {words}")


def check_project(project: ImportedProject) -> ImportedProject:
    """The project itself, if its tasks and links are sound.

    Raises:
        GoliveError: no task, too many, an id given twice, a predecessor that does not exist, or
            tasks that wait for themselves; names file, place and task.
    """
    tasks = project.tasks
    if not tasks:
        raise project.error("no tasks: expected at least one")
    if len(tasks) > MOST_TASKS:
        raise project.error(f"{len(tasks):,} tasks: expected at most {MOST_TASKS:,}")
    links = whole_sum(len(task.predecessors) for task in tasks)
    if links > MOST_LINKS:
        raise project.error(f"{links:,} links: expected at most {MOST_LINKS:,}")
    counts = Counter(task.id for task in tasks)
    for task in tasks:
        if counts[task.id] > 1:
            raise project.error(f"{task.place}: id {task.id!r}: expected each id only once")
        for name in task.predecessors:
            if name not in counts:
                words = f"{task.place}: predecessor {name!r} of {task.id!r}"
                raise project.error(f"{words}: expected the id of a task in this file")
    topological_order(project)
    return project


def topological_order(project: ImportedProject) -> list[int]:
    """Indices of the tasks, predecessors first, otherwise in the file's order.

    Raises:
        GoliveError: tasks wait for themselves through a circle of predecessors.
    """
    index = {task.id: number for number, task in enumerate(project.tasks)}
    waiting = [len(set(task.predecessors)) for task in project.tasks]
    followers: list[list[int]] = [[] for _ in project.tasks]
    for number, task in enumerate(project.tasks):
        for name in dict.fromkeys(task.predecessors):
            followers[index[name]].append(number)
    order = [number for number, count in enumerate(waiting) if not count]
    for number in order:  # grows while it is gone through
        for follower in sorted(followers[number]):
            waiting[follower] -= 1
            if not waiting[follower]:
                order.append(follower)
    if len(order) < len(project.tasks):
        stuck = [task for task, count in zip(project.tasks, waiting, strict=True) if count]
        named = ", ".join(f"{task.id!r} ({task.place})" for task in stuck[:MOST_NAMED])
        more = f" and {len(stuck) - MOST_NAMED} more" if len(stuck) > MOST_NAMED else ""
        words = "wait for themselves: expected no circle of predecessors"
        raise project.error(f"{named}{more}: {words}")
    return order
