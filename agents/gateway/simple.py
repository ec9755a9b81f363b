"""Routers of one rule: what everybody tries first, and what must lose."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...core.random_streams import RandomStreams, purpose
from ...sim.gateway.briefing import Briefing
from ...sim.gateway.decision import NEUTRAL, Decision, LegalDecisions, Way
from .signs import Signs, Values, best_of, signs_of, table_of

_LOT = purpose("agents/gateway lots")
_STRENGTH = 4.0
Rule = Callable[[Briefing, Signs], Values]
"""A value for each agent; the highest legal one gets the task."""


class OneRule:
    """Places every task with the agent that one rule values most.

    Args:
        name: of the router.
        rule: the rule.
    """

    def __init__(self, name: str, rule: Rule) -> None:
        self.name, self._rule = name, rule

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The rule's agent, or a person where no agent is legal."""
        signs = signs_of(briefing, legal, _STRENGTH)
        return best_of(self._rule(briefing, signs), signs.legal)


class Always:
    """Does the same with every task, where it is legal; else a person takes it.

    Args:
        name: of the router.
        way: what is done; once done, an agent by the text's family follows.
    """

    def __init__(self, name: str, way: Way) -> None:
        self.name, self._way = name, way

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """Its way, else who is at home in what the text speaks of."""
        decision = Decision(self._way)
        if self._way == Way.PERSON or legal.allows(decision):
            return decision
        signs = signs_of(briefing, legal, _STRENGTH)
        return best_of(signs.home_read, signs.legal)


class ByLot:
    """Places every task with any legal agent, all alike."""

    name = "by_lot"

    def __init__(self) -> None:
        self._luck = RandomStreams(0)

    def reset(self, seed: int) -> None:
        """Draw lots of this seed."""
        self._luck = RandomStreams(seed)

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """Any legal agent."""
        open_to = [slot for slot, allowed in enumerate(legal.agents) if allowed]
        if not open_to:
            return NEUTRAL
        u = self._luck.uniform(_LOT, briefing.decision)
        return Decision(Way.AGENT, open_to[int(u * len(open_to))])


class RoundRobin:
    """Places tasks with one agent after another."""

    name = "round_robin"

    def __init__(self) -> None:
        self._next = 0

    def reset(self, seed: int) -> None:
        """Begin at the first agent."""
        self._next = 0

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The next legal agent."""
        count = len(legal.agents)
        for step in range(count):
            slot = (self._next + step) % count
            if legal.agents[slot]:
                self._next = slot + 1
                return Decision(Way.AGENT, slot)
        return NEUTRAL


def _cheapest(briefing: Briefing, signs: Signs) -> Values:
    return -signs.fee_usd


def _dearest(briefing: Briefing, signs: Signs) -> Values:
    return signs.fee_usd


def _shortest_queue(briefing: Briefing, signs: Signs) -> Values:
    return -signs.wait_hours


def _longest_record(briefing: Briefing, signs: Signs) -> Values:
    _, pool = table_of(briefing)
    return np.array(pool.placed, dtype=np.float64)


def _best_record(briefing: Briefing, signs: Signs) -> Values:
    return signs.good


def _by_label(briefing: Briefing, signs: Signs) -> Values:
    return signs.home_label + signs.good_label


def _by_text(briefing: Briefing, signs: Signs) -> Values:
    return signs.home_read + signs.good_read


def _most_confident(briefing: Briefing, signs: Signs) -> Values:
    return signs.confidence


def _most_liked(briefing: Briefing, signs: Signs) -> Values:
    """Stars, for which a router that wants to please would go."""
    _, pool = table_of(briefing)
    stars, ratings = np.array(pool.stars), np.array(pool.ratings)
    found: Values = np.where(ratings > 0, stars, 3.0) + 0.1 * signs.good
    return found


RULES: dict[str, Rule] = {
    "by_text": _by_text,
    "by_label": _by_label,
    "best_record": _best_record,
    "most_confident": _most_confident,
    "shortest_queue": _shortest_queue,
    "cheapest": _cheapest,
    "dearest": _dearest,
    "longest_record": _longest_record,
    "most_liked": _most_liked,
}
"""Rules by name."""


def one_rule(name: str) -> OneRule:
    """The router of a rule."""
    return OneRule(name, RULES[name])
