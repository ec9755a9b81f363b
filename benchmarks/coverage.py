"""Counts how often golive's intervals hold the truth, on data like golive's own.

Populations are drawn, so that the truth is known: paired differences with a few per cent of large
flips, scores with a lump at 0, shares near 0 and 1, skewed amounts, trainings times customers. They
are made after golive's own: of the pairs trained minus expert on furniture 4 % differ by more than
0.3, and 3.5 % of the expert's projects are cancelled.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.command import JsonOption, show, start, write_report
from benchmarks.coverage_cases import ALIKE, ALONE, CANCELLED, CASES, Case, scores_of_trainings
from golive.core.tables import Table, right
from golive.trainers.evaluation.intervals import (
    DIFFERENCE_BOUNDS,
    SHARE_BOUNDS,
)
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.statistics import (
    Interval,
    generator,
    percentile_interval,
)
from golive.trainers.evaluation.trainings import interval_of_trainings, of_difference, of_mean

SIZES = (6, 12, 30, 60, 200, 1_000)
TRAININGS = (3, 5, 10)
NOTE = (
    "95 % intervals by the number of customers. The percentile bootstrap is of customers, and of "
    "a single training where there are several."
)
_RESAMPLES = 200
_MOST_RESAMPLED = 200
"""Samples of which the percentile bootstrap is drawn: it is there to be looked at beside."""
_POPULATION = 400_000


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Coverage of golive's interval and of the percentile bootstrap, at one size.

    Attributes:
        population: in words.
        figure: what the interval is of.
        customers: in a sample.
        trainings: in a sample; 0 where there are none.
        covered: share of golive's intervals that hold the truth.
        width: their mean width; None where one has no end.
        percentile: share covered by the percentile bootstrap of customers; None: not drawn.
        percentile_width: mean width of those.
    """

    population: str
    figure: str
    customers: int
    trainings: int
    covered: float
    width: float | None
    percentile: float | None
    percentile_width: float | None


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """All rows, in the order of the tables, and how many samples each is of."""

    samples: int
    rows: tuple[CoverageRow, ...]


def measure_case(case: Case, customers: int, samples: int) -> CoverageRow:
    """Draw samples of a population and count the intervals that hold its figure."""
    rng = generator(0, "coverage", case.population, case.figure, str(customers))
    truth = float(case.statistic(case.draw(generator(0, "truth", case.population), _POPULATION)))
    found: list[Interval] = []
    drawn: list[Interval] = []
    for _ in range(samples):
        rows = case.draw(rng, customers)
        made = case.interval(rows)
        assert made is not None
        found.append(made)
        if len(drawn) < _MOST_RESAMPLED:
            picked = rng.integers(0, customers, (_RESAMPLES, customers))
            drawn.append(percentile_interval(made.estimate, case.statistic(rows[picked]), 0.95))
    return _row(case.population, case.figure, customers, 0, truth, found, drawn)


def measure_trainings(
    customers: int, trainings: int, samples: int, *, against_group: bool
) -> list[CoverageRow]:
    """The mean of several trainings, and its difference to one policy or to as many trainings."""
    rng = generator(0, "trainings", str(customers), str(trainings), str(against_group))
    means: list[Interval] = []
    differences: list[Interval] = []
    plain: list[Interval] = []
    for _ in range(samples):
        mine, other = scores_of_trainings(rng, customers, trainings, against_group)
        scores = interval_of_trainings(of_mean([mine]), support=SHARE_BOUNDS, bounds=SHARE_BOUNDS)
        means.append(scores)
        both = of_difference([mine], [other])
        differences.append(interval_of_trainings(both, support=DIFFERENCE_BOUNDS))
        if len(plain) < _MOST_RESAMPLED:
            one = mine[0] - other[0]
            picked = one[rng.integers(0, customers, (_RESAMPLES, customers))].mean(axis=1)
            plain.append(percentile_interval(float(one.mean()), picked, 0.95))
    cancelled = CANCELLED * ALIKE + ALONE - CANCELLED * ALIKE * ALONE
    mean = 0.83 * (1.0 - cancelled) + 0.025 * cancelled
    population = "trainings against as many" if against_group else "trainings against one policy"
    told = customers, trainings
    rows = [_row(population, "mean", *told, mean, means, [])] if not against_group else []
    lead = 0.03 * (1.0 - cancelled)
    return [*rows, _row(population, "difference", *told, lead, differences, plain)]


