"""Projects to experiment on: generated customers, altered policies, whole episodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from ....scenarios.implementation.generator import CustomerGenerator
from ....scenarios.implementation.plans import scenario_for
from ....scenarios.implementation.vocabulary import Delivery, Industry
from ....sim.episodes import begin_episode

if TYPE_CHECKING:
    from ....scenarios.implementation.customer import Customer
    from ....scenarios.implementation.scenario import ImplementationScenario
    from ....sim.implementation.briefing import Briefing
    from ....sim.implementation.decision import Decision, LegalDecisions
    from ....sim.implementation.world import ImplementationWorld
    from ....sim.policy import Policy

Alter = Callable[["Briefing", "LegalDecisions", "Decision"], "Decision"]
"""Changes a policy's decision."""


@dataclass(frozen=True, slots=True)
class Project:
    """A customer to be implemented, and the seed of its luck."""

    scenario: ImplementationScenario
    seed: int


class AlteredPolicy:
    """A policy with one thing about it changed.

    Args:
        policy: who decides otherwise.
        alter: changes each of its decisions; what it orders is legal or made neutral.
        name: of the altered policy.
    """

    def __init__(self, policy: Policy, alter: Alter, name: str) -> None:
        self.name = name
        self._policy = policy
        self._alter = alter

    def reset(self, seed: int) -> None:
        """Reset the policy."""
        self._policy.reset(seed)

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The policy's decision, altered."""
        return self._alter(briefing, legal, self._policy.decide(briefing, legal))


def projects(
    customers: int,
    first_seed: int,
    delivery: Delivery,
    parameters: Mapping[str, float],
    wanted: Callable[[Customer], bool] = lambda customer: True,
) -> list[Project]:
    """Generated customers with their plans, industries in turn.

    Args:
        customers: how many.
        first_seed: of the generator; each further round of industries takes the next one.
        delivery: by AI agents or by consultants.
        parameters: of the world, by name, in place of its own.
        wanted: whether a customer is one to experiment on.
    """
    return list(islice(_projects(first_seed, delivery, parameters, wanted), customers))


def _projects(
    first_seed: int,
    delivery: Delivery,
    parameters: Mapping[str, float],
    wanted: Callable[[Customer], bool],
) -> Iterator[Project]:
    generators = [CustomerGenerator(industry) for industry in Industry]
    for seed in count(first_seed):
        for generator in generators:
            customer = generator.generate(seed)
            if wanted(customer):
                yield Project(with_parameters(scenario_for(customer, delivery), parameters), seed)


def with_parameters(
    scenario: ImplementationScenario, parameters: Mapping[str, float]
) -> ImplementationScenario:
    """The scenario with some parameters of the world changed."""
    return scenario.model_copy(update={"parameters": {**scenario.parameters, **parameters}})


def play(
    policy: Policy,
    project: Project,
    *,
    until: Callable[[Briefing], bool] = lambda briefing: False,
    record: bool = False,
) -> ImplementationWorld:
    """The project's own customer implemented under a policy.

    Args:
        policy: who decides; reset with the project's seed.
        project: what is implemented.
        until: ends it early, at a decision point.
        record: keep events and briefings.
    """
    from ....sim.implementation.world import ImplementationWorld

    scenario = project.scenario
    world = ImplementationWorld(scenario, project.seed, customer=scenario.customer, record=record)
    begin_episode(policy, world)
    while not world.finished and not until(world.briefing()):
        world.advance(policy.decide(world.briefing(), world.legal()))
    return world


def state_of(world: ImplementationWorld) -> Mapping[str, Any]:
    """The whole state of a world as plain data: the truth that no briefing tells."""
    state: Mapping[str, Any] = world.snapshot().payload["state"]
    return state
