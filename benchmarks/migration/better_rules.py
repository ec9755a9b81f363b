"""Matchers and deciders that are better than the simple rules, measured on the same customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from golive.agents.migration.matching_duplicates import FIELDS, DuplicateWeights, learn_duplicates
from golive.agents.migration.profiling_dates import counted, decide_together
from golive.scenarios.migration.vocabulary import TableName
from golive.sim.migration.habits import ROW, from_legacy_text
from golive.sim.migration.target import TARGET, ColumnKind
from golive.sim.migration.truth import Truth

Pairs = dict[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class DateShares:
    """Shares of date columns: format right, wrong and so silent, and left open as ambiguous."""

    right: float
    wrong: float
    ambiguous: float


def _columns(truth: Truth) -> tuple[dict[str, list[str | None]], list[int]]:
    frame = from_legacy_text(truth.dirty, truth.habits)[TableName.CUSTOMERS]
    return {field: frame[field].to_list() for field in FIELDS}, frame[ROW].to_list()


def learned_weights(training: Sequence[Truth]) -> DuplicateWeights:
    """Weights of duplicates from customers of train."""
    tables = []
    for truth in training:
        columns, rows = _columns(truth)
        again = truth.duplicate_of[TableName.CUSTOMERS]
        tables.append((columns, {place: again.get(row, row) for place, row in enumerate(rows)}))
    return learn_duplicates(tables)


def weighed_pairs(truth: Truth, weights: DuplicateWeights) -> Pairs:
    """Probability that customers are one, by pairs of their rows."""
    columns, rows = _columns(truth)
    return {
        (min(rows[a], rows[b]), max(rows[a], rows[b])): probability
        for (a, b), probability in weights.probabilities(columns).items()
    }


def dates_decided(truths: Sequence[Truth]) -> DateShares:
    """Decide the formats of customers' date columns, those of one system together."""
    right = wrong = open_ = 0
    for truth in truths:
        systems: dict[str, list[tuple[TableName, str]]] = {}
        for name, table in TARGET.items():
            for column in table.of_kind(ColumnKind.DATE):
                systems.setdefault(truth.habits[name].system, []).append((name, column.name))
        for places in systems.values():
            cells = [counted(truth.dirty[name][column].to_list()) for name, column in places]
            for (name, _), decision in zip(places, decide_together(cells), strict=True):
                same = decision.form == truth.habits[name].date_format.value
                open_ += decision.order == "ambiguous"
                right += decision.order != "ambiguous" and same
                wrong += decision.order != "ambiguous" and not same
    count = max(right + wrong + open_, 1)
    return DateShares(right / count, wrong / count, open_ / count)
