"""Rules that a company's traits flip: each pays on one side and costs on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import typer

from benchmarks.command import CORES, SEED, JsonOption, ScenarioOption, WorkersOption, show
from golive.agents.gateway.expert import Expert, changed_weights, shipped_weights
from golive.core.execution import map_tasks
from golive.core.tables import Table, right
from golive.scenarios.gateway.vocabulary import CompanyTrait
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.intervals import student_half_width

SIDE = 0.8
"""Of the trait, on its two sides; it is drawn between .5 and 1."""
RULES: dict[CompanyTrait, tuple[str, dict[str, float], dict[str, float]]] = {
    CompanyTrait.LABELS: (
        *("go by the label, not by the text", {"label": 0.0, "read": 0.5}),
        {"label": 0.5, "read": 0.0},
    ),
    CompanyTrait.CANDOUR: ("believe the confident", {"confidence": 0.0}, {"confidence": 0.8}),
    CompanyTrait.HASTE: (
        *("hurry", {"half_life_hours": 300.0}),
        {"half_life_hours": 8.0},
    ),
    CompanyTrait.VAGUENESS: (
        *("ask about what is vague", {"ask_from_usd": 1e6}),
        {"ask_from_usd": 5.0},
    ),
    CompanyTrait.JOINTS: (
        *("split what is long", {"split_from_hours": 1e6}),
        {"split_from_hours": 1.5},
    ),
    CompanyTrait.HARM: ("be careful", {"harm": 0.05}, {"harm": 0.9}),
    CompanyTrait.PRICE: ("take the price for a sign", {"price": -0.5}, {"price": 0.5}),
    CompanyTrait.SPECIALISATION: (
        *("go by the trade, not by the record", {"home": 0.0, "record": 0.8}),
        {"home": 1.2, "record": 0.1},
    ),
}
"""The rule of each trait: in words, and the dispatcher's weights without and with it."""


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


def _score(scenario: str, one: tuple[CompanyTrait, float, bool, int]) -> float:
    trait, side, follows, seed = one
    _, without, with_it = RULES[trait]
    kind, found = world_kind("gateway"), load_scenario(scenario)
    met = found.model_validate({**found.model_dump(), "traits": {trait.value: side}})
    expert = Expert(changed_weights(shipped_weights(), **(with_it if follows else without)))
    return kind.score_of(run(kind, expert, met, seed).scorecard)


def measured_rows(scenario: str, companies: int, workers: int) -> list[TraitRow]:
    """Each trait's rule on companies that are alike but for it."""
    work = [
        (trait, side, follows, SEED + company)
        for trait in RULES
        for side in (-SIDE, SIDE)
        for follows in (False, True)
        for company in range(companies)
    ]
    scores = np.array(map_tasks(partial(_score, scenario), work, workers=workers))
    gains = np.diff(scores.reshape(len(RULES), 2, 2, companies), axis=2)[:, :, 0]
    return [
        TraitRow(
            *(trait.value, RULES[trait][0], float(low.mean()), student_half_width([low], 0.95)),
            *(float(high.mean()), student_half_width([high], 0.95)),
        )
        for trait, (low, high) in zip(RULES, gains, strict=True)
    ]


def trait_table(rows: Sequence[TraitRow], scenario: str, companies: int) -> Table:
    """The rows as a table."""
    return Table(
        f"Score with a rule less without it; {companies} companies of {scenario}; 95 % intervals",
        ("trait", "rule", *map(right, ("where low", "where high"))),
        [
            (
                *(row.trait, row.rule, f"{row.low:+.3f} ±{row.low_half_width:.3f}"),
                f"{row.high:+.3f} ±{row.high_half_width:.3f}",
            )
            for row in rows
        ],
    )


def command(
    scenario: ScenarioOption = "office",
    companies: Annotated[int, typer.Option(min=4, help="Companies of each kind.")] = 40,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Compare the dispatcher with and without a rule, where the rule's trait is low and high."""
    rows = measured_rows(scenario, companies, workers)
    show(rows, [trait_table(rows, scenario, companies)], as_json)


if __name__ == "__main__":
    from benchmarks.command import start

    start("benchmarks.gateway.traits")
