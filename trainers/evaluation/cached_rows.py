"""Rows of an evaluation from the result cache, and new ones into it."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import GoliveError
from ...core.execution.cache import key_of, source_digest
from ...sim.episodes import run_episode
from .episode_rows import ATTEMPT, EpisodeTask
from .keeper import RowKeeper
from .plan import Entrant, EvaluationPlan, installed_versions, policy_fingerprint

if TYPE_CHECKING:
    import polars as pl

    from ...core.execution.cache import ResultCache, Row

ROW_FORMAT = 1
"""Version of what a cached row holds; a change of it makes every kept row one of the past."""
_FURTHER_PACKAGES = ("faker", "gymnasium", "pydantic", "scipy")
_LABEL = "policy"
_ROWS_AT_ONCE = 1_000
_SECONDS_BETWEEN_PUTS = 1.0


class CachedRows:
    """Rows that an evaluation gets from the cache, and gives to it.

    An episode is a function of its key's parts: golive's version and the digest of its source,
    the libraries and the kind of machine, the scenario's content, the policy, the seed. A row
    is kept without the policy's label, which is this evaluation's own affair.

    Only episodes of ``run_episode`` under policies given by name or path are cached: what is in
    an object, or in another function, has no name that would change with it.
    """

    def __init__(
        self,
        cache: ResultCache | None,
        plan: EvaluationPlan,
        entrants: Sequence[Entrant],
        run: object = run_episode,
    ) -> None:
        """Work out what keys have in common; without a cache nothing is asked or kept."""
        self._cache = cache
        self._plan = plan
        self._entrants = entrants
        self._parts: dict[int, dict[str, str]] = {}
        if cache is not None and run is run_episode:
            ground = key_of(_ground())
            self._parts = {
                index: {"ground": ground, **_policy_parts(entrant)}
                for index, entrant in enumerate(entrants)
                if _is_as_it_was(entrant)
            }
        self._waiting: list[tuple[EpisodeTask, Row]] = []
        self._last_put = time.monotonic()

    def fill(self, keeper: RowKeeper) -> None:
        """Give the keeper the rows that it lacks and the cache has."""
        if self._cache is None:
            return
        import polars as pl

        tasks = [task for task in keeper.missing() if task.policy in self._parts]
        for start in range(0, len(tasks), _ROWS_AT_ONCE):
            keys = {self._key(task): task for task in tasks[start : start + _ROWS_AT_ONCE]}
            rows = [
                {**self._named(keys[key]), **row}
                for key, row in self._cache.get_many(keys).items()
                if row.get("seed") == keys[key].seed
            ]
            if rows:
                keeper.add(pl.DataFrame(rows, infer_schema_length=None))

    def put(self, rows: pl.DataFrame) -> None:
        """Take new rows; about every second, hand them to the cache."""
        for row in rows.iter_rows(named=True) if self._parts else ():
            policy = self._plan.policies.index(row.pop(_LABEL))
            scenario = self._plan.scenarios.index(row["scenario"])
            if policy in self._parts:
                attempt = row.pop(ATTEMPT, 0)
                self._waiting.append((EpisodeTask(policy, scenario, row["seed"], attempt), row))
        if time.monotonic() - self._last_put > _SECONDS_BETWEEN_PUTS:
            self.flush()

    def flush(self) -> None:
        """Hand over the rows that wait, but none of a policy whose file has changed meanwhile."""
        self._last_put = time.monotonic()
        waiting, self._waiting = self._waiting, []
        if self._cache is None or not waiting:
            return
        self._parts = {i: p for i, p in self._parts.items() if _is_as_it_was(self._entrants[i])}
        rows = {self._key(task): row for task, row in waiting if task.policy in self._parts}
        self._cache.put_many(rows)

    def _key(self, task: EpisodeTask) -> str:
        scenario = self._plan.scenario_fingerprints[task.scenario]
        parts = {**self._parts[task.policy], "scenario": scenario, "seed": task.seed}
        return key_of({**parts, **task.luck})

    def _named(self, task: EpisodeTask) -> dict[str, str | int]:
        """The columns that name an episode, in front as a fresh row has them."""
        policy, scenario = self._plan.policies[task.policy], self._plan.scenarios[task.scenario]
        named: dict[str, str | int] = {_LABEL: policy, "scenario": scenario, "seed": task.seed}
        return {**named, ATTEMPT: task.attempt} if self._plan.attempts > 1 else named


def _ground() -> dict[str, Any]:
    """Everything that an episode depends on besides its scenario, its policy and its seed."""
    return {
        "row_format": ROW_FORMAT,
        "source": source_digest(),
        "versions": {**installed_versions(), **installed_versions(_FURTHER_PACKAGES)},
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }


def _policy_parts(entrant: Entrant) -> dict[str, str]:
    """A file is known by its content wherever it lies, anything else also by what it is called."""
    spec = str(entrant.policy)
    is_path = bool(entrant.fingerprint) and Path(spec).exists()
    return {"policy": "" if is_path else spec, "policy_file": entrant.fingerprint}


def _is_as_it_was(entrant: Entrant) -> bool:
    """True if a policy has a name, and its file is still the one that was hashed."""
    if not isinstance(entrant.policy, str):
        return False
    try:
        return policy_fingerprint(entrant.policy) == entrant.fingerprint
    except GoliveError:  # the file is gone
        return False
