"""Run every policy on the same episodes, and keep what is finished while doing so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ...agents.episodes import run_episode
from ...agents.policy import Policy
from ...scenarios.errors import GoliveError
from ...scenarios.vocabulary import Split
from ..execution import Backend, map_tasks
from .cached_rows import CachedRows
from .keeper import EpisodeTask, Existing, RowKeeper, Value
from .plan import DEFAULT_EPISODES, Entrant, EvaluationPlan, make_entrants, make_plan
from .result import EvaluationResult

if TYPE_CHECKING:
    from ...scenarios import Scenario, Suite
    from ..execution.cache import ResultCache

Progress = Callable[[int, int], None]
"""Called with (episodes done, episodes in all)."""


class _Scorecard(Protocol):
    def as_dict(self) -> Mapping[str, float | bool | int]: ...


class EpisodeOutcome(Protocol):
    """What running an episode must give."""

    @property
    def scorecard(self) -> _Scorecard:
        """What happened."""
        ...

    @property
    def decisions(self) -> int:
        """Decision points met."""
        ...

    @property
    def digest(self) -> str:
        """Hash of the final state."""
        ...


RunEpisode = Callable[[Policy, "Scenario", int], EpisodeOutcome]


def evaluate(
    policies: Sequence[str | Policy | Entrant],
    scenarios: Sequence[Scenario],
    *,
    first_seed: int,
    episodes: int = DEFAULT_EPISODES,
    reference: str = "",
    workers: int = 1,
    backend: Backend | str = Backend.PROCESS,
    progress: Progress | None = None,
    directory: Path | None = None,
    existing: Existing = Existing.REFUSE,
    suite: str = "",
    split: str = "",
    run: RunEpisode = run_episode,
    cache: ResultCache | None = None,
) -> EvaluationResult:
    """Run all policies on the same seeds of all scenarios.

    Args:
        policies: names or paths for the registry of policies, or policies themselves
            (picklable unless the backend is serial).
        scenarios: what they are run on.
        first_seed: of ``episodes`` consecutive seeds.
        episodes: per policy and scenario.
        reference: label of the policy that the others are compared with; may be empty.
        workers: processes.
        backend: serial, process or ray; the rows are the same.
        progress: called as episodes finish.
        directory: where finished episodes are kept every few seconds and at an
            interruption, and the result at the end; None keeps nothing.
        existing: what to do about an evaluation that ``directory`` holds already.
        suite: name to record.
        split: name to record.
        run: how an episode is run; replaceable for other worlds.
        cache: where episodes are looked up first and kept for other evaluations; see
            ``CachedRows`` for which. The rows are the same with and without it.

    Raises:
        GoliveError: wrong arguments, or ``directory`` holds an evaluation that ``existing``
            does not let be touched, or a different one that cannot be gone on with.
        TaskError: an episode failed.
    """
    entrants = make_entrants(policies)
    plan = make_plan(
        entrants,
        scenarios,
        first_seed=first_seed,
        episodes=episodes,
        reference=reference,
        suite=suite,
        split=split,
    )
    keeper = RowKeeper(plan, directory, existing)
    function = _EpisodeFunction(tuple(entrants), tuple(scenarios), run)
    if workers == 1 and backend == Backend.PROCESS:
        backend = Backend.SERIAL
    _check_loadable(entrants)
    cached = CachedRows(cache, plan, entrants, run)
    cached.fill(keeper)
    _run_missing(
        plan, function, keeper, cached, workers=workers, backend=backend, progress=progress
    )
    result = EvaluationResult(plan, keeper.frame())
    keeper.finish(result)
    return result


def evaluate_suite(
    policies: Sequence[str | Policy | Entrant],
    suite: Suite,
    scenarios: Sequence[Scenario],
    *,
    split: Split | str = Split.TEST,
    episodes: int = DEFAULT_EPISODES,
    reference: str = "",
    workers: int = 1,
    backend: Backend | str = Backend.PROCESS,
    progress: Progress | None = None,
    directory: Path | None = None,
    existing: Existing = Existing.REFUSE,
    cache: ResultCache | None = None,
) -> EvaluationResult:
    """Run all policies on a split of a suite, from the split's first seed on.

    Raises:
        GoliveError: as ``evaluate``; also an unknown split, or more episodes than its seeds.
    """
    return evaluate(
        policies,
        scenarios,
        first_seed=split_start(suite, split, episodes),
        episodes=episodes,
        reference=reference,
        workers=workers,
        backend=backend,
        progress=progress,
        directory=directory,
        existing=existing,
        suite=suite.name,
        split=str(split),
        cache=cache,
    )


def split_start(suite: Suite, split: Split | str, episodes: int) -> int:
    """First seed of a split that has at least so many seeds."""
    known = [str(name) for name in suite.splits]
    if str(split) not in known:
        raise GoliveError(f"suite {suite.name}: split {split!s}: expected one of {known}")
    seeds = suite.splits[Split(split)]
    if episodes < 1:
        raise GoliveError(f"episodes: {episodes}: expected at least 1")
    if episodes > len(seeds):
        raise GoliveError(
            f"episodes: {episodes}: expected at most the {len(seeds)} seeds of "
            f"{suite.name}'s {split} split"
        )
    return seeds.start


class _EpisodeFunction:
    """Runs one task; sent to every worker once, with the scenarios and the policies' names."""

    def __init__(
        self, entrants: tuple[Entrant, ...], scenarios: tuple[Scenario, ...], run: RunEpisode
    ) -> None:
        self._entrants = entrants
        self._scenarios = scenarios
        self._run = run

    def __call__(self, task: EpisodeTask) -> dict[str, Value]:
        entrant, scenario = self._entrants[task.policy], self._scenarios[task.scenario]
        outcome = self._run(policy_of(entrant), scenario, task.seed)
        return {
            "policy": entrant.label,
            "scenario": scenario.name,
            "seed": task.seed,
            "decisions": outcome.decisions,
            "digest": outcome.digest,
            **outcome.scorecard.as_dict(),
        }


