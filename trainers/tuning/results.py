"""Results of a search: its trials as a table, the best policy, and its configuration."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ...agents.policy_file import BEST_POLICY
from ...core.files import json_text, write_bytes_atomically, write_text_atomically
from ..training.configuration import configuration_text, read_configuration
from ..training.run_directory import CONFIGURATION_FILE, RunDirectory, TrainingState
from .plan import TuningPlan

BEST_CONFIGURATION = "best.yaml"
TRIALS_JSON, TRIALS_TABLE = "trials.json", "trials.parquet"


class TuningListener:
    """Hears how a search goes; override what is of interest."""

    def evaluated(self, trial: str, steps: int, score: float) -> None:
        """Hear that a trial's policy was judged."""

    def ended(self, trial: str, steps: int, score: float | None, failed: bool) -> None:
        """Hear that a trial has ended, early or not; ``score`` is its best, None without any."""

    def stopping(self) -> None:
        """Hear that an interrupt came and is being obeyed."""


class TrialState(StrEnum):
    """Ends of a trial."""

    FINISHED = "finished"
    STOPPED_EARLY = "stopped early"
    FAILED = "failed"
    UNFINISHED = "unfinished"
    """The search was interrupted; it goes on with ``resume``."""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One trial.

    Attributes:
        number: 1 for the first that was proposed.
        trial: its name, and its folder's.
        state: how it ended.
        values: of the fields that vary, by place.
        best_score: mean validation score of its best policy; None if none was judged.
        best_steps: steps at which that was found.
        steps: made in all.
        minutes: of training.
        error: why it failed.
    """

    number: int
    trial: str
    state: TrialState
    values: dict[str, Any]
    best_score: float | None
    best_steps: int
    steps: int
    minutes: float
    error: str | None


@dataclass(frozen=True, slots=True)
class TuningResult:
    """Results of a search.

    Attributes:
        directory: of the search, with ``best.policy``, ``best.yaml``, ``trials.json``.
        trials: in the order in which they were proposed.
        best: of the highest validation score; None if no policy was judged.
        is_interrupted: whether an interrupt ended it before all trials had ended.
    """

    directory: Path
    trials: tuple[TrialRow, ...]
    best: TrialRow | None
    is_interrupted: bool


def collect(plan: TuningPlan, experiment: Path, *, is_interrupted: bool) -> TuningResult:
    """Read the trials' folders and write the search's results.

    Args:
        plan: of the search.
        experiment: folder of Ray Tune's own files.
        is_interrupted: whether somebody asked it to stop.
    """
    from ray.tune import ExperimentAnalysis

    has_begun = any(experiment.glob("experiment_state-*.json"))
    trials = (ExperimentAnalysis(str(experiment)).trials or []) if has_begun else []
    # A search that goes on keeps them in another order; a tag begins with its trial's number.
    trials = sorted(trials, key=lambda trial: int(trial.experiment_tag.partition("_")[0]))
    rows = tuple(_row(plan, number, trial) for number, trial in enumerate(trials, start=1))
    judged = [row for row in rows if row.best_score is not None]
    best = max(judged, key=lambda row: (row.best_score, -row.number), default=None)
    open_trials = any(row.state is TrialState.UNFINISHED for row in rows)
    is_open = open_trials or len(rows) < plan.settings.trials
    result = TuningResult(plan.directory, rows, best, is_interrupted and is_open)
    _write(plan, result)
    return result


def _row(plan: TuningPlan, number: int, trial: Any) -> TrialRow:
    run = RunDirectory(plan.trial_directory(trial.trial_id))
    status = run.status()
    state = _state(trial.status, status)
    return TrialRow(
        number=number,
        trial=trial.trial_id,
        state=state,
        values=plan.values(trial.config),
        best_score=status.get("best_score"),
        best_steps=int(status.get("best_steps", 0)),
        steps=int(status.get("steps", 0)),
        minutes=float(status.get("minutes", 0.0)),
        error=_last_line(trial.get_error()) if state is TrialState.FAILED else None,
    )


def _state(tune_status: str, status: dict[str, Any]) -> TrialState:
    if tune_status == "ERROR":
        return TrialState.FAILED
    if tune_status != "TERMINATED":
        return TrialState.UNFINISHED
    whole = status.get("state") in (TrainingState.FINISHED, TrainingState.TIME_LIMIT)
    return TrialState.FINISHED if whole else TrialState.STOPPED_EARLY


def _last_line(error: Exception | None) -> str:
    lines = str(error or "").strip().splitlines() or ["its process died"]
    return lines[-1].removeprefix("golive.core.errors.GoliveError: ")


def _write(plan: TuningPlan, result: TuningResult) -> None:
    import polars

    rows = [asdict(row) for row in result.trials]
    write_text_atomically(plan.directory / TRIALS_JSON, json_text(rows, 2) + "\n")
    flat = [{**row, "values": json_text(row["values"])} for row in rows]
    buffer = io.BytesIO()
    polars.DataFrame(flat, infer_schema_length=None).write_parquet(buffer)
    write_bytes_atomically(plan.directory / TRIALS_TABLE, buffer.getvalue())
    if result.best is None:
        return
    folder = plan.trial_directory(result.best.trial)
    write_bytes_atomically(plan.directory / BEST_POLICY, (folder / BEST_POLICY).read_bytes())
    configuration = plan.result(read_configuration(folder / CONFIGURATION_FILE))
    write_text_atomically(plan.directory / BEST_CONFIGURATION, configuration_text(configuration))
