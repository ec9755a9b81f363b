"""Edge cases in tests: the furniture customer with one of them, played or ignored."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean

from world_helpers import Decide, decider, furniture

from golive.scenarios.implementation.disruption import Disruption
from golive.scenarios.implementation.edge_cases import with_edge_cases
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.implementation.vocabulary import DisruptionKind, Severity
from golive.sim.implementation.state import DisruptionState, Package, Status
from golive.sim.implementation.world import ImplementationWorld

ONSET_DAY = 5


def with_case(
    kind: DisruptionKind,
    severity: Severity = Severity.CRITICAL,
    *,
    day: int = ONSET_DAY,
    scenario: ImplementationScenario | None = None,
    amount: float | None = None,
    names: Iterable[str] = (),
) -> ImplementationScenario:
    """A scenario with one edge case at a fixed day; the furniture customer unless said."""
    row = Disruption(kind=kind, severity=severity, day=day, amount=amount, names=tuple(names))
    return with_edge_cases(scenario or furniture(), [row])


def of(world: ImplementationWorld) -> DisruptionState:
    """Its record in the state (private: there is no public access to what is not noticed)."""
    return world._state.disruptions[0]


def responses(world: ImplementationWorld) -> list[Package]:
    """The packages that mend it."""
    return [world._state.packages[index] for index in of(world).responses]


def until_noticed(world: ImplementationWorld, decide: Decide | None = None) -> None:
    """Play until the morning after it came to light."""
    decide = decide or decider("expert")
    while not of(world).noticed and not world.finished:
        world.advance(decide(world.briefing(), world.legal()))


def ignored(scenario: ImplementationScenario, seed: int) -> ImplementationWorld:
    """A world under the expert in which nobody ever works on what mends it."""
    world, decide = ImplementationWorld(scenario, seed), decider("expert")
    while not world.finished:
        for package in responses(world):
            if package.status in (Status.READY, Status.WAITING):
                world.mechanisms.work.set_status(package, Status.BLOCKED)
        world.advance(decide(world.briefing(), world.legal()))
    return world


def mean_score(worlds: Iterable[ImplementationWorld]) -> float:
    """Mean go-live score."""
    return fmean(world.scorecard().go_live_score for world in worlds)
