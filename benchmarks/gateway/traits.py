"""Rules that a company's traits flip: each pays on one side and costs on the other."""

from __future__ import annotations

from typing import Annotated

import typer

from benchmarks.command import CORES, JsonOption, ScenarioOption, WorkersOption, show
from benchmarks.trait_rules import TraitRules
from golive.agents.gateway.expert import Expert, changed_weights, shipped_weights
from golive.scenarios.gateway.vocabulary import CompanyTrait

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


def _expert(**weights: float) -> Expert:
    return Expert(changed_weights(shipped_weights(), **weights))


COMPARED = TraitRules(
    "gateway",
    {trait.value: rule for trait, rule in RULES.items()},
    (-SIDE, SIDE),
    _expert,
    "companies",
)


def command(
    scenario: ScenarioOption = "office",
    companies: Annotated[int, typer.Option(min=4, help="Companies of each kind.")] = 40,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Compare the dispatcher with and without a rule, where the rule's trait is low and high."""
    rows = COMPARED.measured(scenario, companies, workers)
    show(rows, [COMPARED.table(rows, scenario, companies)], as_json)


if __name__ == "__main__":
    from benchmarks.command import start

    start("benchmarks.gateway.traits")
