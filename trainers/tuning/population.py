"""A member of a population copies another: all that a training is, under another configuration.

Population based training (Jaderberg et al. 2017, arXiv:1711.09846) needs exact checkpoints,
which trainings have: weights, optimiser, worlds and generators. The learning curve and the best
policy so far come along, so that the folder stays that of one training.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ..training.configuration import TrainingConfiguration
from ..training.logs import CURVE_FILE
from ..training.run_directory import RunDirectory, TrainingState

_STATUS = "status.json"


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
