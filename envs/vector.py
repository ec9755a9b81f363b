"""``BatchedVecEnv``: many environments in a few processes or Ray actors, for Stable-Baselines3.

Each worker steps several environments per message and sends their masks along with the
observations, so that MaskablePPO's ``env_method("action_masks")`` costs no round trip.
Importing this module imports Stable-Baselines3; the workers never do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.vec_env.base_vec_env import (
    VecEnv,
    VecEnvIndices,
    VecEnvObs,
    VecEnvStepReturn,
)

from ..core.errors import GoliveError
from .batch import BatchStep, EnvironmentFactory, full_name, joined
from .environment import WorldEnv
from .vector_lines import Line, LocalLine, ProcessLine, WorkerError, WorkerLost

BACKENDS = ("process", "ray")
"""What workers can be."""

__all__ = ["BACKENDS", "BatchedVecEnv", "WorkerError", "WorkerLost"]


class BatchedVecEnv(VecEnv):
    """A Stable-Baselines3 vector environment of ``workers`` processes or Ray actors.

    Step for step the same as ``DummyVecEnv`` with the same environments and seeds, whatever
    the number of workers.

    Args:
        environments: a factory per environment, or the keyword arguments of
            ``WorldEnv`` for ``n_envs`` environments alike (they differ by seed).
        n_envs: number of environments; needed with arguments, must match factories if given.
        workers: among which they are divided; 0 steps them in this process.
        start_method: of processes: ``"forkserver"`` or ``"spawn"``; None: forkserver where there
            is one.
        backend: what workers are: ``"process"``, or ``"ray"`` for actors of the Ray session
            that is there (none is started).

    Raises:
        GoliveError: arguments that do not fit, or an environment's own.
        WorkerError: a worker failed; the message ends with its traceback.
        WorkerLost: a worker is gone: killed, or its machine lost.
    """

    def __init__(
        self,
        environments: Sequence[EnvironmentFactory] | Mapping[str, Any],
        n_envs: int | None = None,
        workers: int = 0,
        start_method: str | None = None,
        backend: str = "process",
    ) -> None:
        factories = _factories(environments, n_envs)
        if workers < 0:
            raise GoliveError(f"workers: {workers}: expected at least 0")
        if backend not in BACKENDS:
            raise GoliveError(f"backend: {backend!r}: expected one of {', '.join(BACKENDS)}")
        self._closed = False
        self._masks: NDArray[np.bool_] | None = None
        self._parts = _divide(len(factories), workers or 1)
        self._home = {i: (p, k) for p, part in enumerate(self._parts) for k, i in enumerate(part)}
        self._lines: list[Line] = []
        self._next_options: dict[int, Mapping[str, Any]] = {}
        try:
            for part in self._parts:
                chosen = [factories[index] for index in part]
                self._lines.append(_line(chosen, workers, start_method, backend))
            answers = [line.receive() for line in self._lines]
        except BaseException:
            self.close()
            raise
        observation_space, action_space, self._render_mode, self._has_masks = answers[0]
        super().__init__(len(factories), observation_space, action_space)

    def reset(self) -> VecEnvObs:
        """Start an episode in each environment; seeds and options are used once."""
        for line, part in zip(self._lines, self._parts, strict=True):
            seeds = [self._seeds[i] for i in part]
            line.send("reset", seeds, [self._options[i] for i in part])
        observations, infos, masks = zip(*self._receive_all(), strict=True)
        self.reset_infos = [info for part in infos for info in part]
        self._keep_masks(masks)
        self._reset_seeds()
        self._reset_options()
        return joined(observations)  # type: ignore[no-any-return]

    def step_async(self, actions: NDArray[Any]) -> None:
        """Send every worker its actions."""
        for line, part in zip(self._lines, self._parts, strict=True):
            chosen = actions[part.start : part.stop]
            if self._next_options:
                line.send("step", chosen, self._options_of(part))
            else:
                line.send("step", chosen)
        self._next_options = {}

    def step_wait(self) -> VecEnvStepReturn:
        """Observations, rewards, dones and infos of the step sent before."""
        steps: list[BatchStep] = self._receive_all()
        self._keep_masks([step.masks for step in steps])
        self.reset_infos = [info for step in steps for info in step.reset_infos]
        return (
            joined([step.observations for step in steps]),
            np.concatenate([step.rewards for step in steps]),
            np.concatenate([step.dones for step in steps]),
            [info for step in steps for info in step.infos],
        )

    def set_next_options(self, options: Mapping[int, Mapping[str, Any]]) -> None:
        """Options of the next reset of some environments: the level that follows the running one.

        They travel with the next step and are used once; an environment without any draws its
        next episode itself. ``get_states`` does not hold them: set them again after
        ``set_states``.

        Args:
            options: by the environment's number, as ``WorldEnv.reset`` takes them.
        """
        self._next_options.update(options)

    def _options_of(self, part: range) -> dict[int, Mapping[str, Any]]:
        pending = self._next_options
        return {index - part.start: pending[index] for index in part if index in pending}

    def action_masks(self) -> NDArray[np.bool_]:
        """What is legal now in every environment: bool[environments, 60]; no round trip.

        Raises:
            GoliveError: the environments have no masks.
        """
        if self._masks is None:
            for line in self._lines:
                line.send("masks")
            self._keep_masks(self._receive_all())
        if self._masks is None:
            raise GoliveError("action_masks: these environments have none")
        return self._masks.copy()

    def get_states(self) -> list[Any]:
        """The saved state of every environment (``WorldEnv.get_state``)."""
        for line in self._lines:
            line.send("get_states")
        return [state for states in self._receive_all() for state in states]

    def set_states(self, states: Sequence[Any]) -> None:
        """Restore every environment; what follows is what followed when it was saved.

        Raises:
            GoliveError: another number of states, or one that does not fit.
        """
        if len(states) != self.num_envs:
            raise GoliveError(f"states: {len(states)}: expected {self.num_envs}")
        for line, part in zip(self._lines, self._parts, strict=True):
            line.send("set_states", list(states[part.start : part.stop]))
        self._keep_masks(self._receive_all())

    def close(self) -> None:
        """End the workers; again is harmless."""
        if not self._closed:
            self._closed = True
            for line in self._lines:
                line.begin_close()
            for line in self._lines:
                line.finish_close()

    def get_attr(self, attr_name: str, indices: VecEnvIndices = None) -> list[Any]:
        """An attribute of the chosen environments."""
        if attr_name == "render_mode":
            return [self._render_mode for _ in self._chosen(indices)]
        return self._ask_each(indices, "get_attribute", attr_name)

    def set_attr(self, attr_name: str, value: Any, indices: VecEnvIndices = None) -> None:
        """Set an attribute of the chosen environments."""
        self._masks = None
        self._ask_each(indices, "set_attribute", attr_name, value)

    def has_attr(self, attr_name: str) -> bool:
        """Whether all environments have it (asked where they live: it need not be picklable)."""
        for line in self._lines:
            line.send("has_attributes", attr_name)
        return all(self._receive_all())

    def env_method(
        self,
        method_name: str,
        *method_args: Any,
        indices: VecEnvIndices = None,
        **method_kwargs: Any,
    ) -> list[Any]:
        """Call a method of the chosen environments; masks come from what is already here."""
        if method_name == "action_masks" and self._has_masks:
            masks = self.action_masks()
            return [masks[index] for index in self._chosen(indices)]
        self._masks = None
        return self._ask_each(indices, "call", method_name, method_args, method_kwargs)

    def env_is_wrapped(self, wrapper_class: type[Any], indices: VecEnvIndices = None) -> list[bool]:
        """Whether the chosen environments have this wrapper."""
        return self._ask_each(indices, "is_wrapped", full_name(wrapper_class))

    def get_images(self) -> Sequence[NDArray[np.uint8] | None]:
        """A picture of each environment."""
        return self._ask_each(None, "call", "render", (), {})

    def _ask_each(self, indices: VecEnvIndices, command: str, *arguments: Any) -> list[Any]:
        """One environment after another: for what is not done at every step."""
        answers = []
        for index in self._chosen(indices):
            part, position = self._home[index]
            self._lines[part].send(command, position, *arguments)
            answers.append(self._received(self._lines[part]))
        return answers

    def _chosen(self, indices: VecEnvIndices) -> Iterable[int]:
        return [range(self.num_envs)[index] for index in self._get_indices(indices)]

    def _receive_all(self) -> list[Any]:
        return [self._received(line) for line in self._lines]

    def _received(self, line: Line) -> Any:
        """A worker's answer; after a failure or Ctrl-C in between there is no going on."""
        try:
            return line.receive()
        except BaseException:
            self.close()
            raise

    def _keep_masks(self, masks: Sequence[NDArray[np.bool_] | None]) -> None:
        known = [part for part in masks if part is not None]
        self._masks = np.concatenate(known) if len(known) == len(masks) else None


def _line(
    factories: Sequence[EnvironmentFactory], workers: int, start_method: str | None, backend: str
) -> Line:
    if workers == 0:
        return LocalLine(factories)
    if backend == "process":
        return ProcessLine(factories, start_method)
    from .vector_ray import RayLine

    return RayLine(factories)


def _factories(
    environments: Sequence[EnvironmentFactory] | Mapping[str, Any], n_envs: int | None
) -> list[EnvironmentFactory]:
    if isinstance(environments, Mapping):
        if n_envs is None or n_envs < 1:
            raise GoliveError(f"n_envs: {n_envs}: expected at least 1")
        return [partial(WorldEnv, **environments)] * n_envs
    factories = list(environments)
    if not factories or n_envs not in (None, len(factories)):
        raise GoliveError(f"n_envs: {n_envs}: expected as many as factories ({len(factories)})")
    return factories


def _divide(count: int, workers: int) -> list[range]:
    """Consecutive environments per worker, as even as can be, none empty."""
    workers = min(workers, count)
    bounds = [count * worker // workers for worker in range(workers + 1)]
    return [range(start, stop) for start, stop in pairwise(bounds)]
