"""Checks of the quality bar on scores: many policies on common luck, and intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from ...agents.noisy import NoisyPolicy
from ...agents.registry import load_policy
from ...core.arithmetic import plain_sum
from ...scenarios.loader import load_suite, suite_names
from ...scenarios.scenario import Mix, Scenario
from ...sim.episodes import run
from ...sim.floor_policies import DO_NOTHING, RANDOM, ByLot, DoNothing, OneOrder, one_orders
from ...sim.policy import Policy, WorldPolicy
from ...sim.quality import (
    FLOOR_MARGIN,
    LEAST_CORRELATION,
    LEAST_HEADROOM,
    LEAST_REACHED,
    ORACLE_TOLERANCE,
    VARIANCE_TOLERANCE,
    Measured,
    not_applicable,
    verdict_of,
)
from ...sim.world_kind import WorldKind
from ..datasets.playing import PaidTerms
from ..evaluation.intervals import (
    DIFFERENCE_BOUNDS,
    SHARE_BOUNDS,
    mean_interval,
    share_interval,
)
from ..evaluation.statistics import FloatArray, Interval

EPSILONS = (0.3, 0.1)
"""Shares of the expert's choices left to chance, between lots alone and the expert."""
_SCREENED_ON = 4
"""Episodes on which every order that can be repeated is tried."""
_ORDERS_KEPT = 3
"""Of them, those that are played on all episodes."""
_MIXES_PER_EPISODE = 2
_LEAST_POLICIES = 4
"""That a correlation over policies is of."""

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Played:
    """Episodes of a policy.

    Attributes:
        scores: of each.
        paid: by the default reward, in each.
        sees_world: whether the policy looks into the world: a bound, which nobody can learn.
    """

    scores: FloatArray
    paid: FloatArray
    sees_world: bool


