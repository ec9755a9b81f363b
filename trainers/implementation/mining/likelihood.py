"""Maximum likelihood with intervals that hold when projects differ more than the model says.

The log-likelihood comes per project, so that the covariance can be the cluster-robust one
(White 1982; Liang & Zeger 1986): inverse Hessian, times the outer products of the projects'
scores, times inverse Hessian. The larger of that and the model's own error counts; with few
projects the model's own alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats  # type: ignore[import-untyped]

Array = NDArray[np.float64]
LEVEL = 0.95
"""Of every interval."""
PerProject = Callable[[Array], Array]
"""Log-likelihood of each project (shape (projects,)) at a parameter vector."""

LEAST_PROJECTS_FOR_CLUSTERS = 10
_STEP = 1e-3
_BOUND = 12.0
GUARD = 3.0
"""Standard deviations beyond which a value counts only as beyond."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One parameter, estimated.

    Attributes:
        parameter: name of the row in the world's table.
        value: in the row's unit.
        low: lower end of the 95 % interval, before any clipping.
        high: upper end.
        observations: how many observations it rests on, and of what kind.
        unit_of_observation: such as ``packages``.
        notes: what a reader must know of it.
    """

    parameter: str
    value: float
    low: float
    high: float
    observations: int
    unit_of_observation: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Omission:
    """A parameter that was left out.

    Attributes:
        reason: why, in words that name what was missing.
    """

    parameter: str
    reason: str


Outcome = Estimate | Omission


def too_few(
    parameters: Iterable[str],
    found: int,
    needed: int,
    what: str,
    passed_over: Mapping[str, int] | None = None,
) -> list[Outcome]:
    """Omissions of parameters for want of observations.

    Args:
        parameters: names of their rows.
        found: how many observations there are.
        needed: how many it takes.
        what: they are.
        passed_over: how many more there would be, by what they lack.
    """
    reason = f"{found} {what}: at least {needed} are needed"
    lacks = [f"{count:,} more {lack}" for lack, count in (passed_over or {}).items() if count > 0]
    reason += f" ({', '.join(lacks)})" if lacks else ""
    return [Omission(name, reason) for name in parameters]


@dataclass(frozen=True, slots=True)
class Fit:
    """A maximum of the likelihood.

    Attributes:
        theta: shape (parameters,), on the scale of optimisation.
        standard_error: shape (parameters,); infinite where the data say nothing.
        quantile: of the interval: so many standard errors to either side.
        converged: whether the optimiser says so.
    """

    theta: Array
    standard_error: Array
    quantile: float
    converged: bool

    def interval(self, index: int) -> tuple[float, float, float]:
        """Value and ends of the interval, on the scale of optimisation."""
        value, error = float(self.theta[index]), float(self.standard_error[index])
        return value, value - self.quantile * error, value + self.quantile * error

    def exponentials(self, index: int) -> tuple[float, float, float]:
        """The same of a logarithm, on the scale of what it is the logarithm of."""
        value, low, high = np.exp(self.interval(index))
        return float(value), float(low), float(high)


def maximise(log_likelihood: PerProject, start: Array) -> Fit:
    """Climb to a maximum and measure how sharp it is.

    Args:
        log_likelihood: per project.
        start: shape (parameters,).
    """

    def negative(theta: Array) -> float:
        total = float(log_likelihood(theta).sum())
        return -total if np.isfinite(total) else 1e12

    bounds = [(value - _BOUND, value + _BOUND) for value in start]
    found = optimize.minimize(negative, start, method="L-BFGS-B", bounds=bounds)
    polished = optimize.minimize(negative, found.x, method="BFGS", options={"gtol": 1e-3})
    best = polished if polished.fun < found.fun else found
    theta = np.asarray(best.x, dtype=np.float64)
    error, quantile = _standard_errors(log_likelihood, theta)
    return Fit(theta, error, quantile, bool(found.success or polished.success))


def _standard_errors(log_likelihood: PerProject, theta: Array) -> tuple[Array, float]:
    size = len(theta)
    steps = np.eye(size) * _STEP
    plus = np.array([log_likelihood(theta + step) for step in steps])
    minus = np.array([log_likelihood(theta - step) for step in steps])
    middle = float(log_likelihood(theta).sum())
    up, down = plus.sum(axis=1), minus.sum(axis=1)
    information = np.diag(-(up + down - 2.0 * middle) / _STEP**2)
    for row, column in combinations(range(size), 2):
        both = log_likelihood(theta + steps[row] + steps[column]).sum()
        neither = log_likelihood(theta - steps[row] - steps[column]).sum()
        second = both + neither + 2.0 * middle
        second -= up[row] + down[row] + up[column] + down[column]
        information[row, column] = information[column, row] = -second / (2.0 * _STEP**2)
    inverse = _inverse(information)
    projects = plus.shape[1]
    normal = float(stats.norm.ppf(0.5 + LEVEL / 2.0))
    own = np.sqrt(np.maximum(np.diag(inverse), 0.0))
    if projects < LEAST_PROJECTS_FOR_CLUSTERS:
        return own, normal
    scores = (plus - minus) / (2.0 * _STEP)
    meat = scores @ scores.T * projects / (projects - 1)
    robust = np.sqrt(np.maximum(np.diag(inverse @ meat @ inverse), 0.0))
    robust[~np.isfinite(own)] = np.inf
    return np.maximum(own, robust), float(stats.t.ppf(0.5 + LEVEL / 2.0, projects - 1))


def guard(residuals: Array, seen: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Mark residuals beyond ``GUARD`` robust standard deviations, and say where that is.

    Args:
        residuals: shape (observations,).
        seen: which are exact; only these are judged.

    Returns:
        +1 beyond on the upper side, -1 on the lower, 0 within; and the limit on that side.
    """
    middle = float(np.median(residuals[seen]))
    scale = float(np.median(np.abs(residuals[seen] - middle))) / float(stats.norm.ppf(0.75))
    away = np.where(seen, residuals - middle, 0.0)
    side = np.where(np.abs(away) > GUARD * max(scale, 1e-9), np.sign(away), 0.0)
    return side, middle + side * GUARD * scale


