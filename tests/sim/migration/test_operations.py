"""Operations: closed, priced, refused where they make no sense, and undone byte for byte."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from migration_samples import equal, small

from golive.core.errors import GoliveError
from golive.scenarios.migration.vocabulary import TableName
from golive.sim.migration import operations as o
from golive.sim.migration.applying import apply_operation, tables_after, tables_after_all
from golive.sim.migration.habits import ROW, DateFormat
from golive.sim.migration.legality import illegal
from golive.sim.migration.operation_costs import cost_of, operation_costs
from golive.sim.migration.truth import make_truth
from golive.sim.migration.workspace import INTO, OWN, STATUS, Frames, Patch, undone, workspace_of

FILES = make_truth(small("moulding-data", 40), 5).extracts.files
SPACE = workspace_of(FILES)
CUSTOMERS = "customers_general"


def columns(name: str) -> list[str]:
    return [column for column in SPACE[name].columns if column not in OWN]


def ops(draw: st.DrawFn, name: str) -> o.Operation:
    """Any operation that changes a table."""
    frame = SPACE[name]
    some, column = st.sampled_from(frame[ROW].to_list()), st.sampled_from(columns(name))
    rows = tuple(draw(st.lists(some, min_size=2, max_size=6, unique=True)))
    one, two = draw(st.lists(column, min_size=2, max_size=2, unique=True))
    text = draw(st.text(st.characters(codec="utf-8"), min_size=1, max_size=8))
    value = next((cell for cell in frame[one].to_list() if cell), text)
    other = draw(st.sampled_from([other for other in SPACE if other != name]))
    table = draw(st.sampled_from(TableName))
    options: list[o.Operation] = [
        o.MapColumn(table=name, column=one, to_table=TableName.ITEMS, to_column="description"),
        o.DropColumn(table=name, column=one),
        o.SplitColumn(table=name, column=one, separator=" ", into=("first", "second")),
        o.JoinColumns(table=name, columns=(one, two), separator=", ", into=one),
        o.SplitTable(table=name, key=one, columns=(two,), into="new"),
        o.JoinTables(table=name, other=other, key=one, other_key=SPACE[other].columns[3]),
        o.CastDate(table=name, column=one, format=draw(st.sampled_from(DateFormat))),
        o.CastNumber(table=name, column=one, decimal=",", thousands=".", digits=2),
        o.ConvertUnit(table=name, column=one, rows=rows, multiply=12, divide=7),
        o.Normalise(table=name, column=one, how=draw(st.sampled_from(o.Normalisation))),
        o.PadZeros(table=name, column=one, width=12),
        o.ReplaceValue(table=name, column=one, value=value, by=draw(st.sampled_from([None, text]))),
        o.LookUp(
            table=name,
            column=one,
            key=two,
            other=other,
            other_key=SPACE[other].columns[3],
            other_column=SPACE[other].columns[-1],
        ),
        o.Fill(table=name, column=one, value=text),
        o.SetCell(table=name, column=one, row=rows[0], value=draw(st.sampled_from([None, text]))),
        o.SwapCells(table=name, rows=rows, columns=(one, two)),
        o.AddRow(table=name, cells={one: text}),
        o.MergeCluster(table=name, rows=rows, survivor=rows[0]),
        o.RejectRows(table=name, rows=rows, reason=o.Reason.INVALID),
        o.QuarantineRows(table=name, rows=rows, reason=o.Reason.UNKNOWN),
        o.ReleaseRows(table=name, rows=rows),
        o.Reconcile(table=table),
    ]
    return draw(st.sampled_from(options))


any_operation = st.composite(lambda draw: ops(draw, draw(st.sampled_from(sorted(SPACE)))))()


@settings(max_examples=120, deadline=None)
@given(st.lists(any_operation, min_size=1, max_size=4))
def test_operations_are_undone_byte_for_byte(operations):
    before, patches, spaces = SPACE, [], []
    for operation in operations:
        if illegal(before, operation) is None:
            applied = apply_operation(before, operation)
            spaces.append(before)
            # A patch is plain data: JSON takes it, and gives it back.
            data = json.loads(json.dumps(applied.patch.tables))
            patches.append(Patch(applied.patch.names, data))
            before = applied.tables
    assume(patches)
    while patches:
        before = undone(before, patches.pop())
        assert equal(before, spaces.pop())


CELL_COLUMNS = columns(CUSTOMERS)[:2]
cell_values = st.sampled_from(["a", "b", "c", *SPACE[CUSTOMERS][CELL_COLUMNS[0]].to_list()[:3]])
cell_changes = st.one_of(
    st.builds(
        o.SetCell,
        table=st.just(CUSTOMERS),
        column=st.sampled_from([*CELL_COLUMNS, "no such column"]),
        row=st.sampled_from([0, 1, 2, 10**6]),
        value=st.none() | cell_values,
    ),
    st.builds(
        o.ReplaceValue,
        table=st.just(CUSTOMERS),
        column=st.sampled_from(CELL_COLUMNS),
        value=cell_values,
        by=st.none() | cell_values,
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(cell_changes, max_size=12))
def test_many_cells_at_once_are_as_one_after_another(operations):
    one_by_one: Frames | None = SPACE
    for operation in operations:
        if one_by_one is not None and illegal(one_by_one, operation) is None:
            one_by_one = tables_after(one_by_one, operation)
        else:
            one_by_one = None
    if one_by_one is None:
        with pytest.raises(GoliveError):
            tables_after_all(SPACE, operations)
    else:
        assert equal(tables_after_all(SPACE, operations), one_by_one)


def test_every_operation_that_changes_a_table_is_tried_above():
    tried = {operation for operation in o.CHANGES if operation is not o.SetSurvivor}
    names = {o.operation_name(kind) for kind in tried}
    assert len(names) == 21
    assert 25 <= len(o.OPERATIONS) <= 30


def apply(space: Frames, **data: Any) -> Frames:
    return apply_operation(space, o.parse_operation(data)).tables


def column_of(target: str) -> str:
    """Header of a target column in the sample."""
    truth = make_truth(small("moulding-data", 40), 5)
    origin = truth.extracts.origins["customers_general.csv", CUSTOMERS]
    return columns(CUSTOMERS)[origin.columns.index(target)]


def test_merging_turns_references_and_keeps_the_way_back():
    space = workspace_of(FILES)
    truth = make_truth(small("moulding-data", 40), 5)
    for file, section, column in (
        ("customers_general.csv", CUSTOMERS, "customer_number"),
        ("sales_orders.csv", "sales_orders", "customer_number"),
    ):
        origin = truth.extracts.origins[file, section]
        header = columns(section)[origin.columns.index(column)]
        space = apply(
            space,
            operation="map_column",
            table=section,
            column=header,
            to_table=str(origin.table),
            to_column=column,
        )
    orders, key = space["sales_orders"], "sales_orders.customer_number"
    number = next(
        cell
        for cell in orders[key].to_list()
        if cell in space[CUSTOMERS]["customers.customer_number"].to_list()
    )
    keys = space[CUSTOMERS]["customers.customer_number"].to_list()
    gone, survivor = keys.index(number), (keys.index(number) + 1) % len(keys)
    applied = apply_operation(
        space, o.MergeCluster(table=CUSTOMERS, rows=(gone, survivor), survivor=survivor)
    )
    after = applied.tables
    assert number not in after["sales_orders"][key].to_list()
    assert keys[survivor] in after["sales_orders"][key].to_list()
    row = after[CUSTOMERS].filter(pl.col(ROW) == gone)
    assert row.select(STATUS, INTO).row(0) == ("merged", survivor)
    name = column_of("name")
    chosen = o.SetSurvivor(table=CUSTOMERS, column=name, row=gone, survivor=survivor)
    taken = apply_operation(after, chosen)
    assert taken.tables[CUSTOMERS][name][survivor] == space[CUSTOMERS][name][gone]
    assert illegal(space, chosen) is not None
    assert equal(undone(undone(taken.tables, taken.patch), applied.patch), space)


def test_operations_do_what_they_say():
    frame = pl.DataFrame(
        {
            ROW: [0, 1],
            STATUS: ["load", "load"],
            INTO: pl.Series([None, None], dtype=pl.Int64),
            "day": ["03/04/2026", "TBD"],
            "price": ["1.234,50-", None],
            "name": ["MÃ¼ller  Inc ", "Main St"],
            "zip": ["123", "A1"],
        }
    )
    space: Frames = {"t": frame}
    on: dict[str, Any] = {"table": "t"}
    space = apply(space, operation="cast_date", column="day", format="%d/%m/%Y", **on)
    assert space["t"]["day"].to_list() == ["2026-04-03", "TBD"]
    space = apply(
        space, operation="cast_number", column="price", decimal=",", thousands=".", digits=2, **on
    )
    assert space["t"]["price"].to_list() == ["-1234.50", None]
    space = apply(
        space, operation="convert_unit", column="price", rows=(0, 1), multiply=1, divide=1000, **on
    )
    assert space["t"]["price"].to_list() == ["-1.23", None]
    for how in ("unicode", "trim", "street"):
        space = apply(space, operation="normalise", column="name", how=how, **on)
    assert space["t"]["name"].to_list() == ["Müller Inc", "Main Street"]
    space = apply(space, operation="pad_zeros", column="zip", width=5, **on)
    assert space["t"]["zip"].to_list() == ["00123", "A1"]
    space = apply(
        space, operation="split_column", column="name", separator=" ", into=("a", "b"), **on
    )
    assert space["t"]["b"].to_list() == ["Inc", "Street"]
    space = apply(space, operation="fill", column="price", value="0.00", **on)
    assert space["t"]["price"].to_list() == ["-1.23", "0.00"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"operation": "run_code"}, "operation"),
        ({"operation": "drop_column", "table": "items_general"}, "column"),
        ({"operation": "fill", "table": "t", "column": "c", "value": "x", "code": "y"}, "code"),
        ({"operation": "sample", "table": "t", "rows": 0}, "rows"),
        ("load", "operation"),
    ],
)
def test_what_is_no_operation_is_refused(data, problem):
    with pytest.raises(GoliveError, match=problem):
        o.parse_operation(data)


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (o.DropColumn(table="nowhere", column="x"), "table"),
        (o.DropColumn(table="stock", column="x"), "column"),
        (o.DropColumn(table="stock", column=ROW), "column"),
        (o.RejectRows(table="stock", rows=(10**6,), reason=o.Reason.INVALID), "rows"),
        (o.MergeCluster(table="stock", rows=(0, 0), survivor=0), "each row once"),
        (o.JoinTables(table="stock", other="stock", key="x", other_key="y"), "key"),
        (o.SplitTable(table="stock", key=columns("stock")[0], columns=("x",), into="stock"), "x"),
        (o.AddRow(table="stock", cells={"x": "y"}), "columns"),
        (o.Profile(table="nowhere"), "table"),
    ],
)
def test_what_makes_no_sense_is_illegal_and_says_why(operation, problem):
    assert problem in str(illegal(SPACE, operation))
    with pytest.raises(GoliveError, match=problem):
        apply_operation(SPACE, operation)


def test_every_operation_has_its_cost():
    assert set(operation_costs()) == {o.operation_name(kind) for kind in o.OPERATIONS}
    by_hand = cost_of(o.SetCell(table="t", column="c", row=0, value=None))
    rule = cost_of(o.Fill(table="t", column="c", value="x"))
    many = cost_of(o.RejectRows(table="t", rows=tuple(range(100)), reason=o.Reason.INVALID))
    assert by_hand.hours * 100 > rule.hours + many.hours
    asked = o.AskKeyUser(table="t", column="c", question=o.Question.DATE_ORDER)
    assert cost_of(asked).key_user_hours > 0.0
    assert cost_of(o.Load()).money_usd > 0.0


def test_the_language_has_a_schema():
    schema = o.language_schema()
    assert len(schema["oneOf"]) == len(o.OPERATIONS)
