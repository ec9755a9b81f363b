"""What the miner found, and how well it finds: as tables and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.table import Table

    from ...trainers.implementation.mining.coverage import CoverageRow
    from ...trainers.implementation.mining.miner import Mined, MiningResult


def mining_json(result: MiningResult) -> str:
    """All of a result as a JSON mapping."""
    content = {
        "projects": result.projects,
        "events": result.events,
        "estimates": [
            {
                "parameter": mined.estimate.parameter,
                "value": mined.value,
                "estimate": mined.estimate.value,
                "low": mined.estimate.low,
                "high": mined.estimate.high,
                "default": mined.row.value,
                "unit": mined.row.unit,
                "observations": mined.estimate.observations,
                "of": mined.estimate.unit_of_observation,
                "warnings": list(mined.warnings),
                "notes": list(mined.estimate.notes),
            }
            for mined in result.estimates
        ],
        "left_out": [
            {"parameter": row.parameter, "reason": row.reason} for row in result.omissions
        ],
        "notes": list(result.notes),
    }
    return json.dumps(content, indent=2)


def mining_tables(result: MiningResult) -> Iterator[Table]:
    """Estimates, then what was left out."""
    from rich.table import Table
    from rich.text import Text

    title = f"{len(result.estimates)} parameters mined from {result.projects} projects"
    table = Table(title=title, title_justify="left")
    for heading in ("parameter", "estimate", "95 % interval", "default", "n"):
        justify: Literal["left", "right"] = "left" if heading == "parameter" else "right"
        table.add_column(heading, justify=justify, no_wrap=True)
    for mined in result.estimates:
        table.add_row(*(Text(cell) for cell in _cells(mined)))
    yield table
    told = [(mined.estimate.parameter, _told(mined)) for mined in result.estimates]
    yield from _words("Notes", [(name, words) for name, words in told if words])
    yield from _words("Left out", [(row.parameter, row.reason) for row in result.omissions])


def _words(title: str, rows: list[tuple[str, str]]) -> Iterator[Table]:
    """A table of parameters and what is to be said of them; none without rows."""
    from rich.table import Table
    from rich.text import Text

    if rows:
        table = Table("parameter", "", title=title, title_justify="left")
        table.columns[0].no_wrap = True
        for name, words in rows:
            table.add_row(Text(name), Text(words))
        yield table


def _told(mined: Mined) -> str:
    return "; ".join((*(f"! {word}" for word in mined.warnings), *mined.estimate.notes))


def _cells(mined: Mined) -> tuple[str, ...]:
    estimate = mined.estimate
    return (
        estimate.parameter,
        f"{mined.value:.4g}",
        f"{estimate.low:.3g} to {estimate.high:.3g}",
        f"{mined.row.value:g}",
        f"{estimate.observations:,}",
    )


def coverage_table(
    rows: Sequence[CoverageRow], sets: int, projects: int, scenario: str, policy: str
) -> Table:
    """How often the intervals held the hidden value."""
    from rich.table import Table
    from rich.text import Text

    title = f"{sets} sets of hidden parameters, {projects} projects each ({scenario}, {policy})"
    table = Table(title=title, title_justify="left")
    for heading in ("parameter", "sets", "covered", "95 % of it", "bias", "error", "width"):
        numeric = heading != "parameter"
        table.add_column(heading, justify="right" if numeric else "left", no_wrap=numeric)
    table.columns[0].overflow = "fold"
    for row in rows:
        cells = (
            row.parameter,
            str(row.sets),
            f"{row.covered / row.sets:.0%}",
            f"{row.low:.0%} to {row.high:.0%}",
            f"{row.bias:+.1%}",
            f"{row.error:.1%}",
            f"{row.width:.1%}",
        )
        table.add_row(*(Text(cell) for cell in cells))
    return table
