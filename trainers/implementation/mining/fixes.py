"""Effort of fixes by severity and stage, and defects that fixes and wrong assumptions make.

ln(booked hours) of a fix is normal around the sum of its severity's and its stage's effect.
Effort at the requirement stage is never seen; ``fix_hours`` is what was seen in test cycles over
the default of ``fix_factor_sit``. Fixes begun and never finished count as longer than booked.

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

from ....sim.implementation.parameters import Parameters
from .defect_sample import SEVERITIES, Looks
from .defects import Removals
from .history import History
from .likelihood import LEVEL, Estimate, Fit, Outcome, censored_normal, too_few

FALLEN = "design_flaw"
"""Cause of a defect that another one brought with it: its fix is rework of a whole component."""
LEAST_FIXES = 20
"""Of all, and of a severity or stage that gets a factor of its own."""
_SEVERITIES = ("minor", "critical")
_STAGES = ("uat", "live")
_LACK = "have no package of package_kind fix with its defect and booked_hours"
LEAST_FIXES_MADE = 100
LEAST_ASSUMPTIONS = 20
LEAST_FOUND = 5
_MAJOR = SEVERITIES.index("major")


def mine_fixes(histories: Sequence[History], known: Parameters) -> list[Outcome]:
    """``fix_hours``, ``fix_sigma`` and ``fix_factor_<severity or stage>``."""
    rows: list[tuple[float, bool, int, str, str]] = []
    for number, history in enumerate(histories):
        defects = {defect.number: defect for defect in history.defects}
        for package in history.packages.values():
            defect = defects.get(package.defect) if package.kind == "fix" else None
            if defect is None or defect.cause == FALLEN:
                continue
            if package.booked() > 0.0:
                hours, is_open = float(np.log(package.booked())), package.done_hour is None
                rows.append((hours, is_open, number, defect.severity, defect.stage))
    labels = [f"fix_factor_{name}" for name in (*_SEVERITIES, *_STAGES)]
    done = sum(not cut for _, cut, *_ in rows)
    if done < LEAST_FIXES:
        names = ["fix_hours", "fix_sigma", *labels]
        lacks = {_LACK: sum(len(history.fixes) for history in histories) - done}
        return too_few(names, done, LEAST_FIXES, "finished fixes", lacks)
    counts = {
        name: sum(not row[1] and name in row[3:] for row in rows)
        for name in (*_SEVERITIES, *_STAGES, "sit")
    }
    if counts["sit"] < LEAST_FIXES:
        return too_few(["fix_hours", "fix_sigma"], counts["sit"], LEAST_FIXES, "fixes from tests")
    kept = [name for name in (*_SEVERITIES, *_STAGES) if counts[name] >= LEAST_FIXES]
    rows = [row for row in rows if all(name in (*kept, "major", "sit") for name in row[3:])]
    design = np.array(
        [[1.0, *(float(name in row[3:]) for name in kept)] for row in rows], dtype=np.float64
    )
    values, cuts, project = (np.array(column) for column in list(zip(*rows, strict=True))[:3])
    fit = censored_normal(design, values, cuts, project, guarded=True)
    outcomes = _own(fit, known, len(rows), int(cuts.sum()))
    outcomes += [
        _factor(fit, index, name, counts[name], known) for index, name in enumerate(kept, 1)
    ]
    for name in (*_SEVERITIES, *_STAGES):
        if name not in kept:
            what = f"finished fixes of {name} defects"
            outcomes += too_few([f"fix_factor_{name}"], counts[name], LEAST_FIXES, what)
    return outcomes


def _own(fit: Fit, known: Parameters, count: int, cut: int) -> list[Outcome]:
    factor = known.fix_factor_sit
    value, low, high = (end / factor for end in fit.exponentials(0))
    sigma = fit.exponentials(len(fit.theta) - 1)
    notes = (f"test-cycle fixes over fix_factor_sit = {factor:g}, which no log shows",)
    begun = (f"{cut} begun and never finished count as longer than booked",) if cut else ()
    return [
        Estimate("fix_hours", value, low, high, count, "fixes", notes + begun),
        Estimate("fix_sigma", *sigma, count, "fixes", begun),
    ]


def _factor(fit: Fit, index: int, name: str, count: int, known: Parameters) -> Estimate:
    scale = known.fix_factor_sit if name in _STAGES else 1.0
    value, low, high = (scale * end for end in fit.exponentials(index))
    notes = (f"relative to fix_factor_sit = {scale:g}",) if name in _STAGES else ()
    return Estimate(f"fix_factor_{name}", value, low, high, count, "fixes", notes)


def mine_escapes(histories: Sequence[History], removals: Removals) -> list[Outcome]:
    """``bad_fix`` and ``wrong_assumption``."""
    kept = [history for history in histories if not history.rolled_back]
    fixes = [_shows(own, hour, removals, None) for own in kept for hour in own.fixes]
    guesses = [_shows(own, hour, removals, _MAJOR) for own in kept for hour in own.assumptions]
    found = Counter(defect.cause for history in kept for defect in history.defects)
    return [
        *_share("bad_fix", fixes, found["fix"], LEAST_FIXES_MADE, "fixes"),
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
