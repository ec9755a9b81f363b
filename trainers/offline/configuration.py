"""Configuration of offline learning: one validated YAML file of fields with defaults."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field

from ...core.arguments import checked
from ...core.records import Flag, Integer, Number, Record
from ..training.configuration_files import read_record
from ..training.schedules import Schedule, ScheduleField, ScheduleKind


class Method(StrEnum):
    """Ways to make a policy from recorded episodes."""

    BC = "bc"
    """Behaviour cloning."""
    FILTERED_BC = "filtered_bc"
    """Behaviour cloning of the best episodes."""
    IQL = "iql"
    """Implicit Q-learning."""


class EpisodeFilter(Record):
    """The episodes that filtered behaviour cloning imitates: the best of every scenario."""

    share: Number = Field(default=0.1, gt=0.0, le=1.0, description="Share of episodes kept.")
    by: Literal["score", "return"] = Field(
        default="score", description="Best by score, or by the sum of recorded rewards."
    )


class ImplicitQLearning(Record):
    """Hyper-parameters of implicit Q-learning (Kostrikov, Nair and Levine 2021)."""

    expectile: Number = Field(
        default=0.7,
        ge=0.5,
        lt=1.0,
        description="0.5: values of who was recorded; towards 1: of the best that was recorded.",
    )
    inverse_temperature: Number = Field(
        default=10.0, ge=0.0, description="0: behaviour cloning; the higher, the greedier."
    )
    largest_weight: Number = Field(
        default=100.0, ge=1.0, description="Weights of recorded decisions are cut to it."
    )
    target_rate: Number = Field(
        default=0.005, gt=0.0, le=1.0, description="Share of the critics that enters their targets."
    )
    critic_net_arch: tuple[Integer, ...] = Field(
        default=(128, 128), description="Hidden sizes of both critics and of the value function."
    )
    critic_learning_rate: Number = Field(default=3e-4, gt=0.0, description="Adam's step size.")
    gamma: Number = Field(
        default=1.0,
        gt=0.0,
        le=1.0,
        description="Discount per decision; of shaped rewards the one they were shaped with.",
    )
    scale_rewards: Flag = Field(
        default=True,
        description="Divide rewards by the standard deviation of the recorded discounted returns.",
    )


class OfflineConfiguration(Record):
    """Offline learning, whole: the same configuration and episodes give the same weights."""

    method: Method = Field(default=Method.BC, description="How the policy is made.")
    seed: Integer = Field(default=0, ge=0, lt=2**32, description="Of everything random.")
    gradient_steps: Integer = Field(default=10_000, ge=1, description="Batches learned from.")
    batch_size: Integer = Field(default=256, ge=1, description="Decisions per gradient step.")
    learning_rate: ScheduleField = Field(
        default=Schedule(start=1e-3, end=1e-5, kind=ScheduleKind.COSINE),
        description="Adam's step size for the policy.",
    )
    entropy_coef: Number = Field(
        default=0.0, ge=0.0, description="Entropy bonus that keeps the policy from being sure."
    )
    max_grad_norm: Number = Field(default=0.5, gt=0.0, description="Gradients are clipped to it.")
    net_arch: tuple[Integer, ...] = Field(
        default=(128, 128), min_length=1, description="Hidden sizes of the policy."
    )
    activation: Literal["tanh", "relu"] = Field(default="tanh", description="Of its hidden layers.")
    held_out: Number = Field(
        default=0.05,
        ge=0.0,
        lt=1.0,
        description="Share of episodes not learned from, on which the fit is reported.",
    )
    report_every: Integer = Field(default=250, ge=1, description="Gradient steps per curve row.")
    torch_threads: Integer = Field(
        default=1, ge=1, description="Threads of a gradient step; part of what is reproduced."
    )
    filter: EpisodeFilter = Field(default_factory=EpisodeFilter)
    iql: ImplicitQLearning = Field(default_factory=ImplicitQLearning)


@checked
def read_offline_configuration(path: Path) -> OfflineConfiguration:
    """Read and validate a configuration file.

    Raises:
        GoliveError: missing, not YAML, or a field that is unknown, wrongly typed or out of range.
    """
    return read_record(OfflineConfiguration, path)
