"""``golive parameters``: every number of the implementation world's dynamics, with its source."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ...core.errors import GoliveError
from ...core.tables import Table, right
from ..options import AsJson, PrintSchema, option, option_record
from ..output import show, show_json, show_schema

if TYPE_CHECKING:
    from ...scenarios.implementation.parameter_file import ParameterFile

Row = dict[str, Any]
_SEARCHED = ("name", "unit", "source", "confidence", "description")
_OF_ESTIMATES = ("low", "high", "level", "confidence", "observations", "source")
_OF_FILES = ("name", "value", "default", "unit", *_OF_ESTIMATES)


class Format(StrEnum):
    """Forms in which the table is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@option_record
class Shown:
    """Options of what is shown, and how."""

    form: Format = option(Format.TABLE, "Table for reading, JSON or CSV for programs.", "--format")
    text: str = option(
        "", "Only rows with this text in name, unit, source, confidence or description.", "--filter"
    )
    file: Path | None = option(
        None, "Show the values of this parameter file instead.", metavar="FILE"
    )
    schema: PrintSchema = False
    as_json: AsJson = False

    def chosen(self, rows: Sequence[Row]) -> list[Row]:
        """Rows that have the text in one of their words, whatever the case."""
        text = self.text.lower()
        return [row for row in rows if any(text in str(row.get(k, "")).lower() for k in _SEARCHED)]

    def print(self, rows: Sequence[Row], names: Sequence[str], table: Table) -> None:
        """Print rows with these fields; the table says the same for reading."""
        if self.as_json or self.form is Format.JSON:
            show_json(rows)
        elif self.form is Format.TABLE:
            show(table)
        else:
            stream = io.StringIO()
            writer = csv.DictWriter(stream, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            typer.echo(stream.getvalue(), nl=False)


def parameters(*, shown: Shown) -> None:
    """Print the parameters of the world: value, unit, range, source, confidence.

    A scenario file overrides them by name under "parameters:", a parameter file (--parameters of
    simulate and evaluate) does with their provenance.
    """
    if shown.schema:
        from ...scenarios.implementation.parameter_file import parameter_file_schema

        if shown.file is not None:
            raise GoliveError("--schema: has nothing to do with --file: give one or the other")
        show_schema(parameter_file_schema())
    elif shown.file is not None:
        from ...sim.implementation.parameter_files import load_world_parameters

        file = load_world_parameters(shown.file)
        rows = shown.chosen(_file_rows(file))
        shown.print(rows, _OF_FILES, _file_table(file, rows))
    else:
        from ...sim.implementation.parameters import PARAMETERS, Parameter

        rows = shown.chosen([asdict(row) for row in PARAMETERS])
        names = [field.name for field in fields(Parameter)]
        shown.print(rows, names, _table(rows, len(PARAMETERS)))


def _table(rows: Sequence[Row], in_all: int) -> Table:
    title = f"{len(rows)} of {in_all} parameters of the implementation world"
    headings = ("name", right("value"), "unit", right("range"), "confidence", "what and whence")
    cells = [
        (
            row["name"],
            f"{row['value']:g}",
            row["unit"],
            f"{row['low']:g}..{row['high']:g}",
            row["confidence"],
            f"{row['description']} [{row['source']}]",
        )
        for row in rows
    ]
    return Table(title, headings, cells)


def _file_rows(file: ParameterFile) -> list[Row]:
    """The file's values beside the world's own, in the order of the world's table."""
    from ...sim.implementation.parameters import PARAMETERS

    rows = []
    for known in PARAMETERS:
        if (found := file.parameters.get(known.name)) is not None:
            values = {"value": float(found.value), "default": known.value, "unit": known.unit}
            estimate = found.model_dump(mode="json", include=set(_OF_ESTIMATES))
            rows.append({"name": known.name, **values, **{k: estimate[k] for k in _OF_ESTIMATES}})
    return rows


def _file_table(file: ParameterFile, rows: Sequence[Row]) -> Table:
    cells = []
    for row in rows:
        interval = ""
        if row["low"] is not None and row["high"] is not None:
            interval = f"{row['low']:.3g}..{row['high']:.3g} ({row['level']:.0%})"
        count = "" if row["observations"] is None else row["observations"]
        values = (row["name"], f"{row['value']:.4g}", f"{row['default']:g}", row["unit"], interval)
        cells.append((*values, row["confidence"], count, row["source"]))
    title = f"{file.name}: {len(rows)} of {len(file.parameters)} parameters of the file"
    headings = ("name", right("value"), right("default"), "unit", right("interval"))
    notes = (file.made_by,) if file.made_by else ()
    return Table(title, (*headings, "confidence", right("n"), "whence"), cells, notes)
