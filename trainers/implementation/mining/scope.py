"""Scope creep: change requests per month until the first go-live.

Counts of projects differ more than chance has it: an episode's amount is gamma distributed with
shape ``creep_shape``, so its count is close to negative binomial (Greenwood & Yule 1920).
Requests after a go-live are business as usual and are not counted; a project that ends early was
exposed for less time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from ....sim.implementation.parameters import Parameters
from .history import History
from .likelihood import Array, Estimate, Outcome, maximise, too_few

LEAST_PROJECTS = 5
_AGENTIC = "agentic"


def mine_scope(histories: Sequence[History], known: Parameters) -> list[Outcome]:
    """``creep_per_month``."""
    exposure: list[float] = []
    counts: list[int] = []
    for history in histories:
        end = history.ended if history.live_hour is None else history.live_hour
        days = end / history.hours_per_day
        if history.planned_effort <= 0.0 or days <= 0.0:
            continue
        pace = known.creep_compression_agentic if history.delivery == _AGENTIC else 1.0
        months = days / known.days_per_month
        exposure.append(history.planned_effort * pace * months / known.creep_package_hours)
        counts.append(sum(hour <= end for hour in history.changes))
    if len(counts) < LEAST_PROJECTS or not sum(counts):
        what = "projects with a planned effort and change requests"
        return too_few(["creep_per_month"], len(counts) if sum(counts) else 0, LEAST_PROJECTS, what)
    seen, weight, shape = np.array(counts, dtype=np.float64), np.array(exposure), known.creep_shape

    def log_likelihood(theta: Array) -> Array:
        mean = np.exp(theta[0]) * weight
        rows = special.gammaln(seen + shape) - special.gammaln(seen + 1.0)
        rows = rows + seen * np.log(mean) - (seen + shape) * np.log(mean + shape)
        return np.asarray(rows, dtype=np.float64)

    fit = maximise(log_likelihood, np.array([np.log(seen.sum() / weight.sum())]))
    notes = (
        f"at {known.creep_package_hours:g} hours a request (creep_package_hours)",
        f"{int(seen.sum())} requests before go-live",
    )
    return [Estimate("creep_per_month", *fit.exponentials(0), len(counts), "projects", notes)]
