"""Rewards of the gateway world."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ...core.records import Number, Record
from ..rewards import RewardLanguage, RewardTerm, Transition

USD = 1_000.0
"""Unit of money in rewards: a step pays a number of order 0.1."""


class Weights(Record):
    """Weights of the reward's terms."""

    score: Number = Field(default=10.0, description="The gateway score, at the end.")
    answers: Number = Field(
        default=0.5, description="A thousand USD of answers that nobody has complained about."
    )
    spending: Number = Field(default=-0.5, description="A thousand USD spent.")


class Score:
    """The gateway score, when the episode is over."""

    name = "score"

    def value(self, transition: Transition) -> float:
        """0..1."""
        card = transition.scorecard
        return 0.0 if card is None else float(card.gateway_score)


class Answers:
    """Worth of the answers since the last decision, less that of those complained about."""

    name = "answers"

    def value(self, transition: Transition) -> float:
        """Thousands of USD."""
        return float(transition.after.answered_usd - transition.before.answered_usd) / USD


class Spending:
    """Money spent since the last decision."""

    name = "spending"

    def value(self, transition: Transition) -> float:
        """Thousands of USD."""
        return float(transition.after.paid_usd - transition.before.paid_usd) / USD


def _terms(weights: Any) -> tuple[RewardTerm, ...]:
    return Score(), Answers(), Spending()


def reward_language() -> RewardLanguage:
    """The rewards of the gateway world; the first preset is the usual one."""
    presets = {"shaped": Weights(), "score": Weights(answers=0.0, spending=0.0)}
    return RewardLanguage(
        "gateway", Weights, presets, _terms, recorded="shaped", bounds={"score": (0.0, 10.0)}
    )
