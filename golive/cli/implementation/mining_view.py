"""Findings of the miner, and how well it finds: as tables and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...core.tables import Column, Table, figures

if TYPE_CHECKING:
    from ...trainers.implementation.mining.miner import Mined, MiningResult


def mining_content(result: MiningResult) -> dict[str, Any]:
    """All of a result as plain data."""
    return {
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


def mining_tables(result: MiningResult) -> Iterator[Table]:
    """Estimates, then what was left out."""
    title = f"{len(result.estimates)} parameters mined from {result.projects} projects"
    headings = figures("parameter", "estimate", "95 % interval", "default", "n")
    yield Table(title, headings, [_cells(mined) for mined in result.estimates])
    told = [(mined.estimate.parameter, _told(mined)) for mined in result.estimates]
    left_out = [(row.parameter, row.reason) for row in result.omissions]
    for what, rows in (("Notes", [row for row in told if row[1]]), ("Left out", left_out)):
        if rows:
            yield Table(what, (Column("parameter", wraps=False), ""), rows)


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
