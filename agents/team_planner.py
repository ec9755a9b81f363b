"""The planner beside partners: it decides for all roles that they do not play.

It is the planner of the joint decision, kept from what is the partners': every candidate is split
among the roles, the partners' own choices put in their places, and joined again. So it looks for
the best response to them. In the futures that it tries out, experts who see all decide for its
roles. A partner begins each future anew, as any policy that remembers does
(``golive.sim.rollouts``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..sim.policy import Policy
from ..sim.world_kind import WorldKind
from .neighbours import neighbours_of
from .partners import ALL_SEEING
from .planner import Planner
from .team_policy import TeamPolicy, team_policy
from .team_spec import TeamSpec

_TRIED = 4
"""Neighbours looked at for each candidate: several may differ only in what is a partner's."""


class TeamPlanner(Planner):
    """Plans for the roles of a team that no partner plays.

    Args:
        kind: of the world.
        team: who plays; its first player is the planner.
        budget: rollouts per decision at most.
        hindsight: as of ``Planner``.

    Raises:
        GoliveError: a budget below 1, or somebody who does not exist.
    """

    def __init__(
        self, kind: WorldKind, team: TeamSpec, budget: int, *, hindsight: bool = False
    ) -> None:
        self._spec = str(team)
        self._others = tuple(team.others)
        inside = str(TeamSpec(ALL_SEEING, team.others))

        def five() -> Policy:
            return team_policy(inside, kind)

        super().__init__(kind, budget, hindsight=hindsight, policy=five)

    @property
    def name(self) -> str:
        """Name as ``load_policy`` takes it."""
        return self._spec

    def meet(self, scenario: Any) -> None:
        """Decide in this scenario from now on."""
        for policy in (self._own, self._rollout):
            assert isinstance(policy, TeamPolicy)
            policy.meet(scenario)

    def candidates(self, briefing: Any, legal: Any, own: Any, most: int) -> Sequence[Any]:
        """The team's decision, and those that differ from it in what the planner decides."""
        team, numbers = self._own, self._kind.language
        assert isinstance(team, TeamPolicy)
        table, allowed = team.table, numbers.mask(legal).tolist()
        fixed = {table.team.place(role): team.chosen[role] for role in self._others}
        found = {tuple(numbers.action(own).tolist()): own}
        for decision in neighbours_of(self._kind, briefing, legal, own, _TRIED * most):
            parts = table.actions.split(numbers.action(decision).tolist())
            for place, action in fixed.items():
                parts[place] = action
            joint = table.actions.join(parts, allowed).action
            if tuple(joint) not in found and len(found) < most:
                found[tuple(joint)] = numbers.decode(np.array(joint, dtype=np.int64))
        return list(found.values())
