"""The target system's schema: tables, columns, keys, references, and the order of loading.

In clean tables money is whole cents and a quantity whole thousandths (``Int64``), so that sums are
exact; dates are ``Date``. As text, in extracts and in what is loaded, money is ``12.50``, a
quantity ``1.500``, a date ``2026-06-30``, and what is not known is null.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ...scenarios.migration.vocabulary import DataObject, TableName

if TYPE_CHECKING:
    import polars as pl


class ColumnKind(StrEnum):
    """Kinds of column: what its values are, and so what can go wrong with them."""

    CODE = "code"
    """A number of a thing that nobody computes with; leading zeros count."""
    TEXT = "text"
    NAME = "name"
    """Name of a company or person."""
    PHONE = "phone"
    EMAIL = "email"
    CHOICE = "choice"
    DATE = "date"
    MONEY = "money"
    QUANTITY = "quantity"
    WHOLE = "whole"


DIGITS = {ColumnKind.MONEY: 2, ColumnKind.QUANTITY: 3, ColumnKind.WHOLE: 0}
"""Digits after the decimal mark in text."""
NUMBERS = frozenset(DIGITS)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a target table.

    Attributes:
        mandatory: the target refuses a row without it.
        refers: table whose key the values are; None if they are no reference.
        choices: values that a choice may have.
        personal: about a person: not to be shown in test systems.
    """

    name: str
    kind: ColumnKind
    mandatory: bool = True
    refers: TableName | None = None
    choices: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the target system."""

    name: TableName
    data_object: DataObject | None
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __getitem__(self, column: str) -> Column:
        """The column of a name."""
        return next(one for one in self.columns if one.name == column)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its columns."""
        return tuple(column.name for column in self.columns)

    def of_kind(self, *kinds: ColumnKind) -> tuple[Column, ...]:
        """Columns of some kinds."""
        return tuple(column for column in self.columns if column.kind in kinds)

    @property
    def references(self) -> tuple[Column, ...]:
        """Columns that refer to other tables."""
        return tuple(column for column in self.columns if column.refers is not None)


def dtype(column: Column) -> pl.DataType:
    """Type of a column in clean tables."""
    import polars as pl

    if column.kind is ColumnKind.DATE:
        return pl.Date()
    return pl.Int64() if column.kind in NUMBERS else pl.String()


COUNTRIES = ("US", "CA", "MX", "DE", "FR", "GB", "ES", "SE")
CURRENCIES = ("USD", "CAD", "MXN", "EUR", "GBP", "SEK")
TERMS = ("N00", "N10", "N14", "N30", "N45", "N60", "N90")
UNITS = ("pc", "kg", "m", "l", "set")
BULK_UNITS = ("box", "pallet", "roll", "bag")

_K = ColumnKind
_T = TableName


def _code(name: str, refers: TableName | None = None, *, mandatory: bool = True) -> Column:
    return Column(name, _K.CODE, mandatory, refers)


def _partner(number: str, *own: Column) -> tuple[Column, ...]:
    return (
        _code(number),
        Column("name", _K.NAME),
        Column("contact", _K.NAME, mandatory=False, personal=True),
        Column("street", _K.TEXT),
        _code("postcode"),
        Column("city", _K.TEXT),
        Column("country", _K.CHOICE, choices=COUNTRIES),
        Column("phone", _K.PHONE, mandatory=False, personal=True),
        Column("email", _K.EMAIL, mandatory=False, personal=True),
        _code("tax_id", mandatory=False),
        Column("payment_terms", _K.CHOICE, choices=TERMS),
        Column("currency", _K.CHOICE, choices=CURRENCIES),
        *own,
        Column("balance", _K.MONEY),
        Column("created_on", _K.DATE),
    )


def _order(partner: str, refers: TableName) -> tuple[Column, ...]:
    return (
        _code("order_number"),
        _code(partner, refers),
        Column("ordered_on", _K.DATE),
        Column("due_on", _K.DATE),
        Column("currency", _K.CHOICE, choices=CURRENCIES),
        Column("total", _K.MONEY),
    )


def _order_line(orders: TableName) -> tuple[Column, ...]:
    return (
        _code("order_number", orders),
        Column("line", _K.WHOLE),
        _code("item_number", _T.ITEMS),
        Column("quantity", _K.QUANTITY),
        Column("open_quantity", _K.QUANTITY),
        Column("price", _K.MONEY),
        Column("amount", _K.MONEY),
    )


