"""What a training is told about levels: which there are, and which comes next."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ...core.errors import GoliveError
from ...core.records import Flag, Integer, Name, Number, Record, Share
from ...scenarios.implementation.opponents import parse_opponent
from ...scenarios.implementation.vocabulary import DisruptionKind, Severity

LevelMode = Literal["fixed", "randomised", "prioritised"]


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
    """Which levels a training plays. A level is a scenario, a customer's seed and a mix.

    ``fixed``: scenarios as they are. ``randomised``: new levels, drawn as said here.
    ``prioritised``: new levels drawn in the same way, and old ones replayed.
    """

    mode: LevelMode = Field(default="fixed", description="Which level comes next.")
    counts: tuple[Number, ...] = Field(
        default=(0.25, 0.25, 0.25, 0.25),
        min_length=1,
        max_length=9,
        description="Weights of 0, 1, 2, ... edge cases in a level.",
    )
    severities: dict[Severity, Number] = Field(
        default_factory=lambda: dict.fromkeys(Severity, 1.0),
        description="Weights of the severities of each.",
    )
    kinds: tuple[DisruptionKind, ...] = Field(
        default=(), description="Edge cases to draw from; empty: all eight."
    )
    opponent_probability: Share = Field(
        default=0.0, description="That a level has an opponent instead of edge cases."
    )
    opponents: tuple[Name, ...] = Field(
        default=("random:8", "adaptive:8"),
        description="Which, all as likely: STRATEGY[:BUDGET], or the path of a plan's file.",
    )
    replay: ReplaySettings = Field(default_factory=ReplaySettings)

    @model_validator(mode="after")
    def _can_be_drawn(self) -> LevelSettings:
        _check_weights("counts", list(self.counts))
        _check_weights("severities", list(self.severities.values()))
        possible = len(set(self.kinds)) or 8
        if len(self.counts) - 1 > possible:
            raise ValueError(
                f"counts: {len(self.counts) - 1} edge cases in a level: there are only {possible}"
            )
        if len(set(self.kinds)) != len(self.kinds):
            raise ValueError("kinds: expected each only once")
        if self.opponent_probability > 0.0 and not self.opponents:
            raise ValueError("opponents: expected at least one beside opponent_probability")
        for text in self.opponents:
            try:
                parse_opponent(text)
            except GoliveError as error:
                raise ValueError(f"opponents: {error}") from None
        return self


def _check_weights(name: str, weights: list[float]) -> None:
    if any(weight < 0.0 for weight in weights) or sum(weights) <= 0.0:
        raise ValueError(f"{name}: expected weights of at least 0, one of them above it")
