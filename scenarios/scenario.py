"""Scenarios and suites: what is simulated, and on which seeds."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from .customer import Customer
from .edge_case_table import EDGE_CASE_TABLE
from .mixes import MixField, refuse_equal_mixes
from .opponents import OpponentPlan
from .plan import Plan
from .records import Integer, Name, Number, Record, ScenarioName, Share, Slug
from .vocabulary import DisruptionKind, Severity, Split

SCHEMA_VERSION: Literal[1] = 1
"""Version of the file format; other versions are refused."""


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(f"expected {SCHEMA_VERSION}")
    return value


_Version = Annotated[Literal[1], BeforeValidator(_no_boolean)]


class Disruption(Record):
    """Something that may go wrong from outside."""

    kind: DisruptionKind = Field(description="What happens.")
    severity: Severity = Field(default=Severity.MODERATE, description="How bad it is.")
    day: Integer | None = Field(
        default=None, ge=0, le=5_000, description="Working day of its onset, 0-based; null: drawn."
    )
    probability: Share = Field(default=1.0, description="Probability that it happens, 0..1.")
    amount: Number | None = Field(
        default=None,
        ge=0.0,
        le=10_000.0,
        description="How much of it, in the kind's own unit (docs/edge-cases); null: by severity.",
    )
    names: tuple[Name, ...] = Field(
        default=(),
        max_length=10,
        description="What it is about: systems, standards or languages; empty: by severity.",
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Disruption:
        case = EDGE_CASE_TABLE.get(self.kind)
        if self.amount is not None:
            if case is None:
                raise ValueError(f"amount: {self.amount:g}: {self.kind} takes none")
            if not case.least <= self.amount <= case.most:
                raise ValueError(
                    f"amount: {self.amount:g}: expected {case.least:g}..{case.most:g} "
                    f"({case.amount})"
                )
        if self.names and (case is None or not case.names):
            raise ValueError(f"names: {self.kind} takes none")
        return self


class Variation(Record):
    """The family of customers around a scenario's reference customer.

    A spread ``s`` multiplies the reference's value by a factor within ``[1 - s, 1 + s]``. A bound
    left at null means the reference's own value, so that by default nothing varies.
    """

    employees_spread: Share = Field(default=0.0, description="Relative spread of head count.")
    revenue_spread: Share = Field(
        default=0.0, description="Relative spread of revenue per employee."
    )
    skus_spread: Share = Field(default=0.0, description="Relative spread of the number of SKUs.")
    records_spread: Share = Field(
        default=0.0, description="Relative spread of the records per data object."
    )
    error_rate_spread: Share = Field(
        default=0.0, description="Relative spread of each error rate beside data quality's effect."
    )
    effort_spread: Share = Field(
        default=0.0, description="Relative spread of the effort of requirements and challenges."
    )
    data_quality_min: Number | None = Field(
        default=None, ge=0.3, le=1.0, description="Lowest data quality; null: the reference's."
    )
    data_quality_max: Number | None = Field(
        default=None, ge=0.3, le=1.0, description="Highest data quality; null: the reference's."
    )
    complexity_min: Integer | None = Field(
        default=None, ge=1, le=10, description="Lowest complexity; null: the reference's."
    )
    complexity_max: Integer | None = Field(
        default=None, ge=1, le=10, description="Highest complexity; null: the reference's."
    )
    trust_min: Number | None = Field(
        default=None, ge=0.0, le=1.0, description="Lowest initial trust; null: the reference's."
    )
    trust_max: Number | None = Field(
        default=None, ge=0.0, le=1.0, description="Highest initial trust; null: the reference's."
    )
    integrations_min: Integer | None = Field(
        default=None, ge=0, le=15, description="Fewest interfaces; null: the reference's."
    )
    integrations_max: Integer | None = Field(
        default=None, ge=0, le=15, description="Most interfaces; null: the reference's."
    )
    previous_failed_projects_max: Integer | None = Field(
        default=None, ge=0, le=5, description="Most failed projects; null: the reference's."
    )
    optional_challenge_probability: Share = Field(
        default=1.0,
        description="Probability that a challenge other than an acceptance check is present.",
    )
    optional_requirement_probability: Share = Field(
        default=1.0, description="Probability that a requirement that is not mandatory is present."
    )

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Variation:
        for name in ("data_quality", "complexity", "trust", "integrations"):
            low, high = getattr(self, f"{name}_min"), getattr(self, f"{name}_max")
            if low is not None and high is not None and low > high:
                raise ValueError(f"{name}_min: {low}: expected at most {name}_max = {high}")
        return self


class Scenario(Record):
    """What is simulated: a customer (and a family around it), a plan and what may go wrong."""

    schema_version: _Version = Field(default=SCHEMA_VERSION, description="Version of this format.")
    name: ScenarioName = Field(
        description="Name of the scenario: lower-case letters, digits, hyphens."
    )
    title: Name = Field(description="Title in words.")
    description: str = Field(default="", max_length=5_000, description="What it is about.")
    customer: Customer = Field(description="The reference customer.")
    variation: Variation = Field(
        default_factory=Variation, description="How customers drawn from it differ from it."
    )
    plan: Plan = Field(description="The plan.")
    disruptions: tuple[Disruption, ...] = Field(default=(), description="What may go wrong.")
    opponent: OpponentPlan | None = Field(
        default=None,
        exclude_if=lambda plan: plan is None,
        description="Who breaks things during the episode, and with which budget; null: nobody.",
    )
    parameters: dict[str, Number] = Field(
        default_factory=dict, description="Parameters of the world that differ, by name."
    )

    @model_validator(mode="after")
    def _without_contradiction(self) -> Scenario:
        _check_waves(self)
        _check_weeks(self)
        _check_variation(self)
        _check_work(self)
        return self


class SeedRange(Record):
    """Half-open range of seeds ``[start, stop)``."""

    start: Integer = Field(ge=0, lt=2**63, description="First seed.")
    stop: Integer = Field(ge=1, lt=2**63, description="First seed after the range.")

    @model_validator(mode="after")
    def _not_empty(self) -> SeedRange:
        if self.stop <= self.start:
            raise ValueError(f"stop: {self.stop}: expected more than start = {self.start}")
        return self

    def __len__(self) -> int:
        """Number of seeds."""
        return self.stop - self.start

    def __contains__(self, seed: object) -> bool:
        """Whether the seed lies in the range."""
        return isinstance(seed, int) and self.start <= seed < self.stop


class Suite(Record):
    """Scenarios and the seeds on which policies are trained, chosen and judged."""

    schema_version: _Version = Field(default=SCHEMA_VERSION, description="Version of this format.")
    name: Slug = Field(description="Name of the suite: lower-case letters, digits, hyphens.")
    title: Name = Field(description="Title in words.")
    scenarios: tuple[Name, ...] = Field(
        min_length=1, description="Scenarios by name, or by path relative to the suite's file."
    )
    edge_cases: tuple[MixField, ...] = Field(
        default=(),
        description="Mixes that each scenario is met with, one after the other; empty: as it is.",
    )
    splits: dict[Split, SeedRange] = Field(
        min_length=1, description="Seed range per split; they must not meet."
    )

    @model_validator(mode="after")
    def _without_contradiction(self) -> Suite:
        if len(set(self.scenarios)) != len(self.scenarios):
            raise ValueError("scenarios: expected each scenario only once")
        try:
            refuse_equal_mixes(self.edge_cases)
        except ValueError as error:
            raise ValueError(f"edge_cases: {error}") from None
        ordered = sorted(self.splits.items(), key=lambda item: item[1].start)
        for (before, low), (after, high) in pairwise(ordered):
            if high.start < low.stop:
                raise ValueError(
                    f"splits: {before} [{low.start}, {low.stop}) and {after} "
                    f"[{high.start}, {high.stop}) overlap: expected seed ranges that never meet"
                )
        return self


def _check_waves(scenario: Scenario) -> None:
    if not scenario.plan.waves:
        return
    sites = [site.name for site in scenario.customer.sites]
    planned = [site for wave in scenario.plan.waves for site in wave.sites]
    for site in planned:
        if site not in sites:
            raise ValueError(f"plan.waves: {site!r}: expected one of the customer's sites {sites}")
    for site in sites:
        if site not in planned:
            raise ValueError(f"plan.waves: {site!r} is in no wave: expected every site in one")


def _check_weeks(scenario: Scenario) -> None:
    for index, challenge in enumerate(scenario.customer.challenges):
        if challenge.week > scenario.plan.weeks:
            raise ValueError(
                f"customer.challenges[{index}].week: {challenge.week}: "
                f"expected at most the plan's weeks = {scenario.plan.weeks}"
            )


def _check_work(scenario: Scenario) -> None:
    sites = [site.name for site in scenario.customer.sites]
    departments = scenario.customer.departments
    for index, package in enumerate(scenario.plan.work):
        if package.site is not None and package.site not in sites:
            raise ValueError(
                f"plan.work[{index}].site: {package.site!r}: "
                f"expected one of the customer's sites {sites}"
            )
        for department in package.departments:
            if department not in departments:
                raise ValueError(
                    f"plan.work[{index}].departments: {str(department)!r}: "
                    f"expected some of the customer's {', '.join(departments)}"
                )


def _check_variation(scenario: Scenario) -> None:
    customer, variation = scenario.customer, scenario.variation
    for name in ("data_quality", "complexity", "trust", "integrations"):
        value = getattr(customer, name)
        low, high = getattr(variation, f"{name}_min"), getattr(variation, f"{name}_max")
        if low is not None and value < low:
            raise ValueError(
                f"variation.{name}_min: {low}: expected at most the reference's {name} = {value}"
            )
        if high is not None and value > high:
            raise ValueError(
                f"variation.{name}_max: {high}: expected at least the reference's {name} = {value}"
            )
    most_failed = variation.previous_failed_projects_max
    if most_failed is not None and most_failed < customer.previous_failed_projects:
        raise ValueError(
            f"variation.previous_failed_projects_max: {most_failed}: expected at least "
            f"the reference's {customer.previous_failed_projects}"
        )
