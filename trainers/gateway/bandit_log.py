"""Logs of the bandit view: what a company has of a router that explores, for offline evaluation.

A log has the chances of what was chosen, always. What it has of results is another question: true
rewards, which a simulation knows; what was heard until a day; ratings of those who rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ...agents.gateway.cases import signs_of_stream
from ...agents.gateway.linear import Law, features_of_stream, shipped_coefficients
from ...agents.gateway.signs import Signs
from ...core.errors import GoliveError
from ...envs.gateway.bandit import context_of
from ...sim.gateway.bandit import BanditStream
from ...sim.gateway.work import Outcome
from ..datasets import LoggedEpisodes
from ..offline_evaluation.linear_q import LinearQ
from ..offline_evaluation.question import Question

Floats = NDArray[np.float64]


class Feedback(StrEnum):
    """Results that a log has."""

    OUTCOME = "outcome"
    """True rewards per worth, of all tasks."""
    HEARD = "heard"
    """Rewards per worth as they look when the log ends: what nobody has noticed looks right."""
    RATED = "rated"
    """Stars, 0 to 1, of answers that are rated, as if they were all answers."""
    RATED_EVENLY = "rated_evenly"
    """The same, with the chance that each was given in its weight, which hardly anybody knows."""


@dataclass(frozen=True, eq=False)
class BanditLog:
    """A router's log, and what evaluating another router on it needs.

    Attributes:
        episodes: an episode of one decision for each task.
        target: float64 (tasks, choices), chances of the router in question.
        features: float32 (tasks, choices, features), of each choice.
    """

    episodes: LoggedEpisodes
    target: Floats
    features: NDArray[np.float32]

    def linear(self, question: Question) -> LinearQ:
        """A model of the reward that is linear in the choices' features."""
        rows = np.arange(len(self.features))
        recorded = self.features[rows, self.episodes.actions[:, 0]].astype(np.float64)
        target = np.einsum("nc,ncf->nf", self.target, self.features)
        return LinearQ(question, lambda _: (recorded, target))


@dataclass(frozen=True, eq=False)
class Standing:
    """Choices of routers that do not learn, on a stream whose records stand still.

    Attributes:
        stream: the tasks.
        features: float32 (tasks, choices, features).
        chosen: int64 (tasks,) by router.
    """

    stream: BanditStream
    features: NDArray[np.float32]
    chosen: dict[str, NDArray[np.int64]]


def standing(
    stream: BanditStream, rules: Mapping[str, Callable[[Signs], Floats]], law: Law | None = None
) -> Standing:
    """Let routers choose for every task, and tell them nothing of what comes of it.

    Args:
        stream: the tasks.
        rules: a value for each agent and task by router, from signs of all tasks at once.
        law: of the router ``linear``; None: the shipped one.
    """
    features, legal = features_of_stream(stream), stream.legal
    linear = features @ (law or shipped_coefficients()).mean
    chosen = {"linear": np.where(legal, linear, -np.inf).argmax(axis=1)}
    signs = signs_of_stream(stream)
    for name, rule in rules.items():
        best = np.where(signs.legal, rule(signs), -np.inf).argmax(axis=1)
        chosen[name] = np.where(signs.legal.any(axis=1), best, stream.choices - 1)
    return Standing(stream, features.astype(np.float32), chosen)


def soft(stream: BanditStream, chosen: NDArray[np.int64], epsilon: float) -> Floats:
    """Chances of a router that takes any legal choice with ``epsilon``, else its own.

    Raises:
        GoliveError: epsilon is not from 0 to 1.
    """
    if not 0.0 <= epsilon <= 1.0:
        raise GoliveError(f"epsilon: {epsilon!r}: expected 0 to 1")
    even = stream.legal / stream.legal.sum(axis=1, keepdims=True)
    chances: Floats = epsilon * even
    chances[np.arange(len(stream)), chosen] += 1.0 - epsilon
    return chances


def log_of(
    standing: Standing,
    behaviour: Floats,
    target: Floats,
    feedback: Feedback,
    luck: np.random.Generator,
) -> BanditLog:
    """Draw what a router chose, and keep what its company has of it.

    Args:
        standing: a stream and its features.
        behaviour: float64 (tasks, choices), chances of who was logged.
        target: of who is in question.
        feedback: what is known of results.
        luck: draws choices.
    """
    stream = standing.stream
    ends = behaviour.cumsum(axis=1)
    draws = luck.random(len(stream))[:, None] * ends[:, -1:]
    chosen = np.minimum((ends <= draws).sum(axis=1), stream.choices - 1)
    rewards, chances = _known(stream, chosen, feedback)
    kept = chances > 0.0
    count = int(kept.sum())
    if count == 0:
        raise GoliveError(f"log: nothing is known of any result by {feedback}")
    episodes = LoggedEpisodes(
        observations=context_of(stream)[kept].astype(np.float32),
        actions=chosen[kept, None],
        masks=stream.legal[kept],
        behaviour=behaviour[kept] * chances[kept, None],
        rewards=rewards[kept],
        lengths=np.ones(count, dtype=np.int64),
        action_sizes=(stream.choices,),
        episodes=pl.DataFrame({"scenario": [stream.scenario.name] * count}),
    )
    return BanditLog(episodes, target[kept], standing.features[kept])


def true_value(stream: BanditStream, chosen: NDArray[np.int64], feedback: Feedback) -> Floats:
    """Sum over tasks, and the count by which it is divided, of a value in question: float64 (2,).

    Rewards count for all tasks, stars for the answers that agents deliver.

    Args:
        stream: the tasks, with all results.
        chosen: int64 (tasks,), choices of the router in question.
        feedback: that estimates are made from.
    """
    rows, results = np.arange(len(stream)), stream.results
    if feedback in (Feedback.OUTCOME, Feedback.HEARD):
        return np.array([_rewards(stream, chosen).sum(), len(stream)])
    outcome = results.outcome[rows, chosen]
    delivered = (outcome == Outcome.RIGHT) | (outcome == Outcome.WRONG)
    delivered &= results.done_by[rows, chosen] < stream.choices - 1
    pleased = delivered & ~np.isfinite(results.noticed_hours[rows, chosen])
    return np.array([pleased.sum(), delivered.sum()], dtype=np.float64)


def _rewards(stream: BanditStream, chosen: NDArray[np.int64]) -> Floats:
    found: Floats = stream.reward_usd[np.arange(len(stream)), chosen] / stream.tasks.worth_usd
    return found


def _known(
    stream: BanditStream, chosen: NDArray[np.int64], feedback: Feedback
) -> tuple[Floats, Floats]:
    """Rewards of what was chosen, and the chance that a log has each; 0 where it has none."""
    rows, results = np.arange(len(stream)), stream.results
    always, paid = np.ones(len(stream)), _rewards(stream, chosen)
    if feedback is Feedback.OUTCOME:
        return paid, always
    noticed = results.noticed_hours[rows, chosen]
    if feedback is Feedback.HEARD:
        worth, over = stream.tasks.worth_usd, float(stream.tasks.at[-1])
        wrong = results.outcome[rows, chosen] == Outcome.WRONG
        unheard = wrong & ~(stream.tasks.at + noticed <= over)
        return np.where(unheard, 1.0 - results.work_usd[rows, chosen] / worth, paid), always
    stars = results.stars[rows, chosen]
    p = stream.laws.context.parameters
    chance = p.rating_share * np.where(np.isfinite(noticed), p.rating_odds, 1.0)
    chance = always if feedback is Feedback.RATED else chance
    return (stars - 1.0) / 4.0, np.where(stars > 0.0, chance, 0.0)
