"""Rewards as named terms whose weights are data.

A term has one job: a value in the field's own unit. The configuration only weighs the values,
and the reward is their weighted sum. Training may change rewards freely; policies are judged
by the scorecard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from ...scenarios.implementation.scenario import ImplementationScenario
from ...sim.implementation.briefing import Briefing
from ...sim.implementation.scorecard import Scorecard
from ..rewards import RewardLanguage, RewardTerm, Transition
from .shaping import PotentialConfig, potential


@dataclass(slots=True)
class AtTheEnd:
    """A term that is read off the scorecard at the end of an episode, and 0 until then.

    Attributes:
        name: its weight's in the configuration.
        of: its value, from the scorecard.
    """

    name: str
    of: Callable[[Scorecard], float]

    def value(self, transition: Transition) -> float:
        """The scorecard's figure once there is one, else 0."""
        card: Scorecard | None = transition.scorecard
        return 0.0 if card is None else self.of(card)


class TimelineAccuracy:
    """At the end, minus the distance in weeks between planned and actual go-live, early or late.

    What never went live counts as late as it could have been, so that being cancelled on the
    planned day is not punctual.
    """

    name = "timeline_accuracy"

    def value(self, transition: Transition) -> float:
        """Weeks, not above 0."""
        card: Scorecard | None = transition.scorecard
        if card is None:
            return 0.0
        after: Briefing = transition.after
        calendar = after.calendar
        latest = calendar.last_day - calendar.planned_go_live_day
        variance_days = card.days_late if card.went_live else latest
        scenario: ImplementationScenario = transition.scenario
        return -abs(variance_days) / scenario.plan.days_per_week


def data_quality_improvement(card: Scorecard) -> float:
    """Gain in the data's quality from the start to the go-live, -1..1.

    Data that never went live improved nothing.
    """
    return card.data_quality_go_live - card.data_quality_start if card.went_live else 0.0


def error_prevention(card: Scorecard) -> float:
    """The defect removal efficiency, 0..1.

    It needs a production into which defects could have escaped: without go-live it is 0.
    """
    return card.defect_removal_efficiency if card.went_live else 0.0


def business_value(card: Scorecard) -> float:
    """Expected value over the plan's business case: what is spent, lost and earned in one figure.

    1 is what was promised, a loss is negative; 0 where the plan promises nothing.
    """
    case = card.business_case_usd
    return card.expected_value_usd / case if case > 0.0 else 0.0


class ManualIntervention:
    """Manual interventions, as they happen."""

    name = "manual_intervention"

    def value(self, transition: Transition) -> float:
        """Interventions in this step."""
        return float(
            transition.after.management.interventions - transition.before.management.interventions
        )


class Shaping:
    """Potential-based shaping: it moves reward forward in time and leaves the optimum where it is.

    ``gamma * potential(after) - potential(before)``, where the potential of the end is 0
    (Ng, Harada and Russell 1999; Grzes 2017 for the end of the episode). ``gamma`` must be the
    learner's discount.
    """

    name = "shaping"

    def __init__(self, config: PotentialConfig) -> None:
        self._config = config

    def value(self, transition: Transition) -> float:
        """Discounted gain of potential in this step."""
        over = transition.scorecard is not None
        after = 0.0 if over else potential(transition.after, self._config)
        return self._config.gamma * after - potential(transition.before, self._config)


class RewardConfig(BaseModel):
    """Weights of the reward's terms; the mission's by default."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    implementation_success: float = Field(default=10.0, description="Per successful end.")
    timeline_accuracy: float = Field(default=1.0, description="Per minus week of variance.")
    customer_satisfaction: float = Field(default=0.1, description="Per point of NPS.")
    data_quality_improvement: float = Field(default=5.0, description="Per unit of quality.")
    error_prevention: float = Field(default=8.0, description="Per unit of removal efficiency.")
    manual_intervention: float = Field(default=-3.0, description="Per manual intervention.")
    business_value: float = Field(default=80.0, description="Per business case of value.")
    go_live_score: float = Field(default=0.0, description="Per unit of go-live score.")
    shaping: float = Field(default=0.0, description="Per unit of discounted gain of potential.")
    potential: PotentialConfig = Field(
        default_factory=PotentialConfig, description="The potential that shaping uses."
    )


_NOTHING = {name: 0.0 for name in RewardConfig.model_fields if name != "potential"}
PRESETS: dict[str, RewardConfig] = {
    "mission": RewardConfig(),
    "shaped": RewardConfig(shaping=10.0),
    "score": RewardConfig.model_validate({**_NOTHING, "go_live_score": 10.0}),
    # The score before it is cut at 0: where all endings are losses, some are worse than others.
    "score_shaped": RewardConfig.model_validate(
        {**_NOTHING, "business_value": 10.0, "shaping": 10.0}
    ),
}
"""Reward configurations by name."""


def terms_of(config: RewardConfig) -> tuple[RewardTerm, ...]:
    """The world's own terms; what one needs beside its weight stands in the configuration."""
    return (
        AtTheEnd("implementation_success", lambda card: float(card.success)),
        TimelineAccuracy(),
        AtTheEnd("customer_satisfaction", lambda card: card.nps),
        AtTheEnd("data_quality_improvement", data_quality_improvement),
        AtTheEnd("error_prevention", error_prevention),
        ManualIntervention(),
        AtTheEnd("business_value", business_value),
        AtTheEnd("go_live_score", lambda card: card.go_live_score),
        Shaping(config.potential),
    )


def with_discount(config: RewardConfig, gamma: float) -> RewardConfig:
    """The configuration whose shaping has a learner's discount."""
    potential = config.potential.model_copy(update={"gamma": gamma})
    return config.model_copy(update={"potential": potential})


def reward_language() -> RewardLanguage:
    """The implementation world's terms, weights and presets."""
    bounds = {"score": (0.0, PRESETS["score"].go_live_score)}  # the score itself is in 0..1
    return RewardLanguage(
        "implementation", RewardConfig, PRESETS, terms_of, with_discount, "score_shaped", bounds
    )
