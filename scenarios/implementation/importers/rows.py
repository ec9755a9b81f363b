"""Rows of a project file as tasks: what hours they have, and what links of summaries mean.

Where several fields of a row say how many hours it has, the most counts. What a summary holds
beyond its rows is work of its own. So the hours of the rows outermost are those of all tasks and
findings together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ....core.arithmetic import plain_sum
from ....core.errors import GoliveError
from .links import LinkKind
from .outline import NEGLIGIBLE_HOURS, Row
from .project import MOST_LINKS, MOST_NAMED, MOST_TASKS, Finding, ImportedTask, Unmapped


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


def set_demands(row: Row, units: Mapping[str, float], findings: list[Finding]) -> None:
    """Let a row have the people who work on it.

    Args:
        row: changed.
        units: of each resource, by resource id; those of 0 are listed and left out.
        findings: added to.
    """
    row.demands = tuple((person, count) for person, count in units.items() if count > 0.0)
    nobody = [person for person, count in units.items() if count <= 0.0]
    if nobody:
        named = ", ".join(map(repr, nobody[:MOST_NAMED]))
        words = f"{row.name!r}: resource {named} with 0 units: not counted as people"
        findings.append(Finding(Unmapped.ASSIGNMENT, row.place, words))


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
    held = plain_sum(row.total_hours for row in rows if row.id not in inside)
    return tasks, held + plain_sum(row.key_hours for row in rows)


def _outermost_first(rows: Sequence[Row], inside: set[str]) -> list[Row]:
    order = [row for row in rows if row.id not in inside]
    for row in order:  # grows while it is gone through
        order += row.children
    return order


def _summary(row: Row) -> Finding:
    own = row.own_hours
    words = f"{row.name!r}: its tasks are carried over"
    if own > NEGLIGIBLE_HOURS:
        words += f", and the {own:g} h of its own as a task beside them"
        return Finding(Unmapped.SUMMARY, row.place, words)
    if row.key_hours:
        words += f", without its own {row.key_hours:g} h of key users"
    return Finding(Unmapped.SUMMARY, row.place, words, own + row.key_hours)


def _contradiction(row: Row) -> list[Finding]:
    """A summary whose own hours are fewer than those of its tasks."""
    said = row.hours or 0.0
    active = plain_sum(child.total_hours for child in row.children if child.active)
    below = plain_sum(child.total_hours for child in row.children) + (row.assigned_hours or 0.0)
    rounding = 1e-6 * below + NEGLIGIBLE_HOURS
    if not said or said >= below - rounding or said >= active - rounding:
        return []
    words = f"{row.name!r} says {said:g} h, its tasks {below:g} h: the tasks count"
    return [Finding(Unmapped.CONTRADICTION, row.place, words)]


def _task(
    row: Row, context: tuple[str, ...], before: Sequence[str], findings: list[Finding]
) -> ImportedTask:
    duration, key_user_hours = row.duration_hours, row.key_user_hours
    effort = row.own_hours if row.children else row.total_hours
    if row.children:
        duration = 0.0
    elif row.active:
        findings += _hours_findings(row)
    duration = duration or effort / (plain_sum(count for _, count in row.demands) or 1.0)
    milestone = not effort and not duration
    held = effort + row.key_hours
    if not row.active:
        words = f"{row.name!r}: {held:g} h: is left out" if held else f"{row.name!r} is left out"
        findings.append(Finding(Unmapped.INACTIVE, row.place, words, held))
        effort, duration, key_user_hours = 0.0, 0.0, None
    elif row.only_time:
        words = f"{row.name!r}: no work, {duration:g} h long: its time and links are kept"
        findings.append(Finding(Unmapped.MILESTONE, row.place, words, held))
        effort, milestone, key_user_hours = 0.0, True, None
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
    found = []
    if not said and not assigned and row.duration_hours and not row.milestone:
        units = plain_sum(count for _, count in row.demands)
        who = f"of {units:g}" if units else "of one"
        words = f"{row.name!r}: no work: its duration counts as the effort {who}"
        found.append(Finding(Unmapped.NO_EFFORT, row.place, words))
    if said and assigned and abs(said - assigned) > 1e-6 * said + NEGLIGIBLE_HOURS:
        words = f"{row.name!r} says {said:g} h, its assignments {assigned:g} h: the larger counts"
        found.append(Finding(Unmapped.CONTRADICTION, row.place, words))
    if row.milestone and (said or assigned):
        words = (
            f"{row.name!r} is flagged as a milestone, with {row.total_hours:g} h: read as a task"
        )
        found.append(Finding(Unmapped.CONTRADICTION, row.place, words))
    return found


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
        link: _last(leaves[link], direct) if link in leaves else [link]
        for link in dict.fromkeys(link for row in rows for link in row.links)
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
