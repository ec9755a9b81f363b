"""Reliability: does a policy take a customer live every time that it tries?

``pass^k`` (Yao and others, tau-bench, 2024) is the chance that k attempts at the same customer all
succeed. Attempts have the same customer and other luck; a policy that samples samples anew. What
a mean hides shows in how fast it falls with k: three successes of four on every customer, or all
of three customers and none of the fourth.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from ...core.arguments import checked
from .intervals import SHARE_BOUNDS, mean_interval
from .result import EvaluationResult
from .statistics import Interval


@dataclass(frozen=True, slots=True)
class PassPower:
    """Chance of a policy to succeed at a customer every time.

    Attributes:
        policy: label; of several trainings each counts by itself.
        attempts: k.
        share: of customers, as an interval over them.
    """

    policy: str
    attempts: int
    share: Interval


@checked
def pass_powers(result: EvaluationResult) -> tuple[PassPower, ...]:
    """Each policy's pass^k for k from 1 to the attempts that were made at each customer.

    A customer's is estimated without bias: the share of its sets of k attempts that all succeed.
    Empty where there was one attempt, or the world does not say what a success is.
    """
    success, made = result.plan.kind.figures.success, result.plan.attempts
    if not success or made == 1:
        return ()
    found = []
    for policy in result.plan.judged:
        succeeded = [table.sum(axis=1).astype(int) for table in result.attempts(policy, success)]
        for tried in range(1, made + 1):
            shares = [
                np.array([comb(int(one), tried) / comb(made, tried) for one in counts])
                for counts in succeeded
            ]
            found.append(PassPower(policy, tried, mean_interval(shares, bounds=SHARE_BOUNDS)))
    return tuple(found)
