"""Report of an evaluation: whom it is about, what to show of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..evaluation.episode_rows import policy_of
from ..evaluation.measures import validation_scores
from ..evaluation.plan import Entrant
from ..evaluation.result import EvaluationResult
from ..evaluation.summary import EvaluationSummary
from .episode import record_episode
from .pictures import LearningCurve
from .report import Report

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario


def compose_report(
    result: EvaluationResult,
    summary: EvaluationSummary,
    entrants: Sequence[Entrant],
    scenarios: Sequence[Scenario],
    command: str,
    *,
    focus: str = "",
    title: str = "Evaluation",
    reference_on_validation: float = float("nan"),
) -> Report:
    """A report with everything that can be shown of an evaluation.

    Of a policy of several trainings, curve and episodes are those of the one with the median score.

    Its pictures are of an episode of the first scenario, run again; ``reference_on_validation`` is
    the reference's mean score on the episodes that the learning curve was measured on.
    """
    report = Report(result, summary, command, focus, title)
    by_label = {entrant.label: entrant for entrant in entrants}
    for name, trainings in result.plan.trainings.items():
        by_label[name] = by_label[_typical_training(result, name, trainings)]
    about, reference = report.focus_policy(), result.plan.reference
    shown = [name for name in (reference, about) if name]
    seed = typical_seed(result, about, reference, scenarios[0].name)
    world = scenarios[0].world
    episodes = [
        record_episode(name, policy_of(by_label[name], world), scenarios[0], seed)
        for name in dict.fromkeys(shown)
    ]
    curve = find_learning_curve(by_label[about], reference, reference_on_validation)
    return Report(result, summary, command, about, title, curve, episodes)


def typical_seed(result: EvaluationResult, policy: str, reference: str, scenario: str) -> int:
    """The episode whose difference to the reference is the median: neither luck nor bad luck.

    Without a reference, the episode with the median score.
    """
    values = result.scores(policy, result.score, scenario)[0]
    if reference and reference != policy:
        values = values - result.scores(reference, result.score, scenario)[0]
    order = np.argsort(values, kind="stable")
    return result.plan.seeds[int(order[(values.size - 1) // 2])]


def _typical_training(result: EvaluationResult, policy: str, trainings: Sequence[str]) -> str:
    """The training with the median score: what is shown of a policy of several."""
    tables = result.tables(policy, result.score)
    means = np.concatenate(tables, axis=1).mean(axis=1)
    return trainings[int(np.argsort(means, kind="stable")[(len(trainings) - 1) // 2])]


def find_learning_curve(
    entrant: Entrant, reference: str, reference_score: float
) -> LearningCurve | None:
    """The learning curve kept beside a trained policy, if there is one."""
    if not isinstance(entrant.policy, str) or not Path(entrant.policy).exists():
        return None
    found = validation_scores(Path(entrant.policy))
    if found is None:
        return None
    steps, scores = (np.asarray(values, np.float64) for values in found)
    return LearningCurve(steps, scores, reference, reference_score)
