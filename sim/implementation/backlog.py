"""The backlog: which packages are known, ready, blocked or done, and the sums over them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass, field

from .context import Context
from .package_log import log_done, log_planned
from .state import Package, PackageKind, Status

# As plain integers, which compare twice as fast as members of an enumeration.
_DORMANT, _WAITING, _READY = int(Status.DORMANT), int(Status.WAITING), int(Status.READY)
_RUNNING, _BLOCKED, _DONE = int(Status.RUNNING), int(Status.BLOCKED), int(Status.DONE)
_STARTABLE = (_READY, _RUNNING)
_FIX = int(PackageKind.FIX)

_Selecting = tuple[tuple[PackageKind, ...], bool, tuple[int, ...] | None]


@dataclass(slots=True)
class _Selection:
    """Packages that count for a question, how many were looked at for it, and its answers.

    An answer holds until a package of these kinds changes: see ``Backlog.changed``.
    """

    packages: list[Package] = field(default_factory=list)
    looked_at: int = 0
    share_at: int = -1
    share: float = 1.0
    hours_at: int = -1
    hours: float = 0.0


class Backlog(ABC):
    """The packages of a world and the queue of those that are ready.

    Args:
        context: of the world.
        on_done: called when a package is done, before its successors become ready.

    Attributes:
        ready: the queue, in the order in which packages are taken; see ``_key``.
    """

    def __init__(self, context: Context, on_done: Callable[[Package], None]) -> None:
        self.context = context
        self.state = context.state
        self.on_done = on_done
        self.ready: list[tuple[int, float, int, int]] = []
        self._selections: dict[_Selecting, _Selection] = {}
        self._changes = [0] * len(PackageKind)
        for package in self.state.packages:
            if package.status == _READY:
                insort(self.ready, self._key(package))

    @abstractmethod
    def request_dispatch(self) -> None:
        """Have free members assigned once this moment is over, as something became ready."""

    def _key(self, package: Package) -> tuple[int, float, int, int]:
        """Place in the queue: begun packages first, then by latest finish, then by number.

        What needs a system to itself counts as begun: it would never get it otherwise.
        """
        begun = 0 if package.first_member >= 0 or package.exclusive else 1
        return (begun, package.latest_finish_hour, package.id, package.workstream)

    def changed(self, package: Package) -> None:
        """Take note that a package's hours are others; every method here does so itself."""
        self._changes[package.kind] += 1

    def _changes_of(self, kinds: tuple[PackageKind, ...]) -> int:
        changes = 0
        for kind in kinds:
            changes += self._changes[kind]
        return changes

    def set_status(self, package: Package, status: int) -> None:
        """Move a package to another status, the workstream's totals kept in step."""
        old = package.status
        totals = self.state.totals[package.workstream]
        estimate = package.planned_hours - package.done_hours
        if old in _STARTABLE:
            totals.ready -= 1
            totals.ready_hours -= estimate
        elif old == _WAITING:
            totals.waiting -= 1
        elif old == _BLOCKED:
            totals.blocked -= 1
            totals.blocked_hours -= estimate
        elif old == _DORMANT:
            totals.packages += 1
            totals.planned += package.planned_hours
            totals.remaining += estimate
            totals.fixes += package.kind == _FIX
        if status in _STARTABLE:
            totals.ready += 1
            totals.ready_hours += estimate
        elif status == _DONE:
            totals.packages_done += 1
            totals.remaining -= estimate
            totals.done += estimate
            totals.fixes -= package.kind == _FIX
        elif status == _WAITING:
            totals.waiting += 1
        elif status == _BLOCKED:
            totals.blocked += 1
            totals.blocked_hours += estimate
        package.status = status
        self._changes[package.kind] += 1
        if status == _READY:
            insort(self.ready, self._key(package))
        elif old == _READY:
            del self.ready[bisect_left(self.ready, self._key(package))]

    def done_share(
        self, *kinds: PackageKind, baseline: bool = False, sites: tuple[int, ...] | None = None
    ) -> float:
        """Share of the planned effort of some kinds of package that is done; 1 without any.

        Args:
            kinds: of packages that count.
            baseline: leave out what came up after the plan.
            sites: whose packages count; ``None``: all.
        """
        known = self._selection(kinds, baseline, sites)
        changes = self._changes_of(kinds)
        if known.share_at != changes:
            done = total = 0.0
            for package in known.packages:
                total += package.planned_hours
                done += package.done_hours
            known.share_at, known.share = changes, done / total if total else 1.0
        return known.share

    def open_hours(self, kinds: tuple[PackageKind, ...], sites: tuple[int, ...]) -> float:
        """Estimated effort left of the known packages of some kinds at some sites."""
        known = self._selection(kinds, False, sites)
        changes = self._changes_of(kinds)
        if known.hours_at != changes:
            hours = 0.0
            for package in known.packages:
                if package.status not in (_DONE, _DORMANT):
                    hours += package.planned_hours - package.done_hours
            known.hours_at, known.hours = changes, hours
        return known.hours

    def counting(
        self,
        kinds: tuple[PackageKind, ...],
        baseline: bool = False,
        sites: tuple[int, ...] | None = None,
    ) -> list[Package]:
        """Packages of some kinds, in their order; those that came up since last time are added.

        A package keeps its kind and site, and fixes soon outnumber all that is asked for here.
        """
        return self._selection(kinds, baseline, sites).packages

    def _selection(
        self, kinds: tuple[PackageKind, ...], baseline: bool, sites: tuple[int, ...] | None
    ) -> _Selection:
        selecting = (kinds, baseline, sites)
        known = self._selections.get(selecting)
        if known is None:
            known = self._selections[selecting] = _Selection()
        packages = self.state.packages
        for index in range(known.looked_at, len(packages)):
            package = packages[index]
            if sites is not None and package.site not in sites:
                continue
            if package.kind in kinds and (package.in_baseline or not baseline):
                known.packages.append(package)
        known.looked_at = len(packages)
        return known

    def activate(self, package: Package) -> None:
        """Make a dormant package known: ready, or waiting for its predecessors."""
        if package.status == _DORMANT:
            self.set_status(package, _WAITING if package.open_predecessors else _READY)
            log_planned(self.context, package)
            self.request_dispatch()

    def append(self, package: Package) -> None:
        """Add a package that nobody had planned (a fix, a test cycle) and that comes up now."""
        package.id = len(self.state.packages)
        package.status = _DORMANT
        self.state.packages.append(package)
        self.activate(package)

    def release(self, package: Package) -> None:
        """Count one thing less that the package waits for."""
        package.open_predecessors -= 1
        if package.status == _WAITING and package.open_predecessors == 0:
            self.set_status(package, _READY)
            self.request_dispatch()

    @staticmethod
    def hold(package: Package) -> None:
        """Let the package wait for an event from now on."""
        package.held = True
        package.open_predecessors += 1

    def resume(self, package: Package) -> None:
        """Let a blocked package go on."""
        if package.status == _BLOCKED:
            self.set_status(package, _READY)
            self.request_dispatch()

    def re_estimate(self, package: Package, hours: float) -> None:
        """Correct what is known of the remaining effort of a package that is not done."""
        status = package.status
        totals = self.state.totals[package.workstream]
        change = package.done_hours + hours - package.planned_hours
        package.planned_hours += change
        package.remaining_hours = hours
        self.changed(package)
        if status != _DORMANT:
            totals.planned += change
            totals.remaining += change
        if status in _STARTABLE:
            totals.ready_hours += change
        elif status == _BLOCKED:
            totals.blocked_hours += change

    def scale(self, package: Package, factor: float) -> None:
        """Make an untouched package more or less work by a factor."""
        status, totals = package.status, self.state.totals[package.workstream]
        change = package.planned_hours * (factor - 1.0)
        package.planned_hours += change
        self.changed(package)
        for name in ("remaining_hours", "key_user_hours", "question_at"):
            value = getattr(package, name)
            if value > 0.0:
                setattr(package, name, value * factor)
        if status != _DORMANT:
            totals.planned += change
            totals.remaining += change
        if status in _STARTABLE:
            totals.ready_hours += change

    def reopen(self, package: Package, hours: float) -> None:
        """Have a package that was done done again in part."""
        totals = self.state.totals[package.workstream]
        totals.packages_done -= 1
        package.planned_hours += hours
        package.remaining_hours = hours
        self.changed(package)
        totals.planned += hours
        totals.remaining += hours
        package.status = _WAITING
        totals.waiting += 1
        if package.open_predecessors == 0:
            self.set_status(package, _READY)
            self.request_dispatch()

    def finish(self, package: Package) -> None:
        """End a package that is done: what follows from it, then its successors."""
        self.set_status(package, _DONE)
        package.done_hours = package.planned_hours
        self.changed(package)
        package.remaining_hours = 0.0
        if self.state.hypercare_start < 0:
            self.state.totals[package.workstream].last_done_day = self.state.day
        log_done(self.context, package)
        self.on_done(package)
        for index in package.successors:
            self.release(self.state.packages[index])
