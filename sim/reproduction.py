"""An episode that fails, brought to the morning before it does."""

from __future__ import annotations

from typing import Any

from .episodes import run_episode
from .observers import LastMorning, MorningKeeper
from .policy import Policy
from .worlds import kind_of


def last_morning(
    policy: Policy, scenario: Any, seed: int, luck: int | None = None
) -> LastMorning | None:
    """Run an episode that is known to fail again, and stop where it does.

    Args:
        policy: who decides; reset with the episode's seed.
        scenario: what is simulated.
        seed: of the episode.
        luck: as ``run_episode`` takes it.

    Returns:
        The last decision point before the failure; None if it does not fail this time, or
        if there is no world to begin with.
    """
    keeper = MorningKeeper()
    try:
        run_episode(policy, scenario, seed, observers=(keeper,), luck=luck)
    except Exception:  # the failure that was asked for, whatever it is
        return keeper.morning
    return None


def first_morning(scenario: Any, seed: int, luck: int | None = None) -> LastMorning:
    """An episode's kick-off, before anybody has decided anything."""
    kind = kind_of(scenario)
    snapshot = kind.build(scenario, seed).snapshot()
    return LastMorning(
        0, snapshot if luck is None else kind.restore(snapshot, seed=luck).snapshot()
    )
