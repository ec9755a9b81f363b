"""Probes: policies that must lose. A world in which one of them wins is not worth training in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ...core.random_streams import RandomStreams, purpose
from ...envs.implementation.actions import action_mask, choices
from ...scenarios.implementation.vocabulary import Workstream
from ...sim.implementation.briefing import Briefing
from ...sim.implementation.decision import (
    NEUTRAL_DECISION,
    WORKSTREAMS,
    Decision,
    LegalDecisions,
    Move,
    Pace,
    move_of,
)
from ..probabilities import uniform_legal
from .plan_follower import PlanFollower

Alteration = Callable[[Briefing, LegalDecisions, Decision], Decision]
"""A change of a decision, by what is known and what is legal."""
_FOCUS_DRAW = purpose("agents/random focus")
_PACE_DRAW = purpose("agents/random pace")
_MOVE_DRAW = purpose("agents/random move")


class DoNothing:
    """Everybody stands down for ever."""

    name = "do_nothing"

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The neutral decision."""
        return NEUTRAL_DECISION


class RandomPolicy:
    """Uniform over what is legal, factor by factor."""

    name = "random"

    def __init__(self) -> None:
        self._streams = RandomStreams(0)

    def reset(self, seed: int) -> None:
        """Draw from this seed."""
        self._streams = RandomStreams(seed)

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """A random legal decision."""
        day = briefing.calendar.day
        focus = tuple(
            _pick(row, self._streams.uniform(_FOCUS_DRAW, day, role))
            for role, row in enumerate(legal.focus)
        )
        pace = Pace(_pick(legal.pace, self._streams.uniform(_PACE_DRAW, day)))
        move = move_of(_pick(legal.move, self._streams.uniform(_MOVE_DRAW, day)))
        return Decision(focus, pace, move)

    def choice_probabilities(
        self, briefing: Briefing, legal: LegalDecisions
    ) -> NDArray[np.float64]:
        """Probability of each choice, float64, laid out as the flat action mask."""
        return uniform_legal(choices(), action_mask(legal))

    def probabilities(
        self, observations: NDArray[np.float32], masks: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Probability of each choice for many observations; see ``ObservationPolicy``."""
        return uniform_legal(choices(), masks)


def _pick(allowed: tuple[bool, ...], draw: float) -> int:
    choices = [index for index, legal in enumerate(allowed) if legal]
    return choices[int(draw * len(choices))]


class AlteredPlanFollower:
    """The plan follower with one habit forced on it.

    Args:
        name: of the probe.
        alter: changes a decision of the plan follower.
    """

    def __init__(self, name: str, alter: Alteration) -> None:
        self.name = name
        self._alter = alter
        self._plan = PlanFollower()

    def reset(self, seed: int) -> None:
        """Reset the plan follower."""
        self._plan.reset(seed)

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The plan follower's decision, altered."""
        return self._alter(briefing, legal, self._plan.decide(briefing, legal))


def _move_whenever(move: Move) -> Alteration:
    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        return Decision(decision.focus, decision.pace, move) if legal.move[move] else decision

    return alter


def _unless_going_live(move: Move) -> Alteration:
    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        going = decision.move is Move.GO_LIVE
        return decision if going else _move_whenever(move)(briefing, legal, decision)

    return alter


def _always(pace: Pace) -> Alteration:
    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        return Decision(decision.focus, pace, decision.move)

    return alter


def _never_live(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
    move = decision.move
    if legal.move[Move.POSTPONE_GO_LIVE] and briefing.calendar.day + 1 >= (
        briefing.calendar.target_go_live_day
    ):
        move = Move.POSTPONE_GO_LIVE
    elif move is Move.GO_LIVE:
        move = Move.NONE
    return Decision(decision.focus, decision.pace, move)


def _one_workstream(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
    only = WORKSTREAMS.index(Workstream.CONFIGURATION)
    focus = tuple(
        only if legal.focus[role][only] else NEUTRAL_DECISION.focus[role]
        for role in range(len(decision.focus))
    )
    return Decision(focus, decision.pace, decision.move)


def probes() -> dict[str, Callable[[], DoNothing | RandomPolicy | AlteredPlanFollower]]:
    """The nine probes by name."""

    def altered(name: str, alter: Alteration) -> Callable[[], AlteredPlanFollower]:
        return lambda: AlteredPlanFollower(name, alter)

    return {
        "do_nothing": DoNothing,
        "random": RandomPolicy,
        "go_live_on_day_one": altered("go_live_on_day_one", _move_whenever(Move.GO_LIVE)),
        "postpone_for_ever": altered("postpone_for_ever", _never_live),
        "intervene_every_day": altered(
            "intervene_every_day", _unless_going_live(Move.MANUAL_INTERVENTION)
        ),
        "rush_always": altered("rush_always", _always(Pace.RUSH)),
        "careful_always": altered("careful_always", _always(Pace.CAREFUL)),
        "mock_load_every_day": altered("mock_load_every_day", _unless_going_live(Move.MOCK_LOAD)),
        "one_workstream_only": altered("one_workstream_only", _one_workstream),
    }
