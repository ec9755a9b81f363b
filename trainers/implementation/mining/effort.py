"""Spread of effort: booked over planned hours, by workstream and between projects.

The model is the world's own: ln(booked / planned) of a package is normal around its project's
mean with the workstream's sigma, and the projects' means are normal with the projects' sigma
(Trietsch et al. 2012). Their grand mean is free: an organisation that always plans too little
does not look uncertain. A package that was begun and never finished counts as one that takes
longer than what was booked (expectation-maximisation, Dempster, Laird & Rubin 1977). A ratio
beyond three standard deviations counts only as beyond them: a slip of the pen is not spread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from .history import PACKAGE_KINDS, History, PackageHistory, Records, columns, records
from .likelihood import LEVEL, Array, Estimate, Outcome, censored_normal, guard, too_few

KINDS = frozenset(
    {"discovery", "build", "change", "interface", "extract", "map", "test_preparation"}
    | {"training_material", "rehearsal", "cutover", "challenge", "quick_win", "localisation"}
)
"""Packages that are planned before anything is known of them. Cleansing is planned by counted
errors, fixes by their analysis; cycles, loads and checks repeat."""
WORKSTREAMS = (
    *("discovery", "data", "configuration", "customisation"),
    *("integration", "testing", "training", "cutover"),
)
LEAST_PACKAGES = 20
LEAST_PROJECTS = 5
_ROUNDS = 200
_TOLERANCE = 1e-7


_PACKAGE = columns("project stream censored", "ratio side")
"""Of a package: indices of its project and workstream; 1: begun and never finished; ln(booked /
planned); 0: that is exact, +1: only known to be larger, -1: smaller."""


def mine_effort(histories: Sequence[History]) -> list[Outcome]:
    """``effort_sigma_<workstream>`` and ``effort_sigma_project``."""
    sample, passed_over = _sample(histories)
    projects = len(set(sample.project[sample.censored == 0].tolist()))
    outcomes: list[Outcome] = []
    enough = []
    for index, name in enumerate(WORKSTREAMS):
        count = int(((sample.stream == index) & (sample.censored == 0)).sum())
        if count < LEAST_PACKAGES:
            what = f"finished packages of {name}"
            lacks = passed_over[name] + passed_over[""]
            outcomes += too_few([f"effort_sigma_{name}"], count, LEAST_PACKAGES, what, lacks)
        else:
            enough.append(index)
    if not enough:
        why = "projects with enough packages"
        return [*outcomes, *too_few(["effort_sigma_project"], 0, LEAST_PROJECTS, why)]
    sample = _guarded(sample[np.isin(sample.stream, enough)].view(np.recarray))
    sigma, means, mean, weights = _fit(sample, len(WORKSTREAMS))
    outcomes += [_within(index, sigma, weights, sample) for index in enough]
    if projects < LEAST_PROJECTS:
        outcomes += too_few(["effort_sigma_project"], projects, LEAST_PROJECTS, "projects")
    else:
        outcomes.append(_between(sigma, means, mean, sample))
    return outcomes


def _sample(histories: Sequence[History]) -> tuple[Records, dict[str, Counter[str]]]:
    """Packages, and how many finished ones are none by what they lack, by workstream."""
    rows: list[tuple[float, ...]] = []
    passed_over: dict[str, Counter[str]] = {name: Counter() for name in ("", *WORKSTREAMS)}
    for number, history in enumerate(histories):
        for package in history.packages.values():
            lack = _lack(package)
            if lack and package.done_hour is not None:
                passed_over.get(package.workstream, passed_over[""])[lack] += 1
            if lack or package.kind not in KINDS or package.attempt:
                continue
            stream = WORKSTREAMS.index(package.workstream)
            is_open = package.done_hour is None
            ratio = np.log(package.booked() / package.planned)
            rows.append((number, stream, is_open, ratio, is_open))
    return records(rows, _PACKAGE), passed_over


def _lack(package: PackageHistory) -> str:
    """What a package lacks for its effort to be compared with its plan."""
    if package.workstream not in WORKSTREAMS:
        return "have no workstream of golive's"
    if package.kind not in PACKAGE_KINDS:
        return "have no package_kind of golive's"
    if package.planned <= 0.0:
        return "have no planned_hours"
    return "have no booked_hours" if package.booked() <= 0.0 else ""


def _guarded(sample: Records) -> Records:
    """Ratios far from their project's and workstream's middle count only as far."""
    sample = sample.copy()
    middles = np.zeros_like(sample.ratio)
    for number in np.unique(sample.project):
        rows = sample.project == number
        middles[rows] = np.median(sample.ratio[rows])
    for stream in np.unique(sample.stream):
        rows = sample.stream == stream
        beyond, limit = guard(sample.ratio[rows] - middles[rows], sample.censored[rows] == 0)
        sample.side[rows] = np.where(beyond != 0.0, beyond, sample.side[rows])
        sample.ratio[rows] = np.where(beyond != 0.0, middles[rows] + limit, sample.ratio[rows])
    return sample


def _fit(sample: Records, streams: int) -> tuple[Array, Array, float, Array]:
    """Sigma by workstream, projects' means around the grand mean, that, and packages' weights.

    The weight is the part of a package's own deviation that the fit does not absorb; summed over
    a workstream it is the degrees of freedom that are left.
    """
    _, project = np.unique(sample.project, return_inverse=True)
    stream, count = sample.stream, int(project.max()) + 1
    value, extra = sample.ratio.copy(), np.zeros_like(sample.ratio)
    mean = float(np.mean(value))
    effects = np.bincount(project, value - mean, count) / np.bincount(project, minlength=count)
    sigma = np.full(streams, max(1e-3, float(np.std(value))))
    between = max(1e-6, float(np.var(effects)))
    doubt: Array = np.zeros(count)
    leverage = np.zeros_like(value)
    for _ in range(_ROUNDS):
        before = np.append(sigma, between)
        own = sigma[stream]
        centre = mean + effects[project]
        z = sample.side * (sample.ratio - centre) / own
        hazard = np.exp(stats.norm.logpdf(z) - stats.norm.logsf(z))
        known = sample.side == 0.0
        value = np.where(known, sample.ratio, centre + sample.side * own * hazard)
        extra = np.where(known, 0.0, own**2 * (1.0 - hazard * (hazard - z)))
        precision = 1.0 / own**2
        total = np.bincount(project, precision, count) + 1.0 / between
        effects = np.bincount(project, precision * (value - mean), count) / total
        doubt = np.asarray(1.0 / total, dtype=np.float64)
        mean += float(np.mean(effects))
        effects = effects - float(np.mean(effects))
        between = max(1e-9, float(np.sum(effects**2 + doubt) / max(1, count - 1)))
        leverage = precision * doubt[project]
        deviation = (value - mean - effects[project]) ** 2 + extra
        freedom = np.bincount(stream, 1.0 - leverage, streams)
        squares = np.bincount(stream, deviation, streams)
        sigma = np.sqrt(np.where(freedom > 0.0, squares / np.maximum(freedom, 1e-9), 1.0))
        if np.max(np.abs(np.append(sigma, between) - before)) < _TOLERANCE:
            break
    own = np.bincount(project, 1.0 / sigma[stream] ** 2, count)
    means = np.bincount(project, (value - mean) / sigma[stream] ** 2, count) / own
    return sigma, np.asarray(means, dtype=np.float64), mean, 1.0 - leverage


def _within(index: int, sigma: Array, weights: Array, sample: Records) -> Estimate:
    """A workstream's sigma, with the chi-square interval of a variance."""
    rows = sample.stream == index
    seen = rows & (sample.censored == 0)
    freedom = float(weights[seen].sum())
    tail = (1.0 - LEVEL) / 2.0
    value = float(sigma[index])
    low = value * float(np.sqrt(freedom / stats.chi2.ppf(1.0 - tail, freedom)))
    high = value * float(np.sqrt(freedom / stats.chi2.ppf(tail, freedom)))
    own = int(sample.censored[rows].sum())
    notes = (f"{own} begun and never finished count as longer than booked",) if own else ()
    name = f"effort_sigma_{WORKSTREAMS[index]}"
    return Estimate(name, value, low, high, int(seen.sum()), "packages", notes)


