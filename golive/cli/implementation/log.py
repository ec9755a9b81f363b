"""``golive log``: event logs from one format to another, and what can be in one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .kick_off import parse_kick_off

app = typer.Typer(help="Event logs: convert them, list what they hold.", no_args_is_help=True)

MappingOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="What another tool's columns and activities mean (YAML)."),
]
KickOffOption = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="First working day of logs without dates (Parquet)."),
]


@app.command()
def convert(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help=".parquet, .csv, .xes, .xes.gz, or .json (OCEL).")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help=".xes, or .json (OCEL 2.0).")],
    *,
    mapping: MappingOption = None,
    kick_off: KickOffOption = None,
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
    typer.echo(f"{target}: {len(log.projects)} projects, {log.event_count:,} events")


@app.command()
def activities(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List the activities and attributes of an implementation's event log."""
    import json

    from ...sim.implementation.event_logs.vocabulary import ACTIVITIES

    if as_json:
        content = {
            name: {
                "meaning": row.meaning,
                "about": row.about,
                "transition": row.transition,
                "attributes": {key: str(kind) for key, kind in (row.attributes or {}).items()},
            }
            for name, row in ACTIVITIES.items()
        }
        typer.echo(json.dumps(content, indent=2))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Activities of an event log", title_justify="left")
    for heading in ("activity", "about", "attributes", "meaning"):
        table.add_column(heading, overflow="fold")
    for name, row in ACTIVITIES.items():
        attributes = ", ".join(row.attributes or ())
        table.add_row(*(Text(cell) for cell in (name, row.about, attributes, row.meaning)))
    Console().print(table)


@app.command()
def schema(
    *, out: Annotated[Path | None, typer.Option(help="File to write to instead.")] = None
) -> None:
    """Print the JSON Schema of mapping files."""
    import json

    from ...core.files import write_text_atomically
    from ...sim.implementation.event_logs.mapping import LogMapping

    content = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    text = json.dumps(content | LogMapping.model_json_schema(), indent=2)
    if out is None:
        typer.echo(text)
    else:
        write_text_atomically(out, f"{text}\n")
        typer.echo(f"Schema: {out}", err=True)
