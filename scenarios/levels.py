"""Levels of a training: what every world's settings have in common.

A level is a scenario, an episode's seed, and what the scenario is met with there. A world in which
something can be added has settings of its own (``WorldKind.levels``), derived from these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, model_validator

from ..core.arithmetic import plain_sum
from ..core.random_streams import RandomStreams
from ..core.records import Flag, Integer, Number, Record, Share

LevelMode = Literal["fixed", "randomised", "prioritised"]
Met = tuple[Any, ...]
"""The mix that a level is met with, as plain data (tuples, texts, numbers) that JSON can hold."""


class ReplaySettings(Record):
    """Prioritised level replay (Jiang, Grefenstette & Rocktäschel 2021; robust: Jiang et al. 2021).

    A level that was played keeps a score, an estimate of the regret on it. A replayed level is
    drawn with probability ``(1 - staleness) * P_score + staleness * P_stale``, where ``P_score``
    is proportional to ``(1 / rank) ** (1 / temperature)`` and ``P_stale`` to the number of
    levels drawn since it was last played.
    """

    score: Literal["positive_value_loss", "max_return"] = Field(
        default="positive_value_loss",
        description="Estimate of the regret: mean of the positive advantages (GAE) of an episode, "
        "or the best return on the level minus the return that the critic expected.",
    )
    temperature: Number = Field(
        default=0.1, gt=0.0, le=100.0, description="beta: small replays the highest scores."
    )
    staleness: Share = Field(default=0.1, description="rho: weight of levels long not played.")
    probability: Share = Field(default=0.5, description="That a level is replayed, not new.")
    buffer_size: Integer = Field(default=1000, ge=1, le=1_000_000, description="Levels kept.")
    minimum: Integer = Field(
        default=100, ge=1, description="Levels that must be kept before any is replayed."
    )
    train_on_replayed_only: Flag = Field(
        default=False,
        description="Robust replay: new levels are only scored, nothing is learned from them.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> ReplaySettings:
        if self.minimum > self.buffer_size:
            raise ValueError(
                f"minimum: {self.minimum}: expected at most buffer_size = {self.buffer_size}"
            )
        if self.train_on_replayed_only and self.probability == 0.0:
            raise ValueError("probability: 0: nothing would be learned: expected more than 0")
        return self


class LevelSettings(Record):
    """Choice of the levels that a training plays; this one knows scenarios and seeds only.

    ``fixed``: scenarios as they are. ``randomised``: new levels, drawn as said here.
    ``prioritised``: new levels drawn in the same way, and old ones replayed.
    """

    mode: LevelMode = Field(default="fixed", description="Which level comes next.")
    replay: ReplaySettings = Field(default_factory=ReplaySettings)

    def drawn(self, streams: RandomStreams, number: int) -> Met:
        """Draw what the n-th new level is met with: a function of the streams' seed and n."""
        return ()

    def options(self, met: Met) -> Mapping[str, Any]:
        """Options of an environment's ``reset`` for what a level is met with."""
        return {}

    def figures(self, levels: Sequence[Met]) -> dict[str, float]:
        """Means over levels that were played, by name; learning curves have them."""
        return {}


def drawn_index(weights: Sequence[float], draw: float) -> int:
    """Index whose share of the weights holds a draw from [0, 1)."""
    mark = draw * plain_sum(weights)
    for index, weight in enumerate(weights):
        mark -= weight
        if mark < 0.0:
            return index
    return max(index for index, weight in enumerate(weights) if weight > 0.0)
