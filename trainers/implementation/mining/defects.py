"""Defects: how many are built in, and what share each stage removes.

One likelihood for all of it. A package's defects are Poisson with a mean that is exponentially
distributed around the row of what was built (so that they cluster), each defect passes reviews
and unit tests, then every look at the system that comes after: a test cycle, an acceptance check,
a day in production. What nobody has found by the end is not in the log; how many those are
follows from how fast the finds die out (removal sampling, a form of capture and recapture: Moran
1951, Zippin 1956; for inspections: Eick et al. 1992). Later escapes are what tells a stage that
finds much from a product that has much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from ....sim.implementation.parameters import Parameters
from .defect_sample import BUILT, LIVE, SEVERITIES, SIT, UAT, Sample, defect_sample
from .history import History
from .likelihood import Array, Estimate, Fit, Omission, Outcome, maximise, too_few

LEAST_DEFECTS = 25
"""Of all, of what was built, of a stage, of a severity in production."""
LEAST_CAREFUL = 0.05
_LACK = "are not of cause build, a known stage and a package that is built, checked and done"
_STAGE_ROWS = ("removal_unit", "removal_review", "removal_sit", "removal_uat")


@dataclass(frozen=True, slots=True)
class Removals:
    """Shares removed per stage as estimated, for whoever needs to know what stays unseen.

    Attributes:
        test_cases_floor: of the world: a cycle without prepared cases, relative to a full one.
        surface_days: by severity, in the order of ``SEVERITIES``.
        shares: of the severities.
    """

    sit: float
    uat: float
    test_cases_floor: float
    surface_days: Array
    shares: Array


def mine_defects(histories: Sequence[History], known: Parameters) -> tuple[list[Outcome], Removals]:
    """``defects_*``, ``removal_*``, ``severity_*`` and ``live_surface_days_*``.

    Returns:
        The outcomes, and the removals (the table's own where they could not be estimated).
    """
    sample = defect_sample(histories, known)
    default = np.array(_start(known))
    counts = _counts(sample)
    found = int(sample.packages.found.sum())
    if found < LEAST_DEFECTS:
        what, listed = "defects found", sum(len(history.defects) for history in histories)
        lacks = {_LACK: listed - len(sample.defects)}
        return too_few(_NAMES, found, LEAST_DEFECTS, what, lacks), _removals(default, known)
    free = [
        index
        for index, name in enumerate(_NAMES)
        if counts[name] >= LEAST_DEFECTS
        and (name != "removal_review" or float(sample.packages.careful.mean()) >= LEAST_CAREFUL)
    ]

    if not free:
        rows = [row for name in _NAMES for row in _too_few(name, counts)]
        return rows, _removals(default, known)

    def log_likelihood(some: Array) -> Array:
        theta = default.copy()
        theta[free] = some
        return _log_likelihood(theta, sample, known)

    fit = maximise(log_likelihood, default[free])
    theta = default.copy()
    theta[free] = fit.theta
    return _outcomes(fit, free, theta, counts), _removals(theta, known)


_NAMES = (
    *(f"defects_{name}" for name in BUILT),
    *_STAGE_ROWS,
    *(f"live_surface_days_{name}" for name in SEVERITIES),
    "severity_critical",
    "severity_major",
)
_FIRST_STAGE, _FIRST_DAYS, _FIRST_SEVERITY = 5, 9, 12


def _start(p: Parameters) -> list[float]:
    logs = [np.log(getattr(p, f"defects_{name}")) for name in BUILT]
    logits = [special.logit(getattr(p, name)) for name in _STAGE_ROWS]
    days = [np.log(getattr(p, f"live_surface_days_{name}")) for name in SEVERITIES]
    minor = 1.0 - p.severity_critical - p.severity_major
    shares = [np.log(p.severity_critical / minor), np.log(p.severity_major / minor)]
    return [float(value) for value in (*logs, *logits, *days, *shares)]


def _shares(theta: Array) -> Array:
    """Shares of minor, major, critical."""
    critical, major = theta[_FIRST_SEVERITY : _FIRST_SEVERITY + 2]
    return np.asarray(special.softmax([0.0, major, critical]), dtype=np.float64)


def _removals(theta: Array, p: Parameters) -> Removals:
    sit, uat = special.expit(theta[_FIRST_STAGE + 2 : _FIRST_STAGE + 4])
    days = np.exp(theta[_FIRST_DAYS:_FIRST_SEVERITY])
    return Removals(float(sit), float(uat), p.test_cases_floor, days, _shares(theta))


def _counts(sample: Sample) -> dict[str, int]:
    """Observations that each row rests on."""
    packages, defects = sample.packages, sample.defects
    counts = {
        f"defects_{name}": int(packages.found[packages.built == index].sum())
        for index, name in enumerate(BUILT)
    }
    counts["removal_unit"] = int(packages.removed.sum())
    counts["removal_review"] = int(packages.removed[packages.careful > LEAST_CAREFUL].sum())
    counts["removal_sit"] = int((defects.stage == SIT).sum())
    counts["removal_uat"] = int((defects.stage == UAT).sum())
    for index, name in enumerate(SEVERITIES):
        live = (defects.stage == LIVE) & (defects.severity == index)
        counts[f"live_surface_days_{name}"] = int(live.sum())
    counts["severity_critical"] = counts["severity_major"] = len(defects)
    return counts


def _log_likelihood(theta: Array, sample: Sample, p: Parameters) -> Array:
    """Log-likelihood per project, shape (projects,)."""
    packages = sample.packages
    rate = np.exp(theta[:_FIRST_STAGE])[packages.built] * packages.proneness
    unit, review, sit, uat = special.expit(theta[_FIRST_STAGE:_FIRST_DAYS])
    days = np.exp(theta[_FIRST_DAYS:_FIRST_SEVERITY])
    shares = _shares(theta)
    careful = 1.0 - (1.0 - review) * (1.0 - unit)
    normal = np.maximum(0.0, 1.0 - packages.careful - packages.rushed)
    in_build = careful * packages.careful + unit * normal
    in_build = in_build + p.removal_unit_rush * unit * packages.rushed
    coverage = p.test_cases_floor + (1.0 - p.test_cases_floor) * sample.cycles
    per_cycle = np.where(sample.cycles >= 0.0, sit * coverage, 0.0)
    before = np.cumsum(np.log1p(-per_cycle), axis=1)
    checks = np.log1p(-uat)
    unsurfaced = np.exp(-packages.live_days[:, None] / days) @ shares
    unseen = (1.0 - in_build) * np.exp(before[:, -1] + checks * packages.checks) * unsurfaced
    rows = packages.found * np.log(rate)
    rows = rows - (packages.found + 1.0) * np.log1p(rate * (1.0 - unseen))
    later = packages.found - packages.removed
    rows = rows + packages.removed * np.log(in_build) + later * np.log1p(-in_build)
    # Each find: missed by what looked before, found by what did.
    defects = sample.defects
    owner, stage, passed = defects.owner, defects.stage, defects.passed
    padded = np.pad(before, ((0, 0), (1, 0)))
    finds = padded[owner, passed] + checks * defects.checks_passed
    mean = days[defects.severity]
    finds = finds - defects.days_passed / mean + np.log(shares[defects.severity])
    in_cycle = np.minimum(passed, per_cycle.shape[1] - 1)
    hit = np.log(np.maximum(per_cycle[owner, in_cycle], 1e-300))
    finds = finds + np.where(stage == SIT, hit, 0.0) + np.where(stage == UAT, np.log(uat), 0.0)
    finds = finds + np.where(stage == LIVE, np.log(-np.expm1(-1.0 / mean)), 0.0)
    rows = rows + np.bincount(owner, finds, len(rows))
    return np.asarray(np.bincount(packages.project, rows, sample.projects), dtype=np.float64)


def _outcomes(fit: Fit, free: list[int], theta: Array, counts: dict[str, int]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    unseen = "what was never found is estimated from how the finds die out"
    for index, name in enumerate(_NAMES):
        if index not in free:
            outcomes += _too_few(name, counts)
            continue
        interval = fit.interval(free.index(index))
        value, low, high = (_in_unit(index, end, theta) for end in interval)
        notes = (unseen,) if index < _FIRST_STAGE else ()
        outcomes.append(Estimate(name, value, low, high, counts[name], "defects", notes))
    return outcomes


def _too_few(name: str, counts: dict[str, int]) -> list[Outcome]:
    if name == "removal_review" and counts[name] >= LEAST_DEFECTS:
        reason = f"less than {LEAST_CAREFUL:.0%} of the work was done carefully"
        return [Omission(name, reason)]
    return too_few([name], counts[name], LEAST_DEFECTS, "defects of that kind")


def _in_unit(index: int, end: float, theta: Array) -> float:
    """An end of an interval in its row's unit; of a severity's share with the other logit held."""
    if index >= _FIRST_SEVERITY:
        changed = theta.copy()
        changed[index] = end
        return float(_shares(changed)[2 if index == _FIRST_SEVERITY else 1])
    is_stage = _FIRST_STAGE <= index < _FIRST_DAYS
    return float(special.expit(end) if is_stage else np.exp(end))
