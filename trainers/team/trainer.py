"""The training loop of a team: rollout, update, evaluation, checkpoint, until the end."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from stable_baselines3.common.logger import Logger

from ...agents.policy_file import write_team_file
from ...core.archive import Archive
from ...core.records import changed
from ..training.callbacks import Change, TrainingCallback
from ..training.configuration import TrainingConfiguration, WarmStart
from ..training.logs import CURVE_FILE, CurveWriter, TensorBoardWriter, write_curve_table
from ..training.run_directory import RunDirectory, TrainingState
from ..training.session import TrainingOutcome
from ..training.stopping import StopRequest
from .rollouts import TeamEpisodes

if TYPE_CHECKING:
    from ..training.episodes import Validation
    from .ground import TeamGround
    from .learner import Figures

_RECENT_EPISODES = 100


class _Interrupted(Exception):
    """A stop was asked for before the first checkpoint."""


class TeamTrainer:
    """One training of a team in its folder. Make it, call ``run`` once.

    Args:
        configuration: of the training.
        directory: its folder, which holds the configuration.
        ground: where the team plays.
        callbacks: who hears how it goes; they may stop it.
    """

    def __init__(
        self,
        configuration: TrainingConfiguration,
        directory: RunDirectory,
        ground: TeamGround,
        callbacks: Sequence[TrainingCallback] = (),
    ) -> None:
        self._configuration, self._directory, self._ground = configuration, directory, ground
        self._callbacks = tuple(callbacks)
        self._learner = ground.learner()
        self._recent: deque[float] = deque(maxlen=_RECENT_EPISODES)
        self._told_to_stop = False
        self._best_score, self._best_steps = float("-inf"), 0
        self._evaluated_steps = -1
        self._seconds_before = 0.0
        self._started = time.monotonic()
        self._stop = StopRequest(lambda: self._tell(lambda callback: callback.stopping()))

    def run(self) -> TrainingOutcome:
        """Train from the start, or from the last checkpoint if the folder holds one.

        Raises:
            GoliveError: something cannot be read or written; checkpoints stay as they are.
            KeyboardInterrupt: a second interrupt came while the first was being obeyed.
        """
        threads = torch.get_num_threads()
        torch.set_num_threads(self._configuration.torch_threads)
        try:
            with self._stop:
                return self._run()
        finally:
            torch.set_num_threads(threads)

    def _run(self) -> TrainingOutcome:
        warn: Callable[[str], None] = lambda text: self._tell(lambda one: one.warning(text))  # noqa: E731
        saved = self._directory.checkpoints.latest(warn)
        steps = int(saved.documents["learner"]["steps"]) if saved else None
        self._logger = Logger(
            None,
            [
                CurveWriter(self._directory.path / CURVE_FILE, steps),
                TensorBoardWriter(self._directory.tensorboard, steps or 0),
            ],
        )
        try:
            if saved is None:
                self._begin()
            else:
                self._restore(saved)
            return self._end(self._loop())
        except _Interrupted:
            return self._end(TrainingState.INTERRUPTED)
        finally:
            self._logger.close()

    def _begin(self) -> None:
        """Warm start, first evaluation, first checkpoint: step 0."""
        self._write_status(TrainingState.RUNNING)
        if self._configuration.warm_start is not None:
            self._warm_start(self._configuration.warm_start)
        self._evaluate()
        self._logger.dump(0)
        self._checkpoint()

    def _warm_start(self, settings: WarmStart) -> None:
        ground, learner, name = self._ground, self._learner, settings.demonstrator
        self._stage(f"watching {name} in every role", settings.episodes)
        every = ground.demonstrate(self._on_unit)
        learner.scale.learn_from(every)
        self._message(_line(name, every))
        self._imitate(settings, every)
        if settings.corrections is None:
            return
        own = changed(
            settings,
            epochs=settings.corrections.epochs,
            learning_rate=settings.corrections.learning_rate,
        )
        for number in range(settings.corrections.rounds):
            self._stage(f"corrected by {name}, round {number + 1}", settings.corrections.episodes)
            further = ground.demonstrate(self._on_unit, learner.networks, number)
            self._message(_line("the learner", further))
            every = TeamEpisodes.joined([every, further])
            self._imitate(own, every)

    def _imitate(self, settings: WarmStart, episodes: TeamEpisodes) -> None:
        def on_epoch(done: int, figures: Figures) -> None:
            self._on_unit(done)
            self._record(figures)

        self._stage(f"imitating {settings.demonstrator}", settings.epochs)
        self._learner.imitate(settings, episodes, on_epoch)

    def _loop(self) -> TrainingState:
        configuration, learner = self._configuration, self._learner
        total = configuration.total_steps
        self._stage("training the team", total, learner.steps)
        while learner.steps < total:
            if self._stop.requested:
                self._checkpoint()
                return TrainingState.INTERRUPTED
            if self._told_to_stop or self._out_of_time:
                self._checkpoint()
                return TrainingState.STOPPED if self._told_to_stop else TrainingState.TIME_LIMIT
            before = learner.steps
            self._iterate()
            done = learner.steps >= total
            if done or _passed(before, learner.steps, configuration.evaluation.every_steps):
                self._evaluate()
            self._logger.dump(learner.steps)
            if done or _passed(before, learner.steps, configuration.checkpoint_every):
                self._checkpoint()
        return TrainingState.FINISHED

    def _iterate(self) -> None:
        """One rollout and what is learned from it."""
        started = time.monotonic()
        episodes = self._ground.rollout(self._learner.networks, self._learner.rollouts)
        collected = time.monotonic()
        figures = self._learner.learn(episodes)
        updated = time.monotonic()
        self._recent.extend(episodes.scores.tolist())
        score = float(np.mean(self._recent))
        means = {
            f"episode/{self._ground.kind.figures.score}": score,
            "episode/lost_proposals": float(episodes.lost.mean()),
            "episode/illegal": float(episodes.illegal.mean()),
            "episode/length": float(episodes.lengths.mean()),
        }
        self._record({**figures, **means})
        self._record(
            {
                "time/steps_per_second": len(episodes.states) / (updated - started),
                "time/rollout_seconds": collected - started,
                "time/update_seconds": updated - collected,
            }
        )
        steps = self._learner.steps
        self._tell(
            lambda callback: callback.advance(min(steps, self._configuration.total_steps), score)
        )
        self._tell(lambda callback: callback.learned(steps, means))

    def _evaluate(self) -> None:
        """Judge the team on the validation seeds and keep it if it is the best so far."""
        result = self._ground.validate(self._learner.networks)
        steps = self._learner.steps
        self._evaluated_steps = steps
        self._record(
            {
                "validation/score": result.score,
                "validation/success": result.success,
                "validation/illegal_decisions": result.illegal,
            }
        )
        is_best = result.score > self._best_score
        if is_best:
            self._best_score, self._best_steps = result.score, steps
            self._write(self._directory.best_policy, result)
        self._tell(lambda callback: callback.evaluated(steps, result, is_best))

    def _write(self, path: Path, validation: Validation | None) -> None:
        write_team_file(path, self._ground.export(self._learner, validation))

    def _checkpoint(self) -> None:
        learner = self._learner.state()
        documents: dict[str, Any] = {
            **learner.documents,
            "trainer": {
                "best_score": self._best_score,
                "best_steps": self._best_steps,
                "evaluated_steps": self._evaluated_steps,
                "seconds": self._seconds,
                "recent_scores": list(self._recent),
            },
        }
        self._directory.checkpoints.save(self._learner.steps, Archive(documents, learner.arrays))
        self._tell(lambda callback: callback.checkpointed(self._learner.steps))

    def _restore(self, saved: Archive) -> None:
        self._learner.restore(saved)
        trainer = saved.documents["trainer"]
        self._best_score = float(trainer["best_score"])
        self._best_steps = int(trainer["best_steps"])
        self._evaluated_steps = int(trainer["evaluated_steps"])
        self._seconds_before = float(trainer["seconds"])
        self._recent.extend(map(float, trainer["recent_scores"]))
        self._message(f"resuming at step {self._learner.steps:,}")
        self._write_status(TrainingState.RUNNING)

    def _end(self, state: TrainingState) -> TrainingOutcome:
        if state is not TrainingState.INTERRUPTED:
            self._write(self._directory.final_policy, None)
            write_curve_table(self._directory.path)
        self._write_status(state)
        return TrainingOutcome(
            state, self._learner.steps, self._seconds / 60.0, self._best_score, self._best_steps
        )

    def _write_status(self, state: TrainingState) -> None:
        self._directory.write_status(
            {
                "state": state.value,
                "steps": self._learner.steps,
                "total_steps": self._configuration.total_steps,
                "minutes": round(self._seconds / 60.0, 3),
                "best_score": self._best_score if self._evaluated_steps >= 0 else None,
                "best_steps": self._best_steps,
            }
        )

    def _tell(self, news: Callable[[TrainingCallback], Change | None]) -> None:
        """Tell every callback something; of what it asks for, a team can stop."""
        for callback in self._callbacks:
            change = news(callback)
            self._told_to_stop = self._told_to_stop or (change is not None and change.stop)

    def _message(self, text: str) -> None:
        self._tell(lambda callback: callback.message(text))

    def _stage(self, stage: str, total: int, done: int = 0) -> None:
        self._tell(lambda callback: callback.begin(stage, total, done))

    def _record(self, figures: Figures) -> None:
        for name, value in figures.items():
            self._logger.record(name, value)

    def _on_unit(self, done: int) -> None:
        if self._stop.requested:
            raise _Interrupted
        self._tell(lambda callback: callback.advance(done))

    @property
    def _seconds(self) -> float:
        return self._seconds_before + time.monotonic() - self._started

    @property
    def _out_of_time(self) -> bool:
        limit = self._configuration.max_minutes
        return limit is not None and self._seconds > 60.0 * limit


def _passed(before: int, after: int, every: int) -> bool:
    """True if a multiple of ``every`` lies in (before, after]."""
    return after // every > before // every


def _line(name: str, episodes: TeamEpisodes) -> str:
    count, steps = len(episodes.lengths), len(episodes.states)
    return f"{name}: {count} episodes, {steps} decisions, mean score {episodes.scores.mean():.3f}"
