"""Report of the comparison of training backends: rows from seconds, and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.command import span
from golive.core.tables import Table, figures
from golive.trainers.evaluation.statistics import FloatArray, Interval
from golive.trainers.regression.speed import middle

IN_PROCESS, PROCESSES, RAY = "in process", "processes", "Ray actors"


@dataclass(frozen=True, slots=True)
class BackendRow:
    """One way to step a world's environments.

    Attributes:
        backend: of the workers.
        stepping: environment steps per second with random legal actions.
        stepping_ratio: to the same without workers, turn by turn; None: it is that.
        training: environment steps per second of rollouts and updates.
        training_ratio: likewise.
    """

    backend: str
    stepping: Interval
    stepping_ratio: Interval | None
    training: Interval
    training_ratio: Interval | None


@dataclass(frozen=True, slots=True)
class CostRow:
    """Speed-ups by workers if a world's step costs so much.

    Attributes:
        environments_per_worker: stepped with one message.
        cost_milliseconds: of a core's time per environment step.
        speedups: by backend, to the same environments in one process.
    """

    environments_per_worker: int
    cost_milliseconds: float
    speedups: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """From which cost per world step workers pay.

    Attributes:
        backend: of the workers.
        environments_per_worker: stepped with one message.
        round_trip_milliseconds: what a step of all workers takes if worlds cost nothing, beyond
            what their environments take in one process.
        cost_milliseconds: per world step at which both are alike.
    """

    backend: str
    environments_per_worker: int
    round_trip_milliseconds: Interval
    cost_milliseconds: Interval


@dataclass(frozen=True, slots=True)
class TrainingBackendsReport:
    """Measured times and ratios.

    Attributes:
        workers: processes or actors.
        cores: that this process may use.
        environments: stepped together in the first two measurements.
        repetitions: of every measurement.
        world_step_milliseconds: of the world's environment in this process.
        backends: by backend.
        costs: by environments per worker and cost.
        break_even: by environments per worker and backend.
    """

    workers: int
    cores: int
    environments: int
    repetitions: int
    world_step_milliseconds: Interval
    backends: tuple[BackendRow, ...]
    costs: tuple[CostRow, ...]
    break_even: tuple[BreakEven, ...]


def backend_row(
    name: str, steps: int, stepping: Mapping[str, FloatArray], training: Mapping[str, FloatArray]
) -> BackendRow:
    """From seconds of every turn, by backend."""
    alone = name == IN_PROCESS
    return BackendRow(
        backend=name,
        stepping=middle(steps / stepping[name]),
        stepping_ratio=None if alone else middle(stepping[IN_PROCESS] / stepping[name]),
        training=middle(steps / training[name]),
        training_ratio=None if alone else middle(training[IN_PROCESS] / training[name]),
    )


def cost_row(
    per_worker: int, cost: float, seconds: Mapping[tuple[str, float], FloatArray]
) -> CostRow:
    """From seconds per step of all environments, by backend and cost in milliseconds."""
    return CostRow(
        per_worker,
        cost,
        {
            name: middle(seconds[IN_PROCESS, cost] / seconds[name, cost])
            for name in (PROCESSES, RAY)
        },
    )


def break_even(
    backend: str, per_worker: int, workers: int, seconds: Mapping[tuple[str, float], FloatArray]
) -> BreakEven:
    """In one process a step of all takes n c + a, with workers n c / w + b: alike at c.

    n environments in all, w workers; a and b are the times measured at a cost c of nothing.
    """
    extra = seconds[backend, 0.0] - seconds[IN_PROCESS, 0.0]
    saved = per_worker * workers * (1.0 - 1.0 / workers)
    return BreakEven(
        backend,
        per_worker,
        middle(1e3 * extra),
        middle(1e3 * extra / saved),
    )


def tables(report: TrainingBackendsReport) -> tuple[Table, Table, Table]:
    """Steps per second, times as fast by cost, and from which cost workers pay."""
    world = span(report.world_step_milliseconds, ".2f")
    return (
        Table(
            f"{report.environments} environments, {report.workers} workers, {report.cores} cores, "
            f"{report.repetitions} repetitions; a world's step takes {world} ms",
            figures("workers", "stepping, per s", "ratio", "training, per s", "ratio"),
            [
                (
                    row.backend,
                    span(row.stepping, ",.0f"),
                    span(row.stepping_ratio, ".2f"),
                    span(row.training, ",.0f"),
                    span(row.training_ratio, ".2f"),
                )
                for row in report.backends
            ],
        ),
        Table(
            "Times as fast as in one process, by the cost of a world's step",
            figures("environments per worker", "cost, ms", PROCESSES, RAY),
            [
                (
                    row.environments_per_worker,
                    f"{row.cost_milliseconds:g}",
                    *(span(row.speedups[name], ".2f") for name in (PROCESSES, RAY)),
                )
                for row in report.costs
            ],
        ),
        Table(
            "Workers pay if a world's step costs more",
            figures("workers", "environments per worker", "round trip, ms", "break-even cost, ms"),
            [
                (
                    row.backend,
                    row.environments_per_worker,
                    span(row.round_trip_milliseconds, ".2f"),
                    span(row.cost_milliseconds, ".3f"),
                )
                for row in report.break_even
            ],
        ),
    )
