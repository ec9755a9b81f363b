"""Configuration of a training: one validated YAML file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SerializeAsAny, ValidationInfo, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from ...agents.partners import ALL_SEEING
from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.records import Flag, Integer, Name, Number, Record
from ...scenarios.levels import LevelSettings
from ...scenarios.loader import load_scenario
from ...scenarios.mixes import MixField
from ...scenarios.scenario import WorldName
from ...scenarios.suite import Split
from ...sim.world_kind import WorldKind
from ...sim.worlds import DEFAULT_WORLD, kind_of, world_kind
from ..team.settings import TeamSettings, check_team
from .configuration_files import changed_record, parse_record, read_record, record_text
from .learning import Improvement, InitialPolicy, PpoConfiguration, RewardScaling, WarmStart

MAY_DIFFER_ON_RESUME = frozenset({"workers", "backend", "ray_address", "max_minutes"})
"""Fields that do not change what is learned, only where and for how long at a stretch."""


def _kind(environment: Mapping[str, Any]) -> WorldKind:
    """The world of its first scenario; the default one if that is not there: a training says so."""
    names = [*(environment.get("scenarios") or ()), environment.get("scenario")]
    try:
        return kind_of(load_scenario(str(names[0])))
    except GoliveError:
        return world_kind(DEFAULT_WORLD)


class EnvironmentConfiguration(Record):
    """The agent's training ground: scenarios of one world.

    The world's own options of an episode may stand beside the fields here, such as
    ``customer: reference``.
    """

    scenario: str = Field(
        default_factory=lambda: world_kind(DEFAULT_WORLD).default_scenario,
        description="Scenario by name or file.",
    )
    scenarios: dict[Name, Number] = Field(
        default_factory=dict,
        description="Several instead of the one, with their weights; a list: all alike.",
    )
    levels: SerializeAsAny[LevelSettings] = Field(
        default_factory=LevelSettings,
        description="Which level comes next, and what the world says of levels.",
    )
    suite: str | None = Field(
        default=None, description="Suite whose seed ranges are used; null: the scenario's own."
    )
    split: Split = Field(default=Split.TRAIN, description="Split that seeds are drawn from.")
    options: dict[Name, Any] = Field(
        default_factory=dict,
        exclude_if=lambda options: not options,
        description="The world's own options of every episode that differ, by name.",
    )
    reward: str = Field(
        default="", description="Reward preset by name; empty: the world's first one."
    )
    reward_weights: dict[str, Number] = Field(
        default_factory=dict, description="Weights of reward terms that differ, by name."
    )
    potential_weights: dict[str, Number] = Field(
        default_factory=dict, description="Weights of the shaping potential that differ."
    )
    parameters: dict[str, Number] = Field(
        default_factory=dict,
        exclude_if=lambda values: not values,
        description="World parameters that differ, by name; what a scenario itself says wins.",
    )

    @model_validator(mode="before")
    @classmethod
    def _of_its_world(cls, data: Any) -> Any:
        """Gather the world's own options, and name its reward."""
        if not isinstance(data, Mapping) or not isinstance(data.get("options", {}), Mapping):
            return data
        kind = _kind(data)
        beside = {name: data[name] for name in kind.options if name in data}
        given = {**data.get("options", {}), **beside}
        try:
            kind.parsed_options(given)
        except GoliveError as error:
            raise ValueError(str(error)) from None
        options = {name: v for name, v in given.items() if v != kind.options[name].default}
        fields = {name: value for name, value in data.items() if name not in beside}
        reward = data.get("reward") or kind.reward_language.default
        return {"levels": {}, **fields, "options": options, "reward": reward}

    @field_validator("levels", mode="before")
    @classmethod
    def _levels_of_its_world(cls, value: Any, info: ValidationInfo) -> Any:
        model: type[LevelSettings] = _kind(info.data).levels or LevelSettings
        for name in value if isinstance(value, Mapping) else ():
            if name not in model.model_fields:  # problems are told by the field's own type
                known = ", ".join(model.model_fields)
                raise ValueError(f"{name}: unknown field: expected one of {known}")
        return model.model_validate(value)

    @field_validator("scenarios", mode="before")
    @classmethod
    def _all_alike(cls, value: Any) -> Any:
        if isinstance(value, list | tuple) and len(set(map(str, value))) != len(value):
            raise ValueError("expected each scenario only once")
        return dict.fromkeys(value, 1.0) if isinstance(value, list | tuple) else value

    @model_validator(mode="after")
    def _weights_positive(self) -> EnvironmentConfiguration:
        for name, weight in self.scenarios.items():
            if weight <= 0.0:
                raise ValueError(f"scenarios.{name}: {weight:g}: expected a weight above 0")
        return self

    @property
    def weighted_scenarios(self) -> dict[str, float]:
        """The scenarios, by name or file, with their weights."""
        return dict(self.scenarios) or {self.scenario: 1.0}

    @property
    def kind(self) -> WorldKind:
        """The world of its scenarios."""
        return _kind(self.__dict__)

    @property
    def chooses_levels(self) -> bool:
        """True if the training says which level comes next, not each environment for itself."""
        return self.levels.mode != "fixed" or len(self.scenarios) > 1


