"""Whole customers from a seed and an industry, correlated as in life.

Size is lognormal. Sites, complexity and integrations rise with it, complexity also with sites and
integrations with complexity. Failed projects are commoner in big firms; each lowers trust and data
quality. Poor data quality shows in every error rate and in the share of clean history. The numbers
and their sources are in ``assumptions``, those of industries in ``industries`` and ``catalogue``.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2  # same bits: its result is rounded

from ...core.arithmetic import plain_sum, power, rounded
from ...core.distributions import beta_table
from ...core.draws import Draws
from ...core.errors import GoliveError
from . import assumptions as a
from .customer import (
    CLEAN_HISTORY_TOLERANCE,
    MOST_COMPLEXITY,
    MOST_FAILED_PROJECTS,
    MOST_INTEGRATIONS,
    MOST_SITES,
    Customer,
    Product,
)
from .generated_people import generate_sites, local_names, plain_names
from .generated_systems import generate_data_objects, generate_interfaces, generate_systems
from .generated_work import generate_challenges, generate_requirements
from .industries import PROFILES, IndustryProfile
from .traits import HIGHEST_RANK, TRAITS, Traits, draw_traits
from .vocabulary import Department, Industry

_MIDDLE_COMPLEXITY = 5
_LOWEST_TRUST, _HIGHEST_TRUST = 0.05, 0.95
_FEWEST_SKUS = 20
_FAILED_SHARES = {
    "small": a.FAILED_SHARE_SMALL,
    "moderate": a.FAILED_SHARE_MODERATE,
    "medium": a.FAILED_SHARE_MEDIUM,
    "large": a.FAILED_SHARE_LARGE,
}


class CustomerGenerator:
    """Generates customers of one industry."""

    def __init__(self, industry: Industry | str) -> None:
        """Generate customers of ``industry``.

        Raises:
            GoliveError: if there is no such industry.
        """
        try:
            self.industry = Industry(industry)
        except ValueError:
            known = ", ".join(str(one) for one in Industry)
            raise GoliveError(f"industry: {industry!r}: expected one of {known}") from None

    def generate(self, seed: int, names: bool = False, employees: int | None = None) -> Customer:
        """The customer of a seed.

        Args:
            seed: integer in ``[0, 2**64)``.
            names: whether company, cities and addresses get names of the sites' countries
                (by Faker; slower). Nothing else of the customer depends on it.
            employees: instead of the drawn size; the rest follows it as it does the drawn one.
        """
        draws = Draws(seed, str(self.industry))
        return _generate(PROFILES[self.industry], draws, names, employees)

    def employees(self, seed: int) -> int:
        """Size of the customer of a seed, without the rest of it (a hundred times faster)."""
        return _employees(PROFILES[self.industry], Draws(seed, str(self.industry)))

    def generate_many(self, count: int, seed: int, names: bool = False) -> Iterator[Customer]:
        """The customers of ``count`` seeds, from ``seed`` on."""
        for one in range(seed, seed + count):
            yield self.generate(one, names)


def _generate(
    profile: IndustryProfile, draws: Draws, names: bool, employees: int | None
) -> Customer:
    if employees is None:
        employees = _employees(profile, draws)
    size = employees / a.REFERENCE_EMPLOYEES
    further = draws.poisson("generate sites", a.EXTRA_SITES * power(size, a.SITE_ELASTICITY))
    site_count = 1 + min(further, MOST_SITES - 1)
    per_head = draws.lognormal("generate revenue", a.REVENUE_SIGMA)
    per_head *= profile.revenue_per_employee_usd
    complexity = _complexity(draws, size, site_count)
    mean = a.PREVIOUS_PROJECTS * failed_share(employees)
    failed = min(draws.poisson("generate failed projects", mean), MOST_FAILED_PROJECTS)
    data_quality = _data_quality(draws, failed)
    error_factor = _error_factor(data_quality)
    product = _product(profile, draws, employees, data_quality)
    systems = generate_systems(profile, draws, employees)
    integrations = _integrations(draws, size, complexity)
    people = local_names(profile, draws) if names else plain_names(profile, draws.seed)
    return Customer.model_validate(
        {
            "name": people.company,
            "industry": profile.industry,
            "employees": employees,
            "revenue_usd": float(round(employees * per_head, -3)),
            "complexity": complexity,
            "data_quality": data_quality,
            "trust": _trust(draws, failed),
            "previous_failed_projects": failed,
            "sites": generate_sites(draws, employees, site_count, people),
            "departments": tuple(Department),
            "product": product,
            "legacy_systems": tuple(system for system, _ in systems),
            "data_objects": generate_data_objects(profile, draws, employees, product, error_factor),
            "requirements": generate_requirements(profile, draws, complexity),
            "interfaces": generate_interfaces(draws, systems, integrations),
            "challenges": generate_challenges(profile, draws, complexity, employees, error_factor),
            "traits": _traits(draws, data_quality, complexity),
        }
    )


def _traits(draws: Draws, data_quality: float, complexity: int) -> Traits:
    """Traits, which go with what can be seen as far as ``VISIBLE_TIE`` says."""
    complex_rank = (complexity - 0.5) / MOST_COMPLEXITY
    dirty = (1.0 - data_quality) / (1.0 - a.LOWEST_QUALITY)
    return draw_traits(
        lambda number, attempt: draws.uniform(f"generate trait {TRAITS[number]}", attempt),
        {
            "data_rot": min(dirty, HIGHEST_RANK),
            "habits": complex_rank,
            "fragility": complex_rank,
        },
    )


def failed_share(employees: int) -> float:
    """Share of ERP projects that fail in firms of this size."""
    return _FAILED_SHARES[a.size_class(employees)]


def _employees(profile: IndustryProfile, draws: Draws) -> int:
    drawn = profile.employees_median * draws.lognormal("generate employees", a.SIZE_SIGMA)
    return min(max(round(drawn), a.FEWEST_EMPLOYEES), a.MOST_GENERATED_EMPLOYEES)


def _complexity(draws: Draws, size: float, site_count: int) -> int:
    mean = a.COMPLEXITY_BASE + a.COMPLEXITY_PER_DOUBLING * rounded(log2(size))
    mean += a.COMPLEXITY_PER_SITE * (site_count - 1)
    drawn = round(mean + a.COMPLEXITY_SD * draws.normal("generate complexity"))
    return min(max(drawn, 1), MOST_COMPLEXITY)


def _integrations(draws: Draws, size: float, complexity: int) -> int:
    mean = a.INTEGRATIONS * power(size, a.INTEGRATION_ELASTICITY)
    mean *= 1.0 + a.INTEGRATION_PER_COMPLEXITY * (complexity - _MIDDLE_COMPLEXITY)
    return min(draws.poisson("generate integrations", mean), MOST_INTEGRATIONS)


def _data_quality(draws: Draws, failed: int) -> float:
    rank = draws.uniform("generate data quality") * power(1.0 - a.QUALITY_RANK_PER_FAILURE, failed)
    share = beta_table(*a.QUALITY).at(rank)
    return round(a.LOWEST_QUALITY + (1.0 - a.LOWEST_QUALITY) * share, 3)


def _error_factor(data_quality: float) -> float:
    """Factor on the errors of a customer of mean quality."""
    mean = a.LOWEST_QUALITY + (1.0 - a.LOWEST_QUALITY) * (a.QUALITY[0] / plain_sum(a.QUALITY))
    factor = (1.0 - data_quality) / (1.0 - mean)
    return min(max(factor, a.LEAST_ERROR_FACTOR), a.MOST_ERROR_FACTOR)


def _trust(draws: Draws, failed: int) -> float:
    fresh = draws.beta("generate trust", *a.TRUST)
    left = fresh * power(a.TRUST_LEFT_PER_FAILURE, failed)
    return round(min(max(left, _LOWEST_TRUST), _HIGHEST_TRUST), 3)


def _product(
    profile: IndustryProfile, draws: Draws, employees: int, data_quality: float
) -> Product:
    skus = profile.skus_per_employee * employees
    skus *= draws.lognormal("generate skus", profile.skus_sigma)
    shallow, deep = profile.bom_depth
    clean = data_quality + a.CLEAN_HISTORY_SD * draws.normal("generate clean history")
    lowest = max(0.0, data_quality - CLEAN_HISTORY_TOLERANCE)
    return Product(
        skus=max(_FEWEST_SKUS, round(skus)),
        bom_depth_min=shallow,
        bom_depth_max=shallow + 1 + int((deep - shallow) * draws.uniform("generate depth")),
        bom_lines_mean=round(draws.between("generate lines", *profile.bom_lines), 1),
        custom_order_share=round(draws.beta("generate custom", *profile.custom_orders), 3),
        stock_locations=1 + int(employees / profile.employees_per_stock_location),
        machines=round(profile.machines_per_employee * employees),
        history_years=round(draws.between("generate history", *profile.history_years), 1),
        clean_history_share=round(min(max(clean, lowest), 1.0), 3),
    )
