"""Episodes that sets of thresholds are judged by; runs in worker processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....agents.implementation.expert import Expert, set_for
from ....agents.implementation.expert_rules import SETS, RuleSets
from ....agents.implementation.kind import KIND
from ....core.execution import map_tasks
from ....scenarios.implementation.scenario import ImplementationScenario
from ....sim.episodes import run

_EPISODES_PER_TASK = 8


@dataclass(frozen=True, slots=True)
class RulesTask:
    """Thresholds, a scenario, and the seeds to play."""

    rules: RuleSets
    scenario: ImplementationScenario
    seeds: tuple[int, ...]


def play_rules(task: RulesTask) -> list[float]:
    """Scores of the seeds, in their order."""
    expert = Expert(task.rules)
    return [KIND.score_of(run(KIND, expert, task.scenario, s).scorecard) for s in task.seeds]


def scores_of(
    candidates: Sequence[RuleSets],
    levels: Sequence[tuple[ImplementationScenario, range]],
    *,
    workers: int,
) -> NDArray[np.float64]:
    """Scores (candidates, scenarios, seeds), each on the same customers with the same luck.

    Args:
        candidates: thresholds.
        levels: scenarios with the seeds of each, equally many.
        workers: processes.
    """
    tasks = [
        RulesTask(rules, scenario, tuple(seeds[first : first + _EPISODES_PER_TASK]))
        for rules in candidates
        for scenario, seeds in levels
        for first in range(0, len(seeds), _EPISODES_PER_TASK)
    ]
    parts = map_tasks(play_rules, tasks, workers=workers, name_of=_task_name)
    scores = np.array([score for part in parts for score in part], np.float64)
    return scores.reshape(len(candidates), len(levels), -1)


def _task_name(task: RulesTask) -> str:
    return f"{task.scenario.name}, seeds {task.seeds[0]} to {task.seeds[-1]}"


def sets_in_use(levels: Sequence[tuple[ImplementationScenario, range]]) -> tuple[str, ...]:
    """Names of the sets of thresholds by which the customers are managed."""
    used = {
        set_for(KIND.build(scenario, seed).briefing().customer)
        for scenario, seeds in levels
        for seed in seeds
    }
    return tuple(name for name in SETS if name in used)
