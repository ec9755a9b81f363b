"""An episode watched while it runs: how long each decision took, where the crew's hours went."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .crew_time import CrewTime, crew_time, total
from .episodes import begin_episode
from .milestones import Milestones
from .policy import Policy

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from ..sim.implementation.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class ObservedEpisode:
    """What came of an episode, and what was seen on the way.

    Attributes:
        scorecard: the finished world's scorecard.
        digest: hash of the final state; the same as without watching.
        crew_time: the crew's hours.
        milestones: the days on which they were reached.
        latencies_ms: wall time of each decision, in milliseconds.
    """

    scorecard: Scorecard
    digest: str
    crew_time: CrewTime
    milestones: Milestones
    latencies_ms: tuple[float, ...]


def observe_episode(policy: Policy, scenario: Scenario, seed: int) -> ObservedEpisode:
    """Run one episode to its end and watch it; decisions are those of ``run_episode``.

    Args:
        policy: who decides; reset with the episode's seed.
        scenario: what is simulated.
        seed: of the episode.
    """
    from ..sim.implementation.world import ImplementationWorld

    world = ImplementationWorld(scenario, seed)
    begin_episode(policy, world)
    briefing = world.briefing()
    milestones = Milestones().seen(briefing)
    periods: list[CrewTime] = []
    latencies: list[float] = []
    while not world.finished:
        legal = world.legal()
        started = time.perf_counter()
        decision = policy.decide(briefing, legal)
        latencies.append(1000.0 * (time.perf_counter() - started))
        world.advance(decision)
        before, briefing = briefing, world.briefing()
        periods.append(crew_time(before, briefing))
        milestones = milestones.seen(briefing)
    return ObservedEpisode(
        world.scorecard(), world.digest(), total(periods), milestones, tuple(latencies)
    )
