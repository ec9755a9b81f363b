"""Primavera P6's XER files: tables of tab-separated lines.

``%T`` names a table, ``%F`` its fields, ``%R`` is a record, ``%E`` the end. Files are in the code
page of the machine that wrote them, most often windows-1252.
"""

from __future__ import annotations

import re
from pathlib import Path

from ....core.arithmetic import plain_sum
from ....core.errors import GoliveError
from .p6 import project_of
from .p6_tables import TABLES, Record
from .project import Finding, ImportedProject, Unmapped, decoded, read_bytes

FORMAT = "xer"
MARK = "ERMHDR"
_MOST_RECORDS = 200_000
_WORK_SPAN = re.compile(r"s\|([0-9]{1,2}):([0-9]{2})\|f\|([0-9]{1,2}):([0-9]{2})")
_FINISH_FIRST = re.compile(r"f\|([0-9]{1,2}):([0-9]{2})\|s\|([0-9]{1,2}):([0-9]{2})")
_DAY = re.compile(r"\(0\|\|([1-7])\(\)")
_EXCEPTION = re.compile(r"\(0\|\|[0-9]+\(d\|[0-9]+\)")


def read_project(path: Path | str) -> ImportedProject:
    """Read a project.

    Raises:
        GoliveError: not such a file, a record without fields or with more cells than there are, or
            as ``p6.project_of``; names file and line.
    """
    path = Path(path)
    findings: list[Finding] = []
    tables = _tables(path, _text(path, read_bytes(path), findings))
    weeks = {
        record.text("clndr_id"): _week(record.text("clndr_data")) for record in tables["CALENDAR"]
    }
    return project_of(path, FORMAT, tables, weeks, findings)


def _text(path: Path, data: bytes, findings: list[Finding]) -> str:
    try:
        return decoded(path, data)
    except GoliveError:
        if b"\x00" in data:
            raise
    findings.append(Finding(Unmapped.GUESS, "file", "not UTF-8: read as windows-1252"))
    return data.decode("windows-1252", errors="replace")


def _tables(path: Path, text: str) -> dict[str, list[Record]]:
    lines = text.split("\n")
    if not lines[0].startswith(MARK):
        raise GoliveError(f"{path}:1: expected a line that begins with {MARK}, as in an XER file")
    tables: dict[str, list[Record]] = {name: [] for name in TABLES}
    table, last, fields, cells, count = "", "", [""], dict[str, str](), 0
    for number, line in enumerate(lines[1:], 2):
        mark, *values = line.rstrip("\r").split("\t")
        if mark == "%T":
            table, fields, cells = (values or [""])[0].strip(), [], {}
        elif mark == "%F":
            fields = [value.strip() for value in values]
        elif mark == "%R" and table in tables:
            if len(values) > len(fields):
                raise GoliveError(
                    f"{path}:{number}: {table}: {len(values)} cells: expected at most "
                    f"{len(fields)}, as in its line %F"
                )
            cells = dict(zip(fields, (value.strip() for value in values), strict=False))
            last = next(reversed(cells), "")
            tables[table].append(Record(path, number, table, cells))
            count += 1
            if count > _MOST_RECORDS:
                raise GoliveError(f"{path}: more than {_MOST_RECORDS:,} records: expected fewer")
        elif mark == "%E":
            break
        elif not mark.startswith("%") and cells:  # a text of several lines
            cells[last] += f" {line.strip()}"
    return tables


def _week(data: str) -> tuple[list[float], int]:
    """Hours of each day of a calendar's week, and the number of its exceptions."""
    usual, _, rest = data.partition("Exceptions")
    marks = list(_DAY.finditer(usual))
    ends = [mark.start() for mark in marks[1:]] + [len(usual)]
    lengths = []
    for mark, end in zip(marks[:7], ends, strict=False):
        day = usual[mark.end() : end]
        spans = [tuple(map(int, found)) for found in _WORK_SPAN.findall(day)]
        spans += [tuple(map(int, (*found[2:], *found[:2]))) for found in _FINISH_FIRST.findall(day)]
        hours = (((h2 - h1) * 60 + m2 - m1) / 60.0 for h1, m1, h2, m2 in spans)
        lengths.append(plain_sum(span if span > 0.0 else span + 24.0 for span in hours))
    return lengths, len(_EXCEPTION.findall(rest))
