"""``golive log``: event logs from one format to another, and what can be in one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from ...core.errors import GoliveError
from ...core.tables import Table
from ..options import AsJson, SchemaFile
from ..output import show, show_json, show_result, show_schema

_LEAST_YEAR, _MOST_YEAR = 1900, 2200
app = typer.Typer(help="Event logs: convert them, list what they hold.", no_args_is_help=True)

MappingOption = Annotated[
    Path | None,
    Option(metavar="FILE", help="What another tool's columns and activities mean (YAML)."),
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


@app.command()
def convert(
    source: Annotated[
        Path, Argument(metavar="IN", help=".parquet, .csv, .xes, .xes.gz, or .json (OCEL).")
    ],
    target: Annotated[Path, Argument(metavar="OUT", help=".xes, or .json (OCEL 2.0).")],
    *,
    mapping: MappingOption = None,
    kick_off: KickOffOption = None,
    as_json: AsJson = False,
) -> None:
    """Convert an event log to XES or OCEL 2.0."""
    from ...sim.implementation.event_logs.files import check_writable, read_log, write_log
    from ...sim.implementation.event_logs.mapping import load_mapping

    check_writable(target)
    names = None if mapping is None else load_mapping(mapping)
    log = read_log(source, names, parse_kick_off(kick_off))
    write_log(log, target)
    for note in log.notes:
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
