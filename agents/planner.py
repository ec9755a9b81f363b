"""The planner: tries decisions out in futures of the world itself. The strongest, and slow.

At every decision point it takes the expert's decision and its neighbours, and lives each of them
through to the end, with the expert deciding afterwards, in futures drawn anew from the present
state. It leaves the expert's decision only for one that did better beyond doubt.

It sees more than a policy may: the state that the futures are drawn from holds what nobody can
know yet (``docs/planner.md`` lists it). So it is a bound for policies, not one to deploy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import GoliveError
from ..core.random_streams import purpose
from ..sim.policy import Policy
from ..sim.protocol import AnyWorld, Snapshot
from ..sim.rollouts import TRUE_FUTURE, future_seeds, rollout_value, values
from ..sim.world_kind import WorldKind
from .neighbours import neighbours_of

PLANNER = "planner"
DEFAULT_BUDGET = 64
LEAST_GAIN = 0.0005
"""Of the score; what gains less is not worth leaving the expert's decision for."""
CAUTION = 1.0
"""Standard errors that a gain must exceed."""
_FIRST_FUTURES = 2
"""Futures that every candidate is at least tried in."""
_FUTURES = purpose("agents/futures of the planner")

Value = Callable[[int, int], float]
"""Of a candidate (by its number) in a future (by its number)."""


class Planner:
    """Tries candidate decisions out before it decides.

    Args:
        kind: of the world that it decides in.
        budget: rollouts per decision at most. With too few to compare two candidates it decides
            as the rollout policy does.
        hindsight: try them in the future that will really come, so that one rollout tells all:
            a looser bound.
        blind: to what nobody is told of whom the world is about: it tries in snapshots in which
            that is drawn from what is believed (``WorldKind.imagined``).
        policy: makes the rollout policy, the expert by default; the planner has one to decide
            with and one to roll out.

    Raises:
        GoliveError: a budget below 1, or blind where a world has nothing to be blind to.
    """

    def __init__(
        self,
        kind: WorldKind,
        budget: int = DEFAULT_BUDGET,
        *,
        hindsight: bool = False,
        blind: bool = False,
        policy: Callable[[], Policy] | None = None,
    ) -> None:
        if budget < 1:
            raise GoliveError(f"planner: budget: {budget}: expected at least 1 rollout")
        policy = policy or kind.policies[kind.expert]
        self._kind = kind
        self.budget = budget
        self.hindsight = hindsight
        if blind and kind.imagined is None:
            raise GoliveError(f"planner: blind: nothing to be blind to in the world {kind.name!r}")
        self.blind = blind
        self._own, self._rollout = policy(), policy()
        self._seed = 0
        self._world: AnyWorld | None = None

    @property
    def name(self) -> str:
        """Name as ``load_policy`` takes it."""
        if self.hindsight:
            return f"{PLANNER}:{self.budget}:hindsight"
        if self.blind:
            return f"{PLANNER}:{self.budget}:blind"
        return PLANNER if self.budget == DEFAULT_BUDGET else f"{PLANNER}:{self.budget}"

    def reset(self, seed: int) -> None:
        """Forget the last episode and its world; futures are drawn from this seed."""
        self._own.reset(seed)
        self._seed, self._world = seed, None

    def attach(self, world: AnyWorld) -> None:
        """Decide in this world from now on. It is looked at, never advanced."""
        self._world = world

    def decide(self, briefing: Any, legal: Any) -> Any:
        """The rollout policy's decision, or a neighbour that does better.

        Raises:
            GoliveError: it was not given the world that the briefing is of.
        """
        world = self._world
        if world is None or world.briefing() != briefing:
            raise GoliveError(
                f"policy: {self.name}: expected the world itself, not only its briefings: "
                "golive.sim.episodes.begin_episode attaches it"
            )
        own = self._own.decide(briefing, legal)
        most = self.budget if self.hindsight else most_candidates(self.budget)
        candidates = self.candidates(briefing, legal, own, most)
        if len(candidates) < 2:
            return own
        snapshot = world.snapshot()
        if self.hindsight:
            scores = values(snapshot, candidates, self._rollout, [TRUE_FUTURE])[:, 0]
            return candidates[int(np.argmax(scores))]
        futures = future_seeds(self._seed, _FUTURES, self._kind.moment(briefing), self.budget)

        seen: dict[int, Snapshot] = {}

        def value(candidate: int, future: int) -> float:
            decision, seed = candidates[candidate], futures[future]
            if future not in seen:
                seen[future] = self._seen(snapshot, seed)
            return rollout_value(seen[future], decision, self._rollout, seed)

        return candidates[best_by_halving(value, len(candidates), self.budget)]

    def candidates(self, briefing: Any, legal: Any, own: Any, most: int) -> Sequence[Any]:
        """Decisions to choose from, so many at most: the rollout policy's own first."""
        return neighbours_of(self._kind, briefing, legal, own, most)

    def _seen(self, snapshot: Snapshot, seed: int) -> Snapshot:
        """The snapshot, or as it must be imagined in a future of this seed."""
        imagined = self._kind.imagined
        return imagined(snapshot, seed) if self.blind and imagined is not None else snapshot


def most_candidates(budget: int) -> int:
    """Candidates, the first one included, that a budget of rollouts can compare."""
    most = 1
    while _FIRST_FUTURES * (most + 1) * _rounds(most) <= budget:
        most += 1
    return most


def _rounds(challengers: int) -> int:
    """Until one is left and has met the first candidate once more."""
    return 1 + (challengers - 1).bit_length() if challengers > 1 else 1


def best_by_halving(value: Value, candidates: int, budget: int) -> int:
    """The first candidate, unless another one is better beyond doubt: its number.

    Sequential halving (Karnin, Koren and Somekh, 2013) on paired gains over the first candidate,
    which takes part in every round: the better half of the challengers goes on. The last one
    left meets the first candidate in futures that have not been used for choosing it, and
    wins if its mean gain there exceeds ``LEAST_GAIN`` and ``CAUTION`` standard errors.

    Args:
        value: of a candidate in a future; both are numbers from 0 on.
        candidates: how many there are.
        budget: calls of ``value`` at most.
    """
    challengers = list(range(1, candidates))
    rounds = _rounds(len(challengers))
    gains: dict[int, list[float]] = {number: [] for number in challengers}
    used = future = 0
    while len(challengers) > 1:
        share = max(1, budget // rounds // (len(challengers) + 1))
        for number in range(future, future + share):
            first = value(0, number)
            for challenger in challengers:
                gains[challenger].append(value(challenger, number) - first)
        future += share
        used += share * (len(challengers) + 1)
        challengers.sort(key=lambda number: (-float(np.mean(gains[number])), number))
        challengers = challengers[: math.ceil(len(challengers) / 2)]
    last = challengers[0]
    duel = [value(last, n) - value(0, n) for n in range(future, future + (budget - used) // 2)]
    return last if _beyond_doubt(np.asarray(duel)) else 0


def _beyond_doubt(gains: NDArray[np.float64]) -> bool:
    if gains.size < 2:
        return False
    error = float(gains.std(ddof=1)) / math.sqrt(gains.size)
    return float(gains.mean()) > max(LEAST_GAIN, CAUTION * error)
