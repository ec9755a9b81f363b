"""``WorldVectorEnv``: many environments of a world as one, for Gymnasium.

Each worker steps several environments per message and sends their masks along with the
observations, so that asking for them costs no round trip. Workers never import the learning
libraries. ``BatchedVecEnv`` (``golive.envs.sb3``) is the same for Stable-Baselines3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, pairwise
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from ..core.arguments import checked, count_of, seed_of
from ..core.errors import GoliveError
from ..core.execution import WorkerError, WorkerLost
from ..core.execution.process_worker import ProcessWorker
from ..core.execution.worker import LocalWorker, Worker, close_workers, pickled
from ..core.garbage import collect_rarely
from .batch import (
    AutoresetMode,
    BatchObservation,
    BatchStep,
    EnvironmentBatch,
    EnvironmentFactory,
    Spaces,
    joined,
)
from .environment import WorldEnv

__all__ = ["BACKENDS", "WorkerError", "WorkerLost", "WorldVectorEnv"]

BACKENDS = ("process", "ray")
"""Kinds of workers."""
_LOOKS = ("get_wrapper_attr", "has_wrapper_attr")
"""Calls that cannot change what is legal."""


class WorldVectorEnv(gymnasium.vector.VectorEnv[BatchObservation, NDArray[Any], NDArray[Any]]):
    """A Gymnasium vector environment of ``workers`` processes or Ray actors.

    Step for step the same as ``SyncVectorEnv`` with the same environments, seeds and autoreset
    mode, whatever the number of workers. ``gymnasium.make_vec`` makes it of every world's id.

    Args:
        num_envs: number of environments; with factories it may be left out.
        environments: a factory per environment, instead of arguments.
        workers: among which they are divided; 0 steps them in this process, which from then on
            collects garbage more rarely: many worlds live long (``golive.core.garbage``).
        start_method: of processes: ``"forkserver"`` or ``"spawn"``; None: forkserver where there
            is one.
        backend: what workers are: ``"process"``, or ``"ray"`` for actors of the Ray session
            that is there (none is started).
        autoreset_mode: when an episode that has ended is followed by the next; Gymnasium's
            default is with the next step.
        max_episode_steps: after which an episode is truncated; None or -1: never.
        arguments: of ``WorldEnv``, alike for all (they differ by seed).

    Attributes:
        workers: that hold the environments.
        spaces: that the environments have in common.

    Raises:
        GoliveError: arguments that do not fit, or an environment's own.
        WorkerError: a worker failed; ``details`` holds its traceback.
        WorkerLost: a worker is gone: killed, or its machine lost.
    """

    @checked
    def __init__(
        self,
        num_envs: int | None = None,
        environments: Sequence[EnvironmentFactory] | None = None,
        *,
        workers: int = 0,
        start_method: str | None = None,
        backend: str = "process",
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        max_episode_steps: int | None = None,
        **arguments: Any,
    ) -> None:
        if environments is not None and arguments:
            names = ", ".join(arguments)
            raise GoliveError(f"environments: expected no arguments beside factories: {names}")
        given = arguments if environments is None else environments
        factories = factories_of(given, num_envs, "num_envs")
        if max_episode_steps is not None and max_episode_steps != -1:
            steps = count_of("max_episode_steps", max_episode_steps, 1)
            factories = [partial(_limited, factory, steps) for factory in factories]
        mode = _autoreset_mode(autoreset_mode)
        count_of("workers", workers)
        if workers == 0:  # as in workers of their own
            collect_rarely()
        if backend not in BACKENDS:
            raise GoliveError(f"backend: {backend!r}: expected one of {', '.join(BACKENDS)}")
        self.num_envs = len(factories)
        self.workers: list[Worker] = []
        self._parts = _divide(self.num_envs, workers or 1)
        self._masks: NDArray[np.bool_] | None = None
        self._next_options: dict[int, Mapping[str, Any]] = {}
        try:
            for part in self._parts:
                batch = partial(EnvironmentBatch, factories[part.start : part.stop], mode)
                self.workers.append(_worker(batch, workers, start_method, backend))
            for worker in self.workers:
                worker.begin()
            self._receive_all()
            self.spaces: Spaces = self.ask("spaces")[0]
        except BaseException:
            self.close()
            raise
        self.metadata = {**self.spaces.metadata, "autoreset_mode": mode}
        self.render_mode = self.spaces.render_mode
        self.single_observation_space = self.spaces.observation_space
        self.single_action_space = self.spaces.action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)

    @checked
    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[BatchObservation, dict[str, Any]]:
        """Start an episode in each environment.

        Args:
            seed: of each; of one number the environments get successive ones, as Gymnasium's
                vector environments do it: neighbouring numbers then share environments' seeds.
                Independent ones are ``numpy.random.SeedSequence(seed).generate_state(num_envs)``.
            options: as ``WorldEnv.reset`` takes them, for all alike; ``reset_mask``,
                bool[environments], says in which to start one (all).

        Raises:
            GoliveError: an unknown option, a bad value, or another number of seeds.
        """
        seeds = self._seeds(seed)
        own = dict(options or {})
        chosen = own.pop("reset_mask", None)
        if chosen is not None:
            chosen = np.asarray(chosen)
            if chosen.dtype != np.bool_ or chosen.shape != (self.num_envs,) or not chosen.any():
                raise GoliveError(
                    f"options: reset_mask: {chosen.tolist()!r}: expected {self.num_envs} booleans, "
                    "not all false"
                )
        observations, parts = self.reset_each(seeds, [own] * self.num_envs, chosen)
        infos: dict[str, Any] = {}
        for index, info in enumerate(parts):
            infos = self._add_info(infos, info, index)
        return observations, infos

    def _seeds(self, seed: int | Sequence[int | None] | None) -> Sequence[int | None]:
        if seed is None:
            return [None] * self.num_envs
        if isinstance(seed, int | np.integer):
            return [int(seed) + index for index in range(self.num_envs)]
        if len(seed) != self.num_envs:
            raise GoliveError(f"seed: {len(seed)} of them: expected {self.num_envs}")
        return [None if one is None else seed_of("seed", one, 128) for one in seed]

    def step(
        self, actions: NDArray[Any]
    ) -> tuple[
        BatchObservation,
        NDArray[np.float64],
        NDArray[np.bool_],
        NDArray[np.bool_],
        dict[str, Any],
    ]:
        """Decide in every environment, a row of ``actions`` each.

        Returns:
            Observations, rewards, terminations, truncations and infos: by key an array of all
            environments' and under ``_key`` who has it. In ``SAME_STEP`` mode ``final_obs`` and
            ``final_info`` are an ended episode's last.
        """
        self.send_step(np.asarray(actions))
        step = self.receive_step()
        infos: dict[str, Any] = {}
        for index, (info, ending) in enumerate(zip(step.infos, step.endings, strict=True)):
            if ending is not None:
                last = {"final_obs": ending.observation, "final_info": ending.info}
                infos = self._add_info(infos, last, index)
            infos = self._add_info(infos, info, index)
        return step.observations, step.rewards, step.terminations, step.truncations, infos

    def reset_each(
        self,
        seeds: Sequence[int | None],
        options: Sequence[Mapping[str, Any]],
        chosen: Sequence[bool] | None = None,
    ) -> tuple[BatchObservation, list[dict[str, Any]]]:
        """Start an episode in each environment, or in the chosen ones.

        Args:
            seeds: one per environment.
            options: one per environment.
            chosen: whether to, one per environment; None: in all.

        Returns:
            Observations of all, and an info per environment, empty where none was started.
        """
        chosen = [True] * self.num_envs if chosen is None else chosen
        for worker, part in zip(self.workers, self._parts, strict=True):
            own = slice(part.start, part.stop)
            worker.send("reset", list(seeds[own]), list(options[own]), list(chosen[own]))
        observations, infos, masks = zip(*self._receive_all(), strict=True)
        self._keep_masks(masks)
        return joined(observations), list(chain(*infos))

    def send_step(self, actions: NDArray[Any]) -> None:
        """Send every worker its actions, a row per environment."""
        for worker, part in zip(self.workers, self._parts, strict=True):
            pending = self._next_options
            options = {i - part.start: pending[i] for i in part if i in pending}
            worker.send("step", actions[part.start : part.stop], options)
        self._next_options = {}

    def receive_step(self) -> BatchStep:
        """Result of the actions sent before."""
        steps: list[BatchStep] = self._receive_all()
        self._keep_masks([step.masks for step in steps])
        return BatchStep(
            joined([step.observations for step in steps]),
            np.concatenate([step.rewards for step in steps]),
            np.concatenate([step.terminations for step in steps]),
            np.concatenate([step.truncations for step in steps]),
            [info for step in steps for info in step.infos],
            [ending for step in steps for ending in step.endings],
            self._masks,
        )

    @checked
    def set_next_options(self, options: Mapping[int, Mapping[str, Any]]) -> None:
        """Set options of the next reset of some environments: the level after the running one.

        They travel with the next step and are used once; an environment without any draws its
        next episode itself. ``get_states`` does not hold them: set them again after
        ``set_states``.

        Args:
            options: by the environment's number, as ``WorldEnv.reset`` takes them.
        """
        self._next_options.update(options)

    def action_masks(self) -> NDArray[np.bool_]:
        """Say what is legal now in every environment: bool[environments, choices].

        Raises:
            GoliveError: the environments have no masks.
        """
        if self._masks is None:
            self._keep_masks(self.ask("masks"))
        if self._masks is None:
            raise GoliveError("action_masks: these environments have none")
        return self._masks.copy()

    def get_states(self) -> list[Any]:
        """The saved state of every environment (``WorldEnv.get_state``)."""
        return self.call_each("get_state")

    @checked
    def set_states(self, states: Sequence[Any]) -> None:
        """Restore every environment; what follows is what followed when it was saved.

        Raises:
            GoliveError: another number of states, or one that does not fit.
        """
        if len(states) != self.num_envs:
            raise GoliveError(f"states: {len(states)}: expected {self.num_envs}")
        self.call_each("set_state", [(state,) for state in states])

    def call_each(
        self,
        method: str,
        arguments: Sequence[tuple[Any, ...]] | None = None,
        named: Mapping[str, Any] | None = None,
        indices: Iterable[int] | None = None,
    ) -> list[Any]:
        """Call a method of environments or of wrappers around them, or get an attribute.

        Args:
            method: its name.
            arguments: one tuple per chosen environment; None: no arguments.
            named: further ones, alike for all.
            indices: of the chosen environments; None: all.
        """
        if method not in _LOOKS:
            self._masks = None
        chosen = list(range(self.num_envs) if indices is None else indices)
        asked = dict(zip(chosen, arguments or [()] * len(chosen), strict=True))
        for worker, part in zip(self.workers, self._parts, strict=True):
            own = {index - part.start: asked[index] for index in part if index in asked}
            worker.send("call", method, own, named or {})
        answers = {}
        for part, answer in zip(self._parts, self._receive_all(), strict=True):
            answers.update({part.start + place: value for place, value in answer.items()})
        return [answers[index] for index in chosen]

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of every environment, or get its attribute."""
        return tuple(self.call_each(name, [args] * self.num_envs, kwargs))

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """An attribute of every environment."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of every environment: to values of a list or tuple, or to one."""
        if not isinstance(values, list | tuple):
            values = [values] * self.num_envs
        if len(values) != self.num_envs:
            raise GoliveError(f"{name}: {len(values)} values: expected {self.num_envs}")
        self.call_each("set_wrapper_attr", [(name, value) for value in values])

    def render(self) -> tuple[Any, ...]:
        """A picture of every environment."""
        return self.call("render")

    def ask(self, method: str, *arguments: Any) -> list[Any]:
        """Call a method of every worker's ``EnvironmentBatch``: an answer of each."""
        for worker in self.workers:
            worker.send(method, *arguments)
        return self._receive_all()

    def close_extras(self, **_: Any) -> None:
        """End the workers."""
        close_workers(self.workers)

    def _receive_all(self) -> list[Any]:
        return [self._received(worker) for worker in self.workers]

    def _received(self, worker: Worker) -> Any:
        """A worker's answer; after a failure or Ctrl-C in between there is no going on."""
        try:
            return worker.receive()
        except BaseException:
            self.close()
            raise

    def _keep_masks(self, masks: Sequence[NDArray[np.bool_] | None]) -> None:
        known = [part for part in masks if part is not None]
        self._masks = np.concatenate(known) if len(known) == len(masks) else None


