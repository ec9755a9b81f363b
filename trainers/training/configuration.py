"""What a training is told: one validated YAML file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, Strict, ValidationError, model_validator

from ...scenarios.errors import GoliveError
from ...scenarios.records import Record
from ...scenarios.vocabulary import Split
from .schedules import Real, Schedule, ScheduleField

Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]

MAY_DIFFER_ON_RESUME = frozenset({"workers", "max_minutes"})
"""Fields that do not change what is learned, only where and for how long at a stretch."""


class EnvironmentConfiguration(Record):
    """What the agent is trained on."""

    scenario: str = Field(default="furniture", description="Scenario by name or file.")
    suite: str | None = Field(
        default=None, description="Suite whose seed ranges are used; null: the environment's own."
    )
    split: Split = Field(default=Split.TRAIN, description="Split that customers are drawn from.")
    customer: str | None = Field(
        default=None, description="File of one fixed customer; null: drawn anew each episode."
    )
    reward: str | None = Field(
        default=None, description="Reward preset by name; null: the environment's default."
    )
    reward_weights: dict[str, Real] = Field(
        default_factory=dict, description="Weights of single reward terms that differ, by name."
    )


class PpoConfiguration(Record):
    """Hyper-parameters of proximal policy optimisation (Schulman et al. 2017)."""

    n_steps: Whole = Field(default=64, ge=1, description="Steps per environment and rollout.")
    batch_size: Whole = Field(default=1024, ge=2, description="Samples per gradient step.")
    n_epochs: Whole = Field(default=4, ge=1, description="Passes over each rollout.")
    learning_rate: ScheduleField = Field(
        default=Schedule(start=3e-4, end=3e-5), description="Adam's step size."
    )
    gamma: Real = Field(default=0.99, gt=0.0, le=1.0, description="Discount per decision.")
    gae_lambda: Real = Field(default=0.95, ge=0.0, le=1.0, description="Advantage trace.")
    clip_range: ScheduleField = Field(
        default=Schedule(start=0.2), description="Clipping of the probability ratio."
    )
    ent_coef: ScheduleField = Field(
        default=Schedule(start=0.01, end=0.0), description="Weight of the entropy bonus."
    )
    vf_coef: Real = Field(default=0.5, ge=0.0, description="Weight of the value loss.")
    max_grad_norm: Real = Field(default=0.5, gt=0.0, description="Gradients are clipped to it.")
    target_kl: Real | None = Field(
        default=None, gt=0.0, description="A rollout's epochs end when it is passed by half."
    )
    normalize_advantage: Flag = Field(default=True, description="Per batch.")
    net_arch: tuple[Whole, ...] = Field(
        default=(128, 128), min_length=1, description="Hidden sizes, actor and critic each."
    )
    activation: Literal["tanh", "relu"] = Field(default="tanh", description="Of hidden layers.")

    @model_validator(mode="after")
    def _sizes_positive(self) -> PpoConfiguration:
        for size in self.net_arch:
            if size < 1:
                raise ValueError(f"net_arch: {size}: expected sizes of at least 1")
        if self.clip_range.start <= 0.0 or self.learning_rate.start <= 0.0:
            raise ValueError("clip_range and learning_rate: expected to start above 0")
        return self


class RewardScaling(Record):
    """Rewards divided by the running standard deviation of the discounted return."""

    enabled: Flag = Field(default=True, description="Whether rewards are scaled.")
    clip: Real = Field(default=10.0, gt=0.0, description="Scaled rewards are clipped to ±this.")


class WarmStart(Record):
    """Imitation of a demonstrator before reinforcement learning begins.

    Behaviour cloning with masked cross-entropy over all action factors, and regression of
    the value function on the demonstrator's returns.
    """

    demonstrator: str = Field(default="expert", description="A policy by name or file.")
    episodes: Whole = Field(default=300, ge=1, description="Demonstrations, on the train split.")
    epochs: Whole = Field(default=10, ge=1, description="Passes over the demonstrations.")
    batch_size: Whole = Field(default=512, ge=2, description="Samples per gradient step.")
    learning_rate: ScheduleField = Field(
        default=Schedule(start=1e-3, end=1e-4), description="Adam's step size while imitating."
    )
    vf_coef: Real = Field(default=0.5, ge=0.0, description="Weight of the value regression.")
    entropy_coef: Real = Field(
        default=0.0, ge=0.0, description="Entropy bonus that keeps the imitator from being sure."
    )
    critic_warmup_rollouts: Whole = Field(
        default=0, ge=0, description="First rollouts that train the value function only."
    )


class Evaluation(Record):
    """Judging the agent while it learns; the best one is kept."""

    every_steps: Whole = Field(default=100_000, ge=1, description="Steps between evaluations.")
    split: Split = Field(default=Split.VALIDATION, description="Split of the seeds.")
    episodes: Whole = Field(default=50, ge=1, description="The split's first seeds are used.")
    deterministic: Flag = Field(default=True, description="Most probable actions, or sampled.")


class TrainingConfiguration(Record):
    """A training, whole: the same configuration gives the same weights."""

    environment: EnvironmentConfiguration = Field(default_factory=EnvironmentConfiguration)
    seed: Whole = Field(default=0, ge=0, lt=2**32, description="Of everything random.")
    total_steps: Whole = Field(
        ge=1, description="Environment steps, all environments together; full rollouts are made."
    )
    max_minutes: Real | None = Field(
        default=None,
        gt=0.0,
        description="Guard: stop early after so long, and say so. Where it strikes depends on "
        "the machine, so weights are reproducible only if it does not.",
    )
    n_envs: Whole = Field(default=64, ge=1, description="Environments stepped together.")
    workers: Whole = Field(default=2, ge=1, description="Processes that step them.")
    torch_threads: Whole = Field(
        default=1, ge=1, description="Threads of a gradient step; part of what is reproduced."
    )
    ppo: PpoConfiguration = Field(default_factory=PpoConfiguration)
    reward_scaling: RewardScaling = Field(default_factory=RewardScaling)
    warm_start: WarmStart | None = Field(default=None, description="null: from scratch.")
    evaluation: Evaluation = Field(default_factory=Evaluation)
    checkpoint_every: Whole = Field(
        default=100_000, ge=1, description="Steps between checkpoints (at ends of rollouts)."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> TrainingConfiguration:
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

    @property
    def rollout_steps(self) -> int:
        """Environment steps of one rollout."""
        return self.n_envs * self.ppo.n_steps


def read_configuration(path: Path) -> TrainingConfiguration:
    """Read and validate a configuration file.

    Raises:
        GoliveError: missing, not YAML, or a field that is missing, unknown, wrongly typed,
            out of range or contradictory.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GoliveError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise GoliveError(f"{path}: not a text file: {error.reason}") from error
    except yaml.YAMLError as error:
        raise GoliveError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    return parse_configuration(data, str(path))


