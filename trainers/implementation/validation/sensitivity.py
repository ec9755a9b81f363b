"""Sensitivity: which parameters the outcomes depend on, and whether conclusions survive them.

*Screening* (Morris 1991, with the mean of absolute effects of Campolongo, Cariboni & Saltelli 2007;
SALib): trajectories through the plausible ranges in which one parameter moves at a time, so that
a hundred parameters cost a hundred points a trajectory and not a million.

*Ranking*: policies on the same customers under parameter sets that published outcomes do not
rule out: is the better one better in (almost) all worlds that could be?
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import numpy as np

from ....agents.registry import load_policy
from ....core.execution import map_tasks
from ....core.records import changed
from ....scenarios.implementation.scenario import ImplementationScenario
from ....sim.episodes import run_episode
from ....sim.implementation.parameters import PARAMETERS, Parameter
from ...evaluation.intervals import mean_interval
from ...evaluation.statistics import FloatArray, Interval
from .calibrated import CALIBRATED

OUTCOMES: tuple[str, ...] = (
    "go_live_score", "success", "schedule_ratio", "cost_ratio", "adoption", "nps", "dip_depth",
)  # fmt: skip
"""Headline outcomes, by their names on the scorecard."""
WEAKEST: tuple[str, ...] = (
    "agentic_speed", "defects_configuration", "decision_latency_sigma", "interface_hours_medium",
    "cleanse_per_hour_inaccurate", "cleanse_per_hour_duplicate", "rollout_first", "dip_base",
    "nps_slope", "key_user_hours_per_week", "training_gain", "trust_missed_date", "rush_defects",
    "removal_sit",
)  # fmt: skip
"""Beside the calibrated ones: what the calibration table calls weakest; what decisions act on."""
_MEASURES = ("mu_star", "mu", "sigma", "mu_star_conf")
"""As SALib calls an effect's strength, direction, spread and error."""
LEVELS = 4
CHUNK = 4
"""Customers that a task plays at a point."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a parameter on an outcome over its plausible range.

    Attributes:
        parameter: its name.
        outcome: name of the outcome.
        strength: mean absolute elementary effect, in the outcome's unit over the whole range.
        direction: mean elementary effect; of the same size as the strength where it never turns.
        spread: standard deviation of the effects: interaction and curvature.
        error: half width of the 95 % interval of the strength.
    """

    parameter: str
    outcome: str
    strength: float
    direction: float
    spread: float
    error: float


@dataclass(frozen=True, slots=True)
class Screening:
    """A screening of one policy on one scenario: effects of every parameter on every outcome."""

    policy: str
    scenario: str
    trajectories: int
    episodes: int
    effects: tuple[Effect, ...]

    def ranking(self, outcome: str) -> list[Effect]:
        """Effects on an outcome, the strongest first."""
        rows = [effect for effect in self.effects if effect.outcome == outcome]
        return sorted(rows, key=lambda effect: -effect.strength)


def screened_rows() -> tuple[Parameter, ...]:
    """The parameters that are screened by default."""
    names = {*CALIBRATED, *WEAKEST}
    return tuple(row for row in PARAMETERS if row.name in names)


