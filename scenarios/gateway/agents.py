"""Agents behind the gateway, a row each: ``agents.yaml``, and rows that a user adds."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from ...core.records import Flag, Integer, Number, Record, Share, Slug
from ...core.yaml_reader import read_document
from .vocabulary import AgentGroup, TaskFamily

MOST_AGENTS = 96
FEWEST_AGENTS = 8


class AgentRow(Record):
    """Row of a company's list of agents: trades, price, pace, capacity.

    How good it really is nobody lists: an episode draws that around these figures.
    """

    name: Slug = Field(description="Its name, unique in the pool.")
    group: AgentGroup = Field(
        default=AgentGroup.SPECIALISED, description="Group that it is listed in."
    )
    home: dict[TaskFamily, Number] = Field(
        min_length=1,
        description="Families that it is made for; doublings of the length of task that it can do.",
    )
    usd_per_hour: Number = Field(gt=0.0, le=1_000.0, description="For an hour of a person's work.")
    pace: Number = Field(
        gt=0.0, le=10.0, description="Hours that it takes for an hour of a person's work."
    )
    capacity: Integer = Field(default=3, ge=1, le=100, description="Tasks at once.")
    cleared: Flag = Field(default=True, description="Whether it may see confidential tasks.")
    longest_task_hours: Number = Field(
        default=40.0, gt=0.0, description="A person's hours of the largest task that it takes."
    )


@cache
def named_agents() -> tuple[AgentRow, ...]:
    """The agents of ``agents.yaml`` in its order, 59 of them."""
    content: dict[str, Any] = read_document(Path(__file__).with_name("agents.yaml")).data
    return tuple(
        AgentRow.model_validate({"group": group, **row})
        for group, rows in content.items()
        for row in rows
    )


class Pool(Record):
    """The agents that a company has."""

    generated: Flag = Field(
        default=False,
        description="Whether each episode draws a pool of its own instead of the named agents.",
    )
    fewest: Integer = Field(
        default=24, ge=FEWEST_AGENTS, le=MOST_AGENTS, description="Of a generated pool, at least."
    )
    most: Integer = Field(
        default=72, ge=FEWEST_AGENTS, le=MOST_AGENTS, description="Of a generated pool, at most."
    )
    added: tuple[AgentRow, ...] = Field(
        default=(), max_length=MOST_AGENTS, description="Rows besides those that are named."
    )
    left_out: tuple[Slug, ...] = Field(default=(), description="Named agents that are not there.")
    new_share: Share = Field(
        default=0.1, description="Share of agents without a record: nobody has tried them yet."
    )
    uncleared_share: Share = Field(
        default=0.3, description="Share of generated agents that may not see confidential tasks."
    )

    def rows(self) -> tuple[AgentRow, ...]:
        """The rows of a pool that is not generated."""
        named = tuple(row for row in named_agents() if row.name not in self.left_out)
        return (*named, *self.added)
