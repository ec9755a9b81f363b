"""The training loop: rollout, update, evaluation, checkpoint, until all steps are made."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from stable_baselines3.common.logger import Logger

from ...agents.policy_file import PolicyFile, write_policy_file
from ...core.archive import Archive
from ...core.errors import GoliveError
from ...core.execution import WorkerError, WorkerLost
from ...core.records import changed
from .actor import export_policy, read_initial_policy, start_from
from .algorithm import ResumablePPO
from .callbacks import Change, TrainingCallback
from .configuration import TrainingConfiguration, WarmStart
from .episodes import Demonstrations, Validation
from .figures import EpisodeFigures
from .imitation import imitate
from .improvement import Improved, improve
from .logs import CURVE_FILE, CurveWriter, TensorBoardWriter, write_curve_table
from .rewards import ScaledRewards
from .run_directory import RunDirectory, TrainingState
from .session import TrainingOutcome
from .stopping import StopRequest

if TYPE_CHECKING:
    from .world_ground import WorldGround


class _Interrupted(Exception):
    """A stop was asked for before the first checkpoint."""


class Trainer:
    """One training in its folder, which holds its configuration. Make it, call ``run`` once."""

    def __init__(
        self,
        configuration: TrainingConfiguration,
        directory: RunDirectory,
        ground: WorldGround,
        callbacks: Sequence[TrainingCallback] = (),
    ) -> None:
        self._configuration = configuration
        self._directory = directory
        self._ground = ground
        self._callbacks = tuple(callbacks)
        self._told_to_stop = False
        self._best_score = float("-inf")
        self._best_steps = 0
        self._evaluated_steps = -1
        self._saved_steps = 0
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
        torch.set_num_threads(1)
        try:
            with self._stop:
                return self._run()
        finally:
            torch.set_num_threads(threads)

    def _tell(self, news: Callable[[TrainingCallback], Change | None]) -> None:
        """Tell every callback something, and do what it asks for."""
        for callback in self._callbacks:
            change = news(callback)
            if change is None:
                continue
            self._told_to_stop = self._told_to_stop or change.stop
            if change.levels or change.options:
                self._configuration.environment.kind.parsed_options(change.options)
                self._environments.change(change)

    def _message(self, text: str) -> None:
        self._tell(lambda callback: callback.message(text))

    def _warning(self, text: str) -> None:
        self._tell(lambda callback: callback.warning(text))

    def _begin_stage(self, stage: str, total: int, done: int = 0) -> None:
        self._tell(lambda callback: callback.begin(stage, total, done))

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
                except _Interrupted:
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
        steps = int(saved.documents["learner"]["steps"]) if saved else None
        self._logger = Logger(
            None,
            [
                CurveWriter(self._directory.path / CURVE_FILE, steps),
                TensorBoardWriter(self._directory.tensorboard, steps or 0),
            ],
        )
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
        demonstrations = self._ground.demonstrate(self._on_episode)
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
            further = self._ground.demonstrate(self._on_episode, self._export(None), number)
            self._message(_demonstrations_line("the learner", further))
            demonstrations = demonstrations.and_further(further)
            self._imitate(own, demonstrations)

    def _imitate(self, settings: WarmStart, demonstrations: Demonstrations) -> None:
        self._begin_stage(f"imitating {settings.demonstrator}", settings.epochs)
        self._with_threads(
            lambda: imitate(self._model, settings, demonstrations, self._rewards, self._on_epoch)
        )

    def _on_episode(self, done: int) -> None:
        if self._stop.requested:
            raise _Interrupted
        self._tell(lambda callback: callback.advance(done))

    def _on_epoch(self, done: int, loss: float, agreement: float) -> None:
        self._on_episode(done)
        self._logger.record("imitation/loss", loss)
        self._logger.record("imitation/agreement", agreement)

    def _restore(self, saved: Archive) -> None:
        trainer = saved.documents["trainer"]
        self._environments.restore(saved.documents["environments"])
        self._rewards.restore(saved.documents["rewards"])
        self._figures.restore(saved.documents["figures"])
        self._model.restore(saved)
        self._best_score = float(trainer["best_score"])
        self._best_steps = int(trainer["best_steps"])
        self._evaluated_steps = int(trainer["evaluated_steps"])
        self._seconds_before = float(trainer["seconds"])
        self._saved_steps = self._model.num_timesteps
        self._message(f"resuming at step {self._model.num_timesteps:,}")
        self._write_status(TrainingState.RUNNING)

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
            if self._stop.requested:
                self._checkpoint()
                return TrainingState.INTERRUPTED
            if self._told_to_stop or self._out_of_time:
                self._checkpoint()
                return TrainingState.STOPPED if self._told_to_stop else TrainingState.TIME_LIMIT
            before = model.num_timesteps
            try:
                self._iterate() if is_ppo else self._improve()
            except _Interrupted:
                return TrainingState.INTERRUPTED
            if _passed(before, model.num_timesteps, configuration.evaluation.every_steps):
                self._evaluate()
            if model.finished and self._evaluated_steps != model.num_timesteps:
                self._evaluate()
            self._logger.dump(model.num_timesteps)
            is_due = _passed(before, model.num_timesteps, configuration.checkpoint_every)
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
            self._export(None), model.rollouts_done, lambda done: self._on_episode(before + done)
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
        policy = self._export(None)
        result = self._ground.validate(policy)
        steps = self._model.num_timesteps
        self._evaluated_steps = steps
        self._logger.record("validation/score", result.score)
        self._logger.record("validation/success", result.success)
        self._logger.record("validation/illegal_decisions", result.illegal)
        self._logger.record("time/evaluation_seconds", time.monotonic() - started)
        is_best = result.score > self._best_score
        if is_best:
            self._best_score, self._best_steps = result.score, steps
            write_policy_file(self._directory.best_policy, self._export(result))
        self._tell(lambda callback: callback.evaluated(steps, result, is_best))

    def _export(self, validation: Validation | None) -> PolicyFile:
        return export_policy(self._model, self._ground.interface, validation)

    def _checkpoint(self) -> None:
        learner = self._model.state()
        documents: dict[str, Any] = {
            **learner.documents,
            "environments": self._environments.state(),
            "rewards": self._rewards.state(),
            "figures": self._figures.state(),
            "trainer": {
                "best_score": self._best_score,
                "best_steps": self._best_steps,
                "evaluated_steps": self._evaluated_steps,
                "seconds": self._seconds,
            },
        }
        steps = self._model.num_timesteps
        self._directory.checkpoints.save(steps, Archive(documents, learner.arrays))
        self._saved_steps = steps
        self._tell(lambda callback: callback.checkpointed(steps))

    @property
    def _seconds(self) -> float:
        return self._seconds_before + time.monotonic() - self._started

    @property
    def _out_of_time(self) -> bool:
        limit = self._configuration.max_minutes
        return limit is not None and self._seconds > 60.0 * limit

    def _end(self, state: TrainingState) -> TrainingOutcome:
        if state is not TrainingState.INTERRUPTED:
            write_policy_file(self._directory.final_policy, self._export(None))
            write_curve_table(self._directory.path)
        self._write_status(state)
        return TrainingOutcome(
            state,
            self._model.num_timesteps,
            self._seconds / 60.0,
            self._best_score,
            self._best_steps,
        )

    def _write_status(self, state: TrainingState) -> None:
        self._directory.write_status(
            {
                "state": state.value,
                "steps": self._model.num_timesteps,
                "total_steps": self._configuration.total_steps,
                "minutes": round(self._seconds / 60.0, 3),
                "best_score": self._best_score if self._evaluated_steps >= 0 else None,
                "best_steps": self._best_steps,
            }
        )


def _passed(before: int, after: int, every: int) -> bool:
    """True if a multiple of ``every`` lies in (before, after]."""
    return after // every > before // every


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _demonstrations_line(name: str, demonstrations: Demonstrations) -> str:
    episodes, steps = len(demonstrations.lengths), len(demonstrations.rewards)
    score = demonstrations.scores.mean()
    return f"{name}: {episodes} episodes, {steps} decisions, mean score {score:.3f}"
