"""Own terms of a team's roles: what each is paid by itself, beside what all are paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..sim.team import ROLE_FIELD, Team
from ..sim.team_actions import Joined

COUNTED_TERMS = ("illegal", "lost", "messages")
"""What every team's roles may be paid for by themselves, beside the world's ``Team.own_terms``."""


class OwnTerms:
    """Weighted terms of each role by itself.

    Args:
        team: whose.
        weights: by the term's name.
        names: of the features of the state.

    Raises:
        GoliveError: no such term, or its weight is no number.
    """

    def __init__(self, team: Team, weights: Mapping[str, float], names: Sequence[str]) -> None:
        known = (*COUNTED_TERMS, *team.own_terms)
        self._terms: list[tuple[str, float, list[int]]] = []
        for name, weight in weights.items():
            if name not in known:
                raise GoliveError(f"own_reward: {name!r}: expected one of {', '.join(known)}")
            if not isinstance(weight, int | float) or not np.isfinite(weight):
                raise GoliveError(f"own_reward: {name}: {weight!r}: expected a number")
            feature = team.own_terms.get(name)
            places = []
            if feature is not None:
                places = [list(names).index(feature.replace(ROLE_FIELD, r)) for r in team.names]
            self._terms.append((name, float(weight), places))

    def paid(
        self, shared: float, state: NDArray[np.float32], joined: Joined, said: Sequence[int]
    ) -> list[float]:
        """Rewards of the roles, in order.

        Args:
            shared: what all are paid.
            state: after the decision.
            joined: the decision.
            said: per role the place of its message; -1: none.
        """
        rewards = [shared] * len(said)
        for name, weight, places in self._terms:
            values: list[float]
            if places:
                values = [float(state[place]) for place in places]
            elif name == "messages":
                values = [float(message >= 0) for message in said]
            else:
                values = [float(count) for count in getattr(joined, name)]
            rewards = [pay + weight * value for pay, value in zip(rewards, values, strict=True)]
        return rewards