def _inverse(information: Array) -> Array:
    """The inverse on the directions that the data know; infinite variance on the others."""
    values, vectors = np.linalg.eigh(information)
    known = values > 1e-6
    inverse = (vectors[:, known] / values[known]) @ vectors[:, known].T
    unknown = (vectors[:, ~known] ** 2).sum(axis=1) > 1e-6
    inverse[unknown, unknown] = np.inf
    return np.asarray(inverse, dtype=np.float64)


def censored_normal(
    design: Array,
    values: Array,
    censored: NDArray[np.bool_],
    project: NDArray[np.int64],
    *,
    guarded: bool = False,
) -> Fit:
    """Normal regression on values of which some are only known to be larger (Tobit).

    Args:
        design: shape (observations, coefficients).
        values: shape (observations,); of a censored one, the bound that it exceeds.
        censored: shape (observations,).
        project: number of each observation's project.
        guarded: count a value beyond ``GUARD`` standard deviations only as beyond it, so that
            a slip of the pen does not make the spread.

    Returns:
        ``theta`` holds the coefficients and, last, the logarithm of the standard deviation.
    """
    _, project = np.unique(project, return_inverse=True)
    count = int(project.max()) + 1
    seen = ~censored
    beta, *_ = np.linalg.lstsq(design[seen], values[seen], rcond=None)
    spread = max(1e-3, float(np.std(values[seen] - design[seen] @ beta)))
    side = np.where(censored, 1.0, 0.0)
    if guarded:
        centre = design @ beta
        beyond, limit = guard(values - centre, ~censored)
        side = np.where(beyond != 0.0, beyond, side)
        values = np.where(beyond != 0.0, centre + limit, values)

    def log_likelihood(theta: Array) -> Array:
        sigma = np.exp(theta[-1])
        z = (values - design @ theta[:-1]) / sigma
        exact = -0.5 * z * z - theta[-1] - 0.5 * np.log(2.0 * np.pi)
        rows = np.where(side != 0.0, special.log_ndtr(-side * z), exact)
        return np.asarray(np.bincount(project, rows, count), dtype=np.float64)

    return maximise(log_likelihood, np.append(beta, np.log(spread)))
