"""Results of the seven CRM agents, with the fields that their users know."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ....core.records import Integer, Number, Record, Share
from ....scenarios.gateway.workflow import CrmAgent

Line = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Lines = Annotated[tuple[Line, ...], Field(max_length=20)]
Urgency = Literal["low", "medium", "high"]


class LeadQualification(Record):
    """Worth of a lead."""

    lead: Integer
    quality_score: Number = Field(ge=0.0, le=100.0, description="Of the lead, 0 to 100.")
    strengths: Lines
    weaknesses: Lines
    next_actions: Lines
    urgency: Urgency
    estimated_value_usd: Number = Field(ge=0.0)


class DealAnalysis(Record):
    """Chances of a deal."""

    deal: Integer
    win_probability: Share
    risk_factors: Lines
    success_factors: Lines
    strategies: Lines
    timeline_assessment: Line


class CustomerInsights(Record):
    """Picture of a customer."""

    profile: Line
    engagement_pattern: Line
    preferences_and_needs: Lines
    growth_opportunities: Lines
    retention_risks: Lines


class Recommendation(Record):
    """Actions that follow."""

    immediate: Lines
    short_term: Lines
    long_term: Lines
    resources: Lines
    predicted_outcomes: Lines


class Research(Record):
    """Background of a company."""

    company_background: Line
    industry_trends: Lines
    competitors: Lines
    decision_makers: Lines
    pain_points: Lines


class Summary(Record):
    """Short form of what was found."""

    summary: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    key_points: Lines
    action_items: Lines
    risks: Lines
    opportunities: Lines


class EvaluatedOption(Record):
    """An option and what it is worth."""

    option: Line
    score: Number


class DecisionResult(Record):
    """Choice among options."""

    options_evaluated: Annotated[tuple[EvaluatedOption, ...], Field(min_length=1, max_length=50)]
    recommendation: Line
    confidence: Share
    rationale: Line
    risks: Lines


RESULTS: dict[CrmAgent, type[Record]] = {
    CrmAgent.LEAD_QUALIFICATION: LeadQualification,
    CrmAgent.DEAL_ANALYSIS: DealAnalysis,
    CrmAgent.CUSTOMER_INSIGHTS: CustomerInsights,
    CrmAgent.RECOMMENDATION: Recommendation,
    CrmAgent.RESEARCH: Research,
    CrmAgent.SUMMARY: Summary,
    CrmAgent.DECISION: DecisionResult,
}
"""Class of each agent's result."""
