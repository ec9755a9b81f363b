"""Reading and writing event logs by the names of their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from ....core.errors import GoliveError
from ....core.files import check_readable_file, write_bytes_atomically
from .calendar import DEFAULT_KICK_OFF
from .csv_reader import read_csv
from .log import EventLog
from .mapping import LogMapping
from .ocel_json import dump_json, load_json
from .ocel_reader import log_of_content
from .ocel_sqlite import dump_sqlite, load_sqlite
from .ocel_writer import ocel_content
from .ocel_xml import dump_xml, load_xml
from .parquet_reader import read_parquet
from .values import listed
from .xes_reader import read_xes
from .xes_writer import write_xes

_Dump = Callable[[Any, Counter[str]], bytes]
_FORMS: dict[tuple[str, ...], tuple[Callable[[Path], Any], _Dump]] = {
    (".json", ".jsonocel", ".ocel"): (load_json, dump_json),
    (".xml", ".xmlocel"): (load_xml, dump_xml),
    (".sqlite", ".sqlite3"): (load_sqlite, dump_sqlite),
}
"""How OCEL 2.0 is read and written, by the endings of names."""
_OCEL = tuple(ending for endings in _FORMS for ending in endings)
_READERS = {".csv": read_csv, ".xes": read_xes, ".xes.gz": read_xes}
READ = (".parquet", *_READERS, *_OCEL)
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
        return read_parquet(path, mapping or LogMapping(), kick_off)
    for ending, read in _READERS.items():
        if name.endswith(ending):
            return read(path, mapping)
    for endings, (load, _) in _FORMS.items():
        if name.endswith(endings):
            return log_of_content(load(path), path, mapping)
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


def check_apart(source: Path, target: Path) -> None:
    """See that a file to be written is not the one that is read.

    Raises:
        GoliveError: it is, by whatever name.
    """
    same = source.resolve() == target.resolve()
    if same or (source.exists() and target.exists() and source.samefile(target)):
        raise GoliveError(f"{target}: is the file that is read: expected another name")


def write_log(log: EventLog, path: Path) -> tuple[str, ...]:
    """Write a log as XES or OCEL 2.0; its name says which, and in what form.

    Returns:
        What the format has no place for, in lines.

    Raises:
        GoliveError: as ``check_writable``, or it cannot be written.
    """
    check_writable(path)
    name = path.name.lower()
    if name.endswith(".xes"):
        return write_xes(log, path)
    dump = next(dump for endings, (_, dump) in _FORMS.items() if name.endswith(endings))
    lost = Counter({f"{name}, of the log as a whole": 1 for name in log.attributes})
    try:
        data = dump(ocel_content(log), lost)
    except GoliveError as error:
        raise GoliveError(f"{path}: {error}") from None
    write_bytes_atomically(path, data)
    return (f"{path}: left out: {listed(lost)}",) if +lost else ()
