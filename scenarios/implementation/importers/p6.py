"""Projects of Primavera P6, by the tables and fields of its database.

XER files hold them as they are; PMXML has other names for the same, see ``pmxml``.
Source: "Primavera P6 Import/Export Guide" and "XER Data Map Guide", Oracle; names as there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from ....core.errors import GoliveError
from .links import LinkKind
from .names import normalised
from .outline import Row, nest
from .p6_tables import (
    EQUIPMENT,
    LABOUR,
    MATERIAL,
    Record,
    Tables,
    most_hours,
    people_of,
    project_name,
    working_time,
)
from .project import (
    MOST_TASKS,
    Finding,
    ImportedProject,
    ImportedResource,
    Unmapped,
    check_project,
)
from .rows import add_link, set_demands, tasks_of

_MILESTONES = ("TT_Mile", "TT_FinMile")
_SPANNING = {"TT_LOE": "level of effort", "TT_WBS": "WBS summary"}
"""Types of activities whose duration is that of others."""
_TYPES = frozenset(("TT_Task", "TT_Rsrc", *_MILESTONES, *_SPANNING))
_LINKS = {
    "PR_FS": LinkKind.FINISH_TO_START,
    "PR_SS": LinkKind.START_TO_START,
    "PR_FF": LinkKind.FINISH_TO_FINISH,
    "PR_SF": LinkKind.START_TO_FINISH,
}
_CONSTRAINTS = {
    "CS_ALAP": "as late as possible",
    "CS_MSO": "start on",
    "CS_MSOA": "start on or after",
    "CS_MSOB": "start on or before",
    "CS_MEO": "finish on",
    "CS_MEOA": "finish on or after",
    "CS_MEOB": "finish on or before",
    "CS_MANDSTART": "mandatory start",
    "CS_MANDFIN": "mandatory finish",
}
_LONGEST_ID = 40
_DONE_AND_LEFT = ("act_reg_qty", "act_ot_qty", "remain_qty")


def project_of(
    path: Path,
    form: str,
    tables: Tables,
    weeks: Mapping[str, tuple[list[float], int]],
    findings: list[Finding],
) -> ImportedProject:
    """The project of P6's tables.

    Nodes of the work breakdown structure are summaries. Hours are those of labour; those of
    equipment are listed.

    Args:
        path: of the file.
        form: its format.
        tables: records by table.
        weeks: hours of the days of the week, and the number of exceptions, by calendar.
        findings: so far; added to.

    Raises:
        GoliveError: a value of another form, an id given twice, a relationship with an activity
            that is not there, a circle; names file, line, table, field and value.
    """
    time = working_time(tables, weeks, findings)
    people, kinds = people_of(tables, findings)
    rows, activities = _rows(path, tables, findings)
    nodes, parents = _breakdown(tables, rows, activities)
    findings += nest(path, [*nodes, *rows.values()], {"WBS": parents})
    beside = _assign(tables, rows, people, kinds, findings)
    _read_links(tables, rows, findings)
    for record in activities.values():
        findings += _activity_findings(record, rows[record.text("task_id")])
    tasks, hours = tasks_of(path, [*nodes, *rows.values()], findings)
    used = {name for row in rows.values() for name, _ in row.demands}
    return check_project(
        ImportedProject(
            name=project_name(tables) or path.stem,
            source=str(path),
            format=form,
            tasks=tasks,
            resources=tuple(one for name, one in people.items() if name in used),
            hours=hours + beside,
            hours_per_day=time.hours_per_day,
            days_per_week=int(time.days_per_week),
            unmapped=tuple(findings),
        )
    )


def _rows(
    path: Path, tables: Tables, findings: list[Finding]
) -> tuple[dict[str, Row], dict[str, Record]]:
    """Rows and records of activities by their own id; the plan names them by P6's Activity ID."""
    activities: dict[str, Record] = {}
    for record in tables["TASK"]:
        own = record.needed("task_id")
        if own in activities:
            raise record.error("task_id", "each id only once")
        activities[own] = record
        if len(activities) > MOST_TASKS:
            raise GoliveError(f"{path}: more than {MOST_TASKS:,} tasks: expected fewer")
    codes = [normalised(record.text("task_code")) for record in activities.values()]
    unique = len(set(codes)) == len(codes) and all(0 < len(one) <= _LONGEST_ID for one in codes)
    projects = {record.text("proj_id") for record in activities.values()}
    if len(projects) > 1:
        words = f"activities of {len(projects)} projects are read as one"
        findings.append(Finding(Unmapped.OUTSIDE_LINK, "file", words))
    rows = {}
    for (own, record), code in zip(activities.items(), codes, strict=True):
        rows[own] = _row(record, code if unique else own, code)
    return rows, activities


