"""``golive log``: event logs from one format to another, and what can be in one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ...core.errors import GoliveError
from ...core.tables import Table
from ..options import AsJson, SchemaFile
from ..output import show, show_json, show_result, show_schema

if TYPE_CHECKING:
    from ...sim.implementation.event_logs.mapping import LogMapping

LOGS = "Event logs: .parquet, .csv, .xes, .xes.gz, or OCEL 2.0 (.json, .xml, .sqlite)"
_LEAST_YEAR, _MOST_YEAR = 1900, 2200
app = typer.Typer(help="Event logs: convert them, list what they hold.", no_args_is_help=True)

MappingOption = Annotated[
    Path | None,
    Option(metavar="FILE", help="What another tool's columns and activities mean (YAML)."),
]
ZoneOption = Annotated[
    str | None,
    Option(
        metavar="ZONE",
        help="Zone of the projects' working hours, such as Europe/Berlin; "
        "without one each timestamp counts with its own offset.",
    ),
]
DayStartOption = Annotated[
    str | None, Option(metavar="HH:MM", help="When a working day begins (09:00 by default).")
]
KickOffOption = Annotated[
    str | None, Option(metavar="DATE", help="First working day of logs without dates (Parquet).")
]


def parse_kick_off(text: str | None) -> date:
    """The date, or the one that simulations have by default.

    Raises:
        GoliveError: it is no date, or not of 1900 to 2200.
    """
    from ...sim.implementation.event_logs.calendar import DEFAULT_KICK_OFF

    if text is None:
        return DEFAULT_KICK_OFF
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise GoliveError(f"--kick-off: {text!r}: expected a date such as 2026-01-05") from None
    if not _LEAST_YEAR <= day.year <= _MOST_YEAR:
        raise GoliveError(f"--kick-off: {text!r}: expected a year of {_LEAST_YEAR}..{_MOST_YEAR}")
    return day


def mapping_of(path: Path | None, zone: str | None, day_start: str | None) -> LogMapping:
    """The mapping in a file, or the empty one, with the clock that options say.

    Raises:
        GoliveError: as ``load_mapping``, or an option is none.
    """
    from ...core.records import changed
    from ...sim.implementation.event_logs.mapping import LogMapping, load_mapping

    mapping = LogMapping() if path is None else load_mapping(path)
    for option, field, value in (
        ("--zone", "zone", zone),
        ("--day-start", "day_begins", day_start),
    ):
        if value is None:
            continue
        try:
            calendar = changed(mapping.calendar, **{field: value})
        except ValueError as error:
            said = str(error).partition("expected ")[2].partition(" [")[0]
            said = said or ("a time such as 08:30" if field == "day_begins" else "a shorter name")
            raise GoliveError(f"{option}: {value[:60]!r}: expected {said}") from None
        mapping = changed(mapping, calendar=calendar)
    return mapping


@app.command()
def convert(
    source: Annotated[Path, Argument(metavar="IN", help=LOGS)],
    target: Annotated[Path, Argument(metavar="OUT", help=".xes, .json, .xml or .sqlite (OCEL).")],
    *,
    mapping: MappingOption = None,
    zone: ZoneOption = None,
    day_start: DayStartOption = None,
    kick_off: KickOffOption = None,
    as_json: AsJson = False,
) -> None:
    """Convert an event log to XES or OCEL 2.0."""
    from ...sim.implementation.event_logs.files import (
        check_apart,
        check_writable,
        read_log,
        write_log,
    )

    check_writable(target)
    for path in (source, mapping):
        if path is not None:
            check_apart(path, target)
    names = mapping_of(mapping, zone, day_start)
    log = read_log(source, names, parse_kick_off(kick_off))
    lost = write_log(log, target)
    for note in (*log.notes, *lost):
        typer.echo(f"note: {note}", err=True)
    counts = {"projects": len(log.projects), "events": log.event_count}
    show_result(
        as_json,
        {"out": target, **counts, "notes": log.notes},
        f"{target}: {len(log.projects)} projects, {log.event_count:,} events",
    )


@app.command()
def activities(*, as_json: AsJson = False) -> None:
    """List the activities and attributes of an implementation's event log."""
    from ...sim.implementation.event_logs.vocabulary import ACTIVITIES

    if not as_json:
        rows = [
            (name, row.about, ", ".join(row.attributes or ()), row.meaning)
            for name, row in ACTIVITIES.items()
        ]
        headings = ("activity", "about", "attributes", "meaning")
        show(Table("Activities of an event log", headings, rows))
        return
    content = {
        name: {
            "meaning": row.meaning,
            "about": row.about,
            "transition": row.transition,
            "attributes": {key: str(kind) for key, kind in (row.attributes or {}).items()},
        }
        for name, row in ACTIVITIES.items()
    }
    show_json(content)


@app.command()
def schema(*, out: SchemaFile = None) -> None:
    """Print the JSON Schema of mapping files."""
    from ...core.records import json_schema
    from ...sim.implementation.event_logs.mapping import LogMapping

    show_schema(json_schema(LogMapping), out)
