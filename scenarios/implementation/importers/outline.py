"""Rows of a project file as tasks: which row holds which, where the hours are, what links mean.

Structure decides, not flags: a row with rows below it is a summary, whatever it is called. Where
several fields of a row say how many hours it has, the most counts. What a summary holds beyond its
rows is work of its own. So the hours of the rows outermost are those of all tasks and findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ....core.errors import GoliveError
from .links import LinkKind
from .project import MOST_LINKS, MOST_NAMED, MOST_TASKS, Finding, ImportedTask, Unmapped

MOST_LEVELS = 64
_NEGLIGIBLE_HOURS = 0.01
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
        """Whether it can be a task: it is no summary, or holds work of its own."""
        return not self.children or self.own_hours > _NEGLIGIBLE_HOURS

    @property
    def own_hours(self) -> float:
        """Hours that it holds beyond the rows below it."""
        return max(0.0, self.total_hours - sum(child.total_hours for child in self.children))

    def add_up(self) -> None:
        """Set its total; those of the rows below it are."""
        below = sum(child.total_hours for child in self.children) + (self.assigned_hours or 0.0)
        self.total_hours = max(self.hours or 0.0, below) if self.children else _work_hours(self)


def _work_hours(row: Row) -> float:
    """Hours of work of a row without rows below it.

    Without any that are written, they are its duration times the units that work on it (one if
    nobody does).
    """
    written = max(row.hours or 0.0, row.assigned_hours or 0.0)
    if written:
        return written
    return row.duration_hours * (sum(units for _, units in row.demands) or 1.0)


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
    if not owners or len(owners) < sum(1 for _, number in rows if number):
        return None  # a number that several rows have says where they belong, not which they are
    parents: dict[str, str] = {}
    for name, number in rows:
        above = number
        while "." in above and name not in parents:
            above = above.rpartition(".")[0]
            if above in owners:
                parents[name] = owners[above]
    return parents


def add_link(
    row: Row, before: str, kind: LinkKind, lag: str, words: str, findings: list[Finding]
) -> None:
    """Let a row wait for another; what is not finish-to-start is listed instead, as is a lag.

    Args:
        row: that waits.
        before: id of the other.
        kind: of the link.
        lag: in words; empty: none.
        words: by which findings call the other.
        findings: added to.
    """
    if kind is not LinkKind.FINISH_TO_START:
        text = f"{row.name!r}: {kind} from {words}: the link is left out"
        findings.append(Finding(Unmapped.LINK_TYPE, row.place, text))
        return
    if lag:
        text = f"{row.name!r}: {lag} after {words}: the link is kept, without its lag"
        findings.append(Finding(Unmapped.LAG, row.place, text))
    row.links.append(before)


def tasks_of(
    path: object, rows: Sequence[Row], findings: list[Finding]
) -> tuple[tuple[ImportedTask, ...], float]:
    """The tasks of nested rows, and the hours of work that all rows hold together.

    Args:
        path: of the file.
        rows: as ``nest`` left them; their links are of rows.
        findings: what is not carried over is added.

    Raises:
        GoliveError: too many tasks or links.
    """
    inside = {child.id for row in rows for child in row.children}
    around: dict[str, tuple[str, ...]] = {}
    order = _outermost_first(rows, inside)
    for row in reversed(order):
        row.add_up()
    for row in order:
        for child in row.children:
            around[child.id] = (*around.get(row.id, ()), row.name)
    kept = [row for row in rows if row.works]
    if len(kept) > MOST_TASKS:
        raise GoliveError(f"{path}: more than {MOST_TASKS:,} tasks: expected fewer")
    before = dissolved(path, rows, findings)
    for row in rows:
        if row.children:
            findings.append(_summary(row))
            findings += _contradiction(row)
    tasks = tuple(
        _task(row, around.get(row.id, ()) + row.context, before[row.id], findings) for row in kept
    )
    held = sum(row.total_hours for row in rows if row.id not in inside)
    return tasks, held + sum(row.key_hours for row in rows)


def _outermost_first(rows: Sequence[Row], inside: set[str]) -> list[Row]:
    order = [row for row in rows if row.id not in inside]
    for row in order:  # grows while it is gone through
        order += row.children
    return order


def _summary(row: Row) -> Finding:
    own = row.own_hours
    words = f"{row.name!r}: its tasks are carried over"
    if own > _NEGLIGIBLE_HOURS:
        words += f", and the {own:g} h of its own as a task beside them"
        return Finding(Unmapped.SUMMARY, row.place, words)
    if row.key_hours:
        words += f", without its own {row.key_hours:g} h of key users"
    return Finding(Unmapped.SUMMARY, row.place, words, own + row.key_hours)


def _contradiction(row: Row) -> list[Finding]:
    """A summary whose own hours are fewer than those of its tasks."""
    said = row.hours or 0.0
    active = sum(child.total_hours for child in row.children if child.active)
    below = sum(child.total_hours for child in row.children) + (row.assigned_hours or 0.0)
    rounding = 1e-6 * below + _NEGLIGIBLE_HOURS
    if not said or said >= below - rounding or said >= active - rounding:
        return []
    words = f"{row.name!r} says {said:g} h, its tasks {below:g} h: the tasks count"
    return [Finding(Unmapped.CONTRADICTION, row.place, words)]


def _task(
    row: Row, context: tuple[str, ...], before: Sequence[str], findings: list[Finding]
) -> ImportedTask:
    effort, duration, key_user_hours = row.total_hours, row.duration_hours, row.key_user_hours
    written = bool(row.hours or row.assigned_hours)
    units = sum(count for _, count in row.demands) or 1.0
    if row.children:
        effort, duration = row.own_hours, 0.0
    elif row.active:
        findings += _hours_findings(row)
    duration = duration or effort / units
    milestone = not effort and not duration
    if row.active and row.milestone and not row.children:
        if written:
            words = f"{row.name!r} is flagged as a milestone, with {effort:g} h: read as a task"
            findings.append(Finding(Unmapped.CONTRADICTION, row.place, words))
        elif duration:
            words = f"{row.name!r}: no work, {duration:g} h long: its time and links are kept"
            findings.append(Finding(Unmapped.MILESTONE, row.place, words, effort + row.key_hours))
            effort, milestone, key_user_hours = 0.0, True, None
    if not row.active:
        held = effort + row.key_hours
        words = f"{row.name!r}: {held:g} h: is left out" if held else f"{row.name!r} is left out"
        findings.append(Finding(Unmapped.INACTIVE, row.place, words, held))
        effort, duration, key_user_hours = 0.0, 0.0, None
    return ImportedTask(
        id=row.id,
        name=row.name,
        place=row.place,
        duration_hours=duration,
        effort_hours=effort,
        predecessors=tuple(dict.fromkeys(before)),
        demands=row.demands if row.active else (),
        context=context,
        workstream=row.workstream,
        departments=row.departments,
        site=row.site,
        key_user_hours=key_user_hours,
        milestone=milestone,
        active=row.active,
    )


def _hours_findings(row: Row) -> list[Finding]:
    """Hours of a task that are a guess, or that its fields do not agree on."""
    said, assigned = row.hours or 0.0, row.assigned_hours or 0.0
    if not said and not assigned and row.duration_hours and not row.milestone:
        units = sum(count for _, count in row.demands)
        who = f"of {units:g}" if units else "of one"
        words = f"{row.name!r}: no work: its duration counts as the effort {who}"
        return [Finding(Unmapped.NO_EFFORT, row.place, words)]
    if said and assigned and abs(said - assigned) > 1e-6 * said + _NEGLIGIBLE_HOURS:
        words = f"{row.name!r} says {said:g} h, its assignments {assigned:g} h: the larger counts"
        return [Finding(Unmapped.CONTRADICTION, row.place, words)]
    return []


def dissolved(path: object, rows: Sequence[Row], findings: list[Finding]) -> dict[str, list[str]]:
    """Per row that works the ones it waits for: links of summaries are links of their tasks.

    A link from a summary waits for the last of its tasks, a link to one holds its first back.
    """
    by_id = {row.id: row for row in rows}
    leaves = {row.id: _leaves(row) for row in rows if row.children}
    for row in rows:
        if row.children and row.links:
            words = f"{row.name!r}: its links hold back its first tasks"
            findings.append(Finding(Unmapped.SUMMARY_LINK, row.place, words))
    direct = {row.id: [] if row.children else row.links for row in rows if row.works}
    waiting = list(direct.items())
    for name, inside in leaves.items():
        own = set(inside)
        first = [leaf for leaf in inside if own.isdisjoint(direct[leaf])]
        waiting += [(leaf, by_id[name].links) for leaf in first]
    ends = {
        name: _last(leaves[name], direct) if name in leaves else [name]
        for name in {link for row in rows for link in row.links}
    }
    before: dict[str, list[str]] = {name: [] for name in direct}
    total = 0
    for name, links in waiting:
        for link in links:
            total += len(ends[link])
            if total > MOST_LINKS:
                raise GoliveError(
                    f"{path}: links of summary tasks stand for more than {MOST_LINKS:,} links "
                    "between tasks: expected fewer"
                )
            before[name] += ends[link]
    return before


def _leaves(row: Row) -> list[str]:
    """Ids of the tasks in a row: those below a summary, and its own work."""
    found = [leaf for child in row.children for leaf in _leaves(child)]
    return [row.id, *found] if row.works else found


def _last(leaves: Sequence[str], direct: Mapping[str, Sequence[str]]) -> list[str]:
    """Those of some tasks that none of the others waits for."""
    inside = set(leaves)
    waited_for = {link for leaf in inside for link in direct[leaf]}
    return [leaf for leaf in leaves if leaf not in waited_for]