def _row(record: Record, identity: str, code: str) -> Row:
    kind = record.text("task_type") or "TT_Task"
    if kind not in _TYPES:
        raise record.error("task_type", f"one of {', '.join(sorted(_TYPES))}")
    if len(identity) > _LONGEST_ID:
        raise record.error("task_id", f"at most {_LONGEST_ID} characters")
    name = normalised(record.text("task_name")) or code or f"activity {identity}"
    row = Row(identity, name, f"line {record.line}, activity {code or identity}")
    row.hours = most_hours(record, "target_work_qty", ("act_work_qty", "remain_work_qty"))
    row.duration_hours = record.number("target_drtn_hr_cnt")
    row.milestone = kind in _MILESTONES
    if kind in _SPANNING and not row.hours:
        row.duration_hours = 0.0
    return row


def _breakdown(
    tables: Tables, rows: Mapping[str, Row], activities: Mapping[str, Record]
) -> tuple[list[Row], dict[str, str]]:
    """Rows of the nodes that hold activities, and per row the node above it, without the root."""
    records = {record.text("wbs_id"): record for record in tables["PROJWBS"]}
    roots = {name for name, record in records.items() if record.text("proj_node_flag") == "Y"}

    def above(name: str) -> str | None:
        return name if name in records and name not in roots else None

    parents: dict[str, str] = {}
    nodes: dict[str, Row] = {}
    waiting: list[tuple[str, str]] = []
    for own, record in activities.items():
        node = above(record.text("wbs_id"))
        if node is not None:
            waiting.append((rows[own].id, node))
    for below, node in waiting:  # grows while it is gone through
        parents[below] = f"wbs {node}"
        if node in nodes:
            continue
        record = records[node]
        name = normalised(record.text("wbs_name") or record.text("wbs_short_name")) or f"WBS {node}"
        nodes[node] = Row(f"wbs {node}", name, f"line {record.line}, WBS {node}")
        higher = above(record.text("parent_wbs_id"))
        if higher is not None:
            waiting.append((f"wbs {node}", higher))
    return list(nodes.values()), parents


def _assign(
    tables: Tables,
    rows: Mapping[str, Row],
    people: Mapping[str, ImportedResource],
    kinds: Mapping[str, str],
    findings: list[Finding],
) -> float:
    """Give each row who works on it and for how long.

    Returns:
        Hours of equipment, and of assignments to no activity of the file.
    """
    beside = 0.0
    demands: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for record in tables["TASKRSRC"]:
        resource, task = record.text("rsrc_id"), record.text("task_id")
        kind = _kind(record, kinds)
        hours = most_hours(record, "target_qty", _DONE_AND_LEFT)
        if task not in rows and kind != MATERIAL:
            words = f"{hours or 0.0:g} h on an activity that is not in the file"
            where = f"line {record.line}"
            findings.append(Finding(Unmapped.ASSIGNMENT, where, words, hours or 0.0))
            beside += hours or 0.0
            continue
        if kind != LABOUR:
            continue
        row = rows[task]
        if hours is not None:
            row.assigned_hours = (row.assigned_hours or 0.0) + hours
        person = resource if resource in people else f"role {record.text('role_id')}"
        if person in people:
            units = record.number("target_qty_per_hr", 1.0)
            demands[task][person] = demands[task].get(person, 0.0) + units
        elif resource:
            words = f"{row.name!r}: resource {resource} is not in the file"
            findings.append(Finding(Unmapped.UNKNOWN_RESOURCE, row.place, words))
    for task, own in demands.items():
        set_demands(rows[task], own, findings)
    return beside + _list_equipment(tables, rows, kinds, findings)


