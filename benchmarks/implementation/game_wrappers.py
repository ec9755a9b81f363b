"""Policies kept from moves, policies on which moves are forced, and schedules that look at nothing.

A move is removed through the legal mask (``Without``), never by replacing a decision afterwards:
a manager who wants what is forbidden would then never come to its next wish.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from golive.core.random_streams import RandomStreams, purpose
from golive.scenarios.implementation.traits import TRAITS
from golive.sim.implementation.briefing import Briefing
from golive.sim.implementation.decision import (
    NEUTRAL_DECISION,
    Decision,
    LegalDecisions,
    Move,
    Pace,
)
from golive.sim.observer import Observer
from golive.sim.policy import Policy, WorldPolicy
from golive.sim.protocol import AnyWorld

_SIGN = purpose("benchmarks/what a misinformed policy is told")
Condition = Callable[[Briefing], bool]
"""Of a morning; travels to workers, so it is a named function or a partial of one."""


def always(briefing: Briefing) -> bool:
    """True every morning."""
    return True


class _Wrapped:
    """A policy around another one; it is shown the world if the other one asks for it."""

    def __init__(self, policy: Policy, name: str) -> None:
        self.name = name
        self._policy = policy

    def reset(self, seed: int) -> None:
        """Reset the policy inside."""
        self._policy.reset(seed)

    def attach(self, world: AnyWorld) -> None:
        """Show the world to the policy inside, if it looks into worlds."""
        if isinstance(self._policy, WorldPolicy):
            self._policy.attach(world)


class Without(_Wrapped):
    """A policy to whom some moves and paces are not legal.

    Args:
        policy: who decides.
        moves: that are withheld.
        paces: likewise.
        when: mornings on which they are.
        instead: pace of a policy that chose a withheld one without looking at what is legal.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        moves: Collection[Move] = (),
        paces: Collection[Pace] = (),
        when: Condition = always,
        instead: Pace = Pace.NORMAL,
    ) -> None:
        names = ", ".join(choice.name.lower() for choice in (*moves, *paces))
        super().__init__(policy, f"{policy.name} without {names}")
        self._moves, self._paces = frozenset(moves), frozenset(paces)
        self._when, self._instead = when, instead

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The policy's decision among what is left to it."""
        if not self._when(briefing):
            return _decided(self._policy, briefing, legal)
        left = replace(
            legal,
            move=tuple(may and place not in self._moves for place, may in enumerate(legal.move)),
            pace=tuple(may and place not in self._paces for place, may in enumerate(legal.pace)),
        )
        decision = _decided(self._policy, briefing, left)
        if left.pace[decision.pace]:
            return decision
        return replace(decision, pace=self._instead)


class Ordering(_Wrapped):
    """A policy on which moves are forced whenever they are legal, unless it goes live itself.

    Args:
        policy: who decides otherwise.
        orders: moves, each with the mornings on which it is ordered; the first that fits is.
    """

    def __init__(self, policy: Policy, *orders: tuple[Move, Condition]) -> None:
        names = ", ".join(move.name.lower() for move, _ in orders)
        super().__init__(policy, f"{policy.name} ordering {names}")
        self._orders = orders

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The policy's decision with the move that is forced on it."""
        decision = _decided(self._policy, briefing, legal)
        if decision.move is Move.GO_LIVE:
            return decision
        for move, wanted in self._orders:
            if legal.move[move] and wanted(briefing):
                return replace(decision, move=move)
        return decision


class Misinformed(_Wrapped):
    """A policy that is told of the customer's latent traits by lot.

    Each estimate has its sign drawn anew, once an episode, and keeps its size and its error: it
    looks as what may be believed does, and says nothing.

    Args:
        policy: who decides.
        traits: of which it is told so.
    """

    def __init__(self, policy: Policy, traits: Collection[str]) -> None:
        super().__init__(policy, f"{policy.name} told by lot")
        self._traits = frozenset(traits)
        self._signs: tuple[float, ...] = ()

    def reset(self, seed: int) -> None:
        """Draw the signs."""
        super().reset(seed)
        streams = RandomStreams(seed)
        self._signs = tuple(
            -1.0 if name in self._traits and streams.uniform(_SIGN, number) < 0.5 else 1.0
            for number, name in enumerate(TRAITS)
        )

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The policy's decision by what it is told."""
        pairs = zip(briefing.insights, self._signs, strict=True)
        told = tuple(insight._replace(value=sign * insight.value) for insight, sign in pairs)
        return _decided(self._policy, briefing._replace(insights=told), legal)


class EveryMoveInTurn(_Wrapped):
    """A policy whose move is the legal one whose turn it is, but going live is its own choice."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy, f"{policy.name} with every move in turn")

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The policy's decision with the day's move."""
        decision = _decided(self._policy, briefing, legal)
        moves = [move for move in Move if legal.move[move] and move is not Move.GO_LIVE]
        if decision.move is Move.GO_LIVE:
            return decision
        return replace(decision, move=moves[briefing.calendar.day % len(moves)])


class Schedule:
    """Orders what was once decided on the same day, and looks at nothing else.

    What is illegal becomes neutral; after the last day the crew stays where it was.

    Args:
        decisions: by day; at least one.
    """

    name = "schedule"

    def __init__(self, decisions: Mapping[int, Decision]) -> None:
        self._decisions = dict(decisions)
        last = self._decisions[max(self._decisions)]
        self._afterwards = replace(last, move=Move.NONE)

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The day's order, its illegal parts made neutral."""
        day = briefing.calendar.day
        default = self._afterwards if day > max(self._decisions) else NEUTRAL_DECISION
        return legal.replace_illegal(self._decisions.get(day, default))[0]


class DecisionWatch(Observer):
    """Keeps the decisions of an episode by day, as the figure ``decisions``."""

    def __init__(self) -> None:
        self._decisions: dict[int, Decision] = {}

    def decided(self, world: AnyWorld, briefing: Any, legal: Any, decision: Any) -> None:
        """Keep it."""
        self._decisions[briefing.calendar.day] = decision

    def figures(self) -> Mapping[str, Any]:
        """The decisions by day."""
        return {"decisions": self._decisions}


def _decided(policy: Policy, briefing: Briefing, legal: LegalDecisions) -> Decision:
    decision: Decision = policy.decide(briefing, legal)
    return decision
