"""Configuration of how an agent learns: the part of a training's file that says by which method.

What it starts from (a demonstrator's imitation, a trained policy), and how it goes on (PPO, or
rounds of expert iteration).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ...core.records import Flag, Integer, Number, Record
from .schedules import Schedule, ScheduleField


class PpoConfiguration(Record):
    """Hyper-parameters of proximal policy optimisation (Schulman et al. 2017)."""

    n_steps: Integer = Field(default=64, ge=1, description="Steps per environment and rollout.")
    batch_size: Integer = Field(default=1024, ge=2, description="Samples per gradient step.")
    n_epochs: Integer = Field(default=4, ge=1, description="Passes over each rollout.")
    learning_rate: ScheduleField = Field(
        default=Schedule(start=3e-4, end=3e-5), description="Adam's step size."
    )
    gamma: Number = Field(default=0.99, gt=0.0, le=1.0, description="Discount per decision.")
    gae_lambda: Number = Field(default=0.95, ge=0.0, le=1.0, description="Advantage trace.")
    clip_range: ScheduleField = Field(
        default=Schedule(start=0.2), description="Clipping of the probability ratio."
    )
    ent_coef: ScheduleField = Field(
        default=Schedule(start=0.01, end=0.0), description="Weight of the entropy bonus."
    )
    vf_coef: Number = Field(default=0.5, ge=0.0, description="Weight of the value loss.")
    max_grad_norm: Number = Field(default=0.5, gt=0.0, description="Gradients are clipped to it.")
    target_kl: Number | None = Field(
        default=None, gt=0.0, description="A rollout's epochs end when it is passed by half."
    )
    normalize_advantage: Flag = Field(default=True, description="Per batch.")
    net_arch: tuple[Integer, ...] = Field(
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
    clip: Number = Field(default=10.0, gt=0.0, description="Scaled rewards are clipped to ±this.")


class Corrections(Record):
    """The learner plays, and learns what the demonstrator would have done where it came.

    Dataset aggregation (Ross, Gordon and Bagnell 2011): what it learns from grows by each round's
    decisions, so that it also learns to get out of where only its own mistakes lead.
    """

    rounds: Integer = Field(default=3, ge=1, description="Rounds of playing and learning.")
    episodes: Integer = Field(default=500, ge=1, description="Episodes of each round.")
    epochs: Integer = Field(default=10, ge=1, description="Passes over all there is, each round.")
    learning_rate: ScheduleField = Field(
        default=Schedule(start=5e-4, end=1e-5), description="Adam's step size within a round."
    )


class WarmStart(Record):
    """Imitation of a demonstrator before reinforcement learning begins.

    Behaviour cloning with masked cross-entropy over all action factors, and regression of
    the value function on the demonstrator's returns.
    """

    demonstrator: str = Field(description="A policy by name or file (default: the world's best).")
    episodes: Integer = Field(default=300, ge=1, description="Demonstrations, on the train split.")
    epochs: Integer = Field(default=10, ge=1, description="Passes over the demonstrations.")
    batch_size: Integer = Field(default=512, ge=2, description="Samples per gradient step.")
    learning_rate: ScheduleField = Field(
        default=Schedule(start=1e-3, end=1e-4), description="Adam's step size while imitating."
    )
    vf_coef: Number = Field(default=0.5, ge=0.0, description="Weight of the value regression.")
    entropy_coef: Number = Field(
        default=0.0, ge=0.0, description="Entropy bonus that keeps the imitator from being sure."
    )
    critic_warmup_rollouts: Integer = Field(
        default=0, ge=0, description="First rollouts that train the value function only."
    )
    corrections: Corrections | None = Field(
        default=None, description="Let it come where the learner comes; null: it is only watched."
    )


class Improvement(Record):
    """Expert iteration instead of PPO: rounds in which the policy plays episodes, other decisions
    than its own are lived through to the end from snapshots of them, and it learns from what each
    would have gained. Steps are the decisions of all of them.
    """

    episodes: Integer = Field(default=600, ge=1, description="Episodes per round.")
    share: Number = Field(
        default=0.15, gt=0.0, le=1.0, description="Of decision points at which others are tried."
    )
    candidates: Integer = Field(default=5, ge=1, description="Other decisions tried at a point.")
    temperature: Number = Field(
        default=2.0, gt=0.0, description="Flattens the probabilities that others are drawn by."
    )
    epochs: Integer = Field(default=4, ge=1, description="Passes over a round's decision points.")
    batch_size: Integer = Field(default=128, ge=2, description="Decision points per gradient step.")
    learning_rate: ScheduleField = Field(
        default=Schedule(start=1e-4, end=0.0), description="Adam's step size within a round."
    )
    kl_coef: Number = Field(
        default=0.05, ge=0.0, description="Weight of the divergence from the policy of the round."
    )
    gain_unit: Number = Field(
        default=0.05, gt=0.0, description="Of score; gains are counted in it, to weigh them."
    )


class InitialPolicy(Record):
    """A trained policy that the training starts from, instead of random weights.

    A policy file holds the actor alone, so the critic is new.
    """

    file: str = Field(description="Policy file, or the directory of a training.")
    critic_warmup_rollouts: Integer = Field(
        default=1, ge=0, description="First rollouts that train the value function only."
    )
