"""The rows of an evaluation and where they are kept."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...core.errors import GoliveError
from ...core.files import (
    MOST_JSON_BYTES,
    check_readable_file,
    read_limited,
    write_bytes_atomically,
    write_text_atomically,
)
from .episode_rows import ATTEMPT
from .plan import EvaluationPlan
from .poisoned import PoisonedEpisode, read_poisoned, write_poisoned
from .statistics import FloatArray

if TYPE_CHECKING:
    import polars as pl

ROWS_FILE = "results.parquet"
PLAN_FILE = "plan.json"
PARTIAL_FILE = "partial.parquet"
KEY = ("policy", "scenario", "seed")
"""Columns that name an episode; the others are what came of it."""
NOT_METRICS = frozenset({*KEY, ATTEMPT, "digest", "decisions"})


@dataclass(frozen=True)
class EvaluationResult:
    """A finished evaluation.

    Attributes:
        plan: what was evaluated.
        rows: one row per (policy, scenario, seed), where ``policy`` names the training of a
            policy of several: these three, ``decisions`` (asked),
            ``digest`` (of the final state) and every field of the scorecard. Sorted by the
            plan's order of policies, then scenarios, then seed.
        poisoned: episodes that could not be finished; the rows hold no policy's episode on
            their scenario and seed, so that policies still meet the same customers.
    """

    plan: EvaluationPlan
    rows: pl.DataFrame
    poisoned: tuple[PoisonedEpisode, ...] = ()

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the scorecard's fields, in its order."""
        return tuple(name for name in self.rows.columns if name not in NOT_METRICS)

    @property
    def score(self) -> str:
        """Name of the metric that policies are judged by."""
        return self.plan.kind.figures.score

    def scores(self, policy: str, metric: str, scenario: str | None = None) -> list[FloatArray]:
        """A metric of a policy: per scenario an array of shape (episodes,), ordered by seed.

        All policies have the same seeds in the same order, so two results are pairs. Of a policy
        of several trainings it is the mean of theirs.

        Raises:
            GoliveError: no such policy, metric or scenario in this result.
        """
        return [table.mean(axis=0) for table in self.tables(policy, metric, scenario)]

    def tables(self, policy: str, metric: str, scenario: str | None = None) -> list[FloatArray]:
        """A metric of each training: per scenario an array of shape (trainings, episodes).

        A policy that is not of several trainings has one row. Of several attempts at a customer it
        is their mean.

        Raises:
            GoliveError: no such policy, metric or scenario in this result.
        """
        import polars as pl

        known = dict.fromkeys((*self.plan.policies, *self.plan.judged))
        self._refuse_unknown("policy", policy, tuple(known))
        self._refuse_unknown("metric", metric, self.metrics)
        names = self.plan.scenarios if scenario is None else (scenario,)
        tables = []
        for name in names:
            self._refuse_unknown("scenario", name, self.plan.scenarios)
            own = self.rows.filter(pl.col("scenario") == name).sort("seed")
            columns = [
                own.filter(pl.col("policy") == member)[metric].cast(pl.Float64).to_numpy()
                for member in self.plan.trainings.get(policy, (policy,))
            ]
            table = np.asarray(columns, dtype=np.float64)
            if self.plan.attempts > 1:
                table = table.reshape(len(columns), -1, self.plan.attempts).mean(axis=2)
            tables.append(table)
        return tables

    def attempts(self, policy: str, metric: str) -> list[FloatArray]:
        """A metric at each attempt: per scenario an array of shape (episodes, attempts).

        Of a policy of several trainings, each training has rows of its own.

        Raises:
            GoliveError: no such policy or metric in this result.
        """
        import polars as pl

        self._refuse_unknown("metric", metric, self.metrics)
        found = []
        for name in self.plan.scenarios:
            own = self.rows.filter(pl.col("scenario") == name).sort("seed")
            members = self.plan.trainings.get(policy, (policy,))
            columns = [own.filter(pl.col("policy") == one)[metric] for one in members]
            values = pl.concat(columns).cast(pl.Float64).to_numpy()
            found.append(values.reshape(-1, self.plan.attempts))
        return found

    def save(self, directory: Path) -> None:
        """Write rows, plan and what is poisoned, each file whole or not at all."""
        write_poisoned(directory, self.poisoned)
        write_bytes_atomically(directory / ROWS_FILE, parquet_bytes(self.rows))
        write_text_atomically(directory / PLAN_FILE, self.plan.to_json() + "\n")

    @classmethod
    def load(cls, directory: Path) -> EvaluationResult:
        """Read back what ``save`` wrote.

        Raises:
            GoliveError: it is not there, not readable, or its rows are not those of its plan.
        """
        plan = load_plan(directory)
        rows = read_rows(directory / ROWS_FILE)
        poisoned = read_poisoned(directory)
        apiece = len(plan.policies) * plan.attempts
        expected = plan.episode_count - apiece * len(left_out(poisoned))
        if rows.height != expected:
            raise GoliveError(f"{directory / ROWS_FILE}: {rows.height} rows: expected {expected}")
        return cls(plan, rows, poisoned)

    @staticmethod
    def _refuse_unknown(what: str, name: str, known: tuple[str, ...]) -> None:
        if name not in known:
            raise GoliveError(f"{what}: {name!r}: expected one of {', '.join(known)}")


def left_out(poisoned: Sequence[PoisonedEpisode]) -> set[tuple[str, int]]:
    """(scenario, seed) that a result has no rows of."""
    return {(episode.scenario, episode.seed) for episode in poisoned}


def load_plan(directory: Path) -> EvaluationPlan:
    """The plan kept in a directory of results."""
    path = directory / PLAN_FILE
    text = read_limited(path, MOST_JSON_BYTES, "the plan of an evaluation")
    try:
        return EvaluationPlan.from_json(text.decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise GoliveError(f"{path}: cannot be read: {error}") from None


def parquet_bytes(rows: pl.DataFrame) -> bytes:
    """A frame as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    rows.write_parquet(buffer)
    return buffer.getvalue()


def read_rows(path: Path) -> pl.DataFrame:
    """A frame of episodes from a Parquet file.

    Raises:
        GoliveError: it cannot be read, or lacks the columns that name an episode.
    """
    import polars as pl

    try:
        check_readable_file(path, "rows of an evaluation")
        rows = pl.read_parquet(io.BytesIO(path.read_bytes()))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise GoliveError(f"{path}: cannot be read as Parquet: {error}") from None
    missing = [name for name in KEY if name not in rows.columns]
    if missing:
        raise GoliveError(f"{path}: lacks {', '.join(missing)}: expected rows of an evaluation")
    return rows
