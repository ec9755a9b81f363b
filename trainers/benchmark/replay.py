"""Episodes with their decisions known beforehand, so that only the world is timed."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...sim.episodes import begin_episode
from ...sim.implementation.decision import Decision
from ...sim.policy import Policy

if TYPE_CHECKING:
    from ...scenarios.implementation.customer import Customer
    from ...scenarios.scenario import Scenario


@dataclass(frozen=True)
class Replay:
    """An episode that can be run again without asking anybody.

    Attributes:
        scenario: what is simulated.
        seed: of the episode.
        customer: a fixed customer, or None for the drawn one.
        decisions: what was decided, in order.
        days: working days simulated.
        digest: of the final state, to see that the same episode was run again.
    """

    scenario: Scenario
    seed: int
    customer: Customer | None
    decisions: tuple[Decision, ...]
    days: int
    digest: str


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that an episode took."""

    reset_seconds: float
    """From the scenario to the world of the first morning."""
    step_seconds: float
    """All days: briefing, legal decisions and advance."""


def record_replay(
    policy: Policy, scenario: Scenario, seed: int, customer: Customer | None = None
) -> Replay:
    """Run an episode under a policy and keep its decisions."""
    from ...sim.implementation.world import ImplementationWorld

    world = ImplementationWorld(scenario, seed, customer=customer)
    begin_episode(policy, world)
    decisions = []
    while not world.finished:
        decision = policy.decide(world.briefing(), world.legal())
        decisions.append(decision)
        world.advance(decision)
    days = world.scorecard().days
    return Replay(scenario, seed, customer, tuple(decisions), days, world.digest())


def time_replay(replay: Replay) -> Timing:
    """Run a recorded episode again and take the time.

    Raises:
        RuntimeError: it did not end in the same state, so another episode was timed.
    """
    from ...sim.implementation.world import ImplementationWorld

    started = time.perf_counter()
    world = ImplementationWorld(replay.scenario, replay.seed, customer=replay.customer)
    ready = time.perf_counter()
    for decision in replay.decisions:
        world.briefing()
        world.legal()
        world.advance(decision)
    ended = time.perf_counter()
    if world.digest() != replay.digest:
        raise RuntimeError(f"seed {replay.seed}: the replayed episode is not the recorded one")
    return Timing(ready - started, ended - ready)


@contextmanager
def settled_collector() -> Iterator[None]:
    """What lives now is left alone by the garbage collector, as in evaluation's workers."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
