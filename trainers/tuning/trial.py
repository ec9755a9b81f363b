"""One trial of a search: an ordinary training in a folder of its own, heard of by Ray Tune.

A member of a population copies another: all that a training is, under another configuration.
Population based training (Jaderberg et al. 2017, arXiv:1711.09846) needs exact checkpoints,
which trainings have: weights, optimiser, worlds and generators. The learning curve and the best
policy so far come along, so that the folder stays that of one training.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ray import tune

from ..training.callbacks import TrainingCallback
from ..training.configuration import TrainingConfiguration
from ..training.episodes import Validation
from ..training.logs import CURVE_FILE, read_learning_curve
from ..training.run_directory import RunDirectory, TrainingState
from ..training.session import train
from .plan import TuningPlan

STEPS, SCORE, BEST_SCORE = "steps", "score", "best_score"
"""Reports of a trial at every evaluation: steps made, mean validation score, the best so far."""

_STATUS = "status.json"
"""A packed member's."""


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


def pack_member(run: RunDirectory, folder: Path) -> None:
    """Copy into a folder what another member may take over: a training just checkpointed."""
    shutil.copy2(run.checkpoints.paths()[-1], folder)
    shutil.copy2(run.path / CURVE_FILE, folder)
    shutil.copy2(run.best_policy, folder)
    (folder / _STATUS).write_text(json.dumps(run.status()), encoding="utf-8")


def take_over_member(folder: Path, run: RunDirectory, configuration: TrainingConfiguration) -> None:
    """Make a training's folder that of another member's training, with another configuration."""
    run.checkpoints.folder.mkdir(parents=True, exist_ok=True)
    for old in run.checkpoints.paths():
        old.unlink()
    run.final_policy.unlink(missing_ok=True)
    run.write_configuration(configuration)
    status = json.loads((folder / _STATUS).read_text(encoding="utf-8"))
    run.write_status(status | {"state": TrainingState.INTERRUPTED.value})
    shutil.copy2(folder / CURVE_FILE, run.path)
    shutil.copy2(folder / run.best_policy.name, run.path)
    for checkpoint in folder.glob("*.checkpoint"):
        shutil.copy2(checkpoint, run.checkpoints.folder)
