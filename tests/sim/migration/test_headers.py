"""Headers: hundreds a table, and none of test is in train."""

from __future__ import annotations

import pytest

from golive.scenarios.migration.vocabulary import SystemStyle, TableName
from golive.sim.migration.headers import (
    HeaderFamily,
    HeaderSplit,
    header_variants,
    headers_for,
    labels,
    letters,
    split_of,
)
from golive.sim.migration.target import TARGET


@pytest.mark.parametrize("table", TableName)
def test_a_table_has_at_least_three_hundred_headers(table):
    variants = header_variants(table)
    texts = {one.text for one in variants}
    assert len(variants) == len(texts) >= 300
    assert all(text and text.isprintable() for text in texts)
    for column in TARGET[table].names:
        for split in HeaderSplit:
            assert sum(one.column == column and one.split is split for one in variants) >= 3


@pytest.mark.parametrize("table", TableName)
def test_no_header_and_no_generator_of_test_is_in_train(table):
    by_split = {
        split: [one for one in header_variants(table) if one.split is split]
        for split in HeaderSplit
    }
    train, test = by_split[HeaderSplit.TRAIN], by_split[HeaderSplit.TEST]
    assert not {one.key for one in train} & {one.key for one in test}
    assert not {letters(one.text) for one in train} & {letters(one.text) for one in test}
    assert len(test) >= 50


def test_every_family_is_in_both_splits():
    variants = [one for table in TableName for one in header_variants(table)]
    for split in HeaderSplit:
        assert {one.family for one in variants if one.split is split} == set(HeaderFamily)
    assert all(split_of(one.key) is one.split for one in variants)


@pytest.mark.parametrize("level", [1, 3, 5])
@pytest.mark.parametrize("style", SystemStyle)
def test_an_extract_has_no_two_headers_alike(level, style):
    for table in TableName:
        columns = TARGET[table].names
        for split in (None, *HeaderSplit):
            headers = headers_for(table, columns, style, level, 3, split)
            assert tuple(headers) == columns
            assert len({letters(text) for text in headers.values()}) == len(columns)
            assert headers == headers_for(table, columns, style, level, 3, split)


def test_levels_make_headers_harder():
    def hard(level: int) -> int:
        count = 0
        for seed in range(20):
            headers = headers_for(
                TableName.CUSTOMERS,
                TARGET[TableName.CUSTOMERS].names,
                SystemStyle.ERP,
                level,
                seed,
            )
            for column, text in headers.items():
                known = {letters(column), *map(letters, labels(column))}
                count += not any(word in letters(text) for word in known)
        return count

    assert hard(1) < hard(3) < hard(5)
