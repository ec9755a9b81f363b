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


@dataclass(frozen=True, slots=True)
class Known:
    """Figures of the agents at a decision, (agents,) each; of a record: placed, of them failed.

    Of many decisions at once they are (decisions, agents).

    Attributes:
        legal: where the task may be placed.
        home_label: listed doublings in the label's family.
        home_read: in the family that the text speaks of.
        label: record in the label's family.
        read: record in the text's family.
        whole: record in all.
        confidence: its own, 0 to 1.
        usd_per_hour: price.
        pace: hours for a person's hour.
        ahead: tasks that it has, per task at once.
    """

    legal: NDArray[np.bool_]
    home_label: Values
    home_read: Values
    label: tuple[Values, Values]
    read: tuple[Values, Values]
    whole: tuple[Values, Values]
    confidence: Values
    usd_per_hour: Values
    pace: Values
    ahead: Values


def signs_of(briefing: Briefing, legal: LegalDecisions, strength: float) -> Signs:
    """The signs at a decision point.

    Args:
        briefing: of the decision point.
        legal: what may be decided there.
        strength: tasks that shrinking of records stands for.
    """
    task, pool = table_of(briefing)

    def record(placed: tuple[int, ...], failed: tuple[int, ...]) -> tuple[Values, Values]:
        return np.array(placed, dtype=np.float64), np.array(failed, dtype=np.float64)

    known = Known(
        legal=np.array(legal.agents, dtype=np.bool_),
        home_label=np.array(pool.at_home_label),
        home_read=np.array(pool.at_home_read),
        label=record(pool.placed_label, pool.failed_label),
        read=record(pool.placed_read, pool.failed_read),
        whole=record(pool.placed, pool.failed),
        confidence=np.array(pool.confidence),
        usd_per_hour=np.array(pool.usd_per_hour),
        pace=np.array(pool.pace),
        ahead=(np.array(pool.queued) + np.array(pool.busy)) / np.array(pool.capacity),
    )
    return signs_from(known, task.estimate_hours, strength)


def signs_from(known: Known, estimate_hours: float | Values, strength: float) -> Signs:
    """The signs that figures give.

    Args:
        known: figures of the agents.
        estimate_hours: a person's hours that the task is taken for; of many, (decisions, 1).
        strength: tasks that shrinking of records stands for.
    """
    placed, failed = known.whole
    usual = 1.0 - (failed.sum(-1, keepdims=True) + 1.0) / (placed.sum(-1, keepdims=True) + 2.0)
    good = (placed - failed + strength * usual) / (placed + strength)

    def shrunk(record: tuple[Values, Values]) -> Values:
        tasks, lost = record
        found: Values = (tasks - lost + strength * good) / (tasks + strength)
        return found

    price = known.usd_per_hour
    return Signs(
        legal=known.legal,
        home_label=known.home_label,
        home_read=known.home_read,
        good_label=shrunk(known.label),
        good_read=shrunk(known.read),
        good=good,
        confidence=logits(known.confidence, 1e-4),
        price=doublings(price / price.mean(-1, keepdims=True)),
        fee_usd=price * estimate_hours,
        wait_hours=known.pace * estimate_hours * (1.0 + np.floor(known.ahead)),
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
