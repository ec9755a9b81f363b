"""The clean tables of a customer: what the data would be if nobody had ever made a mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...scenarios.migration.industry_figures import FIGURES
from ...scenarios.migration.scenario import MigrationScenario
from ...scenarios.migration.vocabulary import DataObject, TableName
from .clean_business import make_ledger, make_orders, make_stock
from .clean_items import make_items, rolled_up
from .clean_partners import Partners
from .dates import ordinal, with_early_days
from .difficulty import Difficulty, difficulty
from .luck import Luck
from .target import TARGET, ColumnKind, dtype

if TYPE_CHECKING:
    import polars as pl

Tables = dict[TableName, "pl.DataFrame"]
INVENTORY, RECEIVABLE, PAYABLE = "1400", "1200", "2000"
"""Accounts of the ledger that other tables add up to."""
_EPOCH = 719_163


def make_tables(scenario: MigrationScenario, seed: int) -> Tables:
    """Draw the clean tables of a scenario's customer, in the order of loading.

    Equal seeds give equal tables, on every platform and Python.

    Args:
        scenario: whose volumes, industry and difficulty count.
        seed: in ``[0, 2**64)``.

    Raises:
        GoliveError: the seed is not such an integer.
    """
    customer, level = scenario.customer, difficulty(scenario.difficulty)
    figures, as_of = FIGURES[customer.industry], ordinal(scenario.as_of)
    vendors, customers = (
        _partners(scenario, seed, kind, as_of, level)
        for kind in (DataObject.VENDORS, DataObject.CUSTOMERS)
    )
    items = make_items(customer, figures, seed, as_of, vendors["vendor_number"].to_list())
    found: Tables = {
        **items.tables,
        TableName.VENDORS: vendors,
        TableName.CUSTOMERS: customers,
        TableName.STOCK: make_stock(customer, figures, items, seed, as_of),
    }
    partners = {TableName.VENDORS: vendors, TableName.CUSTOMERS: customers}
    found |= make_orders(customer, figures, items, partners, seed, as_of)
    found[TableName.LEDGER_BALANCES] = make_ledger(found, seed)
    luck = Luck(seed, "shape of dates")
    return {
        name: _shaped(found[name], table.name, luck.uniform(name) < level.early_days_share)
        for name, table in TARGET.items()
    }


def _partners(
    scenario: MigrationScenario, seed: int, kind: DataObject, as_of: int, level: Difficulty
) -> pl.DataFrame:
    customer, figures = scenario.customer, FIGURES[scenario.customer.industry]
    luck, count = Luck(seed, kind), customer.count(kind)
    is_vendor = kind is DataObject.VENDORS
    partners = Partners(
        luck,
        count,
        figures.suppliers if is_vendor else figures.buyers,
        customer.sites[0].country,
        level.sister_share if scenario.sister_share is None else scenario.sister_share,
        scenario.sister_share is not None,
        as_of,
        customer.history_years,
    )
    balance = luck.lognormal("balance", count, 180_000.0, 1.2)
    balance[luck.chances("settled", count, 0.4)] = 0
    if is_vendor:
        lead = luck.lognormal("lead time", count, 12.0, 0.7)
        return partners.frame("vendor_number", "V", 6, {"lead_time_days": lead, "balance": balance})
    groups = luck.weighted("price group", count, (30, 45, 15, 10)).tolist()
    choices = TARGET[TableName.CUSTOMERS]["price_group"].choices
    limit = luck.whole("credit limit", count, 1, 60) * 250_000
    own: dict[str, object] = {
        "price_group": [choices[index] for index in groups],
        "credit_limit": limit,
        "balance": balance,
    }
    return partners.frame("customer_number", "", 7, own)


def _shaped(frame: pl.DataFrame, name: TableName, early: bool) -> pl.DataFrame:
    """The frame with the target's columns and types, its dates perhaps early in their months."""
    import numpy as np
    import polars as pl

    table = TARGET[name]
    found = frame.select(
        pl.col(column.name).cast(dtype(column), strict=True) for column in table.columns
    )
    for column in table.of_kind(ColumnKind.DATE) if early else ():
        days = found[column.name].to_physical().to_numpy().astype(np.int64) + _EPOCH
        moved = pl.Series(column.name, (with_early_days(days) - _EPOCH).astype(np.int32))
        found = found.with_columns(moved.cast(pl.Date))
    return found


def control_totals(tables: Mapping[TableName, pl.DataFrame]) -> dict[str, int]:
    """Sums that both systems must agree on: rows, and cents or thousandths of each amount."""
    totals: dict[str, int] = {}
    for name, table in TARGET.items():
        frame = tables[name]
        totals[f"{name}.rows"] = frame.height
        for column in table.of_kind(ColumnKind.MONEY, ColumnKind.QUANTITY):
            totals[f"{name}.{column.name}"] = int(frame[column.name].sum())
    return totals


