"""Mechanism 7: requirements that nobody had asked for come out late, and scope creeps.

Every hidden requirement and every change request of an episode lies dormant in the network
from the start; what the policy does decides when it comes out and what it costs by then.
"""

from __future__ import annotations

from ...core.arithmetic import plain_sum, whole_sum
from . import draws
from .briefing import SiteStatus
from .context import Context
from .money import Money
from .people import People
from .state import Package, PackageKind, Status
from .work import Work

MOST_CHANGES = 1.5
"""Beyond this, relative to what is usually requested, further changes add nothing: a benefit for
each request would reward nothing but letting them in."""
_DISCOVERY_ATTEMPT = 1_000
"""Test cycles draw by their numbers, which stay below; checks begin above."""


class Scope:
    """Hidden requirements and change requests."""

    def __init__(self, context: Context, work: Work, people: People, money: Money) -> None:
        self.context = context
        self.state = context.state
        self.work = work
        self.people = people
        self.money = money
        change = int(PackageKind.CHANGE)
        changes = [
            package
            for package in self.state.packages
            if package.kind == change and package.subject < 0
        ]  # those with a subject belong to a disruption, which brings them out itself
        count = len(self.state.creep_days)
        self._hidden = changes[: len(changes) - count]
        self._requests = changes[len(changes) - count :]
        self._requested_hours = self.state.requested_hours

    def discovery_done(self, package: Package) -> None:
        """Bring out some of a department's hidden requirements by its fit-gap analysis."""
        if package.kind == PackageKind.DISCOVERY and package.order == 1:
            chance = self.context.parameters.hidden_found_discovery
            for hidden in self._hidden:
                if hidden.department == package.department:
                    self._maybe_found(hidden, chance, _DISCOVERY_ATTEMPT)

    def tested(self, attempt: int) -> None:
        """Bring out some of the rest by a test cycle or acceptance check."""
        for hidden in self._hidden:
            self._maybe_found(hidden, self.context.parameters.hidden_found_test, attempt)

    def _maybe_found(self, package: Package, chance: float, attempt: int) -> None:
        if package.status == Status.DORMANT:
            draw = self.context.streams.uniform(draws.HIDDEN_FOUND, package.id, attempt)
            if draw < chance:
                self.add(package, "requirement_found")

    def start_day(self) -> None:
        """Change requests of today; a freeze keeps most of them out."""
        state = self.state
        days = state.creep_days
        while state.creep_next < len(days) and days[state.creep_next] < state.day + 1:
            number = state.creep_next
            state.creep_next += 1
            if any(site.status != SiteStatus.PLANNED for site in state.sites):
                continue  # once a cutover has begun, what users want is for after the go-live
            state.changes_requested += 1
            draw = self.context.streams.uniform(draws.CREEP_REJECTED, number)
            if state.change_freeze and draw < self.context.parameters.freeze_rejection:
                state.changes_rejected += 1
                self.people.shift_trust(self.context.parameters.trust_rejection)
                request = self._requests[number]
                hours = request.planned_hours
                self.context.note("change_rejected", request.name, effort_hours=hours)
            else:
                self.add(self._requests[number], "change_accepted")

    def add(self, package: Package, kind: str) -> None:
        """Make a dormant change work; the later it is, the more it costs.

        Args:
            package: the change.
            kind: name of the event that is recorded.
        """
        state = self.state
        done = min(1.0, state.hours_total / state.baseline_hours) if state.baseline_hours else 0.0
        factor = 1.0 + self.context.parameters.late_change_factor * done
        for name in ("planned_hours", "remaining_hours", "key_user_hours", "question_at"):
            value = getattr(package, name)
            if value > 0.0:
                setattr(package, name, value * factor)
        state.added_hours += package.planned_hours
        self.money.change_ordered(package.planned_hours)
        self.work.activate(package)
        hours = package.planned_hours
        self.context.note(kind, package.name, effort_hours=hours, package=package.id)

    def changes_built(self) -> float:
        """Effort of the requested changes that are built, over what is usually requested."""
        if not self._requested_hours:
            return 0.0
        built = plain_sum(
            package.planned_hours for package in self._requests if package.status == Status.DONE
        )
        return min(MOST_CHANGES, built / self._requested_hours)

    def unmet_share(self) -> float:
        """Share of the hidden requirements that nobody built."""
        if not self._hidden:
            return 0.0
        unmet = whole_sum(1 for package in self._hidden if package.status != Status.DONE)
        return unmet / len(self._hidden)
