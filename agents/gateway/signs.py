"""Signs of how good each agent is at the task on the table, in arrays over the slots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...sim.gateway.briefing import Briefing, PoolView, TaskView
from ...sim.gateway.decision import NEUTRAL, Decision, LegalDecisions, Way

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Signs:
    """Signs of how good each agent is at a task, float64 (agents,) each.

    Attributes:
        legal: where the task may be placed.
        home_label: listed doublings in the label's family.
        home_read: in the family that the text speaks of.
        good_label: share of its tasks in the label's family not known to have failed, shrunk
            towards its whole record.
        good_read: likewise in the text's family.
        good: of its whole record, shrunk towards the pool's.
        confidence: its own, as logits.
        price: log2 of its price, against the pool's mean.
        fee_usd: price of this task.
        wait_hours: until it is done, as it looks now.
    """

    legal: NDArray[np.bool_]
    home_label: Values
    home_read: Values
    good_label: Values
    good_read: Values
    good: Values
    confidence: Values
    price: Values
    fee_usd: Values
    wait_hours: Values


def table_of(briefing: Briefing) -> tuple[TaskView, PoolView]:
    """The task on the table and the pool; an episode that is over has neither.

    Raises:
        ValueError: the episode is over.
    """
    if briefing.task is None or briefing.pool is None:
        raise ValueError("the episode is over: there is no task on the table")
    return briefing.task, briefing.pool


def signs_of(briefing: Briefing, legal: LegalDecisions, strength: float) -> Signs:
    """The signs at a decision point.

    Args:
        briefing: of the decision point.
        legal: what may be decided there.
        strength: tasks that shrinking stands for.
    """
    task, pool = table_of(briefing)
    placed = np.array(pool.placed, dtype=np.float64)
    failed = np.array(pool.failed, dtype=np.float64)
    usual = 1.0 - (failed.sum() + 1.0) / (placed.sum() + 2.0)
    good = (placed - failed + strength * usual) / (placed + strength)

    def shrunk(n: tuple[int, ...], lost: tuple[int, ...]) -> Values:
        tasks = np.array(n, dtype=np.float64)
        found: Values = (tasks - lost + strength * good) / (tasks + strength)
        return found

    confidence = np.array(pool.confidence)
    ahead = (np.array(pool.queued) + np.array(pool.busy)) / np.array(pool.capacity)
    price = np.array(pool.usd_per_hour)
    pace = np.array(pool.pace)
    return Signs(
        legal=np.array(legal.agents, dtype=np.bool_),
        home_label=np.array(pool.at_home_label),
        home_read=np.array(pool.at_home_read),
        good_label=shrunk(pool.placed_label, pool.failed_label),
        good_read=shrunk(pool.placed_read, pool.failed_read),
        good=good,
        confidence=logits(confidence, 1e-4),
        price=doublings(price / price.mean()),
        fee_usd=price * task.estimate_hours,
        wait_hours=pace * task.estimate_hours * (1.0 + np.floor(ahead)),
    )


def best_of(values: Values, legal: NDArray[np.bool_]) -> Decision:
    """The agent of the highest value among the legal ones; a person without any."""
    if not legal.any():
        return NEUTRAL
    return Decision(Way.AGENT, int(np.argmax(np.where(legal, values, -np.inf))))


def logits(chances: Values, least: float = 0.02) -> Values:
    """Logits of probabilities, which are kept ``least`` away from 0 and 1."""
    kept = np.clip(chances, least, 1.0 - least)
    found: Values = np.log(kept / (1.0 - kept))  # same bits: a choice differs at ties only
    return found


def doublings(ratios: Values) -> Values:
    """Logarithms to base 2."""
    found: Values = np.log2(ratios)  # same bits: a choice differs at ties only
    return found


def halvings(times: Values) -> Values:
    """Shares that are left after so many half-lives."""
    found: Values = np.exp2(-times)  # same bits: a choice differs at ties only
    return found