def screen(
    policy: str,
    scenario: ImplementationScenario,
    seeds: Sequence[int],
    rows: Sequence[Parameter],
    *,
    trajectories: int,
    seed: int,
    workers: int,
    on_task: Callable[[int, int], None] = lambda done, total: None,
) -> Screening:
    """Morris's screening: the same episodes at every point, so that luck cancels.

    A trajectory costs one point more than there are parameters.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    problem = {
        "num_vars": len(rows),
        "names": [row.name for row in rows],
        "bounds": [[0.0, 1.0]] * len(rows),
    }
    points = np.asarray(sampling.sample(problem, trajectories, num_levels=LEVELS, seed=seed))
    values = [_values(rows, point) for point in points]
    outcomes = _outcomes(policy, scenario, seeds, values, workers, on_task)
    effects: list[Effect] = []
    for column, outcome in enumerate(OUTCOMES):
        means = outcomes[:, :, column].mean(axis=1)
        found: Any = analysis.analyze(problem, points, means, num_levels=LEVELS, seed=seed)
        for index, row in enumerate(rows):
            numbers = (float(found[name][index]) for name in _MEASURES)
            effects.append(Effect(row.name, outcome, *numbers))
    return Screening(policy, scenario.name, trajectories, len(seeds), tuple(effects))


@dataclass(frozen=True, slots=True)
class WorldRanking:
    """Policies in one of the worlds that could be: mean differences to the reference by label."""

    parameters: Mapping[str, float]
    differences: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Policies under parameter uncertainty.

    Attributes:
        reference: whom the others are compared with.
        scenario: what was simulated.
        episodes: in each world.
        worlds: one entry for each parameter set.
        mean_difference: per policy, over worlds and episodes; the interval is over worlds.
        better_in: per policy, share of the worlds in which its mean is above the reference's.
    """

    reference: str
    scenario: str
    episodes: int
    worlds: tuple[WorldRanking, ...]
    mean_difference: Mapping[str, Interval]
    better_in: Mapping[str, float]


def rank(
    policies: Mapping[str, str],
    reference: str,
    scenario: ImplementationScenario,
    seeds: Sequence[int],
    sets: Sequence[Mapping[str, float]],
    *,
    workers: int,
    on_task: Callable[[int, int], None] = lambda done, total: None,
) -> Ranking:
    """The same policies, by label, on the same episodes in the world of each parameter set."""
    scores: dict[str, FloatArray] = {}
    column = OUTCOMES.index("go_live_score")
    values = [dict(row) for row in sets]
    for number, (label, policy) in enumerate(policies.items()):

        def tell(done: int, total: int, before: int = number) -> None:
            on_task(before * total + done, total * len(policies))

        outcomes = _outcomes(policy, scenario, seeds, values, workers, tell)
        scores[label] = outcomes[:, :, column]
    differences: dict[str, FloatArray] = {
        label: (own - scores[reference]).mean(axis=1)
        for label, own in scores.items()
        if label != reference
    }
    return Ranking(
        reference,
        scenario.name,
        len(seeds),
        tuple(
            WorldRanking(world, {label: float(own[index]) for label, own in differences.items()})
            for index, world in enumerate(values)
        ),
        {label: mean_interval([own]) for label, own in differences.items()},
        {label: float((own > 0.0).mean()) for label, own in differences.items()},
    )


def _values(rows: Sequence[Parameter], point: FloatArray) -> dict[str, float]:
    return {
        row.name: min(row.high, max(row.low, row.low + float(share) * (row.high - row.low)))
        for row, share in zip(rows, point, strict=True)
    }


@dataclass(frozen=True, slots=True)
class _Chunk:
    point: int
    parameters: dict[str, float]
    seeds: tuple[int, ...]


def _outcomes(
    policy: str,
    scenario: ImplementationScenario,
    seeds: Sequence[int],
    points: Sequence[dict[str, float]],
    workers: int,
    on_task: Callable[[int, int], None],
) -> FloatArray:
    """Outcomes of shape (points, seeds, outcomes)."""
    tasks = [
        _Chunk(index, parameters, tuple(seeds[start : start + CHUNK]))
        for index, parameters in enumerate(points)
        for start in range(0, len(seeds), CHUNK)
    ]
    done = count(1)
    rows = map_tasks(
        partial(_play, policy, scenario),
        tasks,
        workers=workers,
        name_of=lambda task: f"point {task.point}",
        on_result=lambda *_: on_task(next(done), len(tasks)),
    )
    flat = [row for chunk in rows for row in chunk]
    return np.asarray(flat, dtype=np.float64).reshape(len(points), len(seeds), len(OUTCOMES))


def _play(policy: str, scenario: ImplementationScenario, task: _Chunk) -> list[list[float]]:
    """Outcomes of the episodes of a chunk: the scenario's own values yield to the point's."""
    world = changed(scenario, parameters={**scenario.parameters, **task.parameters})
    decider = load_policy(policy)
    cards = [run_episode(decider, world, seed).scorecard for seed in task.seeds]
    return [[float(getattr(card, outcome)) for outcome in OUTCOMES] for card in cards]
