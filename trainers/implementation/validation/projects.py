"""Projects to experiment on: generated customers, altered policies, whole episodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING, Any, TypeVar

from ....scenarios.implementation.customer import Customer
from ....scenarios.implementation.generator import CustomerGenerator
from ....scenarios.implementation.plans import scenario_for
from ....scenarios.implementation.scenario import ImplementationScenario
from ....scenarios.implementation.vocabulary import Delivery, Industry
from ....sim.episodes import advance_once, begin_episode
from ....sim.implementation.briefing import Briefing
from ....sim.implementation.decision import Decision, LegalDecisions
from ....sim.policy import Policy

if TYPE_CHECKING:
    from ....sim.implementation.world import ImplementationWorld

T = TypeVar("T")
Alter = Callable[[Briefing, LegalDecisions, Decision], Decision]
"""Changes a policy's decision."""


@dataclass(frozen=True, slots=True)
class Project:
    """A customer to be implemented, and the seed of its luck."""

    scenario: ImplementationScenario
    seed: int

    def with_parameters(self, parameters: Mapping[str, float]) -> Project:
        """The same project in a world some of whose parameters are changed."""
        own = self.scenario
        changed = own.model_copy(update={"parameters": {**own.parameters, **parameters}})
        return Project(changed, self.seed)


@dataclass(frozen=True, slots=True)
class Sample:
    """Customers to experiment on.

    Attributes:
        customers: how many.
        first_seed: of the generator; each further round of industries takes the next one.
        parameters: of the world, by name, in place of its own.
    """

    customers: int
    first_seed: int
    parameters: Mapping[str, float]

    def projects(
        self,
        delivery: Delivery = Delivery.CONVENTIONAL,
        wanted: Callable[[Customer], bool] = lambda customer: True,
    ) -> list[Project]:
        """Generated customers that are wanted, with their plans, industries in turn."""
        return list(islice(self._projects(delivery, wanted), self.customers))

    def _projects(
        self, delivery: Delivery, wanted: Callable[[Customer], bool]
    ) -> Iterator[Project]:
        generators = [CustomerGenerator(industry) for industry in Industry]
        for seed in count(self.first_seed):
            for generator in generators:
                customer = generator.generate(seed)
                if wanted(customer):
                    project = Project(scenario_for(customer, delivery), seed)
                    yield project.with_parameters(self.parameters)


class AlteredPolicy:
    """A policy with one thing about it changed: orders are legal or made neutral."""

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


def play(
    policy: Policy,
    project: Project,
    *,
    until: Callable[[Briefing], bool] = lambda briefing: False,
    record: bool = False,
) -> ImplementationWorld:
    """The project's own customer implemented under a policy, or until a decision point."""
    from ....sim.implementation.world import ImplementationWorld

    scenario = project.scenario
    world = ImplementationWorld(scenario, project.seed, customer=scenario.customer, record=record)
    begin_episode(policy, world)
    while not world.finished and not until(world.briefing()):
        advance_once(world, policy)
    return world


def in_arms(cases: Sequence[Project], *arms: Callable[[Project], T | None]) -> list[tuple[T, ...]]:
    """The outcome of each project in each arm of an experiment; None leaves the project out."""
    played = ([arm(case) for arm in arms] for case in cases)
    rows = (tuple(one for one in row if one is not None) for row in played)
    return [row for row in rows if len(row) == len(arms)]


def state_of(world: ImplementationWorld) -> Mapping[str, Any]:
    """The whole state of a world as plain data: the truth that no briefing tells."""
    state: Mapping[str, Any] = world.snapshot().payload["state"]
    return state
