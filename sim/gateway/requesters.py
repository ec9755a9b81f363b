"""The people who send tasks, Mesa agents: their trust moves, and each evening they talk.

What they are stands in the state, so that the world can be snapshotted; here is what they do.
"""

from __future__ import annotations

import mesa

from ...core.arithmetic import plain_sum
from .context import Context
from .state import Requester


class Person(mesa.Agent):  # type: ignore[misc]
    """Somebody who sends tasks."""

    model: Requesters

    def __init__(self, model: Requesters, record: Requester) -> None:
        super().__init__(model)
        self.record = record

    def step(self) -> None:
        """Talk with the neighbours: trust moves towards theirs (DeGroot 1974)."""
        before = self.model.trust_before
        around = self.record.neighbours
        if around:
            opinion = plain_sum(before[other] for other in around) / len(around)
            gap = opinion - self.record.trust
            self.record.trust += self.model.influence * gap


class Requesters(mesa.Model):  # type: ignore[misc]
    """All who send tasks.

    Args:
        context: of the world.
    """

    def __init__(self, context: Context) -> None:
        super().__init__(rng=0)  # nothing is drawn from it; a seed spares reading the system's
        self._context = context
        self.influence = context.parameters.trust_influence
        self.trust_before: list[float] = []
        self._people = [Person(self, record) for record in context.state.requesters]
        # Mesa counts agents per model in a table of the class, which would keep every world alive.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def evening(self) -> None:
        """Let everybody talk, about what they thought this morning."""
        self.trust_before = [person.record.trust for person in self._people]
        for person in self._people:
            person.step()

    def helped(self, requester: int) -> None:
        """Note an answer that helped."""
        record = self._context.state.requesters[requester]
        record.trust += self._context.parameters.trust_gain * (1.0 - record.trust)

    def disappointed(self, requester: int, share: float) -> None:
        """Note what costs a share of trust."""
        self._context.state.requesters[requester].trust *= 1.0 - share

    def bypass_chance(self, requester: int) -> float:
        """Probability that a task is kept away from the gateway."""
        below = self._context.parameters.bypass_below
        gap = below - self._context.state.requesters[requester].trust
        return min(0.8, max(0.0, 2.0 * gap))

    def override_chance(self, requester: int) -> float:
        """Probability that a placement is not accepted."""
        record = self._context.state.requesters[requester]
        usual = self._context.parameters.override_share
        return usual * record.habit * (1.0 - record.trust)
