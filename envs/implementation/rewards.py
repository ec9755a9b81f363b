"""Rewards as named terms whose weights are data.

A term has one job: a value in the field's own unit. The configuration only weighs the values,
and the reward is their weighted sum. Training may change rewards freely; policies are judged
by the scorecard.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from ...scenarios.implementation.scenario import ImplementationScenario
from ...sim.implementation.briefing import Briefing
from ...sim.implementation.scorecard import Scorecard
from ..rewards import RewardLanguage, RewardTerm, Transition
from .shaping import PotentialConfig, potential


class ImplementationSuccess:
    """1 at the end of a successful implementation, else 0."""

    name = "implementation_success"

    def value(self, transition: Transition) -> float:
        """1 or 0."""
        card: Scorecard | None = transition.scorecard
        return 1.0 if card is not None and card.success else 0.0


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


class CustomerSatisfaction:
    """At the end, the customer's net promoter score."""

    name = "customer_satisfaction"

    def value(self, transition: Transition) -> float:
        """NPS, -100..100."""
        card: Scorecard | None = transition.scorecard
        return 0.0 if card is None else card.nps


class DataQualityImprovement:
    """At the end, how much better the data went live than it was at the start.

    Data that never went live improved nothing.
    """

    name = "data_quality_improvement"

    def value(self, transition: Transition) -> float:
        """Difference of quality, -1..1."""
        card: Scorecard | None = transition.scorecard
        if card is None or not card.went_live:
            return 0.0
        return card.data_quality_go_live - card.data_quality_start


class ErrorPrevention:
    """At the end, the defect removal efficiency.

    It needs a production into which defects could have escaped: without go-live it is 0.
    """

    name = "error_prevention"

    def value(self, transition: Transition) -> float:
        """Share of defects removed before go-live, 0..1."""
        card: Scorecard | None = transition.scorecard
        if card is None or not card.went_live:
            return 0.0
        return card.defect_removal_efficiency


class ManualIntervention:
    """Manual interventions, as they happen."""

    name = "manual_intervention"

    def value(self, transition: Transition) -> float:
        """Interventions in this step."""
        return float(
            transition.after.management.interventions - transition.before.management.interventions
        )


class GoLiveScore:
    """At the end, the score that policies are judged by."""

    name = "go_live_score"

    def value(self, transition: Transition) -> float:
        """0..1."""
        card: Scorecard | None = transition.scorecard
        return 0.0 if card is None else card.go_live_score


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
        after = (
            0.0 if transition.scorecard is not None else potential(transition.after, self._config)
        )
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
    go_live_score: float = Field(default=0.0, description="Per unit of go-live score.")
    shaping: float = Field(default=0.0, description="Per unit of discounted gain of potential.")
    potential: PotentialConfig = Field(
        default_factory=PotentialConfig, description="The potential that shaping uses."
    )


_NO_MISSION = {
    "implementation_success": 0.0,
    "timeline_accuracy": 0.0,
    "customer_satisfaction": 0.0,
    "data_quality_improvement": 0.0,
    "error_prevention": 0.0,
    "manual_intervention": 0.0,
}

PRESETS: dict[str, RewardConfig] = {
    "mission": RewardConfig(),
    "shaped": RewardConfig(shaping=10.0),
    "score": RewardConfig.model_validate({**_NO_MISSION, "go_live_score": 10.0}),
    "score_shaped": RewardConfig.model_validate(
        {**_NO_MISSION, "go_live_score": 10.0, "shaping": 5.0}
    ),
}
"""Reward configurations by name."""


def terms_of(config: RewardConfig) -> tuple[RewardTerm, ...]:
    """The world's own terms; what one needs beside its weight stands in the configuration."""
    return (
        ImplementationSuccess(),
        TimelineAccuracy(),
        CustomerSatisfaction(),
        DataQualityImprovement(),
        ErrorPrevention(),
        ManualIntervention(),
        GoLiveScore(),
        Shaping(config.potential),
    )


def with_discount(config: RewardConfig, gamma: float) -> RewardConfig:
    """The configuration whose shaping has a learner's discount."""
    potential = config.potential.model_copy(update={"gamma": gamma})
    return config.model_copy(update={"potential": potential})


def reward_language() -> RewardLanguage:
    """The implementation world's terms, weights and presets."""
    return RewardLanguage(
        "implementation", RewardConfig, PRESETS, terms_of, with_discount, "score_shaped"
    )
