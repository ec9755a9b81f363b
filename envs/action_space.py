"""The space of actions, whose samples can be masked by what ``info`` says is legal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from gymnasium.spaces import MultiDiscrete
from numpy.typing import NDArray

from ..core.errors import GoliveError

if TYPE_CHECKING:
    _Integers = MultiDiscrete[np.int64]
else:
    _Integers = MultiDiscrete  # not generic before Gymnasium 1.3


class FactoredActions(_Integers):
    """A ``MultiDiscrete`` of one choice per factor that takes flat masks as well.

    ``sample(mask=info["action_mask"])`` draws among the legal choices.
    """

    def sample(self, mask: Any = None, probability: Any = None) -> NDArray[np.int64]:
        """An action by lot.

        Args:
            mask: bool (choices,), all choices of all factors one after another, as MaskablePPO
                takes it; or Gymnasium's own form, a tuple of an int8 array per factor.
            probability: of each choice, float64, in either form (from Gymnasium 1.1 on).

        Raises:
            GoliveError: a flat mask of another size.
        """
        if probability is None:
            return super().sample(self._by_factor("mask", mask, np.int8))
        return super().sample(mask, self._by_factor("probability", probability, np.float64))

    def _by_factor(self, name: str, flat: Any, kind: type[np.generic]) -> Any:
        """Bring what lies flat into Gymnasium's own form; leave anything else as it is."""
        if not isinstance(flat, np.ndarray):
            return flat
        if flat.shape != (self.nvec.sum(),):
            raise GoliveError(f"{name}: shape {flat.shape}: expected ({self.nvec.sum()},)")
        return tuple(np.split(flat.astype(kind), np.cumsum(self.nvec)[:-1]))
