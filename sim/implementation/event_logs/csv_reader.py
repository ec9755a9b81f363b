"""Tables of events in CSV, read with a mapping of their columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from ....core.errors import GoliveError
from ....core.files import reason
from .log import EventLog, Value
from .mapping import LogMapping
from .raw import RawEvent, assemble, parse_time

_LONGEST_FIELD = 1_000_000


def read_csv(path: Path, mapping: LogMapping | None = None) -> EventLog:
    """Read a table with a header and an event per row.

    Time and activity must be columns; a column for the project and one for the subject may be
    missing (then all rows are one project's). Every other column is an attribute; empty fields
    are attributes that the event does not have.

    Raises:
        GoliveError: it cannot be read, lacks a column, has no row, or a row that is too short or
            without a time; with file, line, column and value.
    """
    names = mapping or LogMapping()
    return assemble(_rows(path, names), names, path)


def _rows(path: Path, names: LogMapping) -> Iterator[RawEvent]:
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from _table(csv.reader(stream, delimiter=names.separator), path, names)
    except OSError as error:
        raise GoliveError(f"{path}: cannot be read: {reason(error)}") from None
    except UnicodeDecodeError:
        raise GoliveError(f"{path}: expected a text file encoded in UTF-8") from None
    except csv.Error as error:
        raise GoliveError(f"{path}: not a CSV file: {error}") from None


def _table(reader: Iterator[list[str]], path: Path, names: LogMapping) -> Iterator[RawEvent]:
    header = next(reader, None)
    if not header:
        raise GoliveError(f"{path}: the file is empty: expected a header and a row per event")
    columns, seen = names.columns, set(header)
    for field in ("time", "activity"):
        wanted = getattr(columns, field)
        if wanted not in seen:
            close = get_close_matches(wanted, header, n=1)
            guess = f"did you mean {close[0]!r}? " if close else ""
            known = ", ".join(header[:20])
            raise GoliveError(
                f"{path}:1: columns.{field}: {wanted!r}: no such column: {guess}"
                f"expected one of {known} (name it in a mapping file)"
            )
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise GoliveError(f"{path}:1: column {twice!r} is there twice")
    special = {columns.time, columns.activity, columns.project, columns.subject}
    for line, row in enumerate(reader, start=2):
        if not row:
            continue
        if len(row) != len(header):
            raise GoliveError(f"{path}:{line}: {len(row)} fields: expected {len(header)}")
        fields = dict(zip(header, row, strict=True))
        try:
            moment = parse_time(fields[columns.time], names.time_format)
        except ValueError:
            text = fields[columns.time][:60]
            form = names.time_format or "ISO 8601"
            raise GoliveError(
                f"{path}:{line}: {columns.time}: {text!r}: expected a time ({form})"
            ) from None
        named = fields[columns.activity].strip()
        if not named:
            raise GoliveError(f"{path}:{line}: {columns.activity}: '': expected an activity")
        values: dict[str, Value | datetime] = {
            name: _value(text) for name, text in fields.items() if name not in special and text
        }
        subject = fields.get(columns.subject, "") or named
        yield RawEvent(fields.get(columns.project, ""), moment, named, subject, values)


def _value(text: str) -> Value:
    """A number where the text is one."""
    for number in (int, float):
        with suppress(ValueError):
            return number(text)
    return text
