"""Recorded projects as ``golive simulate --events`` writes them, in Parquet."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ....core.errors import GoliveError
from ....core.files import read_limited
from .log import COLUMNS, EventLog, project_of_frame
from .mapping import LogMapping
from .raw import MOST_EVENTS, Reading

if TYPE_CHECKING:
    import polars

_MOST_BYTES, _MOST_TEXT = 2 << 30, 8 << 30
_STDERR = 2


def read_parquet(path: Path, mapping: LogMapping, kick_off: date) -> EventLog:
    """Read the log of a project; it is named after the file.

    Args:
        path: of the file.
        mapping: says when a day begins, and where.
        kick_off: first working day.

    Raises:
        GoliveError: it cannot be read, is no Parquet, or does not hold a whole project.
    """
    reading, clock = Reading(path), mapping.calendar
    frame = _frame(path)
    try:
        project = project_of_frame(frame, path.stem, kick_off, reading.left_out)
    except GoliveError as error:
        raise GoliveError(f"{path}: {error}") from None
    zone = clock.clock_zone() or project.calendar.zone
    calendar = replace(project.calendar, day_begins=clock.clock_begins(), zone=zone)
    return EventLog((replace(project, calendar=calendar),), reading.notes())


def _frame(path: Path) -> polars.DataFrame:
    """The four columns; what the file says of its size is checked before it is unpacked."""
    import polars as pl

    data = io.BytesIO(read_limited(path, _MOST_BYTES, "a Parquet file"))
    try:
        with _without_panic():
            missing = [name for name in COLUMNS if name not in pl.read_parquet_schema(data)]
            height = pl.scan_parquet(data).select(pl.len()).collect().item()
            fits = not missing and height <= MOST_EVENTS
            frame = pl.read_parquet(data, columns=[*COLUMNS]) if fits else pl.DataFrame()
    except (Exception, pl.exceptions.PanicException) as error:  # one for every way to be broken
        words = " ".join(str(error).split())[:120]
        raise GoliveError(f"{path}: not a Parquet file: {words}") from None
    if missing:
        raise GoliveError(
            f"{path}: column {missing[0]!r} is missing: expected {', '.join(COLUMNS)}, as "
            "golive simulate --events writes them (for other tables see --mapping)"
        )
    if height > MOST_EVENTS:
        raise GoliveError(f"{path}: {height:,} events: expected at most {MOST_EVENTS:,}")
    texts = [frame[name] for name in COLUMNS[1:] if frame[name].dtype == pl.String]
    if sum(int(column.str.len_bytes().sum()) for column in texts) > _MOST_TEXT:
        raise GoliveError(f"{path}: expected at most {_MOST_TEXT >> 30} GiB of text")
    return frame


@contextmanager
def _without_panic() -> Iterator[None]:
    """Keep what polars' threads print when they panic to itself: the error says it in one line."""
    kept, nowhere = os.dup(_STDERR), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, _STDERR)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
        os.close(nowhere)
