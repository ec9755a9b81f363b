"""Scenarios of the implementation world: a customer, a plan and what may go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from ...core.problems import validated
from ...core.records import Integer, Number, Record, Share, changed
from ...core.yaml_reader import Document
from ..scenario import Scenario
from .customer import Customer
from .disruption import Disruption
from .extensions import MECHANISMS, Named
from .mixes import ImplementationMix
from .opponents import OpponentPlan
from .plan import Plan


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
    trait_spread: Share = Field(
        default=0.0,
        description="How far latent traits lie from 0, relative to their range; 0: not at all.",
    )

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Variation:
        for name in ("data_quality", "complexity", "trust", "integrations"):
            low, high = getattr(self, f"{name}_min"), getattr(self, f"{name}_max")
            if low is not None and high is not None and low > high:
                raise ValueError(f"{name}_min: {low}: expected at most {name}_max = {high}")
        return self


class ImplementationScenario(Scenario):
    """A customer (and a family around it), a plan and what may go wrong."""

    mix = ImplementationMix

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
    mechanisms: tuple[Annotated[str, Named(MECHANISMS)], ...] = Field(
        default=(),
        exclude_if=lambda names: not names,
        description="Further mechanisms that take part, of other packages, by name.",
    )
    parameters: dict[str, Number] = Field(
        default_factory=dict, description="Parameters of the world that differ, by name."
    )

    @property
    def level_name(self) -> str:
        """Name what is played: ``furniture+corrupt_data:critical+opponent:adaptive:8``.

        The scenario, each of its disruptions and its opponent; the customer's seed is not in it.
        """
        parts = [self.name.partition("+")[0], *(row.text for row in self.disruptions)]
        if self.opponent is not None:
            parts.append(f"opponent:{self.opponent.label}")
        return "+".join(parts)

    @classmethod
    def read(cls, document: Document) -> ImplementationScenario:
        """The scenario of a file, whose customer and plan may stand in files of their own.

        Raises:
            GoliveError: a file that is not there, or one that is not valid.
        """
        from .references import read_references  # it reads scenarios

        return validated(cls, document, read_references(document))

    def without_failures(self) -> ImplementationScenario:
        """The scenario without disruptions and opponent.

        What stays is luck (how long work takes, defects, people, questions, changes of scope),
        and the customer with its challenges.
        """
        return changed(self, disruptions=(), opponent=None)

    def with_parameters(
        self, values: Mapping[str, float], *, own_win: bool = False
    ) -> ImplementationScenario:
        """The scenario with some of its world's parameters changed."""
        own = self.parameters
        return changed(self, parameters={**values, **own} if own_win else {**own, **values})

    @model_validator(mode="after")
    def _without_contradiction(self) -> ImplementationScenario:
        _check_waves(self)
        _check_weeks(self)
        _check_variation(self)
        _check_work(self)
        return self


def _check_waves(scenario: ImplementationScenario) -> None:
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


def _check_weeks(scenario: ImplementationScenario) -> None:
    for index, challenge in enumerate(scenario.customer.challenges):
        if challenge.week > scenario.plan.weeks:
            raise ValueError(
                f"customer.challenges[{index}].week: {challenge.week}: "
                f"expected at most the plan's weeks = {scenario.plan.weeks}"
            )


def _check_work(scenario: ImplementationScenario) -> None:
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


def _check_variation(scenario: ImplementationScenario) -> None:
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
