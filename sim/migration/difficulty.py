"""The dial of difficulty: five levels of headers, dates and duplicates.

All figures are ours, set so that simple rules do nearly everything at level 1 and fail at level 5;
``python -m benchmarks.migration`` prints what they do at each.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...core.errors import GoliveError


@dataclass(frozen=True, slots=True)
class Difficulty:
    """A level of the dial.

    Attributes:
        rate_factor: multiplies every error rate of the scenario.
        sister_share: customers and vendors that are another firm of the same name elsewhere.
        duplicate_edits: least and most fields in which a near duplicate differs.
        evidence_kept: probability that a duplicate keeps each of tax number, phone and e-mail.
        early_days_share: date columns whose days are never above 12.
        odd_order_share: systems that write days and months in the other order than they are said
            to, as a workbook does that was set up in another country.
        two_digit_year_share: systems that write years with two digits.
        hard_header_share: columns headed by a legacy name, a foreign or a wrong word.
    """

    level: int
    rate_factor: float
    sister_share: float
    duplicate_edits: tuple[int, int]
    evidence_kept: float
    early_days_share: float
    odd_order_share: float
    two_digit_year_share: float
    hard_header_share: float


LEVELS: tuple[Difficulty, ...] = (
    Difficulty(1, 0.50, 0.00, (1, 1), 1.00, 0.00, 0.00, 0.0, 0.00),
    Difficulty(2, 0.75, 0.03, (1, 2), 0.85, 0.15, 0.10, 0.2, 0.20),
    Difficulty(3, 1.00, 0.08, (2, 3), 0.65, 0.30, 0.20, 0.4, 0.40),
    Difficulty(4, 1.25, 0.14, (2, 5), 0.45, 0.50, 0.30, 0.6, 0.65),
    Difficulty(5, 1.50, 0.26, (4, 7), 0.20, 0.70, 0.45, 0.8, 1.00),
)
"""Levels 1 to 5."""


def difficulty(level: int) -> Difficulty:
    """The level of a number from 1 to 5.

    Raises:
        GoliveError: there is no such level.
    """
    for one in LEVELS:
        if one.level == level:
            return one
    raise GoliveError(f"difficulty: {level!r}: expected 1 to {len(LEVELS)}")