def _limited(factory: EnvironmentFactory, steps: int) -> gymnasium.Env[Any, Any]:
    return gymnasium.wrappers.TimeLimit(factory(), steps)


def factories_of(
    environments: Sequence[EnvironmentFactory] | Mapping[str, Any], count: int | None, name: str
) -> list[EnvironmentFactory]:
    """A factory per environment.

    Args:
        environments: factories, or the keyword arguments of ``WorldEnv`` for environments alike.
        count: of the environments; needed with arguments, must match factories if given.
        name: of the count, for messages.

    Raises:
        GoliveError: no or a wrong count.
    """
    if isinstance(environments, Mapping):
        return [partial(WorldEnv, **environments)] * count_of(name, count, 1)
    factories = list(environments)
    if not factories or count not in (None, len(factories)):
        raise GoliveError(f"{name}: {count}: expected as many as factories ({len(factories)})")
    return factories


def _autoreset_mode(mode: str | AutoresetMode) -> AutoresetMode:
    try:
        return AutoresetMode(mode)
    except ValueError:
        known = ", ".join(known.value for known in AutoresetMode)
        raise GoliveError(f"autoreset_mode: {mode!r}: expected one of {known}") from None


def _worker(
    batch: partial[EnvironmentBatch], workers: int, start_method: str | None, backend: str
) -> Worker:
    if workers == 0:
        return LocalWorker(batch, bare=True)
    if backend == "process":
        return ProcessWorker(pickled(batch), start_method=start_method)
    import ray

    from ..core.execution.ray_workers import ActorWorker

    if not ray.is_initialized():
        raise GoliveError(
            "backend: 'ray': expected a session: call ray.init() before the environments "
            "are made, or train with golive train --backend ray"
        )
    # No core is booked: the same training's episodes (validation, demonstrations), for which a
    # core each is booked, run while the environments rest.
    return ActorWorker(pickled(batch), cores=0)


def _divide(count: int, workers: int) -> list[range]:
    """Consecutive environments per worker, as even as can be, none empty."""
    workers = min(workers, count)
    bounds = [count * worker // workers for worker in range(workers + 1)]
    return [range(start, stop) for start, stop in pairwise(bounds)]
