"""Off-policy estimates on logs of the bandit view, beside the value that the simulator knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import CORES, JsonOption, WorkersOption, show
from golive.agents.gateway.bandits import RULES
from golive.core.execution import map_tasks
from golive.core.tables import Table, right
from golive.scenarios.gateway.scenario import GatewayScenario
from golive.scenarios.loader import load_scenario, load_suite
from golive.scenarios.suite import Split
from golive.sim.gateway.bandit import bandit_stream
from golive.trainers.evaluation.intervals import share_interval
from golive.trainers.evaluation.statistics import Interval
from golive.trainers.gateway.bandit_log import (
    Feedback,
    Standing,
    log_of,
    soft,
    standing,
    true_value,
)
from golive.trainers.offline_evaluation import Estimator, FitSettings, ask, evaluate_offline

Floats = NDArray[np.float64]
RECORDED = "most_confident"
"""Who is logged: with one task in two anybody who may, all alike."""
EPSILON = 0.5
_RULES = ("keywords", RECORDED)
TARGETS = ("linear", *_RULES)
"""Routers in question; the last stands for: what if it stopped exploring?"""
ESTIMATORS = {
    "IPS": Estimator.TRAJECTORY,
    "SNIPS": Estimator.WEIGHTED_TRAJECTORY,
    "DR": Estimator.DOUBLY_ROBUST,
    "SWITCH": Estimator.SWITCH,
}
_SETTINGS = FitSettings(resamples=200)
_TRUTH_LUCK = 500_000
_LONG_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """An estimator's record with one kind of feedback and one router in question.

    Attributes:
        feedback: results that logs have.
        target: router in question.
        estimator: by its usual name.
        truth: value in question, by simulating it.
        bias: of the mean estimate.
        half_width: of intervals, in the mean.
        covered: share of the intervals that hold the truth, with its own interval.
    """

    feedback: str
    target: str
    estimator: str
    truth: float
    bias: float
    half_width: float
    covered: Interval


def _standing(scenario: GatewayScenario, seed: int, luck: int) -> Standing:
    stream = bandit_stream(scenario, seed, luck=luck)
    return standing(stream, {name: RULES[name] for name in _RULES})


def _long_standing(scenario: GatewayScenario, seed: int, luck: int) -> Standing:
    """Many weeks, of one router, without features: stars are few."""
    long = scenario.model_copy(update={"weeks": _LONG_WEEKS})
    stream = bandit_stream(long, seed, luck=luck)
    chosen = np.where(stream.legal[:, :-1], stream.confidence, -1.0).argmax(axis=1)
    chosen = np.where(stream.legal[:, :-1].any(axis=1), chosen, stream.choices - 1)
    nothing = np.empty((*stream.legal.shape, 0), dtype=np.float32)
    return Standing(stream, nothing, {RECORDED: chosen})


def plan(feedback: Feedback) -> tuple[Sequence[str], Sequence[str]]:
    """Routers in question and estimators for a kind of feedback."""
    if feedback in (Feedback.OUTCOME, Feedback.HEARD):
        return TARGETS, tuple(ESTIMATORS)
    return (RECORDED,), ("SNIPS",)


def judged(scenario: GatewayScenario, seed: int, luck: int) -> Floats:
    """Estimates with their intervals, float64 (cells, 3), in the order of ``cells_of``."""
    rows = []
    short, long = _standing(scenario, seed, luck), _long_standing(scenario, seed, luck)
    for feedback in Feedback:
        targets, estimators = plan(feedback)
        met = short if len(targets) > 1 else long
        for target in targets:
            chances = soft(met.stream, met.chosen[target], 0.0)
            behaviour = soft(met.stream, met.chosen[RECORDED], EPSILON)
            log = log_of(met, behaviour, chances, feedback, np.random.default_rng(luck))
            found = evaluate_offline(
                ask(log.episodes, log.target, metric="rewards"),
                estimators=[ESTIMATORS[name] for name in estimators],
                settings=_SETTINGS,
                linear=log.linear,
            )
            rows += [(e.value.estimate, e.value.low, e.value.high) for e in found.estimates]
    return np.array(rows)


def simulated(scenario: GatewayScenario, seed: int, luck: int) -> Floats:
    """Sums that true values are made of, float64 (cells of targets, 2)."""
    short, long = _standing(scenario, seed, luck), _long_standing(scenario, seed, luck)
    rows = []
    for feedback in Feedback:
        targets, _ = plan(feedback)
        met = short if len(targets) > 1 else long
        rows += [true_value(met.stream, met.chosen[target], feedback) for target in targets]
    return np.array(rows)


def cells_of(
    scenario: GatewayScenario, seed: int, repetitions: int, truths: int, workers: int
) -> list[Cell]:
    """Every estimator on so many logs of one company, each with luck and tasks of its own."""
    lucks = range(seed + 1, seed + 1 + repetitions)
    elsewhere = range(seed + _TRUTH_LUCK, seed + _TRUTH_LUCK + truths)
    sums = np.array(map_tasks(partial(simulated, scenario, seed), elsewhere, workers=workers))
    truth = (sums.sum(axis=0)[:, 0] / sums.sum(axis=0)[:, 1]).tolist()
    found = np.array(map_tasks(partial(judged, scenario, seed), lucks, workers=workers))
    cells, column = [], 0
    for feedback in Feedback:
        targets, estimators = plan(feedback)
        for target in targets:
            value = truth.pop(0)
            for estimator in estimators:
                estimate, low, high = found[:, column].T
                column += 1
                held = int(((low <= value) & (value <= high)).sum())
                cells.append(
                    Cell(
                        feedback=str(feedback),
                        target=target,
                        estimator=estimator,
                        truth=value,
                        bias=float(estimate.mean() - value),
                        half_width=float((high - low).mean() / 2.0),
                        covered=share_interval(held, repetitions),
                    )
                )
    return cells


def cell_table(cells: Sequence[Cell], title: str) -> Table:
    """The cells as a table."""
    return Table(
        title,
        ("feedback", "router", "by", *map(right, ("truth", "bias", "half width", "covered"))),
        [
            (
                cell.feedback,
                cell.target,
                cell.estimator,
                f"{cell.truth:.3f}",
                f"{cell.bias:+.3f}",
                f"{cell.half_width:.3f}",
                f"{100 * cell.covered.estimate:.1f} ({100 * cell.covered.low:.1f} to "
                f"{100 * cell.covered.high:.1f}) %",
            )
            for cell in cells
        ],
    )


def command(
    scenario: Annotated[str, typer.Option(help="Scenario by name or file.")] = "busy-desk",
    repetitions: Annotated[int, typer.Option(min=2, help="Logs.")] = 300,
    truths: Annotated[int, typer.Option(min=2, help="Simulations of true values.")] = 100,
    company: Annotated[int, typer.Option(min=0, help="Which of the test split's.")] = 1,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Estimate routers from logs of another one, and count how often intervals are right."""
    chosen = load_scenario(scenario)
    assert isinstance(chosen, GatewayScenario)
    seed = load_suite("gateway").splits[Split.TEST].start + company
    cells = cells_of(chosen, seed, repetitions, truths, workers)
    title = f"{repetitions} logs of company {company} of {scenario}, intervals of 95 %"
    right_ones = [cell for cell in cells if 0.92 <= cell.covered.estimate <= 0.98]
    lines = [f"{len(right_ones)} of {len(cells)} cells cover 92 to 98 %"]
    show({"cells": cells}, [cell_table(cells, title), *lines], as_json)


if __name__ == "__main__":
    from benchmarks.command import start as begin

    begin("benchmarks.gateway.bandit_ope")
