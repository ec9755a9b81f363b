"""Tasks as a table: CSV with a heading line, as spreadsheets and project tools export it."""

from __future__ import annotations

import re
from pathlib import Path

from ....core.errors import GoliveError
from .amounts import TimeUnit, WorkingTime, amount_of
from .cells import hours_between, is_yes, several, unwrapped
from .layout import DEFAULT, TableField, TableLayout, named_layout
from .links import Link, TaskNames, links_of
from .names import folded, person
from .outline import Row, levels, nest, numbers
from .project import (
    MOST_LINKS,
    MOST_TASKS,
    Finding,
    ImportedProject,
    ImportedResource,
    ImportedTask,
    Unmapped,
    check_project,
    read_bytes,
)
from .rows import add_link, set_demands, tasks_of
from .table import Line
from .table_heading import table_of

FORMAT = "csv"
_TIME = WorkingTime()
_LONGEST_ID = 40
_PERCENT = re.compile(r"^([0-9]{1,3}(?:[.,][0-9]{1,9})?)\s*%?$")
_CANCELLED = ("cancel", "abandon", "reject", "won't do", "wont do", "removed", "abgebrochen")
_DONE = ("done", "complete", "closed", "resolved", "finished", "erledigt", "abgeschlossen")


def read_project(path: Path | str, layout: str | None = None) -> ImportedProject:
    """Read a table of tasks; each name in a role's cell is a resource of one.

    Args:
        path: of the file.
        layout: name of a layout that comes with golive, or path of one's own; None: by the heading.

    Raises:
        GoliveError: not UTF-8, no heading with the required columns, a cell that is no number, an
            id given twice, an unknown predecessor or a circle; names file, line, column and value.
    """
    path = Path(path)
    told = None if layout is None else (layout, named_layout(layout))
    table = table_of(path, read_bytes(path), told)
    findings = table.findings
    reader = _Reader(path, table.name, table.layout, findings)
    for line in table.lines():
        reader.read(line)
    tasks, hours = reader.tasks()
    project = ImportedProject(
        name=path.stem,
        source=str(path),
        format=FORMAT,
        tasks=tasks,
        resources=reader.resources(),
        hours=hours,
        hours_per_day=_TIME.hours_per_day,
        unmapped=tuple(findings),
    )
    return check_project(project)


