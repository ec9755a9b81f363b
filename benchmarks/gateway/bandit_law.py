"""The law that linear bandits begin with: coefficients of training companies, by a linear model."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from golive.agents.gateway.bandits import ByLotCases
from golive.agents.gateway.cases import StreamCases
from golive.agents.gateway.linear import FEATURES, SHIPPED_FILE, Law, features_of_case
from golive.core.execution import map_tasks
from golive.core.files import write_text_atomically
from golive.sim.gateway.bandit import bandit_stream

Floats = NDArray[np.float64]
LOW, HIGH = -3.0, 1.5
"""Rewards per worth are cut to this range, as the router cuts them."""
_CHOICES, _ROUNDS = 8, 30


def sums_of(companies: tuple[str, int]) -> tuple[Floats, Floats, float, int]:
    """A company's sums for a regression: X'X, X'y, y'y, and rows; eight agents of each task."""
    stream = bandit_stream(*companies)
    cases, lots = StreamCases(stream), ByLotCases()
    lots.reset(stream.seed)
    luck = np.random.default_rng(stream.seed)
    rows, paid = [], []
    for number in range(len(stream)):
        case = cases.case(number)
        found = features_of_case(case)
        legal = np.flatnonzero(stream.legal[number, :-1])
        some = luck.permutation(legal)[:_CHOICES].tolist()
        for choice in (*some, len(found) - 1):
            rows.append(found[choice])
            paid.append(stream.reward_usd[number, choice] / case.worth_usd)
        cases.note(number, lots.choose(case))
    x, y = np.array(rows), np.clip(paid, LOW, HIGH)
    return x.T @ x, x.T @ y, float(y @ y), len(y)


def fitted(sums: list[tuple[Floats, Floats, float, int]]) -> Law:
    """Mean, covariance and noise over companies, by expectation and maximisation.

    Each company's coefficients are Gaussian around the common mean (a linear mixed model; Laird
    and Ware 1982, "Random-effects models for longitudinal data").
    """
    size = len(sums[0][1])
    mean: Floats = np.zeros(size)
    covariance: Floats = np.eye(size)
    noise = 0.25
    for _ in range(_ROUNDS):
        inverse = np.linalg.inv(covariance)
        modes, spreads, left, rows = [], [], 0.0, 0
        for xx, xy, yy, count in sums:
            spread = np.linalg.inv(xx / noise + inverse)
            mode = spread @ (xy / noise + inverse @ mean)
            left += yy - float(2.0 * mode @ xy - mode @ xx @ mode - np.sum(xx * spread))
            rows += count
            modes.append(mode)
            spreads.append(spread)
        found = np.array(modes)
        mean = found.mean(axis=0)
        apart = found - mean
        covariance = apart.T @ apart / len(sums) + np.mean(spreads, axis=0) + 1e-5 * np.eye(size)
        noise = float(left) / rows
    return Law(mean, covariance, noise)


def law_text(law: Law, companies: int) -> str:
    """The law as the file that linear bandits read."""
    lines = [
        "# The law that linear bandits begin with; what it is: linear.py.",
        f"# Made by `python -m benchmarks.gateway.bandit --fit {companies}`.",
        f"# {', '.join(FEATURES)}",
        f"noise: {law.noise:.4f}",
        f"mean: [{', '.join(f'{value:.4f}' for value in law.mean)}]",
        "covariance:",
    ]
    lines += [f"  - [{', '.join(f'{value:.6f}' for value in row)}]" for row in law.covariance]
    return "\n".join(lines) + "\n"


def fit(scenario: str, seeds: range, workers: int) -> Law:
    """Fit the law to training companies, and write it to where routers read it."""
    sums = map_tasks(partial(_at, scenario), list(seeds), workers=workers)
    law = fitted(sums)
    write_text_atomically(SHIPPED_FILE, law_text(law, len(seeds)))
    return law


def _at(scenario: str, seed: int) -> tuple[Floats, Floats, float, int]:
    return sums_of((scenario, seed))
