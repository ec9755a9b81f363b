"""Robustness: what is left of the score under each edge case, and what is recovered from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .cells import Episode, strata_of
from .intervals import SHARE_BOUNDS, ratio_interval, share_interval, widest
from .statistics import Interval


@dataclass(frozen=True, slots=True)
class EdgeCaseRobustness:
    """One edge case.

    Attributes:
        edge_case: which, as on a command line.
        ratio: mean score with it over mean score without it on the same seeds; None if the
            policy scores nothing without it.
        success: share of successful episodes with it.
        episodes: pairs.
    """

    edge_case: str
    ratio: Interval | None
    success: Interval
    episodes: int


@dataclass(frozen=True, slots=True)
class Robustness:
    """All edge cases together and one by one.

    Attributes:
        edge_cases: one by one.
        overall: ratio over all edge cases and severities together; None without any.
        worst: the lowest of the single ratios.
    """

    edge_cases: tuple[EdgeCaseRobustness, ...]
    overall: Interval | None
    worst: EdgeCaseRobustness | None


def measure_robustness(
    episodes: Sequence[Episode], *, level: float, scenario: str | None = None
) -> Robustness:
    """Compare every edge case with the same seeds of the scenario as it is: of one, or of all."""
    chosen = [e for e in episodes if scenario in (None, e.cell.scenario)]
    nominal = {(e.cell.scenario, e.seed): e.score for e in chosen if e.cell.nominal}
    groups: dict[str, list[Episode]] = {}
    for episode in chosen:
        if not episode.cell.nominal:
            groups.setdefault(episode.cell.edge_case, []).append(episode)
    rows = tuple(
        EdgeCaseRobustness(
            edge_case,
            _ratio(group, nominal, level),
            share_interval(sum(e.success for e in group), len(group), level),
            len(group),
        )
        for edge_case, group in groups.items()
    )
    disturbed = [e for group in groups.values() for e in group]
    overall = _overall(disturbed, nominal, level) if disturbed else None
    rated = [row for row in rows if row.ratio is not None]
    worst = min(rated, key=lambda row: row.ratio.estimate if row.ratio else 0.0, default=None)
    return Robustness(rows, overall, worst)


def measure_recovery(episodes: Sequence[Episode], *, level: float) -> Interval | None:
    """Share of the disruptions met that were recovered from by the end of the episode.

    The wider of the exact interval over disruptions and the interval over episodes, because
    disruptions of one episode share their fate. None if no disruption was met, or if the world
    does not tell.
    """
    names = episodes[0].kind.figures
    if not (names.met and names.recovered):
        return None
    met = strata_of(episodes, lambda e: float(e.figures[names.met]))
    recovered = strata_of(episodes, lambda e: float(e.figures[names.recovered]))
    count = int(sum(values.sum() for values in met))
    if count == 0:
        return None
    exact = share_interval(int(sum(values.sum() for values in recovered)), count, level)
    most = max(float(values.max()) for values in met)
    clustered = ratio_interval(recovered, met, level=level, most=most, bounds=SHARE_BOUNDS)
    return exact if clustered is None else widest(exact, clustered)


def _ratio(
    group: Sequence[Episode], nominal: dict[tuple[str, int], float], level: float
) -> Interval | None:
    return ratio_interval(
        strata_of(group, lambda e: e.score),
        strata_of(group, lambda e: nominal[e.cell.scenario, e.seed]),
        level=level,
        most=1.0,
    )


def _overall(
    disturbed: Sequence[Episode], nominal: dict[tuple[str, int], float], level: float
) -> Interval | None:
    """Customers are what is resampled: one customer's edge cases are not independent."""
    above: dict[str, dict[int, list[float]]] = {}
    for episode in disturbed:
        seeds = above.setdefault(episode.cell.scenario, {})
        seeds.setdefault(episode.seed, []).append(episode.score)
    scores = [np.array([sum(values) for values in seeds.values()]) for seeds in above.values()]
    without = [
        np.array([len(values) * nominal[name, seed] for seed, values in seeds.items()])
        for name, seeds in above.items()
    ]
    most = float(max(len(values) for seeds in above.values() for values in seeds.values()))
    return ratio_interval(scores, without, level=level, most=most)
