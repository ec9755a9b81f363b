"""The outline of a project file: which row holds which, and how many hours that makes.

Structure decides, not flags: a row with rows below it is a summary, whatever it is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ....core.arithmetic import plain_sum
from ....core.errors import GoliveError
from .project import MOST_NAMED, Finding, Unmapped

MOST_LEVELS = 64
NEGLIGIBLE_HOURS = 0.01
_LONGEST_NUMBER = 250


@dataclass(slots=True)
class Row:
    """A row of a project file, on its way to a task.

    Attributes:
        id: unique within the file.
        name: of the task, normalised.
        place: where the file has it.
        hours: of work, as the row itself says; None: it does not.
        assigned_hours: of work, as its assignments say; None: they do not.
        duration_hours: from its start to its finish.
        demands: units of each resource, by resource id.
        context: names around it that are no rows, such as a section.
        flagged_summary: what its flag says; None: it has none.
        milestone: whether it is flagged as one.
        active: False: it is switched off.
        workstream: as the file has it; so ``departments``, ``site`` and ``key_user_hours``.
        links: ids of the rows that it waits for.
        children: the rows below it.
        total_hours: of its work and that of all rows below it, by whichever of them says more.
    """

    id: str
    name: str
    place: str
    hours: float | None = None
    assigned_hours: float | None = None
    duration_hours: float = 0.0
    demands: tuple[tuple[str, float], ...] = ()
    context: tuple[str, ...] = ()
    flagged_summary: bool | None = None
    milestone: bool = False
    active: bool = True
    workstream: str | None = None
    departments: tuple[str, ...] = ()
    site: str | None = None
    key_user_hours: float | None = None
    links: list[str] = field(default_factory=list)
    children: list[Row] = field(default_factory=list)
    total_hours: float = 0.0

    @property
    def key_hours(self) -> float:
        """Hours of key users beside the work."""
        return self.key_user_hours or 0.0

    @property
    def works(self) -> bool:
        """True when it can be a task: it is no summary, or holds work of its own."""
        return not self.children or self.own_hours > NEGLIGIBLE_HOURS

    @property
    def own_hours(self) -> float:
        """Hours that it holds beyond the rows below it."""
        return max(0.0, self.total_hours - plain_sum(child.total_hours for child in self.children))

    @property
    def only_time(self) -> bool:
        """True when it is a milestone that takes time, without any work that is written."""
        written = self.hours or self.assigned_hours
        return self.milestone and not self.children and not written and self.duration_hours > 0.0

    def add_up(self) -> None:
        """Set its total; those of the rows below it are."""
        below = plain_sum(child.total_hours for child in self.children)
        below += self.assigned_hours or 0.0
        self.total_hours = max(self.hours or 0.0, below) if self.children else _work_hours(self)


def _work_hours(row: Row) -> float:
    """Hours of work of a row without rows below it.

    Without any that are written, they are its duration times the units that work on it (one if
    nobody does).
    """
    written = max(row.hours or 0.0, row.assigned_hours or 0.0)
    if written:
        return written
    return row.duration_hours * (plain_sum(units for _, units in row.demands) or 1.0)


def nest(
    path: object, rows: Sequence[Row], claims: Mapping[str, Mapping[str, str] | None]
) -> list[Finding]:
    """Put rows below the rows that hold them.

    Args:
        path: of the file.
        rows: in the file's order; changed.
        claims: per way of writing the outline, such as ``OutlineLevel``: the row that holds a row,
            by id; None: the file does not say. The one that nests most rows decides: a level that
            is missing reads as the first.

    Returns:
        Contradictions between the claims, and between flags and the outline.

    Raises:
        GoliveError: a row holds itself, or rows are nested too deeply.
    """
    by_id = {row.id: row for row in rows}
    told = {name: parents for name, parents in claims.items() if parents is not None}
    findings: list[Finding] = []
    if told:
        name, parents = max(told.items(), key=lambda item: len(item[1]))
        _check_depth(path, by_id, parents)
        for row in rows:
            if row.id in parents:
                by_id[parents[row.id]].children.append(row)
        findings += _disagreements(rows, name, told)
    for row in rows:
        if row.flagged_summary and not row.children:
            words = f"{row.name!r} is flagged as a summary, no row is below it: read as a task"
            findings.append(Finding(Unmapped.CONTRADICTION, row.place, words))
        elif row.flagged_summary is False and row.children:
            words = f"{row.name!r} is flagged as a task, rows are below it: read as a summary"
            findings.append(Finding(Unmapped.CONTRADICTION, row.place, words))
    return findings


def _check_depth(path: object, by_id: Mapping[str, Row], parents: Mapping[str, str]) -> None:
    depth: dict[str, int] = {}
    for name in by_id:
        chain: list[str] = []
        at: str | None = name
        while at is not None and at not in depth:
            chain.append(at)
            at = parents.get(at)
            if len(chain) > MOST_LEVELS:
                break
        base = -1 if at is None else depth.get(at, MOST_LEVELS)
        for place, one in enumerate(reversed(chain), 1):
            depth[one] = base + place
        if depth[name] >= MOST_LEVELS:
            raise GoliveError(
                f"{path}: {by_id[name].place}: {name!r} is below itself or below more than "
                f"{MOST_LEVELS} rows: expected an outline of at most {MOST_LEVELS} levels"
            )


def _disagreements(
    rows: Sequence[Row], name: str, told: Mapping[str, Mapping[str, str]]
) -> list[Finding]:
    found = []
    for other, parents in told.items():
        differ = [row for row in rows if parents.get(row.id) != told[name].get(row.id)]
        if differ:
            named = ", ".join(repr(row.name) for row in differ[:MOST_NAMED])
            more = f" and {len(differ) - MOST_NAMED} more" if len(differ) > MOST_NAMED else ""
            words = f"{name} and {other} disagree on {named}{more}: {name} decides"
            found.append(Finding(Unmapped.CONTRADICTION, "outline", words))
    return found


def levels(rows: Sequence[tuple[str, int]]) -> dict[str, str]:
    """Per row the one above it: the last before it with a smaller level."""
    parents: dict[str, str] = {}
    around: list[tuple[str, int]] = []
    for name, level in rows:
        while around and around[-1][1] >= level:
            around.pop()
        if around:
            parents[name] = around[-1][0]
        around.append((name, level))
    return parents


def numbers(rows: Sequence[tuple[str, str]]) -> dict[str, str] | None:
    """Per row the one above it, by numbers such as ``1.2.3``; None: they number no rows."""
    rows = [(name, number if len(number) <= _LONGEST_NUMBER else "") for name, number in rows]
    owners = {number: name for name, number in rows if number}
    if not owners or len(owners) < plain_sum(1 for _, number in rows if number):
        return None  # a number that several rows have says where they belong, not which they are
    parents: dict[str, str] = {}
    for name, number in rows:
        above = number
        while "." in above and name not in parents:
            above = above.rpartition(".")[0]
            if above in owners:
                parents[name] = owners[above]
    return parents
