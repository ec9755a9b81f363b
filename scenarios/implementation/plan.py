"""The plan: phases, crew, calendar, gates and waves of go-lives."""

from __future__ import annotations

from pydantic import Field, model_validator

from ...core.records import Integer, Name, Number, Record, Share
from .planned_work import MOST_PACKAGES, PlannedPackage, check_work
from .vocabulary import Delivery, Role, Workstream

DAYS_PER_DECISION = {Delivery.AGENTIC: 1, Delivery.CONVENTIONAL: 5}
"""Default days between two decisions: daily for AI agents, weekly for human consultants."""


class Phase(Record):
    """A span of weeks and the workstreams planned in it."""

    name: Name = Field(description="Name of the phase, unique within the plan.")
    first_week: Integer = Field(ge=1, le=520, description="Its first week; the plan's first is 1.")
    last_week: Integer = Field(ge=1, le=520, description="Its last week, included.")
    workstreams: tuple[Workstream, ...] = Field(min_length=1, description="What is worked on.")

    @model_validator(mode="after")
    def _weeks_in_order(self) -> Phase:
        if self.first_week > self.last_week:
            raise ValueError(
                f"first_week: {self.first_week}: expected at most last_week = {self.last_week}"
            )
        if len(set(self.workstreams)) != len(self.workstreams):
            raise ValueError("workstreams: expected each workstream only once")
        return self


class CrewMembers(Record):
    """Crew members of one role."""

    role: Role = Field(description="Their role.")
    units: Integer = Field(ge=0, le=10, description="How many there are.")


class Wave(Record):
    """Sites that are planned to go live together."""

    sites: tuple[Name, ...] = Field(min_length=1, description="Names of the customer's sites.")
    week: Integer = Field(ge=1, le=520, description="Week at whose end they go live.")


class Plan(Record):
    """The implementation as it is meant to go."""

    delivery: Delivery = Field(description="Who delivers.")
    weeks: Integer = Field(ge=1, le=520, description="Weeks from kick-off to the last go-live.")
    phases: tuple[Phase, ...] = Field(min_length=1, description="Phases; they may overlap.")
    crew: tuple[CrewMembers, ...] = Field(min_length=1, description="The crew, role by role.")
    hours_per_day: Number = Field(default=8.0, ge=1.0, le=24.0, description="Working hours a day.")
    days_per_week: Integer = Field(default=5, ge=1, le=7, description="Working days a week.")
    days_per_decision: Integer = Field(
        default_factory=lambda data: DAYS_PER_DECISION.get(data.get("delivery"), 1),
        ge=1,
        le=20,
        description="Working days between decisions (agentic 1, conventional 5 by default).",
    )
    hypercare_weeks: Integer = Field(
        default=4, ge=0, le=52, description="Weeks of support after the last go-live."
    )
    hypercare_extension_weeks: Integer = Field(
        default=0,
        ge=0,
        le=104,
        description="Weeks by which hypercare is extended at most, one by one, while a site does "
        "not run well enough to let the crew go.",
    )
    max_postponements: Integer = Field(
        default=4, ge=0, le=260, description="How often go-live can be postponed, a week each."
    )
    data_gate: Share = Field(
        default=0.97,
        description="Share of records that a mock load must load without error before go-live.",
    )
    reconciliation_gate: Share = Field(
        default=0.98, description="Share of migrated value that must agree with the legacy system."
    )
    adoption_threshold: Share = Field(
        default=0.6, description="Share of users who must have adopted by the end of hypercare."
    )
    budget_usd: Number | None = Field(
        default=None, gt=0.0, le=1e10, description="Budget in USD; null: computed from the plan."
    )
    waves: tuple[Wave, ...] = Field(
        default=(), description="Planned go-lives; empty: all sites together at the plan's end."
    )
    work: tuple[PlannedPackage, ...] = Field(
        default=(),
        max_length=MOST_PACKAGES,
        exclude_if=lambda work: not work,
        description="Packages that replace generated ones, by workstream; empty: all generated.",
    )

    @model_validator(mode="after")
    def _without_contradiction(self) -> Plan:
        _check_phases(self)
        _check_crew(self)
        _check_waves(self)
        check_work(self.work)
        return self


def _check_phases(plan: Plan) -> None:
    names: set[str] = set()
    for index, phase in enumerate(plan.phases):
        if phase.last_week > plan.weeks:
            raise ValueError(
                f"phases[{index}].last_week: {phase.last_week}: "
                f"expected at most the plan's weeks = {plan.weeks}"
            )
        if phase.name in names:
            raise ValueError(f"phases[{index}].name: {phase.name!r}: expected each name only once")
        names.add(phase.name)


def _check_crew(plan: Plan) -> None:
    roles = [members.role for members in plan.crew]
    for index, role in enumerate(roles):
        if role in roles[:index]:
            raise ValueError(f"crew[{index}].role: {str(role)!r}: expected each role only once")
    if not any(members.units for members in plan.crew):
        raise ValueError("crew: all units are 0: expected at least one crew member")


def _check_waves(plan: Plan) -> None:
    seen: set[str] = set()
    previous_week = 0
    for index, wave in enumerate(plan.waves):
        if wave.week > plan.weeks:
            raise ValueError(
                f"waves[{index}].week: {wave.week}: "
                f"expected at most the plan's weeks = {plan.weeks}"
            )
        if wave.week < previous_week:
            raise ValueError(f"waves[{index}].week: {wave.week}: expected waves in order of time")
        previous_week = wave.week
        for site in wave.sites:
            if site in seen:
                raise ValueError(f"waves[{index}].sites: {site!r}: expected each site only once")
            seen.add(site)
