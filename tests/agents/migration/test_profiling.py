"""Profiles: every kind of finding in a table made for it, clean tables without, hostile files."""

from __future__ import annotations

import csv
import io
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.agents.migration.profiling import FileProfile, profile_file
from golive.agents.migration.profiling_findings import NOTES, FindingKind
from golive.agents.migration.profiling_reading import MOST_LINE_BYTES, read_file
from golive.agents.migration.profiling_values import ValueType
from golive.core.errors import GoliveError

Rows = list[list[str]]


def clean_rows(count: int = 400) -> Rows:
    """A table in which nothing is wrong."""
    cities = ("Bremen", "Lyon", "Akron", "Leeds")
    return [["number", "name", "postcode", "city", "price", "created"]] + [
        [
            f"C{1000 + row}",
            f"Firm {'abcdefghij'[row % 10]}{'klmnopqrst'[row // 10 % 10]}{row * 7919 % 1000} Ltd.",
            f"{(row * 7919) % 90000 + 10000:05d}",
            cities[row % 4],
            f"{row * 37 % 900}.{row % 100:02d}",
            f"2025-{row % 12 + 1:02d}-{row % 28 + 1:02d}",
        ]
        for row in range(count)
    ]


def written(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def kinds(profile: FileProfile, column: str | None = None) -> set[FindingKind]:
    found = [*profile.findings, *(one for table in profile.tables for one in table.findings)]
    return {
        one.kind
        for one in found
        if (column is None or one.column == column) and one.confidence >= 0.5
    }


def test_a_clean_table_has_a_key_and_nothing_wrong(tmp_path: Path) -> None:
    profile = profile_file(written(tmp_path / "a.csv", clean_rows()))
    assert kinds(profile) == {FindingKind.KEY}
    types = {column.name: column.type for column in profile.tables[0].columns}
    assert types["city"] is ValueType.CHOICE
    assert types["created"] is ValueType.DATE
    assert types["price"] is ValueType.DECIMAL
    assert types["number"] is ValueType.CODE


def _set(column: int, *values: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        for place, value in enumerate(values):
            rows[5 + 7 * place][column] = value

    return change


def _dates(form: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        for row in rows[1:]:
            year, month, day = row[5].split("-")
            row[5] = form.format(y=year, m=month, d=f"{int(day) % 12 + 1:02d}")

    return change


def _double(rows: Rows) -> None:
    rows.append(list(rows[9]))


def _near(rows: Rows) -> None:
    for place in range(12):
        again = list(rows[20 + place])
        again[0] = f"C{5000 + place}"
        again[3] = "Bremen"
        rows.append(again)


@pytest.mark.parametrize(
    ("change", "kind", "column"),
    [
        (_set(4, "", ""), FindingKind.GAPS, "price"),
        (_set(3, "n/a", "?", "TBD"), FindingKind.GAP_CODES, "city"),
        (_set(4, *["99999"] * 20), FindingKind.DEFAULTS, "price"),
        (_set(4, "1,50", "2,75"), FindingKind.DECIMAL_MARKS, "price"),
        (_set(4, "1.50-", "2.75-"), FindingKind.MINUS_BEHIND, "price"),
        (_set(4, "about 3", "see note"), FindingKind.MIXED_TYPES, "price"),
        (_set(5, "31.12.2025", "24.12.2025"), FindingKind.DATE_FORMATS, "created"),
        (_set(5, "2025-02-30"), FindingKind.IMPOSSIBLE_DATES, "created"),
        (_set(2, "01234", "04567", "1067"), FindingKind.LOST_ZEROS, "postcode"),
        (_set(2, "4.00000E+11"), FindingKind.SCIENTIFIC, "postcode"),
        (_set(1, "MÃ¼ller GmbH"), FindingKind.MOJIBAKE, "name"),
        (_set(1, "Firm\x07 X"), FindingKind.CONTROL_CHARACTERS, "name"),
        (_set(1, "=cmd|' /C calc'!A0"), FindingKind.FORMULAS, "name"),
        (_set(1, '@HYPERLINK("http://x")'), FindingKind.FORMULAS, "name"),
        (_set(1, " Firm X "), FindingKind.SPACES, "name"),
        (_set(3, "BREMEN", "bremen"), FindingKind.SPELLINGS, "city"),
        (_set(0, "C1000", "C1001"), FindingKind.BROKEN_KEY, "number"),
        (_double, FindingKind.DUPLICATE_ROWS, ""),
        (_near, FindingKind.NEAR_DUPLICATES, ""),
        (lambda rows: rows.append(["Total", "", "", "", "9", ""]), FindingKind.TOTALS, ""),
        (lambda rows: rows[9].pop(), FindingKind.RAGGED_LINES, ""),
        (lambda rows: rows[0].__setitem__(1, "city"), FindingKind.HEADERS, ""),
        (lambda rows: rows.insert(0, ["Customers as of today"]), FindingKind.LAYOUT, ""),
    ],
)
def test_each_kind_is_found_and_nothing_else_of_weight(
    tmp_path: Path, change: Callable[[Rows], object], kind: FindingKind, column: str
) -> None:
    rows = clean_rows()
    change(rows)
    found = kinds(profile_file(written(tmp_path / "a.csv", rows)))
    assert kind in kinds(profile_file(tmp_path / "a.csv"), column)
    assert len(found - NOTES) <= 2


def test_dates_that_can_be_read_both_ways_are_ambiguous(tmp_path: Path) -> None:
    rows = clean_rows(60)
    _dates("{d}/{m}/{y}")(rows)
    profile = profile_file(written(tmp_path / "a.csv", rows))
    assert profile.tables[0].columns[5].format == ""
    orders = [one for one in profile.tables[0].findings if one.kind is FindingKind.DATE_ORDER]
    assert len(orders) == 1
    assert "nothing proves either" in orders[0].says
    rows[3][5] = "24/12/2025"
    rows[4][5] = "25/11/2025"
    profile = profile_file(written(tmp_path / "a.csv", rows))
    assert profile.tables[0].columns[5].format == "%d/%m/%Y"


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "utf-8-sig", "utf-16"])
def test_code_pages_are_told(tmp_path: Path, encoding: str) -> None:
    rows = clean_rows()
    for place, word in enumerate(("Müller", "Straße", "Gärtner", "Café", "Señor", "Ångström")):
        rows[3 + place][1] = f"{word} {place}"
    profile = profile_file(written(tmp_path / "a.csv", rows, encoding))
    assert profile.encoding == encoding
    assert read_file(tmp_path / "a.csv").tables[0].columns[1][2] == "Müller 0"


def test_lines_in_another_code_page_are_one_finding(tmp_path: Path) -> None:
    good = "number,name\n" + "".join(f"{n},Gärtner {n}\n" for n in range(1000, 1030))
    path = tmp_path / "a.csv"
    path.write_bytes(good.encode() + "2000,Müller\n".encode("cp1252"))
    profile = profile_file(path)
    assert [one.kind for one in profile.findings] == [FindingKind.MIXED_ENCODINGS]
    assert "32" in profile.findings[0].says
    assert read_file(path).tables[0].columns[1][-1] == "Müller"


def test_documents_are_told_apart_by_their_record_type(tmp_path: Path) -> None:
    lines = ["!CUST,NAME,CITY", "!VEND,NAME", "CUST,A,B", "VEND,C", "CUST,D,E"]
    path = tmp_path / "a.iif"
    path.write_text("\n".join(lines))
    tables = read_file(path).tables
    assert {table.name: table.height for table in tables} == {"CUST": 2, "VEND": 1}


def test_parquet_is_read(tmp_path: Path) -> None:
    frame = pl.DataFrame({"number": [f"{n:05d}" for n in range(50)], "price": [None, *range(49)]})
    frame.write_parquet(tmp_path / "a.parquet")
    profile = profile_file(tmp_path / "a.parquet")
    assert profile.format == "parquet"
    assert FindingKind.GAPS in kinds(profile, "price")


def test_a_workbook_is_read_where_a_reader_is_installed(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("Customers")
    for place, row in enumerate(clean_rows(50)):
        sheet.write_row(place, 0, row)
    book.close()
    profile = profile_file(tmp_path / "a.xlsx")
    assert profile.tables[0].name == "Customers"
    assert profile.tables[0].rows == 50


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(600):
                sheet.write(bytes(1 << 20))


def _archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "the file is empty"),
    "blank": (lambda path: path.write_bytes(b"\n  \n"), "the file is empty"),
    "headers alone": (lambda path: path.write_text("a,b\n"), "no row of data"),
    "no cells": (lambda path: path.write_text(",,\n,,\n"), "no line with a cell"),
    "NUL": (lambda path: path.write_bytes(b"a,b\n1,2\n3,\0\n"), "line 3: a byte 0"),
    "endless line": (
        lambda path: path.write_bytes(b"a,b\n" + b"x" * (MOST_LINE_BYTES + 5)),
        "line 2: longer than",
    ),
    "columns": (lambda path: path.write_bytes(b"a," * 3_000 + b"\n1\n"), "3,001 columns"),
    "a million columns": (lambda path: path.write_bytes(b"a," * 10**6), "line 1: longer than"),
    "open quote": (
        lambda path: path.write_text('a,b\n1,"2\n' + "3,4\n" * 50),
        "opened before here and not closed",
    ),
    "gzip": (lambda path: path.write_bytes(b"\x1f\x8b\x08abc"), "a gzip archive"),
    "web page": (lambda path: path.write_text("<HTML><table>"), "a web page"),
    "archive": (_archive, "found a zip archive"),
    "broken archive": (lambda path: path.write_bytes(b"PK\x03\x04rest"), "damaged"),
    "bomb": (_bomb, "bytes unpacked"),
    "broken parquet": (lambda path: path.write_bytes(b"PAR1" + bytes(50) + b"PAR1"), "damaged"),
    "pipe": (os.mkfifo, "found a pipe"),
    "folder": (Path.mkdir, "found a directory"),
    "absent": (lambda path: None, "there is no such file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_table_is_refused_in_one_line_with_little_memory(
    tmp_path: Path, name: str
) -> None:
    make, words = HOSTILE[name]
    path = tmp_path / "file.csv"
    make(path)
    tracemalloc.start()
    try:
        with pytest.raises(GoliveError) as raised:
            profile_file(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert words in str(raised.value)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert peak < 64 << 20


CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=12))
def test_any_cells_are_profiled_or_refused_and_the_file_stays(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows
) -> None:
    path = written(tmp_path_factory.mktemp("a") / "a.csv", rows)
    before = path.read_bytes()
    try:
        profile = profile_file(path)
    except GoliveError as error:
        assert "\n" not in str(error).replace(str(path), "")
    else:
        for table in profile.tables:
            assert all(0.0 <= one.confidence <= 1.0 for one in table.findings)
            assert all(one.count >= 1 for one in table.findings)
    assert path.read_bytes() == before


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_profiled_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("a") / "a.csv"
    path.write_bytes(data)
    try:
        profile_file(path)
    except GoliveError as error:
        assert str(error).startswith(str(path))
