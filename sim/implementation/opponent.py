"""The opponent: looks at a morning and breaks something, within its budget.

Everything it does is a function of the scenario's plan for it, the episode's seed and the
world's state. What it has done stands in ``WorldState.opponent``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...scenarios.implementation.disruption import Disruption as DisruptionRow
from ...scenarios.implementation.opponents import (
    PRICES,
    OpponentPlan,
    OpponentStrategy,
    PhasePreferences,
)
from ...scenarios.implementation.vocabulary import DisruptionKind, Severity
from . import draws
from .opponent_rules import FIRST_BAR, LAST_BAR, SEVERE_HARM, harm_of, weakness_of
from .state import OpponentState

if TYPE_CHECKING:
    from .mechanisms import Mechanisms

Choice = tuple[DisruptionKind, Severity]


class Opponent:
    """Chooses edge cases, severities and moments.

    Args:
        mechanisms: of the world, whose scenario holds the plan; it adds to their disruptions.
    """

    def __init__(self, mechanisms: Mechanisms) -> None:
        context, disruptions = mechanisms.context, mechanisms.disruptions
        plan = context.scenario.opponent
        assert plan is not None
        self.plan: OpponentPlan = plan
        self.context = context
        self.world = context.state
        self.disruptions = disruptions
        if context.state.opponent is None:
            context.state.opponent = OpponentState()
        self.state = context.state.opponent
        self._first = math.ceil(plan.earliest * context.planned_days)
        self._end = max(self._first + 1, math.ceil(plan.latest * context.planned_days))
        self._severities = plan.legal_severities
        known = disruptions.kinds
        self._kinds = tuple(kind for kind in plan.legal_kinds if kind.value in known)
        rules: dict[OpponentStrategy, Callable[[], DisruptionRow | None]] = {
            OpponentStrategy.RANDOM: self._random,
            OpponentStrategy.SCRIPTED: self._scripted if plan.script else self._worst_week,
            OpponentStrategy.ADAPTIVE: self._adaptive,
            OpponentStrategy.LEARNED: self._learned,
        }
        self._rule = rules[plan.strategy]

    @property
    def budget_left(self) -> float:
        """What it may still spend."""
        return self.plan.budget - self.state.spent

    def start_day(self) -> None:
        """A morning: strike, or wait."""
        if not self._first <= self.world.day or self.world.finished:
            return
        if self.world.day >= self._end and not self.plan.script:
            return
        if not self._affordable() or self._under_way() >= self.plan.at_once:
            return
        row = self._rule()
        if row is not None:
            self._strike(row)

    def _strike(self, row: DisruptionRow) -> None:
        state = self.state
        state.spent += PRICES[row.severity]
        state.days.append(self.world.day)
        state.kinds.append(row.kind.value)
        state.severities.append(row.severity.value)
        state.numbers.append(self.world.disruption_rows)
        self.disruptions.add(row)

    # -- what it may do --------------------------------------------------------------------

    def _affordable(self) -> Sequence[Severity]:
        """Severities within the budget, cheapest first."""
        left = self.budget_left
        return [severity for severity in self._severities if PRICES[severity] <= left]

    def _unfinished(self) -> list[str]:
        """Kinds of its strikes that are not over."""
        mine = set(self.state.numbers)
        return [
            item.kind
            for item in self.world.disruptions
            if item.number in mine and not item.recovered
        ]

    def _under_way(self) -> int:
        return len(self._unfinished()) if self.state.numbers else 0

    def _free_kinds(self) -> list[DisruptionKind]:
        """Kinds of which no strike of its own is under way."""
        busy = self._unfinished()
        return [kind for kind in self._kinds if kind.value not in busy]

    def _row(self, kind: DisruptionKind, severity: Severity) -> DisruptionRow:
        return DisruptionRow(kind=kind, severity=severity, day=self.world.day)

    def _draw(self, purpose: int) -> float:
        """A draw of this morning, in [0, 1)."""
        return self.context.streams.uniform(purpose, self.plan.seed, self.world.day)

    # -- strategies ------------------------------------------------------------------------

    def _random(self) -> DisruptionRow | None:
        """By lot; as likely each morning as makes the budget last over the window."""
        severities, kinds = self._affordable(), self._free_kinds()
        price = sum(PRICES[severity] for severity in severities) / len(severities)
        mornings = self._end - self.world.day
        if not kinds or self._draw(draws.OPPONENT_STRIKES) * mornings * price >= self.budget_left:
            return None
        kind = kinds[int(self._draw(draws.OPPONENT_KIND) * len(kinds))]
        severity = severities[int(self._draw(draws.OPPONENT_SEVERITY) * len(severities))]
        return self._row(kind, severity)

    def _scripted(self) -> DisruptionRow | None:
        """The script's next strike, once its moment has come."""
        done = len(self.state.days)
        if done == len(self.plan.script):
            return None
        strike = self.plan.script[done]
        due = math.floor(strike.moment * self.context.planned_days)
        if self.world.day < due or strike.kind.value not in self.disruptions.kinds:
            return None
        return DisruptionRow(
            kind=strike.kind,
            severity=strike.severity,
            day=self.world.day,
            amount=strike.amount,
            names=strike.names,
        )

    def _worst_week(self) -> DisruptionRow | None:
        """Every morning of one week, as severe as lets the budget last to its end."""
        length = self.context.days_per_week
        week = self.plan.week or max(1, self.context.plan.weeks - 1)
        left = week * length - self.world.day
        kinds = self._free_kinds()
        if not 0 < left <= length or not kinds:
            return None
        share = self.budget_left / min(left, len(kinds))
        severities = self._affordable()
        within = [severity for severity in severities if PRICES[severity] <= share]
        return self._row(kinds[0], (within or severities[:1])[-1])

    def _adaptive(self) -> DisruptionRow | None:
        """What hurts most now, if it hurts enough; the later the less is enough."""
        kinds = self._free_kinds()
        if not kinds:
            return None
        weakness = weakness_of(self.world, self.context.planned_days)
        harm, place = max((harm_of(kind, weakness), -index) for index, kind in enumerate(kinds))
        passed = (self.world.day - self._first) / max(1, self._end - 1 - self._first)
        if harm < FIRST_BAR + (LAST_BAR - FIRST_BAR) * passed:
            return None
        severities = self._affordable()
        worth = [severity for severity in severities if harm >= SEVERE_HARM[severity]]
        return self._row(kinds[-place], (worth or severities[:1])[-1])

    def _learned(self) -> DisruptionRow | None:
        """By lot, as its preferences say."""
        phase = self._phase()
        affordable = set(self._affordable())
        choices: list[Choice] = []
        preferences = [phase.wait]
        for kind in self._free_kinds():
            for severity, preference in phase.strikes.get(kind, {}).items():
                if severity in affordable:
                    choices.append((kind, severity))
                    preferences.append(preference)
        chosen = _softmax_choice(preferences, self._draw(draws.OPPONENT_KIND))
        return None if chosen == 0 else self._row(*choices[chosen - 1])

    def _phase(self) -> PhasePreferences:
        passed = self.world.day / self.context.planned_days
        for phase in self.plan.preferences:
            if passed < phase.until:
                return phase
        return self.plan.preferences[-1]


def _softmax_choice(preferences: Sequence[float], draw: float) -> int:
    """Index drawn with probability proportional to exp(preference)."""
    largest = max(preferences)
    weights = [math.exp(value - largest) for value in preferences]
    mark = draw * sum(weights)
    for index, weight in enumerate(weights):
        mark -= weight
        if mark < 0.0:
            return index
    return len(weights) - 1
