"""Levels: a scenario met with a mix of edge cases or an opponent; with a seed, one episode."""

from __future__ import annotations

from .edge_cases import parse_edge_case, with_edge_cases
from .loader import load_scenario
from .mixes import NO_MIX, Mix
from .records import changed
from .scenario import Disruption, Scenario, Suite


def with_mix(scenario: Scenario, mix: Mix, *, rename: bool = False) -> Scenario:
    """The scenario met with a mix.

    Args:
        scenario: any; its own disruptions stay, an opponent of the mix takes its own's place.
        mix: what is added.
        rename: call it ``scenario+mix``, so that tables can tell it from the scenario itself.
    """
    fields: dict[str, object] = {}
    plan = mix.opponent_plan()
    if plan is not None:
        fields["opponent"] = plan
    if rename and mix.label != NO_MIX:
        fields["name"] = f"{scenario.name}+{mix.label}"
    if mix.edge_cases:
        rows = [parse_edge_case(text) for text in mix.edge_cases]
        scenario = with_edge_cases(scenario, rows)
    return changed(scenario, **fields) if fields else scenario


def suite_scenarios(suite: Suite) -> tuple[Scenario, ...]:
    """What a suite judges policies on: each scenario, met with each of the suite's mixes.

    Raises:
        GoliveError: a scenario that cannot be loaded.
    """
    scenarios = [load_scenario(name) for name in suite.scenarios]
    mixes = suite.edge_cases or (Mix(),)
    return tuple(with_mix(scenario, mix, rename=True) for scenario in scenarios for mix in mixes)


def level_name(scenario: Scenario) -> str:
    """What is played, in words: ``furniture+corrupt_data:critical+opponent:adaptive:8``.

    The scenario, each of its disruptions and its opponent; the customer's seed is not in it.
    """
    parts = [scenario.name.partition("+")[0], *map(edge_case_text, scenario.disruptions)]
    if scenario.opponent is not None:
        parts.append(f"opponent:{scenario.opponent.label}")
    return "+".join(parts)


def edge_case_text(row: Disruption) -> str:
    """A disruption as on a command line (its probability has no place there)."""
    text = f"{row.kind}:{row.severity}"
    if row.amount is not None:
        text += f":{row.amount:g}"
    elif row.names:
        text += f":{','.join(row.names)}"
    return text if row.day is None else f"{text}@{row.day}"
