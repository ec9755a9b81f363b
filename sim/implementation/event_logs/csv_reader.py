"""Tables of events in CSV, read with a mapping of their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from ....core.errors import GoliveError
from ....core.files import open_file
from .log import EventLog
from .mapping import LogMapping
from .raw import RawEvent, Reading, assemble
from .values import Unfit, canonical, parse_time, shown

_LONGEST_FIELD = 1_000_000
_LONGEST_LINE = 16_000_000


def read_csv(path: Path, mapping: LogMapping | None = None) -> EventLog:
    """Read a table with a header and an event per row.

    Time and activity must be columns; a column for the project and one for the subject may be
    missing (then all rows are one project's). Every other column is an attribute; empty fields
    are attributes that the event does not have. A field is a number where the number says all
    that is written: ``007`` and ``1e3`` stay text unless the attribute is a number of golive's.

    Raises:
        GoliveError: it cannot be read, lacks a column, has no row, or a row that is too short or
            without a time; with file, line, column and value.
    """
    names = mapping or LogMapping()
    return assemble(_rows(path, names), names, Reading(path))


def _rows(path: Path, names: LogMapping) -> Iterator[RawEvent]:
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        with (
            open_file(path, "a CSV file") as stream,
            io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text,
        ):
            lines = _lines(text, path)
            yield from _table(csv.reader(lines, delimiter=names.separator), path, names)
    except UnicodeDecodeError:
        raise GoliveError(f"{path}: expected a text file encoded in UTF-8") from None
    except csv.Error as error:
        raise GoliveError(f"{path}: not a CSV file: {error}") from None


def _lines(stream: io.TextIOWrapper, path: Path) -> Iterator[str]:
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise GoliveError(f"{path}: a line of over {_LONGEST_LINE:,} characters")
        yield line


def _table(reader: Iterator[list[str]], path: Path, names: LogMapping) -> Iterator[RawEvent]:
    header = next(reader, None)
    if not header:
        raise GoliveError(f"{path}: the file is empty: expected a header and a row per event")
    columns, seen = names.columns, set(header)
    for field in ("time", "activity"):
        wanted = getattr(columns, field)
        if wanted not in seen:
            close = get_close_matches(wanted, header, n=1)
            guess = f"did you mean {shown(close[0])!r}? " if close else ""
            known = ", ".join(shown(name) for name in header[:20])
            raise GoliveError(
                f"{path}:1: columns.{field}: {wanted!r}: no such column: {guess}"
                f"expected one of {known} (name it in a mapping file)"
            )
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise GoliveError(f"{path}:1: column {shown(twice)!r} is there twice")
    special = {columns.time, columns.activity, columns.project, columns.subject}
    for line, row in enumerate(reader, start=2):
        if not row:
            continue
        if len(row) != len(header):
            raise GoliveError(f"{path}:{line}: {len(row)} fields: expected {len(header)}")
        fields = dict(zip(header, row, strict=True))
        try:
            moment = parse_time(fields[columns.time], names.time_format)
        except Unfit:
            said = shown(fields[columns.time])
            form = names.time_format or "ISO 8601"
            raise GoliveError(
                f"{path}:{line}: {columns.time}: {said!r}: expected a time ({form})"
            ) from None
        named = fields[columns.activity].strip()
        if not named:
            raise GoliveError(f"{path}:{line}: {columns.activity}: '': expected an activity")
        values = {name: canonical(v) for name, v in fields.items() if name not in special and v}
        subject = fields.get(columns.subject, "") or named
        yield RawEvent(fields.get(columns.project, ""), moment, named, subject, values)