class Evaluation(Record):
    """Judging the agent while it learns; the best one is kept."""

    every_steps: Integer = Field(default=100_000, ge=1, description="Steps between evaluations.")
    split: Split = Field(default=Split.VALIDATION, description="Split of the seeds.")
    episodes: Integer = Field(default=50, ge=1, description="The split's first seeds are used.")
    deterministic: Flag = Field(default=True, description="Most probable actions, or sampled.")
    world: SkipJsonSchema[WorldName] = Field(
        default=DEFAULT_WORLD, exclude=True, description="Of the environment; not in files."
    )
    mixes: tuple[MixField, ...] = Field(
        default=(),
        description="What the episodes are met with, in turn, each with every scenario; empty: "
        "scenarios as they are.",
    )


class TrainingConfiguration(Record):
    """A training, whole: the same configuration gives the same weights."""

    environment: EnvironmentConfiguration = Field(default_factory=EnvironmentConfiguration)
    team: TeamSettings | None = Field(
        default=None,
        exclude_if=lambda team: team is None,
        description="Roles that decide together, each from what it sees; null: one decides all.",
    )
    seed: Integer = Field(default=0, ge=0, lt=2**32, description="Of everything random.")
    total_steps: Integer = Field(
        ge=1,
        le=10**12,
        description="Environment steps, all environments together; the last rollout is shorter.",
    )
    max_minutes: Number | None = Field(
        default=None,
        gt=0.0,
        description="Guard: stop early after so long, and say so. Where it strikes depends on "
        "the machine, so weights are reproducible only if it does not.",
    )
    n_envs: Integer = Field(default=64, ge=1, description="Environments stepped together.")
    workers: Integer = Field(
        default=2,
        ge=0,
        le=4_096,
        description="Who step them; 0: the training's own process does.",
    )
    backend: Literal["process", "ray"] = Field(
        default="process", description="What workers are: processes here, or actors on Ray."
    )
    ray_address: str | None = Field(
        default=None,
        description="Of a Ray cluster: auto, host:6379 or ray://host:10001; null: Ray is started "
        "on this machine.",
    )
    torch_threads: Integer = Field(
        default=1, ge=1, description="Threads of a gradient step; part of what is reproduced."
    )
    ppo: PpoConfiguration = Field(default_factory=PpoConfiguration)
    reward_scaling: RewardScaling = Field(default_factory=RewardScaling)
    warm_start: WarmStart | None = Field(default=None, description="null: from scratch.")
    initial_policy: InitialPolicy | None = Field(
        default=None, description="Go on from a trained policy's actor; null: random weights."
    )
    improvement: Improvement | None = Field(default=None, description="null: PPO.")
    evaluation: Evaluation = Field(default_factory=Evaluation)
    checkpoint_every: Integer = Field(
        default=100_000, ge=1, description="Steps between checkpoints (at ends of rollouts)."
    )

    @model_validator(mode="before")
    @classmethod
    def _team_in_one_process(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and data.get("team") is not None:
            return {"workers": 0, **data}
        return data

    @field_validator("warm_start", "evaluation", mode="before")
    @classmethod
    def _of_the_same_world(cls, value: Any, info: ValidationInfo) -> Any:
        environment = info.data.get("environment")
        if environment is None or not isinstance(value, Mapping):
            return value
        if info.field_name == "warm_start":
            expert = environment.kind.expert if info.data.get("team") is None else ALL_SEEING
            return {"demonstrator": expert, **value}
        return {**value, "world": environment.kind.name}

    @model_validator(mode="after")
    def _fits_together(self) -> TrainingConfiguration:
        if self.team is not None:
            check_team(self)
        if self.team is not None or self.improvement is not None:
            return self
        rollout = self.n_envs * self.ppo.n_steps
        if self.ppo.batch_size > rollout:
            raise ValueError(
                f"ppo.batch_size: {self.ppo.batch_size}: expected at most a rollout of "
                f"n_envs x ppo.n_steps = {rollout}"
            )
        if rollout % self.ppo.batch_size == 1:
            raise ValueError(
                f"ppo.batch_size: {self.ppo.batch_size}: leaves a batch of one sample of a "
                f"rollout of {rollout}: expected one whose remainder is not 1"
            )
        return self

    @model_validator(mode="after")
    def _no_two_beginnings(self) -> TrainingConfiguration:
        if self.ray_address is not None and self.backend != "ray":
            raise ValueError(f"ray_address: {self.ray_address}: expected backend ray beside it")
        if self.warm_start is not None and self.initial_policy is not None:
            raise ValueError("initial_policy: expected none beside warm_start, or the other way")
        return self

    @property
    def critic_warmup_rollouts(self) -> int:
        """First rollouts that train the value function only."""
        start = self.warm_start or self.initial_policy
        return 0 if start is None else start.critic_warmup_rollouts

    @property
    def environments(self) -> int:
        """Environments stepped together; with expert iteration one, to learn the spaces from."""
        return self.n_envs if self.improvement is None else 1

    @property
    def rollout_steps(self) -> int:
        """Environment steps of one rollout, if it is not the last."""
        return self.environments * self.ppo.n_steps

    @property
    def steps_made(self) -> int:
        """Environment steps of the training, at least: all environments step together."""
        return -(-self.total_steps // self.environments) * self.environments


@checked
def read_configuration(path: Path) -> TrainingConfiguration:
    """Read and validate a configuration file.

    Raises:
        GoliveError: missing, not YAML, or a field that is missing, unknown, wrongly typed,
            out of range or contradictory.
    """
    return read_record(TrainingConfiguration, path)


@checked
def parse_configuration(data: dict[str, Any], source: str) -> TrainingConfiguration:
    """Validate a configuration; ``source`` is what errors call it.

    Raises:
        GoliveError: as for a file.
    """
    return parse_record(TrainingConfiguration, data, source)


with_changes = changed_record
configuration_text = record_text


def configuration_schema(world: str = DEFAULT_WORLD) -> str:
    """JSON Schema of the configuration file, for trainings in a world."""
    kind = world_kind(world)
    schema = TrainingConfiguration.model_json_schema()
    levels = (kind.levels or LevelSettings).model_json_schema()
    definitions = schema["$defs"]
    definitions.update(levels.pop("$defs", {}), LevelSettings=levels)
    for name, option in kind.options.items():
        definitions["EnvironmentConfiguration"]["properties"][name] = {"description": option.help}
    return json.dumps(schema, indent=2)


def first_difference(old: TrainingConfiguration, new: TrainingConfiguration) -> str | None:
    """Name the first field that may not differ, as ``field: new value: expected old value``."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    for field in sorted(before.keys() | after.keys()):
        if field not in MAY_DIFFER_ON_RESUME:
            difference = _difference(field, before.get(field), after.get(field))
            if difference:
                return difference
    return None


def _difference(field: str, before: Any, after: Any) -> str | None:
    if before == after:
        return None
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            difference = _difference(f"{field}.{key}", before.get(key), after.get(key))
            if difference:
                return difference
    return f"{field}: {after!r}: expected {before!r} as in the interrupted training"
