"""One search in its folder: the base configuration, the fields that vary, and each trial's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

from ...core.errors import GoliveError
from ...core.files import write_text_atomically
from ..training.configuration import (
    TrainingConfiguration,
    configuration_text,
    parse_configuration,
    read_configuration,
)
from ..training.configuration_files import record_text
from ..training.run_directory import new_directory
from .settings import TuningSettings, read_settings

BASE_FILE = "base.yaml"
SETTINGS_FILE = "space.yaml"
TRIALS = "trials"

_NOT_TUNED = {
    "backend": "does not change what is learned",
    "checkpoint_every": "does not change what is learned",
    "evaluation": "is what trials are judged by",
    "max_minutes": "is the base configuration's guard",
    "ray_address": "does not change what is learned",
    "torch_threads": "is 1 in a trial, which has one core",
    "total_steps": "is how long every trial may go on",
    "workers": "does not change what is learned",
}
_NETWORK = ("ppo.net_arch", "ppo.activation")
_FIXED_IN_A_POPULATION = ("ppo.net_arch", "ppo.activation", "ppo.n_steps")
"""A member that copies another cannot have these otherwise."""


@dataclass(frozen=True, slots=True)
class TuningPlan:
    """A search's configuration and folder.

    Attributes:
        base: what trials have in common.
        settings: what differs, and how the search goes about it.
        directory: of the search, absolute.
    """

    base: TrainingConfiguration
    settings: TuningSettings
    directory: Path

    def configuration(self, values: Mapping[str, Any]) -> TrainingConfiguration:
        """A trial's configuration: in its own process alone, a checkpoint at each evaluation.

        Args:
            values: by the place of the field: ``ppo.learning_rate.start``.

        Raises:
            GoliveError: they do not go together.
        """
        own = {
            "workers": 0,
            "backend": "process",
            "ray_address": None,
            "torch_threads": 1,
            "checkpoint_every": self.base.evaluation.every_steps,
        }
        return with_values(self.base, {**values, **own}, "trial")

    def result(self, configuration: TrainingConfiguration) -> TrainingConfiguration:
        """A trial's configuration as somebody trains by it, with as many workers as the base."""
        names = ("workers", "backend", "ray_address", "checkpoint_every")
        values = {name: getattr(self.base, name) for name in names}
        return with_values(configuration, values, "result")

    def values(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Values by place, from a proposal: in those, choices are numbered."""
        ranges = self.settings.parameters
        return {name: ranges[name].proposed(parameters[name]) for name in ranges}

    def trial_directory(self, trial: str) -> Path:
        """Folder in which a trial trains."""
        return self.directory / TRIALS / trial

    @property
    def first_values(self) -> dict[str, Any] | None:
        """The base's own values, if they all lie in their ranges."""
        data: Any = self.base.model_dump(mode="json")
        ranges = self.settings.parameters
        own = {name: reduce(getitem, name.split("."), data) for name in ranges}
        return own if all(ranges[name].holds(value) for name, value in own.items()) else None

    def check(self) -> None:
        """See that every range fits the base.

        Raises:
            GoliveError: a range of no field, or whose extremes a configuration cannot have.
        """
        for name, values in self.settings.parameters.items():
            top = name.partition(".")[0]
            if top in _NOT_TUNED:
                raise GoliveError(f"parameters.{name}: cannot be tuned: it {_NOT_TUNED[top]}")
            if top == "ppo" and self.base.improvement is not None and name not in _NETWORK:
                raise GoliveError(
                    f"parameters.{name}: no part of expert iteration, which the base configuration "
                    "learns by: expected a field of improvement, or a base without it"
                )
            is_free = name.startswith("ppo.") and name not in _FIXED_IN_A_POPULATION
            if self.settings.scheduler == "population" and not is_free:
                raise GoliveError(
                    f"parameters.{name}: cannot change within a training: expected a field of ppo "
                    f"other than {', '.join(_FIXED_IN_A_POPULATION)} with scheduler population"
                )
            for value in values.extremes:
                with_values(self.base, {name: value}, f"parameters.{name}: {value!r}")

    def write(self) -> None:
        """Keep it in the search's folder, which must be new or empty.

        Raises:
            GoliveError: it is not, or cannot be written.
        """
        new_directory(self.directory, "or --resume to go on with the search in it")
        write_text_atomically(self.directory / BASE_FILE, configuration_text(self.base))
        write_text_atomically(self.directory / SETTINGS_FILE, record_text(self.settings))


def stored_plan(directory: Path) -> TuningPlan:
    """The plan of the search in a folder.

    Raises:
        GoliveError: there is none.
    """
    directory = directory.resolve()
    if not (directory / SETTINGS_FILE).is_file():
        raise GoliveError(f"{directory}: no search to resume (it has no {SETTINGS_FILE})")
    base = read_configuration(directory / BASE_FILE)
    return TuningPlan(base, read_settings(directory / SETTINGS_FILE), directory)


def with_values(
    configuration: TrainingConfiguration, values: Mapping[str, Any], source: str
) -> TrainingConfiguration:
    """A configuration with fields changed, each named by its place.

    Raises:
        GoliveError: no such field, or a configuration that cannot be; ``source`` is what it is
            called.
    """
    data = configuration.model_dump(mode="json")
    for name, value in values.items():
        *above, last = name.split(".")
        place = data
        for part in above:
            place = _below(place, part, name)
        _below(place, last, name, is_leaf=True)
        place[last] = value
    return parse_configuration(data, source)


def _below(place: Any, part: str, name: str, is_leaf: bool = False) -> Any:
    if part not in place:
        close = get_close_matches(part, place, n=1)
        guess = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(place)}"
        raise GoliveError(f"parameters.{name}: no field {part!r} of a training: {guess}")
    below = place[part]
    if not is_leaf and not isinstance(below, dict):
        words = "null" if below is None else repr(below)
        raise GoliveError(f"parameters.{name}: {part} is {words} in the base configuration")
    return below
