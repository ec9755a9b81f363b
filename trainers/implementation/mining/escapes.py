"""Defects that fixes and wrong assumptions make: found ones over what could have been found.

Of the defects that ``n`` fixes make, only those show that a later look finds. Each fix is given
the probability that a defect of it would have been found by the end (from the stages' removals as
estimated); the share is the number found over the sum of these, with the exact Poisson interval
of the count (Garwood 1936). The removals' own uncertainty is not in the interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from .defect_sample import SEVERITIES, Looks
from .defects import Removals
from .estimate import LEVEL, Estimate, Outcome, too_few
from .history import History

LEAST_FIXES = 100
LEAST_ASSUMPTIONS = 20
LEAST_FOUND = 5
_MAJOR = SEVERITIES.index("major")


def mine_escapes(histories: Sequence[History], removals: Removals) -> list[Outcome]:
    """``bad_fix`` and ``wrong_assumption``."""
    kept = [history for history in histories if not history.rolled_back]
    fixes = [_shows(own, hour, removals, None) for own in kept for hour in own.fixes]
    guesses = [_shows(own, hour, removals, _MAJOR) for own in kept for hour in own.assumptions]
    found = Counter(defect.cause for history in kept for defect in history.defects)
    return [
        *_share("bad_fix", fixes, found["fix"], LEAST_FIXES, "fixes"),
        *_share("wrong_assumption", guesses, found["assumption"], LEAST_ASSUMPTIONS, "assumptions"),
    ]


def _shows(history: History, hour: float, removals: Removals, severity: int | None) -> float:
    """Probability that a defect made at an hour is found by the end of the project."""
    looks = Looks.after(history, hour)
    floor = removals.test_cases_floor
    missed = (1.0 - removals.uat) ** len(looks.checks)
    for _, prepared in looks.cycles:
        missed *= 1.0 - removals.sit * (floor + (1.0 - floor) * prepared)
    hidden = np.exp(-looks.live_days / removals.surface_days)
    unshown = hidden[severity] if severity is not None else hidden @ removals.shares
    return 1.0 - missed * float(unshown)


def _share(name: str, shows: list[float], found: int, least: int, what: str) -> list[Outcome]:
    count, exposure = len(shows), sum(shows)
    if count < least or exposure <= 0.0:
        return too_few([name], count, least, what)
    if found < LEAST_FOUND:
        return too_few([name], found, LEAST_FOUND, f"defects found that {what} had made")
    tail = (1.0 - LEVEL) / 2.0
    low = float(stats.chi2.ppf(tail, 2 * found)) / 2.0 / exposure
    high = float(stats.chi2.ppf(1.0 - tail, 2 * found + 2)) / 2.0 / exposure
    notes = (f"{found} found of those of {count} {what}; {exposure:.0f} would have shown",)
    return [Estimate(name, found / exposure, low, min(1.0, high), count, what, notes)]
