"""Run every policy on the same episodes, and keep what is finished while doing so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.execution import Backend, TaskError, backend_for, map_chunks
from ...core.files import removed_if_refused
from ...scenarios.suite import Split
from ...sim.episodes import run_episode
from ...sim.policy import Policy
from ...sim.reproduction import first_morning, last_morning
from .cached_rows import CachedRows
from .episode_rows import (
    EpisodePlayer,
    EpisodeTask,
    PackedEpisodes,
    Reproduce,
    RunEpisode,
    pack_episodes,
    policy_of,
    unpack_rows,
)
from .keeper import Existing, RowKeeper
from .plan import DEFAULT_EPISODES, Entrant, EvaluationPlan, make_entrants, make_plan
from .poisoned import PoisonedEpisode, PoisonedEpisodesError
from .result import EvaluationResult, left_out

if TYPE_CHECKING:
    from ...core.execution.cache import ResultCache
    from ...scenarios.scenario import Scenario
    from ...scenarios.suite import Suite

Progress = Callable[[int, int], None]
"""Called with (episodes done, episodes in all)."""
Scenarios = Sequence["Scenario"]
"""What is played; ``make_plan`` looks at each."""
_MOST_POISONED = 20
"""With so many, and more of them than finished ones, there is nothing to be had."""


@checked
def evaluate(
    policies: Sequence[str | Policy | Entrant],
    scenarios: Scenarios,
    *,
    first_seed: int,
    episodes: int = DEFAULT_EPISODES,
    reference: str = "",
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    ray_address: str | None = None,
    progress: Progress | None = None,
    directory: Path | None = None,
    existing: Existing = Existing.REFUSE,
    suite: str = "",
    split: str = "",
    attempts: int = 1,
    run: RunEpisode = run_episode,
    reproduce: Reproduce = last_morning,
    raise_poisoned: bool = True,
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
        workers: processes; None: one for every core.
        backend: serial, process or ray; the rows are the same.
        ray_address: of a Ray cluster, for that backend; None: Ray on this machine.
        progress: called as episodes finish.
        directory: where finished episodes are kept every few seconds and at an
            interruption, and the result at the end; None keeps nothing.
        existing: what to do about an evaluation that ``directory`` holds already.
        suite: name to record.
        split: name to record.
        attempts: at each customer by each policy, with other luck each time; figures are means over
            them, and ``pass_k`` says how reliable a policy is.
        run: how an episode is run.
        reproduce: how one that fails is brought to the morning before it does; likewise.
        raise_poisoned: whether episodes that could not be finished are an error in the end;
            if not, the result says which they are.
        cache: where episodes are looked up first and kept for other evaluations; see
            ``CachedRows`` for which. The rows are the same with and without it.

    Raises:
        GoliveError: wrong arguments, or ``directory`` holds an evaluation that ``existing``
            does not let be touched, or a different one that cannot be gone on with.
        PoisonedEpisodesError: episodes failed, all others were finished; it has the result.
        TaskError: most episodes failed, or one of every customer's.
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
        attempts=attempts,
    )
    for entrant in entrants:  # meet a wrong name or a broken file now, not in a worker
        policy_of(entrant, plan.world)
    cached = CachedRows(cache, plan, entrants, run)
    player = EpisodePlayer(entrants, scenarios, run, reproduce, attempts)
    rest: _Run | None = None
    with removed_if_refused(directory, lambda: rest is not None and rest.has_begun):
        keeper = RowKeeper(plan, directory, existing)
        cached.fill(keeper)
        rest = _Run(plan, scenarios, player, keeper, cached, progress)
        rest.run(workers=workers, backend=backend_for(workers, backend), ray_address=ray_address)
    poisoned = tuple(rest.poisoned)
    result = EvaluationResult(plan, keeper.frame(left_out(poisoned)), poisoned)
    if result.rows.is_empty():
        raise TaskError(f"no customer is left: {poisoned[0]}", poisoned[0].details)
    keeper.finish(result)
    if poisoned and raise_poisoned:
        raise PoisonedEpisodesError(result)
    return result


@checked
def evaluate_suite(
    policies: Sequence[str | Policy | Entrant],
    suite: Suite,
    scenarios: Scenarios,
    *,
    split: Split | str | None = None,
    episodes: int = DEFAULT_EPISODES,
    **options: Any,
) -> EvaluationResult:
    """Run all policies on a split of a suite, from the split's first seed on.

    All other options are those of ``evaluate``.

    Raises:
        GoliveError: as ``evaluate``; also an unknown split, or more episodes than its seeds.
    """
    split = split or suite.only_split or Split.TEST
    first_seed = split_start(suite, split, episodes)
    told = {"episodes": episodes, "suite": suite.name, "split": str(split), **options}
    return evaluate(policies, scenarios, first_seed=first_seed, **told)


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


@dataclass
class _Run:
    """The episodes of a plan that have no row yet."""

    plan: EvaluationPlan
    scenarios: Sequence[Scenario]
    player: EpisodePlayer
    keeper: RowKeeper
    cached: CachedRows
    progress: Progress | None
    poisoned: list[PoisonedEpisode] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._tasks = self.keeper.missing()
        self._found = self.keeper.count

    @property
    def has_begun(self) -> bool:
        """True if an episode has been finished or lost that was not kept before."""
        return self.keeper.count > self._found or bool(self.poisoned)

    def run(self, *, workers: int | None, backend: Backend | str, ray_address: str | None) -> None:
        """Run them, and keep what is finished, whatever happens."""
        self._tell()
        chunks = map_chunks(
            self.player,
            self._tasks,
            pack=pack_episodes,
            workers=workers,
            backend=backend,
            ray_address=ray_address,
            name_of=lambda task: _task_name(self.plan, task),
            on_lost=self._lost,
        )
        with closing(chunks):
            try:
                for _, packed in chunks:
                    self._take(packed)
            finally:
                self.keeper.checkpoint()
                self.cached.flush()
        self.poisoned.sort(key=lambda one: (one.policy, one.scenario, one.seed))

    def _take(self, packed: PackedEpisodes) -> None:
        rows = unpack_rows(packed)
        if rows is not None:
            self.keeper.add(rows)
            self.cached.put(rows)
        self.poisoned += packed.poisoned
        if len(self.poisoned) > max(_MOST_POISONED, self.keeper.count):
            first = self.poisoned[0]
            raise TaskError(
                f"{len(self.poisoned)} episodes failed, more than were finished; {first}",
                first.details,
            )
        self._tell()

    def _lost(self, index: int, reason: str) -> None:
        """An episode whose workers died: nothing is known of it but how it began."""
        task = self._tasks[index]
        self.poisoned.append(
            PoisonedEpisode(
                self.plan.policies[task.policy],
                self.plan.scenarios[task.scenario],
                task.seed,
                reason,
                snapshot=first_morning(
                    self.scenarios[task.scenario], task.seed, **task.luck
                ).snapshot,
            )
        )
        self._tell()

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.keeper.count + len(self.poisoned), self.plan.episode_count)


def _task_name(plan: EvaluationPlan, task: EpisodeTask) -> str:
    again = f", attempt {task.attempt + 1}" if task.attempt else ""
    policy, scenario = plan.policies[task.policy], plan.scenarios[task.scenario]
    return f"{policy} on {scenario}, seed {task.seed}{again}"
