"""Imported work networks: projects of the scheduling literature, run by the world's own crew.

With certain durations and a fixed priority rule the work mechanism is the parallel
schedule-generation scheme (Kolisch & Hartmann 1999); PSPLIB shows whether it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import simpy

from ...scenarios import GoliveError, RandomStreams
from ...scenarios.loader import load_scenario
from ..events import EventRecorder
from .context import Context, Tables
from .decision import ROLE_COUNT, WORKSTREAM_COUNT
from .network import latest_finishes
from .parameters import parameters_with
from .state import (
    Member,
    Package,
    PackageKind,
    PeopleState,
    SiteState,
    Status,
    Survey,
    WorkstreamTotals,
    WorldState,
)
from .work import Work

_WORKSTREAM = 2
_MOST_DAYS = 10_000
_MOST_RESOURCES = ROLE_COUNT


@dataclass(slots=True)
class ImportedNetwork:
    """A project with certain durations.

    Attributes:
        durations: hours per activity.
        successors: indices per activity.
        demands: members needed of each role, per activity.
        capacities: members of each role.
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
                site=0,
                department=-1,
                subject=-1,
                planned_hours=duration,
                remaining_hours=duration,
                key_user_hours=0.0,
                latest_finish_hour=0.0,
                successors=list(self.successors[index]),
                role_units=list(self.demands[index]),
            )
            for index, duration in enumerate(self.durations)
        ]
        for package in packages:
            for successor in package.successors:
                packages[successor].open_predecessors += 1
        horizon = sum(self.durations)
        latest_finishes(packages, lambda _: horizon, 1.0)
        for package in packages:
            if not package.open_predecessors:
                package.status = int(Status.READY)
        return packages


@dataclass(slots=True)
class Schedule:
    """What the crew made of a network: finish hour per activity."""

    finish_hours: list[float] = field(default_factory=list)

    @property
    def makespan_hours(self) -> float:
        """Hour at which the last activity is done."""
        return max(self.finish_hours, default=0.0)


def read_psplib(path: Path | str) -> ImportedNetwork:
    """Read a single-mode project in PSPLIB's ``.sm`` format (Kolisch & Sprecher 1996).

    Raises:
        GoliveError: the file cannot be read or is not of that format; names the file.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        relations = _section(lines, "PRECEDENCE RELATIONS:", skip=2)
        requests = _section(lines, "REQUESTS/DURATIONS:", skip=3)
        capacities = _section(lines, "RESOURCEAVAILABILITIES:", skip=2)[0]
    except (OSError, UnicodeDecodeError, IndexError, ValueError) as error:
        raise GoliveError(f"{path}: {error}: expected a project in PSPLIB's .sm format") from error
    last = len(relations) - 1
    if last < 1 or len(requests) != len(relations) or len(capacities) > _MOST_RESOURCES:
        raise GoliveError(
            f"{path}: {len(relations)} activities, {len(capacities)} resources: expected at least "
            f"two activities with a request each and at most {_MOST_RESOURCES} resources"
        )
    padding = [0] * (ROLE_COUNT - len(capacities))
    inner = range(1, last)  # the first and last activity are dummies
    return ImportedNetwork(
        durations=[float(requests[job][2]) for job in inner],
        successors=[[s - 2 for s in relations[job][3:] if s - 1 != last] for job in inner],
        demands=[[*requests[job][3:], *padding] for job in inner],
        capacities=[*capacities, *padding],
        name=path.stem,
    )


def _section(lines: list[str], title: str, skip: int) -> list[list[int]]:
    start = [i for i, line in enumerate(lines) if line.startswith(title)]
    if not start:
        raise ValueError(f"no section {title!r}")
    rows = []
    for line in lines[start[0] + skip :]:
        if line.startswith(("*", "-")):
            break
        rows.append([int(word) for word in line.split()])
    return rows


def schedule_network(
    network: ImportedNetwork,
    *,
    priorities: list[float] | None = None,
    hours_per_day: float = 8.0,
) -> Schedule:
    """Let the crew work through a network.

    Args:
        priorities: smaller goes first, ties by index; ``None``: latest finish time.
        hours_per_day: work stops at the end of a day, with progress kept.

    Returns:
        The finish hour of each activity.
    """
    packages = network.packages()
    if priorities is not None:
        for package, priority in zip(packages, priorities, strict=True):
            package.latest_finish_hour = priority
    context = _context(network, packages, hours_per_day)
    state = context.state
    finish = [0.0] * len(packages)

    def done(package: Package) -> None:
        finish[package.id] = work.environment.now

    work = Work(context, done, lambda _: False)
    while any(package.status != Status.DONE for package in packages):
        start = state.day * hours_per_day
        environment = simpy.Environment(initial_time=start)
        work.start_day(environment, start + hours_per_day)
        environment.run()
        work.end_day()
        state.day += 1
        if state.day > _MOST_DAYS:
            raise GoliveError(f"{network.name}: no end: expected demands within the capacities")
    return Schedule(finish)


def _context(network: ImportedNetwork, packages: list[Package], hours_per_day: float) -> Context:
    """A world's context that holds nothing but the network and its crew."""
    members: list[Member] = []
    for role, count in enumerate(network.capacities):
        for _ in range(count):
            members.append(Member(len(members), role, joined_day=0, assimilated_day=0))
    scenario = load_scenario("furniture")
    state = WorldState(
        day=0,
        packages=packages,
        totals=[WorkstreamTotals() for _ in range(WORKSTREAM_COUNT)],
        members=members,
        defects=[],
        questions=[],
        objects=[],
        interfaces=[],
        sites=[SiteState(target_day=0, planned_day=0)],
        disruptions=[],
        people=PeopleState(),
        survey=Survey(0, 0.0, 0.0, 0.0, 0.0, 0.0),
        pools=[],
        focus=[_WORKSTREAM] * ROLE_COUNT,
    )
    parameters = parameters_with({})
    return Context(
        scenario=scenario,
        customer=scenario.customer,
        plan=scenario.plan.model_copy(update={"hours_per_day": hours_per_day}),
        parameters=parameters,
        tables=Tables.of(parameters),
        streams=RandomStreams(0),
        state=state,
        events=EventRecorder(),
    )
