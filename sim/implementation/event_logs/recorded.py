"""The log of a world that recorded what happened, and golive's own Parquet files of it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ....core.errors import GoliveError
from ....core.files import reason
from .calendar import DEFAULT_KICK_OFF, WorkingCalendar
from .log import EventLog, LogEvent, ProjectLog

if TYPE_CHECKING:
    from datetime import date

    import polars

MOST_EVENTS = 20_000_000
COLUMNS = ("time_hours", "kind", "subject", "values")
"""Of the frames that ``EventRecorder.events_frame`` makes."""


def project_of_frame(
    frame: polars.DataFrame, name: str, kick_off: date = DEFAULT_KICK_OFF
) -> ProjectLog:
    """A recorded events frame as the log of a project.

    Args:
        frame: as ``world.events()`` returns it.
        name: of the project.
        kick_off: date of its first working day.

    Raises:
        GoliveError: a frame without a kick-off (recorded before golive kept one, or from a
            snapshot on: half a project), or with values that are no JSON mapping.
    """
    events = []
    for row, (hour, kind, subject, values) in enumerate(frame.select(COLUMNS).iter_rows()):
        try:
            content = json.loads(values)
        except (TypeError, ValueError):
            content = None
        if not isinstance(content, dict) or not isinstance(hour, float):
            raise GoliveError(f"row {row}: values: {str(values)[:60]!r}: expected a JSON mapping")
        events.append(LogEvent(hour, str(kind), str(subject), content))
    start = next((event for event in events if event.activity == "kick_off"), None)
    if start is None:
        raise GoliveError("kind: no kick_off among the events: expected a whole project's log")
    calendar = WorkingCalendar(
        kick_off,
        start.number("hours_per_day") or 8.0,
        int(start.number("days_per_week") or 5),
    )
    return ProjectLog(name, calendar, tuple(sorted(events, key=lambda event: event.hour)))


def read_parquet_log(path: Path, kick_off: date = DEFAULT_KICK_OFF) -> EventLog:
    """The log in a Parquet file that ``golive simulate --events`` wrote; named after the file.

    Raises:
        GoliveError: it cannot be read, or is something else.
    """
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
