"""The implementation world in numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...sim.implementation.briefing import Briefing
from ...sim.implementation.decision import Decision, LegalDecisions
from ...sim.numbers import Choices, Group
from .actions import action_mask, choices, decode_action, encode_decision
from .encoding import encode_flat
from .features import further_features, groups_with


class ImplementationNumbers:
    """The implementation world's language for learners; satisfies ``Numbers``."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The observation's groups; what other packages add comes last."""
        return groups_with(further_features())

    @property
    def choices(self) -> Choices:
        """The action's factors, moves of other packages included."""
        return choices()

    def encode(self, briefing: Briefing) -> NDArray[np.float32]:
        """The briefing as a new float32 vector within the features' bounds."""
        return encode_flat(briefing)

    def mask(self, legal: LegalDecisions) -> NDArray[np.bool_]:
        """The legal choices as True, factor after factor."""
        return action_mask(legal)

    def decode(self, action: ArrayLike) -> Decision:
        """The decision that an action means; raises ``GoliveError`` outside the space."""
        return decode_action(action)

    def action(self, decision: Decision) -> NDArray[np.int64]:
        """The action that means a decision."""
        return encode_decision(decision)
