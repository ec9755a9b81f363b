"""The network of work packages as it is built: adding packages, links and latest finishes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...core.distributions import QuantileTable, lognormal_table
from ...core.random_streams import RandomStreams
from ...scenarios.implementation.vocabulary import Workstream
from . import draws
from .decision import WORKSTREAMS
from .effort import HOURS_DECIMALS, effort_sigma, key_user_share
from .parameters import Parameters
from .state import Package, PackageKind, Status

_INDEX = {workstream: index for index, workstream in enumerate(WORKSTREAMS)}


class Network:
    """Work packages under construction.

    Args:
        parameters: of the world.
        streams: of the episode.
        agentic: whether AI agents prepare the key users' meetings.
    """

    def __init__(self, parameters: Parameters, streams: RandomStreams, agentic: bool) -> None:
        self.parameters = parameters
        self.streams = streams
        self.packages: list[Package] = []
        self.key_user_factor: float = parameters.key_user_share_agentic if agentic else 1.0
        self.project_factor = lognormal_table(parameters.effort_sigma_project).at(
            streams.uniform(draws.PROJECT_EFFORT)
        )
        self._tables: list[QuantileTable] = [
            lognormal_table(effort_sigma(name, parameters)) for name in WORKSTREAMS
        ]
        self._draws: list[float] = []
        self._key_user_shares = [key_user_share(name, parameters) for name in WORKSTREAMS]

    def add(
        self,
        name: str,
        kind: PackageKind,
        workstream: Workstream,
        hours: float,
        *,
        site: int = 0,
        department: int = -1,
        subject: int = -1,
        key_user_hours: float | None = None,
        after: Iterable[Package] = (),
        status: Status = Status.WAITING,
        environment: int = -1,
        exclusive: bool = False,
        defect_mean: float = 0.0,
        in_baseline: bool = True,
        order: int = 0,
    ) -> Package:
        """Append a package; its true effort is drawn by (seed, package), known to nobody.

        Args:
            hours: estimated effort, human-equivalent.
            key_user_hours: of one key user; ``None``: by the workstream's share.
            after: packages that must be done before.
        """
        index = _INDEX[workstream]
        number = len(self.packages)
        hours = round(hours, HOURS_DECIMALS)
        if key_user_hours is None:
            key_user_hours = hours * self._key_user_shares[index] if department >= 0 else 0.0
        if key_user_hours:
            key_user_hours = round(key_user_hours * self.key_user_factor, HOURS_DECIMALS)
        factor = self._factor(index, number)
        package = Package(
            id=number,
            name=name,
            kind=int(kind),
            workstream=index,
            site=site,
            department=department,
            subject=subject,
            planned_hours=hours,
            remaining_hours=hours * factor,
            key_user_hours=key_user_hours,
            environment=environment,
            exclusive=exclusive,
            status=int(status),
            defect_mean=defect_mean,
            in_baseline=in_baseline,
            order=order,
        )
        self.packages.append(package)
        for predecessor in after:
            self.link(predecessor, package)
        return package

    @staticmethod
    def link(predecessor: Package, successor: Package) -> None:
        """Let the successor wait for the predecessor (twice linked is linked once)."""
        if successor.id not in predecessor.successors:
            predecessor.successors.append(successor.id)
            successor.open_predecessors += 1

    def remove(self, dropped: Iterable[Package]) -> None:
        """Take packages out, with their links; the others are numbered anew.

        True efforts are drawn anew by the new numbers, so that no later package shares a draw.
        """
        gone = {package.id for package in dropped}
        self.packages = [package for package in self.packages if package.id not in gone]
        number = {package.id: index for index, package in enumerate(self.packages)}
        for package in self.packages:
            package.open_predecessors = int(package.held)
        for package in self.packages:
            package.id = number[package.id]
            package.successors = [number[i] for i in package.successors if i in number]
            package.remaining_hours = package.planned_hours * self._factor(
                package.workstream, package.id
            )
            for successor in package.successors:
                self.packages[successor].open_predecessors += 1

    def _factor(self, workstream: int, number: int) -> float:
        """True effort of a package, relative to its estimate."""
        drawn = self._draws
        while number >= len(drawn):  # in blocks: one by one they took a tenth of a reset
            block = np.arange(len(drawn), len(drawn) + _DRAWS_AT_ONCE, dtype=np.uint64)
            drawn += self.streams.uniforms(draws.PACKAGE_EFFORT, block).tolist()
        return self._tables[workstream].at(drawn[number]) * self.project_factor

    @staticmethod
    def hold(package: Package) -> None:
        """Let the package wait for an event (a mock load, a test cycle)."""
        package.held = True
        package.open_predecessors += 1

    def draw_questions(self, complexity_points: int) -> None:
        """Draw which packages would stop on a question, and when (see questions.py)."""
        p = self.parameters
        base = p.question_probability * (1.0 + p.complexity_questions * complexity_points)
        ceiling = base * _QUESTION_CEILING
        asking = [
            package
            for package in self.packages
            if package.question_at < 0.0 and package.kind in _ASKING
        ]
        numbers = np.array([package.id for package in asking], dtype=np.uint64)
        drawn: list[float] = self.streams.uniforms(draws.QUESTION_ARISES, numbers).tolist()
        for package, arises in zip(asking, drawn, strict=True):
            if arises < ceiling:
                moment = self.streams.uniform(draws.QUESTION_MOMENT, package.id)
                package.question_at = question_point(package.remaining_hours, moment, p)


def question_point(hours: float, moment: float, parameters: Parameters) -> float:
    """Remaining effort at which a question comes up.

    Args:
        hours: true effort of the package.
        moment: drawn, in [0, 1): how late it comes.
        parameters: of the world.
    """
    most, least = parameters.question_left_most, parameters.question_left_least
    return hours * (most - (most - least) * moment)


_ASKING = frozenset(
    {
        PackageKind.DISCOVERY,
        PackageKind.BUILD,
        PackageKind.CHANGE,
        PackageKind.INTERFACE,
        PackageKind.MAP,
        PackageKind.IMPORTED,
    }
)
_DRAWS_AT_ONCE = 128
_QUESTION_CEILING = 2.0
"""Candidates beyond the base rate, since low trust raises the probability later."""


def latest_finishes(packages: list[Package], deadlines: list[float], speed: float) -> bool:
    """Make the backward pass of the critical path method, in place.

    Args:
        packages: in any order.
        deadlines: the working hour by which each must be done, successors apart.
        speed: effort hours that one member does in an hour (key users: 1).

    Returns:
        Whether all was passed; else some wait for themselves (``cyclic_packages``).
    """
    open_successors = [len(package.successors) for package in packages]
    predecessors: list[list[int]] = [[] for _ in packages]
    for package in packages:
        package.latest_finish_hour = deadlines[package.id]
        for successor in package.successors:
            predecessors[successor].append(package.id)
    stack = [package.id for package in packages if not package.successors]
    passed = 0
    while stack:
        passed += 1
        package = packages[stack.pop()]
        duration = package.planned_hours / speed
        duration = max(duration, package.key_user_hours)
        start = package.latest_finish_hour - duration
        for index in predecessors[package.id]:
            earlier = packages[index]
            earlier.latest_finish_hour = min(earlier.latest_finish_hour, start)
            open_successors[index] -= 1
            if not open_successors[index]:
                stack.append(index)
    for package in packages:
        package.latest_finish_hour = round(package.latest_finish_hour, HOURS_DECIMALS)
    return passed == len(packages)


def cyclic_packages(packages: list[Package]) -> list[str]:
    """Names of packages that wait for themselves through a circle of predecessors."""
    open_predecessors = [0] * len(packages)
    for package in packages:
        for successor in package.successors:
            open_predecessors[successor] += 1
    stack = [package.id for package in packages if not open_predecessors[package.id]]
    while stack:
        for successor in packages[stack.pop()].successors:
            open_predecessors[successor] -= 1
            if not open_predecessors[successor]:
                stack.append(successor)
    return [package.name for package in packages if open_predecessors[package.id]]
