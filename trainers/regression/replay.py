"""Episodes with their decisions known beforehand, so that only the world is timed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...sim.episodes import begin_episode, play
from ...sim.observer import Observer
from ...sim.policy import Policy
from ...sim.protocol import AnyWorld
from ...sim.worlds import kind_of


@dataclass(frozen=True)
class Replay:
    """An episode that can be run again without asking anybody.

    Attributes:
        scenario: what is simulated.
        seed: of the episode.
        decisions: what was decided, in order.
        days: working days simulated.
        digest: of the final state, to see that the same episode was run again.
        options: of the world's own, such as a fixed ``customer``.
    """

    scenario: Any
    seed: int
    decisions: tuple[Any, ...]
    days: int
    digest: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def world(self) -> AnyWorld:
        """Make the world at the episode's beginning."""
        return kind_of(self.scenario).build(self.scenario, self.seed, **self.options)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of a core's time that an episode took."""

    reset_seconds: float
    """From the scenario to the world of the first morning."""
    step_seconds: float
    """All days: briefing, legal decisions and advance."""


class _Decisions(Observer):
    """Keeps what was decided."""

    def __init__(self) -> None:
        self.made: list[Any] = []

    def decided(self, world: AnyWorld, briefing: Any, legal: Any, decision: Any) -> None:
        """Keep the decision."""
        self.made.append(decision)


def record_replay(policy: Policy, scenario: Any, seed: int, **options: Any) -> Replay:
    """Run an episode under a policy and keep its decisions."""
    world = kind_of(scenario).build(scenario, seed, **options)
    decisions = _Decisions()
    begin_episode(policy, world)
    play(world, policy, [decisions])
    days = round(world.now / world.hours_per_day)
    return Replay(scenario, seed, tuple(decisions.made), days, world.digest(), options)


def time_replay(replay: Replay) -> Timing:
    """Run a recorded episode again and take the time.

    Raises:
        RuntimeError: it did not end in the same state, so another episode was timed.
    """
    started = time.process_time()
    world = replay.world()
    ready = time.process_time()
    for decision in replay.decisions:
        world.briefing()
        world.legal()
        world.advance(decision)
    ended = time.process_time()
    if world.digest() != replay.digest:
        raise RuntimeError(f"seed {replay.seed}: the replayed episode is not the recorded one")
    return Timing(ready - started, ended - ready)
