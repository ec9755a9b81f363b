"""Cells that a profile looks at per second, and which injected errors it finds."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Annotated

import typer

from benchmarks.command import JsonOption, show, start, write_report
from benchmarks.migration.difficulty import FIRST_TEST_SEED, FIVE_TABLES, library
from golive.agents.migration.profiling import TableProfile, profile_file
from golive.agents.migration.profiling_findings import FindingKind
from golive.core.records import changed
from golive.core.tables import Table
from golive.scenarios.migration.vocabulary import ErrorKind, TableName
from golive.sim.migration.extracts import Extracts, make_extracts
from golive.sim.migration.truth import Truth, make_truth

_F = FindingKind
FOUND_BY: dict[ErrorKind, tuple[FindingKind, ...]] = {
    ErrorKind.DUPLICATE: (_F.NEAR_DUPLICATES,),
    ErrorKind.DATE_FORMAT: (_F.DATE_FORMATS,),
    ErrorKind.DECIMAL_MARK: (_F.DECIMAL_MARKS,),
    ErrorKind.DEFAULT_AS_MISSING: (_F.DEFAULTS, _F.GAP_CODES),
    ErrorKind.LEADING_ZERO_LOST: (_F.LOST_ZEROS,),
    ErrorKind.SCIENTIFIC_NOTATION: (_F.SCIENTIFIC,),
    ErrorKind.SPECIAL_CHARACTER: (_F.FORMULAS, _F.CONTROL_CHARACTERS, _F.SPACES),
    ErrorKind.INCONSISTENT_NAME: (_F.SPELLINGS, _F.SPACES),
    ErrorKind.MOJIBAKE: (_F.MOJIBAKE,),
}
"""Findings that tell a kind of error; other kinds cannot be told from one table."""
LEAST_ERRORS = 3
"""In a column, for a finding to be expected there."""
Place = tuple[TableName, str]


@dataclass(frozen=True, slots=True)
class KindRow:
    """Counts of how one kind of error is told.

    Attributes:
        columns: that have at least ``LEAST_ERRORS`` of it; tables, for duplicates.
        found: of those, with a finding that tells it.
        in_clean: columns of the same tables without errors that have such a finding all the same.
        clean_columns: columns that were looked at without errors.
    """

    kind: str
    columns: int
    found: int
    in_clean: int
    clean_columns: int


@dataclass(frozen=True, slots=True)
class ProfilingReport:
    """All that was measured; seconds are of the processor, the best of some runs."""

    cells: int
    seconds: float
    cells_per_second: float
    customers: int
    kinds: tuple[KindRow, ...]


def measure_speed(runs: int) -> tuple[int, float]:
    """Cells of five tables of 2,000 rows with errors, and the seconds to profile their files."""
    scenario = library()["furniture-data"]
    scenario = changed(scenario, customer=changed(scenario.customer, records=FIVE_TABLES))
    extracts = make_truth(scenario, FIRST_TEST_SEED).extracts
    best, cells = float("inf"), 0
    with tempfile.TemporaryDirectory() as folder:
        paths = list(_written(extracts, Path(folder)))
        for _ in range(runs):
            begun, cells = process_time(), 0
            for path in paths:
                cells += profile_file(path).cells
            best = min(best, process_time() - begun)
    return cells, best


def _written(extracts: Extracts, folder: Path) -> Iterator[Path]:
    for file in extracts.files:
        path = folder / file.name
        path.write_bytes(file.data)
        yield path


def findings_in(extracts: Extracts) -> dict[Place, set[FindingKind]]:
    """Findings that are at least half sure, by table and target column; "" is the whole table."""
    found: dict[Place, set[FindingKind]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for file, path in zip(extracts.files, _written(extracts, Path(folder)), strict=True):
            tables = profile_file(path).tables
            for section in file.sections:
                origin = extracts.origins[file.name, section.name]
                profile = _of_section(tables, section.headers)
                if profile is None:
                    continue
                names = dict(zip(section.headers, origin.columns, strict=True))
                for name in ("", *origin.columns):
                    found.setdefault((origin.table, name), set())
                for one in profile.findings:
                    if one.confidence >= 0.5:
                        found[origin.table, names.get(one.column, "")].add(one.kind)
    return found


def _of_section(tables: tuple[TableProfile, ...], headers: tuple[str, ...]) -> TableProfile | None:
    return next(
        (one for one in tables if tuple(column.name for column in one.columns) == headers), None
    )


def errors_in(truth: Truth) -> dict[ErrorKind, Counter[Place]]:
    """Injected errors by kind, table and column; "" for whole rows."""
    found: dict[ErrorKind, Counter[Place]] = {kind: Counter() for kind in FOUND_BY}
    for entry in truth.ledger.entries:
        if entry.kind in found:
            whole = entry.kind is ErrorKind.DUPLICATE
            found[entry.kind][entry.table, "" if whole else entry.column or ""] += 1
    return found


def measure_kinds(customers: int) -> tuple[KindRow, ...]:
    """Profile so many customers of each scenario, with errors and without."""
    columns: Counter[ErrorKind] = Counter()
    told: Counter[ErrorKind] = Counter()
    false: Counter[ErrorKind] = Counter()
    clean: Counter[ErrorKind] = Counter()
    for scenario in library().values():
        for number in range(customers):
            seed = FIRST_TEST_SEED + number
            truth = make_truth(scenario, seed)
            dirty = findings_in(truth.extracts)
            without = findings_in(make_extracts(scenario, seed, truth.clean_legacy, truth.habits))
            for kind, places in errors_in(truth).items():
                for place, count in places.items():
                    if count >= LEAST_ERRORS and place in dirty:
                        columns[kind] += 1
                        told[kind] += not dirty[place].isdisjoint(FOUND_BY[kind])
                whole = kind is ErrorKind.DUPLICATE
                for (_, column), some in without.items():
                    if (column == "") is whole:
                        clean[kind] += 1
                        false[kind] += not some.isdisjoint(FOUND_BY[kind])
    return tuple(
        KindRow(kind.value, columns[kind], told[kind], false[kind], clean[kind])
        for kind in FOUND_BY
    )


def tables_of(report: ProfilingReport) -> list[Table | str]:
    """The report as a table and a line."""
    rows = [
        (
            row.kind.replace("_", " "),
            row.columns,
            f"{row.found / max(row.columns, 1):.2f}",
            f"{row.in_clean} of {row.clean_columns}",
        )
        for row in report.kinds
    ]
    headings = ("error", "columns", "found", "told of clean columns")
    line = (
        f"{report.cells:,} cells profiled in {report.seconds:.2f} s: "
        f"{report.cells_per_second:,.0f} a second and core"
    )
    return [Table(f"{report.customers} customers", headings, rows), line]


def command(
    customers: Annotated[int, typer.Option(min=1, help="Of each scenario.")] = 4,
    runs: Annotated[int, typer.Option(min=1, help="Of which the fastest counts.")] = 3,
    json: JsonOption = False,
    out: Annotated[Path | None, typer.Option(help="File for the report.")] = None,
) -> None:
    """Print how fast tables are profiled, and which injected errors are found."""
    cells, seconds = measure_speed(runs)
    kinds = measure_kinds(customers)
    count = customers * len(library())
    report = ProfilingReport(cells, seconds, cells / seconds, count, kinds)
    write_report(report, out)
    show(report, tables_of(report), json)


if __name__ == "__main__":
    start("benchmarks.migration.profiling")
