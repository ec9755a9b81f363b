"""``golive demo``: train, judge and report, in one command."""

from __future__ import annotations

from pathlib import Path

import typer

from .options import (
    MOST_STEPS,
    AsJson,
    WorkersOption,
    option,
    option_record,
    writable_directory,
)
from .output import show


@option_record
class Demo:
    """Options of what is made, and where."""

    out: Path = option(
        Path("demo"), "Directory for everything the demo makes.", callback=writable_directory
    )
    minutes: float | None = option(None, "Train at most so long (default: as configured).")
    steps: int | None = option(
        None, "Train so many steps (default: as configured).", min=1, max=MOST_STEPS
    )
    episodes: int = option(200, "Held-out customers to judge on.", min=1)
    workers: WorkersOption = None
    as_json: AsJson = False


def demo(*, told: Demo) -> None:
    """Train an agent on the furniture manufacturer and judge it against every baseline.

    Can be interrupted: the same command goes on where it was. A finished demo is not made
    again but shown again; another --out makes another one.
    """
    from ..trainers.demo import DemoPlan, judge_demo, train_demo
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.evaluation.summary import summary_json
    from ..trainers.evaluation.tables import metric_table, score_table
    from ..trainers.training.progress import ConsoleReporter

    plan = DemoPlan(told.out, told.minutes, told.steps, told.episodes, told.workers)
    with ConsoleReporter() as reporter:
        configuration = train_demo(plan, reporter)
    with counting_bar("Evaluating") as bar:
        outcome = judge_demo(plan, configuration, bar)
    plan_of, summary = outcome.result.plan, outcome.summary
    if told.as_json:
        typer.echo(summary_json(outcome.result, summary))
        return
    tables = score_table(plan_of, summary), metric_table(plan_of, summary)
    show(*tables, outcome.headline, narrow=True)
    typer.echo(f"Report: {outcome.report}")
