"""``WorldVectorEnv``: many environments of a world as one, for Gymnasium.

``BatchedVecEnv`` (``golive.envs.sb3``) is the same for Stable-Baselines3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..core.execution import WorkerError, WorkerLost
from .batch import BatchObservation, EnvironmentFactory
from .batched import BatchedEnvironments, factories_of

__all__ = ["WorkerError", "WorkerLost", "WorldVectorEnv"]


class WorldVectorEnv(gymnasium.vector.VectorEnv[BatchObservation, NDArray[Any], NDArray[Any]]):
    """A Gymnasium vector environment of ``workers`` processes or Ray actors.

    Step for step the same as ``SyncVectorEnv`` with the same environments, seeds and autoreset
    mode, whatever the number of workers. ``gymnasium.make_vec`` makes it of every world's id.

    Args:
        num_envs: number of environments.
        environments: a factory per environment, instead of arguments.
        workers: among which they are divided; 0 steps them in this process.
        start_method: of processes; see ``BatchedEnvironments``.
        backend: what workers are: ``"process"`` or ``"ray"``.
        autoreset_mode: when an episode that has ended is followed by the next; Gymnasium's
            default is with the next step.
        arguments: of ``WorldEnv``, alike for all (they differ by seed).

    Attributes:
        batched: the environments.

    Raises:
        GoliveError: arguments that do not fit, or an environment's own.
        WorkerError: a worker failed; ``details`` holds its traceback.
        WorkerLost: a worker is gone: killed, or its machine lost.
    """

    def __init__(
        self,
        num_envs: int | None = None,
        environments: Sequence[EnvironmentFactory] | None = None,
        *,
        workers: int = 0,
        start_method: str | None = None,
        backend: str = "process",
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        **arguments: Any,
    ) -> None:
        if environments is not None and arguments:
            names = ", ".join(arguments)
            raise GoliveError(f"environments: expected no arguments beside factories: {names}")
        mode = _autoreset_mode(autoreset_mode)
        factories = factories_of(
            arguments if environments is None else environments, num_envs, "num_envs"
        )
        self.batched = BatchedEnvironments(factories, workers, start_method, backend, mode)
        spaces = self.batched.spaces
        self.num_envs = self.batched.count
        self.metadata = {**spaces.metadata, "autoreset_mode": mode}
        self.render_mode = spaces.render_mode
        self.single_observation_space = spaces.observation_space
        self.single_action_space = spaces.action_space
        self.observation_space = batch_space(spaces.observation_space, self.num_envs)
        self.action_space = batch_space(spaces.action_space, self.num_envs)

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[BatchObservation, dict[str, Any]]:
        """Start an episode in each environment.

        Args:
            seed: of each; of one number the environments get successive ones.
            options: as ``WorldEnv.reset`` takes them, for all alike; ``reset_mask``,
                bool[environments], says in which to start one (all).

        Raises:
            GoliveError: an unknown option, a bad value, or another number of seeds.
        """
        if seed is None or isinstance(seed, int):
            seed = [None if seed is None else seed + index for index in range(self.num_envs)]
        if len(seed) != self.num_envs:
            raise GoliveError(f"seed: {len(seed)} of them: expected {self.num_envs}")
        own = dict(options or {})
        chosen = own.pop("reset_mask", None)
        if chosen is not None:
            chosen = np.asarray(chosen)
            if chosen.dtype != np.bool_ or chosen.shape != (self.num_envs,) or not chosen.any():
                raise GoliveError(
                    f"options: reset_mask: {chosen.tolist()!r}: expected {self.num_envs} booleans, "
                    "not all false"
                )
        observations, parts = self.batched.reset(seed, [own] * self.num_envs, chosen)
        infos: dict[str, Any] = {}
        for index, info in enumerate(parts):
            infos = self._add_info(infos, info, index)
        return observations, infos

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
        self.batched.send_step(np.asarray(actions))
        step = self.batched.receive_step()
        infos: dict[str, Any] = {}
        for index, (info, ending) in enumerate(zip(step.infos, step.endings, strict=True)):
            if ending is not None:
                last = {"final_obs": ending.observation, "final_info": ending.info}
                infos = self._add_info(infos, last, index)
            infos = self._add_info(infos, info, index)
        return step.observations, step.rewards, step.terminations, step.truncations, infos

    def action_masks(self) -> NDArray[np.bool_]:
        """Say what is legal now in every environment: bool[environments, choices].

        Raises:
            GoliveError: the environments have no masks.
        """
        return self.batched.action_masks()

    def set_next_options(self, options: Mapping[int, Mapping[str, Any]]) -> None:
        """Set options of the next reset of some environments, by their numbers."""
        self.batched.set_next_options(options)

    def get_states(self) -> list[Any]:
        """The saved state of every environment (``WorldEnv.get_state``)."""
        return self.batched.get_states()

    def set_states(self, states: Sequence[Any]) -> None:
        """Restore every environment; what follows is what followed when it was saved."""
        self.batched.set_states(states)

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of every environment, or get its attribute."""
        return tuple(self.batched.call(None, name, args, kwargs))

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """An attribute of every environment."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of every environment: to values of a list or tuple, or to one."""
        if not isinstance(values, list | tuple):
            values = [values] * self.num_envs
        if len(values) != self.num_envs:
            raise GoliveError(f"{name}: {len(values)} values: expected {self.num_envs}")
        for index, value in enumerate(values):
            self.batched.call([index], "set_wrapper_attr", (name, value))

    def render(self) -> tuple[Any, ...]:
        """A picture of every environment."""
        return self.call("render")

    def close_extras(self, **_: Any) -> None:
        """End the workers."""
        self.batched.close()


def _autoreset_mode(mode: str | AutoresetMode) -> AutoresetMode:
    try:
        return AutoresetMode(mode)
    except ValueError:
        known = ", ".join(known.value for known in AutoresetMode)
        raise GoliveError(f"autoreset_mode: {mode!r}: expected one of {known}") from None
