"""Several environments stepped together: what each worker of a vector environment holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

import gymnasium
import numpy as np
from numpy.typing import NDArray

try:
    from gymnasium.vector import AutoresetMode
except ImportError:  # Gymnasium 1.0 knows the first of these modes only

    class AutoresetMode(Enum):  # type: ignore[no-redef]
        """When an episode that has ended is followed by the next."""

        NEXT_STEP = "NextStep"
        SAME_STEP = "SameStep"
        DISABLED = "Disabled"


__all__ = [
    "AutoresetMode",
    "BatchObservation",
    "BatchStep",
    "Ending",
    "EnvironmentBatch",
    "EnvironmentFactory",
    "Spaces",
    "full_name",
    "joined",
    "stacked",
]

EnvironmentFactory = Callable[[], "gymnasium.Env[Any, Any]"]
BatchObservation = Any
"""``float32[environments, size]``, or a dict of such arrays."""


class Spaces(NamedTuple):
    """Spaces and figures that the environments of a batch have in common.

    Attributes:
        observation_space: of each.
        action_space: of each.
        metadata: of each.
        render_mode: of each.
        has_masks: whether they say what is legal.
    """

    observation_space: gymnasium.Space[Any]
    action_space: gymnasium.Space[Any]
    metadata: dict[str, Any]
    render_mode: str | None
    has_masks: bool


class Ending(NamedTuple):
    """The last that an episode showed, where the next one has begun in the same step.

    Attributes:
        observation: of its last decision point.
        info: of its last step.
    """

    observation: Any
    info: dict[str, Any]


class BatchStep(NamedTuple):
    """One step of all environments of a batch.

    Attributes:
        observations: after the step.
        rewards: float64[environments].
        terminations: bool[environments].
        truncations: bool[environments].
        infos: one per environment, that of the observation.
        endings: one per environment; None where no episode ended, or the next one waits.
        masks: bool[environments, choices], or None if the environments have no masks.
    """

    observations: BatchObservation
    rewards: NDArray[np.float64]
    terminations: NDArray[np.bool_]
    truncations: NDArray[np.bool_]
    infos: list[dict[str, Any]]
    endings: list[Ending | None]
    masks: NDArray[np.bool_] | None


class EnvironmentBatch:
    """Environments in one process.

    Args:
        factories: one for each.
        autoreset: when an episode that has ended is followed by the next.
    """

    def __init__(
        self,
        factories: Sequence[EnvironmentFactory],
        autoreset: AutoresetMode = AutoresetMode.SAME_STEP,
    ) -> None:
        self.environments = [factory() for factory in factories]
        self._autoreset = autoreset
        self._observations: list[Any] = [None for _ in self.environments]
        self._ended = [False for _ in self.environments]
        self._next_options: dict[int, Mapping[str, Any]] = {}
        self._has_masks = self.environments[0].has_wrapper_attr("action_masks")

    def spaces(self) -> Spaces:
        """Spaces and figures that the environments have in common."""
        first = self.environments[0]
        return Spaces(
            first.observation_space,
            first.action_space,
            first.metadata,
            first.render_mode,
            self._has_masks,
        )

    def reset(
        self,
        seeds: Sequence[int | None],
        options: Sequence[Mapping[str, Any]],
        chosen: Sequence[bool],
    ) -> tuple[BatchObservation, list[dict[str, Any]], NDArray[np.bool_] | None]:
        """Start an episode in the chosen environments: observations, infos and masks of all."""
        infos: list[dict[str, Any]] = [{} for _ in self.environments]
        for index, environment in enumerate(self.environments):
            if chosen[index]:
                given = {"options": dict(options[index])} if options[index] else {}
                observation, infos[index] = environment.reset(seed=seeds[index], **given)
                self._observations[index], self._ended[index] = observation, False
        return stacked(self._observations), infos, self.masks()

    def step(
        self, actions: NDArray[Any], options: Mapping[int, Mapping[str, Any]] | None = None
    ) -> BatchStep:
        """One step in each, in order.

        Args:
            actions: a row per environment.
            options: of the next reset of some environments, kept until they meet it.
        """
        self._next_options.update(options or {})
        count = len(self.environments)
        rewards = np.zeros(count)
        terminations, truncations = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        infos: list[dict[str, Any]] = []
        endings: list[Ending | None] = [None] * count
        for index, environment in enumerate(self.environments):
            if self._ended[index] and self._autoreset is AutoresetMode.NEXT_STEP:
                observation, info = self._next_episode(index)
            else:
                observation, reward, terminated, truncated, info = environment.step(actions[index])
                rewards[index], terminations[index], truncations[index] = (
                    reward,
                    terminated,
                    truncated,
                )
                self._ended[index] = bool(terminated or truncated)
                if self._ended[index] and self._autoreset is AutoresetMode.SAME_STEP:
                    endings[index] = Ending(observation, info)
                    observation, info = self._next_episode(index)
            self._observations[index] = observation
            infos.append(info)
        observations = stacked(self._observations)
        return BatchStep(
            observations, rewards, terminations, truncations, infos, endings, self.masks()
        )

    def _next_episode(self, index: int) -> tuple[Any, dict[str, Any]]:
        self._ended[index] = False
        options = self._next_options.pop(index, None)
        given: dict[str, Any] = {} if options is None else {"options": dict(options)}
        return self.environments[index].reset(**given)

    def masks(self) -> NDArray[np.bool_] | None:
        """The legal choices, a row per environment; None if they have no masks."""
        if not self._has_masks:
            return None
        return np.stack([e.get_wrapper_attr("action_masks")() for e in self.environments])

    def call(
        self, method: str, arguments: Mapping[int, tuple[Any, ...]], named: Mapping[str, Any]
    ) -> dict[int, Any]:
        """Call a method of some environments or of wrappers around them, or give an attribute.

        Args:
            method: its name.
            arguments: by the place of the environment.
            named: alike for all.
        """
        answers = {}
        for index, own in arguments.items():
            found = self.environments[index].get_wrapper_attr(method)
            answers[index] = found(*own, **named) if callable(found) else found
        return answers

    def is_wrapped(self, wrapper: str) -> list[bool]:
        """True for each that is wrapped by a class of this full name, or one derived from it."""
        return [wrapper in _wrappers(environment) for environment in self.environments]

    def close(self) -> None:
        """Close each."""
        for environment in self.environments:
            environment.close()


def full_name(cls: type) -> str:
    """A class by module and name, so that it can be named without being imported."""
    return f"{cls.__module__}.{cls.__qualname__}"


def _wrappers(environment: Any) -> set[str]:
    """Full names of the classes that an environment is wrapped by, bases included."""
    names = set()
    while isinstance(environment, gymnasium.Wrapper):
        names |= {full_name(cls) for cls in type(environment).__mro__}
        environment = environment.env
    return names


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
