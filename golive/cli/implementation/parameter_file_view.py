"""A parameter file beside the defaults: as a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from ...scenarios.implementation.parameter_file import ParameterFile


@dataclass(frozen=True, slots=True)
class FileRow:
    """One value of a parameter file.

    Attributes:
        default: what the world uses without the file; ``value``, ``low`` and ``high`` are the
            file's, in the parameter's own unit.
    """

    name: str
    value: float
    default: float
    unit: str
    low: float | None
    high: float | None
    level: float
    confidence: str
    observations: int | None
    source: str


def file_rows(file: ParameterFile, text: str = "") -> list[FileRow]:
    """The rows of a file that ``load_world_parameters`` read, in the order of the world's table.

    Args:
        file: the file.
        text: only rows that say this in name, unit, source or confidence.
    """
    from ...sim.implementation.parameters import PARAMETERS

    rows = []
    for known in PARAMETERS:
        found = file.parameters.get(known.name)
        if found is None:
            continue
        row = FileRow(
            known.name,
            float(found.value),
            known.value,
            known.unit,
            found.low,
            found.high,
            found.level,
            str(found.confidence),
            found.observations,
            found.source,
        )
        said = (row.name, row.unit, row.source, row.confidence)
        if any(text.lower() in word.lower() for word in said):
            rows.append(row)
    return rows


def file_json(rows: Sequence[FileRow]) -> str:
    """The rows as a JSON list."""
    return json.dumps([asdict(row) for row in rows], indent=2)


def file_csv(rows: Sequence[FileRow]) -> str:
    """The rows as CSV with a header."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [f.name for f in fields(FileRow)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return stream.getvalue()


def file_table(file: ParameterFile, rows: Sequence[FileRow]) -> Table:
    """The rows as a table for a console."""
    from rich.table import Table
    from rich.text import Text

    title = f"{file.name}: {len(rows)} of {len(file.parameters)} parameters of the file"
    table = Table(title=title, title_justify="left", caption=file.made_by or None)
    for heading in ("name", "value", "default", "unit", "interval", "confidence", "n", "whence"):
        numeric = heading in ("value", "default", "interval", "n")
        table.add_column(heading, justify="right" if numeric else "left", no_wrap=numeric)
    table.columns[0].overflow = "fold"
    for row in rows:
        interval = ""
        if row.low is not None and row.high is not None:
            interval = f"{row.low:.3g}..{row.high:.3g} ({row.level:.0%})"
        count = "" if row.observations is None else str(row.observations)
        figures = (row.name, f"{row.value:.4g}", f"{row.default:g}", row.unit, interval)
        table.add_row(*(Text(cell) for cell in (*figures, row.confidence, count, row.source)))
    return table
