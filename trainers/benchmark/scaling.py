"""How the cost of a step grows with the work and the people of a customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ...sim.policy import Policy
from ..evaluation.statistics import (
    FloatArray,
    Interval,
    bootstrap_interval,
    generator,
    interquartile_mean,
)
from .bare_loop import tasks_per_second
from .replay import Replay, record_replay, settled_collector, time_replay

if TYPE_CHECKING:
    from ...scenarios.implementation.customer import Customer, Site
    from ...scenarios.implementation.requirements import Requirement
    from ...scenarios.scenario import Scenario

ItemT = TypeVar("ItemT")

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


def measure_scaling(
    scenario: Scenario,
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
    rows = tuple(size.row() for size in sizes)
    return ScalingReport(rows, _exponent(sizes))


def enlarged(customer: Customer, factor: int) -> Customer:
    """A customer with so many times the sites, people and requirements."""
    if factor == 1:
        return customer
    return customer.model_copy(
        update={
            "employees": customer.employees * factor,
            "revenue_usd": customer.revenue_usd * factor,
            "sites": tuple(_copies(customer.sites, factor, _renamed_site)),
            "requirements": tuple(_copies(customer.requirements, factor, _renamed)),
        }
    )


def enlarged_scenario(scenario: Scenario, factor: int) -> Scenario:
    """The scenario with the enlarged customer; all its sites go live together."""
    plan = scenario.plan.model_copy(update={"waves": ()})
    customer = enlarged(scenario.customer, factor)
    return scenario.model_copy(update={"customer": customer, "plan": plan})


class _Size:
    """One size with its episodes and what was measured of them."""

    def __init__(
        self, scenario: Scenario, policy: Policy, factor: int, first_seed: int, episodes: int
    ) -> None:
        self.factor = factor
        large = enlarged_scenario(scenario, factor)
        self._employees = large.customer.employees
        self._replays = [
            record_replay(policy, large, first_seed + k, large.customer) for k in range(episodes)
        ]
        self.packages = float(np.mean([_package_count(replay) for replay in self._replays]))
        self._steps: list[float] = []
        self._tasks: list[float] = []
        self._resets: list[float] = []

    def repeat(self) -> None:
        bare = tasks_per_second(3_000)
        timings = [time_replay(replay) for replay in self._replays]
        days = sum(replay.days for replay in self._replays)
        seconds = sum(timing.step_seconds for timing in timings) / days
        self._steps.append(1e6 * seconds)
        self._tasks.append(seconds * bare)
        self._resets.append(1e3 * float(np.mean([timing.reset_seconds for timing in timings])))

    @property
    def bare_tasks_per_step(self) -> FloatArray:
        """Without the repetition that warmed up."""
        return np.array(self._tasks[1:])

    def row(self) -> ScalingRow:
        def interval(name: str, values: Sequence[float]) -> Interval:
            rng = generator(0, "scaling", name, str(self.factor))
            return bootstrap_interval([np.array(values[1:])], interquartile_mean, rng)

        return ScalingRow(
            factor=self.factor,
            packages=self.packages,
            employees=self._employees,
            step_microseconds=interval("steps", self._steps),
            bare_tasks_per_step=interval("tasks", self._tasks),
            reset_milliseconds=interval("resets", self._resets),
        )


def _exponent(sizes: Sequence[_Size]) -> Interval:
    """Slope over the sizes, repetition by repetition."""
    sizes_log = np.log([size.packages for size in sizes])
    costs_log = np.log(np.stack([size.bare_tasks_per_step for size in sizes], axis=1))
    centred = sizes_log - sizes_log.mean()
    slopes = (costs_log @ centred) / float(centred @ centred)
    return bootstrap_interval([slopes], interquartile_mean, generator(0, "scaling exponent"))


def _package_count(replay: Replay) -> int:
    from ...sim.implementation.world import ImplementationWorld

    world = ImplementationWorld(replay.scenario, replay.seed, customer=replay.customer)
    return sum(workstream.packages_total for workstream in world.briefing().workstreams)


def _copies(
    items: Sequence[ItemT], factor: int, renamed: Callable[[ItemT, int], ItemT]
) -> Iterable[ItemT]:
    for copy in range(factor):
        for item in items:
            yield item if copy == 0 else renamed(item, copy + 1)


def _renamed(item: Requirement, copy: int) -> Requirement:
    return item.model_copy(update={"name": f"{item.name} {copy}"})


def _renamed_site(site: Site, copy: int) -> Site:
    return site.model_copy(update={"name": f"{site.name} {copy}"})
