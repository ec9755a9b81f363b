"""``golive demo``: train, judge and report, in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import WorkersOption
from .output import show


def demo(
    *,
    out: Annotated[Path, typer.Option(help="Directory for everything the demo makes.")] = Path(
        "demo"
    ),
    minutes: Annotated[
        float | None, typer.Option(help="Train at most so long (default: as configured).")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, help="Train so many steps (default: as configured).")
    ] = None,
    episodes: Annotated[int, typer.Option(min=1, help="Held-out customers to judge on.")] = 200,
    workers: WorkersOption = None,
) -> None:
    """Train an agent on the furniture manufacturer and judge it against every baseline.

    Can be interrupted: the same command goes on where it was. A finished demo is not made
    again but shown again; another --out makes another one.
    """
    from ..trainers.demo import DemoPlan, judge_demo, train_demo
    from ..trainers.evaluation.console import metric_table, score_table
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.training.progress import ConsoleReporter

    plan = DemoPlan(out, minutes, steps, episodes, workers)
    with ConsoleReporter() as reporter:
        configuration = train_demo(plan, reporter)
    with counting_bar("Evaluating") as bar:
        outcome = judge_demo(plan, configuration, bar)
    plan_of, summary = outcome.result.plan, outcome.summary
    tables = score_table(plan_of, summary), metric_table(plan_of, summary)
    show(*tables, outcome.headline, narrow=True)
    typer.echo(f"Report: {outcome.report}")
