"""Playing what was judged offline: its true value, to which the estimates are held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import hypot
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.registry import load_policy
from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.execution import Backend
from ...scenarios.suite import Split
from ...sim.episodes import run_episode
from ...sim.worlds import kind_of
from ..datasets import LoggedEpisodes
from ..datasets.spreading import Progress, results_of
from ..evaluation.intervals import mean_interval
from ..evaluation.statistics import Interval
from .question import LOGGED_REWARDS

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario
    from ..datasets.team_playing import TeamSetting


@dataclass(frozen=True, slots=True)
class _Customer:
    """A customer to play: as one that was recorded, but another.

    Attributes:
        scenario: its name.
        policy: label of who was recorded; of a team it says who plays the other roles.
        seed: of the episode.
    """

    scenario: str
    policy: str
    seed: int


@checked
def played_value(
    logged: LoggedEpisodes,
    policy: str,
    *,
    metric: str | None = None,
    gamma: float = 1.0,
    episodes: int = 100,
    workers: int | None = 1,
    backend: Backend | str = Backend.PROCESS,
    progress: Progress | None = None,
) -> Interval:
    """Value of a policy, played on customers of the test split: what is estimated offline.

    Scenarios, and the partners of a team's role, are those of the recorded episodes, one after
    the other.

    Args:
        logged: recorded episodes.
        policy: a spec of ``load_policy``; of a team's role, of ``partner``.
        metric: a numeric field of the scorecard; None: what policies are judged by.
        gamma: discount per decision.
        episodes: how many to play.
        workers: processes; None: one for every core.
        backend: serial, process or ray.
        progress: called as episodes finish.

    Raises:
        GoliveError: a metric that is not of the scorecard, a scenario that is not known, or seeds
            that were recorded.
    """
    from ...envs.episodes import episode_source

    name = metric or logged.score
    if name == LOGGED_REWARDS or not name:
        raise GoliveError(f"metric: {name!r}: expected a field of the scorecard to play for")
    if not logged.scenarios:
        raise GoliveError("recorded episodes: their scenario is not known")
    first = next(iter(logged.scenarios.values()))
    seeds = episode_source(kind_of(first), first, Split.TEST, None, None, {}).seeds
    if episodes > seeds.stop - seeds.start:
        raise GoliveError(f"episodes: {episodes}: expected at most {seeds.stop - seeds.start}")
    rows = logged.episodes.select("scenario", "policy", "seed").rows()
    fresh = range(seeds.start, seeds.start + episodes)
    if any(seed in fresh for _, _, seed in rows):
        raise GoliveError("recorded episodes: of the test split: expected one of other seeds")
    customers = []
    for number, seed in enumerate(fresh):
        scenario, label, _ = rows[number % len(rows)]
        customers.append(_Customer(scenario, label, seed))
    play = partial(_value, dict(logged.scenarios), logged.setting, policy, name, gamma)
    values = np.zeros(episodes)
    for number, value in results_of(play, customers, workers, backend, None, progress):
        values[number] = value
    return mean_interval(_strata(values, [customer.scenario for customer in customers]))


def agree(estimate: Interval, played: Interval) -> bool:
    """True if the interval of the difference of two independent values holds 0.

    The interval is put together from theirs (MOVER: Zou and Donner 2008, "Construction of
    confidence limits about effect measures"); neither is the truth, both are of other customers.
    """
    gap = played.estimate - estimate.estimate
    if gap >= 0.0:
        reach = hypot(estimate.high - estimate.estimate, played.estimate - played.low)
    else:
        reach = hypot(estimate.estimate - estimate.low, played.high - played.estimate)
    return abs(gap) <= reach


def _strata(values: Any, scenarios: Sequence[str]) -> list[Any]:
    names = np.array(scenarios)
    return [values[names == name] for name in dict.fromkeys(scenarios)]


def _value(
    scenarios: dict[str, Scenario],
    setting: TeamSetting | None,
    policy: str,
    metric: str,
    gamma: float,
    customer: _Customer,
) -> float:
    """The discounted metric of one episode."""
    scenario = scenarios[customer.scenario]
    kind = kind_of(scenario)
    if setting is None:
        episode = run_episode(load_policy(policy, kind), scenario, customer.seed)
        card, decisions = episode.scorecard.as_dict(), episode.decisions
    else:
        from ...agents.partners import partner
        from ..datasets.team_playing import play_team_episode

        players = setting.made(kind, customer.policy)
        players[setting.role] = partner(kind, setting.role, policy)
        played = play_team_episode(setting.environment(scenario), players, customer.seed)
        card, decisions = played.scorecard, len(played.roles[setting.role].rewards)
    if metric not in card:
        raise GoliveError(f"metric: {metric!r}: expected one of {', '.join(card)}")
    return float(card[metric]) * gamma ** (decisions - 1)
