"""Judging what was learned by simulation: only when asked, and only when learning is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...agents.learned import LearnedPolicy
from ...agents.policy_file import PolicyFile
from ...scenarios.loader import suite_scenarios
from ...scenarios.suite import Split, Suite
from ..evaluation import evaluate_suite
from ..evaluation.intervals import mean_interval
from ..evaluation.statistics import Interval

_LABEL = "learned"


@dataclass(frozen=True, slots=True)
class Validated:
    """A policy that was judged.

    Attributes:
        policy: with its validation score on record.
        score: mean score and its 95 % interval.
        success: share of successful episodes; 0 in a world that has no such figure.
    """

    policy: PolicyFile
    score: Interval
    success: float


def validate_policy(
    policy: PolicyFile,
    suite: Suite,
    *,
    episodes: int,
    workers: int,
    progress: Callable[[int, int], None] | None = None,
) -> Validated:
    """Play a policy on the first seeds of a suite's validation split.

    Args:
        policy: who decides, by its most probable decisions.
        suite: whose scenarios and seeds.
        episodes: per scenario.
        workers: processes.
        progress: called as episodes finish.

    Raises:
        GoliveError: the suite has no such split, or fewer seeds.
    """
    learned = LearnedPolicy(policy, _LABEL)
    figures = learned.kind.figures
    result = evaluate_suite(
        [learned],
        suite,
        suite_scenarios(suite),
        split=Split.VALIDATION,
        episodes=episodes,
        workers=workers,
        progress=progress,
    )
    strata = result.scores(_LABEL, figures.score)
    score = mean_interval(strata, f"validation of {suite.name}", bounds=(0.0, 1.0))
    training = replace(
        policy.training,
        validation_score=score.estimate,
        validation_episodes=sum(len(scores) for scores in strata),
    )
    success = float(result.rows[figures.success].mean()) if figures.success else 0.0  # type: ignore[arg-type]
    return Validated(replace(policy, training=training), score, success)
