"""Tables as they would be loaded, with what each row is in the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...scenarios.migration.vocabulary import TableName
from .extracts import Origin
from .habits import ROW
from .target import TARGET, Table
from .truth import Truth
from .workspace import INTO, STATUS

if TYPE_CHECKING:
    import polars as pl

Submission = dict[TableName, "pl.DataFrame"]
"""Tables as they would be loaded: the target's columns as texts, ``_row`` the identity of the row
in the truth (null: none), ``_status``, and ``_into`` likewise."""


def submission_of(truth: Truth, workspace: Mapping[str, pl.DataFrame]) -> Submission:
    """Tables that a workspace would load, by the columns that are mapped.

    A target table is what the table holds to which its key is mapped, the first if there are
    several. Rows of a table that was split off are recognised by their keys.
    """
    import polars as pl

    origins = {section: origin for (_, section), origin in truth.extracts.origins.items()}
    found: Submission = {}
    for name, table in TARGET.items():
        key = f"{name}.{table.key[0]}"
        source = next((one for one, frame in workspace.items() if key in frame.columns), None)
        if source is None:
            found[name] = nothing_loaded(table)
            continue
        frame = workspace[source]
        identity = _identities(truth, name, origins.get(source), frame)
        cells = [
            frame[mapped].alias(column)
            if (mapped := f"{name}.{column}") in frame.columns
            else pl.Series(column, [None] * frame.height, dtype=pl.String)
            for column in table.names
        ]
        rows = [identity[row] for row in frame[ROW].to_list()]
        into = [None if row is None else identity[row] for row in frame[INTO].to_list()]
        found[name] = pl.DataFrame(
            [
                pl.Series(ROW, rows, dtype=pl.Int64),
                frame[STATUS],
                pl.Series(INTO, into, dtype=pl.Int64),
                *cells,
            ]
        )
    return found


def nothing_loaded(table: Table) -> pl.DataFrame:
    """A table of a submission without rows."""
    import polars as pl

    own = {ROW: pl.Int64, STATUS: pl.String, INTO: pl.Int64}
    return pl.DataFrame(schema={**own, **dict.fromkeys(table.names, pl.String)})


def _identities(
    truth: Truth, name: TableName, origin: Origin | None, frame: pl.DataFrame
) -> dict[int, int | None]:
    """Identity in the truth of each line; by their keys where the line does not tell it."""
    lines: list[int] = frame[ROW].to_list()
    known: dict[int, int | None] = {}
    if origin is not None and origin.table is name:
        known = dict(enumerate(origin.rows))
    missing = [line for line in lines if line not in known]
    if missing:
        keys = list(TARGET[name].key)
        mapped = [f"{name}.{key}" for key in keys]
        of_key = _rows_by_key(truth.clean[name], keys)
        taken = set(known.values())
        if all(one in frame.columns for one in mapped):
            for line, *key in frame.select(ROW, *mapped).iter_rows():
                if line not in known:
                    row = of_key.get(tuple(key))
                    known[line] = None if row in taken else row
                    taken.add(row)
    return {line: known.get(line) for line in lines}


def _rows_by_key(frame: pl.DataFrame, keys: Sequence[str]) -> dict[tuple[str | None, ...], int]:
    return {tuple(key): row for row, *key in frame.select(ROW, *keys).iter_rows()}
