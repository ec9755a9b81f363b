"""The worth of signs at companies, and how it differs: from logs of training seeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import CORES, JsonOption, WorkersOption, show
from benchmarks.gateway.search import SCENARIOS
from golive.agents.gateway.adaptive import FEATURES, SHIPPED_FILE, features_of
from golive.agents.gateway.expert import Expert
from golive.agents.gateway.signs import signs_of, table_of
from golive.core.execution import map_tasks
from golive.core.files import write_text_atomically
from golive.core.random_streams import RandomStreams, purpose
from golive.scenarios.loader import load_suite
from golive.scenarios.suite import Split
from golive.sim.gateway.decision import Way, decision_of
from golive.sim.gateway.state import News
from golive.sim.worlds import build_world

_EXPLORED = 0.3
_LOT, _WHO = purpose("benchmarks/prior lot"), purpose("benchmarks/prior who")
_ROUNDS = 8


@dataclass(frozen=True)
class Log:
    """Placements at one company, and what became of them, as far as was heard.

    Attributes:
        rows: features, float64 (placements, features).
        right: whether nothing bad was heard, bool (placements,).
    """

    rows: NDArray[np.float64]
    right: NDArray[np.bool_]


def logged(task: tuple[str, int]) -> Log:
    """Play the dispatcher at a company, three in ten placements by lot, and keep what is heard."""
    scenario, seed = task
    world, expert, luck = build_world(scenario, seed), Expert(), RandomStreams(seed)
    rows: dict[tuple[int, int], NDArray[np.float64]] = {}
    failed: set[tuple[int, int]] = set()
    heard: set[tuple[int, int]] = set()
    while not world.finished:
        briefing, legal = world.briefing(), world.legal()
        for report in briefing.news:
            if report.what in (News.RETURNED, News.WRONG):
                failed.add((report.task, report.agent))
            if report.what in (News.RETURNED, News.DELIVERED):
                heard.add((report.task, report.agent))
        decision = expert.decide(briefing, legal)
        if luck.uniform(_LOT, briefing.decision) < _EXPLORED and any(legal.agents):
            open_to = [slot for slot, allowed in enumerate(legal.agents) if allowed]
            u = luck.uniform(_WHO, briefing.decision)
            decision = decision_of(open_to[int(u * len(open_to))])
        if decision.way == Way.AGENT:
            asked, _ = table_of(briefing)
            signs = signs_of(briefing, legal, 4.0)
            rows[asked.id, decision.agent] = features_of(asked, signs)[decision.agent]
        world.advance(decision)
    kept = [place for place in rows if place in heard]
    return Log(
        np.array([rows[place] for place in kept]).reshape(-1, len(FEATURES)),
        np.array([place not in failed for place in kept], dtype=np.bool_),
    )


def fitted(logs: list[Log]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and covariance of the law over companies, by expectation and maximisation.

    Each company's law is the mode of a logistic likelihood under the common normal law, with its
    curvature there (Laplace); the common law is then that of all companies' (empirical Bayes).
    """
    size = len(FEATURES)
    mean, covariance = np.zeros(size), np.eye(size)
    for _ in range(_ROUNDS):
        inverse = np.linalg.inv(covariance)
        modes, spreads = [], []
        for log in logs:
            mode = mean.copy()
            for _ in range(12):
                chance = 1.0 / (1.0 + np.exp(-log.rows @ mode))
                slope = log.rows.T @ (log.right - chance) - inverse @ (mode - mean)
                curve = (log.rows.T * (chance * (1.0 - chance))) @ log.rows + inverse
                mode = mode + np.linalg.solve(curve, slope)
            modes.append(mode)
            spreads.append(np.linalg.inv(curve))
        found = np.array(modes)
        mean = found.mean(axis=0)
        apart = found - mean
        covariance = apart.T @ apart / len(logs) + np.mean(spreads, axis=0) + 1e-4 * np.eye(size)
    return mean, covariance


def law_text(mean: NDArray[np.float64], covariance: NDArray[np.float64], companies: int) -> str:
    """The law as the file that the adaptive dispatcher reads."""
    lines = [
        "# The law that the adaptive dispatcher begins with; what it is: adaptive.py.",
        f"# Made by `python -m benchmarks.gateway.prior` from logs of {companies} companies.",
        f"# {', '.join(FEATURES)}",
        f"mean: [{', '.join(f'{value:.4f}' for value in mean)}]",
        "covariance:",
    ]
    lines += [f"  - [{', '.join(f'{value:.5f}' for value in row)}]" for row in covariance]
    return "\n".join(lines) + "\n"


def command(
    companies: Annotated[int, typer.Option(min=4, help="Training companies a scenario.")] = 40,
    out: Annotated[Path, typer.Option(help="File of the law.")] = SHIPPED_FILE,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Fit what signs are worth at companies of the training split, and write it."""
    start = load_suite("gateway").splits[Split.TRAIN].start + 100_000
    work = [(name, start + n) for name in SCENARIOS for n in range(companies)]
    logs = map_tasks(logged, work, workers=workers)
    mean, covariance = fitted(logs)
    write_text_atomically(out, law_text(mean, covariance, len(work)))
    report = {
        name: (float(value), float(spread))
        for name, value, spread in zip(FEATURES, mean, np.sqrt(np.diag(covariance)), strict=True)
    }
    lines = [
        f"{name:12} {value:+.2f}, companies differ by {spread:.2f}"
        for name, (value, spread) in report.items()
    ]
    show(report, lines, as_json)


if __name__ == "__main__":
    from benchmarks.command import start as begin

    begin("benchmarks.gateway.prior")
