"""Worlds for tests: the furniture scenario altered, and played under a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from statistics import fmean

from golive.agents.registry import load_policy
from golive.scenarios.implementation.customer import Customer
from golive.scenarios.implementation.plan import Wave
from golive.scenarios.implementation.scenario import ImplementationScenario, Variation
from golive.scenarios.implementation.vocabulary import Workstream
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.briefing import Briefing
from golive.sim.implementation.decision import (
    NO_FOCUS,
    ROLE_COUNT,
    WORKSTREAMS,
    Decision,
    LegalDecisions,
    Move,
    Pace,
)
from golive.sim.implementation.parameters import PARAMETERS, PRIOR
from golive.sim.implementation.state import Package, PackageKind
from golive.sim.implementation.world import ImplementationWorld

UNCALIBRATED = {
    row.name: row.value
    for row, used in zip(PRIOR, PARAMETERS, strict=True)
    if row.value != used.value
}
"""Mechanisms are tested at their rows' own values; what calibration chooses moves outcomes."""
NO_STEERING = 1_000_000
"""A day after every end."""

_PLAIN = {"variation": Variation(), "disruptions": (), "parameters": UNCALIBRATED}

Decide = Callable[[Briefing, LegalDecisions], Decision]


@cache
def furniture() -> ImplementationScenario:
    """The reference customer itself: no family around it, no outage."""
    scenario = load_scenario("furniture")
    return scenario.model_copy(update=_PLAIN)


@cache
def conventional() -> ImplementationScenario:
    """The same customer, a year with consultants."""
    scenario = load_scenario("furniture-conventional")
    return scenario.model_copy(update=_PLAIN)


def with_parameters(
    scenario: ImplementationScenario, **parameters: float
) -> ImplementationScenario:
    """The scenario with some parameters of the world changed."""
    return scenario.model_copy(update={"parameters": {**scenario.parameters, **parameters}})


def with_customer(scenario: ImplementationScenario, **fields: object) -> ImplementationScenario:
    """The scenario with its customer changed (validated)."""
    customer = Customer.model_validate({**scenario.customer.__dict__, **fields})
    return scenario.model_copy(update={"customer": customer})


def without_challenge(scenario: ImplementationScenario, *names: str) -> ImplementationScenario:
    """The scenario without the named challenges of its customer."""
    kept = tuple(c for c in scenario.customer.challenges if c.name not in names)
    assert len(kept) == len(scenario.customer.challenges) - len(names), names
    return with_customer(scenario, challenges=kept)


def two_sites(scenario: ImplementationScenario) -> ImplementationScenario:
    """The customer at two sites that go live in two waves, two weeks apart."""
    pilot = scenario.customer.sites[0]
    sites = (
        pilot.model_copy(update={"employees": 90}),
        pilot.model_copy(
            update={"name": "Montreal", "country": "CA", "language": "fr", "currency": "CAD"}
            | {"time_zone": "America/Toronto", "employees": 60}
        ),
    )
    weeks = scenario.plan.weeks
    waves = (Wave(sites=(pilot.name,), week=weeks), Wave(sites=("Montreal",), week=weeks + 2))
    plan = scenario.plan.model_copy(update={"weeks": weeks + 2, "waves": waves})
    return with_customer(scenario, sites=sites).model_copy(update={"plan": plan})


def focus(*workstreams: Workstream | None) -> tuple[int, ...]:
    """A focus per role; one workstream stands for all roles."""
    wanted = workstreams * ROLE_COUNT if len(workstreams) == 1 else workstreams
    return tuple(NO_FOCUS if name is None else WORKSTREAMS.index(name) for name in wanted)


def order(
    *workstreams: Workstream | None, pace: Pace = Pace.NORMAL, move: Move = Move.NONE
) -> Decision:
    """A decision."""
    return Decision(focus(*workstreams) if workstreams else focus(None), pace, move)


def decider(name: str, seed: int = 0) -> Decide:
    """A baseline's decisions."""
    policy = load_policy(name)
    policy.reset(seed)
    return policy.decide


def expert_at(pace: Pace) -> Decide:
    """The expert at a pace of ours."""
    decide = decider("expert")

    def paced(briefing: Briefing, legal: LegalDecisions) -> Decision:
        decision = decide(briefing, legal)
        return Decision(decision.focus, pace, decision.move)

    return paced


def play(world: ImplementationWorld, decide: Decide, days: int | None = None) -> None:
    """Advance to the end, or until a day."""
    while not world.finished and (days is None or world.briefing().calendar.day < days):
        world.advance(decide(world.briefing(), world.legal()))


def played(
    scenario: ImplementationScenario, seed: int, policy: str = "expert", *, record: bool = False
) -> ImplementationWorld:
    """A finished world."""
    world = ImplementationWorld(scenario, seed, record=record)
    play(world, decider(policy, seed))
    return world


def idle(
    scenario: ImplementationScenario, seed: int = 0, days: int = 0, first: Decision | None = None
) -> ImplementationWorld:
    """A world in which nobody works for some days, and no committee meets that would stop it."""
    world = ImplementationWorld(scenario, seed)
    world._state.next_steering_day = NO_STEERING
    if first is not None:
        world.advance(first)
    play(world, lambda *_: order(), days)
    return world


def packages(world: ImplementationWorld, *kinds: PackageKind) -> list[Package]:
    """Work packages of some kinds (private state: there is no public list of packages)."""
    return [package for package in world._state.packages if package.kind in kinds]


def mean_of(worlds: Iterable[ImplementationWorld], figure: str) -> float:
    """Mean of a scorecard's figure."""
    return fmean(float(getattr(world.scorecard(), figure)) for world in worlds)
