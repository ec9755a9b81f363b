"""Teams by name: who plays, role by role, as one line of text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..core.errors import GoliveError
from .policy_file import find_policy_file, is_team_file

TEAM = "team:"
"""A team as a policy: ``team:PLAYER``, and ``+ROLE=PLAYER`` for each role that another plays."""
NOISY = "noisy:"
"""A player, or a policy, with noise: ``noisy:PLAYER:EPSILON``."""


@dataclass(frozen=True, slots=True)
class TeamSpec:
    """Players of a team: kinds of partners, or paths of trained teams.

    Attributes:
        first: plays all roles that nobody else does.
        others: by role, who plays it instead.
    """

    first: str
    others: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, spec: str) -> TeamSpec:
        """Read ``team:PLAYER+ROLE=PLAYER``, or the path of a trained team.

        Raises:
            GoliveError: a part is no ROLE=PLAYER.
        """
        if not spec.startswith(TEAM):
            return cls(spec)
        first, *rest = spec.removeprefix(TEAM).split("+")
        others = {}
        for part in rest:
            role, _, player = part.partition("=")
            if not player:
                raise GoliveError(f"policy: {spec!r}: {part!r}: expected ROLE=PLAYER after +")
            others[role] = player
        return cls(first, others)

    def __str__(self) -> str:
        return "+".join([f"{TEAM}{self.first}", *(f"{r}={p}" for r, p in self.others.items())])

    def player(self, role: str) -> str:
        """Name of who plays a role."""
        return self.others.get(role, self.first)

    def with_player(self, role: str, player: str) -> TeamSpec:
        """The team with somebody in a role; the team itself if it is who plays it already."""
        if self.player(role) == player:
            return self
        others = {name: other for name, other in self.others.items() if name != role}
        return TeamSpec(self.first, others if player == self.first else {**others, role: player})

    def files(self) -> tuple[Path, ...]:
        """The files of the trained teams among its players, each once.

        Raises:
            GoliveError: the path of a folder without a policy.
        """
        players = dict.fromkeys(map(undisturbed, (self.first, *self.others.values())))
        return tuple(dict.fromkeys(find_policy_file(Path(p)) for p in players if is_path(p)))


def undisturbed(player: str) -> str:
    """Player that ``noisy:PLAYER:EPSILON`` disturbs; any other one itself."""
    while player.startswith(NOISY):
        player = player.removeprefix(NOISY).rpartition(":")[0]
    return player


def is_path(player: str) -> bool:
    """True if a player is a file or folder that exists, and no kind of partner."""
    return Path(player).exists()


def is_team(spec: str) -> bool:
    """True if a policy's name means a team, or is the path of a trained one."""
    return spec.startswith(TEAM) or (is_path(spec) and is_team_file(find_policy_file(Path(spec))))
