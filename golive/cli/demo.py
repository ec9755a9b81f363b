"""``golive demo``: train, judge and report, in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    *,
    out: Annotated[Path, typer.Option(help="Directory for everything the demo makes.")] = Path(
        "demo"
    ),
    minutes: Annotated[
        float | None, typer.Option(help="Train at most so long (default: as configured).")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Train so many steps (default: as configured).")
    ] = None,
    episodes: Annotated[int, typer.Option(help="Held-out customers to judge on.")] = 200,
    workers: Annotated[
        int | None, typer.Option(help="Processes (default: one for every core).")
    ] = None,
) -> None:
    """Train an agent on the furniture manufacturer and judge it against the baselines.

    Can be interrupted: the same command goes on where it was. A finished demo is not made
    again, only shown again; another --out makes another one.
    """
    from rich.console import Console

    from ..trainers.demonstration import DemonstrationPlan, run_demonstration

    plan = DemonstrationPlan(out, minutes, steps, episodes, workers)
    outcome = run_demonstration(plan)
    console = Console()
    for table in outcome.tables:
        console.print(table)
    console.print(outcome.headline, highlight=False, markup=False)
    typer.echo(f"Report: {outcome.report}")
