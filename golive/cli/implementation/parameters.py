"""``golive parameters``: every number of the implementation world's dynamics, with its source."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import GoliveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...scenarios.implementation.parameter_file import ParameterFile
    from ...sim.implementation.parameters import Parameter


class Format(StrEnum):
    """How the table is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def parameters(
    *,
    form: Annotated[
        Format, typer.Option("--format", help="Table for reading, JSON or CSV for programs.")
    ] = Format.TABLE,
    text: Annotated[
        str,
        typer.Option(
            "--filter",
            help="Only rows with this text in name, unit, source, confidence or description.",
        ),
    ] = "",
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Show the values of this parameter file instead."),
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of parameter files and end.")
    ] = False,
) -> None:
    """Print the parameters of the world: value, unit, range, source, confidence.

    A scenario file overrides them by name under "parameters:", a parameter file (--parameters of
    simulate and evaluate) does with their provenance.
    """
    if schema:
        _print_schema(file)
        return
    if file is not None:
        _print_file(file, form, text)
        return
    from ...sim.implementation.parameters import PARAMETERS

    rows = [row for row in PARAMETERS if _says(row, text)]
    if form is Format.JSON:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2))
    elif form is Format.CSV:
        typer.echo(_csv(rows), nl=False)
    else:
        _print_table(rows, len(PARAMETERS))


def _print_schema(file: Path | None) -> None:
    from ...scenarios.implementation.parameter_file import parameter_file_schema

    if file is not None:
        raise GoliveError("--schema: has nothing to do with --file: give one or the other")
    typer.echo(json.dumps(parameter_file_schema(), indent=2))


def _print_file(path: Path, form: Format, text: str) -> None:
    from ...sim.implementation.parameter_files import load_world_parameters
    from .parameter_file_view import file_csv, file_json, file_rows, file_table

    loaded: ParameterFile = load_world_parameters(path)
    rows = file_rows(loaded, text)
    if form is Format.JSON:
        typer.echo(file_json(rows))
    elif form is Format.CSV:
        typer.echo(file_csv(rows), nl=False)
    else:
        from rich.console import Console

        Console().print(file_table(loaded, rows))


def _says(row: Parameter, text: str) -> bool:
    """Whether the row has the text in one of its words, whatever the case."""
    words = (row.name, row.unit, row.source, row.confidence, row.description)
    return any(text.lower() in word.lower() for word in words)


def _csv(rows: Sequence[Parameter]) -> str:
    from ...sim.implementation.parameters import Parameter

    stream = io.StringIO()
    names = [field.name for field in fields(Parameter)]
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return stream.getvalue()


def _print_table(rows: Sequence[Parameter], in_all: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    title = f"{len(rows)} of {in_all} parameters of the implementation world"
    table = Table(title=title, title_justify="left")
    for heading in ("name", "value", "unit", "range", "confidence", "what and whence"):
        numeric = heading in ("value", "range")
        table.add_column(heading, justify="right" if numeric else "left", no_wrap=numeric)
    table.columns[0].overflow = "fold"
    for row in rows:
        whence = f"{row.description} [{row.source}]"
        cells = (row.name, f"{row.value:g}", row.unit, f"{row.low:g}..{row.high:g}")
        table.add_row(*(Text(cell) for cell in (*cells, row.confidence, whence)))
    Console().print(table)
