"""Measures how well unseen headers and customers are mapped, and when it is better to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.command import JsonOption, show, start, write_report
from benchmarks.migration.difficulty import FIRST_TEST_SEED, FIRST_TRAINING_SEED
from benchmarks.migration.mapping_data import Section, learned, sections_of
from benchmarks.migration.simple_rules import matched_headers
from golive.agents.migration.matching import match_table
from golive.agents.migration.matching_file import MappedColumn, MappingFile, SourceTable
from golive.agents.migration.matching_knowledge import LEAST, Knowledge, learn_knowledge
from golive.agents.migration.matching_model import FILE, MatchingModel, shipped_model
from golive.agents.migration.matching_proposal import SURE, propose_file
from golive.core.arithmetic import plain_sum
from golive.core.tables import Table
from golive.scenarios.migration.vocabulary import SystemStyle
from golive.sim.migration.headers import HeaderSplit, headers_for
from golive.sim.migration.target import TARGET
from golive.trainers.evaluation.intervals import mean_interval, paired_difference_interval
from golive.trainers.evaluation.statistics import Interval

MEASURED_LEVELS = (1, 3, 5)
THRESHOLDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
FIRST_PAST_SEED = 5_000_000
Told = Sequence[tuple[bool, float]]
"""Whether each column of a customer was matched rightly, and how sure it was."""


@dataclass(frozen=True, slots=True)
class Way:
    """A choice of what a matcher is shown.

    Attributes:
        table_known: it is told the table.
        headers, values: it sees them.
    """

    name: str
    table_known: bool
    headers: bool = True
    values: bool = True


WAYS = (
    Way("table known", True),
    Way("open: any of 14 tables", False),
    Way("table known, headers alone", True, values=False),
    Way("open, headers alone", False, values=False),
    Way("table known, values alone", True, headers=False),
)
RULES = "table known, simple rules"


@dataclass(frozen=True, slots=True)
class MappingRow:
    """Share of columns that are matched rightly, mean over customers with an interval."""

    way: str
    level: int
    share: Interval


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """Share that is mapped from a confidence on, and how much of that is right."""

    way: str
    level: int
    threshold: float
    mapped: float
    right: float


@dataclass(frozen=True, slots=True)
class LiftRow:
    """Shares with knowledge of so many past customers and without, and the paired difference."""

    way: str
    level: int
    past: int
    without: float
    with_knowledge: float
    lift: Interval


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """Columns of a table that is none of the target's, and those that are mapped all the same."""

    file: str
    columns: int
    mapped: int


@dataclass(frozen=True, slots=True)
class MappingReport:
    """All that was measured.

    Attributes:
        customers: at each level.
        other_industry: the same by a model that has not seen the customer's industry and systems.
    """

    customers: int
    rows: tuple[MappingRow, ...]
    other_industry: tuple[MappingRow, ...]
    curve: tuple[ThresholdRow, ...]
    lifts: tuple[LiftRow, ...]
    foreign: tuple[ForeignRow, ...]


def told(
    model: MatchingModel,
    sections: Iterable[Section],
    way: Way,
    knowledge: Knowledge | None = None,
) -> dict[int, list[tuple[bool, float]]]:
    """Rightness and confidence of what a model says of each customer's columns."""
    found: dict[int, list[tuple[bool, float]]] = {}
    for one in sections:
        headers = one.headers if way.headers else [""] * len(one.headers)
        match = match_table(
            model,
            headers,
            one.figures if way.values else None,
            one.table if way.table_known else None,
            None if knowledge is None else knowledge.logs(headers),
        )
        for column, told_one in zip(one.columns, match.matches, strict=True):
            right = told_one.column == column and match.table is one.table
            sure = told_one.confidence * match.confidence if told_one.column else 0.0
            found.setdefault(one.customer, []).append((right, sure))
    return found


