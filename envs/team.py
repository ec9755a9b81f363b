"""A world for a team: five roles, say, decide what one decides in ``WorldEnv``.

It is a face, not a second simulator: the roles' choices are joined into one decision of the same
environment, so that the same joint decisions are the same episode, day by day. Needs PettingZoo
(``pip install 'golive[team]'``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from operator import index
from typing import Any, Literal, cast

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import AECEnv, ParallelEnv
from pettingzoo.utils.conversions import parallel_to_aec

from ..core.arguments import one_of
from ..core.arithmetic import whole_sum
from ..core.errors import GoliveError
from ..core.random_streams import RandomStreams
from ..core.worlds import DEFAULT_WORLD
from ..sim.numbers import Feature
from ..sim.team import Inbox, Team
from ..sim.team_actions import Joined, RoleActions, TeamActions
from ..sim.world_kind import WorldKind
from .environment import WorldEnv
from .team_absence import HANDOVER, Absences, absence_rules
from .team_messages import MessageRules, Post, message_rules
from .team_rewards import OwnTerms

RoleObservation = dict[str, NDArray[Any]] | NDArray[np.float32]
TeamObservationKind = Literal["dict", "box"]
TEAM_OBSERVATION_KINDS: tuple[TeamObservationKind, ...] = ("dict", "box")
_OF_TESTS = "options"
"""An option of ``reset`` that PettingZoo's own tests try."""


