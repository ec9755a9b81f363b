"""Decision accuracy: how often a policy decides as well as the best alternative that was tried.

At every so-manieth decision point of its episodes the policy's decision is compared with the
continuation's (the expert's, unless told otherwise) and that one's neighbours: another move,
another pace, one role elsewhere. Each is continued to the end by the continuation, in the same
futures, drawn anew from the state of that morning (common random numbers). The decision is
*accurate* if its mean score is within ``tolerance`` of the best alternative's.

The best of many noisy means is too good to be true (the winner's curse), so the best alternative
is chosen in one half of the futures and compared in the other half, where nothing was chosen.
What is compared is then an alternative that may be a little worse than the best, never a lucky one:
regret is, if anything, understated. With few futures the comparison itself is noisy, and decisions
that are equally good are sometimes called inaccurate: state ``futures`` beside an accuracy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from ...agents.judgement import JudgedDecision, judge_episode
from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.execution import backend_for, map_tasks
from .intervals import DIFFERENCE_BOUNDS, SHARE_BOUNDS, mean_interval
from .runner import Progress
from .statistics import FloatArray, Interval

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
        tolerance: score that an accurate decision may give away.
        continuation: the policy that decided in the rollouts.
        accuracy: share of accurate decisions; the mean of the episodes' shares, with a
            interval over episodes.
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
    accuracy: Interval
    regret: Interval
    decisions: tuple[JudgedDecision, ...]

    def accurate(self, decision: JudgedDecision) -> bool:
        """True if a decision is within the tolerance of the best alternative."""
        return decision.regret <= self.tolerance


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
    shares = [[float(one.regret <= tolerance) for one in judged] for judged in episodes]
    regrets = [[one.regret for one in judged] for judged in episodes]
    return AccuracyResult(
        policy=policy_spec,
        scenario=scenario.name,
        seeds=tuple(seeds),
        every=every,
        futures=futures,
        tolerance=tolerance,
        continuation=continuation,
        accuracy=mean_interval([_means(shares)], bounds=SHARE_BOUNDS),
        regret=mean_interval([_means(regrets)], bounds=DIFFERENCE_BOUNDS),
        decisions=tuple(one for judged in episodes for one in judged),
    )


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
