"""A team's episode played by tool calls: each role by its own words, all deciding at once.

Every role has a conversation of its own: its rules, what it sees and has heard, its calls and their
answers. A day passes when all have said that they are done; then each is told what has changed for
it, and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..core.worlds import DEFAULT_WORLD
from ..sim.tool_table import Refusal, ToolCall
from ..sim.words import ADVANCE
from .team_words import RoleMorning, RoleWords, role_morning
from .tool_session import CALLS_PER_DECISION, Answer, ToolSession

if TYPE_CHECKING:
    from ..scenarios.scenario import Scenario
    from ..sim.world_kind import WorldKind
    from .team import TeamEnv

_DONE = "Done for today. You are told when all the others have decided."


class _RoleSide:
    """What a session asks its environment for, as one role has it."""

    def __init__(self, environment: TeamEnv, role: str) -> None:
        self._environment, self._role = environment, role

    @property
    def kind(self) -> WorldKind:
        return self._environment.kind

    @property
    def world(self) -> Any:
        return self._environment.world_env.world

    @property
    def reward(self) -> Any:
        return self._environment.world_env.reward

    @property
    def briefing(self) -> RoleMorning:
        return role_morning(self._environment, self._role)

    def legal(self) -> NDArray[np.int8]:
        return self._environment.action_mask(self._role)


class RoleSession(ToolSession):
    """One role's side of a team's episode; its calls never let time pass by themselves.

    Args:
        environment: of the team, at the beginning of an episode.
        role: its name.
        calls_per_decision: calls at one decision point after which it is done.

    Attributes:
        is_done: it has nothing more to say today.
        has_left: it will say nothing any more; its orders stand.
    """

    def __init__(self, environment: TeamEnv, role: str, calls_per_decision: int) -> None:
        self.role = role
        self.environment = cast("Any", _RoleSide(environment, role))
        self.words = RoleWords(environment, role)
        self.calls_per_decision = calls_per_decision
        self._scenario = environment.scenario
        self.is_done = self.has_left = False
        self._waits = 0
        self._begin()
        self._seen = (self.environment.briefing, self.environment.legal())
        self._gone: list[str] = []

    def call(self, call: ToolCall) -> Answer:
        """Carry out a call; whatever is wrong with it is answered, not raised."""
        if not self.is_done or self.terminated:
            return super().call(call)
        self.calls += 1
        self.refused += 1
        return Answer(str(Refusal("you are done for today", "Wait for the others.")), refused=1)

    def decide(self) -> int:
        """The role's action, of the orders as they stand."""
        return int(self.words.decision(self.plan))

    def passed(self, reward: float, terms: Mapping[str, float]) -> str:
        """Hear that a day has passed.

        Returns:
            What it is told if it is its turn again; empty: it waits.
        """
        environment = self.environment
        self.decisions += 1
        self.total_reward += reward
        for name, paid in terms.items():
            self.terms[name] = self.terms.get(name, 0.0) + paid
        self._calls_here = 0
        if self.terminated:
            return self.outcome()
        morning, legal = environment.briefing, environment.legal()
        self.plan, dropped = self.words.standing(self.plan, legal)
        self._gone.extend(dropped)
        self._waits -= 1
        is_away = np.count_nonzero(legal) == 1
        if self.has_left or is_away or (self._waits > 0 and not dropped):
            self.is_done = True
            return ""
        self.is_done = False
        text = self.words.changes(*self._seen, morning, legal, self.plan)
        if self._gone:
            lines = [f"No longer legal and dropped: {', '.join(self._gone)}.", *text.split("\n")]
            text = self.words.fitted(lines)
            self._gone.clear()
        self._seen = (morning, legal)
        return text

    def _advance(self, times: int) -> Answer:
        self.is_done, self._waits = True, times
        return Answer(_DONE)


class TeamSession:
    """One episode of a team after the other, played by the tool calls of its roles.

    Args:
        scenario: as of ``TeamEnv``, like what is not listed here.
        world: likewise.
        messages: rules of messages; None: nobody can say anything.
        calls_per_decision: calls of a role at one decision point after which it is done.
        arguments: of ``TeamEnv``.

    Attributes:
        environment: the team's.
        roles: by name, each role's side of the episode.

    Raises:
        GoliveError: an argument is wrong; the message names it.
    """

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Scenario | Mapping[str, object] | None = None,
        *,
        world: str | WorldKind = DEFAULT_WORLD,
        messages: Mapping[str, object] | None = None,
        calls_per_decision: int = CALLS_PER_DECISION,
        **arguments: Any,
    ) -> None:
        from ..core.extras import require

        require("team")
        from .team import TeamEnv

        if calls_per_decision < 1:
            raise GoliveError(f"calls_per_decision: {calls_per_decision}: expected at least 1")
        self.environment = TeamEnv(scenario, world=world, messages=messages, **arguments)
        self._calls_per_decision = calls_per_decision
        self.roles: dict[str, RoleSession] = {}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> dict[str, str]:
        """Begin an episode; arguments are as of ``WorldEnv.reset``.

        Returns:
            By role the briefing of the first decision point.
        """
        self.environment.reset(seed=seed, options=options)
        self.roles = {
            role: RoleSession(self.environment, role, self._calls_per_decision)
            for role in self.environment.team.names
        }
        return {role: side.briefing() for role, side in self.roles.items()}

    @property
    def terminated(self) -> bool:
        """True if the episode is over."""
        return bool(self.environment.world_env.world.finished)

    @property
    def is_deserted(self) -> bool:
        """True if nobody says anything any more."""
        return all(side.has_left for side in self.roles.values())

    @property
    def score(self) -> float:
        """The score that policies are judged by, of what has happened so far."""
        return self.environment.kind.score_of(self.environment.world_env.world.scorecard())

    def waiting(self) -> list[str]:
        """Names of the roles that all others wait for."""
        return [role for role, side in self.roles.items() if not side.is_done]

    def leave(self, role: str) -> None:
        """Take a role that will say nothing any more as done; its orders stand."""
        side = self.roles[role]
        side.has_left = side.is_done = True

    def pass_day(self) -> dict[str, str]:
        """Carry out what all have decided.

        Returns:
            By role, of those whose turn it is again, what they are told; of all at the end.

        Raises:
            GoliveError: somebody is not done.
        """
        if waiting := self.waiting():
            raise GoliveError(f"{waiting[0]} has not decided: expected a call of {ADVANCE}")
        actions = {role: side.decide() for role, side in self.roles.items()}
        _, rewards, _, _, informations = self.environment.step(actions)
        told = {
            role: side.passed(rewards[role], informations[role]["team"]["reward_terms"])
            for role, side in self.roles.items()
        }
        return {role: text for role, text in told.items() if text}
