"""A policy that orders what was recorded."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..sim.numbers import Numbers
from ..sim.policy import Policy, WorldPolicy
from .probabilities import certain, choice_probabilities_of


class RecordedActions:
    """Goes through a recorded episode again, while another policy may say what it would do.

    The other policy sees every briefing of the episode in order, as it would if it had decided
    itself; so what it says is right also if it remembers briefings.

    Args:
        numbers: of the world that it was recorded in.
        actions: int64 (steps, factors), of the episode that will be played.
        target: whose probabilities are asked for; None: the recorded choices are certain.

    Raises:
        GoliveError: the target looks into the world, which is not recorded.
    """

    name = "recorded"

    def __init__(
        self, numbers: Numbers, actions: NDArray[np.int64], target: Policy | None = None
    ) -> None:
        if isinstance(target, WorldPolicy):
            raise GoliveError(
                f"policy: {target.name!r}: looks into the world: expected a policy that decides "
                "from the briefing"
            )
        self._numbers = numbers
        self._actions = actions
        self._target = target
        self._step = 0

    def reset(self, seed: int) -> None:
        """Begin the episode again."""
        self._step = 0
        if self._target is not None:
            self._target.reset(seed)

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The decision that was recorded at this decision point.

        Raises:
            GoliveError: the episode goes on longer than the recorded one.
        """
        if self._step == len(self._actions):
            raise GoliveError(
                f"recorded episode: ended after {self._step} decisions when it was recorded, but "
                "goes on now"
            )
        self._step += 1
        return self._numbers.decode(self._actions[self._step - 1])

    def choice_probabilities(self, briefing: Any, legal: Any) -> NDArray[np.float64]:
        """The target's probability of each choice; ask once, after ``decide``."""
        if self._target is None:
            decision = self._numbers.decode(self._actions[self._step - 1])
            return certain(self._numbers, decision)
        return choice_probabilities_of(self._target, self._numbers, briefing, legal)
