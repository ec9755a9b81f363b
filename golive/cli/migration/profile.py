"""``golive migration profile``: what is wrong with tables, and how sure that is."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ...core.tables import Column, Table, right
from ..options import AsJson
from ..output import show, show_json

if TYPE_CHECKING:
    from ...agents.migration.profiling import FileProfile, TableProfile
    from ...agents.migration.profiling_findings import Finding

_MOST_SHOWN = 40
"""Signs of an example."""


def profile(
    files: Annotated[
        list[Path], Argument(metavar="FILE...", help="Tables: CSV, Parquet, Excel; only read.")
    ],
    *,
    sure: Annotated[
        float, Option(min=0.0, max=1.0, help="Leave out findings that are less sure than this.")
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with tables, and how sure that is; nothing is changed.

    What is found: gaps and their codes, mixed dates and decimal marks, code pages and mojibake,
    lost zeros, formulas, near duplicates, keys that are none, totals among the rows.
    """
    from ...agents.migration.profiling import profile_file

    found = []
    for number, file in enumerate(files, start=1):
        if len(files) > 1 and sys.stderr.isatty():
            typer.echo(f"{number} of {len(files)}: {file}", err=True)
        found.append(profile_file(file))
    if as_json:
        show_json([one.surer_than(sure) for one in found])
        return
    for one in found:
        show(*profile_parts(one.surer_than(sure)))


def profile_parts(found: FileProfile) -> Iterator[Table | str]:
    """The profile of a file as tables and lines."""
    how = [found.format]
    if found.encoding:
        how.append(f"{found.encoding} ({found.encoding_confidence:.0%})")
    if found.delimiter:
        how.append(f"cells apart by {found.delimiter!r}")
    yield f"{found.path}: {found.cells:,} cells, {', '.join(how)}"
    for finding in found.findings:
        yield _line(finding)
    for table in found.tables:
        yield columns_table(table)
        for one in table.findings:
            yield _line(one)


def columns_table(table: TableProfile) -> Table:
    """The columns of a table in short."""
    rows = [
        (
            seen(column.name),
            column.type.value + (f" {column.format}" if column.format else ""),
            f"{column.confidence:.0%}",
            f"{column.filled:.1%}",
            f"{column.distinct:,}",
        )
        for column in table.columns
    ]
    headings = (Column("column"), Column("type"), right("sure"), right("filled"), right("distinct"))
    return Table(f"{seen(table.name)}: {table.rows:,} rows", headings, rows)


def _line(finding: Finding) -> str:
    """A finding in a line: how sure, where, what, how often, what it looks like."""
    where = f"{seen(finding.column)}: " if finding.column else ""
    like = ", ".join(seen(repr(one)) for one in finding.examples)
    count = f"{finding.count:,}"
    told = f"{finding.confidence:5.0%}  {where}{finding.kind} ({count}): {seen(finding.says, 200)}"
    return f"{told}: {like}" if like else told


def seen(text: str, most: int = _MOST_SHOWN) -> str:
    """A text of a foreign file as a terminal may show it: short, and without control characters."""
    clean = "".join(
        "\ufffd" if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co") else sign
        for sign in text[: most + 1]
    )
    return clean if len(clean) <= most else f"{clean[: most - 3]}..."
