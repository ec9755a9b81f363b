"""Recorded projects as ``golive simulate --events`` writes them, in Parquet."""

from __future__ import annotations

import io
import subprocess
import sys
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

_MOST_BYTES = 2 << 30
_SAYS = "!"
_READ = f"""
import io, sys
import polars as pl
most, *names = sys.argv[1:]
try:
    table = pl.scan_parquet(io.BytesIO(sys.stdin.buffer.read())).head(int(most))
    there = [name for name in names if name in table.collect_schema()]
    frame = table.select(there).collect()
    if sum(c.str.len_bytes().sum() for c in frame if c.dtype == pl.String) > {8 << 30}:
        raise ValueError("expected at most 8 GiB of text")
    frame.write_ipc(sys.stdout.buffer)
except BaseException as error:
    print("{_SAYS}" + " ".join(str(error).split()), file=sys.stderr)
    sys.exit(1)
"""


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
    """The four columns, at most one row more than there may be.

    A broken file can make polars ask for more memory than there is, which ends its process: a
    process of its own reads it.
    """
    import polars as pl

    data = read_limited(path, _MOST_BYTES, "a Parquet file")
    command = [sys.executable, "-c", _READ, str(MOST_EVENTS + 1), *COLUMNS]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        words = last[1:120] if last.startswith(_SAYS) else "no reader can make sense of it"
        raise GoliveError(f"{path}: not a Parquet file: {words}")
    frame = pl.read_ipc(io.BytesIO(done.stdout))
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise GoliveError(
            f"{path}: column {missing[0]!r} is missing: expected {', '.join(COLUMNS)}, as "
            "golive simulate --events writes them (for other tables see --mapping)"
        )
    if frame.height > MOST_EVENTS:
        raise GoliveError(f"{path}: expected at most {MOST_EVENTS:,} events")
    return frame
