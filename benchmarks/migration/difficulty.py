"""The dial of difficulty: what simple rules do at each level, and what tables cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from benchmarks.command import JsonOption, show, start, write_report
from benchmarks.migration.better_rules import (
    DateShares,
    Pairs,
    dates_decided,
    learned_weights,
    weighed_pairs,
)
from benchmarks.migration.simple_rules import (
    Similarity,
    clusters_of,
    compared_pairs,
    matched_headers,
    parsed_format,
    similarity,
)
from golive.core.arithmetic import plain_sum
from golive.core.records import changed
from golive.core.tables import Table
from golive.core.yaml_reader import read_document
from golive.scenarios.migration import scenario as scenario_module
from golive.scenarios.migration.scenario import MigrationScenario
from golive.scenarios.migration.vocabulary import DataObject, TableName
from golive.sim.migration.difficulty import LEVELS
from golive.sim.migration.duplicate_scores import DuplicateScore, duplicate_score
from golive.sim.migration.headers import HeaderSplit
from golive.sim.migration.judge import judge
from golive.sim.migration.naive import NAIVE, casts_only, oracle
from golive.sim.migration.target import TARGET, ColumnKind
from golive.sim.migration.truth import Truth, make_truth

LIBRARY = Path(scenario_module.__file__).parent / "library"
CUSTOMERS = 400
"""Rows of the table of customers: enough for homonyms, few enough to compare in seconds."""
FIRST_TRAINING_SEED, FIRST_TEST_SEED = 1_000_000, 3_000_000
THRESHOLDS = tuple(step / 50 for step in range(20, 50))
PROBABILITIES = tuple(step / 20 for step in range(2, 20))
FIVE_TABLES = {
    DataObject.ITEMS: 2_000,
    DataObject.CUSTOMERS: 2_000,
    DataObject.STOCK: 2_000,
    DataObject.BOMS: 330,
    DataObject.OPEN_ORDERS: 1_000,
    DataObject.VENDORS: 100,
}
"""Volumes with which items, customers, stock, lines of bills and of sales orders have about 2,000
rows each; the other nine tables come with them."""


@dataclass(frozen=True, slots=True)
class LevelRow:
    """Results of simple rules at one level, on customers that nothing was tuned on.

    Attributes:
        threshold: of similarity, the best on as many training customers of the level.
        pair_f1: of duplicates among customers, pairs that blocking missed included.
        missed: share of the true pairs that blocking missed.
        headers: share of the headers of unseen generators that were matched.
        dates: share of the date columns that were read in the right format.
        error_rate: wrong cells and rows per cell.
        oracle: cell error reduction of the truth itself.
        learned_pair_f1: as ``pair_f1``, of weights learned on the training customers, more keys of
            blocking and the best threshold on the same.
        learned_missed: as ``missed``, by these keys.
        decided: date columns by evidence, with "ambiguous" as an answer.
    """

    level: int
    threshold: float
    pair_f1: float
    b_cubed_f1: float
    missed: float
    headers: float
    dates: float
    error_rate: float
    oracle: float
    learned_pair_f1: float
    learned_missed: float
    decided: DateShares


@dataclass(frozen=True, slots=True)
class NaiveRow:
    """Result of a naive way, mean over customers of level 3."""

    way: str
    cell_error_reduction: float
    share_loaded: float
    silent_dates: float


@dataclass(frozen=True, slots=True)
class CostRow:
    """Seconds to make the tables of one customer, the best of some runs."""

    rows: int
    cells: int
    seconds: float


@dataclass(frozen=True, slots=True)
class DialReport:
    """All that was measured."""

    similarity: str
    customers: int
    levels: tuple[LevelRow, ...]
    naive: tuple[NaiveRow, ...]
    cost: CostRow


def library() -> dict[str, MigrationScenario]:
    """The scenarios of the library by name."""
    return {
        path.stem: MigrationScenario.read(read_document(path))
        for path in sorted(LIBRARY.glob("*-data.yaml"))
        if path.stem != "workshop-data"  # which came later: figures stay comparable
    }


def sized(scenario: MigrationScenario, level: int) -> MigrationScenario:
    """A scenario at a level, with so many customers and few other rows."""
    records = {kind: min(count, 120) for kind, count in scenario.customer.records.items()}
    records[DataObject.CUSTOMERS] = CUSTOMERS
    return changed(scenario, difficulty=level, customer=changed(scenario.customer, records=records))


def truths(level: int, count: int, first_seed: int) -> list[Truth]:
    """So many customers of each scenario of the library at a level, with headers of test."""
    return [
        make_truth(sized(scenario, level), first_seed + number, HeaderSplit.TEST)
        for scenario in library().values()
        for number in range(count)
    ]


def measure_level(level: int, count: int, similar: Similarity) -> LevelRow:
    """Try the simple rules at a level, on so many customers of each scenario."""
    trained = truths(level, count, FIRST_TRAINING_SEED)
    training = _scored([(truth, compared_pairs(truth, similar)) for truth in trained])
    threshold = _best(training, THRESHOLDS)
    tested = truths(level, count, FIRST_TEST_SEED)
    scored = _scored([(truth, compared_pairs(truth, similar)) for truth in tested])
    scores = [score(threshold) for score in scored]
    weights = learned_weights(trained)
    weighed = _scored([(truth, weighed_pairs(truth, weights)) for truth in trained])
    probability = _best(weighed, PROBABILITIES)
    weighed = _scored([(truth, weighed_pairs(truth, weights)) for truth in tested])
    learned = [score(probability) for score in weighed]
    verdicts = [judge(truth, oracle(truth)) for truth in tested]
    pairs, missed, b_cubed = 0, 0, []
    for score in scores:
        pairs += score.pairs
        missed += score.missed_by_blocking
        b_cubed.append(score.b_cubed_f1)
    return LevelRow(
        level,
        threshold,
        _pair_f1(scores),
        plain_sum(b_cubed) / len(b_cubed),
        missed / max(pairs, 1),
        _mean([headers_matched(truth) for truth in tested]),
        _mean([dates_read(truth) for truth in tested]),
        _mean([v.errors / _cells(t) for v, t in zip(verdicts, tested, strict=True)]),
        min(verdict.cell_error_reduction for verdict in verdicts),
        _pair_f1(learned),
        plain_sum([float(one.missed_by_blocking) for one in learned]) / max(pairs, 1),
        dates_decided(tested),
    )


def _scored(made: Sequence[tuple[Truth, Pairs]]) -> list[partial[DuplicateScore]]:
    """Score of each customer by the threshold."""
    return [partial(_score, truth, pairs) for truth, pairs in made]


def _best(scored: Sequence[partial[DuplicateScore]], thresholds: Sequence[float]) -> float:
    """The threshold with the best F1."""
    return max(thresholds, key=lambda one: _pair_f1([score(one) for score in scored]))


def _score(truth: Truth, pairs: Pairs, threshold: float) -> DuplicateScore:
    again = truth.duplicate_of[TableName.CUSTOMERS]
    rows = range(truth.dirty[TableName.CUSTOMERS].height)
    things = {row: again.get(row, row) for row in rows}
    return duplicate_score(things, clusters_of(pairs, threshold), pairs)


def _pair_f1(scores: Sequence[DuplicateScore]) -> float:
    """F1 over the pairs of all customers."""
    pairs = found = wrong = 0
    for score in scores:
        pairs, found, wrong = pairs + score.pairs, found + score.found, wrong + score.wrong
    return 2.0 * found / max(pairs + found + wrong, 1)


def headers_matched(truth: Truth) -> float:
    """Share of a customer's headers that are matched with their column."""
    right = count = 0
    for file in truth.extracts.files:
        for section in file.sections:
            origin = truth.extracts.origins[file.name, section.name]
            found = matched_headers(section.headers, origin.columns)
            count += len(found)
            right += len([1 for a, b in zip(found, origin.columns, strict=True) if a == b])
    return right / max(count, 1)


