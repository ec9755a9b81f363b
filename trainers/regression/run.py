"""Runs a bench suite: every policy on every scenario and seed, and the speed beside a bare loop."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count, product
from typing import Any

from ...core.execution import backend_for, map_tasks
from ...sim.episodes import Episode, run_episode
from ...sim.policy import Policy
from ...sim.world_kind import WorldKind
from ...sim.worlds import kind_of
from ..datasets.playing import PaidTerms
from ..evaluation.episode_rows import policy_of
from ..evaluation.plan import Entrant
from .baseline import SPEED_DECIMALS, CellRecord, Figures, ScenarioRecord, SpeedRecord, mean_of
from .speed import measure_speed
from .suite import LoadedSuite, Role

Progress = Callable[[int, int], None]
"""Called with (done, in all)."""


EpisodeKey = tuple[str, int, int]
"""Label of the scenario, number of the policy, and seed."""


def run_suite(
    loaded: LoadedSuite, *, workers: int = 1, progress: Progress = lambda _done, _all: None
) -> Figures:
    """Run all episodes of a bench suite; the figures do not depend on the number of workers.

    Args:
        loaded: the suite.
        workers: processes.
        progress: called as episodes finish.

    Raises:
        GoliveError: fewer than one worker.
        TaskError: an episode failed.
        KeyboardInterrupt: after the workers were stopped.
    """
    entrants = tuple(entrant for _, entrant in loaded.entrants)
    tasks = list(product(loaded.scenarios, range(len(entrants)), loaded.seeds))
    done = count(1)
    results = map_tasks(
        partial(_run_task, entrants, loaded.scenarios),
        tasks,
        workers=workers,
        backend=backend_for(workers),
        name_of=lambda task: f"{entrants[task[1]].label}, {task[0]}, seed {task[2]}",
        on_result=lambda *_: progress(next(done), len(tasks)),
    )
    by_task = dict(zip(tasks, results, strict=True))
    return Figures(
        seeds=loaded.seeds,
        scenarios={label: _scenario_record(loaded, label, by_task) for label in loaded.scenarios},
    )


def measure_suite_speed(
    loaded: LoadedSuite, progress: Progress | None = None
) -> SpeedRecord | None:
    """The engine's speed as a ratio to a bare event loop; None if the suite times nothing."""
    wanted = loaded.suite.speed
    if wanted is None or loaded.speed_scenario is None or loaded.speed_policy is None:
        return None
    report = measure_speed(
        loaded.speed_scenario,
        policy_of(loaded.speed_policy, loaded.kind.name),
        progress=progress,
        **wanted.model_dump(include={"first_seed", "episodes", "repetitions"}),
    )
    ratio, low, high = (
        round(value, SPEED_DECIMALS)
        for value in (report.ratio.estimate, report.ratio.low, report.ratio.high)
    )
    return SpeedRecord(ratio=ratio, low=low, high=high, repetitions=report.repetitions)


def paid_episode(policy: Policy, scenario: Any, seed: int) -> Episode:
    """Run one episode; its figures are what each term of the world's default reward pays."""
    language = kind_of(scenario).reward_language
    config = language.config(language.default)
    reward = language.reward(config)
    paid = PaidTerms(reward)
    episode = run_episode(policy, scenario, seed, observers=[paid])
    totals = {name: 0.0 for name in reward.names if getattr(config, name) != 0.0}
    for terms in paid.steps:
        for name in totals:
            totals[name] += terms[name]
    return replace(episode, figures=totals)


def _run_task(
    entrants: Sequence[Entrant], scenarios: Mapping[str, Any], task: EpisodeKey
) -> Episode:
    label, policy, seed = task
    scenario = scenarios[label]
    return paid_episode(policy_of(entrants[policy], scenario.world), scenario, seed)


def _scenario_record(
    loaded: LoadedSuite, label: str, by_task: Mapping[EpisodeKey, Episode]
) -> ScenarioRecord:
    cells: dict[str, dict[str, CellRecord]] = {role.value: {} for role in Role}
    for number, (role, entrant) in enumerate(loaded.entrants):
        episodes = [by_task[label, number, seed] for seed in loaded.seeds]
        cells[role.value][entrant.label] = _cell(loaded.kind, role, entrant, episodes)
    # Without defaults: a new optional field of scenario files is no change of a scenario.
    content = loaded.scenarios[label].model_dump_json(exclude_defaults=True).encode()
    return ScenarioRecord(content=hashlib.blake2b(content, digest_size=8).hexdigest(), **cells)


def _cell(kind: WorldKind, role: Role, entrant: Entrant, episodes: Sequence[Episode]) -> CellRecord:
    metrics = _columns([episode.scorecard.as_dict() for episode in episodes])
    scores = tuple(map(float, metrics.pop(kind.figures.score)))
    full = role is not Role.PROBE
    return CellRecord(
        digests=tuple(episode.digest for episode in episodes),
        scores=scores,
        mean_score=mean_of(scores),
        metrics=metrics if full else {},
        reward_terms=_columns([episode.figures for episode in episodes]) if full else {},
        policy_file=entrant.fingerprint,
    )


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(row[name] for row in rows) for name in rows[0]}
