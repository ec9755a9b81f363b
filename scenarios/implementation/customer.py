"""The customer: who it is, what it runs today, what it wants and what state its data is in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from ...core.arithmetic import whole_sum
from ...core.records import Flag, Integer, Name, Number, Record, Share
from .challenges import (
    Challenge,
    CheckChallenge,
    DataChallenge,
    QuickWinChallenge,
    RequirementChallenge,
    WorkChallenge,
)
from .requirements import Requirement
from .traits import Traits
from .vocabulary import (
    DataErrorKind,
    DataObjectKind,
    Department,
    Industry,
    InterfaceSize,
    LegacyKind,
)

MOST_SITES = 5
MOST_COMPLEXITY = 10
MOST_FAILED_PROJECTS = 5
LEAST_DATA_QUALITY = 0.3
MOST_EMPLOYEES = 100_000
MOST_REVENUE_USD = 1e12
MOST_SKUS = 5_000_000
MOST_RECORDS = 50_000_000
MOST_MACHINES = 10_000
MOST_INTEGRATIONS = 15
CLEAN_HISTORY_TOLERANCE = 0.4
"""The share of clean history contradicts the data quality if it lies further away than this."""


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


class Site(Record):
    """A place where the customer works; goes live as one."""

    name: Name = Field(description="Name of the site, unique within the customer.")
    country: str = Field(pattern=r"^[A-Z]{2}$", description="Country, ISO 3166-1 alpha-2 (US).")
    language: str = Field(pattern=r"^[a-z]{2}$", description="Language, ISO 639-1 (en).")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="Currency, ISO 4217 (USD).")
    time_zone: str = Field(description="Time zone, IANA name (America/Chicago).")
    employees: Integer = Field(ge=1, le=MOST_EMPLOYEES, description="People working there.")
    address: str | None = Field(default=None, max_length=300, description="Postal address.")

    @field_validator("time_zone")
    @classmethod
    def _time_zone_exists(cls, value: str) -> str:
        if value not in _time_zones():
            raise ValueError("expected an IANA time zone such as America/Chicago")
        return value


class LegacySystem(Record):
    """A system in use before the project."""

    name: Name = Field(description="Name of the system, unique within the customer.")
    kind: LegacyKind = Field(description="What kind of system it is.")
    age_years: Number = Field(ge=0.0, le=60.0, description="Age in years.")
    documentation: Share = Field(description="Share of it that is documented, 0..1.")
    replaced: Flag = Field(
        default=True, description="Whether the ERP replaces it (otherwise it stays beside it)."
    )


class DataObject(Record):
    """Master or transactional data to be migrated."""

    kind: DataObjectKind = Field(description="Which data.")
    records: Integer = Field(ge=0, le=MOST_RECORDS, description="Number of records.")
    error_rates: dict[DataErrorKind, Share] = Field(
        default_factory=dict,
        description="Per kind of error the share of the records that have it, 0..1.",
    )
    masked_share: Number = Field(
        default=0.0,
        ge=0.0,
        le=0.9,
        description="Share of the errors that hide behind others until a mock load, 0..0.9.",
    )


class Interface(Record):
    """A connection between the ERP and another system."""

    name: Name = Field(description="Name of the interface, unique within the customer.")
    system: Name = Field(description="Name of the legacy system that it connects.")
    size: InterfaceSize = Field(description="Size class.")
    depends_on: Name | None = Field(
        default=None, description="Name of another interface that must work for this one to work."
    )
    between_sites: Flag = Field(
        default=False,
        description="Whether it joins the sites: it can only be built once all of them are live.",
    )


class Product(Record):
    """Profile of the products and of the historical data about them."""

    skus: Integer = Field(ge=1, le=MOST_SKUS, description="Number of stock-keeping units.")
    bom_depth_min: Integer = Field(ge=1, le=20, description="Shallowest bill of materials, levels.")
    bom_depth_max: Integer = Field(ge=1, le=20, description="Deepest bill of materials, levels.")
    bom_lines_mean: Number = Field(ge=1.0, le=5_000.0, description="Mean lines per BOM.")
    custom_order_share: Share = Field(description="Share of orders made to measure, 0..1.")
    stock_locations: Integer = Field(ge=1, le=1_000, description="Stock locations.")
    machines: Integer = Field(ge=0, le=MOST_MACHINES, description="Production machines.")
    history_years: Number = Field(ge=0.0, le=60.0, description="Years of history to migrate.")
    clean_history_share: Share = Field(description="Share of the history that is clean, 0..1.")

    @model_validator(mode="after")
    def _depths_in_order(self) -> Product:
        if self.bom_depth_min > self.bom_depth_max:
            raise ValueError(
                f"bom_depth_min: {self.bom_depth_min}: "
                f"expected at most bom_depth_max = {self.bom_depth_max}"
            )
        return self


class Customer(Record):
    """A company that gets an ERP system."""

    name: Name = Field(description="Name of the company.")
    industry: Industry = Field(description="Its industry.")
    employees: Integer = Field(ge=1, le=MOST_EMPLOYEES, description="Employees over all sites.")
    revenue_usd: Number = Field(gt=0.0, le=MOST_REVENUE_USD, description="Revenue in USD per year.")
    complexity: Integer = Field(
        ge=1, le=MOST_COMPLEXITY, description="Complexity of the business, 1..10."
    )
    data_quality: Number = Field(
        ge=LEAST_DATA_QUALITY,
        le=1.0,
        description="The customer's own estimate of its data quality, 0.3..1.0.",
    )
    trust: Share = Field(description="Trust in the project at kick-off, 0..1.")
    previous_failed_projects: Integer = Field(
        default=0, ge=0, le=MOST_FAILED_PROJECTS, description="Failed ERP projects before this one."
    )
    sites: tuple[Site, ...] = Field(
        min_length=1, max_length=MOST_SITES, description="Its sites, the pilot first."
    )
    departments: tuple[Department, ...] = Field(
        min_length=1, description="Departments that every site has."
    )
    product: Product = Field(description="Products and historical data profile.")
    legacy_systems: tuple[LegacySystem, ...] = Field(
        default=(), description="Systems in use before the project."
    )
    data_objects: tuple[DataObject, ...] = Field(default=(), description="Data to be migrated.")
    requirements: tuple[Requirement, ...] = Field(
        default=(), description="What the ERP must do beyond its standard."
    )
    standards: tuple[Name, ...] = Field(
        default=(),
        max_length=8,
        description="Standards whose validation must be passed before go-live (ISO 13485).",
    )
    interfaces: tuple[Interface, ...] = Field(
        default=(), max_length=MOST_INTEGRATIONS, description="Connections to other systems."
    )
    challenges: tuple[Challenge, ...] = Field(
        default=(), description="What makes this implementation hard, week by week."
    )
    traits: Traits = Field(
        default_factory=Traits, description="What it is like and nobody says at kick-off."
    )

    @property
    def integrations(self) -> int:
        """Number of interfaces, 0..15."""
        return len(self.interfaces)

    @model_validator(mode="after")
    def _without_contradiction(self) -> Customer:
        _check_unique(self)
        _check_sites(self)
        _check_interfaces(self)
        _check_departments(self)
        _check_challenges(self)
        _check_history(self)
        return self


def _check_unique(customer: Customer) -> None:
    _unique("sites", (site.name for site in customer.sites))
    _unique("departments", customer.departments)
    _unique("legacy_systems", (system.name for system in customer.legacy_systems))
    _unique("data_objects", (item.kind for item in customer.data_objects))
    _unique("interfaces", (interface.name for interface in customer.interfaces))
    _unique("challenges", (challenge.name for challenge in customer.challenges))
    custom = (c.requirement for c in customer.challenges if isinstance(c, RequirementChallenge))
    _unique("requirements", (item.name for item in (*customer.requirements, *custom)))
    checks = (c.check for c in customer.challenges if isinstance(c, CheckChallenge))
    _unique("challenges with effect acceptance_check", checks)


def _unique(field: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{field}: {str(name)!r} occurs twice: expected each only once")
        seen.add(name)


def _check_sites(customer: Customer) -> None:
    total = whole_sum(site.employees for site in customer.sites)
    if total != customer.employees:
        raise ValueError(
            f"employees: {customer.employees}: expected the sum of the sites' employees, {total}"
        )


def _check_interfaces(customer: Customer) -> None:
    systems = [system.name for system in customer.legacy_systems]
    before = {interface.name: interface.depends_on for interface in customer.interfaces}
    for index, interface in enumerate(customer.interfaces):
        if interface.system not in systems:
            raise ValueError(
                f"interfaces[{index}].system: {interface.system!r}: "
                f"expected one of the legacy systems {systems}"
            )
        if interface.depends_on is not None and interface.depends_on not in before:
            raise ValueError(
                f"interfaces[{index}].depends_on: {interface.depends_on!r}: "
                "expected the name of another interface"
            )
        _check_acyclic(index, interface.name, before)
        _check_between_sites(index, customer)


def _check_between_sites(index: int, customer: Customer) -> None:
    interface = customer.interfaces[index]
    joining = {item.name for item in customer.interfaces if item.between_sites}
    if interface.between_sites and len(customer.sites) == 1:
        raise ValueError(
            f"interfaces[{index}].between_sites: true: expected false at a customer with one site"
        )
    if interface.depends_on in joining and not interface.between_sites:
        raise ValueError(
            f"interfaces[{index}].depends_on: {interface.depends_on!r}: expected an interface "
            "that is not between sites, or between_sites: true here too"
        )


def _check_acyclic(index: int, name: str, before: dict[str, str | None]) -> None:
    passed, current = {name}, before[name]
    while current is not None:
        if current in passed:
            raise ValueError(
                f"interfaces[{index}].depends_on: {before[name]!r}: "
                f"expected no cycle, but {current!r} depends on itself"
            )
        passed.add(current)
        current = before.get(current)


def _check_departments(customer: Customer) -> None:
    present = [str(department) for department in customer.departments]
    named = {f"requirements[{i}]": r.department for i, r in enumerate(customer.requirements)}
    for index, challenge in enumerate(customer.challenges):
        if isinstance(challenge, (WorkChallenge, QuickWinChallenge)):
            named[f"challenges[{index}]"] = challenge.department
        elif isinstance(challenge, RequirementChallenge):
            named[f"challenges[{index}]"] = challenge.requirement.department
    for place, department in named.items():
        if department not in customer.departments:
            raise ValueError(
                f"{place}.department: {str(department)!r}: "
                f"expected one of the customer's departments {present}"
            )


def _check_challenges(customer: Customer) -> None:
    present = [str(item.kind) for item in customer.data_objects]
    for index, challenge in enumerate(customer.challenges):
        if not isinstance(challenge, (WorkChallenge, DataChallenge)):
            if isinstance(challenge, CheckChallenge) and challenge.users > customer.employees:
                raise ValueError(
                    f"challenges[{index}].users: {challenge.users}: "
                    f"expected at most the customer's {customer.employees} employees"
                )
            continue
        if challenge.data_object is not None and challenge.data_object not in present:
            raise ValueError(
                f"challenges[{index}].data_object: {str(challenge.data_object)!r}: "
                f"expected one of the customer's data objects {present}"
            )


def _check_history(customer: Customer) -> None:
    clean, quality = customer.product.clean_history_share, customer.data_quality
    if abs(clean - quality) > CLEAN_HISTORY_TOLERANCE:
        raise ValueError(
            f"product.clean_history_share: {clean}: contradicts data_quality = {quality}: "
            f"expected at most {CLEAN_HISTORY_TOLERANCE} between them"
        )
