"""Teams that decide as one policy, and roles that a trained team's networks play.

A team at a table: it is shown the briefing of all, splits it by what each role sees, and joins what
the roles choose, as ``TeamEnv`` does. So a team is judged by the judges of all policies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..core.extras import require
from ..core.random_streams import RandomStreams
from ..sim.team_actions import Joined, RoleActions
from ..sim.world_kind import WorldKind
from .learned import ActorNetwork, in_blocks, most_probable
from .partners import partner
from .policy_file import InterfaceRecord, PolicyFile, TeamFile, read_team_file
from .team import RolePolicy
from .team_spec import TeamSpec, is_path, undisturbed

require("team")
from ..envs.team import TeamEnv  # noqa: E402 - after it is known that there is PettingZoo

USUAL_PARTNER = "expert"
"""Kind of partner that plays the roles which a trained team was not trained for."""


def role_interface(environment: TeamEnv, role: str) -> InterfaceRecord:
    """The record a role's network must have been trained with to play it in this environment.

    Its action sizes are the choices in each part of the role's action, the message last.
    """
    place = environment.team.place(role)
    actions, seen = environment.actions.roles[place], environment.sight[place]
    known = [environment.state_features[number] for number in seen]
    table = [f"{f.name} {f.low!r} {f.high!r} {f.scale!r} {f.transform.name}" for f in known]
    return InterfaceRecord(
        f"{environment.metadata['name']}/{role}",
        len(seen),
        hashlib.sha256("\n".join([*table, *actions.names]).encode()).hexdigest(),
        actions.sizes,
    )


def choice_table(actions: RoleActions) -> NDArray[np.float32]:
    """Table of the choices that each action of a role has.

    Returns:
        float32 (sum of the parts' sizes, actions), 1 where an action has a choice, else 0: what a
        network says of choices, times it, is what it says of actions.
    """
    table = np.zeros((np.add.reduce(actions.sizes), actions.count), dtype=np.float32)
    chosen = np.unravel_index(np.arange(actions.count), actions.sizes)
    first = 0
    for size, column in zip(actions.sizes, chosen, strict=True):
        table[first + column, np.arange(actions.count)] = 1.0
        first += size
    return table


class LearnedRole:
    """A role that a trained network plays: its most probable action. Satisfies ``RolePolicy``.

    Args:
        role: its name.
        policy: what the role sees and orders, and its network.
        name: what errors call it.
    """

    def __init__(self, role: str, policy: PolicyFile, name: str = "learned") -> None:
        self.role, self.name = role, name
        self._interface = policy.interface
        self._network = ActorNetwork(policy)

    def reset(self, environment: TeamEnv, seed: int) -> None:
        """Look at the environment; there is nothing to forget.

        Raises:
            GoliveError: it was trained for another one.
        """
        found, expected = self._interface, role_interface(environment, self.role)
        is_silent = found.action_sizes[-1] == 1
        if is_silent != (expected.action_sizes[-1] == 1):
            how = "in silence: expected no messages" if is_silent else "talking: expected messages"
            raise GoliveError(f"{self.name}: trained {how}")
        for field in ("environment", "action_sizes", "observation_size", "observation_digest"):
            theirs, ours = getattr(found, field), getattr(expected, field)
            if theirs != ours:
                raise GoliveError(
                    f"{self.name}: trained for another team: {self.role}.{field}: {theirs!r}: "
                    f"expected {ours!r}"
                )
        place = environment.team.place(self.role)
        self._sight = environment.sight[place]
        self._choices = choice_table(environment.actions.roles[place])

    def act(self, environment: TeamEnv) -> int:
        """The role's action now."""
        logits = self._network.logits(environment.state()[self._sight]) @ self._choices
        legal = environment.action_mask(self.role).astype(np.bool_)
        return int(np.where(legal, logits, -np.inf).argmax())

    def probabilities(
        self, observations: NDArray[np.float32], masks: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Probability of each choice for many observations; see ``ObservingRole``.

        Args:
            observations: float32 (steps, what the role sees).
            masks: bool (steps, choices), part by part, the message last.
        """
        return in_blocks(self._most_probable, self._network, observations, masks)

    def _most_probable(
        self, logits: NDArray[np.floating], masks: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        return most_probable(self._interface.action_sizes, logits, masks)


class _Shown:
    """Stands for the environment of a world of which only briefings are shown."""

    def __init__(self, kind: WorldKind, scenario: Any) -> None:
        self._kind = kind
        self.scenario = scenario
        self.briefing: Any = None
        self._legal: Any = None

    def show(self, briefing: Any, legal: Any) -> None:
        """Show what is known and legal now."""
        self.briefing, self._legal = briefing, legal

    def legal(self) -> Any:
        """The orders that are legal now."""
        return self._legal

    def action_masks(self) -> NDArray[np.bool_]:
        """The flat mask of the joint decision."""
        return self._kind.language.mask(self._legal)


class TeamTable(TeamEnv):
    """A team's environment without a world: somebody else shows it briefings and carries out what
    is decided. Its roles know, say and hear what they would in ``TeamEnv``.

    Args:
        kind: of the world.
        messages: rules of messages; None: nobody can say anything.
    """

    def __init__(self, kind: WorldKind, messages: Mapping[str, object] | None = None) -> None:
        super().__init__(None, world=kind, messages=messages)
        self._shown = _Shown(kind, self.world_env.scenario)
        self.world_env = cast("Any", self._shown)

    def meet(self, scenario: Any) -> None:
        """Say which scenario is played; partners cloned from recorded episodes ask for it."""
        self._shown.scenario = scenario

    @property
    def scenario(self) -> Any:
        """The scenario that is played."""
        return self._shown.scenario

    def begin(self, seed: int) -> None:
        """Begin an episode of this seed."""
        self.agents = self.possible_agents.copy()
        if self._post is not None:
            self._post.begin(RandomStreams(seed))

    def show(self, briefing: Any, legal: Any) -> None:
        """Show what is known and legal now."""
        self._shown.show(briefing, legal)
        self._look(self.kind.language.encode(briefing))

    def decide(self, actions: Mapping[str, int]) -> Joined:
        """The joint decision of the roles' actions now; what they say is sent.

        Raises:
            GoliveError: an action is missing or outside its space.
        """
        joined, said = self.joined(actions)
        self._send(said)
        return joined


class TeamPolicy:
    """A team that decides as one policy. Satisfies ``Policy``; nobody is ever away.

    Args:
        kind: of the world.
        players: makes who plays each role.
        name: of the team.
        messages: rules of messages; None: nobody can say anything.

    Attributes:
        chosen: by role, its action at the last decision point.
    """

    def __init__(
        self,
        kind: WorldKind,
        players: Mapping[str, RolePolicy],
        name: str,
        messages: Mapping[str, object] | None = None,
    ) -> None:
        self.kind, self.name = kind, name
        self.table = TeamTable(kind, messages)
        missing = [role for role in self.table.possible_agents if role not in players]
        if missing:
            raise GoliveError(f"{name}: {missing[0]}: expected somebody who plays this role")
        self._players = players
        self.chosen: Mapping[str, int] = {}
        self.reset(0)  # meets a network of another team now

    def reset(self, seed: int) -> None:
        """Forget the last episode; lots are drawn from this seed."""
        self.table.begin(seed)
        for player in self._players.values():
            player.reset(self.table, seed)

    def meet(self, scenario: Any) -> None:
        """Decide in this scenario from now on."""
        self.table.meet(scenario)

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The joint decision for the time until the next decision point."""
        table = self.table
        table.show(briefing, legal)
        self.chosen = {role: self._players[role].act(table) for role in table.agents}
        joined = table.decide(self.chosen)
        return self.kind.language.decode(np.array(joined.action, dtype=np.int64))


def learned_roles(team: TeamFile, name: str) -> dict[str, LearnedRole]:
    """Players of the roles that a team was trained for."""
    return {role: LearnedRole(role, policy, name) for role, policy in team.roles.items()}


def team_policy(
    spec: str,
    kind: WorldKind,
    read: Mapping[str, TeamFile] | None = None,
    instead: RolePolicy | None = None,
) -> TeamPolicy:
    """A team by its file, or by who plays.

    Args:
        spec: path of a trained team's file, or ``team:PLAYER`` with ``+ROLE=PLAYER`` for each role
            that somebody else plays; a player is a kind of partner or a trained team's path.
        kind: of the world.
        read: files that have been read, by player.
        instead: plays its role instead of who is named.

    Raises:
        GoliveError: no such player or role, a team of another world, or teams that were trained
            with different messages.
    """
    players, rules = team_players(TeamSpec.parse(spec), kind, read)
    if instead is not None:
        players[instead.role] = instead
    return TeamPolicy(kind, players, spec, rules[0] if rules else None)


def team_players(
    team: TeamSpec, kind: WorldKind, read: Mapping[str, TeamFile] | None = None
) -> tuple[dict[str, RolePolicy], list[Mapping[str, Any] | None]]:
    """Players of a team, and the rules of messages that those of them who are trained learned with.

    Args:
        team: who plays.
        kind: of the world.
        read: files that have been read, by player.

    Raises:
        GoliveError: as of ``team_policy``.
    """
    spec = str(team)
    told = {team.first, *team.others.values()}
    files = {p: team_file_of(p, kind, read) for p in sorted(map(undisturbed, told)) if is_path(p)}
    rules = [file.messages for file in files.values()]
    if any(one != rules[0] for one in rules):
        raise GoliveError(
            f"policy: {spec!r}: teams trained with different messages: expected alike"
        )
    learned = {player: learned_roles(file, player) for player, file in files.items()}
    names = () if kind.team is None else kind.team().names
    for role in team.others:
        if role not in names:
            raise GoliveError(f"policy: {spec!r}: {role}: expected one of {', '.join(names)}")

    def player_of(role: str) -> RolePolicy:
        player = team.player(role)
        if player not in learned:
            return partner(kind, role, player)
        if role in team.others and role not in learned[player]:
            raise GoliveError(f"policy: {spec!r}: {player} was not trained as {role}")
        return learned[player].get(role) or partner(kind, role, USUAL_PARTNER)

    return {role: player_of(role) for role in names}, rules


def team_file_of(
    player: str, kind: WorldKind, read: Mapping[str, TeamFile] | None = None
) -> TeamFile:
    """A trained team of this world from its path.

    Raises:
        GoliveError: not a team's file, or a team of another world.
    """
    file = (read or {}).get(player) or read_team_file(Path(player))
    if file.world != kind.name:
        raise GoliveError(
            f"policy: {player!r}: a team of world {file.world!r}: "
            f"expected one of world {kind.name!r}"
        )
    return file


def learned_role(player: str, kind: WorldKind, role: str) -> LearnedRole:
    """The player of one role of a trained team.

    Args:
        player: path of the team's file or folder.
        kind: of the world.
        role: its name.

    Raises:
        GoliveError: not a team of this world, or one that was not trained in this role.
    """
    roles = learned_roles(team_file_of(player, kind), player)
    if role not in roles:
        trained = ", ".join(roles)
        raise GoliveError(f"partner: {player!r}: not trained as {role}: expected {trained}")
    return roles[role]
