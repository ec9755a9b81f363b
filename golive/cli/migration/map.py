"""``golive migration map``: which column of a table is which of the target's, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ...core.tables import Column, Table, right
from ..options import AsJson, PrintSchema, writable_file
from ..output import show, show_json, show_schema
from .profile import seen

if TYPE_CHECKING:
    from ...agents.migration.matching_file import MappingFile


def map_columns(
    file: Annotated[
        Path | None, Argument(metavar="FILE", help="Table: CSV, Parquet, Excel; only read.")
    ] = None,
    *,
    to: Annotated[
        str | None, Option(metavar="TABLE", help="Target table, such as items (default: told).")
    ] = None,
    out: Annotated[
        Path | None,
        Option(metavar="FILE", help="Write the mapping here (YAML).", callback=writable_file),
    ] = None,
    sure: Annotated[
        float, Option(min=0.0, max=1.0, help="Leave columns open that are less sure than this.")
    ] = 0.8,
    sheet: Annotated[
        str | None, Option(help="Sheet or record type, where a file has several tables.")
    ] = None,
    knowledge: Annotated[
        Path | None, Option(metavar="FILE", help="What `migration learn` wrote.")
    ] = None,
    schema: PrintSchema = False,
    as_json: AsJson = False,
) -> None:
    """Propose a mapping of a table's columns, with confidence and reasons; the file is only read.

    What is not sure enough is left open for a person to decide.
    """
    from ...agents.migration.matching_file import MappingFile
    from ...agents.migration.matching_knowledge import read_knowledge
    from ...agents.migration.matching_proposal import propose_file, target_table
    from ...core.errors import GoliveError
    from ...core.files import write_text_atomically
    from ...core.records import json_schema
    from ...scenarios.loader import to_yaml

    if schema:
        show_schema(json_schema(MappingFile), out)
        return
    if file is None:
        raise GoliveError("FILE: expected a table to map")
    if out is not None and out.exists() and out.samefile(file):
        raise GoliveError(f"{out}: --out would overwrite the table itself")
    known = None if knowledge is None else read_knowledge(knowledge)
    target = None if to is None else target_table(to)
    found = propose_file(file, target, sure, known)
    if sheet is not None:
        names = ", ".join(repr(one.source.table) for one in found)
        found = tuple(one for one in found if one.source.table == sheet)
        if not found:
            raise GoliveError(f"--sheet: {sheet!r}: expected one of {names}")
    if out is not None and len(found) > 1:
        names = ", ".join(one.source.table for one in found)
        raise GoliveError(f"--out: the file has {len(found)} tables: name one by --sheet: {names}")
    if as_json:
        show_json([one.model_dump(mode="json") for one in found])
    else:
        for one in found:
            show(*mapping_parts(one))
    if out is not None:
        write_text_atomically(out, to_yaml(found[0]))
        typer.echo(f"Mapping: {out}", err=True)


def mapping_parts(found: MappingFile) -> Iterator[Table | str]:
    """A mapping as a table and lines."""
    mapped = [one for one in found.columns if one.column is not None]
    rows = [
        (
            seen(one.header),
            one.column or "-",
            f"{one.confidence or 0.0:.0%}",
            seen("; ".join(one.reasons), 200),
        )
        for one in found.columns
    ]
    title = (
        f"{seen(found.source.table)} to {found.to} ({found.confidence or 0.0:.0%} sure): "
        f"{len(mapped)} of {len(found.columns)} columns mapped"
    )
    yield Table(title, (Column("header"), Column("column"), right("sure"), Column("why")), rows)
    if found.missing:
        yield f"Without a source: {', '.join(found.missing)}"
