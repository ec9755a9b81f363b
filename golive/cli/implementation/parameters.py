"""``golive parameters``: every number of the implementation world's dynamics, with its source."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...core.errors import GoliveError
from ...core.tables import Table, right
from ..output import show, show_json, show_schema

if TYPE_CHECKING:
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
    from ...sim.implementation.parameters import PARAMETERS, Parameter

    rows = [row for row in PARAMETERS if _says(row, text)]
    _print(form, rows, Parameter, lambda: _table(rows, len(PARAMETERS)))


def _print_schema(file: Path | None) -> None:
    from ...scenarios.implementation.parameter_file import parameter_file_schema

    if file is not None:
        raise GoliveError("--schema: has nothing to do with --file: give one or the other")
    show_schema(parameter_file_schema())


def _print_file(path: Path, form: Format, text: str) -> None:
    from ...sim.implementation.parameter_files import load_world_parameters
    from .parameter_file_view import FileRow, file_rows, file_table

    loaded = load_world_parameters(path)
    rows = file_rows(loaded, text)
    _print(form, rows, FileRow, lambda: file_table(loaded, rows))


def _print(form: Format, rows: Sequence[Any], kind: type[Any], table: Callable[[], Table]) -> None:
    """Print rows that are dataclasses of a kind."""
    if form is Format.TABLE:
        show(table())
        return
    content = [asdict(row) for row in rows]
    if form is Format.JSON:
        show_json(content)
        return
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [one.name for one in fields(kind)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(content)
    typer.echo(stream.getvalue(), nl=False)


def _says(row: Parameter, text: str) -> bool:
    """Say whether the row has the text in one of its words, whatever the case."""
    words = (row.name, row.unit, row.source, row.confidence, row.description)
    return any(text.lower() in word.lower() for word in words)


def _table(rows: Sequence[Parameter], in_all: int) -> Table:
    title = f"{len(rows)} of {in_all} parameters of the implementation world"
    headings = ("name", right("value"), "unit", right("range"), "confidence", "what and whence")
    cells = [
        (
            row.name,
            f"{row.value:g}",
            row.unit,
            f"{row.low:g}..{row.high:g}",
            row.confidence,
            f"{row.description} [{row.source}]",
        )
        for row in rows
    ]
    return Table(title, headings, cells)