def policy_of(entrant: Entrant) -> Policy:
    """The entrant's policy, loaded if it was named.

    Raises:
        GoliveError: no such policy, or not one that can be loaded.
    """
    if isinstance(entrant.policy, str):
        return _loaded_policy(entrant.policy, entrant.fingerprint)
    return entrant.policy


@lru_cache(maxsize=256)
def _loaded_policy(spec: str, _fingerprint: str) -> Policy:
    """A policy, loaded once per process and version of its file."""
    from ...agents.registry import load_policy

    return load_policy(spec)


def _check_loadable(entrants: Sequence[Entrant]) -> None:
    """Meet a wrong name or a broken file before the first episode, not in a worker."""
    for entrant in entrants:
        policy_of(entrant)


def _run_missing(
    plan: EvaluationPlan,
    function: _EpisodeFunction,
    keeper: RowKeeper,
    cached: CachedRows,
    *,
    workers: int,
    backend: Backend | str,
    progress: Progress | None,
) -> None:
    tasks = keeper.missing()
    if progress is not None:
        progress(plan.episode_count - len(tasks), plan.episode_count)

    def keep(index: int, row: dict[str, Value]) -> None:
        keeper.add(row)
        cached.put(tasks[index], row)
        if progress is not None:
            progress(keeper.count, plan.episode_count)

    try:
        map_tasks(
            function,
            tasks,
            workers=workers,
            backend=backend,
            name_of=lambda task: _task_name(plan, task),
            on_result=keep,
        )
    finally:
        keeper.checkpoint()
        cached.flush()


def _task_name(plan: EvaluationPlan, task: EpisodeTask) -> str:
    return f"{plan.policies[task.policy]} on {plan.scenarios[task.scenario]}, seed {task.seed}"


def with_reference(result: EvaluationResult, reference: str) -> EvaluationResult:
    """The same rows, compared with another policy."""
    if reference not in result.plan.policies:
        raise GoliveError(
            f"reference: {reference!r}: expected one of {', '.join(result.plan.policies)}"
        )
    return EvaluationResult(replace(result.plan, reference=reference), result.rows)
