"""The opponent: looks at a morning and breaks something, within its budget.

Everything it does is a function of the scenario's plan for it, the episode's seed and the
world's state. What it has done stands in ``WorldState.opponent``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...core.errors import GoliveError
from ...scenarios.implementation.disruption import Disruption as DisruptionRow
from ...scenarios.implementation.opponents import PRICES, STRATEGIES, OpponentPlan
from ...scenarios.implementation.vocabulary import Severity
from .state import OpponentState

if TYPE_CHECKING:
    from .mechanisms import Mechanisms


class Opponent:
    """Chooses edge cases, severities and moments by the rule of its plan.

    Args:
        mechanisms: of the world, whose scenario holds the plan; it adds to their disruptions.

    Attributes:
        plan: what it may do.
        world: the true state.
        state: what it has done.
        first: its first morning.
        end: the morning after its last.
    """

    def __init__(self, mechanisms: Mechanisms) -> None:
        context = mechanisms.context
        plan = context.scenario.opponent
        assert plan is not None
        self.plan: OpponentPlan = plan
        self.context = context
        self.world = context.state
        self.disruptions = mechanisms.disruptions
        if context.state.opponent is None:
            context.state.opponent = OpponentState()
        self.state = context.state.opponent
        self.first = math.ceil(plan.earliest * context.planned_days)
        self.end = max(self.first + 1, math.ceil(plan.latest * context.planned_days))
        self._severities = plan.legal_severities
        self._rule: Callable[[Opponent], DisruptionRow | None] = STRATEGIES[plan.strategy]

    @property
    def budget_left(self) -> float:
        """The rest of its budget."""
        return self.plan.budget - self.state.spent

    def start_day(self) -> None:
        """Strike in the morning, or wait.

        Raises:
            GoliveError: the rule of another package chose what it cannot pay for.
        """
        if not self.first <= self.world.day or self.world.finished:
            return
        if self.world.day >= self.end and not self.plan.script:
            return
        if not self.affordable() or self._under_way() >= self.plan.at_once:
            return
        row = self._rule(self)
        if row is not None:
            self._strike(row)

    def _strike(self, row: DisruptionRow) -> None:
        state, price = self.state, PRICES[row.severity]
        if price > self.budget_left:
            raise GoliveError(
                f"opponent: {self.plan.strategy}: {row.text} costs {price}: "
                f"expected at most the {self.budget_left:g} that are left"
            )
        state.spent += price
        state.days.append(self.world.day)
        state.kinds.append(str(row.kind))
        state.severities.append(row.severity.value)
        state.numbers.append(self.world.disruption_rows)
        self.disruptions.add(row)

    def _under_way(self) -> int:
        return len(self._unfinished()) if self.state.numbers else 0

    def _unfinished(self) -> list[str]:
        """Kinds of its strikes that are not over."""
        mine = set(self.state.numbers)
        own = [item for item in self.world.disruptions if item.number in mine]
        return [item.kind for item in own if not item.recovered]

    # -- what rules ask --------------------------------------------------------------------

    def affordable(self) -> Sequence[Severity]:
        """Severities within the budget, cheapest first."""
        left = self.budget_left
        return [severity for severity in self._severities if PRICES[severity] <= left]

    def free_kinds(self) -> list[str]:
        """Kinds of which no strike of its own is under way."""
        busy = self._unfinished()
        return [kind for kind in self.plan.legal_kinds if kind not in busy]

    def row(self, kind: str, severity: Severity) -> DisruptionRow:
        """A strike of this morning."""
        return DisruptionRow(kind=kind, severity=severity, day=self.world.day)

    def draw(self, purpose: int) -> float:
        """A draw of this morning, in [0, 1)."""
        return self.context.streams.uniform(purpose, self.plan.seed, self.world.day)
