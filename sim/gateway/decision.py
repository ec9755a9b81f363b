"""Decisions of the gateway: who should do the task that is on the table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ...scenarios.gateway.agents import MOST_AGENTS

MOST_ATTEMPTS = 4
"""Placements of a task with agents; then only people take it."""
MOST_WAITS = 3
LEAST_SPLIT_HOURS = 1.0
"""Estimated hours from which a task can be split."""
QUEUE_PER_PLACE = 4
"""Tasks that may wait for an agent for each that it does at once; then it takes no more."""


class Way(IntEnum):
    """Ways to deal with a task."""

    AGENT = 0
    PERSON = 1
    ASK = 2
    SPLIT = 3
    WAIT = 4


@dataclass(frozen=True, slots=True)
class Decision:
    """A way to deal with the task on the table.

    Attributes:
        way: what.
        agent: slot of the agent; -1 unless the way is ``AGENT``.
    """

    way: Way = Way.PERSON
    agent: int = -1


OTHER_WAYS = (Way.PERSON, Way.ASK, Way.SPLIT, Way.WAIT)
"""Ways that name no agent, in the order in which actions have them, behind the agents' slots."""
CHOICES = MOST_AGENTS + len(OTHER_WAYS)
NEUTRAL = Decision()
"""A person takes it: legal at every decision point."""


def choice_of(decision: Decision) -> int:
    """The decision as one number: a slot, or behind all slots another way."""
    if decision.way == Way.AGENT:
        return decision.agent
    return MOST_AGENTS + OTHER_WAYS.index(decision.way)


def decision_of(choice: int) -> Decision:
    """The decision that a number below ``CHOICES`` means."""
    if choice < MOST_AGENTS:
        return Decision(Way.AGENT, choice)
    return Decision(OTHER_WAYS[choice - MOST_AGENTS])


@dataclass(frozen=True, slots=True)
class LegalDecisions:
    """The decisions that are legal for the task on the table.

    Attributes:
        agents: by slot, whether the task may be placed there.
        ask: whether its requester may be asked.
        split: whether it may be split.
        wait: whether it may be put off.
    """

    agents: tuple[bool, ...]
    ask: bool
    split: bool
    wait: bool

    def allows(self, decision: Decision) -> bool:
        """True if the decision is legal."""
        match decision.way:
            case Way.AGENT:
                return 0 <= decision.agent < len(self.agents) and self.agents[decision.agent]
            case Way.ASK:
                return self.ask
            case Way.SPLIT:
                return self.split
            case Way.WAIT:
                return self.wait
        return True

    def replace_illegal(self, decision: Decision) -> tuple[Decision, int]:
        """The decision, or a person's where it is illegal, and whether it was."""
        return (decision, 0) if self.allows(decision) else (NEUTRAL, 1)
