"""A replica: one world and who decides in it, taken on one decision point at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .episodes import begin_episode
from .policy import Policy

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from ..sim.implementation.briefing import Briefing
    from ..sim.implementation.decision import Decision, LegalDecisions
    from ..sim.implementation.scorecard import Scorecard
    from ..sim.protocol import Snapshot


class Replica:
    """An episode under way; taken on to its end, it is the one that ``run_episode`` runs.

    Args:
        policy: who decides; it remembers this episode, so no other replica may share it.
        scenario: what is simulated.
        seed: of the episode.

    Attributes:
        decisions: decision points passed.
        hours: working hours passed since kick-off.
    """

    def __init__(self, policy: Policy, scenario: Scenario, seed: int) -> None:
        from ..sim.implementation.world import ImplementationWorld

        self._policy = policy
        self._world = ImplementationWorld(scenario, seed)
        begin_episode(policy, self._world)
        self.decisions = 0
        self.hours = 0.0

    @property
    def finished(self) -> bool:
        """Whether the episode is over."""
        return self._world.finished

    @property
    def day(self) -> int:
        """Working days passed."""
        return self._world.briefing().calendar.day

    @property
    def days_left(self) -> int:
        """Working days that the episode may still last, as far as is known."""
        if self.finished:
            return 0
        calendar = self._world.briefing().calendar
        return max(0, calendar.last_day - calendar.day)

    @property
    def customer(self) -> str:
        """Whose implementation it is."""
        return self._world.customer.name

    def briefing(self) -> Briefing:
        """What may be known at this decision point."""
        return self._world.briefing()

    def legal(self) -> LegalDecisions:
        """What may be ordered at this decision point."""
        return self._world.legal()

    def advance(self, decision: Decision | None = None) -> None:
        """Run to the next decision point.

        Args:
            decision: what is ordered; None: the policy decides.
        """
        briefing = self._world.briefing()
        if decision is None:
            decision = self._policy.decide(briefing, self._world.legal())
        self._world.advance(decision)
        calendar = briefing.calendar
        self.decisions += 1
        self.hours += calendar.days_per_decision * calendar.hours_per_day

    def advance_to(self, clock_hours: float) -> None:
        """Run until at least so many working hours have passed, or to the end."""
        while not self.finished and self.hours < clock_hours:
            self.advance()

    def scorecard(self) -> Scorecard:
        """What has happened so far, in the field's own units."""
        return self._world.scorecard()

    def digest(self) -> str:
        """Hash of the state."""
        return self._world.digest()

    def snapshot(self) -> Snapshot:
        """The world's state; the policy's memory is not in it."""
        return self._world.snapshot()

    def row(self) -> dict[str, str | float | bool | int]:
        """Customer, decisions and digest, and every field of the scorecard."""
        return {
            "customer": self.customer,
            "decisions": self.decisions,
            "digest": self.digest(),
            **self.scorecard().as_dict(),
        }
