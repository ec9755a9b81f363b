"""Knowledge out of mappings of past customers: headers and words, counted, and no cells.

A header is kept where at least ``least`` customers have it for the same column: what fewer have
may be a customer's own and stays out of the file. Cells are never read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field, StringConstraints, model_validator

from ...core.problems import validated
from ...core.records import FirstVersion, Integer, Record
from ...core.yaml_reader import read_document
from .matching_features import header_words
from .matching_file import MappingFile
from .matching_model import NAMES, Weights

LEAST = 3
"""Customers that must have a header for it to be kept."""
_SMOOTHED = 1.0
"""Customers that the model's own opinion is worth beside those that were counted (estimate)."""
_WORD_WEIGHT = 0.5
"""Of the words of a header that was never seen whole, each (estimate)."""
_FLOOR = 0.02
"""Share of what no mapping says (estimate)."""

Piece = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=False)]
Count = Annotated[Integer, Field(ge=1)]


class Knowledge(Record):
    """Headers and words of headers, with how many customers have them for a column.

    ``whole`` holds headers by their letters in lower case, ``words`` single words.
    """

    golive_mapping_knowledge: FirstVersion = Field(default=1, description="Version of the format.")
    customers: Count = Field(description="Whose mappings were read.")
    least: Count = Field(description="Customers that have each entry at least.")
    whole: dict[Piece, dict[str, Count]] = Field(description="Columns by header.")
    words: dict[Piece, dict[str, Count]] = Field(description="Columns by word.")

    @model_validator(mode="after")
    def _known_columns(self) -> Knowledge:
        for counts in (*self.whole.values(), *self.words.values()):
            for column, count in counts.items():
                if column not in NAMES[1:]:
                    raise ValueError(f"{column!r} is no column of the target")
                if count < self.least:
                    raise ValueError(f"a count of {count}: expected at least {self.least}")
        return self

    def logs(self, headers: Sequence[str]) -> Weights:
        """Terms to be added to the log probabilities of names, headers x names."""
        found = np.zeros((len(headers), len(NAMES)))
        for row, header in enumerate(headers):
            words = header_words(header)
            whole = self.whole.get("".join(words))
            if whole:
                found[row] = _log_ratios(whole)
            else:
                for word in words:
                    counts = self.words.get(word)
                    if counts:
                        found[row] += _WORD_WEIGHT * _log_ratios(counts)
        return found

    def told(self, header: str, column: str) -> str:
        """Number of customers that have a header for a column, in words; "" if none has."""
        count = self.whole.get("".join(header_words(header)), {}).get(column, 0)
        return f"{count} earlier customers have it so" if count else ""


def _log_ratios(counts: dict[str, int]) -> Weights:
    """Log of how much likelier each name is than without what was counted."""
    total = sum(counts.values())
    shares = np.full(len(NAMES), _FLOOR)
    for column, count in counts.items():
        shares[NAMES.index(column)] += count
    found: Weights = np.log(shares / (total + _FLOOR * len(NAMES)) * len(NAMES))
    return found * total / (total + _SMOOTHED)


def learn_knowledge(
    by_customer: Mapping[str, Sequence[MappingFile]], least: int = LEAST
) -> Knowledge:
    """Count what customers' mappings have in common.

    Args:
        by_customer: mappings as people have corrected them; a customer counts once for a header.
        least: customers that must have a header for a column.
    """
    whole: dict[str, Counter[str]] = {}
    single: dict[str, Counter[str]] = {}
    for mappings in by_customer.values():
        seen: set[tuple[bool, str, str]] = set()
        for one in (one for mapping in mappings for one in mapping.columns):
            if one.column is None:
                continue
            words = header_words(one.header)
            seen.add((True, "".join(words), one.column))
            seen |= {(False, word, one.column) for word in words if len(word) > 1}
        for is_whole, piece, column in seen:
            if piece:
                counts = (whole if is_whole else single).setdefault(piece[:200], Counter())
                counts[column] += 1
    return Knowledge(
        customers=max(len(by_customer), 1),
        least=least,
        whole=_kept(whole, least),
        words=_kept(single, least),
    )


def _kept(counts: dict[str, Counter[str]], least: int) -> dict[str, dict[str, int]]:
    found = {}
    for piece, some in sorted(counts.items()):
        kept = {column: count for column, count in sorted(some.items()) if count >= least}
        if kept:
            found[piece] = kept
    return found


def read_knowledge(path: Path) -> Knowledge:
    """Read a knowledge file.

    Raises:
        GoliveError: it cannot be read, is no YAML or no knowledge of mappings.
    """
    return validated(Knowledge, read_document(path))
