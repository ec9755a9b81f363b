"""A policy's profile in each scenario: performance, accuracy, efficiency, adaptability."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...sim.metrics import Style
from .accuracy import AccuracyResult, kept_share
from .cells import Episode, strata_of
from .intervals import mean_interval, share_interval
from .robustness import Robustness, measure_robustness
from .statistics import Interval


@dataclass(frozen=True, slots=True)
class ScenarioProfile:
    """One scenario.

    Attributes:
        scenario: name.
        episodes: without an added edge case.
        score: performance: mean score.
        success: performance: share of successful episodes.
        accuracy: share of what was at stake that its decisions kept; None if not measured.
        efficiency: means of what the world calls efficiency, by the metric's name.
        robustness: adaptability: score under edge cases relative to without.
    """

    scenario: str
    episodes: int
    score: Interval
    success: Interval
    accuracy: Interval | None
    efficiency: Mapping[str, Interval]
    robustness: Robustness


def profiles(
    episodes: Sequence[Episode], accuracy: Mapping[str, AccuracyResult], *, level: float
) -> list[ScenarioProfile]:
    """A profile per scenario, in the order the episodes come."""
    names = dict.fromkeys(e.cell.scenario for e in episodes)
    return [_profile(name, episodes, accuracy.get(name), level) for name in names]


def _profile(
    name: str, episodes: Sequence[Episode], accuracy: AccuracyResult | None, level: float
) -> ScenarioProfile:
    nominal = [e for e in episodes if e.cell.scenario == name and e.cell.nominal]
    kind = nominal[0].kind

    def average(field: str) -> Interval:
        is_share = kind.metric(field).style in (Style.SHARE, Style.SCORE)
        return mean_interval(
            strata_of(nominal, lambda e: float(e.figures[field])),
            level=level,
            bounds=(0.0, 1.0 if is_share else math.inf),
        )

    return ScenarioProfile(
        scenario=name,
        episodes=len(nominal),
        score=average(kind.figures.score),
        success=share_interval(sum(e.success for e in nominal), len(nominal), level),
        accuracy=None if accuracy is None else kept_share([accuracy.decisions], level),
        efficiency={field: average(field) for field in kind.figures.efficiency},
        robustness=measure_robustness(episodes, level=level, scenario=name),
    )
