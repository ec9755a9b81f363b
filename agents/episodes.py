"""One episode of the implementation world under a policy, from kick-off to the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .policy import Policy, WorldPolicy

if TYPE_CHECKING:
    from ..scenarios import Customer, Scenario
    from ..sim.implementation.scorecard import Scorecard
    from ..sim.implementation.state import OpponentState
    from ..sim.implementation.world import ImplementationWorld


@dataclass(frozen=True, slots=True)
class EpisodeResult:
    """What came of an episode.

    Attributes:
        scorecard: the finished world's scorecard.
        decisions: decision points the policy was asked at.
        digest: hash of the final state; equal digests went through the same episode.
        world: the finished world with its recording, only if recording was asked for.
        opponent: what the scenario's opponent has done; None without one.
    """

    scorecard: Scorecard
    decisions: int
    digest: str
    world: ImplementationWorld | None = None
    opponent: OpponentState | None = None


def begin_episode(policy: Policy, world: ImplementationWorld) -> None:
    """Ready a policy for a world: reset it, and show it the world if it asks for that."""
    policy.reset(world.seed)
    if isinstance(policy, WorldPolicy):
        policy.attach(world)


def run_episode(
    policy: Policy,
    scenario: Scenario,
    seed: int,
    *,
    customer: Customer | None = None,
    record: bool = False,
) -> EpisodeResult:
    """Run one episode to its end.

    The policy is reset with the episode's seed, so that the result is a function of
    (policy, scenario, seed, customer) alone.

    Args:
        policy: who decides.
        scenario: what is simulated.
        seed: of the episode; also draws the customer unless one is given.
        customer: a fixed customer instead of a drawn one.
        record: keep the world with its events and Gantt table.
    """
    from ..sim.implementation.world import ImplementationWorld

    world = ImplementationWorld(scenario, seed, customer=customer, record=record)
    begin_episode(policy, world)
    decisions = 0
    while not world.finished:
        world.advance(policy.decide(world.briefing(), world.legal()))
        decisions += 1
    kept = world if record else None
    return EpisodeResult(world.scorecard(), decisions, world.digest(), kept, world.opponent)
