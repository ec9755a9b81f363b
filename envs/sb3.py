"""``BatchedVecEnv``: many environments in a few processes or Ray actors, for Stable-Baselines3.

Importing this module imports Stable-Baselines3; the workers never do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.vec_env.base_vec_env import (
    VecEnv,
    VecEnvIndices,
    VecEnvObs,
    VecEnvStepReturn,
)

from ..core.arguments import checked, seed_of
from .batch import AutoresetMode, EnvironmentFactory, full_name
from .vector import WorldVectorEnv, factories_of


class BatchedVecEnv(VecEnv):
    """A Stable-Baselines3 vector environment of ``workers`` processes or Ray actors.

    Step for step the same as ``DummyVecEnv`` with the same environments and seeds, whatever
    the number of workers. MaskablePPO's ``env_method("action_masks")`` costs no round trip.

    Args:
        environments: a factory per environment, or the keyword arguments of ``WorldEnv`` for
            ``n_envs`` environments alike (they differ by seed).
        n_envs: number of environments; needed with arguments, must match factories if given.
        workers: among which they are divided; 0 steps them in this process.
        start_method: of processes; see ``WorldVectorEnv``.
        backend: what workers are: ``"process"`` or ``"ray"``.

    Attributes:
        vector: the environments.

    Raises:
        GoliveError: arguments that do not fit, or an environment's own.
        WorkerError: a worker failed; ``details`` holds its traceback.
        WorkerLost: a worker is gone: killed, or its machine lost.
    """

    @checked
    def __init__(
        self,
        environments: Sequence[EnvironmentFactory] | Mapping[str, Any],
        n_envs: int | None = None,
        workers: int = 0,
        start_method: str | None = None,
        backend: str = "process",
    ) -> None:
        factories = factories_of(environments, n_envs, "n_envs")
        self.vector = WorldVectorEnv(
            environments=factories,
            workers=workers,
            start_method=start_method,
            backend=backend,
            autoreset_mode=AutoresetMode.SAME_STEP,
        )
        spaces = self.vector.spaces
        super().__init__(len(factories), spaces.observation_space, spaces.action_space)

    def seed(self, seed: int | None = None) -> Sequence[int | None]:
        """Seed the environments' drawing of episodes from the next ``reset`` on.

        Their seeds are drawn from this one by ``numpy.random.SeedSequence``. Successive numbers,
        SB3's way, would give trainings with neighbouring seeds all but one of their environments
        in common.

        Returns:
            The seed of each environment.
        """
        if seed is None:
            return super().seed()
        sequence = np.random.SeedSequence(seed_of("seed", seed, 128))
        self._seeds = sequence.generate_state(self.num_envs, np.uint64).tolist()
        return self._seeds

    def reset(self) -> VecEnvObs:
        """Start an episode in each environment; seeds and options are used once."""
        observations, self.reset_infos = self.vector.reset_each(self._seeds, self._options)
        self._reset_seeds()
        self._reset_options()
        return observations  # type: ignore[no-any-return]

    def step_async(self, actions: NDArray[Any]) -> None:
        """Send every worker its actions."""
        self.vector.send_step(actions)

    def step_wait(self) -> VecEnvStepReturn:
        """Observations, rewards, dones and infos of the step sent before."""
        step = self.vector.receive_step()
        infos = step.infos
        for index, ending in enumerate(step.endings):
            if ending is not None:
                self.reset_infos[index], infos[index] = infos[index], ending.info
                infos[index]["terminal_observation"] = ending.observation
        cut_short = step.truncations & ~step.terminations
        for info, truncated in zip(infos, cut_short.tolist(), strict=True):
            info["TimeLimit.truncated"] = truncated
        dones = step.terminations | step.truncations
        return step.observations, step.rewards.astype(np.float32), dones, infos

    @checked
    def set_next_options(self, options: Mapping[int, Mapping[str, Any]]) -> None:
        """Set options of the next reset of some environments, by their numbers."""
        self.vector.set_next_options(options)

    def action_masks(self) -> NDArray[np.bool_]:
        """Say what is legal now in every environment: bool[environments, choices]."""
        return self.vector.action_masks()

    def get_states(self) -> list[Any]:
        """The saved state of every environment (``WorldEnv.get_state``)."""
        return self.vector.get_states()

    @checked
    def set_states(self, states: Sequence[Any]) -> None:
        """Restore every environment; what follows is what followed when it was saved."""
        self.vector.set_states(states)

    def close(self) -> None:
        """End the workers; again is harmless."""
        self.vector.close()

    def get_attr(self, attr_name: str, indices: VecEnvIndices = None) -> list[Any]:
        """An attribute of the chosen environments."""
        chosen = self._chosen(indices)
        if attr_name == "render_mode":
            return [self.vector.render_mode] * len(chosen)
        return self.env_method("get_wrapper_attr", attr_name, indices=chosen)

    def set_attr(self, attr_name: str, value: Any, indices: VecEnvIndices = None) -> None:
        """Set an attribute of the chosen environments' outermost wrappers."""
        self.env_method("__setattr__", attr_name, value, indices=indices)

    def has_attr(self, attr_name: str) -> bool:
        """True if all environments have it (asked where they live: it need not be picklable)."""
        return all(self.env_method("has_wrapper_attr", attr_name))

    def env_method(
        self,
        method_name: str,
        *method_args: Any,
        indices: VecEnvIndices = None,
        **method_kwargs: Any,
    ) -> list[Any]:
        """Call a method of the chosen environments; masks come from what is already here."""
        chosen = self._chosen(indices)
        if method_name == "action_masks" and self.vector.spaces.has_masks:
            masks = self.action_masks()
            return [masks[index] for index in chosen]
        return self.vector.call_each(
            method_name, [method_args] * len(chosen), method_kwargs, chosen
        )

    def env_is_wrapped(self, wrapper_class: type[Any], indices: VecEnvIndices = None) -> list[bool]:
        """True for each of the chosen environments that has this wrapper."""
        wrapped = list(chain(*self.vector.ask("is_wrapped", full_name(wrapper_class))))
        return [wrapped[index] for index in self._chosen(indices)]

    def get_images(self) -> Sequence[NDArray[np.uint8] | None]:
        """A picture of each environment."""
        return self.vector.render()

    def _chosen(self, indices: VecEnvIndices) -> list[int]:
        return [range(self.num_envs)[index] for index in self._get_indices(indices)]
