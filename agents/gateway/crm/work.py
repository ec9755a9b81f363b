"""What a CRM agent is given, and how it says that it failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ....core.errors import GoliveError
from ....core.records import Record
from ....scenarios.gateway.workflow_results import RESULTS, CrmAgent
from ....scenarios.gateway.workflow_vocabulary import Subject
from ....sim.gateway.crm.session import Reader


class AgentError(GoliveError):
    """An agent that made no result; a further attempt may."""


@dataclass(frozen=True, slots=True)
class Work:
    """A step's work.

    Attributes:
        reader: what may be read of the database.
        subject: what the work is about.
        identities: ids of the subjects; agents that judge one at a time get one.
        inputs: results of earlier steps by the step's name, for each subject that they are about
            (``lead 17``), or under ``all``.
        question: that the step asks, if any.
    """

    reader: Reader
    subject: Subject
    identities: tuple[int, ...]
    inputs: Mapping[str, Mapping[str, Record]] = field(default_factory=dict)
    question: str = ""

    @property
    def identity(self) -> int:
        """The id of the only subject.

        Raises:
            AgentError: there is more than one.
        """
        if len(self.identities) != 1:
            raise AgentError(f"{len(self.identities)} subjects: expected one")
        return self.identities[0]

    def results(self) -> list[tuple[str, Record]]:
        """All earlier results with what each is about."""
        return [pair for one in self.inputs.values() for pair in one.items()]


AgentFunction = Callable[[Work], Record]
"""A CRM agent: makes the record that ``RESULTS`` names for it."""
EACH = frozenset(
    {
        *(CrmAgent.LEAD_QUALIFICATION, CrmAgent.DEAL_ANALYSIS, CrmAgent.CUSTOMER_INSIGHTS),
        *(CrmAgent.RESEARCH, CrmAgent.SUMMARY),
    }
)
"""Agents that judge one subject at a time; the others see all results together."""


def label(subject: Subject, identity: int) -> str:
    """A subject as options and results name it: ``lead 17``."""
    return f"{subject} {identity}"


def checked(agent: CrmAgent, made: Any) -> Record:
    """The result of an agent, seen to be its record.

    Raises:
        AgentError: it is something else.
    """
    expected = RESULTS[agent]
    if not isinstance(made, expected):
        raise AgentError(f"returned {type(made).__name__}: expected {expected.__name__}")
    return made
