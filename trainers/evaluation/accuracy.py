"""Decision accuracy: how much of what was at stake a policy's decisions kept.

At every so-manieth decision point of its episodes the policy's decision is compared with the
continuation's (the expert's, unless told otherwise) and that one's neighbours: another move,
another pace, one role elsewhere. Each is continued to the end by the continuation, in the same
futures, drawn anew from the state of that morning (common random numbers). At stake is what lies
between the best and the worst of them, kept is what lies between the decision and the worst, and
accuracy is all that was kept over all that was at stake. So a decision by which nothing can be won
or lost any more counts for nothing, and noise averages out, which in a share of decisions that
are good enough it does not: with few futures the best policy there could be had few of those.

The best of many noisy means is too good to be true (the winner's curse), so best and worst are
chosen in one half of the futures and compared in the other half, where nothing was chosen. What
is compared may then be a little worse than the best, never a lucky one: regret is, if anything,
understated, and so is the stake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from ...agents.judgement import JudgedDecision, judge_episode
from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.execution import backend_for, map_tasks
from .intervals import DIFFERENCE_BOUNDS, SHARE_BOUNDS, mean_interval, ratio_interval
from .runner import Progress
from .statistics import DEFAULT_LEVEL, FloatArray, Interval

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

DEFAULT_EVERY = 5
DEFAULT_FUTURES = 32
DEFAULT_TOLERANCE = 0.01
"""Of the score."""
DEFAULT_CONTINUATION = "expert"
MOST_ALTERNATIVES = 12


@dataclass(frozen=True)
class AccuracyResult:
    """The accuracy of a policy's decisions on one scenario.

    Attributes:
        policy: as it was named.
        scenario: name of the scenario.
        seeds: of the episodes.
        every: every so-manieth decision point was judged.
        futures: per decision point.
        tolerance: score that a decision may give away and be no mistake.
        continuation: the policy that decided in the rollouts.
        accuracy: share of what was at stake that was kept, its interval over episodes; None
            where nothing was.
        regret: mean score given away per decision, likewise.
        decisions: every decision judged, in the order of seeds and days.
    """

    policy: str
    scenario: str
    seeds: tuple[int, ...]
    every: int
    futures: int
    tolerance: float
    continuation: str
    accuracy: Interval | None
    regret: Interval
    decisions: tuple[JudgedDecision, ...]

    @property
    def mistakes(self) -> int:
        """Decisions that gave away more than the tolerance."""
        return sum(decision.regret > self.tolerance for decision in self.decisions)


@checked
def decision_accuracy(
    policy_spec: str,
    scenario: Scenario,
    seeds: Sequence[int],
    *,
    every: int = DEFAULT_EVERY,
    futures: int = DEFAULT_FUTURES,
    tolerance: float = DEFAULT_TOLERANCE,
    continuation: str = DEFAULT_CONTINUATION,
    most: int = MOST_ALTERNATIVES,
    workers: int = 1,
    progress: Progress | None = None,
) -> AccuracyResult:
    """Judge a policy's decisions over episodes of a scenario.

    Arguments are as ``AccuracyResult`` has them; ``most`` is how many alternatives there are
    besides the policy's own decision. The result does not depend on the number of workers.

    Raises:
        GoliveError: wrong arguments, or no such policy.
        TaskError: an episode failed.
    """
    _check(seeds, every, futures, tolerance, most, workers)
    function = _EpisodeJudge(policy_spec, scenario, every, futures, continuation, most)
    function.check()
    tell, done = progress or (lambda done, total: None), count(1)
    episodes = map_tasks(
        function,
        list(seeds),
        workers=workers,
        backend=backend_for(workers),
        name_of=lambda seed: f"{policy_spec} on {scenario.name}, seed {seed}",
        on_result=lambda *_: tell(next(done), len(seeds)),
    )
    decisions = tuple(one for judged in episodes for one in judged)
    regrets = [[one.regret for one in judged] for judged in episodes]
    return AccuracyResult(
        policy=policy_spec,
        scenario=scenario.name,
        seeds=tuple(seeds),
        every=every,
        futures=futures,
        tolerance=tolerance,
        continuation=continuation,
        accuracy=kept_share([decisions]),
        regret=mean_interval([_means(regrets)], bounds=DIFFERENCE_BOUNDS),
        decisions=decisions,
    )


def kept_share(
    decisions: Sequence[Sequence[JudgedDecision]], level: float = DEFAULT_LEVEL
) -> Interval | None:
    """All that was kept over all that was at stake; None where nothing was.

    Args:
        decisions: of each scenario.
        level: of the interval, which is over episodes: decisions of one share its fate.
    """
    kept, stakes = [], []
    for judged in decisions:
        seeds = dict.fromkeys(one.seed for one in judged)
        of = [[one for one in judged if one.seed == seed] for seed in seeds]
        # Noise can make an episode's sum negative, where there was next to nothing to keep.
        kept.append(np.array([max(0.0, sum(o.stake - o.regret for o in own)) for own in of]))
        stakes.append(np.array([max(0.0, sum(o.stake for o in own)) for own in of]))
    share = ratio_interval(kept, stakes, level=level, bounds=SHARE_BOUNDS)
    if share is None:
        return None
    return replace(share, estimate=min(1.0, share.estimate))  # noise can let a decision beat all


@dataclass(frozen=True)
class _EpisodeJudge:
    """Judges the decisions of one episode; sent to every worker once."""

    policy: str
    scenario: Scenario
    every: int
    futures: int
    continuation: str
    most: int

    def check(self) -> None:
        """See before any work that both policies can be used."""
        from ...agents.registry import load_policy
        from ...sim.policy import WorldPolicy

        world = self.scenario.world
        load_policy(self.policy, world)
        if isinstance(load_policy(self.continuation, world), WorldPolicy):
            raise GoliveError(
                f"continuation: {self.continuation!r}: "
                "expected a policy that decides from briefings alone"
            )

    def __call__(self, seed: int) -> list[JudgedDecision]:
        from ...agents.registry import load_policy

        return judge_episode(
            load_policy(self.policy, self.scenario.world),
            self.scenario,
            seed,
            every=self.every,
            futures=self.futures,
            continuation=load_policy(self.continuation, self.scenario.world),
            most=self.most,
        )


def _check(
    seeds: Sequence[int], every: int, futures: int, tolerance: float, most: int, workers: int
) -> None:
    if not seeds:
        raise GoliveError("seeds: none given: expected at least one")
    if every < 1:
        raise GoliveError(f"every: {every}: expected at least 1 decision point")
    if futures < 2:
        raise GoliveError(f"futures: {futures}: expected at least 2, half of them to choose")
    if not 0.0 <= tolerance <= 1.0:
        raise GoliveError(f"tolerance: {tolerance}: expected a score between 0 and 1")
    if most < 1:
        raise GoliveError(f"most: {most}: expected at least 1 alternative")
    if workers < 1:
        raise GoliveError(f"workers: {workers}: expected at least 1")


def _means(per_episode: list[list[float]]) -> FloatArray:
    """The episodes' means: an interval is over episodes, not decisions, which share a fate."""
    return np.asarray([np.mean(row) for row in per_episode], dtype=np.float64)
