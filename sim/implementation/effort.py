"""Work that a customer makes, and the division of the customer's people over departments."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...core.arithmetic import plain_sum, power
from ...scenarios.implementation.customer import Customer, Site
from ...scenarios.implementation.vocabulary import Department, Workstream
from .parameters import Parameters

REFERENCE_EMPLOYEES = 150
REFERENCE_COMPLEXITY = 6
CHANGE_REQUEST_AMBIGUITY = 0.5
"""A change request counts as half clear, since nobody rates one before it comes."""
HOURS_DECIMALS = 2
"""Planned hours are rounded, so that platforms agree on them to the last bit."""


@dataclass(frozen=True, slots=True)
class Localisation:
    """Effort of a site's own language, statutes and currency, in hours; 0 where it needs none."""

    language: float
    statutory: float
    currency: float


@dataclass(frozen=True, slots=True)
class EffortModel:
    """Effort of a customer's implementation.

    Attributes:
        total_hours: external effort of the pilot site, human-equivalent hours.
    """

    customer: Customer
    parameters: Parameters
    total_hours: float

    @staticmethod
    def of(customer: Customer, parameters: Parameters) -> EffortModel:
        """The model of a customer: effort grows with size (less than linearly) and complexity."""
        pilot = customer.sites[0].employees
        size = power(pilot / REFERENCE_EMPLOYEES, parameters.effort_size_exponent)
        points = customer.complexity - REFERENCE_COMPLEXITY
        complexity = 1.0 + parameters.effort_complexity_slope * points
        total = round(parameters.effort_reference_hours * size * complexity, HOURS_DECIMALS)
        return EffortModel(customer, parameters, total)

    def site_factor(self, index: int) -> float:
        """Effort of a site relative to the pilot: template reuse (see ``localisation`` too)."""
        if index == 0:
            return 1.0
        p = self.parameters
        reuse = p.rollout_first * power(index + 1, -p.rollout_exponent)
        return float(round(max(p.rollout_floor, reuse), 6))

    def localisation(self, index: int) -> Localisation:
        """Effort of what a site needs and the pilot does not: language, statutes, currency."""
        p, hours = self.parameters, self.total_hours
        site, pilot = self.customer.sites[index], self.customer.sites[0]
        return Localisation(
            language=hours * p.rollout_language * (site.language != pilot.language),
            statutory=hours * p.rollout_statutory * (site.country != pilot.country),
            currency=hours * p.rollout_currency * (site.currency != pilot.currency),
        )


def employees_by_department(
    customer: Customer, site: Site, parameters: Parameters
) -> dict[Department, float]:
    """Heads per department of a site; the shares of absent departments fall to the others."""
    shares = {name: getattr(parameters, f"employees_{name.value}") for name in customer.departments}
    total = plain_sum(shares.values())
    return {name: site.employees * share / total for name, share in shares.items()}


def key_users_of(heads: float, parameters: Parameters) -> int:
    """Key users of a department: one at least, growing with the square root of its size."""
    ratio = heads / parameters.employees_per_key_user
    return max(1, round(math.sqrt(ratio)))


def key_user_share(workstream: Workstream, parameters: Parameters) -> float:
    """Key-user hours per effort hour of a workstream's packages.

    Integration needs the owners of other systems, not key users.
    """
    if workstream is Workstream.INTEGRATION:
        return 0.0
    return float(getattr(parameters, f"key_user_share_{workstream.value}"))


def bulk_factor(records: float, parameters: Parameters) -> float:
    """Effort of cleansing a record of an object, relative to one of a small object.

    Up to ``cleanse_bulk_records`` each is looked at; beyond, rules and tools do most of the work.

    Args:
        records: of the object.
        parameters: of the world.
    """
    one_by_one = parameters.cleanse_bulk_records
    if records <= one_by_one:
        return 1.0
    beyond = parameters.cleanse_bulk_share * (records - one_by_one)
    return (one_by_one + beyond) / records


def effort_sigma(workstream: Workstream, parameters: Parameters) -> float:
    """Spread (of the logarithm) of a workstream's effort."""
    return float(getattr(parameters, f"effort_sigma_{workstream.value}"))
