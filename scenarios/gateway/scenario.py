"""Scenarios of the gateway world: a company's weeks, its agents, its people and what goes wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ...core.records import Integer, Number, Record, Share
from ..scenario import Scenario
from .agents import FEWEST_AGENTS, MOST_AGENTS, Pool
from .vocabulary import Adversity, CompanyTrait, Wordings

LONGEST_WEEKS = 8
MOST_TASKS_PER_WEEK = 2_500
TraitValue = Annotated[float, Field(ge=-1.0, le=1.0)]


class Trouble(Record):
    """Something that goes wrong at a moment that the episode draws, or at a given one."""

    kind: Adversity = Field(description="What it is.")
    severity: Number = Field(default=0.5, gt=0.0, le=1.0, description="How bad it is, up to 1.")
    day: Integer | None = Field(
        default=None, ge=0, lt=7 * LONGEST_WEEKS, description="Day; null: drawn by the episode."
    )


class GatewayScenario(Scenario):
    """A company whose work goes through a gateway to its agents, for some weeks."""

    world: Literal["gateway"] = Field(default="gateway", description="The world's name.")
    weeks: Integer = Field(default=2, ge=1, le=LONGEST_WEEKS, description="Weeks of arrivals.")
    tasks_per_week: Integer = Field(
        default=400, ge=5, le=MOST_TASKS_PER_WEEK, description="Tasks in an average week."
    )
    pool: Pool = Field(default_factory=Pool, description="The agents.")
    requesters: Integer = Field(default=24, ge=6, le=200, description="People who send tasks.")
    people: Integer = Field(
        default=3, ge=1, le=50, description="People who take what no agent should do."
    )
    person_usd_per_hour: Number = Field(default=70.0, gt=0.0, description="What they cost.")
    priority_shares: tuple[Share, Share, Share, Share] = Field(
        default=(0.011, 0.016, 0.942, 0.031),
        description="Shares of the priorities 1 to 4 (incidents of a public service desk log).",
    )
    confidential_share: Share = Field(default=0.1, description="Tasks that not everybody may see.")
    vague_share: Share = Field(default=0.3, description="Tasks that leave out what matters.")
    mixed_share: Share = Field(default=0.35, description="Tasks that need two trades.")
    median_task_hours: Number = Field(
        default=0.5, gt=0.0, le=8.0, description="A person's hours of a task, in the middle."
    )
    changes_per_agent_month: Number = Field(
        default=0.3, ge=0.0, le=10.0, description="New versions of an agent without notice."
    )
    outages_per_agent_month: Number = Field(
        default=1.0, ge=0.0, le=20.0, description="Times that an agent is away."
    )
    wordings: Wordings = Field(default=Wordings.USUAL, description="How tasks are worded.")
    traits: dict[CompanyTrait, TraitValue] = Field(
        default_factory=dict,
        description="What the company is like; what is not named is drawn by the episode.",
    )
    troubles: tuple[Trouble, ...] = Field(
        default=(), max_length=20, description="What goes wrong besides."
    )

    @model_validator(mode="after")
    def _can_be_played(self) -> GatewayScenario:
        total = 0.0
        for share in self.priority_shares:
            total += share
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"priority_shares: they add up to {total:g}: expected 1")
        pool = self.pool
        if pool.generated:
            if pool.added or pool.left_out:
                raise ValueError("pool: generated: it has no named agents to add to or leave out")
            if pool.most < pool.fewest:
                raise ValueError(f"pool: most {pool.most}: expected at least fewest {pool.fewest}")
            return self
        rows = pool.rows()
        names = [row.name for row in rows]
        doubled = next((name for name in names if names.count(name) > 1), None)
        if doubled:
            raise ValueError(f"pool: agent {doubled!r} is there twice")
        unknown = set(pool.left_out) - {row.name for row in Pool().rows()}
        if unknown:
            raise ValueError(f"pool: left_out: {min(unknown)!r}: no such agent")
        if not FEWEST_AGENTS <= len(rows) <= MOST_AGENTS:
            raise ValueError(f"pool: {len(rows)} agents: expected {FEWEST_AGENTS} to {MOST_AGENTS}")
        return self
