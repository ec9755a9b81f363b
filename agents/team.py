"""Teams that play, who watches them, and what each role contributes: exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ..core.errors import GoliveError

if TYPE_CHECKING:
    from ..envs.team import TeamEnv


class RolePolicy(Protocol):
    """Plays one role."""

    @property
    def role(self) -> str:
        """Name of the role that it plays."""
        ...

    @property
    def name(self) -> str:
        """Name in tables."""
        ...

    def reset(self, environment: TeamEnv, seed: int) -> None:
        """Forget the last episode; lots are drawn from this seed."""
        ...

    def act(self, environment: TeamEnv) -> int:
        """The role's action now."""
        ...


class TeamObserver:
    """Hears what happens while a team plays; override what is of interest."""

    def begun(self, environment: TeamEnv) -> None:
        """Hear that the episode has begun."""

    def decided(self, environment: TeamEnv, actions: Mapping[str, int]) -> None:
        """Hear what all have chosen; the world is still at the decision point."""

    def paid(self, environment: TeamEnv, rewards: Mapping[str, float]) -> None:
        """Hear what each role was paid for the last decision; before ``advanced``."""

    def advanced(self, environment: TeamEnv, informations: Mapping[str, Any]) -> None:
        """Hear that the world is at the next decision point, or over."""


def play_team(
    environment: TeamEnv,
    players: Mapping[str, RolePolicy],
    seed: int,
    observers: Sequence[TeamObserver] = (),
) -> float:
    """Play an episode with a team.

    Args:
        environment: of the world.
        players: one for each role.
        seed: of the episode.
        observers: who watches it.

    Returns:
        The score.

    Raises:
        GoliveError: a role has no player, or one who plays another role.
    """
    for role in environment.team.names:
        if role not in players:
            raise GoliveError(f"players: {role!r} is missing: expected one for each role")
        if players[role].role != role:
            raise GoliveError(
                f"players: {role}: plays {players[role].role!r}: expected one of the same role"
            )
    environment.reset(options={"episode_seed": seed})
    for player in players.values():
        player.reset(environment, seed)
    for observer in observers:
        observer.begun(environment)
    while environment.agents:
        actions = {role: players[role].act(environment) for role in environment.agents}
        for observer in observers:
            observer.decided(environment, actions)
        _, rewards, _, _, informations = environment.step(actions)
        for observer in observers:
            observer.paid(environment, rewards)
            observer.advanced(environment, informations)
    return environment.kind.score_of(environment.world_env.world.scorecard())


@dataclass(frozen=True, slots=True)
class Credit:
    """Exact contributions of the roles, on one customer.

    Attributes:
        scores: of each coalition, by the places of its roles in order; the others are played by
            the default.
        difference: per role the team's score less the score with the default in its place.
        shapley: per role its share; all of them add up to the team's score less the default's.
    """

    scores: Mapping[tuple[int, ...], float]
    difference: Mapping[str, float]
    shapley: Mapping[str, float]


def credit(
    environment: TeamEnv,
    players: Mapping[str, RolePolicy],
    default: Mapping[str, RolePolicy],
    seed: int,
) -> Credit:
    """Contributions of the roles: every coalition plays the same customer with the same luck.

    Luck is a function of seed, purpose and whom, so that scores differ by what was decided and by
    nothing else.
    """
    roles = list(players)
    count = len(roles)
    scores = {}
    for number in range(1 << count):
        coalition = tuple(place for place in range(count) if number >> place & 1)
        team = {
            role: players[role] if place in coalition else default[role]
            for place, role in enumerate(roles)
        }
        scores[coalition] = play_team(environment, team, seed)
    whole = tuple(range(count))
    difference = {
        role: scores[whole] - scores[tuple(p for p in whole if p != place)]
        for place, role in enumerate(roles)
    }
    weights = [1.0 / (count * _choose(count - 1, size)) for size in range(count)]
    shapley = dict.fromkeys(roles, 0.0)
    for coalition, score in scores.items():
        for place, role in enumerate(roles):
            if place not in coalition:
                joined = tuple(sorted((*coalition, place)))
                shapley[role] += weights[len(coalition)] * (scores[joined] - score)
    return Credit(scores, difference, shapley)


def _choose(of: int, size: int) -> int:
    result = 1
    for step in range(size):
        result = result * (of - step) // (step + 1)
    return result
