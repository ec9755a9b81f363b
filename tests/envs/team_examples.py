"""Teams of the implementation in which what matters to a test is done, and nothing else."""

from __future__ import annotations

from typing import Any

import golive
from golive.envs.team import TeamEnv
from golive.sim.implementation.decision import ROLES

KIND = golive.world_kind("implementation")
ORCHESTRATOR, MANAGER, DATA, CONFIGURATION, EXPERT = map(str, ROLES)


def begun(seed: int = 0, **arguments: Any) -> TeamEnv:
    environment = TeamEnv(**arguments)
    environment.reset(options={"episode_seed": seed})
    return environment


def passing(environment: TeamEnv) -> dict[str, int]:
    """Nobody does or says anything."""
    return {role.name: role.neutral for role in environment.actions.roles}


def action(environment: TeamEnv, role: str, *words: str) -> int:
    """The role's action of these parts, the others neutral: ``move=mock_load``, ``says=ready``."""
    actions = environment.actions.roles[environment.team.place(role)]
    told = dict(word.split("=") for word in words)
    chosen = {
        place: factor.choices.index(told[factor.name])
        for place, factor in enumerate(environment.actions.choices.factors)
        if factor.name in told
    }
    neutral = dict(enumerate(environment.actions.neutral))
    return actions.number({**neutral, **chosen}, told.get("says", "none"))