def _kind(record: Record, kinds: Mapping[str, str]) -> str:
    return kinds.get(record.text("rsrc_id")) or record.text("rsrc_type") or LABOUR


def _list_equipment(
    tables: Tables, rows: Mapping[str, Row], kinds: Mapping[str, str], findings: list[Finding]
) -> float:
    """List the hours of equipment of each activity, and say how many they are."""
    assigned: defaultdict[str, float] = defaultdict(float)
    for record in tables["TASKRSRC"]:
        if _kind(record, kinds) == EQUIPMENT and record.text("task_id") in rows:
            assigned[record.text("task_id")] += (
                most_hours(record, "target_qty", _DONE_AND_LEFT) or 0.0
            )
    total = 0.0
    for record in tables["TASK"]:
        task = record.text("task_id")
        said = most_hours(record, "target_equip_qty", ("act_equip_qty", "remain_equip_qty")) or 0.0
        hours = max(said, assigned[task])
        if hours:
            words = f"{rows[task].name!r}: {hours:g} h of equipment: only people do work here"
            findings.append(Finding(Unmapped.RESOURCE_KIND, rows[task].place, words, hours))
            total += hours
    return total


def _read_links(tables: Tables, rows: Mapping[str, Row], findings: list[Finding]) -> None:
    for record in tables["TASKPRED"]:
        after, before = record.text("task_id"), record.text("pred_task_id")
        kind = _LINKS.get(record.text("pred_type") or "PR_FS")
        if kind is None:
            raise record.error("pred_type", f"one of {', '.join(_LINKS)}")
        lag = record.number("lag_hr_cnt", signed=True)
        own, other = record.text("proj_id"), record.text("pred_proj_id")
        missing = [name for name in (after, before) if name not in rows]
        if missing and own == other:
            raise record.error(
                "pred_task_id" if before not in rows else "task_id",
                "the id of an activity in this file",
            )
        if missing:
            where = rows[after].place if after in rows else f"line {record.line}"
            words = f"a relationship with activity {missing[0]} of another project is left out"
            findings.append(Finding(Unmapped.OUTSIDE_LINK, where, words))
            continue
        words = f"{lag:+g} h" if lag else ""
        add_link(rows[after], rows[before].id, kind, words, rows[before].id, findings)


def _activity_findings(record: Record, row: Row) -> Iterator[Finding]:
    """Findings on an activity: its type, progress, constraint and expenses."""
    spanning = _SPANNING.get(record.text("task_type"))
    if spanning:
        words = f"{row.name!r} is a {spanning}: read as a task, as long as its hours take"
        yield Finding(Unmapped.RECURRING, row.place, words)
    done = record.number("phys_complete_pct")
    if record.text("status_code") in ("TK_Complete", "TK_Active") or done:
        how = "finished" if record.text("status_code") == "TK_Complete" else "begun"
        words = (
            f"{row.name!r} is {how}{f', {done:g} %' if done else ''}: the whole of it is planned"
        )
        yield Finding(Unmapped.PROGRESS, row.place, words)
    for kind, day in (("cstr_type", "cstr_date"), ("cstr_type2", "cstr_date2")):
        constraint = record.text(kind)
        if constraint:
            what = _CONSTRAINTS.get(constraint, constraint.lower())
            words = f"{row.name!r}: {what} {record.text(day)[:10]}".rstrip()
            yield Finding(Unmapped.CONSTRAINT, row.place, words)
