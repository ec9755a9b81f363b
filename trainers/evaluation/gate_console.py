"""A gate on a terminal: its criteria, the profile of the policy, and how far the work is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .criteria import Criterion, Verdict, in_words, requirement
from .gate import GateResult, Phase
from .statistics import Interval

if TYPE_CHECKING:
    from rich.table import Table

_COLOURS = {Verdict.HOLDS: "green", Verdict.FAILS: "red", Verdict.UNDECIDED: "yellow"}


def criteria_table(result: GateResult) -> Table:
    """Each criterion with its interval, what is required, and the verdict."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    level = f"{100 * result.suite.level:g} %"
    table = Table(
        title=Text(f"{result.policy} before the gate {result.suite.name}: {title_of(result)}"),
        title_justify="left",
        caption=Text(f"Intervals: {level}. A criterion holds if the whole interval does."),
        caption_justify="left",
        box=SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("criterion", no_wrap=True)
    for heading in ("estimate", "from", "to", "required"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for criterion in result.criteria:
        table.add_row(*_cells(criterion))
    return table


def profile_table(result: GateResult) -> Table:
    """The policy's profile, scenario by scenario."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(
        title="Profile",
        title_justify="left",
        box=SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("scenario", no_wrap=True)
    efficiency = [result.kind.metric(name) for name in result.kind.figures.efficiency]
    words = [metric.name.replace("_", "\n") for metric in efficiency]
    for heading in ("score", "success", "accuracy", *words, "edge\ncases"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in result.profiles():
        table.add_row(
            row.scenario,
            f"{row.score.estimate:.3f}",
            _share(row.success),
            _share(row.accuracy),
            *(metric.format(row.efficiency[metric.name].estimate) for metric in efficiency),
            _share(row.robustness.overall),
        )
    return table


def title_of(result: GateResult) -> str:
    """The verdict in a word or two."""
    if result.quick:
        word = "all criteria hold" if result.passed else "not passed"
        return f"{word} (a quick look, no sign-off)"
    if result.passed and result.sees_world:
        return "passed as a bound (it decides from the world itself, no sign-off)"
    return "passed" if result.passed else "not passed"


def notes(result: GateResult) -> list[str]:
    """What must be said beside the table, one line each."""
    lines = [f"{c.title}: {c.note}" for c in result.criteria if c.note]
    latency = result.latency()
    lines.append(
        f"Decisions take {latency.median_ms:.2f} ms (median), {latency.p95_ms:.2f} ms (95 %)"
    )
    if result.sees_world:
        lines.append(
            f"{result.policy} decides from the world itself: a bound, not a policy to deploy"
        )
    return lines


@contextmanager
def phase_bars() -> Iterator[Phase]:
    """A progress bar per phase, on the error stream; silent where nobody looks."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def show(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase, total=total)
            bars.update(tasks[phase], completed=done, total=total)

        yield show


def _cells(criterion: Criterion) -> tuple[str, ...]:
    colour = _COLOURS[criterion.verdict]
    return (
        criterion.title,
        in_words(criterion, criterion.estimate),
        in_words(criterion, criterion.low),
        in_words(criterion, criterion.high),
        requirement(criterion),
        f"[{colour}]{criterion.verdict}[/{colour}]",
    )


def _share(interval: Interval | None) -> str:
    return "-" if interval is None else f"{100 * interval.estimate:.0f} %"
