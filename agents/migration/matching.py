"""Proposals of mappings: which target column each column of a table is, how sure, and why.

The model gives each column a probability for each name; a table takes each of its columns once at
most, by assignment, and a column may be none of them. What is not sure enough is left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from ...scenarios.migration.vocabulary import TableName
from ...sim.migration.target import TARGET
from .matching_model import NAMES, TABLES, MatchingModel, Weights


@dataclass(frozen=True, slots=True)
class Match:
    """Target column that a column is taken for.

    Attributes:
        column: of the target; empty if it is none of the table's.
        confidence: that it is right, given the table.
        second: next likely column, or "".
    """

    column: str
    confidence: float
    second: str


@dataclass(frozen=True, slots=True)
class TableMatch:
    """A table's matches.

    Attributes:
        table: of the target.
        confidence: that it is this table, and not another or none of the target's.
        others: probabilities of the other tables that have any.
    """

    table: TableName
    confidence: float
    others: dict[TableName, float]
    matches: tuple[Match, ...]


def match_table(
    model: MatchingModel,
    headers: Sequence[str],
    figures: Weights | None,
    to: TableName | None = None,
    more: Weights | None = None,
) -> TableMatch:
    """Match the columns of a table.

    Args:
        model: of headers and values.
        headers: of the columns.
        figures: of their values, or None.
        to: the target table where it is known.
        more: to be added to the log probabilities of names: what is known from elsewhere.
    """
    by_name, by_table = model.logs(headers, figures)
    if more is not None:
        by_name = by_name + more
    if to is not None:
        return TableMatch(to, 1.0, {}, _matches(by_name, to))
    none = by_name[:, 0].sum() + TABLE_WEIGHT * by_table[:, -1].mean()
    scores = np.array([*(_table_score(by_name, by_table, table) for table in TABLES), none])
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    order = np.argsort(-shares[:-1], kind="stable")
    best = TABLES[int(order[0])]
    others = {TABLES[int(n)]: float(shares[n]) for n in order[1:4] if shares[n] >= 0.01}
    return TableMatch(best, float(shares[order[0]]), others, _matches(by_name, best))


def _assigned(by_name: Weights, table: TableName) -> tuple[list[int], Weights]:
    """Place of each column among the table's, or -1, and the log probabilities of these."""
    places = [NAMES.index(name) for name in TARGET[table].names]
    logs = by_name[:, places]
    # A place of its own for each column that may be none of the table's.
    open_places = np.repeat(by_name[:, :1], len(logs), axis=1)
    rows, found = linear_sum_assignment(-np.hstack([logs, open_places]))
    chosen = [-1] * len(logs)
    for row, place in zip(rows.tolist(), found.tolist(), strict=True):
        if place < len(places):
            chosen[row] = place
    return chosen, logs


def _table_score(by_name: Weights, by_table: Weights, table: TableName) -> float:
    chosen, logs = _assigned(by_name, table)
    score = float(by_table[:, TABLES.index(table)].mean()) * TABLE_WEIGHT
    found = 0
    for row, place in enumerate(chosen):
        score += float(by_name[row, 0] if place < 0 else logs[row, place])
        found += place >= 0
    mandatory = len([one for one in TARGET[table].columns if one.mandatory])
    return score - MISSING_COST * max(mandatory - found, 0)


TABLE_WEIGHT = 4.0
"""Of the mean log probability of a table over the columns, against those of names (estimate)."""
MISSING_COST = 1.0
"""Of each mandatory column of a table that no column is (estimate)."""


def _matches(by_name: Weights, table: TableName) -> tuple[Match, ...]:
    chosen, logs = _assigned(by_name, table)
    names = TARGET[table].names
    found = []
    for row, place in enumerate(chosen):
        # Among the columns of the table and none; what another column has taken counts less.
        taken = {one for number, one in enumerate(chosen) if number != row and one >= 0}
        weight = np.array([0.1 if n in taken else 1.0 for n in range(len(names))])
        shares = np.append(np.exp(logs[row]) * weight, np.exp(by_name[row, 0]))
        shares /= shares.sum()
        own = place if place >= 0 else len(names)
        order = [int(n) for n in np.argsort(-shares, kind="stable") if n != own]
        second = names[order[0]] if order[0] < len(names) else ""
        found.append(Match(names[place] if place >= 0 else "", float(shares[own]), second))
    return tuple(found)
