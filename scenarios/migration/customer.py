"""The customer whose data is migrated, and the bridge from another world's customers.

This world has a record of its own: nobody may import another world's folder, and of a customer's
sixty facts it needs ten. The same customer of the implementation world comes over as plain data,
by the names of the fields that both have (``customer_from_facts``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from ...core.errors import GoliveError
from ...core.records import Flag, Integer, Name, Number, Record
from .vocabulary import DataObject, ErrorKind, Industry, SystemStyle

MOST_RECORDS = 200_000
LEAST_ITEMS = 10
"""Of which bills of materials can be made."""
FOLLOWING = {DataObject.ROUTINGS: "bills of materials", DataObject.COSTS: "items"}
"""Data objects whose number of records follows: what is made has a routing, what is held a cost."""
NEEDED = (
    (DataObject.ITEMS, DataObject.VENDORS),
    (DataObject.BOMS, DataObject.ITEMS),
    (DataObject.STOCK, DataObject.ITEMS),
    (DataObject.OPEN_ORDERS, DataObject.ITEMS),
    (DataObject.OPEN_ORDERS, DataObject.CUSTOMERS),
    (DataObject.OPEN_ORDERS, DataObject.VENDORS),
)
STYLE_OF_KIND = {
    "spreadsheet": SystemStyle.SPREADSHEET,
    "accounting": SystemStyle.ACCOUNTING,
    "erp": SystemStyle.ERP,
    "custom": SystemStyle.ERP,
}
"""Style of the extracts of a legacy system by its kind; other kinds hold no master data."""
ERRORS_OF_KIND: dict[str, tuple[tuple[ErrorKind, float], ...]] = {
    "duplicate": ((ErrorKind.DUPLICATE, 1.0),),
    "format": (
        (ErrorKind.DATE_FORMAT, 0.4),
        (ErrorKind.DECIMAL_MARK, 0.3),
        (ErrorKind.LEADING_ZERO_LOST, 0.3),
    ),
    "special_character": (
        (ErrorKind.SPECIAL_CHARACTER, 0.6),
        (ErrorKind.MOJIBAKE, 0.2),
        (ErrorKind.LOST_CHARACTER, 0.2),
    ),
    "missing_cost": ((ErrorKind.MISSING_COST, 1.0),),
    "missing_bom": ((ErrorKind.MISSING_BOM_LINE, 0.9), (ErrorKind.BOM_CYCLE, 0.1)),
    "inconsistent_name": ((ErrorKind.INCONSISTENT_NAME, 0.7), (ErrorKind.TYPO, 0.3)),
    "inaccurate": (
        (ErrorKind.WRONG_VALID_VALUE, 0.4),
        (ErrorKind.STALE, 0.3),
        (ErrorKind.UNIT_SCALE, 0.2),
        (ErrorKind.SIGN_FLIPPED, 0.1),
    ),
}
"""Kinds here, and their shares of the rate, by the coarser kinds of the other world (estimates)."""


class Site(Record):
    """A place where the customer works."""

    name: Name = Field(description="Name of the site, unique within the customer.")
    country: str = Field(pattern=r"^[A-Z]{2}$", description="Country, ISO 3166-1 alpha-2 (US).")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="Currency, ISO 4217 (USD).")


class LegacySystem(Record):
    """A system that holds some of the customer's tables today."""

    name: Name = Field(description="Name of the system, unique within the customer.")
    style: SystemStyle = Field(description="What its extracts look like.")
    month_first: Flag = Field(
        default=True, description="Whether it writes months before days where days are not last."
    )
    holds: tuple[DataObject, ...] = Field(
        default=(), description="Data that it holds; what no system claims is the first one's."
    )


class MigrationCustomer(Record):
    """A customer, as far as its data goes."""

    name: Name = Field(description="Name of the company.")
    industry: Industry = Field(description="Its industry.")
    employees: Integer = Field(ge=1, le=100_000, description="Employees over all sites.")
    data_quality: Number = Field(
        ge=0.3, le=1.0, description="Quality of its data: share of rows without an error, roughly."
    )
    bom_depth: Integer = Field(
        default=3, ge=1, le=9, description="Levels of the deepest bill of materials."
    )
    stock_places: Integer = Field(default=3, ge=1, le=50, description="Places with stock.")
    history_years: Number = Field(
        default=8.0, ge=1.0, le=40.0, description="Age of the oldest rows in years."
    )
    sites: tuple[Site, ...] = Field(min_length=1, max_length=20, description="Sites.")
    legacy_systems: tuple[LegacySystem, ...] = Field(
        min_length=1, max_length=10, description="Systems that hold the tables today."
    )
    records: dict[DataObject, Integer] = Field(
        description="Number of records by data object (bills for boms, documents for open_orders)."
    )
    bom_lines_mean: Number = Field(
        default=6.0, ge=1.0, le=60.0, description="Mean number of lines of a bill of materials."
    )

    @model_validator(mode="after")
    def _without_contradiction(self) -> MigrationCustomer:
        for kind, count in self.records.items():
            if not 0 <= count <= MOST_RECORDS:
                raise ValueError(f"records.{kind}: {count}: expected 0 to {MOST_RECORDS}")
            if kind in FOLLOWING:
                raise ValueError(
                    f"records.{kind}: expected none, they follow from {FOLLOWING[kind]}"
                )
        if self.count(DataObject.BOMS) and self.count(DataObject.ITEMS) < LEAST_ITEMS:
            raise ValueError(f"records.boms: expected none, or {LEAST_ITEMS} items at least")
        for part, whole in NEEDED:
            if self.count(part) and not self.count(whole):
                raise ValueError(f"records.{part}: expected none where there are no {whole}")
        self._check_names()
        claimed: dict[DataObject, str] = {}
        for system in self.legacy_systems:
            for kind in system.holds:
                if kind in claimed:
                    raise ValueError(
                        f"legacy_systems: {system.name!r} and {claimed[kind]!r} both hold "
                        f"{str(kind)!r}: expected one of them to"
                    )
                claimed[kind] = system.name
        return self

    def _check_names(self) -> None:
        for field in ("sites", "legacy_systems"):
            names = [part.name for part in getattr(self, field)]
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(f"{field}: {name!r} occurs twice: expected each only once")

    def count(self, kind: DataObject) -> int:
        """Number of records of a data object."""
        return self.records.get(kind, 0)

    def system_of(self, kind: DataObject) -> LegacySystem:
        """The legacy system that holds a data object."""
        return next(
            (system for system in self.legacy_systems if kind in system.holds),
            self.legacy_systems[0],
        )


