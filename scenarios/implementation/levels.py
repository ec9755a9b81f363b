"""Levels of the implementation world: which edge cases and opponents a training meets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic import Field, model_validator

from ...core.arithmetic import plain_sum, whole_sum
from ...core.errors import GoliveError
from ...core.random_streams import RandomStreams, purpose
from ...core.records import Name, Number, Share
from ..levels import LevelSettings, Met, drawn_index
from .edge_case_table import EDGE_CASES
from .opponents import OpponentPlan, parse_opponent
from .vocabulary import DisruptionKind, Severity

_COUNT = purpose("training/edge cases of a level")
_KIND = purpose("training/kind of a level's edge case")
_SEVERITY = purpose("training/severity of a level's edge case")
_HAS_OPPONENT = purpose("training/level has an opponent")
_OPPONENT = purpose("training/opponent of a level")
_plan = lru_cache(maxsize=64)(parse_opponent)


class ImplementationLevels(LevelSettings):
    """Levels are met with edge cases or an opponent: ``(edge cases, opponent or "")``."""

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

    @model_validator(mode="after")
    def _can_be_drawn(self) -> ImplementationLevels:
        _check_weights("counts", list(self.counts))
        _check_weights("severities", list(self.severities.values()))
        possible = len(set(self.kinds)) or len(EDGE_CASES)
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

    def drawn(self, streams: RandomStreams, number: int) -> Met:
        """Edge cases, sorted, as on a command line; or none and an opponent."""
        if streams.uniform(_HAS_OPPONENT, number) < self.opponent_probability:
            draw = streams.uniform(_OPPONENT, number)
            return (), self.opponents[int(draw * len(self.opponents))]
        count = drawn_index(self.counts, streams.uniform(_COUNT, number, 0))
        left = list(self.kinds or EDGE_CASES)
        severities, weights = list(self.severities), list(self.severities.values())
        texts = []
        for place in range(count):
            kind = left.pop(int(streams.uniform(_KIND, number, place) * len(left)))
            severity = drawn_index(weights, streams.uniform(_SEVERITY, number, place))
            texts.append(f"{kind}:{severities[severity]}")
        return tuple(sorted(texts)), ""

    def options(self, met: Met) -> Mapping[str, Any]:
        """Edge cases and the opponent's plan, read here: workers may not see its file."""
        edge_cases, opponent = met or ((), "")
        options: dict[str, tuple[str, ...] | OpponentPlan] = {}
        if edge_cases:
            options["disruptions"] = edge_cases
        if opponent:
            options["opponent"] = _plan(opponent)
        return options

    def figures(self, levels: Sequence[Met]) -> dict[str, float]:
        """Edge cases per level, and the share that has an opponent."""
        met = [one or ((), "") for one in levels]
        return {
            "levels/edge_cases": whole_sum(len(edge_cases) for edge_cases, _ in met) / len(met),
            "levels/opponents": whole_sum(bool(opponent) for _, opponent in met) / len(met),
        }


def _check_weights(name: str, weights: list[float]) -> None:
    if any(weight < 0.0 for weight in weights) or plain_sum(weights) <= 0.0:
        raise ValueError(f"{name}: expected weights of at least 0, one of them above it")
