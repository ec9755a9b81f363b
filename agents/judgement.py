"""Judging single decisions: was there a better one, as far as futures of the world tell?

An episode is run by the policy under judgement. At some of its decision points the decision it
takes is compared with the expert's and with that one's neighbours, all of them continued by the
same policy in the same futures, drawn anew from the present state.

The best of many noisy means looks better than it is (the winner's curse). So the best alternative
is chosen in one half of the futures, and compared with the decision in the other half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..scenarios import purpose
from ..sim.implementation.decision import Decision
from ..sim.protocol import Snapshot
from .candidates import candidate_decisions, describe, describe_change
from .episodes import begin_episode
from .policy import Policy
from .rollouts import future_seeds, values

if TYPE_CHECKING:
    from ..scenarios import Scenario

_FUTURES = purpose("agents/futures of the judgement of decisions")


@dataclass(frozen=True, slots=True)
class JudgedDecision:
    """A decision beside the best alternative that was tried.

    Attributes:
        seed: of the episode.
        day: working days since kick-off.
        chosen: the decision, in words.
        best: what the best alternative changes of it, in words; empty if nothing.
        alternatives: how many decisions were compared, the chosen one included.
        value: mean go-live score after the decision, over the comparing half of the futures.
        best_value: the same after the best alternative.
    """

    seed: int
    day: int
    chosen: str
    best: str
    alternatives: int
    value: float
    best_value: float

    @property
    def regret(self) -> float:
        """Go-live score given away; negative where the alternative did worse after all."""
        return self.best_value - self.value


def judge_episode(
    policy: Policy,
    scenario: Scenario,
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
    from ..sim.implementation.world import ImplementationWorld

    world = ImplementationWorld(scenario, seed)
    begin_episode(policy, world)
    continuation.reset(seed)
    judged: list[JudgedDecision] = []
    number = 0
    while not world.finished:
        briefing, legal = world.briefing(), world.legal()
        chosen, _ = legal.replace_illegal(policy.decide(briefing, legal))
        if number % every == 0:
            other = continuation.decide(briefing, legal)
            candidates = candidate_decisions(briefing, legal, other, most)
            day = briefing.calendar.day
            seeds = future_seeds(seed, _FUTURES, day, futures)
            judged.append(
                _judged(world.snapshot(), chosen, candidates, continuation, seeds, seed, day)
            )
        world.advance(chosen)
        number += 1
    return judged


def _judged(
    snapshot: Snapshot,
    chosen: Decision,
    candidates: list[Decision],
    continuation: Policy,
    futures: list[int],
    seed: int,
    day: int,
) -> JudgedDecision:
    """A decision and the best of it and the candidates, compared where nothing was chosen."""
    options = [chosen, *(one for one in candidates if one != chosen)]
    choosing, comparing = futures[: len(futures) // 2], futures[len(futures) // 2 :]
    means = values(snapshot, options, continuation, choosing).mean(axis=1)
    best = options[int(means.argmax())]
    value, best_value = (
        float(mean)
        for mean in values(snapshot, [chosen, best], continuation, comparing).mean(axis=1)
    )
    return JudgedDecision(
        seed, day, describe(chosen), describe_change(best, chosen), len(options), value, best_value
    )
