"""One search from its settings to its result, by Ray Tune and Optuna: what scripts call."""

from __future__ import annotations

import logging
import os
import signal
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from ray import tune as ray_tune
from ray.tune.schedulers import ASHAScheduler, PopulationBasedTraining, TrialScheduler
from ray.tune.search import BasicVariantGenerator, SearchAlgorithm, Searcher
from ray.tune.search.optuna import OptunaSearch

from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.execution.ray_session import ray_session
from ...core.files import removed_if_refused
from ..training.configuration import TrainingConfiguration
from ..training.memory import check_memory
from ..training.stopping import StopRequest
from ..training.world_ground import WorldGround
from .plan import TuningPlan, stored_plan
from .results import TuningListener, TuningResult, collect
from .settings import Range, TuningSettings
from .trial import BEST_SCORE, SCORE, STEPS, run_trial

_EXPERIMENT = "tune"
"""Folder of Ray Tune's own files within the search's."""
_TRIES_AGAIN = 1
"""Of a trial that failed: its machine may have been lost. It goes on from its checkpoint."""
_QUIET = {
    "RAY_AIR_NEW_OUTPUT": "0",  # the new output prints tables whatever its verbosity
    "RAY_CHDIR_TO_TRIAL_DIR": "0",  # paths in a configuration stay what they are
    "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1",
    "TUNE_DISABLE_SIGINT_HANDLER": "1",
    "TUNE_WARN_EXCESSIVE_EXPERIMENT_CHECKPOINT_SYNC_THRESHOLD_S": "0",
}


@checked
def tune(
    settings: TuningSettings | None,
    base: TrainingConfiguration | None,
    directory: Path,
    *,
    workers: int | None = None,
    address: str | None = None,
    resume: bool = False,
    listener: TuningListener | None = None,
) -> TuningResult:
    """Search for the training configuration with the best validation score.

    The folder then holds ``best.policy``, ``best.yaml`` (its configuration, for another
    training), ``trials.json`` and ``trials.parquet``, and each trial's training in ``trials/``.
    Proposals are Optuna's tree-structured Parzen estimator's (Bergstra et al. 2011). SIGINT and
    SIGTERM end it so that it can be resumed; what came of it until then is the result.

    Args:
        settings: what varies; None only when resuming, as is the base: as it was.
        base: what trials have in common.
        directory: new or empty, or with ``resume`` the folder of an interrupted search.
        workers: trials at a time, each on one core; None: as many as there are.
        address: of a Ray cluster that sees the folder; None: this machine.
        resume: go on; trials that have ended are not made again.
        listener: who hears how it goes; None: nobody.

    Raises:
        GoliveError: settings that do not fit the base, a folder that will not do, or no cluster
            at the address.
        KeyboardInterrupt: a second interrupt came while the first was being obeyed.
    """
    if workers is not None and workers < 1:
        raise GoliveError(f"workers: {workers}: expected at least 1")
    if address is not None and address.startswith("ray://"):
        raise GoliveError(
            f"ray address: {address}: expected auto or host:port: a search runs on a machine of "
            "the cluster, which sees its folder"
        )
    plan = _plan(settings, base, directory, resume)
    plan.check()
    ground = WorldGround(plan.base)  # its scenarios, suites and policies exist
    check_memory(plan.base, ground.interface)
    folder, listener = plan.directory / _EXPERIMENT, listener or TuningListener()
    with removed_if_refused(plan.directory, folder.exists):
        if not resume:
            plan.write()
        return _searched(plan, folder, listener, workers, address, resume)


def _searched(
    plan: TuningPlan,
    folder: Path,
    listener: TuningListener,
    workers: int | None,
    address: str | None,
    resume: bool,
) -> TuningResult:
    with (
        _quiet_libraries(),
        ray_session(address, workers) as cores,
        _heard_by(listener),
        _interruptible(listener) as stop,
    ):
        going_on = resume and ray_tune.Tuner.can_restore(str(folder))
        if going_on:
            tuner = ray_tune.Tuner.restore(str(folder), _trainable(plan), resume_unfinished=True)
        else:
            tuner = _new(plan, workers or cores)
        if not stop.requested:
            tuner.fit()
        return collect(plan, folder, is_interrupted=stop.requested)


def _plan(
    settings: TuningSettings | None,
    base: TrainingConfiguration | None,
    directory: Path,
    resume: bool,
) -> TuningPlan:
    if resume:
        if settings is not None or base is not None:
            raise GoliveError("settings and base: expected none when resuming: they are kept")
        return stored_plan(directory)
    if settings is None or base is None:
        raise GoliveError("settings and base: expected both for a new search")
    return TuningPlan(base, settings, directory.resolve())


def _new(plan: TuningPlan, concurrent: int) -> ray_tune.Tuner:
    settings = plan.settings
    is_population = settings.scheduler == "population"
    return ray_tune.Tuner(
        _trainable(plan),
        param_space={name: _domain(values) for name, values in settings.parameters.items()},
        tune_config=ray_tune.TuneConfig(
            metric=SCORE if is_population else BEST_SCORE,
            mode="max",
            search_alg=_proposals(plan),
            scheduler=_scheduler(plan),
            num_samples=settings.trials,
            # All members of a population live at once, and take turns on the cores there are.
            max_concurrent_trials=None if is_population else concurrent,
            trial_dirname_creator=lambda trial: trial.trial_id,
        ),
        run_config=ray_tune.RunConfig(
            name=_EXPERIMENT,
            storage_path=str(plan.directory),
            failure_config=ray_tune.FailureConfig(max_failures=_TRIES_AGAIN),
            checkpoint_config=ray_tune.CheckpointConfig(num_to_keep=4),
            callbacks=[_Callback()],
            verbose=0,
        ),
    )


