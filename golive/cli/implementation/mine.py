"""``golive mine``: parameters of the world, estimated from event logs of past projects."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from ...core.errors import GoliveError
from ..options import AsJson
from ..output import show, show_json, this_command
from .log import MappingOption


def mine(
    logs: Annotated[
        list[Path],
        Argument(
            metavar="LOG...", help="Event logs: .parquet, .csv, .xes, .xes.gz, or .json (OCEL 2.0)."
        ),
    ],
    *,
    mapping: MappingOption = None,
    out: Annotated[
        Path | None,
        Option(metavar="FILE", help="Write the estimates to this parameter file (YAML)."),
    ] = None,
    name: Annotated[str, Option(help="Name of the parameter file.")] = "mined",
    as_json: AsJson = False,
) -> None:
    """Estimate parameters from the logs of past projects, with 95 % intervals.

    The file that --out writes goes to --parameters of simulate and evaluate.
    """
    from ...scenarios.implementation.parameter_file import save_parameter_file
    from ...sim.implementation.event_logs.files import read_log
    from ...sim.implementation.event_logs.log import joined
    from ...sim.implementation.event_logs.mapping import load_mapping
    from ...trainers.implementation.mining.miner import mine as mine_log
    from ...trainers.implementation.mining.miner import parameter_file
    from .mining_view import mining_content, mining_tables

    if out is not None and not out.parent.is_dir():
        raise GoliveError(f"{out}: cannot be written: its directory does not exist")
    names = None if mapping is None else load_mapping(mapping)
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
