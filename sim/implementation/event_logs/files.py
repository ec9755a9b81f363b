"""Reading and writing event logs by the names of their files."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

from ....core.errors import GoliveError
from ....core.files import check_readable_file, reason
from .calendar import DEFAULT_KICK_OFF
from .csv_reader import read_csv
from .log import COLUMNS, EventLog, project_of_frame
from .mapping import LogMapping
from .ocel_reader import read_ocel
from .raw import MOST_EVENTS
from .xes_reader import read_xes

_OCEL = (".json", ".jsonocel", ".ocel")
_READERS = {".csv": read_csv, ".xes": read_xes, ".xes.gz": read_xes}
_READERS |= dict.fromkeys(_OCEL, read_ocel)
READ = (".parquet", *_READERS)
WRITTEN = (".xes", *_OCEL)


def read_log(
    path: Path, mapping: LogMapping | None = None, kick_off: date = DEFAULT_KICK_OFF
) -> EventLog:
    """Read a log; its name says what it is.

    Args:
        path: of the file.
        mapping: of another tool's names.
        kick_off: first working day of what has no date (golive's Parquet).

    Raises:
        GoliveError: no such kind of file, or as the reader of its kind.
    """
    name = path.name.lower()
    if name.endswith(READ):
        check_readable_file(path, "an event log")
    if name.endswith(".parquet"):
        return _read_parquet(path, kick_off)
    for ending, read in _READERS.items():
        if name.endswith(ending):
            return read(path, mapping)
    raise GoliveError(f"{path}: expected a name that ends in {', '.join(READ)}")


def _read_parquet(path: Path, kick_off: date) -> EventLog:
    """The log in a file that ``golive simulate --events`` wrote; named after the file."""
    import polars as pl

    try:
        frame = pl.read_parquet(io.BytesIO(path.read_bytes()))
    except OSError as error:
        raise GoliveError(f"{path}: cannot be read: {reason(error)}") from None
    except Exception as error:  # polars has a class of error for every way to be broken
        words = " ".join(str(error).split())[:120]
        raise GoliveError(f"{path}: not a Parquet file: {words}") from None
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise GoliveError(
            f"{path}: column {missing[0]!r} is missing: expected {', '.join(COLUMNS)}, as "
            "golive simulate --events writes them (for other tables see --mapping)"
        )
    if frame.height > MOST_EVENTS:
        raise GoliveError(f"{path}: {frame.height:,} events: expected at most {MOST_EVENTS:,}")
    try:
        return EventLog((project_of_frame(frame, path.stem, kick_off),))
    except GoliveError as error:
        raise GoliveError(f"{path}: {error}") from None


def check_writable(path: Path) -> None:
    """See that a log can be written under a name.

    Raises:
        GoliveError: its ending is none of ``WRITTEN``, or its directory is not there.
    """
    if not path.name.lower().endswith(WRITTEN):
        raise GoliveError(f"{path}: expected a name that ends in {', '.join(WRITTEN)}")
    if not path.parent.is_dir():
        raise GoliveError(f"{path}: cannot be written: its directory does not exist")


def write_log(log: EventLog, path: Path) -> None:
    """Write a log as XES or OCEL 2.0; its name says which.

    Raises:
        GoliveError: as ``check_writable``, or it cannot be written.
    """
    from .ocel_writer import write_ocel
    from .xes_writer import write_xes

    check_writable(path)
    if path.name.lower().endswith(".xes"):
        write_xes(log, path)
    else:
        write_ocel(log, path)
