"""A benchmark of offline evaluation: record, judge offline, simulate, compare."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.ope_result import BenchPlan, BenchResult
from golive.core.execution import Backend, backend_for, map_tasks
from golive.core.files import write_bytes_atomically
from golive.scenarios.scenario import Scenario
from golive.trainers.datasets import LoggedEpisodes, load_logged, record, target_probabilities
from golive.trainers.evaluation import evaluate
from golive.trainers.evaluation.intervals import mean_interval
from golive.trainers.evaluation.keeper import Existing
from golive.trainers.evaluation.statistics import Interval
from golive.trainers.offline_evaluation.offline import evaluate_offline
from golive.trainers.offline_evaluation.question import FloatArray, ask

Progress = Callable[[str, int, int], None]
"""Called with (what is done, how much of it, in all)."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    """One target on one dataset."""

    behaviour: str
    dataset: int
    target: str


def run_bench(
    plan: BenchPlan,
    scenario: Scenario,
    directory: Path,
    *,
    workers: int = 1,
    backend: Backend | str = Backend.PROCESS,
    progress: Progress = lambda _what, _done, _total: None,
) -> BenchResult:
    """Record, judge offline, simulate, compare.

    Recordings, simulations and the judged policies' chances are kept in the directory; an
    interrupted benchmark goes on where it stopped, and one that differs in the estimators only
    plays nothing anew.

    Args:
        plan: who is recorded, who is judged, how often.
        scenario: the family of customers.
        directory: where recordings, simulations and the result are kept.
        workers: processes.
        backend: where to run; the result is the same.
        progress: called as work is done.

    Raises:
        GoliveError: an unknown policy, or the directory holds another benchmark's recordings.
    """
    where = {"workers": workers, "backend": backend}
    truth = _truth(plan, scenario, directory, progress, **where)
    folders = _recordings(plan, scenario, directory, progress, **where)
    tasks = [
        _Judgement(behaviour, dataset, target)
        for behaviour in plan.behaviours
        for target in plan.targets
        for dataset in range(plan.datasets)
    ]
    done = count(1)
    rows = map_tasks(
        partial(_judged, plan, folders),
        tasks,
        workers=workers,
        backend=backend_for(workers, backend),
        name_of=lambda task: f"{task.target} on {task.behaviour}, dataset {task.dataset}",
        on_result=lambda *_: progress("Judging", next(done), len(tasks)),
    )
    return BenchResult(plan, scenario.name, truth, [row for part in rows for row in part])


def _truth(
    plan: BenchPlan, scenario: Scenario, directory: Path, progress: Progress, **where: Any
) -> dict[str, Interval]:
    name = _keyed("truth", plan.targets, plan.truth_episodes, plan.truth_first_seed)
    result = evaluate(
        plan.targets,
        [scenario],
        first_seed=plan.truth_first_seed,
        episodes=plan.truth_episodes,
        progress=partial(progress, "Simulating"),
        directory=directory / name,
        existing=Existing.RESUME,
        **where,
    )
    found = {}
    for label, target in zip(result.plan.policies, plan.targets, strict=True):
        rows = result.rows.filter(result.rows["policy"] == label)
        values = rows[plan.metric].cast(float).to_numpy()
        found[target] = mean_interval([values])
    return found


def _recordings(
    plan: BenchPlan, scenario: Scenario, directory: Path, progress: Progress, **where: Any
) -> dict[str, Path]:
    """One recording per behaviour, which is cut into the small datasets afterwards."""
    episodes = plan.datasets * plan.episodes
    return {
        name: record(
            policies,
            [scenario],
            directory / f"{_keyed('recording', policies, episodes, plan.first_seed)}-v0",
            first_seed=plan.first_seed,
            episodes=episodes,
            mix=[1.0] * len(policies),
            reward="score",
            progress=partial(progress, f"Recording {name}"),
            resume=True,
            **where,
        )
        for name, policies in plan.behaviours.items()
    }


def _keyed(kind: str, of_whom: Sequence[str], episodes: int, first: int) -> str:
    """A name that differs where the content would."""
    key = json.dumps([list(of_whom), episodes, first])
    return f"{kind}-{hashlib.blake2b(key.encode(), digest_size=4).hexdigest()}"


_loaded = lru_cache(load_logged)
"""Recordings, of which a worker cuts many datasets."""


def _judged(plan: BenchPlan, folders: Mapping[str, Path], task: _Judgement) -> list[dict[str, Any]]:
    start = task.dataset * plan.episodes
    logged = _loaded(folders[task.behaviour]).of_episodes(np.arange(start, start + plan.episodes))
    question = ask(logged, _chances(plan, folders, task, logged), metric=plan.metric)
    found = evaluate_offline(question, estimators=plan.estimators, settings=plan.settings)
    return [
        {
            **asdict(task),
            "estimator": str(one.estimator),
            "estimate": one.value.estimate,
            "low": one.value.low,
            "high": one.value.high,
            "supported": one.supported,
            "against": "; ".join(one.against),
            **asdict(found.support),
        }
        for one in found.estimates
    ]


def _chances(
    plan: BenchPlan, folders: Mapping[str, Path], task: _Judgement, logged: LoggedEpisodes
) -> FloatArray:
    """The target's chances in a dataset, kept beside the recording: they cost a replay."""
    folder = folders[task.behaviour]
    name = _keyed("chances", [folder.name, task.target], plan.episodes, task.dataset)
    kept = folder.parent / f"{name}.npz"
    if not kept.exists():
        found = target_probabilities(logged, task.target, backend=Backend.SERIAL)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, chances=found)
        write_bytes_atomically(kept, buffer.getvalue())
    with np.load(kept) as arrays:
        return np.asarray(arrays["chances"])
