"""Opponents side by side: what a policy scores under each, on the same episodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....scenarios.implementation.opponents import OpponentPlan
from ....scenarios.implementation.scenario import ImplementationScenario
from ...evaluation.intervals import DIFFERENCE_BOUNDS, SHARE_BOUNDS, mean_interval
from ...evaluation.statistics import Interval
from ...training.episodes import chunked, play
from .episodes import Attack, AttackTask, attack

_CHUNK = 10


@dataclass(frozen=True, slots=True)
class OpponentComparison:
    """A policy under one opponent.

    Attributes:
        opponent: what it is called.
        score: the policy's mean go-live score.
        loss: against the same episodes without an opponent.
        more_than_first: loss beyond the one under the first opponent; None for the first.
        spent: mean of what it spent.
        strikes: mean number of its strikes.
    """

    opponent: str
    score: Interval
    loss: Interval
    more_than_first: Interval | None
    spent: float
    strikes: float


def compare_opponents(
    policy: str,
    scenario: ImplementationScenario,
    opponents: Sequence[OpponentPlan],
    seeds: Sequence[int],
    *,
    workers: int = 0,
) -> list[OpponentComparison]:
    """Let a policy meet each opponent on the same seeds; others are compared with the first."""
    played = _play(policy, scenario, [None, *opponents], seeds, workers)
    free = _scores(played[0])
    rows = []
    for plan, attacks in zip(opponents, played[1:], strict=True):
        scores, first = _scores(attacks), _scores(played[1])
        rows.append(
            OpponentComparison(
                plan.label,
                mean_interval([scores], bounds=SHARE_BOUNDS),
                mean_interval([free - scores], bounds=DIFFERENCE_BOUNDS),
                None
                if plan is opponents[0]
                else mean_interval([first - scores], bounds=DIFFERENCE_BOUNDS),
                float(np.mean([one.spent for one in attacks])),
                float(np.mean([len(one.strikes) for one in attacks])),
            )
        )
    return rows


def _play(
    policy: str,
    scenario: ImplementationScenario,
    plans: Sequence[OpponentPlan | None],
    seeds: Sequence[int],
    workers: int,
) -> list[list[Attack]]:
    pieces = chunked(seeds, -(-len(seeds) // _CHUNK))
    tasks = [AttackTask(policy, scenario, plan, tuple(piece)) for plan in plans for piece in pieces]
    rows = play(attack, tasks, workers=workers)
    count = len(pieces)
    return [
        [one for part in rows[place * count : (place + 1) * count] for one in part]
        for place in range(len(plans))
    ]


def _scores(attacks: Sequence[Attack]) -> NDArray[np.float64]:
    return np.array([one.score for one in attacks], np.float64)
