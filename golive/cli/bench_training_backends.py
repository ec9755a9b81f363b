"""``golive bench training-backends``: what processes and Ray actors give a training."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from ..core.errors import GoliveError


def training_backends(
    *,
    config: Annotated[
        str, typer.Option(help="Training configuration: a file or a name.")
    ] = "furniture",
    workers: Annotated[
        int | None, typer.Option(min=2, help="Workers (default: one for every core).")
    ] = None,
    repetitions: Annotated[int, typer.Option(min=2, help="Of every measurement.")] = 10,
    ray_address: Annotated[
        str | None, typer.Option(help="Ray cluster (default: Ray is started here).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Steps per second without workers, with processes and on Ray; from which cost workers pay."""
    from ..core.execution import default_workers
    from ..trainers.benchmark.training_backends import measure_training_backends
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.training.configuration import read_configuration
    from .train import configuration_file

    chosen = workers or default_workers()
    if chosen < 2:
        raise GoliveError("--workers: 1: expected at least 2, or there is nothing to compare")
    with counting_bar("Backends") as progress:
        report = measure_training_backends(
            read_configuration(configuration_file(config)),
            workers=chosen,
            repetitions=repetitions,
            address=ray_address,
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps(asdict(report), indent=2))
        return
    from rich.console import Console

    from ..trainers.benchmark.training_backends_tables import (
        backends_table,
        break_even_table,
        costs_table,
    )

    console = Console()
    for table in (backends_table(report), costs_table(report), break_even_table(report)):
        console.print(table)