def customer_from_facts(facts: Mapping[str, Any]) -> MigrationCustomer:
    """The record of a customer whose facts come as plain data from the implementation world.

    Args:
        facts: what ``customer.model_dump(mode="json")`` gives there (a YAML file's ``customer``
            likewise): ``name``, ``industry``, ``employees``, ``data_quality``, ``product``
            (``bom_depth_max``, ``stock_locations``, ``history_years``), ``sites``,
            ``legacy_systems`` (``name``, ``kind``, ``replaced``) and ``data_objects`` (``kind``,
            ``records``). Other fields are left alone.

    Raises:
        GoliveError: a fact is missing or not what it is there.
    """
    try:
        product = facts["product"]
        return MigrationCustomer(
            name=facts["name"],
            industry=facts["industry"],
            employees=facts["employees"],
            data_quality=facts["data_quality"],
            bom_depth=min(max(product["bom_depth_max"], 1), 9),
            stock_places=min(product["stock_locations"], 50),
            history_years=min(max(product["history_years"], 1.0), 40.0),
            sites=tuple(
                Site(name=site["name"], country=site["country"], currency=site["currency"])
                for site in facts["sites"][:20]
            ),
            legacy_systems=_systems(facts),
            records={
                DataObject(row["kind"]): min(row["records"], MOST_RECORDS)
                for row in facts["data_objects"]
                if row["kind"] not in FOLLOWING
            },
            bom_lines_mean=min(max(product["bom_lines_mean"], 1.0), 60.0),
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, GoliveError):
            raise
        told = " ".join(str(error).split())
        raise GoliveError(
            f"facts: {told}: expected the fields of an implementation's customer"
        ) from error


def _systems(facts: Mapping[str, Any]) -> tuple[LegacySystem, ...]:
    """Systems with master data, each with the data that its style usually holds."""
    month_first = facts["sites"][0]["country"] == "US"
    known = [
        (system["name"], STYLE_OF_KIND[system["kind"]])
        for system in facts["legacy_systems"]
        if system.get("replaced", True) and system["kind"] in STYLE_OF_KIND
    ] or [("Excel workbooks", SystemStyle.SPREADSHEET)]
    styles = [style for _, style in known]
    holds: dict[int, list[DataObject]] = {}
    for kind in DataObject:
        order = _LIKELY_HOLDERS[kind]
        style = next((style for style in order if style in styles), styles[0])
        holds.setdefault(styles.index(style), []).append(kind)
    return tuple(
        LegacySystem(
            name=name, style=style, month_first=month_first, holds=tuple(holds.get(index, ()))
        )
        for index, (name, style) in enumerate(known)
    )


_MONEY = (SystemStyle.ERP, SystemStyle.ACCOUNTING, SystemStyle.SPREADSHEET)
_GOODS = (SystemStyle.ERP, SystemStyle.SPREADSHEET, SystemStyle.ACCOUNTING)
_LIKELY_HOLDERS = {
    DataObject.ITEMS: _GOODS,
    DataObject.BOMS: _GOODS,
    DataObject.ROUTINGS: _GOODS,
    DataObject.CUSTOMERS: _MONEY,
    DataObject.VENDORS: _MONEY,
    DataObject.STOCK: _GOODS,
    DataObject.OPEN_ORDERS: _MONEY,
    DataObject.COSTS: _GOODS,
}


def error_rates_from_facts(facts: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Error rates by data object and kind, from the coarser ones of the implementation world.

    Returns:
        Plain data for ``errors.by_object`` of a scenario.

    Raises:
        GoliveError: a kind of error is not known there.
    """
    found: dict[str, dict[str, float]] = {}
    for row in facts["data_objects"]:
        rates = found.setdefault(row["kind"], {})
        for kind, rate in row["error_rates"].items():
            if kind not in ERRORS_OF_KIND:
                known = ", ".join(ERRORS_OF_KIND)
                raise GoliveError(f"error_rates: {kind!r}: expected one of {known}")
            for mine, share in ERRORS_OF_KIND[kind]:
                rates[str(mine)] = round(min(rates.get(str(mine), 0.0) + share * rate, 0.9), 4)
    return found
