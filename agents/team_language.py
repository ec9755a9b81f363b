"""A role of a team that a language model plays, told what the role sees and by its own tools."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from .language_model import LanguageModelPolicy

if TYPE_CHECKING:
    from ..envs.team import TeamEnv


class SpeakingRole:
    """Lets a language model play one role.

    At every decision point it is sent the rules as its role knows them, what its role sees and has
    heard, and the tools for its role's own choices, for speaking and for waiting.

    Args:
        role: its name.
        model: who decides.
    """

    def __init__(self, role: str, model: LanguageModelPolicy) -> None:
        self.name, self.role, self.model = model.name, role, model

    def reset(self, environment: TeamEnv, seed: int) -> None:
        """Forget the last episode; the model's sampling is seeded by this."""
        from ..envs.team_words import RoleWords

        self.model.speak(RoleWords(environment, self.role), attrgetter("day"))
        self.model.reset(seed)

    def act(self, environment: TeamEnv) -> int:
        """Its action now.

        Raises:
            EndpointError: the endpoint did not answer.
        """
        from ..envs.team_words import role_morning

        self.model.meet(environment.scenario)  # a table is told of it after its roles begin
        morning = role_morning(environment, self.role)
        return int(self.model.decide(morning, environment.action_mask(self.role)))
