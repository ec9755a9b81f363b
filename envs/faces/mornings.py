"""Prompts that teach: decision points at which it matters what is decided.

A group of completions of one prompt is worth nothing to a learner that compares them if all are
paid alike. So prompts are mornings of episodes, met under common luck, at which decisions that
differ a little have ends that differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.random_streams import RandomStreams, purpose
from ...sim.policy import Policy
from ...sim.protocol import Snapshot
from ...sim.rollouts import future_seeds, values
from ...sim.words import Plan
from ...sim.world_kind import WorldKind

_CHANGES = purpose("envs/decisions that try a morning")
_FUTURES = purpose("envs/futures of mornings")


@dataclass(frozen=True, slots=True)
class Morning:
    """A decision point as a prompt begins with it.

    Attributes:
        seed: of the episode.
        number: decision points before it, at which the world's expert decided.
        future: seed of the luck from there on, the same for all who are compared.
        spread: standard deviation of the score over the decisions that were tried.
    """

    seed: int
    number: int
    future: int
    spread: float

    def row(self) -> dict[str, int]:
        """Columns of a dataset, as ``trl_environment``'s ``reset`` takes them."""
        return {"seed": self.seed, "morning": self.number, "future": self.future}


def mornings(
    kind: WorldKind,
    scenario: Any,
    seeds: Iterable[int],
    *,
    every: int = 4,
    tried: int = 4,
    least_spread: float = 1e-3,
) -> Iterator[Morning]:
    """Mornings of the expert's episodes at which it matters what is decided.

    Args:
        kind: of the world.
        scenario: what is simulated.
        seeds: of the episodes.
        every: look at every so-manieth decision point.
        tried: decisions that are tried at each, the expert's among them.
        least_spread: of the score, below which a morning is left out; 0: none is.
    """
    for seed in seeds:
        streams = RandomStreams(seed)
        for number, snapshot, decision in led_to(kind, scenario, seed):
            if number % every:
                continue
            world = kind.restore(snapshot)
            plan = kind.speech.plan_of(decision)
            plans = [plan]
            for attempt in range(1, tried):
                draws = [streams.uniform(_CHANGES, number, 2 * attempt + i) for i in (0, 1)]
                plans.append(changed(kind, plan, world.legal(), draws[0], draws[1]))
            [future] = future_seeds(seed, _FUTURES, number, 1)
            decisions = [kind.speech.decision(one) for one in plans]
            spread = float(values(snapshot, decisions, _expert(kind), [future]).std())
            if spread >= least_spread:
                yield Morning(seed, number, future, spread)


def led_to(
    kind: WorldKind, scenario: Any, seed: int, most: int | None = None
) -> Iterator[tuple[int, Snapshot, Any]]:
    """The decision points of the expert's episode: number, snapshot, and what it decides there."""
    world, expert = kind.build(scenario, seed), _expert(kind)
    expert.reset(seed)
    number = 0
    while not world.finished and (most is None or number <= most):
        decision = expert.decide(world.briefing(), world.legal())
        yield number, world.snapshot(), decision
        world.advance(decision)
        number += 1


def changed(kind: WorldKind, plan: Plan, legal: Any, which: float, what: float) -> Plan:
    """Orders with one factor changed to another legal choice, by two draws in [0, 1)."""
    numbers = kind.language
    mask = numbers.mask(legal)
    free = [
        (factor, [int(c) for c in np.flatnonzero(mask[part]) if c != plan[factor]])
        for factor, part in enumerate(numbers.choices.parts)
    ]
    free = [(factor, others) for factor, others in free if others]
    if not free:
        return plan
    factor, others = free[int(which * len(free))]
    return (*plan[:factor], others[int(what * len(others))], *plan[factor + 1 :])


def _expert(kind: WorldKind) -> Policy:
    return kind.policies[kind.expert]()
