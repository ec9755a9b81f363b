"""Factors by which a customer's products and old systems change the effort of single packages.

Every factor is 1 at the reference (MidWest Custom Furniture) and grows or falls linearly from
it, so that the effort model's total stays what it is calibrated to.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...core.arithmetic import plain_sum
from ...scenarios.implementation.customer import Customer
from .parameters import Parameters

# A straight line goes on, below zero at last; effort does not.
LEAST_FACTOR = 0.5
MOST_FACTOR = 2.5


@dataclass(frozen=True, slots=True)
class ProductEffort:
    """Factors on planned hours.

    Attributes:
        boms: mapping of bills of materials, by their depth and lines.
        routings: mapping of routings, by the number of machines.
        variants: process variants of sales and production, by the share of custom orders.
        warehouse: set-up of the warehouse, by its stock locations.
        extraction: of every object, by undocumented and aged systems and unclean history.
    """

    boms: float
    routings: float
    variants: float
    warehouse: float
    extraction: float

    @staticmethod
    def of(customer: Customer, parameters: Parameters) -> ProductEffort:
        """The factors of a customer."""
        p, product = parameters, customer.product
        levels = (product.bom_depth_min + product.bom_depth_max) / 2.0
        unclean_years = product.history_years * (1.0 - product.clean_history_share)
        return ProductEffort(
            boms=_factor(
                p.bom_level_effort * (levels - p.reference_bom_levels),
                p.bom_line_effort * (product.bom_lines_mean - p.reference_bom_lines),
            ),
            routings=_factor(p.machine_effort * (product.machines - p.reference_machines)),
            variants=_factor(
                p.custom_order_effort * (product.custom_order_share - p.reference_custom_orders)
            ),
            warehouse=_factor(
                p.location_effort * (product.stock_locations - p.reference_locations)
            ),
            extraction=_factor(
                p.undocumented_effort * (_undocumented(customer) - p.reference_undocumented),
                p.legacy_age_effort * (_legacy_age(customer, p) - p.reference_legacy_age_years),
                p.history_effort * (unclean_years - p.reference_unclean_years),
            ),
        )


def _undocumented(customer: Customer) -> float:
    """Mean undocumented share of the systems that are replaced; 1 where none is known."""
    shares = [1.0 - system.documentation for system in customer.legacy_systems if system.replaced]
    return plain_sum(shares) / len(shares) if shares else 1.0


def _legacy_age(customer: Customer, parameters: Parameters) -> float:
    """Mean age in years of the systems that are replaced; the reference where none is known."""
    ages = [system.age_years for system in customer.legacy_systems if system.replaced]
    return plain_sum(ages) / len(ages) if ages else parameters.reference_legacy_age_years


def _factor(*changes: float) -> float:
    return round(min(MOST_FACTOR, max(LEAST_FACTOR, 1.0 + plain_sum(changes))), 6)