def _rules(sections: Iterable[Section]) -> dict[int, list[tuple[bool, float]]]:
    found: dict[int, list[tuple[bool, float]]] = {}
    for one in sections:
        names = matched_headers(one.headers, one.columns)
        for name, column in zip(names, one.columns, strict=True):
            found.setdefault(one.customer, []).append((name == column, 1.0))
    return found


def _shares(of: dict[int, list[tuple[bool, float]]]) -> list[float]:
    return [plain_sum([float(right) for right, _ in one]) / len(one) for one in of.values()]


def _row(way: str, level: int, of: dict[int, list[tuple[bool, float]]]) -> MappingRow:
    return MappingRow(way, level, mean_interval([np.array(_shares(of))], bounds=(0.0, 1.0)))


def measure_rows(
    tested: Sequence[Section], model_of: Callable[[str], MatchingModel], *, rules: bool
) -> list[MappingRow]:
    """Shares at each level, by the model for each scenario."""
    rows = []
    for level in MEASURED_LEVELS:
        some = [one for one in tested if one.level == level]
        if rules:
            rows.append(_row(RULES, level, _rules(some)))
        for way in WAYS:
            found: dict[int, list[tuple[bool, float]]] = {}
            for name in dict.fromkeys(one.scenario for one in some):
                found |= told(model_of(name), [one for one in some if one.scenario == name], way)
            rows.append(_row(way.name, level, found))
    return rows


def measure_curve(tested: Sequence[Section], model: MatchingModel) -> list[ThresholdRow]:
    """Shares that are mapped and right from each confidence on."""
    rows = []
    for way in (WAYS[1], WAYS[3]):
        for level in MEASURED_LEVELS[1:]:
            found = told(model, [one for one in tested if one.level == level], way)
            everything = [one for some in found.values() for one in some]
            for threshold in THRESHOLDS:
                mapped = [right for right, sure in everything if sure >= threshold]
                share = plain_sum([float(one) for one in mapped]) / max(len(mapped), 1)
                rows.append(
                    ThresholdRow(way.name, level, threshold, len(mapped) / len(everything), share)
                )
    return rows


def past_mappings(count: int, level: int) -> dict[str, list[MappingFile]]:
    """Mapping files of so many past customers, whose headers no model was learned on."""
    found: dict[str, list[MappingFile]] = {}
    styles = tuple(SystemStyle)
    for number in range(count):
        for place, (name, table) in enumerate(TARGET.items()):
            style = styles[(number + place) % len(styles)]
            seed = FIRST_PAST_SEED + number
            made = headers_for(name, table.names, style, level, seed, HeaderSplit.TEST)
            columns = tuple(
                MappedColumn(header=header, column=column) for column, header in made.items()
            )
            source = SourceTable(file=f"{number}.csv", table=str(name), header_line=1)
            one = MappingFile(source=source, to=name, columns=columns)
            found.setdefault(str(number), []).append(one)
    return found


def measure_lifts(
    tested: Sequence[Section], model: MatchingModel, pasts: Sequence[int]
) -> list[LiftRow]:
    """Gains that knowledge of past customers brings, at each level."""
    rows = []
    for way in (WAYS[2], WAYS[0]):
        for level in MEASURED_LEVELS[1:]:
            some = [one for one in tested if one.level == level]
            before = _shares(told(model, some, way))
            for past in pasts:
                knowledge = learn_knowledge(past_mappings(past, level), LEAST)
                after = _shares(told(model, some, way, knowledge))
                lift = paired_difference_interval(
                    [np.array(after)], [np.array(before)], bounds=(-1.0, 1.0)
                )
                without, with_it = plain_sum(before), plain_sum(after)
                count = len(before)
                rows.append(LiftRow(way.name, level, past, without / count, with_it / count, lift))
    return rows


def measure_foreign(files: Sequence[Path]) -> list[ForeignRow]:
    """Map tables that are none of the target's: nothing in them should be mapped."""
    rows = []
    for path in files:
        for found in propose_file(path):
            mapped = [one for one in found.columns if one.column is not None]
            rows.append(ForeignRow(path.name, len(found.columns), len(mapped)))
    return rows