def contradictions(tables: Mapping[TableName, pl.DataFrame]) -> Iterator[str]:
    """Everything in which the tables contradict each other; clean ones do in nothing."""
    for name, table in TARGET.items():
        frame = tables[name]
        if frame.select(table.key).is_duplicated().any():
            yield f"{name}: {', '.join(table.key)}: expected each key once"
        for column in table.columns:
            if column.mandatory and frame[column.name].null_count():
                yield f"{name}.{column.name}: expected a value in every row"
            if column.choices and not frame[column.name].is_in(list(column.choices)).all():
                yield f"{name}.{column.name}: expected one of {', '.join(column.choices)}"
            if column.refers:
                keys = tables[column.refers][TARGET[column.refers].key[0]]
                if not frame[column.name].drop_nulls().is_in(keys.implode()).all():
                    yield f"{name}.{column.name}: expected keys of {column.refers}"
    yield from _sums(tables)
    yield from _costs(tables)
    if cycle_members(tables[TableName.BOM_LINES]):
        yield f"{TableName.BOM_LINES}: expected no item within itself"


def _sums(tables: Mapping[TableName, pl.DataFrame]) -> Iterator[str]:
    import polars as pl

    for heads, lines in (
        (TableName.SALES_ORDERS, TableName.SALES_LINES),
        (TableName.PURCHASE_ORDERS, TableName.PURCHASE_LINES),
    ):
        added = tables[lines].group_by("order_number").agg(pl.col("amount").sum())
        both = tables[heads].join(added, on="order_number", how="left")
        if not (both["total"] == both["amount"]).all():
            yield f"{heads}.total: expected the sum of the lines"
        late = tables[heads].filter(pl.col("due_on") < pl.col("ordered_on"))
        if late.height:
            yield f"{heads}.due_on: expected no day before ordered_on"
        over = tables[lines].filter(pl.col("open_quantity") > pl.col("quantity"))
        if over.height:
            yield f"{lines}.open_quantity: expected at most the quantity"
    ledger = tables[TableName.LEDGER_BALANCES]
    if ledger["debit"].sum() != ledger["credit"].sum():
        yield f"{TableName.LEDGER_BALANCES}: expected debits equal to credits"
    for account, table, column, sign in (
        (INVENTORY, TableName.STOCK, "value", 1),
        (RECEIVABLE, TableName.CUSTOMERS, "balance", 1),
        (PAYABLE, TableName.VENDORS, "balance", -1),
    ):
        row = ledger.filter(pl.col("account") == account)
        if int((row["debit"] - row["credit"]).sum()) != sign * int(tables[table][column].sum()):
            yield f"{TableName.LEDGER_BALANCES}: {account}: expected the sum of {table}.{column}"


def _costs(tables: Mapping[TableName, pl.DataFrame]) -> Iterator[str]:
    """A made item costs what its parts and its steps cost, stock its quantity times that."""
    import polars as pl

    costs = tables[TableName.COSTS]
    if not (costs["standard_cost"] == costs["material_cost"] + costs["labour_cost"]).all():
        yield f"{TableName.COSTS}.standard_cost: expected material and labour"
    of_item = costs.select("item_number", "standard_cost")
    lines = tables[TableName.BOM_LINES].join(
        of_item, left_on="component", right_on="item_number", how="left"
    )
    parts = lines.select(
        "item_number", ((pl.col("standard_cost") * pl.col("quantity") + 500) // 1_000).alias("part")
    )
    material = parts.group_by("item_number").agg(pl.col("part").sum())
    both = costs.join(material, on="item_number", how="inner")
    if not (both["material_cost"] == both["part"]).all():
        yield f"{TableName.COSTS}.material_cost: expected the rolled-up parts"
    stock = tables[TableName.STOCK].join(of_item, on="item_number", how="left")
    value = rolled_up(stock["standard_cost"].to_numpy(), stock["quantity"].to_numpy())
    if not (stock["value"] == pl.Series(value)).all():
        yield f"{TableName.STOCK}.value: expected quantity times standard cost"


def cycle_members(bom_lines: pl.DataFrame) -> tuple[str, ...]:
    """Items that are a part of themselves, directly or through others, or made of such ones."""
    parts: dict[str, list[str]] = {}
    for parent, component in bom_lines.select("item_number", "component").iter_rows():
        if parent is not None and component is not None:
            parts.setdefault(parent, []).append(component)
    waiting = {item: len(below) for item, below in parts.items()}
    above: dict[str, list[str]] = {}
    for item, below in parts.items():
        for part in below:
            above.setdefault(part, []).append(item)
    free = [part for part in above if part not in parts]
    while free:
        for item in above.get(free.pop(), ()):
            waiting[item] -= 1
            if not waiting[item]:
                free.append(item)
    return tuple(sorted(item for item, left in waiting.items() if left))
