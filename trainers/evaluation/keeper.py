"""Finished episodes, in memory and in a file, so that an interruption loses seconds of work."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from ...scenarios.errors import GoliveError
from ...scenarios.files import (
    prepare_output_directory,
    write_bytes_atomically,
    write_text_atomically,
)
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
    """What is done about an evaluation that is in the directory already."""

    REFUSE = auto()
    """It is an error."""
    RESUME = auto()
    """It is gone on with; it is an error if it is another one."""
    RESUME_OR_REPLACE = auto()
    """It is gone on with, or replaced if it is another one."""


Value = str | float | int | bool
_SECONDS_BETWEEN_CHECKPOINTS = 3.0


@dataclass(frozen=True, slots=True)
class EpisodeTask:
    """One episode to run: indices into the plan's policies and scenarios, and the seed."""

    policy: int
    scenario: int
    seed: int


class RowKeeper:
    """Finished rows of a plan, in memory and in the directory's partial file."""

    def __init__(self, plan: EvaluationPlan, directory: Path | None, existing: Existing) -> None:
        """Open the directory; see ``evaluate`` for what is refused."""
        self._plan = plan
        self._directory = directory
        self._rows: dict[tuple[str, str, int], dict[str, Value]] = {}
        self._kept = 0
        self._last_checkpoint = time.monotonic()
        if directory is not None:
            self._open(directory, existing)

    @property
    def count(self) -> int:
        """Rows so far."""
        return len(self._rows)

    def add(self, row: dict[str, Value]) -> None:
        """Take a row; every few seconds, keep them all."""
        self._rows[_key_of(row)] = row
        if time.monotonic() - self._last_checkpoint > _SECONDS_BETWEEN_CHECKPOINTS:
            self.checkpoint()

    def missing(self) -> list[EpisodeTask]:
        """Tasks without a row, seed by seed, so that any part treats all policies alike."""
        return [
            EpisodeTask(policy, scenario, seed)
            for seed in self._plan.seeds
            for scenario, scenario_name in enumerate(self._plan.scenarios)
            for policy, label in enumerate(self._plan.policies)
            if (label, scenario_name, seed) not in self._rows
        ]

    def frame(self) -> pl.DataFrame:
        """The rows in the plan's order."""
        import polars as pl

        ordered = [
            self._rows[label, scenario, seed]
            for label in self._plan.policies
            for scenario in self._plan.scenarios
            for seed in self._plan.seeds
        ]
        return pl.DataFrame(ordered, infer_schema_length=None)

    def checkpoint(self) -> None:
        """Keep the rows that came since the last time."""
        import polars as pl

        self._last_checkpoint = time.monotonic()
        if self._directory is None or self.count == self._kept:
            return
        rows = pl.DataFrame(list(self._rows.values()), infer_schema_length=None)
        write_bytes_atomically(self._directory / PARTIAL_FILE, parquet_bytes(rows))
        self._kept = self.count

    def finish(self, result: EvaluationResult) -> None:
        """Replace the partial file by the result."""
        if self._directory is not None:
            result.save(self._directory)
            (self._directory / PARTIAL_FILE).unlink(missing_ok=True)

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
                for row in read_rows(directory / name).to_dicts():
                    self._rows[_key_of(row)] = row
        self._kept = self.count


def _key_of(row: Mapping[str, Value]) -> tuple[str, str, int]:
    policy, scenario, seed = (row[name] for name in KEY)
    return str(policy), str(scenario), int(seed)
