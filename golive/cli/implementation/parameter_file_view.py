"""A parameter file beside the defaults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.tables import Table, right

if TYPE_CHECKING:
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


def file_table(file: ParameterFile, rows: Sequence[FileRow]) -> Table:
    """The rows as a table."""
    cells = []
    for row in rows:
        interval = ""
        if row.low is not None and row.high is not None:
            interval = f"{row.low:.3g}..{row.high:.3g} ({row.level:.0%})"
        count = "" if row.observations is None else str(row.observations)
        values = (row.name, f"{row.value:.4g}", f"{row.default:g}", row.unit, interval)
        cells.append((*values, row.confidence, count, row.source))
    headings = ("name", right("value"), right("default"), "unit", right("interval"))
    return Table(
        f"{file.name}: {len(rows)} of {len(file.parameters)} parameters of the file",
        (*headings, "confidence", right("n"), "whence"),
        cells,
        (file.made_by,) if file.made_by else (),
    )
