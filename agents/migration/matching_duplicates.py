"""Matches rows of partners that are one thing: several blockings, and weights that are learned.

After Fellegi and Sunter (A Theory for Record Linkage, 1969): each field of a pair agrees at one of
a few levels, each level has a weight, and their sum is the log odds that the pair is one thing. The
weights are fitted together by ridge regression on pairs of customers of train, since fields of one
record depend on one another.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Cells = Sequence[str | None]
Pair = tuple[int, int]

FIELDS = ("name", "contact", "street", "postcode", "city", "phone", "email", "tax_id")
EXACT, CLOSE, SIMILAR, OTHER = range(4)
"""Levels of agreement; where a field is missing in either row it says nothing."""
_LEVELS = 4
_RARITIES = 3
WIDTH = len(FIELDS) * _LEVELS + _RARITIES + 2
"""Weights: each level of each field, how rare an agreeing name is, what is shared, a constant."""
MOST_IN_BLOCK = 40
"""Rows with a key of blocking; more of them have it for another reason."""
_FORM_WORDS = """
inc incorporated corp corporation co company ltd limited llc gmbh ag kg sa sl sarl ab plc
"""
_FORMS = frozenset(_FORM_WORDS.split())
_CLOSE, _SIMILAR = 0.8, 0.5


def _plain(text: str | None) -> str:
    bare = unicodedata.normalize("NFKD", (text or "").lower())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(s for s in bare if s.isascii())))


def _name(text: str | None) -> str:
    words = [word for word in _plain(text).split() if word not in _FORMS]
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Fields of rows in one form, by field, and how often each name stands there."""

    plain: dict[str, list[str]]
    names: Counter[str]
    count: int

    @classmethod
    def of(cls, columns: Mapping[str, Cells]) -> _Rows:
        plain = {
            field: [_name(one) if field == "name" else _plain(one) for one in columns[field]]
            for field in FIELDS
        }
        for field in ("phone", "tax_id", "postcode"):
            plain[field] = [one.replace(" ", "").lstrip("0") for one in plain[field]]
        plain["email"] = [(one or "").strip().lower() for one in columns["email"]]
        return cls(plain, Counter(plain["name"]), len(plain["name"]))


def _blocks(rows: _Rows) -> Iterator[dict[str, list[int]]]:
    """Rows by each key of blocking."""
    keys = [_keys(rows, number) for number in range(rows.count)]
    for place in range(len(keys[0]) if keys else 0):
        found: dict[str, list[int]] = {}
        for number, some in enumerate(keys):
            if some[place]:
                found.setdefault(some[place], []).append(number)
        yield found


def _keys(rows: _Rows, number: int) -> tuple[str, ...]:
    """Keys of a row; rows that share one are compared, empty ones are shared with nobody."""
    field = {name: cells[number] for name, cells in rows.plain.items()}
    words = field["name"].split()
    street = re.sub(r"\d+", "", field["street"]).strip()
    house = "".join(re.findall(r"\d+", field["street"])[:1])
    local, _, domain = field["email"].partition("@")
    return (
        field["tax_id"],
        field["phone"][-7:],
        field["email"],
        field["postcode"],
        field["name"].replace(" ", "")[:5],
        "".join(sorted(word[:4] for word in words)) if words else "",
        f"{words[-1]} {field['city'][:4]}" if words and field["city"] else "",
        f"{words[0]} {field['city'][:4]}" if words and field["city"] else "",
        f"{house} {street[:4]}" if house and street else "",
        f"{field['contact']} {field['city'][:3]}" if field["contact"] else "",
        domain if local and domain else "",
        f"{house} {field['city']}" if house and field["city"] else "",
    )


def candidates(columns: Mapping[str, Cells]) -> dict[Pair, int]:
    """Pairs of rows that share a key of blocking, and how many they share."""
    return _candidates(_Rows.of(columns))


def _candidates(rows: _Rows) -> dict[Pair, int]:
    found: Counter[Pair] = Counter()
    for blocks in _blocks(rows):
        for some in blocks.values():
            if 1 < len(some) <= MOST_IN_BLOCK:
                found.update(combinations(some, 2))
    return dict(sorted(found.items()))


def _pieces(text: str) -> frozenset[str]:
    padded = f" {text} "
    return frozenset(padded[place : place + 2] for place in range(len(padded) - 1))


def _level(a: str, b: str) -> int | None:
    if not a or not b:
        return None
    if a == b:
        return EXACT
    one, other = _pieces(a), _pieces(b)
    alike = 2.0 * len(one & other) / (len(one) + len(other))
    return CLOSE if alike >= _CLOSE else SIMILAR if alike >= _SIMILAR else OTHER


def pair_features(columns: Mapping[str, Cells]) -> tuple[list[Pair], NDArray[np.float64]]:
    """Pairs that are compared and their features, pairs x ``WIDTH``."""
    rows = _Rows.of(columns)
    pairs = _candidates(rows)
    found = np.zeros((len(pairs), WIDTH))
    for line, ((a, b), shared) in enumerate(pairs.items()):
        for place, field in enumerate(FIELDS):
            level = _level(rows.plain[field][a], rows.plain[field][b])
            if level is not None:
                found[line, place * _LEVELS + level] = 1.0
        often = min(rows.names[rows.plain["name"][a]], rows.names[rows.plain["name"][b]])
        # Homonyms: a name that many have proves little.
        rarity = 0 if often <= 2 else 1 if often <= 4 else 2
        if found[line, EXACT] or found[line, CLOSE]:
            found[line, len(FIELDS) * _LEVELS + rarity] = 1.0
        found[line, -2] = math.log(shared)
        found[line, -1] = 1.0
    return list(pairs), found


@dataclass(frozen=True, slots=True)
class DuplicateWeights:
    """Weights of levels of agreement; their sum is the log odds that a pair is one thing."""

    weights: NDArray[np.float64]

    def probabilities(self, columns: Mapping[str, Cells]) -> dict[Pair, float]:
        """Probability that a pair of rows is one thing, for each pair that is compared."""
        pairs, features = pair_features(columns)
        odds = np.clip(features @ self.weights, -40.0, 40.0)
        return dict(zip(pairs, (1.0 / (1.0 + np.exp(-odds))).tolist(), strict=True))


def learn_duplicates(
    tables: Sequence[tuple[Mapping[str, Cells], Mapping[int, int]]], ridge: float = 1.0
) -> DuplicateWeights:
    """Learn weights.

    Args:
        tables: columns of customers of train, and the thing that each row is.
        ridge: cost of squared weights.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    inputs, answers = [], []
    for columns, things in tables:
        pairs, features = pair_features(columns)
        inputs.append(features)
        answers.append(np.array([float(things[a] == things[b]) for a, b in pairs]))
    matrix, same = np.concatenate(inputs), np.concatenate(answers)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = matrix @ weights
        cost = float(np.logaddexp(0.0, odds).sum() - (same * odds).sum())
        slope = matrix.T @ (1.0 / (1.0 + np.exp(-odds)) - same) + ridge * weights
        return cost + 0.5 * ridge * float(weights @ weights), slope

    found = minimize(loss, np.zeros(WIDTH), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return DuplicateWeights(found.x)