@dataclass(frozen=True)
class ScoredChecks:
    """Checks by id of RFC 008; each measures. What is played is played once.

    Attributes:
        kind: of the world.
        scenario: that is played.
        seeds: of the episodes: as many customers, or whatever the world is about.
        oracle: spec of the policy that stands for the maximum.
        told: called with (episodes played, in all).
    """

    kind: WorldKind
    scenario: Scenario
    seeds: Sequence[int]
    oracle: str
    told: Told

    def oracle_max(self) -> Measured:
        """Compare the oracle with the best of all policies that are no probes."""
        gaps = {name: self._gap(name, self.oracle) for name in self._honest if name != self.oracle}
        best = max(gaps, key=lambda name: gaps[name].estimate)
        gap = gaps[best]
        mean = float(self._table[self.oracle].scores.mean())
        found = f"best of {len(gaps)} others: {best}, {gap.estimate:+.3f}; oracle {mean:.3f}"
        measured = _measured(gap.high <= ORACLE_TOLERANCE, gap.low > ORACLE_TOLERANCE, found, gap)
        return replace(measured, details={"best": best, "oracle": mean})

    def floor_gap(self) -> Measured:
        """Compare the oracle with doing nothing and with lots."""
        gaps = {name: self._gap(self.oracle, name) for name in (DO_NOTHING, RANDOM)}
        nearest = min(gaps, key=lambda name: gaps[name].estimate)
        found = "; ".join(f"{name} {gap.estimate:.3f} below" for name, gap in gaps.items())
        return _measured(
            all(gap.low >= FLOOR_MARGIN for gap in gaps.values()),
            gaps[nearest].high < FLOOR_MARGIN,
            found,
            gaps[nearest],
        )

    def reward_reachability(self) -> Measured:
        """Count the episodes in which the oracle earns something."""
        floor = self._table[DO_NOTHING].scores
        counts = {
            name: int((self._table[name].scores - floor >= FLOOR_MARGIN).sum())
            for name in (self.oracle, RANDOM)
        }
        share = share_interval(counts[self.oracle], len(self.seeds))
        lots = counts[RANDOM] / len(self.seeds)
        found = f"{counts[self.oracle]} of {len(self.seeds)} episodes; by lot {100 * lots:.0f} %"
        measured = _measured(share.low >= LEAST_REACHED, share.high < LEAST_REACHED, found, share)
        return replace(measured, details={"by_lot": lots})

    def difficulty_separation(self) -> Measured:
        """Compare levels as they are with harder ones, and the first baseline with the last."""
        parts: dict[str, Interval] = {}
        if self._mixes:
            parts[f"{len(self._mixes)} harder levels"], easier = self._harder()
        else:
            easier = []
        baselines = self.kind.baselines
        if len(baselines) > 1:
            better, worse = baselines[0], baselines[-1]
            parts[f"{better} over {worse}"] = self._gap(better, worse)
        if not parts:
            return not_applicable("nothing claims to be harder or better")
        nearest = min(parts, key=lambda name: parts[name].estimate)
        found = "; ".join(f"{name} {gap.estimate:+.3f}" for name, gap in parts.items())
        if easier:
            found += f"; easier than it claims: {', '.join(easier)}"
        holds = not easier and all(gap.low > 0.0 for gap in parts.values())
        fails = bool(easier) or parts[nearest].high <= 0.0
        return _measured(holds, fails, found, parts[nearest])

    def headroom(self) -> Measured:
        """Measure what the best policy leaves that does not look into the world."""
        table = {n: self._table[n] for n in self._honest if not self._table[n].sees_world}
        means = {name: float(one.scores.mean()) for name, one in table.items()}
        best = max(means, key=lambda name: means[name])
        left = mean_interval([1.0 - self._table[best].scores], bounds=SHARE_BOUNDS)
        found = f"{best} leaves {left.estimate:.3f} of 1"
        return _measured(left.low >= LEAST_HEADROOM, left.high < LEAST_HEADROOM, found, left)

    def variance_bound(self) -> Measured:
        """Measure the variance of the oracle's score, and the gap to the floor beside it."""
        scores = self._table[self.oracle].scores
        count = max(2, scores.size)
        squares = (scores - scores.mean()) ** 2 * count / (count - 1)
        variance = mean_interval([np.minimum(squares, 1.0)], bounds=SHARE_BOUNDS)
        gaps = scores - self._table[DO_NOTHING].scores
        noise = float(gaps.std(ddof=1)) if gaps.size > 1 else 0.0
        ratio = float(gaps.mean()) / noise if noise else None
        found = f"variance {variance.estimate:.3f}"
        if ratio is not None:
            found += f"; gap to doing nothing over its spread {ratio:.1f}"
        measured = _measured(
            variance.high <= VARIANCE_TOLERANCE, variance.low > VARIANCE_TOLERANCE, found, variance
        )
        return replace(measured, details={"signal_to_noise": ratio})

    def training_signal(self) -> Measured:
        """Measure how pay rises as fewer choices are left to chance."""
        rungs = [RANDOM, *map(self._noisy_name, EPSILONS), self.kind.expert]
        paid = np.array([self._table[name].paid for name in rungs])
        steps = np.arange(len(rungs)) - (len(rungs) - 1) / 2.0
        slopes = steps @ paid / float(steps @ steps)
        slope = mean_interval([slopes])
        ladder = ", ".join(f"{row.mean():.3g}" for row in paid)
        found = f"{slope.estimate:+.3g} a rung; {' to '.join((rungs[0], rungs[-1]))}: {ladder}"
        measured = _measured(slope.low > 0.0, slope.high <= 0.0, found, slope)
        means = {name: float(row.mean()) for name, row in zip(rungs, paid, strict=True)}
        return replace(measured, details={"paid": means})

    def adversarial_floor(self) -> Measured:
        """Search the order that pays best when it is repeated for ever, and compare."""
        best = max(self._orders, key=lambda name: float(self._orders[name].scores.mean()))
        differences = self._table[self.oracle].scores - self._orders[best].scores
        gap = mean_interval([differences], bounds=DIFFERENCE_BOUNDS)
        found = f"best of {self._orders_tried} orders: {best}, {gap.estimate:.3f} below"
        measured = _measured(gap.low >= FLOOR_MARGIN, gap.high < FLOOR_MARGIN, found, gap)
        return replace(measured, details={"order": best, "orders": self._orders_tried})

    def gameability_gap(self) -> Measured:
        """Compare the expert with every probe, and rank all policies by pay and by score."""
        from scipy.stats import spearmanr  # type: ignore[import-untyped]

        kind = self.kind
        probes = [name for name in kind.probes if name in self._table]
        gaps = {name: self._gap(kind.expert, name) for name in probes}
        rank = None
        if len(self._table) >= _LEAST_POLICIES:
            columns = [(one.paid.mean(), one.scores.mean()) for one in self._table.values()]
            rank = float(spearmanr(np.array(columns)).statistic)
        if not gaps and rank is None:
            return not_applicable("the world has no probes")
        words, holds, fails = [], True, False
        nearest = None
        if gaps:
            name = min(gaps, key=lambda name: gaps[name].estimate)
            nearest = gaps[name]
            words.append(f"nearest of {len(gaps)} probes: {name}, {nearest.estimate:.3f} below")
            holds = all(gap.low > 0.0 for gap in gaps.values())
            fails = nearest.high <= 0.0
        if rank is not None:
            words.append(
                f"rank correlation of pay and score {rank:.2f} over {len(self._table)} policies"
            )
            fails = fails or rank < LEAST_CORRELATION
            holds = holds and not fails
        measured = _measured(holds, fails, "; ".join(words), nearest)
        return replace(measured, details={"rank_correlation": rank})

    @cached_property
    def _table(self) -> Mapping[str, Played]:
        """Every policy on every episode."""
        kind = self.kind
        makers: dict[str, Callable[[], Policy]] = {
            DO_NOTHING: lambda: DoNothing(kind),
            RANDOM: lambda: ByLot(kind),
        }
        makers = {**{n: make for n, make in kind.policies.items() if n not in makers}, **makers}
        if self.oracle not in makers:
            makers[self.oracle] = lambda: load_policy(self.oracle, kind)
        for epsilon in EPSILONS:
            makers[self._noisy_name(epsilon)] = partial(self._noisy, epsilon)
        total = len(makers) * len(self.seeds)
        table = {}
        for place, (name, make) in enumerate(makers.items()):
            first = place * len(self.seeds)
            table[name] = self._played(make(), self.scenario, self.seeds, first, total)
        return table

    @property
    def _honest(self) -> list[str]:
        """Policies that try to win, or at least do not try not to."""
        return [name for name in self._table if name not in self.kind.probes]

    def _noisy(self, epsilon: float) -> Policy:
        kind = self.kind
        return NoisyPolicy(kind, kind.policies[kind.expert](), epsilon, self._noisy_name(epsilon))

    def _noisy_name(self, epsilon: float) -> str:
        return f"noisy:{self.kind.expert}:{epsilon:g}"

    def _gap(self, name: str, other: str) -> Interval:
        differences = self._table[name].scores - self._table[other].scores
        return mean_interval([differences], bounds=DIFFERENCE_BOUNDS)

    @cached_property
    def _orders(self) -> dict[str, Played]:
        """The repeated orders that did best on a few episodes, on all."""
        few = self.seeds[:_SCREENED_ON]
        tried: list[tuple[float, OneOrder]] = []
        for order in one_orders(self.kind):
            done = self._played(order, self.scenario, few, 0, 0)
            tried.append((float(done.scores.mean()), order))
        tried.sort(key=lambda row: -row[0])
        return {
            order.name: self._played(order, self.scenario, self.seeds, 0, 0)
            for _, order in tried[:_ORDERS_KEPT]
        }

    @cached_property
    def _orders_tried(self) -> int:
        return len(list(one_orders(self.kind)))

    @cached_property
    def _mixes(self) -> dict[str, Mix]:
        """Mixes that suites of the library meet the scenario with: they claim to be harder."""
        found: dict[str, Mix] = {}
        for name in suite_names():
            suite = load_suite(name)
            if suite.world == self.kind.name and self.scenario.name in suite.scenarios:
                found.update({mix.label: mix for mix in suite.edge_cases if not mix.is_empty})
        return found

    def _harder(self) -> tuple[Interval, list[str]]:
        """What harder levels cost the expert, and those that are easier beyond doubt.

        Every episode is met with some of the mixes, in turn, so that as many customers as
        possible say what the mixes cost.
        """
        usual = self._table[self.kind.expert].scores
        policy, labels = self.kind.policies[self.kind.expert](), list(self._mixes)
        costs: dict[str, list[float]] = {label: [] for label in labels}
        means = []
        for place, seed in enumerate(self.seeds):
            first = place * _MIXES_PER_EPISODE
            chosen = {labels[(first + n) % len(labels)] for n in range(_MIXES_PER_EPISODE)}
            for label in chosen:
                met = self._mixes[label].met(self.scenario)
                score = self._played(policy, met, [seed], 0, 0).scores[0]
                costs[label].append(float(usual[place] - score))
            means.append(plain_sum([costs[label][-1] for label in chosen]) / len(chosen))
        cost = mean_interval([np.array(means)], bounds=DIFFERENCE_BOUNDS)
        return cost, [label for label in labels if _is_easier(costs[label])]

    def _played(
        self, policy: Policy, scenario: Scenario, seeds: Sequence[int], first: int, total: int
    ) -> Played:
        """The policy's episodes; ``first`` of ``total`` were played before, 0: nobody is told."""
        language = self.kind.reward_language
        scores, paid = [], []
        for number, seed in enumerate(seeds):
            if total:
                self.told(first + number, total)
            terms = PaidTerms(language.reward(language.default))
            episode = run(self.kind, policy, scenario, seed, observers=(terms,))
            scores.append(self.kind.score_of(episode.scorecard))
            paid.append(plain_sum([plain_sum(step.values()) for step in terms.steps]))
        return Played(np.array(scores), np.array(paid), isinstance(policy, WorldPolicy))


def _measured(holds: bool, fails: bool, found: str, interval: Interval | None) -> Measured:
    """What was measured; an interval that has both sides of the bound in it does not pass."""
    if not holds and not fails:
        found = f"{found} (undecided: more episodes would tell)"
    if interval is None:
        return Measured(verdict_of(holds), found)
    ends: dict[str, Any] = {"low": interval.low, "high": interval.high}
    return Measured(verdict_of(holds), found, interval.estimate, **ends)


def _is_easier(costs: Sequence[float]) -> bool:
    """True if a level that claims to be harder costs less than nothing beyond doubt."""
    if not costs:
        return False
    return mean_interval([np.array(costs)], bounds=DIFFERENCE_BOUNDS).high < 0.0
