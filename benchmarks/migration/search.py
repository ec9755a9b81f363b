"""The search for the rules expert's parameters, on training seeds alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmarks.command import CORES, JsonOption, WorkersOption, show
from benchmarks.parameter_search import Search, told
from golive.agents.migration.expert import RANGES, SHIPPED_FILE, Expert, shipped_parameters

SEARCH = Search(
    "migration",
    ("workshop-data",),
    Expert,
    shipped_parameters(),
    RANGES,
    "benchmarks.migration.search",
    "Parameters of the rules expert; what each is: expert.py.",
)


def command(
    trials: Annotated[int, typer.Option(min=0, help="Sets of parameters that are tried.")] = 170,
    sweeps: Annotated[
        int, typer.Option(min=0, help="Times that each is tried lower and higher after it.")
    ] = 2,
    customers: Annotated[int, typer.Option(min=2, help="Training customers.")] = 24,
    seed: Annotated[int, typer.Option(min=0, help="Of the search.")] = 0,
    out: Annotated[Path, typer.Option(help="File of the parameters.")] = SHIPPED_FILE,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Search the expert's parameters on training seeds and write them; held-out seeds judge."""
    report = SEARCH.run(trials, sweeps, customers, seed, out, workers)
    show(report, told(report), as_json)


if __name__ == "__main__":
    from benchmarks.command import start

    start("benchmarks.migration.search")
