"""The training loop: rollout, update, evaluation, checkpoint, until all steps are made."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from ...agents.policy_file import PolicyFile, write_policy_file
from ...core.archive import Archive
from ...core.errors import GoliveError
from ...core.execution import WorkerError, WorkerLost
from ...core.records import changed
from .actor import export_policy, read_initial_policy, start_from
from .algorithm import ResumablePPO
from .callbacks import Change, TrainingCallback
from .configuration import TrainingConfiguration
from .episodes import Demonstrations, Validation
from .figures import EpisodeFigures
from .imitation import imitate
from .improvement import Improved, improve
from .learning import WarmStart
from .rewards import ScaledRewards
from .run import Interrupted, TrainingRun, passed
from .run_directory import RunDirectory, TrainingState
from .session import TrainingOutcome

if TYPE_CHECKING:
    from .world_ground import WorldGround


class Trainer(TrainingRun):
    """One training in its folder, which holds its configuration. Make it, call ``run`` once."""

    def __init__(
        self,
        configuration: TrainingConfiguration,
        directory: RunDirectory,
        ground: WorldGround,
        callbacks: Sequence[TrainingCallback] = (),
    ) -> None:
        super().__init__(configuration, directory, callbacks)
        self._ground = ground
        self._saved_steps = 0

    @property
    def _steps(self) -> int:
        return self._model.num_timesteps

    def _change(self, change: Change) -> None:
        """Have the environments play other levels, or with other options."""
        if change.levels or change.options:
            self._configuration.environment.kind.parsed_options(change.options)
            self._environments.change(change)

    def _run(self) -> TrainingOutcome:
        """Workers may be lost, but not twice without a checkpoint in between."""
        lost_at: int | None = None
        while True:
            try:
                return self._attempt()
            except WorkerError as error:
                if self._stop.requested:  # a signal to the whole group has ended them, too
                    return self._end(TrainingState.INTERRUPTED)
                if not isinstance(error, WorkerLost) or self._saved_steps == lost_at:
                    raise self._without_workers(error) from error
                lost_at = self._saved_steps
                self._warning(f"{_first_line(error)}; back to step {lost_at:,}")

    def _attempt(self) -> TrainingOutcome:
        """From the last checkpoint, or the start, to the end."""
        saved = self._directory.checkpoints.latest(self._warning)
        self._started = time.monotonic()
        self._best_score, self._evaluated_steps = float("-inf"), -1
        self._prepare(saved)
        try:
            if saved is None:
                try:
                    self._begin()
                except Interrupted:
                    return self._end(TrainingState.INTERRUPTED)
            else:
                self._restore(saved)
            return self._end(self._loop())
        finally:
            self._logger.close()
            self._rewards.close()

    def _without_workers(self, error: WorkerError) -> GoliveError:
        """Say what to do now that workers are gone: the last checkpoint stands."""
        return GoliveError(
            f"{_first_line(error)}; {self._directory.path} can be resumed from step "
            f"{self._saved_steps:,}"
        )

    def _prepare(self, saved: Archive | None) -> None:
        """Environments, learner and logs, as new."""
        self._open_logs(saved)
        self._environments = self._ground.environments()
        configuration = self._configuration
        self._rewards = ScaledRewards(
            self._environments, configuration.reward_scaling, configuration.ppo.gamma
        )
        self._model = ResumablePPO(
            configuration, self._rewards, self._logger, self._ground.action_names
        )
        self._figures = EpisodeFigures(self._rewards, self._ground.score)
        self._figures.init_callback(self._model)

    def _begin(self) -> None:
        """Warm start, first evaluation, first checkpoint: step 0."""
        self._write_status(TrainingState.RUNNING)
        if self._configuration.warm_start is not None:
            self._warm_start()
        if self._configuration.initial_policy is not None:
            start_from(self._model, read_initial_policy(self._configuration))
        self._model.start_episodes()
        self._evaluate()
        self._logger.dump(0)
        self._checkpoint()

    def _warm_start(self) -> None:
        settings = self._configuration.warm_start
        assert settings is not None
        self._begin_stage(f"watching {settings.demonstrator}", settings.episodes)
        demonstrations = self._ground.demonstrate(self._on_unit)
        self._rewards.learn_from(demonstrations.episode_rewards)
        self._message(
            f"{_demonstrations_line(settings.demonstrator, demonstrations)}; they are not counted "
            f"in the {self._configuration.steps_made:,} steps of training"
        )
        self._imitate(settings, demonstrations)
        if settings.corrections is None:
            return
        own = changed(
            settings,
            epochs=settings.corrections.epochs,
            learning_rate=settings.corrections.learning_rate,
        )
        for number in range(settings.corrections.rounds):
            self._evaluate()
            self._logger.dump(0)
            stage = f"corrected by {settings.demonstrator}, round {number + 1}"
            self._begin_stage(stage, settings.corrections.episodes)
            further = self._ground.demonstrate(self._on_unit, self._export(None), number)
            self._message(_demonstrations_line("the learner", further))
            demonstrations = demonstrations.and_further(further)
            self._imitate(own, demonstrations)

    def _imitate(self, settings: WarmStart, demonstrations: Demonstrations) -> None:
        self._begin_stage(f"imitating {settings.demonstrator}", settings.epochs)
        self._with_threads(
            lambda: imitate(self._model, settings, demonstrations, self._rewards, self._on_epoch)
        )

    def _on_epoch(self, done: int, loss: float, agreement: float) -> None:
        self._on_unit(done)
        self._logger.record("imitation/loss", loss)
        self._logger.record("imitation/agreement", agreement)

    def _restore(self, saved: Archive) -> None:
        trainer = saved.documents["trainer"]
        self._environments.restore(saved.documents["environments"])
        self._rewards.restore(saved.documents["rewards"])
        self._figures.restore(saved.documents["figures"])
        self._model.restore(saved)
        self._saved_steps = self._model.num_timesteps
        self._go_on(trainer)

    def _loop(self) -> TrainingState:
        model, configuration = self._model, self._configuration
        total, made = configuration.total_steps, configuration.steps_made
        is_ppo = configuration.improvement is None
        if made != total:
            self._message(
                f"{total:,} steps are {made:,}: {configuration.n_envs} environments step together"
            )
        self._begin_stage("training", made, model.num_timesteps)
        while not model.finished:
            stopped = self._stopped
            if stopped is not None:
                self._checkpoint()
                return stopped
            before = model.num_timesteps
            try:
                self._iterate() if is_ppo else self._improve()
            except Interrupted:
                return TrainingState.INTERRUPTED
            if passed(before, model.num_timesteps, configuration.evaluation.every_steps):
                self._evaluate()
            if model.finished and self._evaluated_steps != model.num_timesteps:
                self._evaluate()
            self._logger.dump(model.num_timesteps)
            is_due = passed(before, model.num_timesteps, configuration.checkpoint_every)
            if model.finished or is_due or not is_ppo:  # a round takes minutes
                self._checkpoint()
        return TrainingState.FINISHED

    def _iterate(self) -> None:
        """One rollout and what is learned from it."""
        started = time.monotonic()
        self._model.collect(self._figures)
        report = self._environments.judge(self._model.rollout_buffer)
        if report is not None:
            self._model.rollout_buffer.choose(report.keep)
            for name, value in report.figures.items():
                self._logger.record(name, value)
        collected = time.monotonic()
        self._with_threads(self._model.update)
        updated = time.monotonic()
        means = self._figures.means()
        for name, value in means.items():
            self._logger.record(name, value)
        steps = self._model.rollout_buffer.buffer_size * self._model.n_envs
        self._logger.record("time/steps_per_second", steps / (updated - started))
        self._logger.record("time/rollout_seconds", collected - started)
        self._logger.record("time/update_seconds", updated - collected)
        self._logger.record("episode/count", self._figures.episodes)
        made, score = self._model.num_timesteps, means.get(f"episode/{self._ground.score}")
        self._tell(lambda callback: callback.advance(made, score))
        self._tell(lambda callback: callback.learned(made, means))

    def _improve(self) -> None:
        """One round of expert iteration: other decisions lived through, and learned from."""
        model, settings = self._model, self._configuration.improvement
        assert settings is not None
        started, before = time.monotonic(), model.num_timesteps
        branches = self._ground.branch(
            self._export(None), model.rollouts_done, lambda done: self._on_unit(before + done)
        )
        collected = time.monotonic()
        model.num_timesteps += branches.steps
        if len(branches.gains):
            self._with_threads(lambda: improve(model, settings, branches, self._on_improvement))
        model.rollouts_done += 1
        score = float(branches.scores.mean())
        figures = {
            f"episode/{self._ground.score}": score,
            "improvement/decision_points": float(len(branches.own)),
            "improvement/branches": float(len(branches.gains)),
        }
        for name, value in figures.items():
            self._logger.record(name, value)
        self._logger.record("time/rollout_seconds", collected - started)
        self._logger.record("time/update_seconds", time.monotonic() - collected)
        self._tell(lambda callback: callback.advance(model.num_timesteps, score))
        self._tell(lambda callback: callback.learned(model.num_timesteps, figures))

    def _on_improvement(self, _epoch: int, improved: Improved) -> None:
        self._logger.record("improvement/gain", improved.gain)
        self._logger.record("improvement/divergence", improved.divergence)

    def _with_threads(self, work: Callable[[], None]) -> None:
        """Gradient steps may use more threads: the environments rest meanwhile."""
        torch.set_num_threads(self._configuration.torch_threads)
        try:
            work()
        finally:
            torch.set_num_threads(1)

    def _evaluate(self) -> None:
        """Judge the policy on the validation seeds and keep it if it is the best so far."""
        started = time.monotonic()
        result = self._ground.validate(self._export(None))
        self._judged(result, {"time/evaluation_seconds": time.monotonic() - started})

    def _write(self, path: Path, validation: Validation | None) -> None:
        write_policy_file(path, self._export(validation))

    def _export(self, validation: Validation | None) -> PolicyFile:
        return export_policy(self._model, self._ground.interface, validation)

    def _checkpoint(self) -> None:
        learner = self._model.state()
        documents: dict[str, Any] = {
            **learner.documents,
            "environments": self._environments.state(),
            "rewards": self._rewards.state(),
            "figures": self._figures.state(),
            "trainer": self._progress(),
        }
        steps = self._model.num_timesteps
        self._directory.checkpoints.save(steps, Archive(documents, learner.arrays))
        self._saved_steps = steps
        self._tell(lambda callback: callback.checkpointed(steps))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _demonstrations_line(name: str, demonstrations: Demonstrations) -> str:
    episodes, steps = len(demonstrations.lengths), len(demonstrations.rewards)
    score = demonstrations.scores.mean()
    return f"{name}: {episodes} episodes, {steps} decisions, mean score {score:.3f}"
