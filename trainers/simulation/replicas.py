"""The replicas that a profile means: scenarios, seeds and the failures they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from ...core.errors import GoliveError
from ...scenarios.loader import load_scenario, load_suite
from ...scenarios.scenario import NO_MIX, Mix
from .profile import Failures, Profile

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

_Found = list[tuple["Scenario", range]]
"""Scenarios with their seeds."""


@dataclass(frozen=True, slots=True)
class ReplicaPlan:
    """One replica.

    Attributes:
        number: its place in the profile, from 0.
        scenario: what it plays, failures included.
        mix: what it meets on top of its scenario, by its label.
        seed: its customer and luck.
    """

    number: int
    scenario: Scenario
    mix: str
    seed: int

    @property
    def level_name(self) -> str:
        """Scenario and mix: ``furniture+corrupt_data:critical``."""
        return self.scenario.name if self.mix == NO_MIX else f"{self.scenario.name}+{self.mix}"


def plan_replicas(profile: Profile) -> tuple[ReplicaPlan, ...]:
    """The replicas of a profile.

    Scenarios come in turn. Of each scenario every further replica is the next customer, and
    meets the next mix.

    Raises:
        GoliveError: a scenario, suite or gate that cannot be loaded, or too few seeds.
    """
    found, listed = _named(profile)
    if profile.first_seed is not None:
        own = range(profile.first_seed, profile.first_seed + profile.replicas)
        found = [(scenario, own) for scenario, _ in found]
    mixes: Sequence[Mix] = listed if profile.failures is Failures.LISTED else profile.mixes
    mixes = mixes or (Mix(),)
    levels = [[_level(scenario, mix, profile) for mix in mixes] for scenario, _ in found]
    plans = []
    for number in range(profile.replicas):
        turn, place = divmod(number, len(found))
        scenario, seeds = found[place]
        if turn >= len(seeds):
            raise GoliveError(
                f"replicas: {profile.replicas}: expected at most the {len(seeds)} seeds of "
                f"{scenario.name}"
            )
        choice = turn % len(mixes)
        plans.append(ReplicaPlan(number, levels[place][choice], mixes[choice].label, seeds[turn]))
    return tuple(plans)


def _named(profile: Profile) -> tuple[_Found, Sequence[Mix]]:
    """What a profile names: scenarios with their seeds, and mixes that a suite or gate lists."""
    if profile.gate is not None:
        return _of_gate(profile.gate, profile.replicas)
    if profile.scenario is not None:
        return [(load_scenario(profile.scenario), range(profile.replicas))], ()
    suite = load_suite(str(profile.suite))
    if profile.split not in suite.splits:
        known = ", ".join(suite.splits)
        raise GoliveError(f"suite {suite.name}: split {profile.split}: expected one of {known}")
    split = suite.splits[profile.split]
    seeds = range(split.start, split.stop)
    return [(load_scenario(name), seeds) for name in suite.scenarios], suite.edge_cases


def _of_gate(name: str, replicas: int) -> tuple[_Found, Sequence[Mix]]:
    from ..evaluation.gate import scenario_with_seeds
    from ..evaluation.gate_suites import load_gate

    gate = load_gate(name)
    episodes = ceil(replicas / len(gate.scenarios))
    found = [scenario_with_seeds(gate, entry, episodes) for entry in gate.scenarios]
    kind = found[0][0].mix
    return found, [Mix(), *(kind.of([text]) for text in gate.edge_cases.texts)]


def _level(scenario: Scenario, mix: Mix, profile: Profile) -> Scenario:
    if profile.failures is Failures.NONE:
        scenario = scenario.without_failures()
    if profile.parameters:
        scenario = scenario.with_parameters(profile.parameters, own_win=True)
    return mix.met(scenario)
