"""Every number behind generated customers: value, unit, plausible range, source, confidence.

Sources named "calibration" are the figures collected for this project; their kind is P (published),
C (computed from data), M (from memory of the literature) or E (our estimate, the weakest).
"""

# ruff: noqa: E501 (a table: a row a line)

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Confidence = Literal["published", "computed", "memory", "estimate"]
_Range = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number of the generator with where it comes from."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    confidence: Confidence

    def __post_init__(self) -> None:
        """Refuse a value outside its own range."""
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.name}: {self.value}: expected {self.low}..{self.high}")


_ROWS: list[Assumption] = []


def _row(
    name: str,
    value: float,
    unit: str,
    low: float,
    high: float,
    source: str,
    confidence: Confidence = "estimate",
) -> float:
    _ROWS.append(Assumption(name, value, unit, low, high, source, confidence))
    return value


def _beta(
    name: str, alpha: _Range, beta: _Range, source: str, confidence: Confidence = "estimate"
) -> tuple[float, float]:
    """The shapes of a Beta distribution, a row each; value and range of both."""
    first = _row(f"{name}_alpha", alpha[0], "shape", *alpha[1:], source, confidence)
    return first, _row(f"{name}_beta", beta[0], "shape", *beta[1:], source, confidence)


# fmt: off
# Size. Head counts of firms are heavy-tailed; lognormal around an industry's mid-market median.
SIZE_SIGMA = _row("size_sigma", 0.75, "ln", 0.5, 1.2, "firm sizes are lognormal (Gibrat)", "memory")
FEWEST_EMPLOYEES = int(_row("fewest_employees", 15, "people", 5, 50, "below this no ERP project"))
MOST_GENERATED_EMPLOYEES = int(_row("most_generated_employees", 2_500, "people", 1_000, 10_000, "mid-market limit"))
REVENUE_SIGMA = _row("revenue_sigma", 0.22, "ln", 0.1, 0.4, "spread of revenue per head")
REFERENCE_EMPLOYEES = _row("reference_employees", 150, "people", 50, 500, "size at which the base rates hold")

# What grows with size.
EXTRA_SITES = _row("extra_sites", 0.35, "sites", 0.1, 1.0, "further sites at the reference size")
SITE_ELASTICITY = _row("site_elasticity", 0.65, "power", 0.3, 1.0, "sites rise with size")
INTEGRATIONS = _row("integrations", 3.6, "interfaces", 2, 8, "mean at the reference size")
INTEGRATION_ELASTICITY = _row("integration_elasticity", 0.35, "power", 0.1, 0.7, "integrations rise with size")
INTEGRATION_PER_COMPLEXITY = _row("integration_per_complexity", 0.10, "share", 0.0, 0.25, "and with complexity, per point")
COMPLEXITY_BASE = _row("complexity_base", 5.3, "points", 4, 6, "middle of the 1..10 scale at the reference size")
COMPLEXITY_PER_DOUBLING = _row("complexity_per_doubling", 0.6, "points", 0.2, 1.2, "rises with the logarithm of size")
COMPLEXITY_PER_SITE = _row("complexity_per_site", 0.4, "points", 0.0, 1.0, "and with sites")
COMPLEXITY_SD = _row("complexity_sd", 1.2, "points", 0.5, 2.0, "what size does not explain")

# Failed projects before this one. Shares of failed projects by size: calibration A (Standish CHAOS
# 2015, small / moderate / medium / large / grand); they may have tried before.
PREVIOUS_PROJECTS = _row("previous_projects", 1.6, "projects", 0.5, 3, "tried in the last 15 years")
FAILED_SHARE_SMALL = _row("failed_share_small", 0.07, "share", 0.0, 0.15, "calibration A: Standish 2015", "published")
FAILED_SHARE_MODERATE = _row("failed_share_moderate", 0.12, "share", 0.04, 0.20, "calibration A: Standish 2015", "published")
FAILED_SHARE_MEDIUM = _row("failed_share_medium", 0.26, "share", 0.18, 0.34, "calibration A: Standish 2015", "published")
FAILED_SHARE_LARGE = _row("failed_share_large", 0.30, "share", 0.22, 0.38, "calibration A: Standish 2015", "published")
SMALL_BELOW = _row("small_below", 50, "people", 20, 100, "calibration B: user classes", "published")
MODERATE_BELOW = _row("moderate_below", 250, "people", 100, 400, "calibration B: user classes", "published")
MEDIUM_BELOW = _row("medium_below", 1_000, "people", 500, 2_000, "calibration B: user classes", "published")

# Data quality and trust.
QUALITY = _beta("quality", (1.07, 0.8, 1.5), (0.89, 0.6, 1.3), "calibration C: Beta(1.07, 0.89), HBR", "published")
LOWEST_QUALITY = _row("lowest_quality", 0.3, "share", 0.0, 0.5, "below this a company does not start to migrate")
QUALITY_RANK_PER_FAILURE = _row("quality_rank_per_failure", 0.22, "share", 0.0, 0.4, "a failed project leaves worse data")
TRUST = _beta("trust", (9, 4, 20), (5, 2, 12), "Beta(9, 5): mean 0.64 without failures")
TRUST_LEFT_PER_FAILURE = _row("trust_left_per_failure", 0.78, "share", 0.5, 1.0, "each failed project takes its share")
CLEAN_HISTORY_SD = _row("clean_history_sd", 0.07, "share", 0.0, 0.2, "around the data quality")

