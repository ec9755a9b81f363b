"""Imported work networks: projects of the scheduling literature, run by the world's own crew.

With certain durations and a fixed priority rule the work mechanism is the parallel
schedule-generation scheme (Kolisch & Hartmann 1999); PSPLIB shows whether it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

import simpy

from ...core.arithmetic import plain_sum, whole_sum
from ...core.errors import GoliveError
from ...core.random_streams import RandomStreams
from ...scenarios.implementation.importers.project import ImportedProject
from ...scenarios.implementation.importers.psplib import read_project
from ...scenarios.implementation.scenario import ImplementationScenario
from ...scenarios.loader import load_scenario
from ..events import EventRecorder
from .context import Context
from .decision import WORKSTREAM_COUNT
from .network import cyclic_packages, latest_finishes
from .parameters import parameters_with
from .state import Member, Package, PackageKind, SiteState, Status, WorkstreamTotals, WorldState
from .work import Session, Work

_WORKSTREAM = 2
MOST_MEMBERS = 20_000
"""Units of all resources together: each is a member of the crew."""


@dataclass(slots=True)
class ImportedNetwork:
    """A project with certain durations.

    Attributes:
        durations: hours per activity, >= 0.
        successors: indices per activity.
        demands: members needed of each resource, per activity; a resource is a role of the crew.
        capacities: members of each resource; there may be any number of resources.
        name: for messages.
    """

    durations: list[float]
    successors: list[list[int]]
    demands: list[list[int]]
    capacities: list[int]
    name: str = "imported"

    def packages(self) -> list[Package]:
        """The activities as work packages, latest finish times computed."""
        packages = [
            Package(
                id=index,
                name=f"activity {index + 1}",
                kind=int(PackageKind.IMPORTED),
                workstream=_WORKSTREAM,
                planned_hours=duration,
                remaining_hours=duration,
                successors=list(self.successors[index]),
                role_units=list(self.demands[index]),
            )
            for index, duration in enumerate(self.durations)
        ]
        for package in packages:
            for successor in package.successors:
                packages[successor].open_predecessors += 1
        horizon = plain_sum(self.durations)
        latest_finishes(packages, [horizon] * len(packages), 1.0)
        for package in packages:
            if not package.open_predecessors:
                package.status = int(Status.READY)
        return packages


@dataclass(slots=True)
class Schedule:
    """The crew's schedule of a network, per activity.

    Attributes:
        finish_hours: hour at which it is done.
        start_hours: hour at which it is begun.
    """

    finish_hours: list[float] = field(default_factory=list)
    start_hours: list[float] = field(default_factory=list)

    @property
    def makespan_hours(self) -> float:
        """Hour at which the last activity is done."""
        return max(self.finish_hours, default=0.0)


def read_psplib(path: Path | str) -> ImportedNetwork:
    """Read a single-mode project in PSPLIB's ``.sm`` format; a period is an hour.

    Raises:
        GoliveError: the file cannot be read or is not of that format; names the file.
    """
    return network_of(read_project(path))


def network_of(project: ImportedProject) -> ImportedNetwork:
    """An imported project as a network of certain durations.

    Units are rounded up to whole people.
    """
    index = {task.id: number for number, task in enumerate(project.tasks)}
    place = {resource.id: number for number, resource in enumerate(project.resources)}
    network = ImportedNetwork(
        durations=[task.duration_hours for task in project.tasks],
        successors=[[] for _ in project.tasks],
        demands=[[0] * len(place) for _ in project.tasks],
        capacities=[ceil(resource.units) for resource in project.resources],
        name=project.source,
    )
    for number, task in enumerate(project.tasks):
        for predecessor in dict.fromkeys(task.predecessors):
            network.successors[index[predecessor]].append(number)
        for resource, units in task.demands:
            network.demands[number][place[resource]] = ceil(units)
    return network


def schedule_network(
    network: ImportedNetwork,
    *,
    priorities: list[float] | None = None,
    hours_per_day: float | None = 8.0,
) -> Schedule:
    """Let the crew work through a network.

    Args:
        network: what is to be done.
        priorities: smaller goes first, ties by index; ``None``: latest finish time.
        hours_per_day: work stops at the end of a day, with progress kept; ``None``: one day is
            long enough for everything.

    Returns:
        Start and finish hour of each activity.

    Raises:
        GoliveError: an activity needs more than there is, activities wait for one another in a
            circle, or there are more than ``MOST_MEMBERS`` units; names network and activity.
    """
    horizon = plain_sum(network.durations)
    packages = _checked_packages(network)
    if priorities is not None:
        for package, priority in zip(packages, priorities, strict=True):
            package.latest_finish_hour = priority
    context = _context(network, packages, horizon + 1.0 if hours_per_day is None else hours_per_day)
    state, day_hours = context.state, context.hours_per_day
    finish = [0.0] * len(packages)

    def done(package: Package) -> None:
        finish[package.id] = work.environment.now

    work = _RecordingWork(context, done, lambda _: False)
    work.start_hours = [-1.0] * len(packages)
    most_days = len(packages) + 2 + ceil(2.0 * horizon / day_hours)
    while any(package.status != Status.DONE for package in packages):
        start = state.day * day_hours
        environment = simpy.Environment(initial_time=start)
        work.start_day(environment, start + day_hours)
        environment.run()
        work.end_day()
        state.day += 1
        if state.day > most_days:
            raise RuntimeError(f"{network.name}: not done after {most_days} days")
    return Schedule(finish, work.start_hours)


class _RecordingWork(Work):
    """The crew at work; keeps when each package was first begun."""

    start_hours: list[float]
    """Per package; -1 until it is begun. Set by who makes it: no constructor of its own."""

    def _begin(self, session: Session) -> None:
        if self.start_hours[session.package.id] < 0.0:
            self.start_hours[session.package.id] = session.start
        super()._begin(session)


def _checked_packages(network: ImportedNetwork) -> list[Package]:
    """The packages of a network that can be done.

    An activity that needs nobody gets a member of a resource that never runs short.
    """
    total = whole_sum(network.capacities)
    if total > MOST_MEMBERS:
        raise GoliveError(
            f"{network.name}: {total:,} units of all resources: expected at most {MOST_MEMBERS:,}"
        )
    for index, needs in enumerate(network.demands):
        for number, (need, units) in enumerate(zip(needs, network.capacities, strict=True), 1):
            if need > units:
                words = f"activity {index + 1}: {need} units of resource {number}"
                raise GoliveError(
                    f"{network.name}: {words}: expected at most the {units} that there are"
                )
    packages = network.packages()
    circle = cyclic_packages(packages)
    if circle:
        named = ", ".join(circle[:6])
        raise GoliveError(f"{network.name}: {named}: wait for one another in a circle")
    for package in packages:
        package.role_units.append(0 if any(package.role_units) else 1)
    return packages


def _context(network: ImportedNetwork, packages: list[Package], hours_per_day: float) -> Context:
    """A world's context that holds nothing but the network and its crew."""
    nobody = whole_sum(package.role_units[-1] for package in packages)
    roles = [role for role, count in enumerate([*network.capacities, nobody]) for _ in range(count)]
    scenario = load_scenario("furniture")
    assert isinstance(scenario, ImplementationScenario)
    state = WorldState(
        packages=packages,
        totals=[WorkstreamTotals() for _ in range(WORKSTREAM_COUNT)],
        members=[
            Member(index, role, joined_day=0, assimilated_day=0) for index, role in enumerate(roles)
        ],
        sites=[SiteState(target_day=0, planned_day=0)],
        focus=[_WORKSTREAM] * (len(network.capacities) + 1),
    )
    plan = scenario.plan.model_copy(update={"hours_per_day": hours_per_day})
    return Context(
        scenario=scenario.model_copy(update={"plan": plan}),
        customer=scenario.customer,
        parameters=parameters_with({}),
        streams=RandomStreams(0),
        state=state,
        events=EventRecorder(),
    )
