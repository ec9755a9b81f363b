"""Several environments stepped together: what each worker of a vector environment holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import gymnasium
import numpy as np
from numpy.typing import NDArray

EnvironmentFactory = Callable[[], "gymnasium.Env[Any, Any]"]
BatchObservation = Any
"""``float32[environments, size]``, or a dict of such arrays."""


class Spaces(NamedTuple):
    """What the environments of a batch have in common.

    Attributes:
        observation_space: of each.
        action_space: of each.
        render_mode: of each.
        has_masks: whether they say what is legal.
    """

    observation_space: gymnasium.Space[Any]
    action_space: gymnasium.Space[Any]
    render_mode: str | None
    has_masks: bool


class BatchStep(NamedTuple):
    """One step of all environments of a batch.

    Attributes:
        observations: after the step; of the next episode where one ended.
        rewards: float32[environments].
        dones: bool[environments]: the episode ended.
        infos: one per environment; ``terminal_observation`` where an episode ended.
        reset_infos: of the last reset of each environment.
        masks: bool[environments, 60], or None if the environments have no masks.
    """

    observations: BatchObservation
    rewards: NDArray[np.float32]
    dones: NDArray[np.bool_]
    infos: list[dict[str, Any]]
    reset_infos: list[dict[str, Any]]
    masks: NDArray[np.bool_] | None


class EnvironmentBatch:
    """Environments in one process; an episode that ends is followed by the next at once."""

    def __init__(self, factories: Sequence[EnvironmentFactory]) -> None:
        self.environments = [factory() for factory in factories]
        self._reset_infos: list[dict[str, Any]] = [{} for _ in self.environments]
        self._next_options: dict[int, Mapping[str, Any]] = {}
        first = self.environments[0]
        self.observation_space = first.observation_space
        self.action_space = first.action_space
        self.render_mode = first.render_mode
        self.has_masks = has_attribute(first, "action_masks")

    @property
    def spaces(self) -> Spaces:
        """What a vector environment is told of its environments."""
        return Spaces(self.observation_space, self.action_space, self.render_mode, self.has_masks)

    def reset(
        self, seeds: Sequence[int | None], options: Sequence[Mapping[str, Any]]
    ) -> tuple[BatchObservation, list[dict[str, Any]], NDArray[np.bool_] | None]:
        """Start an episode in each: observations, infos and masks."""
        observations = []
        for index, environment in enumerate(self.environments):
            given = {"options": dict(options[index])} if options[index] else {}
            observation, info = environment.reset(seed=seeds[index], **given)
            observations.append(observation)
            self._reset_infos[index] = info
        return stacked(observations), list(self._reset_infos), self.masks()

    def step(
        self, actions: NDArray[np.int64], options: Mapping[int, Mapping[str, Any]] | None = None
    ) -> BatchStep:
        """One step in each, in order.

        Args:
            actions: a row per environment.
            options: of the next reset of some environments, kept until they meet it.
        """
        if options:
            self._next_options.update(options)
        observations, infos = [], []
        rewards = np.zeros(len(self.environments), dtype=np.float32)
        dones = np.zeros(len(self.environments), dtype=np.bool_)
        for index, environment in enumerate(self.environments):
            observation, reward, terminated, truncated, info = environment.step(actions[index])
            info["TimeLimit.truncated"] = truncated and not terminated
            if terminated or truncated:
                info["terminal_observation"] = observation
                observation, self._reset_infos[index] = self._next_episode(index)
            rewards[index], dones[index] = reward, terminated or truncated
            observations.append(observation)
            infos.append(info)
        return BatchStep(
            stacked(observations), rewards, dones, infos, list(self._reset_infos), self.masks()
        )

    def _next_episode(self, index: int) -> tuple[Any, dict[str, Any]]:
        options = self._next_options.pop(index, None)
        if options is None:
            return self.environments[index].reset()
        return self.environments[index].reset(options=dict(options))

    def masks(self) -> NDArray[np.bool_] | None:
        """What is legal now, a row per environment; None if they have no masks."""
        if not self.has_masks:
            return None
        return np.stack([e.get_wrapper_attr("action_masks")() for e in self.environments])

    def call(
        self, index: int, method: str, arguments: tuple[Any, ...], named: Mapping[str, Any]
    ) -> Any:
        """Call a method of one environment or of a wrapper around it."""
        return self.environments[index].get_wrapper_attr(method)(*arguments, **named)

    def get_attribute(self, index: int, name: str) -> Any:
        """An attribute of one environment or of a wrapper around it."""
        return self.environments[index].get_wrapper_attr(name)

    def set_attribute(self, index: int, name: str, value: Any) -> None:
        """Set an attribute of the outermost wrapper."""
        setattr(self.environments[index], name, value)

    def has_attributes(self, name: str) -> bool:
        """Whether all of them have it."""
        return all(has_attribute(environment, name) for environment in self.environments)

    def is_wrapped(self, index: int, wrapper: str) -> bool:
        """Whether one is wrapped by a class of this full name, or one derived from it."""
        environment: Any = self.environments[index]
        while isinstance(environment, gymnasium.Wrapper):
            if wrapper in (full_name(cls) for cls in type(environment).__mro__):
                return True
            environment = environment.env
        return False

    def get_states(self) -> list[Any]:
        """The saved state of each."""
        return [e.get_wrapper_attr("get_state")() for e in self.environments]

    def set_states(self, states: Sequence[Any]) -> NDArray[np.bool_] | None:
        """Restore each; the masks afterwards."""
        for environment, state in zip(self.environments, states, strict=True):
            environment.get_wrapper_attr("set_state")(state)
        return self.masks()

    def close(self) -> None:
        """Close each."""
        for environment in self.environments:
            environment.close()


def full_name(cls: type) -> str:
    """A class by module and name, so that it can be named without being imported."""
    return f"{cls.__module__}.{cls.__qualname__}"


def has_attribute(environment: gymnasium.Env[Any, Any], name: str) -> bool:
    """Whether an environment or a wrapper around it has an attribute."""
    try:
        environment.get_wrapper_attr(name)
    except AttributeError:
        return False
    return True


def stacked(observations: Sequence[Any]) -> BatchObservation:
    """Observations one after another in new arrays."""
    first = observations[0]
    if isinstance(first, dict):
        return {key: np.stack([o[key] for o in observations]) for key in first}
    return np.stack(observations)


def joined(parts: Sequence[BatchObservation]) -> BatchObservation:
    """Batches one after another in new arrays."""
    first = parts[0]
    if isinstance(first, dict):
        return {key: np.concatenate([part[key] for part in parts]) for key in first}
    return np.concatenate(parts)
