"""Looking back at an episode: what expert and planner would have done when it mattered.

At every decision point the decision that was taken is compared with the expert's, both continued
by the expert in the same futures, drawn anew. Where they are furthest apart the planner is asked
as well, and all three are compared in further futures, which chose nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.random_streams import purpose
from ..sim.policy import Policy
from ..sim.protocol import Snapshot
from ..sim.rollouts import future_seeds, values
from ..sim.world_kind import WorldKind
from .planner import Planner

_FINDING = purpose("agents/futures that find the mornings of a review")
_COMPARING = purpose("agents/futures that compare in a review")
Progress = Callable[[int, int], None]
"""Called with (done, in all)."""


@dataclass(frozen=True, slots=True)
class Morning:
    """A decision point as it was met.

    Attributes:
        snapshot: of the world there.
        decision: that was taken.
        expert: the expert's decision there, having watched the episode up to it.
    """

    snapshot: Snapshot
    decision: Any
    expert: Any


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A morning that mattered: three decisions, and the mean score after each.

    Attributes:
        moment: of the decision point, such as the day.
        decisions: taken, the expert's, the planner's.
        scores: mean scores after them, the expert deciding from then on.
    """

    moment: int
    decisions: tuple[Any, Any, Any]
    scores: tuple[float, float, float]


def review(
    kind: WorldKind,
    mornings: Sequence[Morning],
    seed: int,
    *,
    expert: Callable[[], Policy],
    most: int = 5,
    futures: int = 8,
    budget: int = 32,
    progress: Progress | None = None,
) -> list[Reviewed]:
    """The mornings of an episode that mattered most, in their order.

    Args:
        kind: of the world.
        mornings: decision points of the episode.
        seed: of the episode; futures are drawn from it.
        expert: makes the expert, who decides from each compared decision on.
        most: mornings at most; those on which expert and player decided alike are none.
        futures: that compare; a quarter as many find the mornings.
        budget: rollouts of the planner per morning.
        progress: is told how many mornings have been looked at.
    """
    apart = [number for number, one in enumerate(mornings) if one.decision != one.expert]
    steps, done, gaps = len(apart) + min(most, len(apart)), 0, {}
    for number in apart:
        one = mornings[number]
        seeds = future_seeds(seed, _FINDING, number, max(1, futures // 4))
        own, theirs = values(one.snapshot, [one.decision, one.expert], expert(), seeds).mean(axis=1)
        gaps[number] = abs(float(theirs - own))
        done += 1
        if progress is not None:
            progress(done, steps)
    reviewed = []
    for number in sorted(sorted(gaps, key=lambda n: (-gaps[n], n))[:most]):
        reviewed.append(_reviewed(kind, mornings[number], seed, number, expert, futures, budget))
        done += 1
        if progress is not None:
            progress(done, steps)
    return reviewed


def _reviewed(
    kind: WorldKind,
    morning: Morning,
    seed: int,
    number: int,
    expert: Callable[[], Policy],
    futures: int,
    budget: int,
) -> Reviewed:
    world = kind.restore(morning.snapshot)
    planner = Planner(kind, budget, policy=expert)
    planner.reset(seed)
    planner.attach(world)
    planned = planner.decide(world.briefing(), world.legal())
    decisions = (morning.decision, morning.expert, planned)
    seeds = future_seeds(seed, _COMPARING, number, futures)
    own, theirs, best = values(morning.snapshot, decisions, expert(), seeds).mean(axis=1)
    moment = kind.moment(world.briefing())
    return Reviewed(moment, decisions, (float(own), float(theirs), float(best)))
