"""Running episodes: the one loop, and what may watch it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.arguments import checked
from ..scenarios.loader import as_scenario
from .observer import Observer
from .policy import Policy, ScenarioPolicy, WorldPolicy
from .protocol import AnyWorld, Scorecard
from .world_kind import WorldKind
from .worlds import kind_of


@dataclass(frozen=True, slots=True)
class Episode:
    """The outcome of an episode.

    Attributes:
        scorecard: the finished world's scorecard.
        decisions: decision points the policy was asked at.
        digest: hash of the final state; equal digests went through the same episode.
        figures: what the observers kept.
        world: the finished world with its recording, only if recording was asked for.
    """

    scorecard: Scorecard
    decisions: int
    digest: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    world: AnyWorld | None = None


@checked
def run(
    kind: WorldKind,
    policy: Policy,
    scenario: Any,
    seed: int,
    *,
    observers: Sequence[Observer] = (),
    record: bool = False,
    luck: int | None = None,
    **options: Any,
) -> Episode:
    """Run one episode to its end.

    The policy is reset with the episode's seed, so that the result is a function of
    (policy, scenario, seed, luck, options) alone; observers do not change it.

    Args:
        kind: of the world (``golive.sim.worlds.kind_of`` knows a scenario's).
        policy: who decides.
        scenario: what is simulated, or its name or the path of its file.
        seed: of the episode.
        observers: who watches it.
        record: keep the world with what it recorded.
        luck: seed of all that happens after the beginning, and of the policy: another attempt at
            the same customer; None: the episode's own.
        options: of the world's own, such as a fixed ``customer``.
    """
    world = kind.build(as_scenario(scenario), seed, record=record, **options)
    if luck is not None:
        world = kind.restore(world.snapshot(), record=record, seed=luck)
    begin_episode(policy, world, observers)
    decisions = play(world, policy, observers)
    figures: dict[str, Any] = {}
    for observer in observers:
        figures.update(observer.figures())
    kept = world if record else None
    return Episode(world.scorecard(), decisions, world.digest(), figures, kept)


@checked
def run_episode(
    policy: Policy,
    scenario: Any,
    seed: int,
    *,
    observers: Sequence[Observer] = (),
    record: bool = False,
    luck: int | None = None,
    **options: Any,
) -> Episode:
    """Run one episode of the world that simulates a scenario; otherwise as ``run``.

    Raises:
        GoliveError: there is no such world.
    """
    scenario = as_scenario(scenario)
    kind = kind_of(scenario)
    scenario, chosen = kind.varied(scenario, options)
    told = {"observers": observers, "record": record, "luck": luck, **chosen}
    return run(kind, policy, scenario, seed, **told)


def begin_episode(policy: Policy, world: AnyWorld, observers: Sequence[Observer] = ()) -> None:
    """Ready a policy for a world: reset it, and show it the world if it asks for that."""
    policy.reset(world.seed)
    if isinstance(policy, ScenarioPolicy):
        policy.meet(world.scenario)
    if isinstance(policy, WorldPolicy):
        policy.attach(world)
    for observer in observers:
        observer.begun(world)


def play(world: AnyWorld, policy: Policy, observers: Sequence[Observer] = ()) -> int:
    """Let a policy that has begun the episode decide to its end.

    Returns:
        Decision points it was asked at.
    """
    decisions = 0
    while not world.finished:
        advance_once(world, policy, observers)
        decisions += 1
    for observer in observers:
        observer.ended(world)
    return decisions


def advance_once(world: AnyWorld, policy: Policy, observers: Sequence[Observer] = ()) -> None:
    """Let a policy decide at one decision point, and run to the next."""
    briefing, legal = world.briefing(), world.legal()
    for observer in observers:
        observer.asked(world, briefing, legal)
    decision = policy.decide(briefing, legal)
    for observer in observers:
        observer.decided(world, briefing, legal, decision)
    world.advance(decision)
    for observer in observers:
        observer.advanced(world)
