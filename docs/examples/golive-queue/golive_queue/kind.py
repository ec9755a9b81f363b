"""The record of the world's parts: what golive asks of it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel

from golive.envs.encoding import Encoder
from golive.envs.rewards import RewardLanguage, RewardTerm, Transition
from golive.sim.metrics import Better, Metric, Style
from golive.sim.numbers import Choices, Column, Factor, Group, Transform
from golive.sim.world_kind import Figures, WorldKind

from .world import (
    MOST_ENERGY,
    PACES,
    Briefing,
    Decision,
    Legal,
    QueueScenario,
    QueueWorld,
    Scorecard,
)

COLUMNS = (
    Column("hour", "hour over opening hours"),
    Column("waiting", "customers waiting", 0.0, 2.0, 2.0, Transform.LOGARITHM),
    Column("longest_wait", "hours that the first one has waited", 0.0, 3.0),
    Column("arrivals", "arrivals in the last hour", 0.0, 3.0, 10.0),
    Column("energy", "fast hours left", 0.0, 1.0, float(MOST_ENERGY)),
)


class QueueNumbers:
    """The counter in numbers."""

    groups = (Group("counter", ("",), COLUMNS),)
    choices = Choices([Factor("pace", PACES)])
    _encoder = Encoder(groups)

    def encode(self, briefing: Briefing) -> NDArray[np.float32]:
        """The briefing as a float32 vector."""
        b = briefing
        wait, arrived = b.longest_wait_hours, b.arrived_last_hour
        return self._encoder.encoded([b.hour / b.hours, b.waiting, wait, arrived, b.energy])

    def mask(self, legal: Legal) -> NDArray[np.bool_]:
        """Slow, normal, fast."""
        return np.array([True, True, legal.fast])

    def decode(self, action: ArrayLike) -> Decision:
        """The decision that an action means."""
        return Decision(*self.choices.checked(action))

    def action(self, decision: Decision) -> NDArray[np.int64]:
        """The action that means a decision."""
        return np.array([decision.pace])


class Weights(BaseModel):
    """Weights of the reward's terms."""

    score: float = 10.0
    queue: float = -0.02


class Score:
    """At the end, the score."""

    name = "score"

    def value(self, transition: Transition) -> float:
        """0..1."""
        return 0.0 if transition.scorecard is None else float(transition.scorecard.score)


class Queue:
    """Customers who wait after the hour."""

    name = "queue"

    def value(self, transition: Transition) -> float:
        """Customers."""
        return float(transition.after.waiting)


def reward_terms(weights: Any) -> tuple[RewardTerm, ...]:
    """The world's own terms."""
    return Score(), Queue()


class Foreman:
    """Serves fast where people wait and there is energy, slowly where nobody comes."""

    name = "foreman"

    def reset(self, seed: int) -> None:
        """Nothing to forget."""

    def decide(self, briefing: Briefing, legal: Legal) -> Decision:
        """By the length of the queue."""
        if briefing.waiting >= 4 and legal.fast:
            return Decision(2)
        return Decision(int(briefing.waiting >= 1 or briefing.arrived_last_hour >= 5))


class Always:
    """Serves at one pace for ever."""

    def __init__(self, pace: int) -> None:
        self.name, self._decision = PACES[pace], Decision(pace)

    def reset(self, seed: int) -> None:
        """Nothing to forget."""

    def decide(self, briefing: Briefing, legal: Legal) -> Decision:
        """As ever, as far as it is legal."""
        return legal.replace_illegal(self._decision)[0]


def _rewards() -> RewardLanguage:
    presets = {"shaped": Weights(), "score": Weights(queue=0.0)}
    return RewardLanguage("queue", Weights, presets, reward_terms)


def _build(scenario: QueueScenario, seed: int, *, record: bool = False) -> QueueWorld:
    return QueueWorld(scenario, seed)


KIND = WorldKind(
    name="queue",
    title="A counter with one queue and one server",
    environment="golive/Queue-v0",
    scenario=QueueScenario,
    library=Path(__file__).parent / "library",
    files="golive_queue",
    default_scenario="counter",
    default_suite="counter",
    build=_build,
    restore=QueueWorld.restore,
    numbers=QueueNumbers,
    rewards=_rewards,
    moment=lambda briefing: briefing.hour,
    most_decisions=1_000,
    neutral=Decision,
    metrics=(
        Metric("score", "Score", Better.HIGHER, Style.SCORE, short="score"),
        Metric("success", "Successful", Better.HIGHER, Style.SHARE, short="success"),
        Metric("served_share", "Share served", Better.HIGHER, Style.SHARE, short="served"),
        Metric("lost", "Customers lost", Better.LOWER, Style.NUMBER, short="lost"),
        Metric("wages", "Wages", Better.LOWER, Style.NUMBER, short="wages"),
    ),
    no_scorecard={f.name: {"bool": False, "int": 0}.get(f.type, 0.0) for f in fields(Scorecard)},
    figures=Figures(score="score", success="success", efficiency=("wages",)),
    policies={
        "foreman": Foreman,
        "normal": lambda: Always(1),
        "slow": lambda: Always(0),
        "fast": lambda: Always(2),
    },
    baselines=("foreman", "normal"),
    probes=("slow", "fast"),
    latent=("rush", "next_arrival", "next_customer", "work_left_hours"),
)
"""The world, as the entry point ``golive.worlds`` names it."""
