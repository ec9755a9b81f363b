"""Growth of a step's cost with the work and the people of a customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import numpy as np
import typer
from pydantic import BaseModel

from benchmarks.command import SEED, JsonOption, ScenarioOption, show, start
from golive.agents.registry import load_policy
from golive.core.garbage import settled_collector
from golive.core.tables import Cell, Table, right
from golive.scenarios.implementation.customer import Customer
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.loader import load_scenario
from golive.sim.policy import Policy
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.statistics import FloatArray, Interval
from golive.trainers.regression.replay import (
    Replay,
    record_replay,
    time_replay,
)
from golive.trainers.regression.speed import middle, tasks_per_second

RecordT = TypeVar("RecordT", bound=BaseModel)

FACTORS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class ScalingRow:
    """One size of customer.

    Attributes:
        factor: times the scenario's reference customer, in sites, people and
            requirements.
        packages: known work packages at kick-off, mean over the episodes.
        employees: of the customer.
        step_microseconds: per day with decision and briefing.
        bare_tasks_per_step: the same in units of the bare loop.
        reset_milliseconds: to make the world.
    """

    factor: int
    packages: float
    employees: int
    step_microseconds: Interval
    bare_tasks_per_step: Interval
    reset_milliseconds: Interval


@dataclass(frozen=True, slots=True)
class ScalingReport:
    """Rows by size, and the exponent of the growth.

    Attributes:
        rows: by factor.
        exponent: slope of log cost per step on log number of packages; 1 is linear.
    """

    rows: tuple[ScalingRow, ...]
    exponent: Interval


def command(
    *,
    scenario: ScenarioOption = "furniture",
    repetitions: Annotated[int, typer.Option(min=2, help="Of every measurement.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Measure the cost of a step for customers of two and four times the size."""
    chosen: Any = load_scenario(scenario)
    with counting_bar("Scaling") as progress:
        report = measure_scaling(
            chosen,
            load_policy("expert"),
            first_seed=SEED,
            repetitions=repetitions,
            progress=progress,
        )
    show({"scenario": chosen.name, "scaling": report}, [scaling_table(report)], as_json)


def measure_scaling(
    scenario: ImplementationScenario,
    policy: Policy,
    *,
    first_seed: int,
    episodes: int = 3,
    repetitions: int = 10,
    factors: Sequence[int] = FACTORS,
    progress: Callable[[int, int], None] | None = None,
) -> ScalingReport:
    """Measure every size in turns, beside the bare loop.

    Args:
        scenario: whose reference customer is enlarged.
        policy: whose decisions are replayed.
        first_seed: of the episodes.
        episodes: per size and repetition.
        repetitions: after one that only warms up.
        factors: sizes.
        progress: called with (repetitions done, in all).
    """
    sizes = [_Size(scenario, policy, factor, first_seed, episodes) for factor in factors]
    with settled_collector():
        for repetition in range(repetitions + 1):
            for size in sizes:
                size.repeat()
            if progress is not None:
                progress(repetition, repetitions)
    return ScalingReport(tuple(size.row() for size in sizes), _exponent(sizes))


def enlarged(customer: Customer, factor: int) -> Customer:
    """Make a customer with so many times the sites, people and requirements."""
    if factor == 1:
        return customer
    return customer.model_copy(
        update={
            "employees": customer.employees * factor,
            "revenue_usd": customer.revenue_usd * factor,
            "sites": tuple(_copies(customer.sites, factor)),
            "requirements": tuple(_copies(customer.requirements, factor)),
        }
    )


def enlarged_scenario(scenario: ImplementationScenario, factor: int) -> ImplementationScenario:
    """Make the scenario of the enlarged customer; all its sites go live together."""
    plan = scenario.plan.model_copy(update={"waves": ()})
    customer = enlarged(scenario.customer, factor)
    return scenario.model_copy(update={"customer": customer, "plan": plan})


class _Size:
    """One size with its episodes and what was measured of them."""

    def __init__(
        self,
        scenario: ImplementationScenario,
        policy: Policy,
        factor: int,
        first_seed: int,
        episodes: int,
    ) -> None:
        self._factor = factor
        large = enlarged_scenario(scenario, factor)
        self._employees = large.customer.employees
        self._replays = [
            record_replay(policy, large, first_seed + k, customer=large.customer)
            for k in range(episodes)
        ]
        self.packages = float(np.mean([_package_count(replay) for replay in self._replays]))
        self._measured: list[tuple[float, float, float]] = []

    def repeat(self) -> None:
        bare = tasks_per_second(3_000)
        timings = [time_replay(replay) for replay in self._replays]
        days = sum(replay.days for replay in self._replays)
        seconds = sum(timing.step_seconds for timing in timings) / days
        reset = float(np.mean([timing.reset_seconds for timing in timings]))
        self._measured.append((1e6 * seconds, seconds * bare, 1e3 * reset))

    @property
    def columns(self) -> FloatArray:
        """Microseconds a step, bare tasks a step, milliseconds of a reset, by repetition.

        The repetition that warmed up is left out.
        """
        return np.array(self._measured[1:]).T

    def row(self) -> ScalingRow:
        intervals = [middle(values) for values in self.columns]
        return ScalingRow(self._factor, self.packages, self._employees, *intervals)


def _exponent(sizes: Sequence[_Size]) -> Interval:
    """Slope over the sizes, repetition by repetition."""
    sizes_log = np.log([size.packages for size in sizes])
    costs_log = np.log(np.stack([size.columns[1] for size in sizes], axis=1))
    centred = sizes_log - sizes_log.mean()
    slopes = (costs_log @ centred) / float(centred @ centred)
    return middle(slopes)


def _package_count(replay: Replay) -> int:
    briefing: Any = replay.world().briefing()
    return sum(workstream.packages_total for workstream in briefing.workstreams)


def _copies(items: Sequence[RecordT], factor: int) -> Iterable[RecordT]:
    """The items, and further ones whose names say which copy they are."""
    for copy in range(factor):
        for item in items:
            name = f"{getattr(item, 'name')} {copy + 1}"  # noqa: B009 - every one has a name
            yield item.model_copy(update={"name": name}) if copy else item


def scaling_table(report: ScalingReport) -> Table:
    """Cost per step by size of customer."""
    exponent = report.exponent
    headings = ("size", "packages", "employees", "step, µs", "bare tasks per step", "reset, ms")
    return Table(
        f"Cost of a step grows as packages to the power {exponent.estimate:.2f} "
        f"[{exponent.low:.2f}, {exponent.high:.2f}]",
        [right(heading) for heading in headings],
        [
            (
                f"x{row.factor}",
                f"{row.packages:.0f}",
                f"{row.employees:,}",
                _cell(row.step_microseconds, ".0f"),
                _cell(row.bare_tasks_per_step, ".1f"),
                _cell(row.reset_milliseconds, ".1f"),
            )
            for row in report.rows
        ],
    )


def _cell(interval: Interval, form: str) -> Cell:
    return Cell(f"{interval.estimate:{form}}", f"{interval.low:{form}} to {interval.high:{form}}")


if __name__ == "__main__":
    start("benchmarks.implementation.scaling")
