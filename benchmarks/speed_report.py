"""Report of the speed benchmark: rows from turns, and tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.command import span
from golive.core.tables import Table, figures
from golive.trainers.evaluation.statistics import FloatArray, Interval
from golive.trainers.regression.speed import middle

BARE = "bare"
STEPS: dict[str, tuple[str, str]] = {
    BARE: ("bare SimPy", "a task on two priority resources, eight events"),
    "world": ("world", "a working day: briefing, legal decisions, a decision carried out"),
    "environment": ("environment", "that day, with observation, mask, reward and info"),
    "reset": ("reset", "a new episode of the environment, up to its first observation"),
    "one": ("1 in a process", "a day of the environment, its share of resets included"),
    "many": (
        "{environments:,} in a process",
        "likewise, so many stepped in turn",
    ),
    "sb3": ("training, SB3", "a day's share of rollout and update, as `golive train` has it"),
    "lean": ("training, lean", "the same by a loop of a hundred lines (`benchmarks/lean_ppo.py`)"),
    "cartpole": ("CartPole", "Gymnasium: an Euler step of four numbers"),
    "job_shop": ("JSSEnv", "an operation dispatched, 15 jobs on 15 machines (ta01)"),
    "grid": ("Grid2Op", "with lightsim2grid: five minutes of 14 buses, a power flow, no action"),
    "highway": ("highway-env", "highway-fast-v0: a second of a motorway with 20 vehicles"),
}
"""Name of a step of each, and what it is."""
_POSITIVE = (0.0, math.inf)


@dataclass(frozen=True, slots=True)
class StepRow:
    """Cost of one kind of step, of a core's time.

    Attributes:
        name: key of ``STEPS``.
        per_second: steps.
        bare_tasks: that the bare event loop does in the time of one, turn by turn; this is what
            travels between machines.
    """

    name: str
    per_second: Interval
    bare_tasks: Interval


@dataclass(frozen=True, slots=True)
class RatioRow:
    """Speed of one thing over another's, turn by turn.

    Attributes:
        what: is compared.
        ratio: of speeds.
        goal: that was set, in words; empty: none.
    """

    what: str
    ratio: Interval
    goal: str


@dataclass(frozen=True, slots=True)
class SpeedBenchmark:
    """All that one run measured.

    Attributes:
        scenario: by name.
        compiled: whether golive's hot modules are.
        repetitions: turns of everything.
        environments: of the many.
        steps: costs.
        ratios: speeds beside other speeds.
        megabytes_each: memory of one of the many; None: not measured.
        missing: packages that are not installed, so that they were not measured.
        against: the older commit, if there was one.
        same_episodes: whether both played the same, state for state.
    """

    scenario: str
    compiled: bool
    repetitions: int
    environments: int
    steps: tuple[StepRow, ...]
    ratios: tuple[RatioRow, ...]
    megabytes_each: float | None
    missing: tuple[str, ...]
    against: str | None
    same_episodes: bool | None

    @property
    def setting(self) -> str:
        """A sentence about what was measured."""
        build = "compiled" if self.compiled else "pure Python"
        return (
            f"Scenario {self.scenario}, {build}, {self.repetitions} turns, one core's time; "
            "middle and 95 % interval"
        )


def report_of(
    speeds: Mapping[str, FloatArray],
    *,
    scenario: str,
    compiled: bool,
    environments: int,
    megabytes_each: float | None,
    missing: Sequence[str],
    against: str | None,
    same_episodes: bool | None,
) -> SpeedBenchmark:
    """The report of speeds by name, each an array of turns; the older commit's begin with ``old``.

    Args:
        speeds: a second.
        scenario: by name.
        compiled: whether golive's hot modules are.
        environments: of the many.
        megabytes_each: memory of one of the many.
        missing: packages that are not installed.
        against: the older commit.
        same_episodes: whether it played the same.
    """
    steps = [
        StepRow(
            name,
            middle(speeds[name], _POSITIVE),
            Interval(1.0, 1.0, 1.0)
            if name == BARE
            else middle(speeds[BARE] / speeds[name], _POSITIVE),
        )
        for name in STEPS
        if name in speeds
    ]
    pairs = [
        (f"{environments:,} in a process over 1", "many", "one", ">= 0.85"),
        ("training: lean over SB3", "lean", "sb3", ""),
        (f"world over {against}'s", "world", "old world", ">= 1.8"),
        (f"environment over {against}'s", "environment", "old environment", ">= 1.6"),
        (f"reset over {against}'s", "reset", "old reset", ""),
    ]
    return SpeedBenchmark(
        scenario=scenario,
        compiled=compiled,
        repetitions=len(speeds[BARE]),
        environments=environments,
        steps=tuple(steps),
        ratios=tuple(
            RatioRow(what, middle(speeds[over] / speeds[under], _POSITIVE), goal)
            for what, over, under, goal in pairs
            if over in speeds and under in speeds
        ),
        megabytes_each=megabytes_each,
        missing=tuple(missing),
        against=against,
        same_episodes=same_episodes,
    )


def speed_tables(report: SpeedBenchmark) -> list[Table]:
    """Tables of what a step costs, and of the ratios."""
    costs = Table(
        "A step of each",
        figures("a step of", "a second", "ms", "bare tasks meanwhile"),
        [
            (
                STEPS[row.name][0].format(environments=report.environments),
                span(row.per_second, ",.0f"),
                f"{1e3 / row.per_second.estimate:,.3f}",
                span(row.bare_tasks, ",.1f"),
            )
            for row in report.steps
        ],
    )
    ratios = Table(
        "Speeds beside one another, turn by turn",
        figures("what", "ratio of speeds", "goal"),
        [(row.what, span(row.ratio, ".2f"), row.goal) for row in report.ratios],
    )
    return [costs, ratios]


def speed_lines(report: SpeedBenchmark) -> list[str]:
    """Lines of what the tables leave to say."""
    told = [(STEPS[row.name][0], STEPS[row.name][1]) for row in report.steps]
    lines = ["A step of each:"]
    lines += [f"- {name.format(environments=report.environments)}: {what}" for name, what in told]
    lines.append("")
    if report.megabytes_each is not None:
        lines.append(
            f"Memory: {report.megabytes_each:.2f} MB for each of {report.environments:,} "
            "environments (goal: at most 0.25)."
        )
    if report.against is not None:
        same = "the same episodes" if report.same_episodes else "other episodes"
        lines.append(f"Beside {report.against}: {same}, by the digests of their last states.")
    if report.missing:
        lines.append(f"Not installed, so not measured: {', '.join(report.missing)}.")
    return lines
