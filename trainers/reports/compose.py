"""Report of an evaluation: whom it is about, what to show of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..evaluation.episode_rows import policy_of
from ..evaluation.plan import Entrant
from ..evaluation.result import EvaluationResult
from ..evaluation.summary import EvaluationSummary
from .episode import RecordedEpisode, record_episode
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

    Its pictures are of an episode of the first scenario, run again; ``reference_on_validation`` is
    the reference's mean score on the episodes that the learning curve was measured on.
    """
    report = Report(result, summary, command, focus, title)
    by_label = {entrant.label: entrant for entrant in entrants}
    about, reference = report.focus_policy(), result.plan.reference
    shown = [name for name in (reference, about) if name]
    seed = typical_seed(result, about, reference, scenarios[0].name)
    episodes = [_recorded(by_label[name], scenarios[0], seed) for name in dict.fromkeys(shown)]
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


def find_learning_curve(
    entrant: Entrant, reference: str, reference_score: float
) -> LearningCurve | None:
    """The learning curve kept beside a trained policy, if there is one."""
    if not isinstance(entrant.policy, str):
        return None
    path = Path(entrant.policy)
    if not path.exists():
        return None
    # Loads Stable-Baselines3, seconds that a page about baselines need not wait for.
    from ..training.logs import CURVE_FILE, read_learning_curve

    directory = path if path.is_dir() else path.parent
    if not (directory / CURVE_FILE).is_file():
        return None
    rows = read_learning_curve(directory)
    if "validation/score" not in rows.columns:
        return None
    measured = rows.select("step", "validation/score").drop_nulls()
    return LearningCurve(
        measured["step"].to_numpy().astype(np.float64),
        measured["validation/score"].to_numpy().astype(np.float64),
        reference,
        reference_score,
    )


def _recorded(entrant: Entrant, scenario: Scenario, seed: int) -> RecordedEpisode:
    return record_episode(entrant.label, policy_of(entrant, scenario.world), scenario, seed)
