"""World steps per second beside a bare SimPy loop, in turns in the same run."""

from __future__ import annotations

from typing import Annotated

import typer

from benchmarks.command import SEED, JsonOption, ScenarioOption, show, start
from golive.agents.registry import load_policy
from golive.core.tables import Table, figures
from golive.scenarios.loader import load_scenario
from golive.sim.worlds import kind_of
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.regression.speed import SpeedReport, measure_speed

TARGET_RATIO = 3_000 / 65_000
"""World steps per bare task that the engine should reach: 3,000 a second where the bare loop
does 65,000."""


def command(
    *,
    scenario: ScenarioOption = "furniture",
    repetitions: Annotated[int, typer.Option(min=2, help="Of every measurement.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Measure world steps per second beside a bare SimPy loop."""
    chosen = load_scenario(scenario)
    kind = kind_of(chosen)
    with counting_bar("Speed") as progress:
        report = measure_speed(
            chosen,
            load_policy(kind.expert, kind),
            first_seed=SEED,
            repetitions=repetitions,
            progress=progress,
        )
    content = {"scenario": chosen.name, "speed": report}
    show(content, [speed_table(report), speed_verdict(report)], as_json)


def speed_table(report: SpeedReport) -> Table:
    """Speeds and their ratio."""
    rows = (
        ("world steps per second", report.steps_per_second, ",.0f"),
        ("bare SimPy tasks per second", report.bare_tasks_per_second, ",.0f"),
        ("world steps per bare task", report.ratio, ".4f"),
        ("environment steps per second", report.environment_steps_per_second, ",.0f"),
        ("reset, milliseconds", report.reset_milliseconds, ".2f"),
    )
    return Table(
        f"Speed on one core, {report.repetitions} repetitions",
        figures("", "middle", "95 % interval"),
        [
            (name, f"{row.estimate:{form}}", f"{row.low:{form}} to {row.high:{form}}")
            for name, row, form in rows
        ],
    )


def speed_verdict(report: SpeedReport) -> str:
    """The ratio against its target in words."""
    reached = "reached" if report.ratio.low >= TARGET_RATIO else "not reached"
    return (
        f"Target of {TARGET_RATIO:.4f} world steps per bare task (3,000 a second where the bare "
        f"loop does 65,000): {reached}."
    )


if __name__ == "__main__":
    start("benchmarks.speed")
