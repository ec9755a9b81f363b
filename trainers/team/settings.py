"""Settings of a team in a training's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from ...core.records import Name, Number, Record, Share

if TYPE_CHECKING:
    from ...sim.world_kind import WorldKind
    from ..training.configuration import TrainingConfiguration


class TeamSettings(Record):
    """A team learns, by proximal policy optimisation of each role from what it sees.

    A rollout is one whole episode in each of ``n_envs`` environments, so ``ppo.n_steps`` has no
    say, and the last rollout may pass ``total_steps``. A step is a decision of the whole team.
    """

    critic: Literal["central", "own"] = Field(
        default="central",
        description="central: one that sees all that is known to any role (MAPPO); own: one for "
        "each role, which sees what the role sees (IPPO).",
    )
    trunk: Literal["own", "shared"] = Field(
        default="own", description="Hidden layers of the actors: each role its own, or shared."
    )
    learns: tuple[Name, ...] = Field(default=(), description="Roles that learn; empty: all.")
    partners: tuple[Name, ...] = Field(
        default=(),
        description="Kinds of partners that play where no learner does, drawn for each episode and "
        "role; empty: all that are not held out.",
    )
    partner_share: Share = Field(
        default=0.0,
        description="Share of a learning role's episodes in which a partner plays it, so that the "
        "others learn beside strangers; 0: self-play.",
    )
    messages: dict[Name, Number] | None = Field(
        default=None,
        description="Rules of messages that differ from the usual ones; null: nobody can speak.",
    )
    own_reward: dict[Name, Number] = Field(
        default_factory=dict, description="Weights of what each role is paid by itself."
    )


def check_team(configuration: TrainingConfiguration) -> None:
    """See that a team's training asks for nothing that it cannot have.

    Raises:
        ValueError: the first field that does not fit, and what was expected.
    """
    team, environment = configuration.team, configuration.environment
    assert team is not None
    if environment.kind.team is None:
        raise ValueError(f"team: world {environment.kind.name} has none: expected null")
    refused: Mapping[str, Any] = {
        "improvement": configuration.improvement,
        "initial_policy": configuration.initial_policy,
        "evaluation.mixes": configuration.evaluation.mixes,
        "workers": configuration.workers,
    }
    for field, value in refused.items():
        if value:
            raise ValueError(f"{field}: expected none beside team: it learns in one process by PPO")
    if environment.chooses_levels:
        raise ValueError("environment: expected one scenario and fixed levels beside team")
    _check_names(team, environment.kind)


def _check_names(team: TeamSettings, kind: WorldKind) -> None:
    assert kind.team is not None
    kinds = kind.partners()
    known = {
        "learns": kind.team().names,
        "partners": tuple(name for name, one in kinds.items() if not one.held_out),
    }
    for field, names in known.items():
        for name in getattr(team, field):
            if name not in names:
                held_out = " is held out, to be judged beside" if name in kinds else ""
                raise ValueError(
                    f"team.{field}: {name!r}{held_out}: expected one of {', '.join(names)}"
                )
