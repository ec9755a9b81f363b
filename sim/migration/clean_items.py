"""Clean tables of items, units, bills of material, routings, work centres and costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...scenarios.migration.customer import MigrationCustomer
from ...scenarios.migration.industry_figures import IndustryFigures
from ...scenarios.migration.vocabulary import DataObject, TableName
from .dates import first_of_months, ordinals_to_dates, recent_days, takeover_and_growth
from .luck import Luck, Whole
from .target import BULK_UNITS

if TYPE_CHECKING:
    import polars as pl

RAW_SHARE = 0.3
"""Of what is bought, the part that is raw material (estimate)."""
VARIANT_SHARE = 0.35
"""Made items that are a variant of another one (estimate)."""
SUBSTITUTE_SHARE = 0.06
BULK_UNIT_SHARE = 0.25
MOST_COMPONENTS_MADE = 2
"""Lines of a bill that are made items themselves; the rest is bought, as bills are in life."""
MARGIN_PERCENT = (25, 140)
"""Mark-up of list prices over standard cost (estimate)."""
DEAD_AGE_SHARE = 0.6
"""Dead items are among the oldest such share."""
_THOUSAND = 1_000


@dataclass(frozen=True, slots=True)
class Items:
    """Tables about items, and what other tables are made from.

    Attributes:
        cost: standard cost of each item in cents.
        price: list price in cents; 0 for raw material.
        status: ``active``, ``phasing_out`` or ``dead``.
        is_made: true for items with a bill of materials.
    """

    tables: dict[TableName, pl.DataFrame]
    numbers: list[str]
    cost: Whole
    price: Whole
    status: list[str]
    is_made: list[bool]


def make_items(
    customer: MigrationCustomer,
    figures: IndustryFigures,
    seed: int,
    as_of: int,
    vendors: Sequence[str],
) -> Items:
    """Draw the items of a customer and all that hangs on them.

    Args:
        customer: whose items they are.
        figures: of its industry.
        seed: of the episode.
        as_of: day of the extract.
        vendors: numbers of the vendors.
    """
    return _Maker(customer, figures, Luck(seed, "items"), as_of, vendors).items()


class _Maker:
    def __init__(
        self,
        customer: MigrationCustomer,
        figures: IndustryFigures,
        luck: Luck,
        as_of: int,
        vendors: Sequence[str],
    ) -> None:
        self.customer, self.figures, self.luck = customer, figures, luck
        self.as_of, self.vendors = as_of, vendors
        self.count = customer.count(DataObject.ITEMS)
        # A bill needs something bought to be made of.
        self.made = min(customer.count(DataObject.BOMS), int(self.count * 0.8))
        self.level = self._levels()
        self.created = takeover_and_growth(luck, self.count, as_of, customer.history_years)
        self.numbers = self._numbers()

    def items(self) -> Items:
        bom = self._bom()
        work_centres, rates = self._work_centres()
        routing, labour = self._routing(rates)
        material, labour = self._cost(bom, labour)
        cost = material + labour
        percent = self.luck.whole("margin", self.count, *MARGIN_PERCENT)
        price = np.where(self._raw(), 0, (cost * (100 + percent) + 50) // 100)
        status = self._status()
        tables = {
            TableName.WORK_CENTRES: work_centres,
            TableName.ITEMS: self._items(price, status),
            TableName.UNITS: self._units(),
            TableName.BOM_LINES: self._bom_table(bom),
            TableName.ROUTING_STEPS: routing,
            TableName.COSTS: self._costs(material, labour),
        }
        is_made = (self.level > 0).tolist()
        return Items(tables, self.numbers, cost, price, status, is_made)

    def _levels(self) -> Whole:
        """Level of each item: 0 bought, 1 made of bought ones only, and so on.

        Levels are strewn over the numbers: an item's number does not tell its level.
        """
        level = np.zeros(self.count, dtype=np.int64)
        order = self.luck.shuffled("levels", self.count)[: self.made]
        # Each level has half as many items as the one below.
        weights = [
            1 << (self.customer.bom_depth - index) for index in range(self.customer.bom_depth)
        ]
        drawn = 1 + self.luck.weighted("level", self.made, weights)
        depth = min(self.customer.bom_depth, self.made)
        drawn[:depth] = np.arange(1, depth + 1)
        level[order] = drawn
        return level

    def _raw(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.asarray(
            (self.level == 0) & self.luck.chances("raw", self.count, RAW_SHARE), dtype=np.bool_
        )

    def _numbers(self) -> list[str]:
        """Numbers in the habits of a firm: two old series with dashes, a new one with zeros."""
        series = self.luck.whole("series", self.count, 0, 2).tolist()
        return [
            (f"{10 + one % 80}-{one:05d}", f"{one:08d}", f"P{one:06d}")[kind]
            for one, kind in enumerate(series, start=1)
        ]

    def _items(self, price: Whole, status: list[str]) -> pl.DataFrame:
        import polars as pl

        luck, count, figures, raw = self.luck, self.count, self.figures, self._raw().tolist()
        made = (self.level > 0).tolist()
        product = luck.choices("product", count, figures.products)
        part, material = (
            luck.choices("part", count, figures.parts),
            luck.choices("material", count, figures.materials),
        )
        variant = luck.choices("variant", count, figures.variants)
        size = luck.whole("size", count, 10, 990).tolist()
        parents = self._variant_parents()
        group, texts, types = [], [], []
        for row in range(count):
            base = row if parents[row] is None else int(parents[row] or 0)
            word = product[base] if made[row] else material[row] if raw[row] else part[row]
            group.append(word)
            types.append("made" if made[row] else "raw" if raw[row] else "bought")
            texts.append(f"{word} {size[base]} {variant[row]}")
        metric = luck.chances("metric", count, figures.metric_share).tolist()
        unit = luck.whole("metric unit", count, 1, 3).tolist()
        vendor = luck.choices("vendor", count, self.vendors)
        weight = luck.lognormal("weight", count, 800.0, 1.2)
        return pl.DataFrame(
            {
                "item_number": self.numbers,
                "description": texts,
                "item_type": types,
                "item_group": group,
                "variant_of": [None if p is None else self.numbers[p] for p in parents],
                "variant": [variant[r] if made[r] else None for r in range(count)],
                "base_unit": [
                    ("pc", "kg", "m", "l")[unit[r] if raw[r] and metric[r] else 0]
                    for r in range(count)
                ],
                "weight": weight,
                "vendor_number": [None if made[r] else vendor[r] for r in range(count)],
                "barcode": [None if raw[r] else _barcode(r) for r in range(count)],
                "list_price": [None if raw[r] else p for r, p in enumerate(price.tolist())],
                "status": status,
                "created_on": ordinals_to_dates(self.created),
            }
        )

    def _variant_parents(self) -> list[int | None]:
        """Earlier made item of which each made item is a variant."""
        chosen = self.luck.chances("is variant", self.count, VARIANT_SHARE).tolist()
        place = self.luck.uniforms("variant of", self.count).tolist()
        roots: list[int] = []
        found: list[int | None] = []
        for row, level in enumerate(self.level.tolist()):
            if level and chosen[row] and roots:
                found.append(roots[int(place[row] * len(roots))])
            else:
                found.append(None)
                if level:
                    roots.append(row)
        return found

    def _status(self) -> list[str]:
        """Dead items are old ones."""
        share = min(1.0, self.figures.dead_stock_share / DEAD_AGE_SHARE)
        old = int(self.count * DEAD_AGE_SHARE)
        u = self.luck.uniforms("status", self.count).tolist()
        return [
            "dead" if row < old and u[row] < share else "phasing_out" if u[row] > 0.95 else "active"
            for row in range(self.count)
        ]

    def _units(self) -> pl.DataFrame:
        import polars as pl

        rows = np.flatnonzero(self.luck.chances("has bulk unit", self.count, BULK_UNIT_SHARE))
        kind = self.luck.whole("bulk unit", self.count, 0, len(BULK_UNITS) - 1)[rows].tolist()
        factor = self.luck.choices("factor", self.count, (6, 10, 12, 20, 24, 25, 50, 100, 144))
        return pl.DataFrame(
            {
                "item_number": [self.numbers[row] for row in rows.tolist()],
                "unit": [BULK_UNITS[index] for index in kind],
                "factor": [factor[row] * _THOUSAND for row in rows.tolist()],
            },
            schema={"item_number": pl.String, "unit": pl.String, "factor": pl.Int64},
        )

    def _bom(self) -> dict[str, Whole]:
        """Lines as rows of parent, component, quantity: components are of lower levels."""
        luck, made = self.luck, np.flatnonzero(self.level > 0)
        bought = np.flatnonzero(self.level == 0)
        mean = self.customer.bom_lines_mean
        lines = np.minimum(luck.lognormal("lines", self.count, mean * 0.9, 0.5)[made], 120)
        parent = np.repeat(made, lines)
        first = np.repeat(np.cumsum(lines) - lines, lines)
        position = np.arange(len(parent)) - first + 1
        u = luck.uniforms("component", len(parent))
        component = bought[self._skewed(bought, u)]
        component = self._made_components(parent, position, component, luck)
        is_made = self.level[component] > 0
        metric = self._raw()[component] & luck.chances("metric line", len(parent), 0.5)
        counted = luck.whole("line pieces", len(parent), 1, 4) * _THOUSAND
        measured = luck.lognormal("line measure", len(parent), 600.0, 0.8)
        # Of a made part there is one, seldom two: else deep products would cost millions.
        few = (1 + luck.chances("two of a part", len(parent), 0.2)) * _THOUSAND
        quantity = np.where(is_made, few, np.where(metric, measured, counted))
        swap = luck.chances("substitute", len(parent), SUBSTITUTE_SHARE)
        other = (
            bought[luck.whole("substitute item", len(parent), 0, len(bought) - 1)]
            if len(bought)
            else parent
        )
        usable = swap & (self.level[component] == 0) & (other != component)
        return {
            "parent": parent,
            "position": position * 10,
            "component": component,
            "quantity": quantity,
            "substitute": np.where(usable, other, -1),
        }

    @staticmethod
    def _skewed(among: Whole, u: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Whole:
        """Index with density that falls linearly: common parts are in many bills."""
        return np.minimum((u * u * len(among)).astype(np.int64), max(len(among) - 1, 0))

    def _made_components(
        self, parent: Whole, position: Whole, component: Whole, luck: Luck
    ) -> Whole:
        """The components, the first lines of deeper bills being made items one level down."""
        found = component.copy()
        u = luck.uniforms("made component", len(parent))
        second = luck.chances("second made component", len(parent), 0.4)
        for level in range(2, self.customer.bom_depth + 1):
            below = np.flatnonzero(self.level == level - 1)
            mine = (self.level[parent] == level) & (
                (position == 1) | ((position == MOST_COMPONENTS_MADE) & second)
            )
            if len(below):
                found[mine] = below[(u[mine] * len(below)).astype(np.int64)]
        return found

    def _bom_table(self, bom: dict[str, Whole]) -> pl.DataFrame:
        import polars as pl

        parent = bom["parent"]
        valid = np.minimum(
            self.created[parent] + self.luck.whole("valid", len(parent), 0, 900), self.as_of
        )
        numbers = pl.Series(self.numbers, dtype=pl.String)
        substitute = pl.Series(bom["substitute"])
        return pl.DataFrame(
            {
                "item_number": numbers.gather(parent),
                "position": bom["position"],
                "component": numbers.gather(bom["component"]),
                "quantity": bom["quantity"],
                "substitute": numbers.gather(substitute.set(substitute < 0, None).cast(pl.UInt32)),
                "valid_from": ordinals_to_dates(valid),
            }
        )

    def _work_centres(self) -> tuple[pl.DataFrame, Whole]:
        import polars as pl

        names, sites = self.figures.operations, self.customer.sites
        rates = self.luck.whole("rate", len(names), *self.figures.rate_cents)
        rates = rates // 50 * 50
        if not self.made:
            names, rates = (), rates[:0]
        return pl.DataFrame(
            {
                "work_centre": [f"WC{10 * number:03d}" for number in range(1, len(names) + 1)],
                "name": list(names),
                "site": [sites[index % len(sites)].name for index in range(len(names))],
                "hourly_rate": rates,
            },
            schema={
                "work_centre": pl.String,
                "name": pl.String,
                "site": pl.String,
                "hourly_rate": pl.Int64,
            },
        ), rates

    def _routing(self, rates: Whole) -> tuple[pl.DataFrame, Whole]:
        """Steps of what is made, in the order of the operations, and labour cost of each step."""
        import polars as pl

        luck, made = self.luck, np.flatnonzero(self.level > 0)
        most = len(self.figures.operations)
        steps = luck.whole("steps", self.count, 2, min(5, most))[made]
        item = np.repeat(made, steps)
        order = np.arange(len(item)) - np.repeat(np.cumsum(steps) - steps, steps)
        centre = order * most // np.repeat(steps, steps)
        run = luck.lognormal("run", len(item), 4_000.0, 0.8)
        # Cents an hour times thousandths of a minute, in cents, rounded half up.
        labour = (rates[centre] * run + 30_000) // 60_000 if len(item) else run
        frame = pl.DataFrame(
            {
                "item_number": [self.numbers[row] for row in item.tolist()],
                "step": (order + 1) * 10,
                "operation": [self.figures.operations[index] for index in centre.tolist()],
                "work_centre": [f"WC{10 * (index + 1):03d}" for index in centre.tolist()],
                "setup_minutes": luck.whole("setup", len(item), 1, 12) * 5,
                "run_minutes": run,
            },
            schema_overrides={
                "item_number": pl.String,
                "operation": pl.String,
                "work_centre": pl.String,
            },
        )
        per_item = np.zeros(self.count, dtype=np.int64)
        np.add.at(per_item, item, labour)
        return frame, per_item

    def _cost(self, bom: dict[str, Whole], labour: Whole) -> tuple[Whole, Whole]:
        """Material and labour cost of each item, rolled up from the lowest level."""
        figures = self.figures
        material = self.luck.lognormal(
            "cost", self.count, figures.cost_median_cents, figures.cost_sigma
        )
        material[self.level > 0] = 0
        level = self.level[bom["parent"]]
        for step in range(1, self.customer.bom_depth + 1):
            rows = np.flatnonzero(level == step)
            component, quantity = bom["component"][rows], bom["quantity"][rows]
            each = material[component] + labour[component]
            np.add.at(material, bom["parent"][rows], rolled_up(each, quantity))
        return material, labour

    def _costs(self, material: Whole, labour: Whole) -> pl.DataFrame:
        import polars as pl

        days = recent_days(self.luck, "costed", self.count, self.as_of, 360, (1,) * 12)
        return pl.DataFrame(
            {
                "item_number": self.numbers,
                "material_cost": material,
                "labour_cost": labour,
                "standard_cost": material + labour,
                "costed_on": ordinals_to_dates(np.minimum(first_of_months(days), self.as_of)),
            }
        )


def rolled_up(cost_cents: Whole, quantity_thousandths: Whole) -> Whole:
    """Cost of lines of a bill in cents, each rounded half up."""
    return (cost_cents * quantity_thousandths + _THOUSAND // 2) // _THOUSAND


def _barcode(row: int) -> str:
    """A GTIN-13 that begins with 04, a range for use within a firm, with its check digit."""
    digits = f"0{40_000_000_000 + row:011d}"
    total = 0
    for index, digit in enumerate(digits):
        total += int(digit) * (3 if index % 2 else 1)
    return f"{digits}{(10 - total % 10) % 10}"