TARGET: dict[TableName, Table] = {
    table.name: table
    for table in (
        Table(
            _T.WORK_CENTRES,
            DataObject.ROUTINGS,
            ("work_centre",),
            (
                _code("work_centre"),
                Column("name", _K.TEXT),
                Column("site", _K.TEXT),
                Column("hourly_rate", _K.MONEY),
            ),
        ),
        Table(
            _T.VENDORS,
            DataObject.VENDORS,
            ("vendor_number",),
            _partner("vendor_number", Column("lead_time_days", _K.WHOLE)),
        ),
        Table(
            _T.CUSTOMERS,
            DataObject.CUSTOMERS,
            ("customer_number",),
            _partner(
                "customer_number",
                Column("price_group", _K.CHOICE, choices=("retail", "dealer", "project", "key")),
                Column("credit_limit", _K.MONEY),
            ),
        ),
        Table(
            _T.ITEMS,
            DataObject.ITEMS,
            ("item_number",),
            (
                _code("item_number"),
                Column("description", _K.TEXT),
                Column("item_type", _K.CHOICE, choices=("made", "bought", "raw")),
                Column("item_group", _K.TEXT),
                _code("variant_of", _T.ITEMS, mandatory=False),
                Column("variant", _K.TEXT, mandatory=False),
                Column("base_unit", _K.CHOICE, choices=UNITS),
                Column("weight", _K.QUANTITY),
                _code("vendor_number", _T.VENDORS, mandatory=False),
                _code("barcode", mandatory=False),
                Column("list_price", _K.MONEY, mandatory=False),
                Column("status", _K.CHOICE, choices=("active", "phasing_out", "dead")),
                Column("created_on", _K.DATE),
            ),
        ),
        Table(
            _T.UNITS,
            DataObject.ITEMS,
            ("item_number", "unit"),
            (
                _code("item_number", _T.ITEMS),
                Column("unit", _K.CHOICE, choices=BULK_UNITS),
                Column("factor", _K.QUANTITY),
            ),
        ),
        Table(
            _T.BOM_LINES,
            DataObject.BOMS,
            ("item_number", "position"),
            (
                _code("item_number", _T.ITEMS),
                Column("position", _K.WHOLE),
                _code("component", _T.ITEMS),
                Column("quantity", _K.QUANTITY),
                _code("substitute", _T.ITEMS, mandatory=False),
                Column("valid_from", _K.DATE),
            ),
        ),
        Table(
            _T.ROUTING_STEPS,
            DataObject.ROUTINGS,
            ("item_number", "step"),
            (
                _code("item_number", _T.ITEMS),
                Column("step", _K.WHOLE),
                Column("operation", _K.TEXT),
                _code("work_centre", _T.WORK_CENTRES),
                Column("setup_minutes", _K.WHOLE),
                Column("run_minutes", _K.QUANTITY),
            ),
        ),
        Table(
            _T.COSTS,
            DataObject.COSTS,
            ("item_number",),
            (
                _code("item_number", _T.ITEMS),
                Column("material_cost", _K.MONEY),
                Column("labour_cost", _K.MONEY),
                Column("standard_cost", _K.MONEY),
                Column("costed_on", _K.DATE),
            ),
        ),
        Table(
            _T.STOCK,
            DataObject.STOCK,
            ("item_number", "place", "lot"),
            (
                _code("item_number", _T.ITEMS),
                _code("place"),
                _code("lot"),
                Column("quantity", _K.QUANTITY),
                Column("value", _K.MONEY),
                Column("counted_on", _K.DATE),
            ),
        ),
        Table(
            _T.SALES_ORDERS,
            DataObject.OPEN_ORDERS,
            ("order_number",),
            _order("customer_number", _T.CUSTOMERS),
        ),
        Table(
            _T.SALES_LINES,
            DataObject.OPEN_ORDERS,
            ("order_number", "line"),
            _order_line(_T.SALES_ORDERS),
        ),
        Table(
            _T.PURCHASE_ORDERS,
            DataObject.OPEN_ORDERS,
            ("order_number",),
            _order("vendor_number", _T.VENDORS),
        ),
        Table(
            _T.PURCHASE_LINES,
            DataObject.OPEN_ORDERS,
            ("order_number", "line"),
            _order_line(_T.PURCHASE_ORDERS),
        ),
        Table(
            _T.LEDGER_BALANCES,
            None,
            ("account",),
            (
                _code("account"),
                Column("name", _K.TEXT),
                Column("account_type", _K.CHOICE, choices=("asset", "liability", "equity")),
                Column("debit", _K.MONEY),
                Column("credit", _K.MONEY),
            ),
        ),
    )
}
"""Target tables by name, in the order in which they are loaded."""