class _Reader:
    """Rows of a table, gathered until all ids are known."""

    def __init__(self, path: Path, name: str, layout: TableLayout, findings: list[Finding]) -> None:
        self.path = path
        self.is_own = name == DEFAULT
        self.layout = layout
        self.findings = findings
        self.rows: dict[str, Row] = {}
        self.lines: dict[str, Line] = {}
        self.people: dict[str, str] = {}
        self.guessed = 0.0
        self.links = 0
        self.most: dict[str, float] = {}

    def read(self, line: Line) -> None:
        """Take a line of the table."""
        cells = line.cells
        name = cells.get(TableField.NAME, "")
        if not name and self.layout.groups and TableField.ID not in cells:
            held = cells.get(TableField.EFFORT, "no hours")
            words = f"a line without a name, of {held}: a sum, which is not read"
            self.findings.append(Finding(Unmapped.COLUMN, f"line {line.number}", words))
            return
        identity = cells.get(TableField.ID, "")
        if TableField.ID not in self.layout.columns or (self.layout.row_numbers and not identity):
            identity = str(line.row)
        if not identity or len(identity) > _LONGEST_ID:
            raise line.error(f"id: {identity!r}: expected 1 to {_LONGEST_ID} characters")
        if not name:
            raise line.error("name: empty: expected what is done")
        if identity in self.rows:
            place = self.rows[identity].place
            raise GoliveError(f"{self.path}: {place}: id {identity!r}: expected each id only once")
        if len(self.rows) >= MOST_TASKS:
            raise GoliveError(f"{self.path}: more than {MOST_TASKS:,} tasks: expected fewer")
        self.rows[identity] = self._row(identity, name, line)
        self.lines[identity] = line

    def _row(self, identity: str, name: str, line: Line) -> Row:
        cells, place = line.cells, f"line {line.number}"
        status = folded(cells.get(TableField.STATUS, ""))
        row = Row(identity, name, place, duration_hours=self._hours(line, "duration") or 0.0)
        effort = self._hours(line, "effort")
        if self.layout.parents_add:
            row.assigned_hours = effort
        else:
            row.hours = effort
        if not row.duration_hours:
            row.duration_hours = hours_between(cells, _TIME.hours_per_day)
        set_demands(row, self._units(cells.get(TableField.ROLE, "")), self.findings)
        row.workstream = cells.get(TableField.WORKSTREAM)
        row.departments = several(cells.get(TableField.DEPARTMENT, ""))
        row.site = cells.get(TableField.SITE)
        row.key_user_hours = self._hours(line, "key_user_hours")
        section = (line.group, cells.get(TableField.CONTEXT, ""))
        row.context = tuple(text for text in section if text)
        if TableField.SUMMARY in cells:
            row.flagged_summary = is_yes(cells[TableField.SUMMARY])
        row.milestone = is_yes(cells.get(TableField.MILESTONE, ""))
        row.active = is_yes(cells.get(TableField.ACTIVE, "yes"))
        if any(word in status for word in _CANCELLED):
            row.active = False
        self._list_progress(row, line, status)
        return row

    def _hours(self, line: Line, column: str) -> float | None:
        """Hours of a cell; None: it is empty."""
        field = TableField(column)
        cell = line.cells.get(field)
        if not cell:
            return None
        unit = line.units.get(field) or self.layout.units.get(column, TimeUnit.HOURS)  # type: ignore[call-overload]
        amount = amount_of(cell, _TIME, unit, self.layout.decimal)
        if amount is None:
            raise line.error(
                f"{column}: {cell!r}: expected hours such as 12 or 12.5h, or days such as 3d, "
                "0 or more, with a decimal point and no mark of thousands"
            )
        if amount.elapsed:
            words = f"{cell!r}: elapsed time is counted as {amount.hours:g} working hours"
            self.findings.append(Finding(Unmapped.CALENDAR, f"line {line.number}", words))
        return amount.hours

    def _units(self, cell: str) -> dict[str, float]:
        """Units of each person of a cell; one written in two ways is one, by the first."""
        found: dict[str, float] = {}
        for text in several(unwrapped(cell)):
            name, units = person(text)
            known = self.people.setdefault(folded(name), name)
            found[known] = max(found.get(known, 0.0), units)
        for name, units in found.items():
            self.most[name] = max(self.most.get(name, 0.0), units)
        return found

    def _list_progress(self, row: Row, line: Line, status: str) -> None:
        cell = line.cells.get(TableField.COMPLETE, "")
        found = _PERCENT.match(cell)
        done = f"{cell} complete" if found and float(found[1].replace(",", ".")) else ""
        if status and any(word in status for word in _DONE) and "not" not in status.split():
            done = done or line.cells[TableField.STATUS]
        if done:
            words = f"{row.name!r} is {done!r}: the whole of it is planned"
            self.findings.append(Finding(Unmapped.PROGRESS, row.place, words))

    def tasks(self) -> tuple[tuple[ImportedTask, ...], float]:
        """The tasks of all rows, and the hours that the table holds."""
        rows = list(self.rows.values())
        names = self._names()
        self.findings += nest(self.path, rows, self._claims(names))
        for row in rows:
            self._fill(row)
            self._read_links(row, names)
        tasks, hours = tasks_of(self.path, rows, self.findings)
        return tasks, hours - self.guessed

    def _names(self) -> TaskNames:
        others = [
            (line.cells[TableField.OTHER_ID], identity)
            for identity, line in self.lines.items()
            if TableField.OTHER_ID in line.cells
        ]
        if not self.is_own:
            others += [(row.name, identity) for identity, row in self.rows.items()]
        return TaskNames(self.rows, others)

    def _claims(self, names: TaskNames) -> dict[str, dict[str, str] | None]:
        """Parents by id, by each column that says them."""
        found: dict[str, str] = {}
        for identity, line in self.lines.items():
            parent = line.cells.get(TableField.PARENT)
            above = None if parent is None else names.find(parent)
            if above is not None and above != identity:
                found[identity] = above
            elif parent is not None:
                row = self.rows[identity]
                row.context = (parent, *row.context)
        told = [(identity, line.outline_level()) for identity, line in self.lines.items()]
        by_level = [(identity, level) for identity, level in told if level is not None]
        outline = [(i, line.cells.get(TableField.OUTLINE, "")) for i, line in self.lines.items()]
        return {
            "parent": found or None,
            "outline level": levels(by_level) if by_level else None,
            "outline number": numbers(outline),
            "indentation": self._indentation(),
        }

    def _indentation(self) -> dict[str, str] | None:
        """Parents by blanks before names, as tables copied from a tool have them.

        None: names are not indented by two blanks or a multiple of them, which is no accident.
        """
        indents = [(identity, line.indent) for identity, line in self.lines.items()]
        step = min((indent for _, indent in indents if indent), default=0)
        if self.is_own or step < 2 or any(indent % step for _, indent in indents):
            return None
        return levels(indents)

    def _fill(self, row: Row) -> None:
        """Hours of a task that the table has none of."""
        if row.hours is not None or row.assigned_hours is not None or row.children:
            return
        if self.is_own:
            line = self.lines[row.id]
            raise line.error("effort: empty: expected hours such as 12 or days such as 3d")
        if row.duration_hours or row.milestone or self.layout.hours_if_none is None:
            return
        row.hours = self.layout.hours_if_none
        if row.active:
            self.guessed += row.hours
            words = f"{row.name!r}: the table has no hours of it: {row.hours:g} are taken"
            self.findings.append(Finding(Unmapped.GUESS, row.place, words, -row.hours))

    def _read_links(self, row: Row, names: TaskNames) -> None:
        cells = self.lines[row.id].cells
        for link in links_of(cells.get(TableField.PREDECESSORS, ""), names):
            if self._is_known(row, link):
                add_link(row, link.id, link.kind, link.lag, link.id, self.findings)
        for link in links_of(cells.get(TableField.SUCCESSORS, ""), names):
            after = self.rows.get(link.id)
            if self._is_known(row, link) and after is not None and row.id not in after.links:
                add_link(after, row.id, link.kind, link.lag, row.id, self.findings)

    def _is_known(self, row: Row, link: Link) -> bool:
        """See if a link's other end is in the table; if it need not be, it is listed.

        Raises:
            GoliveError: it is not, and has to be.
        """
        self.links += 1
        if self.links > MOST_LINKS:
            raise GoliveError(f"{self.path}: more than {MOST_LINKS:,} links: expected fewer")
        if link.known:
            return True
        if not link.outside and not self.layout.outside_links:
            raise GoliveError(
                f"{self.path}: {row.place}: predecessor {link.id!r} of {row.id!r}: expected the id "
                "of a task in this file"
            )
        words = f"{row.name!r}: {link.words!r} is not in the file: the link is left out"
        self.findings.append(Finding(Unmapped.OUTSIDE_LINK, row.place, words))
        return False

    def resources(self) -> tuple[ImportedResource, ...]:
        """The people of all rows, one of each: a table does not say how many there are."""
        for name, units in self.most.items():
            if units > 1.0:
                words = f"up to {100 * units:g} % of it on a task: one is taken (--map, crew:)"
                self.findings.append(Finding(Unmapped.GUESS, f"resource {name!r}", words))
        return tuple(ImportedResource(name, name, 1.0) for name in self.people.values())