def _trainable(plan: TuningPlan) -> Any:
    def trial(parameters: dict[str, Any]) -> None:
        run_trial(plan, plan.values(parameters))

    return ray_tune.with_resources(trial, {"cpu": 1})


def _domain(values: Range) -> Any:
    if values.uniform is not None:
        return ray_tune.uniform(*values.uniform)
    if values.loguniform is not None:
        return ray_tune.loguniform(*values.loguniform)
    if values.integers is not None:
        low, high = values.integers
        return ray_tune.randint(low, high + 1)
    return ray_tune.choice(list(range(len(values.values))))


def _proposals(plan: TuningPlan) -> Searcher | SearchAlgorithm:
    """Optuna's tree-structured Parzen estimator; a population starts at random."""
    settings = plan.settings
    first = plan.first_values if settings.base_first else None
    points = None
    if first is not None:
        points = [{name: settings.parameters[name].proposal(own) for name, own in first.items()}]
    if settings.scheduler == "population":
        return BasicVariantGenerator(points_to_evaluate=points, random_state=settings.seed)
    return OptunaSearch(points_to_evaluate=points, seed=settings.seed)


def _scheduler(plan: TuningPlan) -> TrialScheduler | None:
    """The one that stops trials early; None: nobody."""
    settings, base = plan.settings, plan.base
    if settings.scheduler == "none":
        return None
    if settings.scheduler == "population":
        return PopulationBasedTraining(
            time_attr=STEPS,
            perturbation_interval=settings.population.every_steps or base.evaluation.every_steps,
            hyperparam_mutations={
                name: _mutations(values) for name, values in settings.parameters.items()
            },
            quantile_fraction=settings.population.quantile,
            resample_probability=settings.population.resample,
            custom_explore_fn=partial(within, settings.parameters),
            log_config=False,
        )
    whole = base.steps_made + 1  # at this many it would stop one that is done
    return ASHAScheduler(
        time_attr=STEPS,
        max_t=whole,
        grace_period=min(whole, settings.asha.grace_steps or 2 * base.evaluation.every_steps),
        reduction_factor=settings.asha.reduction_factor,
    )


def _mutations(values: Range) -> Any:
    """Domain of new values; of a choice, old ones move to a neighbour."""
    return list(range(len(values.values))) if values.bounds is None else _domain(values)


def within(ranges: Mapping[str, Range], parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters put back into their ranges, which a factor of 1.2 may leave."""
    for name, values in ranges.items():
        if values.bounds is not None:
            low, high = values.bounds
            parameters[name] = min(max(parameters[name], low), high)
    return parameters


@contextmanager
def _interruptible(listener: TuningListener) -> Iterator[StopRequest]:
    """The first interrupt becomes the signal on which Tune saves its state and ends."""

    def obey() -> None:
        listener.stopping()
        os.kill(os.getpid(), signal.SIGUSR1)

    if threading.current_thread() is not threading.main_thread():
        yield StopRequest(obey)  # Python lets nobody handle signals here
        return
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # until Tune handles it
    try:
        with StopRequest(obey) as stop:
            yield stop
    finally:
        signal.signal(signal.SIGUSR1, before)


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Tune and Optuna say nothing: what happens to trials is told by the listener."""
    loggers = [logging.getLogger(name) for name in ("ray", "ray.tune", "optuna")]
    levels = [logger.level for logger in loggers]
    variables = {name: os.environ.get(name) for name in _QUIET}
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        os.environ.update(_QUIET)
        with warnings.catch_warnings():
            # A trial that goes on counts its reports from one again.
            warnings.filterwarnings("ignore", message="The reported value is ignored because")
            # Members are trainings in processes of their own, which end with them.
            warnings.filterwarnings("ignore", message="Consider boosting PBT performance")
            yield
    finally:
        for name, value in variables.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


_listener: TuningListener | None = None
"""Hears of this process's search. Tune pickles its callbacks, which a terminal cannot be."""


@contextmanager
def _heard_by(listener: TuningListener) -> Iterator[None]:
    global _listener  # noqa: PLW0603 - see there
    before, _listener = _listener, listener
    try:
        yield
    finally:
        _listener = before


class _Callback(ray_tune.Callback):
    """Hands on what Tune says of trials."""

    def on_trial_result(
        self, iteration: int, trials: list[Any], trial: Any, result: dict[str, Any], **info: Any
    ) -> None:
        if _listener is not None:
            _listener.evaluated(trial.trial_id, result[STEPS], result[SCORE])

    def on_trial_complete(self, iteration: int, trials: list[Any], trial: Any, **info: Any) -> None:
        self._ended(trial, failed=False)

    def on_trial_error(self, iteration: int, trials: list[Any], trial: Any, **info: Any) -> None:
        self._ended(trial, failed=True)

    def _ended(self, trial: Any, failed: bool) -> None:
        if _listener is not None:
            last = trial.last_result or {}
            steps = last.get(STEPS, 0)
            _listener.ended(trial.trial_id, steps, last.get(BEST_SCORE), failed)
