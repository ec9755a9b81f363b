"""``golive mine``: parameters of the world, estimated from event logs of past projects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ...core.tables import Column, Table, figures
from ..options import AsJson, writable_file
from ..output import show, show_json, this_command
from .log import LOGS, DayStartOption, MappingOption, ZoneOption, mapping_of

if TYPE_CHECKING:
    from ...trainers.implementation.mining.miner import Mined, MiningResult


def mine(
    logs: Annotated[
        list[Path],
        Argument(metavar="LOG...", help=LOGS),
    ],
    *,
    mapping: MappingOption = None,
    zone: ZoneOption = None,
    day_start: DayStartOption = None,
    out: Annotated[
        Path | None,
        Option(
            metavar="FILE",
            help="Write the estimates to this parameter file (YAML).",
            callback=writable_file,
        ),
    ] = None,
    name: Annotated[str, Option(help="Name of the parameter file.")] = "mined",
    as_json: AsJson = False,
) -> None:
    """Estimate parameters from the logs of past projects, with 95 % intervals.

    The file that --out writes goes to --parameters of simulate and evaluate.
    """
    from ...scenarios.implementation.parameter_file import save_parameter_file
    from ...sim.implementation.event_logs.files import check_apart, read_log
    from ...sim.implementation.event_logs.log import joined
    from ...trainers.implementation.mining.miner import mine as mine_log
    from ...trainers.implementation.mining.miner import parameter_file

    for path in (*logs, mapping):
        if path is not None and out is not None:
            check_apart(path, out)
    names = mapping_of(mapping, zone, day_start)
    result = mine_log(joined([read_log(path, names) for path in logs]))
    if as_json:
        show_json(mining_content(result))
    else:
        show(*mining_tables(result))
    for note in result.notes:
        typer.echo(f"note: {note}", err=True)
    if out is not None:
        made_by = this_command()[:2_000]
        save_parameter_file(out, parameter_file(result, name=name, made_by=made_by))
        typer.echo(f"Parameters: {out}", err=True)


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
