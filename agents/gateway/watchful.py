"""The dispatcher that learns and notices when an agent is no longer what it was.

A record is slow to change: what an agent did a hundred times counts, though it has a new version
since yesterday. So for each agent two cumulative sums (Page 1954, "Continuous inspection schemes")
watch what came back against what the law expected, one for worse and one for better. Where one goes
beyond its bound the agent is taken for changed: since the sum last was zero it has a skill of its
own beside the law, which is estimated from what came back since then and goes on being learned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ...sim.gateway.briefing import Briefing, TaskView
from ...sim.gateway.decision import Decision, LegalDecisions
from ...sim.gateway.laws import logistic, logistic_all
from .adaptive import Adaptive
from .signs import Signs, Values, logits

_SLACK = 0.5
"""Standard deviations by which an outcome may fall short without adding to a sum."""
BOUND = 8.0
"""Of a sum: chosen on training companies, for few alarms where nothing changes."""
_CHANGE_SD = 1.0
"""Logits that a change is worth, in the beginning."""
_WANDER = 0.02
"""Squared logits by which a changed agent's skill may move with each task."""


@dataclass(slots=True)
class Watch:
    """Sums and skill that are watched of one agent.

    Attributes:
        sums: cumulative sums for worse and for better.
        since: (logits, outcome, weight) since each sum was zero.
        offset: logits of skill beside the law.
        variance: of that; 0 as long as the agent is what it was.
    """

    sums: list[float] = field(default_factory=lambda: [0.0, 0.0])
    since: tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]] = field(
        default_factory=lambda: ([], [])
    )
    offset: float = 0.0
    variance: float = 0.0

    def hear(self, expected: float, outcome: float, weight: float) -> bool:
        """Take in an outcome; true if the agent has changed.

        Args:
            expected: logits of success by the law.
            outcome: 1 or 0.
            weight: of the outcome.
        """
        chance = logistic(expected + self.offset)
        short = weight * (chance - outcome) / math.sqrt(max(chance * (1.0 - chance), 0.01))
        if self.variance > 0.0:
            self._learn(expected, outcome, weight)
        changed = False
        for side, amount in enumerate((short, -short)):
            self.sums[side] = max(0.0, self.sums[side] + amount - _SLACK * weight)
            if self.sums[side] == 0.0:
                self.since[side].clear()
                continue
            self.since[side].append((expected, outcome, weight))
            changed = changed or self.sums[side] > BOUND
        if changed:
            self._restart()
        return changed

    def _restart(self) -> None:
        """Estimate what the agent is now from what came since the change seems to have been."""
        longest = self.since[0] if self.sums[0] > self.sums[1] else self.since[1]
        is_first, self.variance = self.variance == 0.0, _CHANGE_SD * _CHANGE_SD
        if is_first:  # else they have been learned
            for one in longest:
                self._learn(*one)
        self.sums = [0.0, 0.0]
        for since in self.since:
            since.clear()

    def _learn(self, expected: float, outcome: float, weight: float) -> None:
        chance = logistic(expected + self.offset)
        known = weight * max(chance * (1.0 - chance), 1e-3)
        self.variance = (self.variance + _WANDER) / (1.0 + (self.variance + _WANDER) * known)
        self.offset += self.variance * weight * (outcome - chance)


class Watchful(Adaptive):
    """An adaptive dispatcher with a change detector for each agent."""

    def __init__(self) -> None:
        super().__init__(name="watchful")

    def reset(self, seed: int) -> None:
        """Take company and agents for what they usually are again."""
        super().reset(seed)
        self._watches: dict[int, Watch] = {}
        self._now = 0.0
        self.alarms: list[tuple[float, int]] = []
        """(Hour, agent) of the changes that were noticed."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The way of the highest value, as far as company and agents are known by now."""
        self._now = briefing.now
        return super().decide(briefing, legal)

    def chances(self, briefing: Briefing, task: TaskView, signs: Signs) -> Values:
        """Estimated chance of success of each agent, float64 (agents,)."""
        found = super().chances(briefing, task, signs)
        changed = {slot: watch for slot, watch in self._watches.items() if watch.offset}
        if not changed:
            return found
        values = logits(found, 1e-6)
        for slot, watch in changed.items():
            values[slot] += watch.offset
        return logistic_all(values)

    def _learn(self, agent: int, row: Values, outcome: float, weight: float) -> None:
        watch = self._watches.setdefault(agent, Watch())
        if watch.hear(float(row @ self.mean), outcome, weight):
            self.alarms.append((self._now, agent))
        if watch.variance == 0.0:  # a changed agent teaches nothing of what signs are worth
            super()._learn(agent, row, outcome, weight)