def _row(
    population: str,
    figure: str,
    customers: int,
    trainings: int,
    truth: float,
    found: Sequence[Interval],
    drawn: Sequence[Interval],
) -> CoverageRow:
    covered, width = _counted(found, truth)
    percentile, percentile_width = _counted(drawn, truth) if drawn else (None, None)
    return CoverageRow(
        population,
        figure,
        customers,
        trainings,
        covered,
        width,
        percentile,
        percentile_width,
    )


def _counted(intervals: Sequence[Interval], truth: float) -> tuple[float, float | None]:
    """Share that holds the truth, and mean width."""
    dust = 1e-9
    holding = [one.low - dust <= truth <= one.high + dust for one in intervals]
    width = float(np.mean([one.high - one.low for one in intervals]))
    return float(np.mean(holding)), width if math.isfinite(width) else None


def coverage_tables(report: CoverageReport) -> list[Table]:
    """Coverage and width by size: of customers alone, then of trainings and customers."""
    tables = []
    for what, has_trainings in (("customers", False), ("trainings and customers", True)):
        rows = [row for row in report.rows if (row.trainings > 0) is has_trainings]
        if rows:
            tables += [
                _by_size(f"Per cent that hold the truth, over {what}", rows, _covered),
                _by_size(f"Mean width, over {what}", rows, _width),
                _by_size("Per cent of the percentile bootstrap's", rows, _percentile),
            ]
    return tables


def _by_size(title: str, rows: Sequence[CoverageRow], cell: Callable[[CoverageRow], str]) -> Table:
    sizes = sorted({row.customers for row in rows})
    lines: dict[str, dict[int, str]] = {}
    for row in rows:
        where = f"{row.trainings} {row.population}" if row.trainings else row.population
        lines.setdefault(f"{row.figure}: {where}", {})[row.customers] = cell(row)
    columns = (right(f"{size:,}") for size in sizes)
    shown = [(name, *(found.get(size, "-") for size in sizes)) for name, found in lines.items()]
    return Table(title, ("interval of", *columns), shown)


def _covered(row: CoverageRow) -> str:
    return f"{100 * row.covered:.1f}"


def _percentile(row: CoverageRow) -> str:
    return "-" if row.percentile is None else f"{100 * row.percentile:.0f}"


def _width(row: CoverageRow) -> str:
    return "no end" if row.width is None else f"{row.width:.3f}"


def command(
    *,
    samples: Annotated[int, typer.Option(min=20, help="Drawn of each population.")] = 1_000,
    most: Annotated[int, typer.Option(min=6, help="Customers at most.")] = 1_000,
    out: Annotated[Path | None, typer.Option(help="File for the report as JSON.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Count how often 95 % intervals hold the truth, beside the percentile bootstrap's."""
    sizes = [size for size in SIZES if size <= most]
    rows: list[CoverageRow] = []
    total = len(sizes) * (len(CASES) + 2 * len(TRAININGS))
    done = 0
    with counting_bar("Drawing") as progress:
        for case in CASES:
            for size in sizes:
                rows.append(measure_case(case, size, samples))
                progress(done := done + 1, total)
        for against_group in (False, True):
            for trainings in TRAININGS:
                for size in sizes:
                    told = size, trainings, samples
                    rows += measure_trainings(*told, against_group=against_group)
                    progress(done := done + 1, total)
    report = CoverageReport(samples, tuple(rows))
    write_report(report, out)
    show(report, [*coverage_tables(report), NOTE], as_json)


if __name__ == "__main__":
    start("benchmarks.coverage")
