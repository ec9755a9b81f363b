"""One trial of a search: an ordinary training in a folder of its own, heard of by Ray Tune."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ray import tune

from ..training.callbacks import TrainingCallback
from ..training.episodes import Validation
from ..training.logs import read_learning_curve
from ..training.run_directory import RunDirectory, TrainingState
from ..training.session import train
from .plan import TuningPlan
from .population import pack_member, take_over_member

STEPS, SCORE, BEST_SCORE = "steps", "score", "best_score"
"""What a trial reports at every evaluation: steps made, mean validation score, the best so far."""


def run_trial(plan: TuningPlan, values: Mapping[str, Any]) -> None:
    """Train with these values; a trial that was broken off goes on from its last checkpoint.

    Runs in a process of Ray Tune's, which ends it from within a report (``SystemExit``) when
    it is to stop early.

    Raises:
        GoliveError: the values do not go together, or the training failed.
    """
    configuration = plan.configuration(values)
    run = RunDirectory(plan.trial_directory(tune.get_context().get_trial_id()))
    is_member = plan.settings.scheduler == "population"
    checkpoint = tune.get_checkpoint()
    if checkpoint is not None:
        with checkpoint.as_directory() as folder:
            take_over_member(Path(folder), run, configuration)
    reporter = _TrialReporter(run, is_member)
    resume = run.exists
    try:
        if resume and checkpoint is None:
            reporter.repeat_last()
        train(configuration, run.path, resume=resume, reporter=reporter)
    except SystemExit:
        run.write_status(run.status() | {"state": TrainingState.INTERRUPTED.value})
        raise


class _TrialReporter(TrainingCallback):
    """Tells Ray Tune of an evaluation as soon as there is a checkpoint that holds it.

    So nothing that Tune knows of has to be done again, and whoever is stopped early can go on.
    """

    def __init__(self, run: RunDirectory, is_member: bool) -> None:
        self._run = run
        self._is_member = is_member
        self._best = float("-inf")
        self._waiting: dict[str, float] | None = None

    def evaluated(self, steps: int, result: Validation, is_best: bool) -> None:
        """Keep the figures until they are safe."""
        self._keep(steps, result.score)

    def checkpointed(self, steps: int) -> None:
        """Report what was kept."""
        if self._waiting is None:
            return
        figures, self._waiting = self._waiting, None
        if not self._is_member:
            tune.report(figures)
            return
        with tempfile.TemporaryDirectory() as folder:
            pack_member(self._run, Path(folder))
            tune.report(figures, checkpoint=tune.Checkpoint.from_directory(folder))

    def repeat_last(self) -> None:
        """Report the last evaluation before a restart again: Tune may not have heard of it.

        Rungs that it has been counted at count it once.
        """
        if not self._run.checkpoints.paths():
            return
        curve = read_learning_curve(self._run.path).drop_nulls("validation/score")
        for steps, score in curve.select("step", "validation/score").iter_rows():
            self._keep(int(steps), score)
        self.checkpointed(0)

    def _keep(self, steps: int, score: float) -> None:
        self._best = max(self._best, score)
        self._waiting = {STEPS: steps, SCORE: score, BEST_SCORE: self._best}
