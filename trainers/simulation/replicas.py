"""The replicas that a profile means: scenarios, seeds and the failures they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from ...core.errors import GoliveError
from ...scenarios.scenario import NO_MIX, Mix
from .profile import Failures, Profile

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

_AS_IT_IS = (Mix(),)


@dataclass(frozen=True, slots=True)
class ReplicaPlan:
    """One replica.

    Attributes:
        number: its place in the profile, from 0.
        level: place of what it plays among the profile's levels.
        scenario: its scenario's name.
        mix: what it meets on top of the scenario, by its label.
        seed: its customer and luck.
    """

    number: int
    level: int
    scenario: str
    mix: str
    seed: int

    @property
    def level_name(self) -> str:
        """Scenario and mix: ``furniture+corrupt_data:critical``."""
        return self.scenario if self.mix == NO_MIX else f"{self.scenario}+{self.mix}"


@dataclass(frozen=True, slots=True)
class ReplicaPlans:
    """All replicas of a profile.

    Attributes:
        levels: scenarios, each with a mix.
        plans: replicas, in the order of their numbers.
    """

    levels: tuple[Scenario, ...]
    plans: tuple[ReplicaPlan, ...]

    @property
    def world(self) -> str:
        """Name of the scenarios' world."""
        return self.levels[0].world

    def scenario(self, plan: ReplicaPlan) -> Scenario:
        """The scenario that a replica plays."""
        return self.levels[plan.level]


def plan_replicas(profile: Profile) -> ReplicaPlans:
    """The replicas of a profile.

    Scenarios come in turn. Of each scenario every further replica is the next customer, and
    meets the next mix.

    Raises:
        GoliveError: a scenario, suite or gate that cannot be loaded, or too few seeds.
    """
    found, listed = _named(profile)
    mixes = _mixes(profile, listed)
    levels = [_level(with_own, mix, profile) for with_own, _, _ in found for mix in mixes]
    plans = []
    for number in range(profile.replicas):
        position, turn = number % len(found), number // len(found)
        with_own, start, stop = found[position]
        first = start if profile.first_seed is None else profile.first_seed
        if stop is not None and profile.first_seed is None and first + turn >= stop:
            raise GoliveError(
                f"replicas: {profile.replicas}: expected at most the {stop - start} seeds of "
                f"{with_own.name}"
            )
        choice = turn % len(mixes)
        plans.append(
            ReplicaPlan(
                number=number,
                level=position * len(mixes) + choice,
                scenario=with_own.name,
                mix=mixes[choice].label,
                seed=first + turn,
            )
        )
    return ReplicaPlans(tuple(levels), tuple(plans))


_Found = tuple["Scenario", int, int | None]
"""A scenario, its first seed, and the first that is no longer its own (None: no limit)."""


def _named(profile: Profile) -> tuple[list[_Found], Sequence[Mix]]:
    """What a profile names: scenarios with their seeds, and mixes that a suite or gate lists."""
    from ...scenarios.loader import load_scenario, load_suite

    if profile.scenario is not None:
        return [(load_scenario(profile.scenario), 0, None)], ()
    if profile.gate is not None:
        return _of_gate(profile.gate, profile.replicas)
    assert profile.suite is not None
    suite = load_suite(profile.suite)
    if profile.split not in suite.splits:
        known = ", ".join(suite.splits)
        raise GoliveError(f"suite {suite.name}: split {profile.split}: expected one of {known}")
    seeds = suite.splits[profile.split]
    found: list[_Found] = [
        (load_scenario(name), seeds.start, seeds.stop) for name in suite.scenarios
    ]
    return found, suite.edge_cases


def _of_gate(name: str, replicas: int) -> tuple[list[_Found], Sequence[Mix]]:
    from ..evaluation.gate import scenario_with_seeds
    from ..evaluation.gate_suites import load_gate

    gate = load_gate(name)
    found: list[_Found] = []
    for entry in gate.scenarios:
        scenario, seeds = scenario_with_seeds(gate, entry, ceil(replicas / len(gate.scenarios)))
        found.append((scenario, seeds.start, seeds.stop))
    kind = found[0][0].mix
    return found, [Mix(), *(kind.of([text]) for text in gate.edge_cases.texts)]


def _mixes(profile: Profile, listed: Sequence[Mix]) -> Sequence[Mix]:
    if profile.failures is Failures.MIXES:
        return profile.mixes
    if profile.failures is Failures.LISTED and listed:
        return listed
    return _AS_IT_IS


def _level(scenario: Scenario, mix: Mix, profile: Profile) -> Scenario:
    if profile.failures is Failures.NONE:
        scenario = scenario.without_failures()
    if profile.parameters:
        scenario = scenario.with_parameters(profile.parameters, own_win=True)
    return mix.met(scenario)
