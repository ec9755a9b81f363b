"""Tables of customers as a matcher sees them, and the model that is learned on those of train."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.migration.difficulty import FIRST_TRAINING_SEED, library, sized
from benchmarks.migration.mapping_foreign import foreign_header, foreign_table
from golive.agents.migration.matching_features import value_features
from golive.agents.migration.matching_model import (
    NAMES,
    NONE,
    Example,
    MatchingModel,
    Weights,
    fit,
)
from golive.agents.migration.profiling_reading import RawTable, read_file
from golive.agents.migration.profiling_values import facts_of
from golive.core.random_streams import purpose
from golive.scenarios.migration.vocabulary import SystemStyle, TableName
from golive.sim.migration.difficulty import LEVELS
from golive.sim.migration.extracts import Extracts
from golive.sim.migration.headers import HeaderSplit, header_variants, headers_for
from golive.sim.migration.truth import make_truth

DRAWS = 12
"""Of headers for each table to learn from."""
MISLED_SHARE = 0.15
"""Columns with values that have another column's header, so that values are believed too."""
FOREIGN_SHARE = 6
"""Columns of the target for each that is none of it."""
FOREIGN_TABLES = 200
CALIBRATED_ON = 4
"""One generator of train in so many is kept from a first fit, to set the temperature by."""


@dataclass(frozen=True, slots=True)
class Section:
    """A table of a customer's file as a matcher sees it, and what its columns are."""

    scenario: str
    customer: int
    level: int
    table: TableName
    style: SystemStyle
    headers: tuple[str, ...]
    columns: tuple[str, ...]
    figures: Weights


def sections_of(
    count: int, first_seed: int, split: HeaderSplit, levels: Sequence[int]
) -> list[Section]:
    """The tables of so many customers of each scenario at each level, read from their files."""
    found: list[Section] = []
    customer = 0
    for level in levels:
        for name, scenario in library().items():
            for number in range(count):
                truth = make_truth(sized(scenario, level), first_seed + number, split)
                found += _sections(truth.extracts, name, customer, level)
                customer += 1
    return found


def _sections(extracts: Extracts, scenario: str, customer: int, level: int) -> Iterator[Section]:
    with tempfile.TemporaryDirectory() as folder:
        for file in extracts.files:
            path = Path(folder) / file.name
            path.write_bytes(file.data)
            tables = read_file(path).tables
            for section in file.sections:
                origin = extracts.origins[file.name, section.name]
                # As they were read: what a wrong code page does to headers is the matcher's lot.
                width = len(section.headers)
                alike = [one for one in tables if len(one.columns) == width]
                table = next(
                    (one for one in alike if one.layout.headers == section.headers), alike[0]
                )
                yield Section(
                    scenario,
                    customer,
                    level,
                    origin.table,
                    file.style,
                    table.layout.headers,
                    origin.columns,
                    figures_of(table),
                )


def figures_of(table: RawTable) -> Weights:
    """Figures of a table's columns."""
    return value_features(table.columns, [facts_of(one) for one in table.columns])


def learned(sections: Sequence[Section]) -> MatchingModel:
    """Learn a model from customers of train.

    The temperature is that with which a model that has not seen a quarter of the generators gives
    their headers, with values and without, the likeliest probabilities.
    """
    draft = fit(examples_of(sections, DRAWS // 3, _seen))
    held_out = examples_of(sections[::3], 1, lambda key: not _seen(key))
    temperature = _temperature(draft, [one for one in held_out if one.header])
    model = fit(examples_of(sections, DRAWS))
    return replace(model, temperature=temperature)


def _seen(key: str) -> bool:
    return purpose(key) % CALIBRATED_ON != 0


def _temperature(model: MatchingModel, examples: Sequence[Example]) -> float:
    best, lowest = 1.0, float("inf")
    for step in range(6, 31):
        tried = replace(model, temperature=step / 10)
        loss = 0.0
        for one in examples:
            figures = None if one.figures is None else one.figures[np.newaxis]
            logs, _ = tried.logs([one.header], figures)
            loss -= float(logs[0, NAMES.index(one.name)])
        if loss < lowest:
            best, lowest = step / 10, loss
    return best


def examples_of(
    sections: Sequence[Section], draws: int, keep: Callable[[str], bool] | None = None
) -> list[Example]:
    """Columns to learn from, with headers drawn anew so many times, some of them with half of it.

    Every other draw is of single headers, each generator alike; the others are as systems have
    them. Of each draw's columns an eighth has no header and a quarter no values.

    Args:
        sections: tables of customers.
        draws: of headers for each.
        keep: says, by the key of a generator, whether its headers are taken; then there are none
            as systems have them. None takes all.
    """
    found = []
    random = np.random.default_rng(0)
    for number, one in enumerate(sections):
        for draw in range(draws):
            if draw % 2 or keep is not None:
                headers = [_any_header(one.table, column, random, keep) for column in one.columns]
            else:
                seed = FIRST_TRAINING_SEED + 1_000 * number + draw
                level = LEVELS[draw // 2 % len(LEVELS)].level
                made = headers_for(
                    one.table, one.columns, one.style, level, seed, HeaderSplit.TRAIN
                )
                headers = [made[column] for column in one.columns]
            for place, column in enumerate(one.columns):
                header, u = headers[place], random.random()
                if u >= 1.0 - MISLED_SHARE:  # people head a column with any word
                    other = sections[int(random.integers(len(sections)))]
                    name = other.columns[int(random.integers(len(other.columns)))]
                    header = _any_header(other.table, name, random, keep)
                figures = None if 0.125 <= u < 0.375 else one.figures[place]
                found.append(Example("" if u < 0.125 else header, figures, column, one.table))
    return found + list(_foreign_examples(sections, len(found) // FOREIGN_SHARE, random))


def _foreign_examples(
    sections: Sequence[Section], count: int, random: np.random.Generator
) -> Iterator[Example]:
    """Columns that are none of the target's: of other tables, and some among those of its tables.

    Half have values of their own. The others have values as the target's columns, such as the
    telephone numbers of a fax, or a header as the target's columns and values that contradict it.
    """
    made = 0
    while made < count:
        figures = _foreign_figures(made % FOREIGN_TABLES)
        for place in range(len(figures)):
            one = sections[int(random.integers(len(sections)))]
            column = int(random.integers(len(one.columns)))
            header, values, u = foreign_header(random), figures[place], random.random()
            table: str = NONE if random.random() < 0.7 else one.table
            if u < 0.03:
                values, table = one.figures[column], one.table
            elif u < 0.2:
                header = _any_header(one.table, one.columns[column], random, None)
            shown = None if 0.2 <= u < 0.3 else values
            yield Example("" if u >= 0.95 else header, shown, NONE, table)
            made += 1


@cache
def _foreign_figures(number: int) -> Weights:
    columns = foreign_table(np.random.default_rng(number))
    return value_features(columns, [facts_of(one) for one in columns])


def _any_header(
    table: TableName, column: str, random: np.random.Generator, keep: Callable[[str], bool] | None
) -> str:
    """A header of train from a generator that is drawn first, so that each counts alike."""
    options = _options(table, column)
    keys = [key for key in options if keep is None or keep(key)] or list(options)
    texts = options[keys[int(random.integers(len(keys)))]]
    return texts[int(random.integers(len(texts)))]


@cache
def _options(table: TableName, column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in header_variants(table):
        if one.column == column and one.split is HeaderSplit.TRAIN:
            found.setdefault(one.key, []).append(one.text)
    return found
