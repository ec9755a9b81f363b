"""Rules that a customer's traits flip: each pays on one side and costs on the other."""

from __future__ import annotations

from typing import Annotated

import typer

from benchmarks.command import CORES, JsonOption, ScenarioOption, WorkersOption, show
from benchmarks.trait_rules import TraitRules
from golive.agents.migration.expert import Expert, changed_parameters
from golive.scenarios.migration.vocabulary import CustomerTrait

_NEVER, _ALWAYS = 1e9, -1e9
RULES: dict[CustomerTrait, tuple[str, dict[str, float], dict[str, float]]] = {
    CustomerTrait.SISTERS: (
        "merge who share a name and a number",
        {"merge_to_alike": _ALWAYS, "bold_to_alike": _ALWAYS},
        {"merge_to_alike": _NEVER, "bold_to_alike": _ALWAYS},
    ),
    CustomerTrait.GUESSING: (
        "ask for values up to three times",
        {"most_gap_questions": 0.0},
        {"most_gap_questions": 3.0, "most_wrong": 1.0},
    ),
    CustomerTrait.OLD_IMPORT: (
        "read every table by hand",
        {"hand_readings": 0.0},
        {"hand_readings": 1.0, "hand_from_found": 0.0},
    ),
    CustomerTrait.RESTLESS: (
        "freeze early",
        {"restless_rows": _NEVER},
        {"restless_rows": _ALWAYS, "freeze_left": 0.4},
    ),
    CustomerTrait.STRICT_OWNER: (
        "ask for signatures early",
        {"sign_refused": -1.0, "sign_lax": -1.0},
        {"sign_refused": 0.25, "sign_lax": 0.25},
    ),
}
"""The rule of each trait: in words, and the expert's parameters without and with it."""


def _expert(**values: float) -> Expert:
    return Expert(changed_parameters(**values))


COMPARED = TraitRules(
    "migration",
    {trait.value: rule for trait, rule in RULES.items()},
    (False, True),
    _expert,
    "customers",
)


def command(
    scenario: ScenarioOption = "workshop-data",
    customers: Annotated[int, typer.Option(min=4, help="Customers of each kind.")] = 30,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Compare the expert with and without a rule, where the rule's trait is false and true."""
    rows = COMPARED.measured(scenario, customers, workers)
    show(rows, [COMPARED.table(rows, scenario, customers)], as_json)


if __name__ == "__main__":
    from benchmarks.command import start

    start("benchmarks.migration.traits")
