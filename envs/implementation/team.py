"""The implementation's team: its table, and a briefing as one role of it knows it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ...core.yaml_reader import read_document
from ...sim.implementation.decision import MOVES, LegalDecisions, Move
from ...sim.team import Message, Team, TeamRole
from .team_sight import seen, tells

_MOVE = "move"
_FILE = Path(__file__).with_name("team.yaml")


def _allowed(legal: LegalDecisions, role: str) -> LegalDecisions:
    """The legal decisions, of the moves only a role's own."""
    own = _own_moves(role, MOVES.names())
    moves = tuple(choice and mine for choice, mine in zip(legal.move, own, strict=True))
    return LegalDecisions(legal.focus, legal.pace, moves)


@cache
def _own_moves(role: str, names: tuple[str, ...]) -> tuple[bool, ...]:
    team = implementation_team()
    owner = {name: one.name for one in team.roles for name in one.owns[_MOVE] or ()}
    first = team.names[0]  # who has the moves of other packages
    return tuple(place == Move.NONE or owner.get(n, first) == role for place, n in enumerate(names))


@cache
def implementation_team() -> Team:
    """The five roles of an implementation, as ``team.yaml`` has them."""
    table: Any = read_document(_FILE).data
    return Team(
        roles=tuple(
            TeamRole(
                name,
                row["does"],
                {f: None if own is None else tuple(own) for f, own in row["owns"].items()},
                tuple(row["sees"]),
                tuple(row["says"]),
            )
            for name, row in table["roles"].items()
        ),
        shared=tuple(table["shared"]),
        precedence={factor: tuple(order) for factor, order in table["precedence"].items()},
        messages=tuple(Message(*row) for row in table["messages"]),
        own_terms=table["own_terms"],
        seen=seen,
        tells=tells,
        allowed=_allowed,
    )
