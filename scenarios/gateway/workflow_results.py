"""What each of the seven CRM agents returns: its name, its fields, their ranges."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ...core.records import Integer, Number, Record, Share

Text = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
Texts = tuple[Text, ...]


class CrmAgent(StrEnum):
    """The seven agents that work on the customer database."""

    LEAD_QUALIFICATION = "lead_qualification"
    DEAL_ANALYSIS = "deal_analysis"
    CUSTOMER_INSIGHTS = "customer_insights"
    RECOMMENDATION = "recommendation"
    RESEARCH = "research"
    SUMMARY = "summary"
    DECISION = "decision"


class LossReason(StrEnum):
    """Why a deal is lost."""

    NO_DECISION = "no_decision"
    PRICE = "price"
    COMPETITOR = "competitor"


class LeadQualification(Record):
    """How good a lead is, and what to do with it."""

    quality_score: Number = Field(
        ge=0, le=100, description="Chance that it becomes a deal, in percent: 0 to 100."
    )
    strengths: Texts = Field(description="What speaks for it, strongest first.")
    weaknesses: Texts = Field(description="What speaks against it, strongest first.")
    next_actions: Texts = Field(min_length=1, description="What to do next, in order.")
    urgency: Literal["low", "medium", "high"] = Field(description="How soon to do it.")
    estimated_value_usd: Number = Field(ge=0, description="Worth of the deal it may become, USD.")


class RiskFactor(Record):
    """A way in which a deal may be lost."""

    reason: LossReason
    share: Share = Field(description="Chance that this is the reason, if the deal is lost.")
    evidence: Texts = Field(description="Signs of it; empty if there are none.")


class Timeline(Record):
    """Where a deal stands in time."""

    status: Literal["on_track", "stalled", "overdue", "closed"]
    days_since_activity: Integer = Field(ge=0, description="Days since anybody was in touch.")
    days_to_expected_close: Integer = Field(description="Days from today; negative once past.")


class DealAnalysis(Record):
    """Whether a deal will be won, and what stands in the way."""

    win_probability: Share = Field(description="Chance that it is won.")
    risk_factors: tuple[RiskFactor, ...] = Field(min_length=1, description="Likeliest first.")
    success_factors: Texts = Field(description="What speaks for it, strongest first.")
    strategies: Texts = Field(min_length=1, description="What to do about the risks, in order.")
    timeline_assessment: Timeline


class RetentionRisk(Record):
    """A sign that a customer may leave."""

    sign: Text
    probability: Share = Field(description="Chance to lose the customer, all signs considered.")


class CustomerInsights(Record):
    """What a customer is like, needs, and may do."""

    profile: Text
    engagement_pattern: Text
    preferences_and_needs: Texts
    growth_opportunities: Texts
    retention_risks: tuple[RetentionRisk, ...] = Field(min_length=1, description="Worst first.")


class PredictedOutcome(Record):
    """What an action is expected to bring."""

    action: Text
    success_probability: Share


class Recommendation(Record):
    """What to do now, soon and later."""

    immediate_actions: Texts = Field(min_length=1, description="This week.")
    short_term_actions: Texts = Field(description="This month.")
    long_term_actions: Texts = Field(description="This quarter.")
    resources: Texts = Field(description="Who and what is needed.")
    predicted_outcomes: tuple[PredictedOutcome, ...]


class Research(Record):
    """What is known of a company and its market."""

    company_background: Text
    industry_trends: Texts
    competitors: Texts
    decision_makers: Texts = Field(description="People who decide, likeliest first: `contact 3`.")
    pain_points: Texts


class Summary(Record):
    """What documents and records say, in short."""

    summary: Text
    key_points: Texts
    action_items: Texts
    risks: Texts
    opportunities: Texts


class OptionValue(Record):
    """An option and what it is worth on the scale of the decision."""

    option: Text = Field(description="A subject, such as `lead 17`.")
    value: Number = Field(description="Higher is better.")
    reasons: Texts = ()


class Decision(Record):
    """Which option to take, and why."""

    options_evaluated: tuple[OptionValue, ...] = Field(min_length=1, description="Best first.")
    recommendation: Text = Field(description="The option to take, such as `lead 17`.")
    confidence: Share
    rationale: Text
    risks: Texts


RESULTS: dict[CrmAgent, type[Record]] = {
    CrmAgent.LEAD_QUALIFICATION: LeadQualification,
    CrmAgent.DEAL_ANALYSIS: DealAnalysis,
    CrmAgent.CUSTOMER_INSIGHTS: CustomerInsights,
    CrmAgent.RECOMMENDATION: Recommendation,
    CrmAgent.RESEARCH: Research,
    CrmAgent.SUMMARY: Summary,
    CrmAgent.DECISION: Decision,
}
"""The record that each agent returns."""
