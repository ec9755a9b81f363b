"""Candidate decisions: a decision and its neighbours, one part changed at a time."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, zip_longest

from ...sim.implementation.briefing import Briefing
from ...sim.implementation.decision import (
    NO_FOCUS,
    ROLE_COUNT,
    ROLES,
    WORKSTREAM_COUNT,
    WORKSTREAMS,
    Decision,
    FurtherMove,
    LegalDecisions,
    Move,
    Pace,
)

MOVES_BY_PROMISE = (
    Move.GO_LIVE,
    Move.REBASELINE,
    Move.POSTPONE_GO_LIVE,
    Move.STAKEHOLDER_WORKSHOP,
    Move.PROFILE_DATA,
    Move.TEST_CYCLE,
    Move.MANUAL_INTERVENTION,
    Move.TRAINING_WAVE,
    Move.REVIEW_WORK,
    Move.NONE,
    Move.ADD_CAPACITY,
    Move.CHANGE_FREEZE,
    Move.MOCK_LOAD,
    Move.ROLL_BACK,
    Move.WALK_THROUGH,
    Move.VISIT_OPERATIONS,
    Move.SPONSOR_TALK,
    Move.ESCALATE,
)
"""First those that gain much when they gain (by rollouts on training seeds); all are there.

``ROLL_BACK`` was never legal in those; its place is a guess.
"""
MOST_FOCUS_CHANGES = 6
"""Candidates that put one role elsewhere; there are up to 35, and each costs rollouts: with more
of them a planner of the same budget looks at each too seldom to tell it from the others."""


def candidate_decisions(
    briefing: Briefing, legal: LegalDecisions, own: Decision, most: int | None = None
) -> list[Decision]:
    """A decision and its neighbours: another move, another pace, one role elsewhere.

    Args:
        briefing: of the decision point.
        legal: what may be ordered there.
        own: the decision that the others differ from in one part.
        most: how many at most, ``own`` included; the kinds of change are taken in turns (two
            moves, a role, a pace), so that a small number still has some of each.

    Returns:
        Legal decisions without repetition, ``own`` (made legal) first, always in the same order.
    """
    own, _ = legal.replace_illegal(own)
    moves = _other_moves(legal, own)
    # Two moves a turn, as there are the most of them and they gain the most. Roles come before
    # paces: a small number of candidates then still has some of each.
    kinds = (
        moves[::2],
        moves[1::2],
        _other_focuses(briefing, legal, own),
        _other_paces(legal, own),
    )
    in_turns = chain.from_iterable(zip_longest(*kinds))
    candidates = [own, *(decision for decision in in_turns if decision is not None)]
    return candidates if most is None else candidates[: max(1, most)]


def _other_moves(legal: LegalDecisions, own: Decision) -> list[Decision]:
    return [
        replace(own, move=move)
        for move in MOVES_BY_PROMISE
        if legal.move[move] and move is not own.move
    ]


def _other_paces(legal: LegalDecisions, own: Decision) -> list[Decision]:
    return [replace(own, pace=pace) for pace in Pace if legal.pace[pace] and pace is not own.pace]


def _other_focuses(briefing: Briefing, legal: LegalDecisions, own: Decision) -> list[Decision]:
    """One role on another workstream with ready work; first where it has most to do for its skill.

    Every role's best change comes before any role's second.
    """
    ranked: list[tuple[int, float, int, int]] = []
    for role in range(ROLE_COUNT):
        status = briefing.roles[role]
        if status.units <= 0.0:
            continue
        worth = [
            (-briefing.workstreams[to].ready_hours * status.skill[to], to)
            for to in range(WORKSTREAM_COUNT)
            if legal.focus[role][to]
            and to != own.focus[role]
            and briefing.workstreams[to].ready_packages > 0
        ]
        ranked += [(rank, value, role, to) for rank, (value, to) in enumerate(sorted(worth))]
    return [
        replace(own, focus=(*own.focus[:role], to, *own.focus[role + 1 :]))
        for _, _, role, to in sorted(ranked)[:MOST_FOCUS_CHANGES]
    ]


def describe(decision: Decision) -> str:
    """A decision in words, on one line."""
    crew = ", ".join(f"{ROLES[role]} {_place(to)}" for role, to in enumerate(decision.focus))
    return f"{_name(decision.move)}; {_name(decision.pace)}; {crew}"


def describe_change(decision: Decision, reference: Decision) -> str:
    """The differences from one decision to another, in words; empty without any."""
    parts = []
    if decision.move is not reference.move:
        parts.append(_name(decision.move))
    if decision.pace is not reference.pace:
        parts.append(_name(decision.pace))
    for role, (to, instead_of) in enumerate(zip(decision.focus, reference.focus, strict=True)):
        if to != instead_of:
            parts.append(f"{ROLES[role]} {_place(to)}")
    return ", ".join(parts)


def _name(choice: Move | FurtherMove | Pace) -> str:
    word = choice.name.lower().replace("_", " ")
    return f"{word} pace" if isinstance(choice, Pace) else "no move" if not choice else word


def _place(workstream: int) -> str:
    return "stands down" if workstream == NO_FOCUS else f"on {WORKSTREAMS[workstream]}"