def parse_configuration(data: Any, source: str) -> TrainingConfiguration:
    """Validate a configuration; ``source`` is what errors call it."""
    if not isinstance(data, dict):
        raise GoliveError(f"{source}: expected a mapping of fields, found {type(data).__name__}")
    try:
        return TrainingConfiguration.model_validate(data)
    except ValidationError as error:
        raise GoliveError(f"{source}: {_first_error(error)}") from error


def _first_error(error: ValidationError) -> str:
    details = error.errors(include_url=False)
    first = details[0]
    field = ".".join(str(part) for part in first["loc"]) or "configuration"
    message = str(first["msg"]).removeprefix("Value error, ")
    value = "" if isinstance(first["input"], dict) else f"{first['input']!r}: "
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return f"{field}: {value}{message}{more}"


def configuration_text(configuration: TrainingConfiguration) -> str:
    """The whole configuration as YAML, defaults written out."""
    return yaml.safe_dump(configuration.model_dump(mode="json"), sort_keys=False)


def configuration_schema() -> str:
    """JSON Schema of the configuration file."""
    return json.dumps(TrainingConfiguration.model_json_schema(), indent=2)


def first_difference(old: TrainingConfiguration, new: TrainingConfiguration) -> str | None:
    """``field: new value: expected old value`` of the first field that may not differ, or None."""
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
