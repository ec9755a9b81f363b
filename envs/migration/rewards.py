"""Rewards of the migration world."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ...core.records import Number, Record
from ..rewards import RewardLanguage, RewardTerm, Transition

USD = 10_000.0
"""Unit of money in rewards."""


class Weights(Record):
    """Weights of the reward's terms."""

    score: Number = Field(default=10.0, description="The migration score, at the end.")
    spending: Number = Field(default=-0.5, description="Ten thousand USD spent.")
    refused: Number = Field(
        default=-0.2, description="A table that the owner has looked at and not signed."
    )


class Score:
    """The migration score, when the episode is over."""

    name = "score"

    def value(self, transition: Transition) -> float:
        """0..1."""
        card = transition.scorecard
        return 0.0 if card is None else float(card.migration_score)


class Spending:
    """The money spent since the last decision."""

    name = "spending"

    def value(self, transition: Transition) -> float:
        """Tens of thousands of USD."""
        return float(transition.after.expenses_usd - transition.before.expenses_usd) / USD


class Refused:
    """Tables that the owner has refused since the last decision."""

    name = "refused"

    def value(self, transition: Transition) -> float:
        """A number of tables."""
        pairs = zip(transition.before.tables, transition.after.tables, strict=True)
        count = 0
        for before, after in pairs:
            count += after.refusals - before.refusals
        return float(count)


def _terms(weights: Any) -> tuple[RewardTerm, ...]:
    return Score(), Spending(), Refused()


def reward_language() -> RewardLanguage:
    """The rewards of the migration world; the first preset is the usual one."""
    presets = {"shaped": Weights(), "score": Weights(spending=0.0, refused=0.0)}
    return RewardLanguage(
        "migration", Weights, presets, _terms, recorded="shaped", bounds={"score": (0.0, 10.0)}
    )
