"""Encoding of raw values as an observation, and its spaces: any world's table will do.

A world gathers the raw values of a briefing into one list in the order of its features;
transformation, scaling and clipping then happen on the whole vector at once. There is no call per
feature, because an observation is made at every step of every environment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from ..sim.numbers import Feature, Group, Transform

ObservationKind = Literal["flat", "dict"]
FlatObservation: TypeAlias = NDArray[np.float32]
DictObservation = dict[str, FlatObservation]
Observation = FlatObservation | DictObservation


class Encoder:
    """Transforms, scales and clips raw values as a table of features says.

    Args:
        groups: the table.

    Attributes:
        features: one entry per index of the flat observation.
        slices: where each group lies in it.
        shapes: rows and columns of each group.
    """

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = tuple(groups)
        self.features: tuple[Feature, ...] = tuple(f for g in groups for f in g.features())
        self.shapes = {group.name: (len(group.rows), len(group.columns)) for group in groups}
        self.slices: dict[str, slice] = {}
        start = 0
        for group in groups:
            self.slices[group.name] = slice(start, start + group.size)
            start += group.size
        self._low = np.array([f.low for f in self.features], dtype=np.float32)
        self._high = np.array([f.high for f in self.features], dtype=np.float32)
        self._factor = np.array([1.0 / f.scale for f in self.features])
        self._logarithmic = self._places(Transform.LOGARITHM)
        self._ages = self._places(Transform.FRESHNESS)
        self._age_factor = self._factor[self._ages]
        self._factor[self._ages] = 1.0

    def encoded(self, values: Sequence[float] | NDArray[np.float64]) -> FlatObservation:
        """Raw values, one per feature and in their order, as a new float32 vector in bounds.

        An array may have rows of them: ``(..., features)``.
        """
        if isinstance(values, np.ndarray):
            raw = values.copy()
        else:
            raw = np.fromiter(values, np.float64, len(values))  # twice as fast as np.array
        ages = raw[..., self._ages]
        least = np.maximum(raw[..., self._logarithmic], 0.0)
        raw[..., self._logarithmic] = np.log1p(least)  # same bits: float32 keeps 7 of the 16 digits
        fresh = 1.0 / (1.0 + np.maximum(ages, 0.0) * self._age_factor)
        raw[..., self._ages] = np.where(ages < 0.0, 0.0, fresh)
        raw *= self._factor
        observation = raw.astype(np.float32)
        np.maximum(observation, self._low, out=observation)
        return np.minimum(observation, self._high, out=observation)

    def by_group(self, observation: FlatObservation) -> DictObservation:
        """A flat observation by group, each a new vector."""
        return {name: observation[part].copy() for name, part in self.slices.items()}

    def space(self, kind: ObservationKind) -> spaces.Space[Any]:
        """Bounds of the flat observation, or of the one by group, float32."""
        if kind == "flat":
            return spaces.Box(self._low.copy(), self._high.copy(), dtype=np.float32)
        return spaces.Dict(
            {
                name: spaces.Box(self._low[part].copy(), self._high[part].copy(), dtype=np.float32)
                for name, part in self.slices.items()
            }
        )

    def _places(self, transform: Transform) -> NDArray[np.intp]:
        chosen = [i for i, feature in enumerate(self.features) if feature.transform is transform]
        return np.array(chosen, dtype=np.intp)
