"""Estimators: how much of what differs is customer, policy, their interplay, or luck.

Scores stand in tables (policies, customers, luck). Each customer has luck of its own, the same
under every policy, so luck is nested in customers, and what is called luck holds the interplay of
the two as well. Components are those of random-effects analyses of variance (Searle, Casella and
McCulloch 1992, "Variance Components"), unbiased before a negative one is set to 0 in shares.

Intervals are over customers, which alone are independent. Those of variance shares are the wider
of the bootstrap and the jackknife over customers (``table_interval``); those of mean differences
are Student's, widened for skewness (``mean_interval`` without bounds): the bounds of a score would
leave nothing to be seen with so few customers, so what happens to fewer than one customer in the
sample is not in them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from golive.trainers.evaluation.intervals import SHARE_BOUNDS, mean_interval, table_interval
from golive.trainers.evaluation.statistics import FloatArray, Interval


@dataclass(frozen=True, slots=True)
class Components:
    """Variance components of paired differences among policies; may be below 0.

    Attributes:
        policy: of the policies' means.
        customer: policy x customer, luck removed.
        luck: policy x luck, with all that is left over.
    """

    policy: float
    customer: float
    luck: float

    def shares(self) -> tuple[float, float, float]:
        """Shares of policy, policy x customer and policy x luck; 0 without any variance."""
        policy, customer, luck = _shares(self.policy, self.customer, self.luck)
        return policy, customer, luck


def customer_and_luck(scores: FloatArray) -> tuple[float, float]:
    """Variance components of one policy's scores (customers, luck): of customers, of luck."""
    luck = scores.shape[1]
    within = float(scores.var(axis=1, ddof=1).mean())
    between = float(scores.mean(axis=1).var(ddof=1))
    return between - within / luck, within


def paired_components(scores: FloatArray) -> Components:
    """Variance components of (policies, customers, luck), each cell's mean over policies removed.

    Needs at least two of each.
    """
    policies, customers, luck = scores.shape
    paired = scores - scores.mean(axis=0)
    by_customer = paired.mean(axis=2)
    by_policy = by_customer.mean(axis=1)
    freedom = policies - 1
    rest = float(((paired - by_customer[:, :, None]) ** 2).sum())
    rest /= freedom * customers * (luck - 1)
    interplay = luck * float(((by_customer - by_policy[:, None]) ** 2).sum())
    interplay /= freedom * (customers - 1)
    main = customers * luck * float((by_policy**2).sum()) / freedom
    return Components((main - interplay) / (customers * luck), (interplay - rest) / luck, rest)


def customer_share(scores: FloatArray) -> Interval:
    """The customer's share of one policy's variance, from (customers, luck)."""

    def share(rows: FloatArray) -> float:
        return _shares(*customer_and_luck(rows))[0]

    return table_interval(scores, share, "customer share", bounds=SHARE_BOUNDS)


def paired_shares(scores: FloatArray) -> tuple[Interval, Interval, Interval]:
    """Shares of policy, policy x customer and policy x luck in what differs between policies."""
    by_customer = np.moveaxis(scores, 1, 0)

    def share(part: int) -> Callable[[FloatArray], float]:
        def of(rows: FloatArray) -> float:
            return paired_components(np.moveaxis(rows, 0, 1)).shares()[part]

        return of

    first, second, third = (
        table_interval(by_customer, share(part), f"paired share {part}", bounds=SHARE_BOUNDS)
        for part in range(3)
    )
    return first, second, third


def chosen_gains(scores: FloatArray, *, shrunk: bool = False) -> FloatArray:
    """By customer, the policy chosen for it minus the best single one, on luck that chose neither.

    Both are chosen on every other luck seed and judged on those between, both ways round.

    Args:
        scores: (policies, customers, luck), with two luck seeds at least.
        shrunk: choose by a customer's mean drawn towards the policy's own, by as much as it is
            noise; with few luck seeds the mean alone chooses noise.

    Returns:
        float64 (customers,).
    """
    halves = scores[:, :, 0::2], scores[:, :, 1::2]
    ways = (halves, halves[::-1])
    gains = [_gain_on(choose, judge.mean(axis=2), shrunk) for choose, judge in ways]
    return np.asarray(np.mean(gains, axis=0))


def _gain_on(choose: FloatArray, judged: FloatArray, shrunk: bool) -> FloatArray:
    means = choose.mean(axis=2)
    worth = _drawn_to_the_middle(choose) if shrunk and choose.shape[2] > 1 else means
    chosen = judged[worth.argmax(axis=0), np.arange(judged.shape[1])]
    gains: FloatArray = chosen - judged[means.mean(axis=1).argmax()]
    return gains


def _drawn_to_the_middle(scores: FloatArray) -> FloatArray:
    """By policy and customer, the policy's mean plus what of the interplay is not noise."""
    means = (scores - scores.mean(axis=0)).mean(axis=2)
    middles = means.mean(axis=1, keepdims=True)
    parts = paired_components(scores)
    signal = max(0.0, parts.customer)
    noise = parts.luck / scores.shape[2]
    kept = signal / (signal + noise) if signal + noise > 0.0 else 0.0
    return np.asarray(middles + kept * (means - middles))


def gain(scores: FloatArray, reference: FloatArray, unit: float = 1.0) -> Interval | None:
    """Mean difference of two tables (customers, luck) in a unit, over customers.

    Returns:
        None where they are the same in every episode: nothing was decided differently.
    """
    if np.array_equal(scores, reference):
        return None
    return over_customers((scores - reference).mean(axis=1), unit)


def over_customers(values: FloatArray, unit: float = 1.0) -> Interval:
    """Interval of the mean of a value for each customer; without width where all are 0."""
    if not values.any():
        return Interval(0.0, 0.0, 0.0)
    return mean_interval([values / unit])


def rank_correlation(scores: FloatArray, rewards: FloatArray) -> Interval:
    """Spearman's correlation of the policies' means of two tables (policies, customers, luck)."""
    from scipy.stats import rankdata  # type: ignore[import-untyped]

    rows = np.moveaxis(np.stack([scores.mean(axis=2), rewards.mean(axis=2)]), 2, 0)

    def correlation(customers: FloatArray) -> float:
        ranks = rankdata(customers.mean(axis=0), axis=1)
        return float(np.corrcoef(ranks)[0, 1]) if ranks.std(axis=1).all() else 0.0

    return table_interval(rows, correlation, "rank correlation", bounds=(-1.0, 1.0))


def _shares(*components: float) -> tuple[float, ...]:
    kept = [max(0.0, component) for component in components]
    total = sum(kept)
    return tuple(one / total if total else 0.0 for one in kept)
