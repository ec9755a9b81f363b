"""A rollout buffer of which some samples may be left out of what is learned."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray
from sb3_contrib.common.maskable.buffers import MaskableRolloutBuffer, MaskableRolloutBufferSamples


class ChosenRolloutBuffer(MaskableRolloutBuffer):
    """sb3-contrib's buffer; ``choose`` says which samples ``get`` hands out.

    Attributes:
        chosen: samples that are learned from, flat; None: all.
    """

    chosen: NDArray[np.int64] | None = None

    def reset(self) -> None:
        """Begin a rollout; all of it will be learned from unless ``choose`` says otherwise."""
        self.chosen = None
        super().reset()

    def choose(self, keep: NDArray[np.bool_] | None) -> None:
        """Learn from some samples only.

        Args:
            keep: bool (steps, environments); None: from all of them.
        """
        self.chosen = None if keep is None else np.flatnonzero(keep.swapaxes(0, 1).ravel())

    @property
    def usable(self) -> int:
        """Number of samples that are learned from."""
        return self.buffer_size * self.n_envs if self.chosen is None else len(self.chosen)

    def get(  # type: ignore[override]
        self, batch_size: int | None = None
    ) -> Generator[MaskableRolloutBufferSamples, None, None]:
        """Mini-batches of what is learned from, in random order; never one of a single sample."""
        if self.chosen is None:
            yield from super().get(batch_size)
            return
        if not self.generator_ready:
            for _ in super().get(None):  # brings the arrays into shape
                pass
        order = np.random.permutation(self.chosen)  # noqa: NPY002 - the generator of the base class
        size = batch_size or len(order)
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            if len(batch) > 1:
                yield self._get_samples(batch)