def measure(customers: int, training: int, foreign: Sequence[Path]) -> MappingReport:
    """Measure the shipped model, and one for each industry that has not seen it."""
    tested = sections_of(customers, FIRST_TEST_SEED, HeaderSplit.TEST, MEASURED_LEVELS)
    trained = sections_of(training, FIRST_TRAINING_SEED, HeaderSplit.TRAIN, MEASURED_LEVELS)
    model = shipped_model()
    names = list(dict.fromkeys(one.scenario for one in tested))
    others = {name: learned([one for one in trained if one.scenario != name]) for name in names}
    return MappingReport(
        customers * len(names),
        tuple(measure_rows(tested, lambda name: model, rules=True)),
        tuple(measure_rows(tested, others.__getitem__, rules=False)),
        tuple(measure_curve(tested, model)),
        tuple(measure_lifts(tested, model, (5, 20))),
        tuple(measure_foreign(foreign)),
    )


def _told(interval: Interval) -> str:
    return f"{interval.estimate:.3f} ({interval.low:.3f} to {interval.high:.3f})"


def tables_of(report: MappingReport) -> list[Table | str]:
    """The report as tables."""
    found: list[Table | str] = []
    for title, rows in (
        (f"Columns matched rightly, {report.customers} customers a level", report.rows),
        ("The same, by a model that has not seen the industry", report.other_industry),
    ):
        ways = list(dict.fromkeys(row.way for row in rows))
        by_place = {(row.way, row.level): _told(row.share) for row in rows}
        cells = [(way, *(by_place[way, level] for level in MEASURED_LEVELS)) for way in ways]
        found.append(Table(title, ("way", *(f"level {n}" for n in MEASURED_LEVELS)), cells))
    curve = [
        (row.way, row.level, f"{row.threshold:g}", f"{row.mapped:.3f}", f"{row.right:.3f}")
        for row in report.curve
    ]
    headings = ("way", "level", "from", "mapped", "of these right")
    found.append(Table("What is mapped from a confidence on", headings, curve))
    lifts = [
        (
            row.way,
            row.level,
            row.past,
            f"{row.without:.3f}",
            f"{row.with_knowledge:.3f}",
            f"{row.lift.estimate:+.3f} ({row.lift.low:+.3f} to {row.lift.high:+.3f})",
        )
        for row in report.lifts
    ]
    headings_of_lifts = ("way", "level", "past customers", "without", "with", "lift")
    found.append(Table("Knowledge of past mappings", headings_of_lifts, lifts))
    if report.foreign:
        foreign = [(row.file, row.columns, row.mapped) for row in report.foreign]
        title = f"Tables that are none of the target's, from a confidence of {SURE:g} on"
        found.append(Table(title, ("file", "columns", "mapped"), foreign))
    return found


def command(
    customers: Annotated[int, typer.Option(min=1, help="Of each scenario and level.")] = 4,
    training: Annotated[int, typer.Option(min=1, help="Likewise, to learn from.")] = 2,
    foreign: Annotated[
        list[Path] | None, typer.Option(help="Table that is none of the target's.")
    ] = None,
    train: Annotated[bool, typer.Option("--train", help="Learn the shipped model first.")] = False,
    json: JsonOption = False,
    out: Annotated[Path | None, typer.Option(help="File for the report.")] = None,
) -> None:
    """Print how well columns of unseen customers and headers are mapped."""
    if train:
        learned(
            sections_of(training, FIRST_TRAINING_SEED, HeaderSplit.TRAIN, MEASURED_LEVELS)
        ).save(FILE)
    report = measure(customers, training, foreign or [])
    write_report(report, out)
    show(report, tables_of(report), json)


if __name__ == "__main__":
    start("benchmarks.migration.mapping")
