"""Playing episodes of a team and keeping, role by role, all that a learner could ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...agents.team import RolePolicy, TeamObserver, play_team
from ...agents.team_chances import chances_of, role_numbers
from ...core.errors import GoliveError
from ...sim.world_kind import WorldKind
from ...sim.worlds import kind_of

if TYPE_CHECKING:
    from ...envs.team import TeamEnv
    from ...scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True)
class TeamSetting:
    """Rules and players of a recorded team: all but scenario, seed and reward.

    Attributes:
        role: whose dataset it is.
        messages: rules of messages, as plain data; None: nobody could say anything.
        absence: a preset's name, or rules of absences; None: nobody was ever away.
        players: by a recorded policy's label, who plays each role (names as of ``partner``).
    """

    role: str
    messages: Mapping[str, Any] | None
    absence: str | Mapping[str, Any] | None
    players: Mapping[str, Mapping[str, str]]

    def environment(self, scenario: Scenario, reward: Any = None) -> TeamEnv:
        """The environment that the team plays in."""
        return team_environment(scenario, self.messages, self.absence, reward)

    def made(self, kind: WorldKind, label: str) -> dict[str, RolePolicy]:
        """The players of a recorded policy, made anew."""
        from ...agents.partners import partner

        return {role: partner(kind, role, name) for role, name in self.players[label].items()}


@dataclass(frozen=True, slots=True)
class RoleEpisode:
    """One episode as one role of a team had it.

    Attributes:
        observations: float32 (steps + 1, what the role sees); the last one is of the end.
        masks: int8 (steps + 1, actions), what was legal.
        actions: int64 (steps,), what it did; illegal parts were replaced before.
        behaviour: float64 (steps, choices), probability of each choice, part by part.
        rewards: float64 (steps,), what it was paid.
    """

    observations: NDArray[np.float32]
    masks: NDArray[np.int8]
    actions: NDArray[np.int64]
    behaviour: NDArray[np.float64]
    rewards: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TeamEpisode:
    """One episode of a team.

    Attributes:
        roles: as each role had it, by name.
        scorecard: what happened, by field.
        digest: hash of the final state.
    """

    roles: Mapping[str, RoleEpisode]
    scorecard: Mapping[str, float | int | bool]
    digest: str


def team_environment(
    scenario: Scenario,
    messages: Mapping[str, Any] | None,
    absence: str | Mapping[str, Any] | None,
    reward: Any,
) -> TeamEnv:
    """An environment for a team.

    Raises:
        MissingExtraError: PettingZoo is not installed.
        GoliveError: the scenario's world has no team, or rules are wrong.
    """
    from ...core.extras import require

    require("team")
    from ...envs.team import TeamEnv

    return TeamEnv(
        scenario, world=kind_of(scenario), messages=messages, absence=absence, reward=reward
    )


def play_team_episode(
    environment: TeamEnv, players: Mapping[str, RolePolicy], seed: int
) -> TeamEpisode:
    """Let a team play one episode.

    Illegal parts of what a role does are replaced before the world sees them, so that the recorded
    action is the one that was carried out.

    Args:
        environment: of the world.
        players: one for each role.
        seed: of the episode.
    """
    keeper = _Keeper()
    kept = {role: _Kept(player) for role, player in players.items()}
    play_team(environment, kept, seed, [keeper])
    episodes = {
        role: RoleEpisode(
            np.array(keeper.observations[role], np.float32),
            np.array(keeper.masks[role], np.int8),
            np.array(one.actions, np.int64),
            np.array(one.behaviour, np.float64),
            np.array(keeper.rewards[role], np.float64),
        )
        for role, one in kept.items()
    }
    world = environment.world_env.world
    return TeamEpisode(episodes, world.scorecard().as_dict(), world.digest())


class RecordedRole:
    """Does what was recorded, while somebody else may watch. Satisfies ``RolePolicy``.

    Args:
        role: its name.
        actions: int64 (steps, parts), what was recorded, part by part, the message last.
        watcher: whose chances take the place of the recorded ones; None: nobody watches.
    """

    def __init__(
        self, role: str, actions: NDArray[np.int64], watcher: RolePolicy | None = None
    ) -> None:
        self.role, self.name = role, "recorded"
        self._actions, self._watcher = actions, watcher

    def reset(self, environment: TeamEnv, seed: int) -> None:
        """Begin again."""
        self._step = -1
        self._numbers = role_numbers(environment, self.role)
        if self._watcher is not None:
            self._watcher.reset(environment, seed)

    def act(self, environment: TeamEnv) -> int:
        """The recorded action.

        Raises:
            GoliveError: the episode goes on longer than the recorded one.
        """
        self._step += 1
        if self._step == len(self._actions):
            raise GoliveError(f"goes on after the {self._step} decisions that were recorded")
        return self._numbers.decode(self._actions[self._step])

    def chances(self, environment: TeamEnv, action: int | None = None) -> NDArray[np.float64]:
        """The watcher's chances; without one NaN."""
        if self._watcher is None:
            return np.full(self._numbers.choices.count, np.nan)
        return chances_of(self._watcher, environment, self._numbers)[1]


class _Kept:
    """Plays as another does, and keeps what it did and how probable that was."""

    def __init__(self, player: RolePolicy) -> None:
        self.role, self.name, self._player = player.role, player.name, player

    def reset(self, environment: TeamEnv, seed: int) -> None:
        self._player.reset(environment, seed)
        self._numbers = role_numbers(environment, self.role)
        self.actions: list[int] = []
        self.behaviour: list[NDArray[np.float64]] = []

    def act(self, environment: TeamEnv) -> int:
        action, chances = chances_of(self._player, environment, self._numbers)
        self.actions.append(action)
        self.behaviour.append(chances)
        return action


class _Keeper(TeamObserver):
    """Keeps what each role sees and is paid."""

    def __init__(self) -> None:
        self.observations: dict[str, list[NDArray[np.float32]]] = {}
        self.masks: dict[str, list[NDArray[np.int8]]] = {}
        self.rewards: dict[str, list[float]] = {}

    def begun(self, environment: TeamEnv) -> None:
        for rows in (self.observations, self.masks, self.rewards):
            rows.update({role: [] for role in environment.team.names})
        self._look(environment)

    def paid(self, environment: TeamEnv, rewards: Mapping[str, float]) -> None:
        for role, paid in rewards.items():
            self.rewards[role].append(paid)

    def advanced(self, environment: TeamEnv, informations: Mapping[str, Any]) -> None:
        self._look(environment)

    def _look(self, environment: TeamEnv) -> None:
        state = environment.state()
        for role, seen in zip(environment.team.names, environment.sight, strict=True):
            self.observations[role].append(state[seen])
            self.masks[role].append(environment.action_mask(role))