def dates_read(truth: Truth) -> float:
    """Share of a customer's date columns that are read in the right format."""
    month_first = _at_home_in(truth) == "US"
    right = count = 0
    for name, table in TARGET.items():
        for column in table.of_kind(ColumnKind.DATE):
            cells = truth.dirty[name][column.name].to_list()
            count += 1
            right += parsed_format(cells, month_first) is truth.habits[name].date_format
    return right / max(count, 1)


def _at_home_in(truth: Truth) -> str:
    """The commonest country of the customers."""
    counts = truth.clean[TableName.CUSTOMERS]["country"].value_counts().rows()
    return str(min(counts, key=lambda one: (-one[1], one[0]))[0])


def _cells(truth: Truth) -> int:
    count = 0
    for frame in truth.clean.values():
        count += frame.height * (frame.width - 1)
    return count


def _mean(values: Sequence[float]) -> float:
    return plain_sum(values) / max(len(values), 1)


def measure_naive(count: int) -> tuple[NaiveRow, ...]:
    """Judge the naive ways, the casts alone and the oracle on customers of level 3."""
    made = truths(3, count, FIRST_TEST_SEED)
    rows = []
    for way, submit in {"oracle": oracle, "casts only": casts_only, **NAIVE}.items():
        verdicts = [judge(truth, submit(truth)) for truth in made]
        rows.append(
            NaiveRow(
                way,
                _mean([verdict.cell_error_reduction for verdict in verdicts]),
                _mean([verdict.share_loaded for verdict in verdicts]),
                _mean([v.silent_dates / max(v.dates, 1) for v in verdicts]),
            )
        )
    return tuple(rows)


