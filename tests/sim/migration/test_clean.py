"""Clean tables: consistent whatever the seed and the volumes, and the same bytes everywhere."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from migration_samples import NAMES, digest, equal, library_scenario, small

from golive.core.errors import GoliveError
from golive.core.records import changed
from golive.scenarios.migration.vocabulary import DataObject, Industry, TableName
from golive.sim.migration.clean import contradictions, control_totals, cycle_members, make_tables
from golive.sim.migration.habits import canonical_text, from_text
from golive.sim.migration.headers import letters
from golive.sim.migration.target import TARGET

GOLDEN = {
    "furniture-data": "261773b5b805c0b4",
    "knitting-data": "c6cab66f7876183f",
    "moulding-data": "87705060ddae13d9",
}
"""Digests by scenario; they are the same on Python 3.11 and 3.13."""


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_of_the_library_do_not_contradict_each_other(name):
    tables = make_tables(library_scenario(name), 3)
    assert list(contradictions(tables)) == []
    assert all(frame.height for frame in tables.values())


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**64 - 1),
    industry=st.sampled_from(Industry),
    level=st.integers(1, 5),
    depth=st.integers(1, 6),
    items=st.integers(10, 120),
    share=st.floats(0.0, 1.0),
    lines=st.floats(1.0, 20.0),
    others=st.integers(1, 60),
)
def test_no_tables_contradict_each_other(seed, industry, level, depth, items, share, lines, others):
    scenario = small(difficulty=level)
    records = {
        DataObject.ITEMS: items,
        DataObject.BOMS: int(items * share),
        DataObject.CUSTOMERS: others,
        DataObject.VENDORS: 1 + others // 3,
        DataObject.STOCK: others * 2,
        DataObject.OPEN_ORDERS: others,
    }
    customer = changed(
        scenario.customer,
        industry=industry,
        bom_depth=depth,
        bom_lines_mean=lines,
        records=records,
    )
    tables = make_tables(changed(scenario, customer=customer), seed)
    assert list(contradictions(tables)) == []
    assert tables[TableName.CUSTOMERS].height == others
    assert equal(from_text(canonical_text(tables)), tables)


def test_a_contradiction_is_found():
    tables = make_tables(small(), 0)
    costs = tables[TableName.COSTS]
    tables[TableName.COSTS] = costs.with_columns(pl.col("material_cost") + 1)
    tables[TableName.VENDORS] = tables[TableName.VENDORS].tail(-1)
    tables[TableName.SALES_ORDERS] = tables[TableName.SALES_ORDERS].with_columns(
        pl.col("total") + 1
    )
    found = "\n".join(contradictions(tables))
    for part in ("costs.material_cost", "items.vendor_number", "sales_orders.total", "2000"):
        assert part in found


def test_bills_have_depth_and_no_circle_until_one_is_closed():
    tables = make_tables(small("furniture-data", 4), 5)
    lines = tables[TableName.BOM_LINES]
    below = dict.fromkeys(lines["item_number"].to_list(), 1)
    for _ in range(9):
        for parent, part in lines.select("item_number", "component").iter_rows():
            below[parent] = max(below[parent], below.get(part, 0) + 1)
    assert max(below.values()) == 4
    assert cycle_members(lines) == ()
    parent, part = next(
        row for row in lines.select("item_number", "component").iter_rows() if row[1] in below
    )
    closing = lines.head(1).with_columns(
        pl.lit(part).alias("item_number"), pl.lit(parent).alias("component")
    )
    members = cycle_members(pl.concat([lines, closing]))
    assert {parent, part} <= set(members)


def test_few_items_sell_much_and_dead_ones_do_not():
    tables = make_tables(library_scenario("furniture-data"), 1)
    lines = tables[TableName.SALES_LINES]
    per_item = lines.group_by("item_number").len().sort("len", descending=True)["len"]
    fifth = max(len(per_item) // 5, 1)
    assert per_item.head(fifth).sum() > 0.4 * per_item.sum()
    dead = tables[TableName.ITEMS].filter(pl.col("status") == "dead")["item_number"]
    assert 0.1 < len(dead) / tables[TableName.ITEMS].height < 0.3
    assert not lines["item_number"].is_in(dead.implode()).any()
    assert tables[TableName.STOCK]["item_number"].is_in(dead.implode()).any()


def test_orders_follow_the_season():
    scenario = library_scenario("knitting-data")
    tables = make_tables(changed(scenario, as_of="2026-10-28", difficulty=1), 1)
    months = tables[TableName.SALES_ORDERS]["ordered_on"].dt.month()
    assert (months == 9).sum() > 1.2 * (months == 6).sum()


def test_levels_have_more_firms_of_the_same_name():
    def same_names(level: int) -> int:
        frame = make_tables(small("knitting-data", 2, difficulty=level), 2)[TableName.CUSTOMERS]
        return frame.height - frame["name"].map_elements(letters, pl.String).n_unique()

    assert same_names(5) > 2 * same_names(1)


@pytest.mark.parametrize("name", NAMES)
def test_equal_seeds_give_equal_bytes_on_every_python_and_machine(name):
    tables = make_tables(small(name), 11)
    assert digest(tables) == GOLDEN[name]
    assert digest(make_tables(small(name), 12)) != GOLDEN[name]


def test_control_totals_are_sums_of_whole_numbers():
    tables = make_tables(small(), 0)
    totals = control_totals(tables)
    assert totals["stock.value"] == sum(tables[TableName.STOCK]["value"].to_list())
    assert totals["items.rows"] == tables[TableName.ITEMS].height
    assert {name.split(".")[0] for name in totals} == set(TARGET)


def test_a_seed_out_of_range_is_refused():
    with pytest.raises(GoliveError, match="seed"):
        make_tables(small(), -1)