def _between(sigma: Array, means: Array, mean: float, sample: Records) -> Estimate:
    """The projects' sigma: variance of their means, less what the packages' spread explains.

    A project beyond three standard deviations counts only as beyond them, like a package.
    """
    _, project = np.unique(sample.project, return_inverse=True)
    count = int(project.max()) + 1
    precision = 1.0 / sigma[sample.stream] ** 2
    noise = float(np.mean(1.0 / np.bincount(project, precision, count)))
    total = float(np.var(means, ddof=1))
    beyond, _ = guard(means, np.ones(count, dtype=np.bool_))
    odd = int(np.count_nonzero(beyond))
    if odd:
        never = np.zeros(count, dtype=np.bool_)
        fit = censored_normal(np.ones((count, 1)), means, never, np.arange(count), guarded=True)
        total = float(np.exp(2.0 * fit.theta[-1])) * count / (count - 1)
    between = float(np.sqrt(max(0.0, total - noise)))
    freedom, tail = count - odd - 1, (1.0 - LEVEL) / 2.0
    low, high = (
        float(np.sqrt(max(0.0, total * freedom / stats.chi2.ppf(share, freedom) - noise)))
        for share in (1.0 - tail, tail)
    )
    notes = [f"plans were {np.exp(mean) - 1.0:+.1%} off in the median"]
    if odd:
        notes.append(f"{odd} projects beyond three sigma count only as beyond")
    return Estimate("effort_sigma_project", between, low, high, count, "projects", tuple(notes))
