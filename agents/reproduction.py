"""An episode that fails, brought to the morning before it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .episodes import begin_episode
from .policy import Policy

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from ..sim.protocol import Snapshot


@dataclass(frozen=True, slots=True)
class LastMorning:
    """The last decision point that an episode reached.

    Attributes:
        decisions: taken before it.
        snapshot: the world on it.
    """

    decisions: int
    snapshot: Snapshot


def last_morning(policy: Policy, scenario: Scenario, seed: int) -> LastMorning | None:
    """Run an episode that is known to fail again, and stop where it does.

    Args:
        policy: who decides; reset with the episode's seed.
        scenario: what is simulated.
        seed: of the episode.

    Returns:
        The last decision point before the failure; None if it does not fail this time, or
        if there is no world to begin with.
    """
    from ..sim.implementation.world import ImplementationWorld

    morning: LastMorning | None = None
    try:
        world = ImplementationWorld(scenario, seed)
        begin_episode(policy, world)
        decisions = 0
        while not world.finished:
            morning = LastMorning(decisions, world.snapshot())
            world.advance(policy.decide(world.briefing(), world.legal()))
            decisions += 1
        world.scorecard()
    except Exception:  # the failure that was asked for, whatever it is
        return morning
    return None


def first_morning(scenario: Scenario, seed: int) -> LastMorning:
    """An episode's kick-off, before anybody has decided anything."""
    from ..sim.implementation.world import ImplementationWorld

    return LastMorning(0, ImplementationWorld(scenario, seed).snapshot())