def measure_cost(runs: int) -> CostRow:
    """Time the making of five tables of 2,000 rows, errors and extracts included."""
    scenario = library()["furniture-data"]
    scenario = changed(scenario, customer=changed(scenario.customer, records=FIVE_TABLES))
    truth, best = make_truth(scenario, 0), float("inf")
    for seed in range(1, runs + 1):
        begun = perf_counter()
        truth = make_truth(scenario, seed)
        best = min(best, perf_counter() - begun)
    rows = 0
    for frame in truth.clean.values():
        rows += frame.height
    return CostRow(rows, _cells(truth), best)


def measure(count: int, runs: int) -> DialReport:
    """Measure every level.

    Args:
        count: of customers of each scenario, for training and for test each.
        runs: of which the fastest counts.
    """
    name, similar = similarity()
    return DialReport(
        name,
        count * len(library()),
        tuple(measure_level(one.level, count, similar) for one in LEVELS),
        measure_naive(count),
        measure_cost(runs),
    )


def tables_of(report: DialReport) -> list[Table | str]:
    """The report as tables and a line."""
    levels = Table(
        f"Simple rules ({report.similarity}) on {report.customers} customers a level",
        (
            "level",
            "errors per cell",
            "duplicates, pair F1",
            "B-cubed F1",
            "missed by blocking",
            "headers",
            "date columns",
            "oracle",
        ),
        [
            (
                row.level,
                f"{row.error_rate:.3f}",
                f"{row.pair_f1:.2f}",
                f"{row.b_cubed_f1:.2f}",
                f"{row.missed:.2f}",
                f"{row.headers:.2f}",
                f"{row.dates:.2f}",
                f"{row.oracle:.2f}",
            )
            for row in report.levels
        ],
    )
    better = Table(
        "Learned weights and decided dates on the same customers",
        (
            "level",
            "duplicates, pair F1",
            "missed by blocking",
            "dates right",
            "wrong",
            "ambiguous",
            "dates wrong by rules",
        ),
        [
            (
                row.level,
                f"{row.learned_pair_f1:.2f}",
                f"{row.learned_missed:.2f}",
                f"{row.decided.right:.2f}",
                f"{row.decided.wrong:.2f}",
                f"{row.decided.ambiguous:.2f}",
                f"{1.0 - row.dates:.2f}",
            )
            for row in report.levels
        ],
    )
    naive = Table(
        "Naive ways at level 3",
        ("way", "cell error reduction", "loaded", "dates silently wrong"),
        [
            (
                row.way,
                f"{row.cell_error_reduction:.2f}",
                f"{row.share_loaded:.3f}",
                f"{row.silent_dates:.3f}",
            )
            for row in report.naive
        ],
    )
    cost = report.cost
    line = f"{cost.rows:,} rows and {cost.cells:,} cells made in {cost.seconds:.2f} s"
    return [levels, better, naive, line]


def command(
    customers: Annotated[int, typer.Option(min=1, help="Of each scenario.")] = 6,
    runs: Annotated[int, typer.Option(min=1, help="Of which the fastest counts.")] = 5,
    json: JsonOption = False,
    out: Annotated[Path | None, typer.Option(help="File for the report.")] = None,
) -> None:
    """Print how hard each level of the data migration is for simple rules, and what tables cost."""
    report = measure(customers, runs)
    write_report(report, out)
    show(report, tables_of(report), json)


if __name__ == "__main__":
    start("benchmarks.migration.difficulty")