# Errors per data object, as shares of records at mean data quality (calibration C).
DUPLICATE = _beta("duplicate", (4, 2, 8), (22, 12, 40), "calibration C: Beta(4, 22)", "published")
CELL = _beta("cell", (1.2, 0.8, 2), (11, 6, 20), "calibration C: Beta(1.2, 11)", "computed")
STOCK = _beta("stock", (12, 6, 20), (4, 2, 8), "calibration C: accuracy Beta(12, 4)")
BOM = _beta("bom", (17, 8, 30), (3, 1, 6), "calibration C: accuracy Beta(17, 3)")
ROUTING = _beta("routing", (8, 4, 16), (4, 2, 8), "calibration C: accuracy Beta(8, 4)")
MISSING = _beta("missing", (2, 1, 4), (12, 6, 20), "missing BOMs and costs: Beta(2, 12)")
LEAST_ERROR_FACTOR = _row("least_error_factor", 0.15, "share", 0.0, 0.5, "cleanest customers")
MOST_ERROR_FACTOR = _row("most_error_factor", 1.6, "share", 1.2, 2.5, "dirtiest customers")
HIGHEST_RATE = _row("highest_rate", 0.85, "share", 0.5, 1.0, "no data is all wrong")
LEAST_MASKED = _row("least_masked", 0.2, "share", 0.0, 0.4, "calibration C: mock loads 70, 88, 96, 99.5 %", "memory")
MOST_MASKED = _row("most_masked", 0.5, "share", 0.3, 0.9, "calibration C: mock loads 70, 88, 96, 99.5 %", "memory")

# Requirements and challenges.
REQUIREMENTS = _row("requirements", 9, "requirements", 4, 20, "at complexity 5")
REQUIREMENTS_PER_COMPLEXITY = _row("requirements_per_complexity", 0.09, "share", 0.0, 0.2, "more per point of complexity")
HIDDEN_SHARE = _row("hidden_share", 0.25, "share", 0.1, 0.4, "calibration A: scope grows by about 25 %", "published")
OPTIONAL_SHARE = _row("optional_share", 0.25, "share", 0.0, 0.5, "nice to have")
ENHANCEMENT_SIGMA = _row("enhancement_sigma", 0.5, "ln", 0.3, 0.7, "calibration B: customisation", "published")
CONFIGURATION_SIGMA = _row("configuration_sigma", 0.3, "ln", 0.2, 0.5, "calibration B: configuration", "published")
AMBIGUITY = _beta("ambiguity", (3, 1, 6), (5, 2, 10), "Beta(3, 5): mean 0.375")
CHALLENGE_SHARE = _row("challenge_share", 0.72, "share", 0.4, 1.0, "share of an industry's challenges a firm has")
CHALLENGE_SHARE_PER_COMPLEXITY = _row("challenge_share_per_complexity", 0.05, "share", 0.0, 0.1, "more per point above 5")
PEAK_LOAD_COMPLEXITY = int(_row("peak_load_complexity", 5, "points", 3, 8, "from here a load test is required"))
UAT_SHARE = _row("uat_share", 0.13, "share", 0.05, 0.3, "employees who take part (20 of 150)")
FEWEST_UAT_USERS = int(_row("fewest_uat_users", 4, "people", 2, 10, "one per main department"))
MOST_UAT_USERS = int(_row("most_uat_users", 60, "people", 30, 120, "what a crew can look after"))
UAT_HOURS_PER_USER = _row("uat_hours_per_user", 5.0, "hours", 1, 8, "half days of test sessions each")

# Legacy systems.
ACCOUNTING_SHARE = _row("accounting_share", 0.7, "share", 0.4, 0.9, "the rest has an old ERP")
ACCOUNTING_UP_TO = _row("accounting_up_to", 400, "people", 200, 800, "bigger firms have an ERP")
SYSTEM_AGE_SHAPE = _row("system_age_shape", 3.0, "shape", 2, 5, "Gamma, mean 9 years")
SYSTEM_AGE_SCALE = _row("system_age_scale", 3.0, "years", 2, 5, "Gamma, mean 9 years")
DOCUMENTATION = _beta("documentation", (2.5, 1, 5), (4, 2, 8), "Beta(2.5, 4)")
DOCUMENTATION_LOSS_PER_YEAR = _row("documentation_loss_per_year", 0.02, "share", 0.0, 0.05, "documents age with their system")
DEPENDENT_SHARE = _row("dependent_share", 0.3, "share", 0.1, 0.6, "interfaces that need another")

# Records per object.
ROUTING_SHARE = _row("routing_share", 0.95, "share", 0.7, 1.0, "made products with a routing")
CUSTOMERS_PER_EMPLOYEE = _row("customers_per_employee", 14, "records", 3, 40, "business customers")
VENDORS_PER_EMPLOYEE = _row("vendors_per_employee", 1.4, "records", 0.5, 4, "suppliers")
STOCK_SHARE = _row("stock_share", 0.7, "share", 0.3, 1.0, "SKUs stocked per location")
ORDERS_PER_EMPLOYEE = _row("orders_per_employee", 4, "records", 1, 12, "open orders at cutover")
COST_SHARE = _row("cost_share", 0.75, "share", 0.4, 1.2, "costed materials per SKU")
RECORD_SIGMA = _row("record_sigma", 0.35, "ln", 0.1, 0.6, "spread of record counts")

# Geography: first site, and how far from it the others are.
SAME_COUNTRY = _row("same_country", 0.6, "share", 0.3, 0.9, "further sites in the same country")
PILOT_SHARE = _row("pilot_share", 0.5, "share", 0.3, 0.8, "employees at the first of several sites")
# fmt: on


def size_class(employees: int) -> str:
    """The class of a firm by its people: small, moderate, medium or large."""
    if employees < SMALL_BELOW:
        return "small"
    if employees < MODERATE_BELOW:
        return "moderate"
    return "medium" if employees < MEDIUM_BELOW else "large"


GENERATOR_ASSUMPTIONS: tuple[Assumption, ...] = tuple(_ROWS)
"""All rows, in the order of this file."""
