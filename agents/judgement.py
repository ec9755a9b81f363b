"""Judging single decisions: was there a better one, as far as futures of the world tell?

An episode is run by the policy under judgement. At some of its decision points the decision it
takes is compared with the expert's and with that one's neighbours, all of them continued by the
same policy in the same futures, drawn anew from the present state.

The best of many noisy means looks better than it is (the winner's curse), and the worst worse. So
both are chosen in one half of the futures, and compared with the decision in the other half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..core.random_streams import purpose
from ..sim.episodes import run_episode
from ..sim.observer import Observer
from ..sim.policy import Policy
from ..sim.protocol import AnyWorld
from ..sim.rollouts import future_seeds, values
from ..sim.world_kind import WorldKind
from ..sim.worlds import kind_of
from .neighbours import description, description_of_change, neighbours_of

_FUTURES = purpose("agents/futures of the judgement of decisions")


@dataclass(frozen=True, slots=True)
class JudgedDecision:
    """A decision beside the best alternative that was tried.

    Attributes:
        seed: of the episode.
        day: moment of the decision point; working days since kick-off.
        chosen: the decision, in words.
        best: what the best alternative changes of it, in words; empty if nothing.
        alternatives: how many decisions were compared, the chosen one included.
        value: mean score after the decision, over the comparing half of the futures.
        best_value: the same after the best alternative.
        worst_value: the same after the worst one.
    """

    seed: int
    day: int
    chosen: str
    best: str
    alternatives: int
    value: float
    best_value: float
    worst_value: float

    @property
    def regret(self) -> float:
        """Score given away; negative where the alternative did worse after all."""
        return self.best_value - self.value

    @property
    def stake(self) -> float:
        """Score that there was to win or lose; about 0 where no decision mattered."""
        return self.best_value - self.worst_value


def judge_episode(
    policy: Policy,
    scenario: Any,
    seed: int,
    *,
    every: int,
    futures: int,
    continuation: Policy,
    most: int,
) -> list[JudgedDecision]:
    """Run an episode under a policy and judge every so-manieth of its decisions.

    Args:
        policy: under judgement; it takes all decisions of the episode.
        scenario: what is simulated.
        seed: of the episode.
        every: judge every so many decision points, from the first one on.
        futures: how many per decision point; the first half chooses the best alternative, the
            second half compares.
        continuation: decides in the rollouts, and the alternatives are its decision and that
            one's neighbours.
        most: alternatives at most, besides the policy's own decision.
    """
    kind = kind_of(scenario)
    judge = _Judge(kind, seed, every, futures, continuation, most)
    run_episode(policy, scenario, seed, observers=(judge,))
    return judge.judged


class _Judge(Observer):
    """Judges every so-manieth decision before it is carried out."""

    def __init__(
        self,
        kind: WorldKind,
        seed: int,
        every: int,
        futures: int,
        continuation: Policy,
        most: int,
    ) -> None:
        self.judged: list[JudgedDecision] = []
        self._kind, self._seed = kind, seed
        self._every, self._futures, self._most = every, futures, most
        self._continuation = continuation
        self._number = 0
        continuation.reset(seed)

    def decided(self, world: AnyWorld, briefing: Any, legal: Any, decision: Any) -> None:
        """Compare the decision with the best of the continuation's and its neighbours."""
        if self._number % self._every == 0:
            kind, moment = self._kind, self._kind.moment(briefing)
            other = self._continuation.decide(briefing, legal)
            candidates = neighbours_of(kind, briefing, legal, other, self._most)
            chosen, _ = legal.replace_illegal(decision)
            seeds = future_seeds(self._seed, _FUTURES, moment, self._futures)
            self.judged.append(
                _judged(
                    kind, world, chosen, candidates, self._continuation, seeds, self._seed, moment
                )
            )
        self._number += 1


def _judged(
    kind: WorldKind,
    world: AnyWorld,
    chosen: Any,
    candidates: Sequence[Any],
    continuation: Policy,
    futures: list[int],
    seed: int,
    day: int,
) -> JudgedDecision:
    """A decision, and the best and worst of all, compared where nothing was chosen."""
    options = [chosen, *(one for one in candidates if one != chosen)]
    choosing, comparing = futures[: len(futures) // 2], futures[len(futures) // 2 :]
    snapshot = world.snapshot()
    means = values(snapshot, options, continuation, choosing).mean(axis=1)
    best, worst = options[int(means.argmax())], options[int(means.argmin())]
    compared = list(dict.fromkeys([chosen, best, worst]))
    found = values(snapshot, compared, continuation, comparing).mean(axis=1).tolist()
    value, best_value, worst_value = (found[compared.index(one)] for one in (chosen, best, worst))
    return JudgedDecision(
        seed,
        day,
        description(kind, chosen),
        description_of_change(kind, best, chosen),
        len(options),
        value,
        best_value,
        worst_value,
    )
