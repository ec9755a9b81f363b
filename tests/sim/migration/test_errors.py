"""Errors: of every kind, at the scenario's rates, together by cause, and taken back exactly."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from migration_samples import NAMES, all_rates, digest, equal, small

from golive.core.errors import GoliveError
from golive.core.records import changed
from golive.scenarios.migration.vocabulary import Cause, DataObject, ErrorKind, TableName
from golive.sim.migration.clean import cycle_members, make_tables
from golive.sim.migration.dates import TAKEOVER_SHARE
from golive.sim.migration.habits import (
    ROW,
    DateFormat,
    canonical_text,
    from_legacy_text,
    from_text,
    habits_of,
    legacy_text,
    read_date,
    read_number,
    write_date,
    write_number,
    written,
)
from golive.sim.migration.injection import with_errors
from golive.sim.migration.ledger import Ledger, restored
from golive.sim.migration.target import ColumnKind
from golive.sim.migration.truth import errors_by_kind, make_truth

GOLDEN = {
    "furniture-data": "ce38577a98504f69",
    "knitting-data": "d610255c8e9d4d08",
    "moulding-data": "09cc83e6ebb8c5c9",
}
"""Digests by scenario; they are the same on Python 3.11 and 3.13."""


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**64 - 1),
    rate=st.sampled_from([0.0, 0.01, 0.1, 0.4, 0.9]),
    correlation=st.floats(0.0, 1.0),
    level=st.integers(1, 5),
    name=st.sampled_from(NAMES),
)
def test_the_inverse_of_the_ledger_restores_the_clean_tables(seed, rate, correlation, level, name):
    scenario = small(name, 25, difficulty=level, correlation=correlation, errors=all_rates(rate))
    tables = make_tables(scenario, seed)
    habits = habits_of(scenario, seed)
    legacy = legacy_text(canonical_text(tables), habits)
    dirty = with_errors(scenario, seed, legacy, habits)
    back = restored(dirty.tables, dirty.ledger)
    assert equal(back, legacy)
    assert digest(back) == digest(legacy)
    assert equal(from_text(from_legacy_text(back, habits)), tables)
    assert bool(dirty.ledger.entries) == (rate > 0.0)


def test_a_ledger_that_does_not_fit_is_refused(truth):
    entry = next(e for e in truth.ledger.entries if e.column is not None)
    wrong = Ledger((replace(entry, after="something else"),))
    with pytest.raises(GoliveError, match="expected 'something else'"):
        restored(truth.dirty, wrong)


def test_the_ledger_is_a_table_too(truth):
    frame = truth.ledger.frame()
    assert frame.height == len(truth.ledger.entries)
    again = frame.filter(pl.col("of").is_not_null())
    assert set(again["kind"].to_list()) == {"duplicate"}
    assert again.height == sum(len(rows) for rows in truth.duplicate_of.values())


def test_all_kinds_are_made_and_at_least_fourteen_are_there():
    assert len(ErrorKind) >= 14
    counts = errors_by_kind(make_truth(small(divide=8, errors=all_rates(0.2)), 0).ledger)
    assert not [kind for kind in ErrorKind if not counts[kind]]


def test_every_entry_changes_something_and_no_cell_is_left_empty_text(truth):
    assert all(entry.before != entry.after for entry in truth.ledger.entries)
    assert all(entry.after != "" for entry in truth.ledger.entries)


def test_rates_are_the_scenarios_whatever_the_correlation():
    scenario = small(divide=3)
    customers = scenario.customer.count(DataObject.CUSTOMERS)
    for correlation in (0.0, 1.0):
        truth = make_truth(changed(scenario, correlation=correlation), 4)
        again = truth.duplicate_of[TableName.CUSTOMERS]
        assert len(again) / customers == pytest.approx(0.15, abs=0.03)


def test_errors_of_a_cause_are_together():
    scenario = small("moulding-data", 5, correlation=1.0)
    entries = make_truth(scenario, 1).ledger.entries
    rows = scenario.customer.count(DataObject.CUSTOMERS)
    old = [
        entry.row
        for entry in entries
        if entry.table is TableName.CUSTOMERS and entry.cause is Cause.OLD_IMPORT
    ]
    # Rows are numbered in the order of time; duplicates come behind them.
    assert old
    assert max(old) <= (rows * 1.2) * TAKEOVER_SHARE
    kinds = Counter(
        entry.cause for entry in make_truth(changed(scenario, correlation=0.0), 1).ledger.entries
    )
    assert set(kinds) == {Cause.CHANCE}


def test_errors_hide_others():
    truth = make_truth(small(divide=5), 3)
    masked = truth.ledger.masked()
    assert any(e.kind is ErrorKind.DUPLICATE and e.column is None for e in masked)
    twice = [e for e in masked if e.column is not None]
    assert twice
    for entry in twice:
        cells = truth.dirty[entry.table].filter(pl.col(ROW) == entry.row)[entry.column]
        later = [
            e
            for e in truth.ledger.entries
            if (e.table, e.row, e.column) == (entry.table, entry.row, entry.column)
        ]
        assert later[-1].number > entry.number
        assert cells.to_list() in ([later[-1].after], [])


def test_a_bill_does_not_close_and_duplicates_are_referred_to():
    truth = make_truth(small(divide=5, errors=all_rates(0.05)), 2)
    assert cycle_members(truth.dirty[TableName.BOM_LINES])
    redirected = [
        entry
        for entry in truth.ledger.entries
        if entry.kind is ErrorKind.DUPLICATE and entry.column == "customer_number"
    ]
    assert {entry.table for entry in redirected} == {TableName.SALES_ORDERS}
    numbers = set(truth.clean[TableName.CUSTOMERS]["customer_number"].to_list())
    assert all(entry.after not in numbers for entry in redirected)


@pytest.mark.parametrize("name", NAMES)
def test_equal_seeds_give_equal_errors_on_every_python_and_machine(name):
    assert digest(make_truth(small(name), 11).dirty) == GOLDEN[name]


@given(st.dates(min_value=date(1971, 1, 1)), st.sampled_from(DateFormat))
def test_dates_are_read_back(day, form):
    iso = day.isoformat()
    if form.short_year and not 1970 <= day.year < 2070:
        return
    assert read_date(write_date(iso, form), form) == iso
    assert write_date(iso, form) == day.strftime(form)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "30/02/2026", "13/13/2026", "1/2/3/4", "aa/bb/cccc", "00/00/0000", "²/1/2020"],
)
def test_what_is_no_date_is_none(text):
    assert read_date(text, DateFormat.DAY_SLASH) is None


@given(
    st.integers(-(10**12), 10**12),
    st.sampled_from([ColumnKind.MONEY, ColumnKind.QUANTITY, ColumnKind.WHOLE]),
    st.sampled_from(NAMES),
)
def test_numbers_are_read_back(value, kind, name):
    digits = {ColumnKind.MONEY: 2, ColumnKind.QUANTITY: 3, ColumnKind.WHOLE: 0}[kind]
    for habit in habits_of(small(name), 1).values():
        text = write_number(written(value, kind), habit)
        assert read_number(text, digits, habit.decimal, habit.thousands) == written(value, kind)


@pytest.mark.parametrize("text", ["", "-", "1,5", "1.2345", "abc", "1e5", "12.34.56", "²"])
def test_what_is_no_number_is_none(text):
    assert read_number(text, 3, ".", "") is None
