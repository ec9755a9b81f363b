"""Mock loads: technical failures, and how many masked errors a load brings out.

Errors that a load brings out were hidden before it. If each load brings out the share r of what
is hidden, the next one brings out (1 - r) times as many new ones: the ratio of two successive
counts shows r though nobody ever sees the hidden ones (removal sampling, Moran 1951; Zippin 1956).
Intervals come from leaving out one project at a time (jackknife, Tukey 1958).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from .history import History
from .likelihood import LEVEL, Array, Estimate, Outcome, too_few

LEAST_PROJECTS = 3
_NO_SPREAD = 1e-6


def mine_migration(histories: Sequence[History]) -> list[Outcome]:
    """``technical_failure``, ``technical_failure_kept``, ``mock_load_reveal``."""
    first, kept, hidden = [], [], []
    for history in histories:
        shares = dict(history.loads)
        if 1 in shares:
            first.append((shares[1], 1.0))
        pairs = [(shares[n + 1], share) for n, share in shares.items() if n + 1 in shares]
        if pairs:
            kept.append((sum(after for after, _ in pairs), sum(before for _, before in pairs)))
        after, before = _successive(history)
        if before > 0.0:
            hidden.append((after, before))
    return [
        *_ratio("technical_failure", first, "first loads"),
        *_ratio("technical_failure_kept", kept, "projects with two loads"),
        *_ratio("mock_load_reveal", hidden, "projects with two loads", complement=True),
    ]


def _successive(history: History) -> tuple[float, float]:
    """New errors of each load that had one before it, and of that one, over all objects."""
    later = earlier = 0.0
    for rows in history.object_loads.values():
        counts = dict(rows)
        for number, errors in counts.items():
            if number + 1 in counts and errors > 0.0:
                earlier += errors
                later += counts[number + 1]
    return later, earlier


def _ratio(
    name: str, rows: list[tuple[float, float]], what: str, *, complement: bool = False
) -> list[Outcome]:
    """A ratio of sums over projects, or what it lacks to 1, with its jackknife interval."""
    if len(rows) < LEAST_PROJECTS:
        return too_few([name], len(rows), LEAST_PROJECTS, what)
    table: Array = np.array(rows, dtype=np.float64)
    above, below = table.sum(axis=0)
    if below <= 0.0:
        return too_few([name], 0, LEAST_PROJECTS, f"{what} with a count above 0")
    without = (above - table[:, 0]) / np.maximum(below - table[:, 1], 1e-300)
    count = len(rows)
    spread = float(np.sqrt((count - 1) / count * np.sum((without - without.mean()) ** 2)))
    value = 1.0 - float(above / below) if complement else float(above / below)
    notes: tuple[str, ...] = ()
    if spread < _NO_SPREAD * max(abs(value), 1e-9):
        spread = _NO_SPREAD * abs(value)
        notes = ("no spread at all between projects: a rule rather than a sample",)
    half = float(stats.t.ppf(0.5 + LEVEL / 2.0, count - 1)) * spread
    return [Estimate(name, value, value - half, value + half, count, what, notes)]
