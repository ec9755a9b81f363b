"""Episodes that an opponent is judged by; runs in worker processes and imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ....core.records import changed
from ....scenarios.implementation.opponents import OpponentPlan
from ....scenarios.implementation.scenario import ImplementationScenario
from ....sim.episodes import begin_episode, play
from ....sim.implementation.world import ImplementationWorld
from ....sim.policy import Policy


@dataclass(frozen=True, slots=True)
class AttackTask:
    """A policy by name or path, a scenario as it is, an opponent if there is one, and seeds."""

    policy: str
    scenario: ImplementationScenario
    opponent: OpponentPlan | None
    seeds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Attack:
    """The outcome of one episode: go-live score, and the opponent's spending and strikes."""

    score: float
    spent: float = 0.0
    strikes: tuple[tuple[int, str, str], ...] = ()


def attack(task: AttackTask) -> list[Attack]:
    """Play each seed, in their order."""
    policy = _policy(task.policy)
    scenario = changed(task.scenario, opponent=task.opponent)
    return [_attack(policy, scenario, seed) for seed in task.seeds]


def _attack(policy: Policy, scenario: ImplementationScenario, seed: int) -> Attack:
    world = ImplementationWorld(scenario, seed)
    begin_episode(policy, world)
    play(world, policy)
    score = world.scorecard().go_live_score
    done = world.opponent
    if done is None:
        return Attack(score)
    strikes = zip(done.days, done.kinds, done.severities, strict=True)
    return Attack(score, done.spent, tuple(strikes))


@lru_cache(maxsize=4)
def _policy(spec: str) -> Policy:
    from ....agents.registry import load_policy

    return load_policy(spec)
