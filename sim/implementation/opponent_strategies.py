"""The rules by which an opponent chooses: each looks at a morning and says what goes wrong, if any.

A rule is a function of the opponent alone, which sees the world's true state. Rules of other
packages join by the registry ``golive.scenarios.implementation.opponents.STRATEGIES``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...core.arithmetic import exponential, plain_sum, whole_sum
from ...core.records import changed
from ...scenarios.implementation.disruption import Disruption as DisruptionRow
from ...scenarios.implementation.opponents import PRICES, PhasePreferences
from ...scenarios.implementation.vocabulary import Severity
from . import draws
from .opponent_rules import FIRST_BAR, LAST_BAR, SEVERE_HARM, harm_of, weakness_of

if TYPE_CHECKING:
    from .opponent import Opponent


def random(opponent: Opponent) -> DisruptionRow | None:
    """Choose by lot; as likely each morning as makes the budget last over the window."""
    severities, kinds = opponent.affordable(), opponent.free_kinds()
    price = whole_sum(PRICES[severity] for severity in severities) / len(severities)
    mornings = opponent.end - opponent.world.day
    strikes = opponent.draw(draws.OPPONENT_STRIKES)
    if not kinds or strikes * mornings * price >= opponent.budget_left:
        return None
    kind = kinds[int(opponent.draw(draws.OPPONENT_KIND) * len(kinds))]
    severity = severities[int(opponent.draw(draws.OPPONENT_SEVERITY) * len(severities))]
    return opponent.row(kind, severity)


def scripted(opponent: Opponent) -> DisruptionRow | None:
    """Follow the script, each strike once its moment has come; without one, break a whole week."""
    plan, done = opponent.plan, len(opponent.state.days)
    if not plan.script:
        return _worst_week(opponent)
    if done == len(plan.script):
        return None
    strike = plan.script[done]
    if opponent.world.day < math.floor(strike.moment * opponent.context.planned_days):
        return None
    row = opponent.row(strike.kind, strike.severity)
    return changed(row, amount=strike.amount, names=strike.names)


def _worst_week(opponent: Opponent) -> DisruptionRow | None:
    """Strike every morning of one week, as severely as lets the budget last to its end."""
    length = opponent.context.days_per_week
    week = opponent.plan.week or max(1, opponent.context.plan.weeks - 1)
    left = week * length - opponent.world.day
    kinds = opponent.free_kinds()
    if not 0 < left <= length or not kinds:
        return None
    share = opponent.budget_left / min(left, len(kinds))
    severities = opponent.affordable()
    within = [severity for severity in severities if PRICES[severity] <= share]
    return opponent.row(kinds[0], (within or severities[:1])[-1])


def adaptive(opponent: Opponent) -> DisruptionRow | None:
    """Choose what hurts most now, if it hurts enough; the later the less is enough."""
    kinds = opponent.free_kinds()
    if not kinds:
        return None
    weakness = weakness_of(opponent.world, opponent.context.planned_days)
    harm, place = max((harm_of(kind, weakness), -index) for index, kind in enumerate(kinds))
    first, end = opponent.first, opponent.end
    passed = (opponent.world.day - first) / max(1, end - 1 - first)
    if harm < FIRST_BAR + (LAST_BAR - FIRST_BAR) * passed:
        return None
    severities = opponent.affordable()
    worth = [severity for severity in severities if harm >= SEVERE_HARM[severity]]
    return opponent.row(kinds[-place], (worth or severities[:1])[-1])


def learned(opponent: Opponent) -> DisruptionRow | None:
    """Choose by lot, as the plan's preferences say."""
    phase = _phase(opponent)
    affordable = set(opponent.affordable())
    choices: list[tuple[str, Severity]] = []
    preferences = [phase.wait]
    for kind in opponent.free_kinds():
        for severity, preference in phase.strikes.get(kind, {}).items():
            if severity in affordable:
                choices.append((kind, severity))
                preferences.append(preference)
    chosen = _softmax_choice(preferences, opponent.draw(draws.OPPONENT_KIND))
    return None if chosen == 0 else opponent.row(*choices[chosen - 1])


def _phase(opponent: Opponent) -> PhasePreferences:
    passed = opponent.world.day / opponent.context.planned_days
    phases = opponent.plan.preferences
    return next((phase for phase in phases if passed < phase.until), phases[-1])


def _softmax_choice(preferences: Sequence[float], draw: float) -> int:
    """Index drawn with probability proportional to exp(preference)."""
    largest = max(preferences)
    weights = [exponential(value - largest) for value in preferences]
    mark = draw * plain_sum(weights)
    for index, weight in enumerate(weights):
        mark -= weight
        if mark < 0.0:
            return index
    return len(weights) - 1
