"""Clean tables of the running business: stock, open orders and the balances of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...scenarios.migration.customer import MigrationCustomer
from ...scenarios.migration.industry_figures import IndustryFigures
from ...scenarios.migration.vocabulary import DataObject, TableName
from .clean_items import Items, rolled_up
from .dates import ordinals_to_dates, recent_days
from .luck import Luck, Whole, skewed_weights

if TYPE_CHECKING:
    import polars as pl

LINES_MEDIAN, MOST_LINES = 2.2, 30
OPEN_SHARE_DELIVERED = 0.3
"""Order lines of which a part has been delivered (estimate)."""
ORDER_SPAN_DAYS = 150
_THOUSAND = 1_000


def make_stock(
    customer: MigrationCustomer, figures: IndustryFigures, items: Items, seed: int, as_of: int
) -> pl.DataFrame:
    """Draw the stock by item, place and lot; its value is quantity times standard cost."""
    import polars as pl

    luck, count = Luck(seed, "stock"), customer.count(DataObject.STOCK)
    # Dead items lie there as often as others: that is what makes them dead stock.
    row = (
        luck.weighted("item", count, skewed_weights(len(items.numbers), 200))
        if count
        else (np.zeros(0, dtype=np.int64))
    )
    place = luck.whole("place", count, 1, customer.stock_places).tolist()
    quantity = luck.lognormal("quantity", count, 40.0, figures.quantity_sigma) * _THOUSAND
    counted = recent_days(luck, "counted", count, as_of, 330, (1,) * 12)
    dead = np.asarray([status == "dead" for status in items.status], dtype=np.bool_)[row]
    counted = np.where(dead, counted - luck.whole("years", count, 1, 3) * 365, counted)
    return pl.DataFrame(
        {
            "item_number": [items.numbers[one] for one in row.tolist()],
            "place": [f"{one:02d}-{index % 40:02d}" for index, one in enumerate(place)],
            "lot": [f"{index:08d}" for index in range(count)],
            "quantity": quantity,
            "value": rolled_up(items.cost[row], quantity),
            "counted_on": ordinals_to_dates(counted),
        },
        schema_overrides={"item_number": pl.String, "place": pl.String, "lot": pl.String},
    )


def make_orders(
    customer: MigrationCustomer,
    figures: IndustryFigures,
    items: Items,
    partners: dict[TableName, pl.DataFrame],
    seed: int,
    as_of: int,
) -> dict[TableName, pl.DataFrame]:
    """Draw open sales and purchase orders with their lines; totals are sums of their lines."""
    count = customer.count(DataObject.OPEN_ORDERS)
    sold = np.flatnonzero((np.asarray(items.price) > 0) & ~_dead(items))
    bought = np.flatnonzero(~np.asarray(items.is_made, dtype=np.bool_) & ~_dead(items))
    everything = np.arange(len(items.numbers))
    sales = _orders(
        Luck(seed, "sales"),
        (count * 2 + 2) // 3,
        partners[TableName.CUSTOMERS],
        ("customer_number", "SO"),
        (sold if len(sold) else everything, items, np.maximum(items.price, 1)),
        figures,
        as_of,
    )
    purchases = _orders(
        Luck(seed, "purchases"),
        count // 3,
        partners[TableName.VENDORS],
        ("vendor_number", "4500"),
        (bought if len(bought) else everything, items, np.maximum(items.cost, 1)),
        figures,
        as_of,
    )
    return {
        TableName.SALES_ORDERS: sales[0],
        TableName.SALES_LINES: sales[1],
        TableName.PURCHASE_ORDERS: purchases[0],
        TableName.PURCHASE_LINES: purchases[1],
    }


def _dead(items: Items) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray([status == "dead" for status in items.status], dtype=np.bool_)


def _orders(
    luck: Luck,
    count: int,
    partners: pl.DataFrame,
    names: tuple[str, str],
    goods: tuple[Whole, Items, Whole],
    figures: IndustryFigures,
    as_of: int,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    import polars as pl

    (key, prefix), (among, items, price_of) = names, goods
    lines = np.minimum(luck.lognormal("lines", count, LINES_MEDIAN, 0.7), MOST_LINES)
    order = np.repeat(np.arange(count), lines)
    number = np.arange(len(order)) - np.repeat(np.cumsum(lines) - lines, lines) + 1
    row = among[luck.weighted("item", len(order), skewed_weights(len(among)))]
    quantity = luck.lognormal("quantity", len(order), 6.0, figures.quantity_sigma) * _THOUSAND
    part = luck.chances("delivered", len(order), OPEN_SHARE_DELIVERED)
    rest = (luck.uniforms("rest", len(order)) * quantity).astype(np.int64)
    discount = luck.whole("discount", len(order), 0, 4) * 5
    price = np.maximum((price_of[row] * (100 - discount) + 50) // 100, 1)
    amount = rolled_up(price, quantity)
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, order, amount)
    partner = luck.weighted("partner", count, skewed_weights(len(partners))) if count else order
    ordered = np.sort(
        recent_days(luck, "ordered", count, as_of, ORDER_SPAN_DAYS, figures.month_weights)
    )
    due = ordered + luck.whole("promise", count, 5, 120)
    numbers = [f"{prefix}{one:06d}" for one in range(1, count + 1)]
    heads = pl.DataFrame(
        {
            "order_number": numbers,
            key: partners[key].gather(partner),
            "ordered_on": ordinals_to_dates(ordered),
            "due_on": ordinals_to_dates(due),
            "currency": partners["currency"].gather(partner),
            "total": total,
        },
        schema_overrides={"order_number": pl.String},
    )
    body = pl.DataFrame(
        {
            "order_number": [numbers[one] for one in order.tolist()],
            "line": number,
            "item_number": [items.numbers[one] for one in row.tolist()],
            "quantity": quantity,
            "open_quantity": np.where(part, rest, quantity),
            "price": price,
            "amount": amount,
        },
        schema_overrides={"order_number": pl.String, "item_number": pl.String},
    )
    return heads, body


def make_ledger(tables: dict[TableName, pl.DataFrame], seed: int) -> pl.DataFrame:
    """Draw the balances of the ledger.

    Inventory is the value of the stock, receivables and payables are the balances of customers and
    vendors, and equity is what is left: debits equal credits.
    """
    import polars as pl

    luck = Luck(seed, "ledger")
    stock, receivable, payable = (
        int(tables[table][column].sum())
        for table, column in (
            (TableName.STOCK, "value"),
            (TableName.CUSTOMERS, "balance"),
            (TableName.VENDORS, "balance"),
        )
    )
    turnover = max(stock + receivable, 100_000)
    # Accounts drawn as percents of what is tied up in stock and receivables (estimates).
    cash, machines, loans = (
        turnover * int(luck.whole(name, 1, low, high)[0]) // 100
        for name, low, high in (("cash", 5, 40), ("machines", 40, 200), ("loans", 10, 60))
    )
    rows = [
        ("0400", "Machines and equipment", "asset", machines),
        ("1000", "Cash at bank", "asset", cash),
        ("1200", "Accounts receivable", "asset", receivable),
        ("1400", "Inventory", "asset", stock),
        ("2000", "Accounts payable", "liability", -payable),
        ("2500", "Bank loans", "liability", -loans),
    ]
    equity = 0
    for _, _, _, amount in rows:
        equity -= amount
    rows.append(("3000", "Equity", "equity", equity))
    return pl.DataFrame(
        {
            "account": [row[0] for row in rows],
            "name": [row[1] for row in rows],
            "account_type": [row[2] for row in rows],
            "debit": [max(row[3], 0) for row in rows],
            "credit": [max(-row[3], 0) for row in rows],
        },
        schema_overrides={"debit": pl.Int64, "credit": pl.Int64},
    )
