"""Scenarios of the migration world: a customer's data, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from ...core.errors import GoliveError
from ...core.records import Integer, Number, Record, Share
from ..scenario import Scenario
from .customer import MigrationCustomer, customer_from_facts, error_rates_from_facts
from .vocabulary import Adversity, CustomerTrait, DataObject, ErrorKind

HIGHEST_RATE = 0.9
USUAL_QUALITY = 0.65
USUAL_RATES: dict[ErrorKind, float] = {
    ErrorKind.DUPLICATE: 0.08,
    ErrorKind.MISSING_BOM_LINE: 0.05,
    ErrorKind.BOM_CYCLE: 0.002,
    ErrorKind.ORPHAN_KEY: 0.01,
    ErrorKind.MISSING_COST: 0.08,
    ErrorKind.WRONG_TOTAL: 0.01,
    ErrorKind.SWAPPED_COLUMNS: 0.006,
    ErrorKind.STALE: 0.02,
    ErrorKind.WRONG_VALID_VALUE: 0.03,
    ErrorKind.UNIT_SCALE: 0.015,
    ErrorKind.SIGN_FLIPPED: 0.004,
    ErrorKind.DATE_ORDER: 0.02,
    ErrorKind.DATE_FORMAT: 0.02,
    ErrorKind.DECIMAL_MARK: 0.02,
    ErrorKind.MISSING_VALUE: 0.06,
    ErrorKind.DEFAULT_AS_MISSING: 0.02,
    ErrorKind.LEADING_ZERO_LOST: 0.03,
    ErrorKind.SCIENTIFIC_NOTATION: 0.02,
    ErrorKind.SPECIAL_CHARACTER: 0.02,
    ErrorKind.INCONSISTENT_NAME: 0.04,
    ErrorKind.TYPO: 0.03,
    ErrorKind.OCR: 0.01,
    ErrorKind.LOST_CHARACTER: 0.01,
    ErrorKind.MOJIBAKE: 0.02,
}
"""Rates at the usual data quality: shares of rows. Their mix is that of a business master as far as
it is known: missing .30 of the errors, format and unit .20, typo .15, date .10, wrong valid value
.12, stale .08, null spelling .05 (an estimate on mixes computed from six public tables)."""


class ErrorRates(Record):
    """Rates of errors: the share of a table's rows that each kind befalls."""

    every_object: dict[ErrorKind, Share] | None = Field(
        default=None,
        description="Rate by kind, in every table that it can befall; null: the usual mix, "
        "scaled by the customer's data quality.",
    )
    by_object: dict[DataObject, dict[ErrorKind, Share]] = Field(
        default_factory=dict, description="Rates of a data object that differ from them."
    )

    @model_validator(mode="after")
    def _not_everything(self) -> ErrorRates:
        places = {"every_object": self.every_object or {}}
        places |= {f"by_object.{kind}": rates for kind, rates in self.by_object.items()}
        for place, rates in places.items():
            for kind, rate in rates.items():
                if rate > HIGHEST_RATE:
                    raise ValueError(f"{place}.{kind}: {rate}: expected at most {HIGHEST_RATE}")
        return self


LONGEST_WEEKS = 12


class Trouble(Record):
    """Something that goes wrong, on a day that the episode draws or on a given one."""

    kind: Adversity = Field(description="What it is.")
    severity: Number = Field(default=0.5, gt=0.0, le=1.0, description="How bad it is, up to 1.")
    day: Integer | None = Field(
        default=None,
        ge=0,
        lt=5 * LONGEST_WEEKS,
        description="Working day, for what comes on one; null: drawn by the episode.",
    )


class MigrationScenario(Scenario):
    """A customer, its volumes and legacy systems, and the errors in its data."""

    world: Literal["migration"] = Field(default="migration", description="The world's name.")
    customer: MigrationCustomer = Field(description="The customer.")
    difficulty: Integer = Field(
        default=3, ge=1, le=5, description="How hard its headers, dates and duplicates are, 1..5."
    )
    errors: ErrorRates = Field(default_factory=ErrorRates, description="Rates of errors.")
    correlation: Share = Field(
        default=0.6,
        description="Share of errors that a clerk, an old import or a site is the cause of.",
    )
    sister_share: Share | None = Field(
        default=None,
        description="Share of customers and vendors that are another firm of the same name, with "
        "the same switchboard and tax number for the most part, while nobody else has another's "
        "name; null: as the difficulty has it, names alike by chance.",
    )
    weeks: Integer = Field(
        default=5,
        ge=2,
        le=LONGEST_WEEKS,
        description="Weeks from the first extract to the planned go-live.",
    )
    team: Integer = Field(default=2, ge=1, le=10, description="People who migrate the data.")
    users_to_ask: Integer = Field(
        default=3, ge=1, le=10, description="Key users who can be asked, an hour each half-day."
    )
    traits: dict[CustomerTrait, bool] = Field(
        default_factory=dict,
        description="What the customer is like; what is not named is drawn by the episode.",
    )
    troubles: tuple[Trouble, ...] = Field(
        default=(), max_length=20, description="What goes wrong besides."
    )
    as_of: str = Field(
        default="2026-06-30",
        pattern=r"^20[2-4]\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8]|30)$",
        description="Day of the extract; everything in the tables happened before.",
    )

    @model_validator(mode="after")
    def _date_exists(self) -> MigrationScenario:
        if self.as_of[5:] == "02-30":
            raise ValueError(f"as_of: {self.as_of}: expected a day of the calendar")
        return self

    def error_rate(self, kind: ErrorKind, data_object: DataObject | None) -> float:
        """Share of the rows of a data object's tables that an error befalls.

        Args:
            kind: of error.
            data_object: None for tables that belong to no object, such as the ledger.
        """
        own = self.errors.by_object.get(data_object, {}) if data_object else {}
        if kind in own:
            return own[kind]
        if self.errors.every_object is not None:
            return self.errors.every_object.get(kind, 0.0)
        badness = (1.0 - self.customer.data_quality) / (1.0 - USUAL_QUALITY)
        return min(USUAL_RATES.get(kind, 0.0) * badness, HIGHEST_RATE)


def scenario_from_facts(
    name: str, facts: Mapping[str, Any], difficulty: int = 3
) -> MigrationScenario:
    """The migration of an implementation's customer, given as plain data: four people, eight weeks.

    Args:
        name: of the scenario.
        facts: as ``customer_from_facts`` takes them; errors that they do not name have the usual
            rates.
        difficulty: 1..5.

    Raises:
        GoliveError: a fact is missing or not what it is there.
    """
    customer, rates = customer_from_facts(facts), error_rates_from_facts(facts)
    try:
        return MigrationScenario(
            name=name,
            title=f"Data of {customer.name}"[:120],
            difficulty=difficulty,
            weeks=8,
            team=4,
            users_to_ask=4,
            customer=customer,
            errors=ErrorRates.model_validate({"by_object": rates}),
        )
    except ValidationError as error:
        told = " ".join(str(error).split())
        raise GoliveError(f"facts: {told}: expected an implementation's customer") from error
