"""The matcher's model: two softmax regressions on headers and values, one of names, one of tables.

A column's name (``item_number``) is told by the first for all tables at once, so that what is
learned of it in one table serves in the others; the second tells the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...core.errors import GoliveError
from ...sim.migration.target import TARGET
from .matching_features import FIGURES, HEADER_BUCKETS, header_features

Weights = NDArray[np.float64]
NONE = ""
"""Name of what is none of the target's columns, and of a table that is none of its tables."""
NAMES = (NONE, *sorted({name for table in TARGET.values() for name in table.names}))
"""Names of the target's columns, of all tables."""
TABLES = tuple(TARGET)
_CLASSES_OF_TABLES = (*TABLES, NONE)
WIDTH = HEADER_BUCKETS + len(FIGURES) + 3
"""Weights of a class: pieces of a header, figures, one for each where there are any, a constant."""
FILE = Path(__file__).with_name("matching_model.npz")
VERSION = 1


@dataclass(frozen=True, slots=True)
class MatchingModel:
    """Weights of names and of tables, ``WIDTH`` rows each, and how much probabilities are worth.

    Attributes:
        names: ``WIDTH`` x names.
        tables: ``WIDTH`` x tables.
        centre, scale: of the figures.
        temperature: by which the logarithms of names are divided, so that .9 is right nine times
            in ten.
    """

    names: Weights
    tables: Weights
    centre: Weights
    scale: Weights
    temperature: float = 1.0

    def logs(self, headers: Sequence[str], figures: Weights | None) -> tuple[Weights, Weights]:
        """Log probabilities of names and of tables, for each column.

        Args:
            headers: of the columns; an empty one says nothing.
            figures: of their values, columns x figures; None if there are none.
        """
        by_name = np.empty((len(headers), self.names.shape[1]))
        by_table = np.empty((len(headers), self.tables.shape[1]))
        for row, header in enumerate(headers):
            places, values = self.features(header, None if figures is None else figures[row])
            by_name[row] = values @ self.names[places]
            by_table[row] = values @ self.tables[places]
        return _log_softmax(by_name / self.temperature), _log_softmax(by_table)

    def features(self, header: str, figures: Weights | None) -> tuple[NDArray[np.int64], Weights]:
        """Places and values of what is not zero of a column's features."""
        return features_of(header, figures, self.centre, self.scale)

    def save(self, path: Path) -> None:
        """Write the model; weights become numbers of one byte, a scale for each class."""
        content: dict[str, object] = {"version": VERSION, "temperature": self.temperature}
        for key, weights in (("names", self.names), ("tables", self.tables)):
            step = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127.0
            content[key] = np.round(weights / step).astype(np.int8)
            content[f"{key}_step"] = step
        np.savez_compressed(
            path,
            centre=self.centre,
            scale=self.scale,
            **content,  # type: ignore[arg-type]
        )


def features_of(
    header: str, figures: Weights | None, centre: Weights, scale: Weights
) -> tuple[NDArray[np.int64], Weights]:
    """Places and values of what is not zero of a column's features, the pieces of length one."""
    places: list[NDArray[np.int64]] = [np.array([WIDTH - 1])]
    values: list[Weights] = [np.ones(1)]
    if header:
        pieces = header_features(header)
        places += [pieces, np.array([WIDTH - 2])]
        values += [np.full(len(pieces), 3.0 / np.sqrt(max(len(pieces), 1))), np.ones(1)]
    if figures is not None:
        places += [np.arange(HEADER_BUCKETS, HEADER_BUCKETS + len(FIGURES)), np.array([WIDTH - 3])]
        values += [np.clip((figures - centre) / scale, -3.0, 3.0), np.ones(1)]
    return np.concatenate(places), np.concatenate(values)


@cache
def shipped_model() -> MatchingModel:
    """The model that golive brings, learned on headers and customers of train.

    Raises:
        GoliveError: its file is damaged or of another version.
    """
    try:
        with np.load(FILE, allow_pickle=False) as content:
            data = {key: content[key] for key in content.files}
        if int(data["version"]) != VERSION:
            raise ValueError("another version")
        return MatchingModel(
            data["names"] * data["names_step"],
            data["tables"] * data["tables_step"],
            data["centre"],
            data["scale"],
            float(data["temperature"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise GoliveError(f"{FILE}: damaged: {error}") from None


@dataclass(frozen=True, slots=True)
class Example:
    """A column to learn from: its header (or ""), its figures (or None), name and table."""

    header: str
    figures: Weights | None
    name: str
    table: str


def fit(examples: Sequence[Example], *, ridge: float = 1.0, rounds: int = 120) -> MatchingModel:
    """Learn a model.

    Args:
        examples: columns of train.
        ridge: what the squares of weights cost, in units of one example's log likelihood.
        rounds: of L-BFGS, at most.
    """
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

    known = np.array([one.figures for one in examples if one.figures is not None])
    centre, scale = known.mean(axis=0), np.maximum(known.std(axis=0), 0.05)
    places, values, ends = [], [], [0]
    for one in examples:
        found, some = features_of(one.header, one.figures, centre, scale)
        places.append(found)
        values.append(some)
        ends.append(ends[-1] + len(found))
    inputs = csr_array(
        (np.concatenate(values), np.concatenate(places), ends), shape=(len(examples), WIDTH)
    )
    names = np.array([NAMES.index(one.name) for one in examples])
    tables = np.array([_CLASSES_OF_TABLES.index(one.table) for one in examples])
    return MatchingModel(
        _fitted(inputs, names, len(NAMES), ridge, rounds),
        _fitted(inputs, tables, len(_CLASSES_OF_TABLES), ridge, rounds),
        centre,
        scale,
    )


def _fitted(
    inputs: object, classes: NDArray[np.int64], count: int, ridge: float, rounds: int
) -> Weights:
    """Weights of a softmax regression by L-BFGS."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    matrix: object = inputs
    rows = np.arange(len(classes))

    def loss(flat: Weights) -> tuple[float, Weights]:
        weights = flat.reshape(WIDTH, count)
        logs = _log_softmax(matrix @ weights)  # type: ignore[operator]
        missed = np.exp(logs)
        missed[rows, classes] -= 1.0
        value = -float(logs[rows, classes].sum()) + 0.5 * ridge * float((flat * flat).sum())
        slope = matrix.T @ missed + ridge * weights  # type: ignore[attr-defined]
        return value / len(classes), slope.ravel() / len(classes)

    start = np.zeros(WIDTH * count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    weights: Weights = found.x.reshape(WIDTH, count)
    return weights


def _log_softmax(scores: Weights) -> Weights:
    shifted = scores - scores.max(axis=1, keepdims=True)
    found: Weights = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return found
