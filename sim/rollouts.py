"""Rollouts: what a decision is worth, found by living through futures of one state.

A rollout restores a snapshot, takes the decision, and lets a policy decide from there to the
end; its value is the score. A future is named by a seed (``Restore``):
the same seed under several decisions is the same luck (common random numbers), so that their
difference is much less noisy than their values. ``TRUE_FUTURE`` is the one that would really come.

A rollout policy that remembers or draws lots is reset with the future's seed at the start of
every rollout: it remembers nothing of what came before the snapshot, and its lots are the same
under every decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.random_streams import RandomStreams
from .episodes import begin_episode, play
from .policy import Policy, WorldPolicy
from .protocol import Snapshot
from .worlds import world_kind

TRUE_FUTURE = None
"""Instead of a seed: the future of the world that the snapshot was taken from."""
_SEEDS = 2**53  # as many as a uniform number has values: all are equally likely


def future_seeds(seed: int, purpose_key: int, day: int, count: int) -> list[int]:
    """Seeds of futures drawn anew, a function of what is given here and of nothing else.

    Args:
        seed: of the episode.
        purpose_key: what the futures are for, from ``golive.core.random_streams.purpose``; whoever
            judges takes others than whoever decides.
        day: of the decision point.
        count: how many; the first ones are the same whatever the count.
    """
    streams = RandomStreams(seed)
    return [int(streams.uniform(purpose_key, day, number) * _SEEDS) for number in range(count)]


@dataclass(frozen=True, slots=True)
class Rollout:
    """The end of a rollout.

    Attributes:
        value: the score.
        decisions: that were made on the way, the first one included.
    """

    value: float
    decisions: int


def rollout(snapshot: Snapshot, decision: Any, policy: Policy, seed: int | None) -> Rollout:
    """Decide this now, and let the policy decide from then on to the end.

    Args:
        snapshot: of a world that is not finished.
        decision: for the time until the next decision point.
        policy: decides afterwards; reset with the seed of the future.
        seed: of the future, or ``TRUE_FUTURE``.

    Raises:
        SnapshotError: the snapshot cannot be restored.
        ValueError: the policy decides from the world itself, so that it cannot be rolled out.
    """
    if isinstance(policy, WorldPolicy):
        raise ValueError(f"policy: {policy.name}: expected one that decides from briefings alone")
    kind = world_kind(snapshot.world)
    world = kind.restore(snapshot, seed=seed)
    begin_episode(policy, world)
    world.advance(decision)
    decisions = 1 + play(world, policy)
    return Rollout(kind.score_of(world.scorecard()), decisions)


def rollout_value(snapshot: Snapshot, decision: Any, policy: Policy, seed: int | None) -> float:
    """Value of a rollout, whose arguments these are."""
    return rollout(snapshot, decision, policy, seed).value


def values(
    snapshot: Snapshot,
    decisions: Sequence[Any],
    policy: Policy,
    seeds: Sequence[int | None],
) -> NDArray[np.float64]:
    """Values of decisions over the same futures; shape (decisions, futures).

    Args:
        snapshot: of a world that is not finished.
        decisions: to be compared.
        policy: decides afterwards.
        seeds: of the futures; every decision meets all of them.
    """
    rows = [[rollout_value(snapshot, one, policy, seed) for seed in seeds] for one in decisions]
    return np.asarray(rows, dtype=np.float64).reshape(len(decisions), len(seeds))
