"""Extracts: files of three styles, and read back to the cell."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from migration_samples import NAMES, equal, small

from golive.core.errors import GoliveError
from golive.scenarios.migration.vocabulary import SystemStyle, TableName
from golive.sim.migration.extracts import RECORD_TYPE, read_extract, tables_of
from golive.sim.migration.headers import HeaderSplit, header_variants
from golive.sim.migration.truth import make_truth

GOLDEN = {
    "furniture-data": "095c609f06c09672",
    "knitting-data": "10cf825f18c3c9a4",
    "moulding-data": "df65537bae5576ee",
}
"""Digests by scenario; they are the same on Python 3.11 and 3.13."""


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 2**64 - 1),
    level=st.integers(1, 5),
    name=st.sampled_from(NAMES),
)
def test_files_are_read_back_to_the_cell(seed, level, name):
    truth = make_truth(small(name, 25, difficulty=level), seed)
    assert equal(tables_of(truth.extracts), truth.dirty)


def test_three_styles_have_shapes_of_their_own():
    files = [
        file
        for name in ("furniture-data", "moulding-data")
        for file in make_truth(small(name), 1).extracts.files
    ]
    assert {file.style for file in files} == set(SystemStyle)
    for file in files:
        first = file.data.decode(file.code_page).splitlines()[0]
        if file.style is SystemStyle.SPREADSHEET:
            assert " as of " in first
            assert b"\r\nTotal," in file.data
        elif file.style is SystemStyle.ERP:
            assert first.startswith("Table ")
            assert file.delimiter == ";"
        elif len(file.sections) > 1:
            assert first.startswith(RECORD_TYPE)
        else:
            assert b"\r\nTOTAL," in file.data


def test_tables_are_split_and_documents_written_together():
    erp, books = (
        make_truth(small(name), 1).extracts for name in ("moulding-data", "furniture-data")
    )
    halves = [origin for origin in erp.origins.values() if origin.table is TableName.CUSTOMERS]
    assert len(halves) == 2
    assert set(halves[0].columns) & set(halves[1].columns) == {"customer_number"}
    together = next(file for file in books.files if file.name == "sales_orders.csv")
    assert [section.record_type for section in together.sections] == ["HEAD", "LINE"]


def test_code_pages_are_not_all_utf_8(truth):
    pages = {file.code_page for file in truth.extracts.files}
    assert "utf-8-sig" in pages
    assert pages & {"cp1252", "cp850"}
    file = next(f for f in truth.extracts.files if f.name == "customers.csv")
    with pytest.raises(UnicodeDecodeError):
        file.data.decode("utf-8")


def test_headers_are_of_the_split():
    truth = make_truth(small(difficulty=4), 1, HeaderSplit.TEST)
    for (_, section), origin in truth.extracts.origins.items():
        known = {one.text: one.split for one in header_variants(origin.table)}
        headers = next(
            part.headers
            for file in truth.extracts.files
            for part in file.sections
            if part.name == section
        )
        assert {known[header] for header in headers} == {HeaderSplit.TEST}


def test_a_damaged_file_is_refused(truth):
    file = next(f for f in truth.extracts.files if f.name == "stock.csv")
    broken = replace(file, data=file.data.replace(b"\r\n", b",more\r\n"))
    with pytest.raises(GoliveError, match=r"stock\.csv.*line 0: 7 cells: expected 6"):
        read_extract(broken)


@pytest.mark.parametrize("name", NAMES)
def test_equal_seeds_give_equal_files_on_every_python_and_machine(name):
    found = blake2b(digest_size=8)
    for file in make_truth(small(name), 11).extracts.files:
        found.update(file.data)
    assert found.hexdigest() == GOLDEN[name]
