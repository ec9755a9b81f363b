"""The CRM's terms for workflows: what they are about, what they change, who may read what."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from ...core.records import Integer, Number, Record, Share
from .workflow_results import CrmAgent, LossReason, Text


class Subject(StrEnum):
    """What a run of a workflow is about; each has a table, a row for each subject."""

    LEAD = "lead"
    DEAL = "deal"
    COMPANY = "company"

    @property
    def table(self) -> str:
        """The table of the database that has them."""
        return "companies" if self is Subject.COMPANY else f"{self.value}s"


class Operation(StrEnum):
    """Kinds of change; each touches one row."""

    UPDATE_LEAD = "update_lead"
    UPDATE_DEAL = "update_deal"
    ADD_ACTIVITY = "add_activity"
    SEND_EMAIL = "send_email"
    OPEN_PROJECT = "open_project"


class UpdateLead(Record):
    """Changed fields of a lead."""

    status: Literal["new", "qualified", "disqualified"] | None = None
    score: Number | None = Field(default=None, ge=0, le=100)


class UpdateDeal(Record):
    """Changed fields of a deal."""

    stage: Literal["discovery", "proposal", "negotiation"] | None = None
    win_probability: Share | None = None
    risk: LossReason | None = None


class AddActivity(Record):
    """A planned activity about the subject."""

    kind: Literal["call", "meeting", "task"] = "call"
    notes: Text = "Follow up"
    in_days: Integer = Field(ge=0, le=365, description="Days from today.")


class SendEmail(Record):
    """An e-mail to the main contact of the subject: it leaves the house."""

    body: Text


class OpenProject(Record):
    """A project for a deal's customer."""

    name: Text
    budget_usd: Integer = Field(gt=0)


CHANGES: dict[Operation, type[Record]] = {
    Operation.UPDATE_LEAD: UpdateLead,
    Operation.UPDATE_DEAL: UpdateDeal,
    Operation.ADD_ACTIVITY: AddActivity,
    Operation.SEND_EMAIL: SendEmail,
    Operation.OPEN_PROJECT: OpenProject,
}
"""What each operation sets."""
SUBJECTS_OF: dict[Operation, frozenset[Subject]] = {
    Operation.UPDATE_LEAD: frozenset({Subject.LEAD}),
    Operation.UPDATE_DEAL: frozenset({Subject.DEAL}),
    Operation.ADD_ACTIVITY: frozenset(Subject),
    Operation.SEND_EMAIL: frozenset(Subject),
    Operation.OPEN_PROJECT: frozenset({Subject.DEAL}),
}
"""What each operation can be about."""
OUTBOUND = frozenset({Operation.SEND_EMAIL})
"""Operations that leave the house: nothing confidential may flow into them."""

READS: dict[CrmAgent, frozenset[str]] = {
    CrmAgent.LEAD_QUALIFICATION: frozenset({"leads", "contacts", "companies", "activities"}),
    CrmAgent.DEAL_ANALYSIS: frozenset({"deals", "contacts", "companies", "activities"}),
    CrmAgent.CUSTOMER_INSIGHTS: frozenset(
        {"companies", "contacts", "deals", "activities", "projects"}
    ),
    CrmAgent.RECOMMENDATION: frozenset(),
    CrmAgent.RESEARCH: frozenset({"companies", "contacts", "deals", "activities"}),
    CrmAgent.SUMMARY: frozenset({"companies", "documents"}),
    CrmAgent.DECISION: frozenset(),
}
"""Tables that each agent needs, and may read; the others live on earlier results."""
ANALYSED: dict[CrmAgent, frozenset[Subject]] = {
    CrmAgent.LEAD_QUALIFICATION: frozenset({Subject.LEAD}),
    CrmAgent.DEAL_ANALYSIS: frozenset({Subject.DEAL}),
    CrmAgent.CUSTOMER_INSIGHTS: frozenset({Subject.COMPANY}),
    CrmAgent.RESEARCH: frozenset({Subject.COMPANY}),
    CrmAgent.SUMMARY: frozenset({Subject.COMPANY}),
}
"""What an agent can be asked about; decision and recommendation take any earlier results."""
