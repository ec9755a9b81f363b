"""Finished episodes, in memory and in a file, so that an interruption loses seconds of work."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import GoliveError
from ...core.files import prepare_output_directory, write_bytes_atomically, write_text_atomically
from .episode_rows import ATTEMPT, EpisodeTask
from .plan import EvaluationPlan
from .result import (
    KEY,
    PARTIAL_FILE,
    PLAN_FILE,
    ROWS_FILE,
    EvaluationResult,
    load_plan,
    parquet_bytes,
    read_rows,
)

if TYPE_CHECKING:
    import polars as pl


class Existing(Enum):
    """Treatment of an evaluation that is in the directory already."""

    REFUSE = auto()
    """It is an error."""
    RESUME = auto()
    """It is gone on with; it is an error if it is another one."""
    RESUME_OR_REPLACE = auto()
    """It is gone on with, or replaced if it is another one."""


_Key = tuple[Any, ...]
"""Values of the columns that name an episode."""
_SECONDS_BETWEEN_CHECKPOINTS = 3.0
_SHARE_OF_TIME_FOR_CHECKPOINTS = 0.05
"""Writing what has come so far takes longer the more it is; it is then done more seldom."""


class RowKeeper:
    """Finished rows of a plan, in memory and in the directory's partial file."""

    def __init__(self, plan: EvaluationPlan, directory: Path | None, existing: Existing) -> None:
        """Open the directory; see ``evaluate`` for what is refused."""
        self._plan = plan
        self._key = (*KEY, ATTEMPT) if plan.attempts > 1 else KEY
        self._directory = directory
        self._frames: list[pl.DataFrame] = []
        self._keys: set[_Key] = set()
        self._kept = 0
        self._next_checkpoint = time.monotonic() + _SECONDS_BETWEEN_CHECKPOINTS
        if directory is not None:
            self._open(directory, existing)

    @property
    def count(self) -> int:
        """Rows so far."""
        return len(self._keys)

    def add(self, rows: pl.DataFrame) -> None:
        """Take rows, each episode once; every few seconds, keep them all."""
        import polars as pl

        keys: list[_Key] = list(rows.select(self._key).iter_rows())
        fresh = [key not in self._keys for key in keys]
        if not all(fresh):
            rows = rows.filter(pl.Series(fresh))
        self._frames.append(rows)
        self._keys.update(keys)
        if time.monotonic() > self._next_checkpoint:
            self.checkpoint()

    def missing(self) -> list[EpisodeTask]:
        """Tasks without a row, seed by seed, so that any part treats all policies alike.

        All customers are met once before any is met again.
        """
        return [
            EpisodeTask(policy, scenario, seed, attempt)
            for attempt in range(self._plan.attempts)
            for seed in self._plan.seeds
            for scenario, scenario_name in enumerate(self._plan.scenarios)
            for policy, label in enumerate(self._plan.policies)
            if (label, scenario_name, seed, attempt)[: len(self._key)] not in self._keys
        ]

    def frame(self, without: Collection[tuple[str, int]] = ()) -> pl.DataFrame:
        """The rows in the plan's order, but for these (scenario, seed) of any policy."""
        import polars as pl

        rows = self._together()
        left_out = pl.DataFrame(
            list(without), schema={"scenario": pl.String, "seed": rows["seed"].dtype}, orient="row"
        )
        order = (
            _place("policy", self._plan.policies),
            _place("scenario", self._plan.scenarios),
            *self._key[2:],
        )
        return rows.join(left_out, on=["scenario", "seed"], how="anti").sort(*order)

    def checkpoint(self) -> None:
        """Keep the rows that came since the last time."""
        started = time.monotonic()
        if self._directory is not None and self.count > self._kept:
            path = self._directory / PARTIAL_FILE
            write_bytes_atomically(path, parquet_bytes(self._together()))
            self._kept = self.count
        took = time.monotonic() - started
        self._next_checkpoint = time.monotonic() + max(
            _SECONDS_BETWEEN_CHECKPOINTS, took / _SHARE_OF_TIME_FOR_CHECKPOINTS
        )

    def finish(self, result: EvaluationResult) -> None:
        """Replace the partial file by the result; poisoned episodes leave it for a resumption."""
        if self._directory is not None:
            result.save(self._directory)
            if not result.poisoned:
                (self._directory / PARTIAL_FILE).unlink(missing_ok=True)

    def _together(self) -> pl.DataFrame:
        """All rows as one frame, which is then the only one."""
        import polars as pl

        if not self._frames:
            numbers = dict.fromkeys(self._key[2:], pl.Int64)
            return pl.DataFrame(schema={"policy": pl.String, "scenario": pl.String, **numbers})
        self._frames = [pl.concat(self._frames, how="vertical_relaxed")]
        return self._frames[0]

    def _open(self, directory: Path, existing: Existing) -> None:
        plan_path = directory / PLAN_FILE
        prepare_output_directory(directory)
        if plan_path.exists():
            self._go_on(directory, existing)
        write_text_atomically(plan_path, self._plan.to_json() + "\n")

    def _go_on(self, directory: Path, existing: Existing) -> None:
        if existing is Existing.REFUSE:
            raise GoliveError(
                f"{directory}: holds an evaluation already: "
                "expected another directory, or --resume to go on with it"
            )
        difference = self._plan.difference(load_plan(directory))
        if difference and existing is Existing.RESUME_OR_REPLACE:
            for name in (PARTIAL_FILE, ROWS_FILE):
                (directory / name).unlink(missing_ok=True)
            return
        if difference:
            raise GoliveError(f"{directory}: another evaluation, cannot go on: {difference}")
        for name in (PARTIAL_FILE, ROWS_FILE):
            if (directory / name).exists():
                self.add(read_rows(directory / name))
        self._kept = self.count


def _place(column: str, order: Sequence[str]) -> pl.Expr:
    """Place of a row's value in an order."""
    import polars as pl

    return pl.col(column).replace_strict(list(order), range(len(order)), return_dtype=pl.Int64)
