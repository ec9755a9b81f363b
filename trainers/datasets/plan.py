"""A recording's plan, which determines every byte of the episodes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.errors import GoliveError
from ...core.random_streams import RandomStreams, purpose
from ...sim.world_kind import WorldKind
from ...sim.worlds import world_kind
from ..evaluation.episode_rows import EpisodeTask
from ..evaluation.plan import Entrant, installed_versions, scenario_fingerprint

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario

_MIX_DRAW = purpose("datasets/policy of an episode")


@dataclass(frozen=True)
class RecordingPlan:
    """All that determines a dataset's episodes.

    Attributes:
        entrants: the policies; a path's file is known by its hash.
        scenarios: what is played, of one world.
        first_seed: of the run of consecutive seeds.
        episodes: seeds per scenario.
        mix: weights of the policies, of which one plays each seed; None: each plays every seed.
        reward: what the rewards are, as plain data.
    """

    entrants: tuple[Entrant, ...]
    scenarios: tuple[Scenario, ...]
    first_seed: int
    episodes: int
    mix: tuple[float, ...] | None
    reward: Mapping[str, Any]

    def __post_init__(self) -> None:
        for what, names in (
            ("policies", [entrant.label for entrant in self.entrants]),
            ("scenarios", [scenario.name for scenario in self.scenarios]),
        ):
            if not names or len(set(names)) < len(names):
                raise GoliveError(f"{what}: {', '.join(names)}: expected some, each only once")
        worlds = dict.fromkeys(scenario.world for scenario in self.scenarios)
        if len(worlds) > 1:
            raise GoliveError(f"scenarios: of worlds {', '.join(worlds)}: expected one world's")
        if self.episodes < 1:
            raise GoliveError(f"episodes: {self.episodes}: expected at least 1")
        if self.first_seed < 0:
            raise GoliveError(f"first seed: {self.first_seed}: expected 0 or more")
        if self.mix is not None and (
            len(self.mix) != len(self.entrants)
            or min(self.mix) < 0
            or not 0 < sum(self.mix) < math.inf  # nor NaN
        ):
            raise GoliveError(
                f"mix: {', '.join(f'{weight:g}' for weight in self.mix)}: expected a weight of "
                f"0 or more for each of {len(self.entrants)} policies"
            )

    @property
    def kind(self) -> WorldKind:
        """The world that is played."""
        return world_kind(self.scenarios[0].world)

    def keys(self) -> list[EpisodeTask]:
        """The episodes in the order of their ids."""
        seeds = range(self.first_seed, self.first_seed + self.episodes)
        return [
            EpisodeTask(policy, scenario, seed)
            for scenario in range(len(self.scenarios))
            for seed in seeds
            for policy in self._players(scenario, seed)
        ]

    def _players(self, scenario: int, seed: int) -> Sequence[int]:
        if self.mix is None:
            return range(len(self.entrants))
        shares = np.cumsum(self.mix) / sum(self.mix)
        draw = RandomStreams(seed).uniform(_MIX_DRAW, scenario)
        return (int(np.searchsorted(shares[:-1], draw, side="right")),)

    def description(self) -> dict[str, Any]:
        """The plan as a JSON value; two recordings with equal ones hold the same episodes."""
        return {
            "policies": [
                {
                    "label": entrant.label,
                    "spec": entrant.policy if isinstance(entrant.policy, str) else "",
                    "fingerprint": entrant.fingerprint,
                }
                for entrant in self.entrants
            ],
            "scenarios": [
                {
                    "name": scenario.name,
                    "fingerprint": scenario_fingerprint(scenario),
                    "content": scenario.model_dump(mode="json"),
                }
                for scenario in self.scenarios
            ],
            "first_seed": self.first_seed,
            "episodes": self.episodes,
            "mix": None if self.mix is None else list(self.mix),
            "reward": dict(self.reward),
            "versions": installed_versions(),
        }

    def reset_options(self, scenario: int) -> dict[str, Any]:
        """Options by which the recording's environment plays a scenario; it has the first."""
        played = self.scenarios[scenario]
        return {} if scenario == 0 else {"scenario": played.model_dump(mode="json")}

    def name_of(self, key: EpisodeTask) -> str:
        """Name of an episode for errors."""
        label, scenario = self.entrants[key.policy].label, self.scenarios[key.scenario].name
        return f"{label} on {scenario}, seed {key.seed}"
