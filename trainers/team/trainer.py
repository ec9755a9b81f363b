"""The training loop of a team: rollout, update, evaluation, checkpoint, until the end."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.policy_file import write_team_file
from ...core.archive import Archive
from ...core.records import changed
from ..training.callbacks import Change, TrainingCallback
from ..training.configuration import TrainingConfiguration
from ..training.learning import WarmStart
from ..training.run import Interrupted, TrainingRun, passed
from ..training.run_directory import RunDirectory, TrainingState
from ..training.session import TrainingOutcome
from .rollouts import TeamEpisodes

if TYPE_CHECKING:
    from ..training.episodes import Validation
    from .ground import TeamGround
    from .learner import Figures

_RECENT_EPISODES = 100


class TeamTrainer(TrainingRun):
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
        super().__init__(configuration, directory, callbacks)
        self.threads = configuration.torch_threads
        self._ground = ground
        self._learner = ground.learner()
        self._recent: deque[float] = deque(maxlen=_RECENT_EPISODES)

    @property
    def _steps(self) -> int:
        return self._learner.steps

    def _change(self, change: Change) -> None:
        """Of what callbacks ask for, a team can stop: its levels are fixed."""

    def _run(self) -> TrainingOutcome:
        saved = self._directory.checkpoints.latest(self._warning)
        self._open_logs(saved)
        try:
            if saved is None:
                self._begin()
            else:
                self._restore(saved)
            return self._end(self._loop())
        except Interrupted:
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
        self._begin_stage(f"watching {name} in every role", settings.episodes)
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
            stage = f"corrected by {name}, round {number + 1}"
            self._begin_stage(stage, settings.corrections.episodes)
            further = ground.demonstrate(self._on_unit, learner.networks, number)
            self._message(_line("the learner", further))
            every = TeamEpisodes.joined([every, further])
            self._imitate(own, every)

    def _imitate(self, settings: WarmStart, episodes: TeamEpisodes) -> None:
        def on_epoch(done: int, figures: Figures) -> None:
            self._on_unit(done)
            self._record(figures)

        self._begin_stage(f"imitating {settings.demonstrator}", settings.epochs)
        self._learner.imitate(settings, episodes, on_epoch)

    def _loop(self) -> TrainingState:
        configuration, learner = self._configuration, self._learner
        total = configuration.total_steps
        self._begin_stage("training the team", total, learner.steps)
        while learner.steps < total:
            stopped = self._stopped
            if stopped is not None:
                self._checkpoint()
                return stopped
            before = learner.steps
            self._iterate()
            done = learner.steps >= total
            if done or passed(before, learner.steps, configuration.evaluation.every_steps):
                self._evaluate()
            self._logger.dump(learner.steps)
            if done or passed(before, learner.steps, configuration.checkpoint_every):
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
        self._judged(self._ground.validate(self._learner.networks), {})

    def _write(self, path: Path, validation: Validation | None) -> None:
        write_team_file(path, self._ground.export(self._learner, validation))

    def _checkpoint(self) -> None:
        learner = self._learner.state()
        documents: dict[str, Any] = {
            **learner.documents,
            "trainer": {**self._progress(), "recent_scores": list(self._recent)},
        }
        self._directory.checkpoints.save(self._learner.steps, Archive(documents, learner.arrays))
        self._tell(lambda callback: callback.checkpointed(self._learner.steps))

    def _restore(self, saved: Archive) -> None:
        self._learner.restore(saved)
        trainer = saved.documents["trainer"]
        self._recent.extend(map(float, trainer["recent_scores"]))
        self._go_on(trainer)


def _line(name: str, episodes: TeamEpisodes) -> str:
    count, steps = len(episodes.lengths), len(episodes.states)
    return f"{name}: {count} episodes, {steps} decisions, mean score {episodes.scores.mean():.3f}"