class TeamEnv(ParallelEnv[str, RoleObservation, int]):  # type: ignore[misc]
    """One episode of a world whose roles decide at once.

    - **Observation**, per role: what it sees of the briefing (``Team.sight``), of absences and of
      its own messages. ``"dict"``: ``observation``, float32, and ``action_mask``, int8. ``"box"``:
      a vector of the same size for all, 0 where the role does not see, the mask in ``info``.
    - **Action**, per role: one ``Discrete``, a choice in each of its parts (``actions``). A part
      that is not legal is replaced, counted and reported.
    - **Reward**: the world's, the same for all, less what messages cost; and own terms.
    - **State**: all that is known to any of them, never latent truth (``state_features``).
    - **Episode end**: all are terminated when the world is finished; nobody is before.

    Args:
        scenario: as of ``WorldEnv``, like what is not listed here.
        world: name of a world that has a team, or its record.
        observation: ``"dict"`` or ``"box"``.
        own_reward: weights of what each role is paid by itself: ``illegal``, ``lost`` proposals,
            ``messages`` sent, and the team's own terms.
        messages: rules of messages (``MessageRules``), or a mapping of them; an empty one: the
            usual ones. None: nobody can say anything.
        absence: a preset's name or rules (``absence_rules``); None: nobody is ever away.
        environment: further arguments of ``WorldEnv``.

    Raises:
        GoliveError: an argument is wrong; the message names it.
    """

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Mapping[str, object] | Any = None,
        *,
        world: str | WorldKind = DEFAULT_WORLD,
        observation: TeamObservationKind = "dict",
        own_reward: Mapping[str, float] | None = None,
        messages: MessageRules | Mapping[str, object] | None = None,
        absence: str | Mapping[str, object] | None = None,
        render_mode: str | None = None,
        **environment: Any,
    ) -> None:
        one_of("observation", observation, TEAM_OBSERVATION_KINDS)
        self.world_env = WorldEnv(scenario, world=world, render_mode=render_mode, **environment)
        self.kind = self.world_env.kind
        self.team = team_of(self.kind)
        self.render_mode = render_mode
        self.observation_kind = observation
        self.metadata: dict[str, Any] = {
            "name": f"{self.kind.name}_team",
            "render_modes": list(self.kind.render_modes),
            "is_parallelizable": True,
        }
        self.possible_agents = list(self.team.names)
        self.agents: list[str] = []
        numbers = self.kind.language
        known = {f.name: f for group in numbers.groups for f in group.features()}
        rules = absence_rules(absence)
        self._absences = None if rules is None else Absences(rules, self.team.names)
        if self._absences is not None:
            known.update({feature.name: feature for feature in self._absences.features()})
        self._post: Post | None = None
        if messages is not None:
            self._post = Post(self.team, message_rules(messages), known)
            known.update({feature.name: feature for feature in self._post.features()})
        self.actions = TeamActions(
            self.team,
            numbers.choices,
            numbers.action(self.kind.neutral()).tolist(),
            talk=self._post is not None,
        )
        self.state_features: tuple[Feature, ...] = tuple(known.values())
        self.sight = self.team.sight(list(known))
        self._in_sight = np.concatenate(self.sight)
        ends = np.cumsum([len(seen) for seen in self.sight]).tolist()
        self._own_sight = tuple(map(slice, [0, *ends[:-1]], ends))
        self._own_terms = OwnTerms(self.team, own_reward or {}, list(known))
        self._make_spaces()
        self._state = np.zeros(len(known), dtype=np.float32)
        self._masks: list[NDArray[np.bool_]] = []
        self._legal: list[bool] = []
        self._lost = [0] * len(self.possible_agents)
        self._away = [""] * len(self.possible_agents)

    def _make_spaces(self) -> None:
        low = np.array([feature.low for feature in self.state_features], dtype=np.float32)
        high = np.array([feature.high for feature in self.state_features], dtype=np.float32)
        self.state_space = spaces.Box(low, high, dtype=np.float32)
        whole = spaces.Box(np.minimum(low, 0.0), np.maximum(high, 0.0), dtype=np.float32)
        self._action_spaces = {
            role.name: spaces.Discrete(role.count) for role in self.actions.roles
        }
        self._observation_spaces: dict[str, spaces.Space[Any]] = {}
        for role, seen in zip(self.actions.roles, self.sight, strict=True):
            self._observation_spaces[role.name] = (
                spaces.Box(whole.low, whole.high, dtype=np.float32)
                if self.observation_kind == "box"
                else spaces.Dict(
                    {
                        "observation": spaces.Box(low[seen], high[seen], dtype=np.float32),
                        "action_mask": spaces.Box(0, 1, (role.count,), dtype=np.int8),
                    }
                )
            )

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """A role's space of observations, the same object each time."""
        return self._observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Discrete:
        """A role's space of actions, the same object each time."""
        return self._action_spaces[agent]

    def state(self) -> NDArray[np.float32]:
        """All that is known to any role now: a new vector, named by ``state_features``."""
        return self._state.copy()

    @property
    def briefing(self) -> Any:
        """The briefing of all, which no role sees whole."""
        return self.world_env.briefing

    @property
    def scenario(self) -> Any:
        """The scenario that is played."""
        return self.world_env.world.scenario

    @property
    def day(self) -> int:
        """The present day."""
        return self.kind.moment(self.world_env.briefing)

    def briefing_of(self, role: str) -> Any:
        """The briefing as a role knows it, by what it sees and has heard."""
        return self.team.seen(self.briefing, role, self.inbox(role))

    def inbox(self, role: str) -> Inbox:
        """Messages that a role has got, by sender and kind: the last of each."""
        if self._post is None:
            return {}
        return self._post.inbox(self.team.place(role), self.day)

    @property
    def message_rules(self) -> MessageRules | None:
        """Rules of messages; None: nobody can say anything."""
        return None if self._post is None else self._post.rules

    def away(self, role: str) -> str:
        """Reason why a role is away or restricted; empty: it is there."""
        return self._away[self.team.place(role)]

    def action_mask(self, role: str) -> NDArray[np.int8]:
        """The actions of a role that are legal now."""
        return self._masks[self.team.place(role)].astype(np.int8)

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, RoleObservation], dict[str, dict[str, Any]]]:
        """Start the next episode; arguments as of ``WorldEnv.reset``."""
        told = {name: value for name, value in (options or {}).items() if name != _OF_TESTS}
        observation, information = self.world_env.reset(seed=seed, options=told)
        self.agents = self.possible_agents.copy()
        self._lost = [0] * len(self.agents)
        streams = RandomStreams(self.world_env.world.seed)
        if self._absences is not None:
            self._absences.begin(streams)
        if self._post is not None:
            self._post.begin(streams)
        self._look(cast("NDArray[np.float32]", observation))
        nothing = [0] * len(self.agents)
        return self._observations(), self._informations(
            information, Joined([], nothing, nothing, nothing)
        )

    def step(
        self, actions: dict[str, int]
    ) -> tuple[
        dict[str, RoleObservation],
        dict[str, float],
        dict[str, bool],
        dict[str, bool],
        dict[str, dict[str, Any]],
    ]:
        """Let all decide, and run to the next decision point.

        Raises:
            GoliveError: an action is missing or outside its space.
            gymnasium.error.ResetNeeded: there is no episode, or it is over.
        """
        if not self.agents:
            raise gymnasium.error.ResetNeeded("there is no episode: call reset() first")
        joined, said = self.joined(actions)
        cost = self._send(said)
        joint = np.array(joined.action, dtype=np.int64)
        observation, reward, terminated, _, information = self.world_env.step(joint)
        self._look(cast("NDArray[np.float32]", observation))
        self._lost = [a + b for a, b in zip(self._lost, joined.lost, strict=True)]
        agents = self.agents
        rewards = self._own_terms.paid(float(reward) - cost, self._state, joined, said)
        result = (
            self._observations(),
            dict(zip(agents, rewards, strict=True)),
            dict.fromkeys(agents, terminated),
            dict.fromkeys(agents, False),
            self._informations(information, joined),
        )
        if terminated:
            self.agents = []
        return result

    def joined(self, actions: Mapping[str, int]) -> tuple[Joined, list[int]]:
        """The joint decision of the roles' actions now, and per role what it says (-1: nothing).

        Raises:
            GoliveError: an action is missing or outside its space.
        """
        if len(actions) != len(self.possible_agents):
            for name in actions:
                self.team.place(name)
        numbers, passed = [], []
        for place, role in enumerate(self.actions.roles):
            number = _checked(role, actions.get(role.name))
            if self._away[place] and not self._masks[place][number]:
                passed.append(place)
                number = role.neutral
            numbers.append(number)
        joined = self.actions.join(numbers, self._legal)
        for place in passed:
            joined.illegal[place] += 1
        said = [role.said[number] for role, number in zip(self.actions.roles, numbers, strict=True)]
        return joined, said

    def render(self) -> Any:
        """The world's picture, as ``WorldEnv.render``."""
        return self.world_env.render()

    def close(self) -> None:
        """Close the window, if there is one; again is harmless."""
        self.world_env.close()

    def cost(self, messages: int) -> float:
        """Pay that so many messages cost all."""
        return 0.0 if self._post is None else self._post.rules.cost * messages

    def _send(self, said: list[int]) -> float:
        """Send what is said; returns what it costs."""
        if self._post is None:
            return 0.0
        day = self.day
        for role, message in enumerate(said):
            if message >= 0:
                self._post.send(role, message, day, self._state)
        return self.cost(whole_sum(message >= 0 for message in said))

    def _look(self, observation: NDArray[np.float32]) -> None:
        """Look at a decision point."""
        parts = [observation]
        if self._absences is not None:
            self._absences.advance(self.day)
            parts.append(np.array(self._absences.observed(), dtype=np.float32))
        if self._post is not None:
            self._post.deliver(self.day)
            parts.append(self._post.observed(self.day))
        self._state = observation if len(parts) == 1 else np.concatenate(parts)
        legal = self.world_env.action_masks()
        self._legal = legal.tolist()
        self._masks = self.actions.masks(legal)
        if self._absences is not None:
            self._restrict(self._absences)

    def _restrict(self, absences: Absences) -> None:
        """Leave those who are away nothing but to pass, and successors nothing but work."""
        self._away = [absences.why(place) for place in range(len(self.possible_agents))]
        for place, role in enumerate(self.actions.roles):
            why = self._away[place]
            if why == HANDOVER:
                self._masks[place] = self._masks[place] & role.first_only
            elif why:
                self._masks[place] = role.pass_only.copy()

    def _observations(self) -> dict[str, RoleObservation]:
        state = self._state
        if self.observation_kind == "dict":
            seen_by_all = state[self._in_sight]
            return {
                name: {"observation": seen_by_all[own], "action_mask": mask.view(np.int8)}
                for name, own, mask in zip(
                    self.possible_agents, self._own_sight, self._masks, strict=True
                )
            }
        observations: dict[str, RoleObservation] = {}
        for name, seen in zip(self.possible_agents, self.sight, strict=True):
            whole = np.zeros_like(state)
            whole[seen] = state[seen]
            observations[name] = whole
        return observations

    def _informations(
        self, information: dict[str, Any], joined: Joined
    ) -> dict[str, dict[str, Any]]:
        """What is told beside the observation; ``team`` is the same for all."""
        del information["action_mask"]  # of the joint decision: it tells what a role does not see
        informations = {}
        for place, name in enumerate(self.possible_agents):
            own: dict[str, Any] = {
                "illegal": joined.illegal[place],
                "lost": joined.lost[place],
                "lost_so_far": self._lost[place],
                "carried": joined.carried[place],
                "team": information,
            }
            if self._absences is not None:
                own["away"] = self._away[place]
            if self._post is not None:
                own["messages_sent"] = self._post.sent[place]
            if self.observation_kind == "box":
                own["action_mask"] = self._masks[place].view(np.int8)
            informations[name] = own
        return informations


def _checked(role: RoleActions, action: Any) -> int:
    """An action as a plain integer of the role's space."""
    try:
        number = index(action)
    except TypeError:
        number = -1
    if not 0 <= number < role.count:
        raise GoliveError(
            f"actions: {role.name}: {action!r}: expected an integer in 0..{role.count - 1}"
        )
    return number


def team_of(kind: WorldKind) -> Team:
    """The team of a world.

    Raises:
        GoliveError: it has none.
    """
    if kind.team is None:
        raise GoliveError(f"world: {kind.name!r}: expected a world that has a team")
    return kind.team()


def parallel_env(**arguments: Any) -> TeamEnv:
    """A team's environment in which all act at once; arguments as of ``TeamEnv``."""
    return TeamEnv(**arguments)


def aec_env(**arguments: Any) -> AECEnv[str, RoleObservation, int | None]:
    """The same in which one acts after another; nobody sees what others chose before all have."""
    twin: AECEnv[str, RoleObservation, int | None] = parallel_to_aec(TeamEnv(**arguments))
    return twin
