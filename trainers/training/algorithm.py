"""MaskablePPO that can stop between two rollouts and go on as if it never had.

sb3-contrib's algorithm unchanged, with schedules for the entropy weight, rollouts that
train only the value function, and everything it needs to continue as arrays and numbers.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from sb3_contrib import MaskablePPO
from sb3_contrib.common.maskable.buffers import MaskableRolloutBuffer, MaskableRolloutBufferSamples
from stable_baselines3.common.callbacks import BaseCallback
from torch.nn import functional

from ...core.archive import Archive
from .configuration import TrainingConfiguration
from .distribution import BatchedMaskablePolicy
from .schedules import Schedule

if TYPE_CHECKING:
    from stable_baselines3.common.logger import Logger
    from stable_baselines3.common.vec_env import VecEnv

ACTIVATIONS = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}
"""Of hidden layers, by the name a configuration gives."""
_ENTROPY_SAMPLES = 1024
_FEWEST_SAMPLES = 2
"""Advantages of fewer cannot be normalised."""


class ChosenRolloutBuffer(MaskableRolloutBuffer):
    """sb3-contrib's buffer; ``choose`` says which samples ``get`` hands out.

    Attributes:
        chosen: samples that are learned from, flat; None: all.
    """

    chosen: NDArray[np.int64] | None = None

    def reset(self) -> None:
        """Begin a rollout; all of it will be learned from unless ``choose`` says otherwise."""
        self.chosen = None
        super().reset()

    def choose(self, keep: NDArray[np.bool_] | None) -> None:
        """Learn from some samples only, bool (steps, environments); None: from all of them."""
        self.chosen = None if keep is None else np.flatnonzero(keep.swapaxes(0, 1).ravel())

    @property
    def usable(self) -> int:
        """Number of samples that are learned from."""
        return self.buffer_size * self.n_envs if self.chosen is None else len(self.chosen)

    def get(  # type: ignore[override]
        self, batch_size: int | None = None
    ) -> Generator[MaskableRolloutBufferSamples, None, None]:
        """Mini-batches of what is learned from, in random order; never one of a single sample."""
        if self.chosen is None and (batch_size is None or self.usable % batch_size != 1):
            yield from super().get(batch_size)
            return
        if not self.generator_ready:
            for _ in super().get(None):  # brings the arrays into shape
                pass
        chosen = np.arange(self.usable) if self.chosen is None else self.chosen
        order = np.random.permutation(chosen)  # noqa: NPY002 - the generator of the base class
        size = batch_size or len(order)
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            if len(batch) > 1:
                yield self._get_samples(batch)


class ResumablePPO(MaskablePPO):
    """MaskablePPO driven one rollout at a time, on environments with scaled rewards."""

    policy: BatchedMaskablePolicy
    rollout_buffer: ChosenRolloutBuffer

    def __init__(
        self,
        configuration: TrainingConfiguration,
        environments: VecEnv,
        logger: Logger,
        action_names: Sequence[str],
    ) -> None:
        ppo = configuration.ppo
        super().__init__(
            BatchedMaskablePolicy,
            environments,
            learning_rate=_by_progress(ppo.learning_rate),
            n_steps=ppo.n_steps,
            batch_size=ppo.batch_size,
            n_epochs=ppo.n_epochs,
            gamma=ppo.gamma,
            gae_lambda=ppo.gae_lambda,
            clip_range=_by_progress(ppo.clip_range),
            ent_coef=ppo.ent_coef.start,
            vf_coef=ppo.vf_coef,
            max_grad_norm=ppo.max_grad_norm,
            target_kl=ppo.target_kl,
            normalize_advantage=ppo.normalize_advantage,
            rollout_buffer_class=ChosenRolloutBuffer,
            policy_kwargs={
                "net_arch": {"pi": list(ppo.net_arch), "vf": list(ppo.net_arch)},
                "activation_fn": ACTIVATIONS[ppo.activation],
            },
            seed=configuration.seed,
            device="cpu",
        )
        self.set_logger(logger)
        self.configuration = configuration
        self._environments = environments
        self._action_names = tuple(action_names)
        self.rollouts_done = 0
        self.ep_info_buffer = deque(maxlen=self._stats_window_size)
        self.ep_success_buffer = deque(maxlen=self._stats_window_size)

    @property
    def share_done(self) -> float:
        """Share of the training that is done, 0..1."""
        return min(1.0, self.num_timesteps / self.configuration.total_steps)

    @property
    def finished(self) -> bool:
        """True if all steps have been made."""
        return self.num_timesteps >= self.configuration.total_steps

    @property
    def trains_critic_only(self) -> bool:
        """True if the rollout at hand only trains the value function."""
        return self.rollouts_done < self.configuration.critic_warmup_rollouts

    def start_episodes(self) -> None:
        """Reset every environment."""
        self._last_obs = np.asarray(self._environments.reset())
        self._last_episode_starts = np.ones((self.n_envs,), dtype=bool)

    def collect(self, callback: BaseCallback) -> None:
        """Play one rollout with the current policy; the last one only until all steps are made."""
        missing = self.configuration.total_steps - self.num_timesteps
        steps = min(self.n_steps, -(-missing // self.n_envs))
        self.rollout_buffer.buffer_size = steps
        self.collect_rollouts(self._environments, callback, self.rollout_buffer, steps)
        self._update_current_progress_remaining(self.num_timesteps, self.configuration.total_steps)

    def update(self) -> None:
        """Learn from the rollout and log what it did."""
        self.ent_coef = self.configuration.ppo.ent_coef.at(self.share_done)
        self.logger.record("train/ent_coef", self.ent_coef)
        self._log_entropies()
        if self.rollout_buffer.usable < _FEWEST_SAMPLES:
            self.logger.record("train/skipped", 1.0)
        elif self.trains_critic_only:
            self._train_critic()
        else:
            self.train()
        self.rollouts_done += 1

    def _log_entropies(self) -> None:
        """Mean entropy of each action factor over (at most) 1024 steps of the rollout."""
        buffer = self.rollout_buffer
        take = min(_ENTROPY_SAMPLES, buffer.buffer_size * buffer.n_envs)
        rows = -(-take // buffer.n_envs)
        observations = torch.as_tensor(buffer.observations[-rows:]).flatten(0, 1)
        masks = buffer.action_masks[-rows:].reshape(len(observations), -1)
        with torch.no_grad():
            self.policy.get_distribution(observations, action_masks=masks)
            means = self.policy.action_dist.factor_entropies().mean(dim=0)
        for name, mean in zip(self._action_names, means.tolist(), strict=True):
            self.logger.record(f"entropy/{name}", mean)

    def _train_critic(self) -> None:
        """Regress the value function on the rollout's returns; the actor stays as it is."""
        self.policy.set_training_mode(True)
        self._update_learning_rate(self.policy.optimizer)
        losses = []
        for _ in range(self.n_epochs):
            for batch in self.rollout_buffer.get(self.batch_size):
                values = self.policy.predict_values(batch.observations).flatten()
                loss = functional.mse_loss(values, batch.returns)
                self.policy.optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                torch.nn.utils.clip_grad_norm_(self.policy.parameters(), self.max_grad_norm)
                self.policy.optimizer.step()
                losses.append(loss.item())
            self._n_updates += 1
        self.logger.record("train/value_loss", float(np.mean(losses)))

    def state(self) -> Archive:
        """All that decides how training goes on, but the environments."""
        arrays: dict[str, NDArray[Any]] = {
            "last_observations": np.asarray(self._last_obs),
            "last_episode_starts": np.asarray(self._last_episode_starts),
        }
        for name, tensor in self.policy.state_dict().items():
            arrays[f"policy/{name}"] = tensor.numpy().copy()
        for index, entry in self.policy.optimizer.state_dict()["state"].items():
            for name, tensor in entry.items():
                arrays[f"optimizer/{index}/{name}"] = tensor.numpy().copy()
        random_arrays, random_state = _random_state()
        numbers = {
            "steps": self.num_timesteps,
            "rollouts": self.rollouts_done,
            "updates": self._n_updates,
            "random": random_state,
        }
        return Archive({"learner": numbers}, arrays | random_arrays)

    def restore(self, state: Archive) -> None:
        """Continue from a state; environments are restored by who owns them."""
        arrays, numbers = state.arrays, state.documents["learner"]
        self._last_obs = arrays["last_observations"].copy()
        self._last_episode_starts = arrays["last_episode_starts"].copy()
        self.policy.load_state_dict(
            {name: torch.as_tensor(value) for name, value in _under("policy/", arrays).items()}
        )
        self._restore_optimizer(_under("optimizer/", arrays))
        self.num_timesteps = int(numbers["steps"])
        self.rollouts_done = int(numbers["rollouts"])
        self._n_updates = int(numbers["updates"])
        self._update_current_progress_remaining(self.num_timesteps, self.configuration.total_steps)
        _restore_random_state(arrays, numbers["random"])

    def _restore_optimizer(self, arrays: dict[str, NDArray[Any]]) -> None:
        entries: dict[int, dict[str, torch.Tensor]] = {}
        for name, value in arrays.items():
            index, field = name.split("/")
            entries.setdefault(int(index), {})[field] = torch.as_tensor(value)
        state = self.policy.optimizer.state_dict()
        state["state"] = entries
        self.policy.optimizer.load_state_dict(state)


