"""Reading and writing event logs by the names of their files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ....core.errors import GoliveError
from .calendar import DEFAULT_KICK_OFF
from .csv_reader import read_csv
from .log import EventLog
from .mapping import LogMapping
from .ocel_reader import read_ocel
from .recorded import read_parquet_log
from .xes_reader import read_xes

READ = (".parquet", ".csv", ".xes", ".xes.gz", ".json", ".jsonocel", ".ocel")
WRITTEN = (".xes", ".json", ".jsonocel", ".ocel")
_OCEL = (".json", ".jsonocel", ".ocel")


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
    if name.endswith(".parquet"):
        return read_parquet_log(path, kick_off)
    if name.endswith(".csv"):
        return read_csv(path, mapping)
    if name.endswith((".xes", ".xes.gz")):
        return read_xes(path, mapping)
    if name.endswith(_OCEL):
        return read_ocel(path, mapping)
    raise GoliveError(f"{path}: expected a name that ends in {', '.join(READ)}")


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
