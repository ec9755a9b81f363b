"""Rules that a latent trait flips: each pays on one side and costs on the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.command import SEED
from golive.core.execution import map_tasks
from golive.core.records import changed
from golive.core.tables import Table, right
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run
from golive.sim.policy import Policy
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.intervals import student_half_width


@dataclass(frozen=True)
class TraitRules:
    """A rule for each trait of a world's scenarios, and the expert without and with it.

    Attributes:
        world: its name.
        rules: in words, and the expert's numbers without and with it, by the trait's name.
        sides: values that a scenario gives a trait, the low one first.
        expert: makes the expert from changed numbers.
        instances: word for what is compared, such as companies.
    """

    world: str
    rules: Mapping[str, tuple[str, dict[str, float], dict[str, float]]]
    sides: tuple[Any, Any]
    expert: Callable[..., Policy]
    instances: str

    def measured(self, scenario: str, instances: int, workers: int) -> list[TraitRow]:
        """Each trait's rule on instances that are alike but for it."""
        work = [
            (trait, side, follows, SEED + number)
            for trait in self.rules
            for side in self.sides
            for follows in (False, True)
            for number in range(instances)
        ]
        scores = np.array(map_tasks(partial(_score, self, scenario), work, workers=workers))
        gains = np.diff(scores.reshape(len(self.rules), 2, 2, instances), axis=2)[:, :, 0]
        return [
            TraitRow(
                *(trait, self.rules[trait][0]),
                *(float(low.mean()), student_half_width([low], 0.95)),
                *(float(high.mean()), student_half_width([high], 0.95)),
            )
            for trait, (low, high) in zip(self.rules, gains, strict=True)
        ]

    def table(self, rows: Sequence[TraitRow], scenario: str, instances: int) -> Table:
        """The rows as a table."""
        return Table(
            f"Score with a rule less without it; {instances} {self.instances} of {scenario}; "
            "95 % intervals",
            ("trait", "rule", *map(right, ("where low", "where high"))),
            [
                (
                    *(row.trait, row.rule, f"{row.low:+.3f} ±{row.low_half_width:.3f}"),
                    f"{row.high:+.3f} ±{row.high_half_width:.3f}",
                )
                for row in rows
            ],
        )


@dataclass(frozen=True, slots=True)
class TraitRow:
    """Gain of a rule where a trait is low and where it is high; 95 % intervals.

    Attributes:
        trait: its name.
        rule: in words.
        low: score with the rule less without, where the trait is low.
        low_half_width: of its interval.
        high: likewise where it is high.
        high_half_width: of its interval.
    """

    trait: str
    rule: str
    low: float
    low_half_width: float
    high: float
    high_half_width: float


def _score(rules: TraitRules, scenario: str, one: tuple[str, Any, bool, int]) -> float:
    trait, side, follows, seed = one
    _, without, with_it = rules.rules[trait]
    kind = world_kind(rules.world)
    met = changed(load_scenario(scenario), traits={trait: side})
    policy = rules.expert(**(with_it if follows else without))
    return kind.score_of(run(kind, policy, met, seed).scorecard)