def _by_progress(schedule: Schedule) -> Callable[[float], float]:
    """The schedule as Stable-Baselines3 calls one: by the share that remains."""
    return lambda remaining: schedule.at(1.0 - remaining)


def _under(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): value.copy()
        for name, value in arrays.items()
        if name.startswith(prefix)
    }


def _random_state() -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The generators that Stable-Baselines3 draws from: torch's, NumPy's and Python's own."""
    state = np.random.get_state(legacy=False)  # noqa: NPY002
    version, internal, gauss_next = random.getstate()
    arrays = {
        "random/torch": torch.get_rng_state().numpy().copy(),
        "random/numpy": state["state"]["key"].copy(),
    }
    numbers = {
        "numpy": {
            "position": int(state["state"]["pos"]),
            "has_gauss": int(state["has_gauss"]),
            "gauss": float(state["gauss"]),
        },
        "python": [version, list(internal), gauss_next],
    }
    return arrays, numbers


def _restore_random_state(arrays: Mapping[str, NDArray[Any]], numbers: Mapping[str, Any]) -> None:
    torch.set_rng_state(torch.as_tensor(arrays["random/torch"].copy()))
    legacy = numbers["numpy"]
    np.random.set_state(  # noqa: NPY002
        {
            "bit_generator": "MT19937",
            "state": {"key": arrays["random/numpy"], "pos": legacy["position"]},
            "has_gauss": legacy["has_gauss"],
            "gauss": legacy["gauss"],
        }
    )
    version, internal, gauss_next = numbers["python"]
    random.setstate((version, tuple(internal), gauss_next))
