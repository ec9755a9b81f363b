"""Chances of a role's choices, and roles that draw by them: what offline evaluation stands on.

A role's chances are laid out part by part of its action, the message last, as the choices of a
network that plays it (``team_policy.role_interface``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..core.random_streams import RandomStreams, purpose
from ..envs.team_words import RoleNumbers
from ..sim.team_actions import RoleActions
from .probabilities import certain, draw_decision, uniform_legal
from .team import RolePolicy

if TYPE_CHECKING:
    from ..envs.team import TeamEnv


@runtime_checkable
class StochasticRole(RolePolicy, Protocol):
    """A role that knows how probable its choices are."""

    def chances(self, environment: TeamEnv, action: int | None = None) -> NDArray[np.float64]:
        """Probability of each choice now, float64 (choices,).

        Args:
            environment: at the decision point.
            action: what it has already answered here; None: it was not asked.
        """
        ...


@runtime_checkable
class ObservingRole(Protocol):
    """A role that needs no more than its observation, so that many can be decided at once."""

    def probabilities(
        self, observations: NDArray[np.float32], masks: NDArray[np.bool_]
    ) -> NDArray[np.float64] | None:
        """Probability of each choice, as ``ObservationPolicy``; None if it needs more after all."""
        ...


def role_numbers(environment: TeamEnv, role: str) -> RoleNumbers:
    """A role's action as choices, part by part, the message last even where there is none."""
    actions: RoleActions = environment.actions.roles[environment.team.place(role)]
    return RoleNumbers(actions, environment.actions.choices, whole=True)


def chances_of(
    player: RolePolicy, environment: TeamEnv, numbers: RoleNumbers
) -> tuple[int, NDArray[np.float64]]:
    """A role's action now, and how probable each of its choices was; it is asked once.

    Returns:
        The action, its illegal parts replaced by the neutral ones, and float64 (choices,): one-hot
        for a role that does not say them and draws no lots, NaN for one that draws and does not.
    """
    action = legal_action(environment, player.role, player.act(environment), numbers)
    if isinstance(player, StochasticRole):
        return action, player.chances(environment, action)
    return action, certain(numbers, action)


def legal_action(environment: TeamEnv, role: str, action: int, numbers: RoleNumbers) -> int:
    """An action with its illegal parts replaced by the neutral ones, as the world would."""
    mask = environment.action_mask(role)
    if mask[action]:
        return action
    choices, legal = numbers.choices, numbers.mask(mask)
    neutral = environment.actions.roles[environment.team.place(role)].neutral
    kept = [
        own if legal[start + own] else usual
        for own, usual, start in zip(
            numbers.action(action).tolist(),
            numbers.action(neutral).tolist(),
            choices.starts,
            strict=True,
        )
    ]
    return numbers.decode(np.array(kept))


class NoisyRole:
    """Replaces each part of a role's action, with a probability, by any legal choice.

    Satisfies ``RolePolicy`` and ``StochasticRole``; as ``NoisyPolicy`` does for a whole decision.

    Args:
        player: whose actions are disturbed; asked once at each decision point.
        epsilon: probability, for each part by itself, of a uniformly drawn legal choice.
        name: what tables call it.

    Raises:
        GoliveError: epsilon is no probability, or the player draws lots that it does not tell.
    """

    def __init__(self, player: RolePolicy, epsilon: float, name: str) -> None:
        if not 0.0 <= epsilon <= 1.0:
            raise GoliveError(f"partner: {name!r}: epsilon: {epsilon:g}: expected 0 to 1")
        if getattr(player, "draws_lots", False):
            raise GoliveError(
                f"partner: {name!r}: {player.name} draws lots: expected one that does not"
            )
        self.name, self.role, self.undisturbed = name, player.role, player
        self._epsilon = epsilon
        self._draw = purpose(f"team/noisy choice of {player.role}")

    def reset(self, environment: TeamEnv, seed: int) -> None:
        """Forget the last episode, and draw from this seed."""
        self.undisturbed.reset(environment, seed)
        self._streams = RandomStreams(seed)
        self._numbers = role_numbers(environment, self.role)
        self._asked_at = -1

    def act(self, environment: TeamEnv) -> int:
        """The player's action, disturbed."""
        chances = self.chances(environment)
        day = environment.day
        return int(draw_decision(self._numbers, chances, self._streams, self._draw, day))

    def chances(self, environment: TeamEnv, action: int | None = None) -> NDArray[np.float64]:
        """Probability of each choice now, whatever was drawn."""
        if self._asked_at != environment.day:
            _, self._own = chances_of(self.undisturbed, environment, self._numbers)
            self._asked_at = environment.day
        legal = self._numbers.mask(environment.action_mask(self.role))
        return self._disturbed(self._own, uniform_legal(self._numbers.choices, legal))

    def probabilities(
        self, observations: NDArray[np.float32], masks: NDArray[np.bool_]
    ) -> NDArray[np.float64] | None:
        """Probability of each choice for many observations; see ``ObservingRole``."""
        if not isinstance(self.undisturbed, ObservingRole):
            return None
        own = self.undisturbed.probabilities(observations, masks)
        if own is None:
            return None
        return self._disturbed(own, uniform_legal(self._numbers.choices, masks))

    def _disturbed(
        self, own: NDArray[np.float64], uniform: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        return (1.0 - self._epsilon) * own + self._epsilon * uniform
