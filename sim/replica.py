"""A replica: one world and who decides in it, taken on one decision point at a time."""

from __future__ import annotations

from typing import Any

from .episodes import advance_once, begin_episode
from .policy import Policy
from .protocol import Scorecard, Snapshot
from .worlds import kind_of


class Replica:
    """An episode under way; taken on to its end, it is the one that ``run`` runs.

    Args:
        policy: who decides; it remembers this episode, so no other replica may share it.
        scenario: what is simulated.
        seed: of the episode.

    Attributes:
        decisions: decision points passed.
    """

    def __init__(self, policy: Policy, scenario: Any, seed: int) -> None:
        self._policy = policy
        self._world = kind_of(scenario).build(scenario, seed)
        begin_episode(policy, self._world)
        self.decisions = 0

    @property
    def finished(self) -> bool:
        """True if the episode is over."""
        return self._world.finished

    @property
    def hours(self) -> float:
        """Working hours passed since the beginning."""
        return self._world.now

    @property
    def day(self) -> int:
        """Working days passed."""
        return round(self._world.now / self._world.hours_per_day)

    @property
    def days_left(self) -> int:
        """Working days that the episode may still last, as far as is known."""
        left = self._world.horizon - self._world.now
        return 0 if self.finished else max(0, round(left / self._world.hours_per_day))

    @property
    def subject(self) -> str:
        """Name of whom or what the episode is about."""
        return self._world.subject

    def briefing(self) -> Any:
        """All that may be known at this decision point."""
        return self._world.briefing()

    def legal(self) -> Any:
        """The decisions that are allowed at this decision point."""
        return self._world.legal()

    def advance(self, decision: Any = None) -> None:
        """Run to the next decision point.

        Args:
            decision: what is ordered; None: the policy decides.
        """
        if decision is None:
            advance_once(self._world, self._policy)
        else:
            self._world.advance(decision)
        self.decisions += 1

    def advance_to(self, clock_hours: float) -> None:
        """Run until at least so many working hours have passed, or to the end."""
        while not self.finished and self.hours < clock_hours:
            self.advance()

    def scorecard(self) -> Scorecard:
        """The result so far, in the field's own units."""
        return self._world.scorecard()

    def digest(self) -> str:
        """Hash of the state."""
        return self._world.digest()

    def snapshot(self) -> Snapshot:
        """The world's state; the policy's memory is not in it."""
        return self._world.snapshot()

    def row(self) -> dict[str, str | float | bool | int]:
        """Subject, decisions and digest, and every field of the scorecard."""
        return {
            "customer": self.subject,
            "decisions": self.decisions,
            "digest": self.digest(),
            **self.scorecard().as_dict(),
        }
