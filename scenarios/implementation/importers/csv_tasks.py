"""Tasks as a table: CSV with a heading line, as spreadsheets and project tools export it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from ....core.errors import GoliveError
from .project import (
    Finding,
    ImportedProject,
    ImportedResource,
    ImportedTask,
    Unmapped,
    check_project,
    decoded,
    read_bytes,
)

FORMAT = "csv"
COLUMNS = {
    "id": "unique; what predecessors name",
    "name": "what is done",
    "effort": "hours of people (12 or 12h) or days (3d)",
    "duration": "hours or days from start to finish; empty: effort divided by its roles",
    "role": "who does it, several separated by ; or ,",
    "predecessors": "ids, separated by ; or , or spaces, perhaps as 4FS",
    "workstream": "one of golive's workstreams; empty: by its name",
    "department": "whose key users it needs, several separated by ; or ,",
    "site": "name of the customer's site that it is for",
    "key_user_hours": "hours of key users",
}
"""Columns that are read; the first three are required."""
REQUIRED = ("id", "name", "effort")
_ALIASES = {"effort_hours": "effort", "duration_hours": "duration", "resource": "role"}
_DELIMITERS = (",", ";", "\t", "|")
_AMOUNT = re.compile(r"^([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(h|hours?|d|days?|)$")
_LINK = re.compile(r"^(.+?)(FS|SS|FF|SF)?([+-] ?[0-9]+(?:\.[0-9]+)? ?[a-z%]*)?$", re.IGNORECASE)
_HOURS_PER_DAY = 8.0
_MOST_ROWS = 20_000
_LONGEST_ID = 40


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table: the file and its number, and its cells by column."""

    path: Path
    line: int
    cells: dict[str, str]

    def error(self, words: str) -> GoliveError:
        return GoliveError(f"{self.path}:{self.line}: {words}")


def read_project(path: Path | str) -> ImportedProject:
    """Read a table of tasks; each role that it names is a resource of one.

    Raises:
        GoliveError: not UTF-8, no heading with the required columns, a cell that is no number, an
            id given twice, an unknown predecessor or a circle; names file, line, column and value.
    """
    path = Path(path)
    text = decoded(path, read_bytes(path))
    findings: list[Finding] = []
    rows = list(_rows(path, text, findings))
    ids = {row.cells["id"] for row in rows}
    tasks = tuple(_task(row, ids, findings) for row in rows)
    names = dict.fromkeys(role for task in tasks for role, _ in task.demands)
    project = ImportedProject(
        name=path.stem,
        source=str(path),
        format=FORMAT,
        tasks=tasks,
        resources=tuple(ImportedResource(name, name, 1.0) for name in names),
        hours_per_day=_HOURS_PER_DAY,
        unmapped=tuple(findings),
    )
    return check_project(project)


def _rows(path: Path, text: str, findings: list[Finding]) -> Iterator[_Row]:
    if not text.strip():
        raise GoliveError(f"{path}: the file is empty: expected a table of tasks")
    heading = text.lstrip().splitlines()[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    columns: list[str] = []
    try:
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(path, line, cells, findings)
                continue
            if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                raise GoliveError(
                    f"{path}:{line}: {len(cells)} cells: expected at most {len(columns)}, "
                    "as in the heading"
                )
            if line > _MOST_ROWS:
                raise GoliveError(f"{path}:{line}: expected at most {_MOST_ROWS:,} lines")
            pairs = zip_longest(columns, cells[: len(columns)], fillvalue="")
            yield _Row(path, line, {column: cell.strip() for column, cell in pairs if column})
    except csv.Error as error:
        raise GoliveError(f"{path}:{reader.line_num}: not valid CSV: {error}") from error


def _columns(path: Path, line: int, heading: Sequence[str], findings: list[Finding]) -> list[str]:
    """The column that each place of a line holds; empty where it is not read."""
    columns: list[str] = []
    for cell in heading:
        name = cell.strip().lower().replace(" ", "_").replace("-", "_")
        name = _ALIASES.get(name, name)
        if name in columns:
            raise GoliveError(f"{path}:{line}: column {cell.strip()!r}: expected only once")
        if name not in COLUMNS:
            words = f"{cell.strip()!r} is not read"
            findings.append(Finding(Unmapped.COLUMN, f"line {line}", words))
            name = ""
        columns.append(name)
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        others = ", ".join(name for name in COLUMNS if name not in REQUIRED)
        raise GoliveError(
            f"{path}:{line}: no column {', '.join(missing)}: expected a heading with "
            f"{', '.join(REQUIRED)} and perhaps {others}"
        )
    return columns


def _task(row: _Row, ids: set[str], findings: list[Finding]) -> ImportedTask:
    cells = row.cells
    identity, name = cells["id"], cells["name"]
    if not identity or len(identity) > _LONGEST_ID:
        raise row.error(f"id: {identity!r}: expected 1 to {_LONGEST_ID} characters")
    if not name:
        raise row.error("name: empty: expected what is done")
    effort = _hours(row, "effort")
    if effort is None:
        raise row.error("effort: empty: expected hours such as 12 or days such as 3d")
    roles = _several(cells.get("role", ""))
    duration = _hours(row, "duration")
    return ImportedTask(
        id=identity,
        name=name,
        place=f"line {row.line}",
        duration_hours=effort / max(1, len(roles)) if duration is None else duration,
        effort_hours=effort,
        predecessors=tuple(_predecessors(row, ids, findings)),
        demands=tuple((role, 1.0) for role in roles),
        workstream=cells.get("workstream") or None,
        departments=_several(cells.get("department", "")),
        site=cells.get("site") or None,
        key_user_hours=_hours(row, "key_user_hours"),
        milestone=effort == 0.0 and not duration,
    )


def _several(cell: str) -> tuple[str, ...]:
    """The different words of a cell, separated by ; or ,."""
    words = (part.strip() for part in re.split(r"[;,]", cell))
    return tuple(dict.fromkeys(word for word in words if word))


def _hours(row: _Row, column: str) -> float | None:
    """Hours of a cell; None: it is empty."""
    cell = row.cells.get(column)
    if not cell:
        return None
    found = _AMOUNT.match(cell.lower())
    if found is None:
        raise row.error(
            f"{column}: {cell!r}: expected hours such as 12 or 12.5h, or days such as 3d, "
            "0 or more, with a decimal point"
        )
    return float(found[1]) * (_HOURS_PER_DAY if found[2].startswith("d") else 1.0)


def _predecessors(row: _Row, ids: set[str], findings: list[Finding]) -> Iterator[str]:
    """Ids that the task waits for; what is not finish-to-start is listed, as is a lag."""
    text = row.cells.get("predecessors", "")
    separators = r"[;,]" if re.search(r"[;,]", text) else r"\s+"
    for part in (word.strip() for word in re.split(separators, text)):
        if not part:
            continue
        if part in ids:
            yield part
            continue
        found = _LINK.match(part)
        assert found is not None  # anything matches
        name, kind, lag = found[1].strip(), (found[2] or "FS").upper(), found[3]
        if name not in ids:
            yield part  # check_project names it
            continue
        if kind != "FS":
            words = f"{part!r}: only finish-to-start can be planned; the link is left out"
            findings.append(Finding(Unmapped.LINK_TYPE, f"line {row.line}", words))
            continue
        if lag and float(re.sub(r"[^0-9.]", "", lag) or 0.0):
            words = f"{part!r}: the link is kept, without its lag"
            findings.append(Finding(Unmapped.LAG, f"line {row.line}", words))
        yield name
