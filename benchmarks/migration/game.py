"""The migration world's part in the measurement of its game: ways, edits, bounds, probes.

What stays the same is the customer, with its traits and its tables; luck is what people know, what
the business changes, and what samples show.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.game_ground import Ground
from benchmarks.game_kind import EXPERT, GameKind, Sizes
from benchmarks.game_play import Case
from benchmarks.game_report import Figure, Target, Unit
from benchmarks.game_rows import COMMON_ROWS, Row, or_nothing
from golive.agents.migration.expert import RANGES, Expert, changed_parameters, shipped_parameters
from golive.agents.migration.kind import KIND
from golive.agents.registry import load_policy
from golive.scenarios.migration.scenario import MigrationScenario
from golive.sim.world_kind import PolicyFactory

BOUNDS = "bounds and learners"
READER, ORACLE = "trait_reader", "oracle"
_NEVER, _ALWAYS = 1e9, -1e9
WAYS: dict[str, dict[str, float]] = {
    "a mock load half-way": {"mock_left": 0.5},
    "a mock load at once": {"mock_left": 0.9},
    "no hands": {"hand_readings": 0.0},
    "hands wherever something is found": {"hand_readings": 2.0, "hand_from_found": 0.03},
    "freeze early": {"freeze_left": 0.7, "restless_rows": _ALWAYS},
    "never freeze": {"restless_rows": _NEVER},
    "freeze late, refresh": {"freeze_left": 0.1, "restless_rows": _ALWAYS, "refresh_left": 0.1},
    "never merge": {"merge_to_alike": _ALWAYS, "bold_to_alike": _ALWAYS},
    "merge whoever shares a number": {"merge_to_alike": _NEVER, "bold_to_alike": _ALWAYS},
    "ask for everything": {
        "gaps_from": 0.0,
        "most_gap_questions": 6.0,
        "patience": 10.0,
        "most_wrong": 1.0,
    },
    "ask for no values": {"most_gap_questions": 0.0},
    "ask about duplicates": {"ask_duplicates_from": 0.2},
    "ask the order of all dates": {"date_evidence": 2.0},
    "sign everything": {"sign_refused": 0.3, "sign_lax": 0.3},
    "sign nothing": {"sign_refused": -1.0, "sign_lax": -1.0},
    "map by names": {"check_from_rows": _NEVER},
}
"""Ways of working: the expert's parameters that differ."""


def case_of(scenario: MigrationScenario, seed: int, first_luck: int) -> Case:
    """The customer that a seed draws."""
    return Case(scenario, first_luck, seed=seed)


def _changed(name: str, values: Mapping[str, float]) -> Expert:
    return Expert(changed_parameters(**values), name)


def ways() -> dict[str, PolicyFactory]:
    """Ways of working that could be right, the expert's own first."""
    made: dict[str, PolicyFactory] = {EXPERT: partial(load_policy, EXPERT, KIND)}
    return made | {name: partial(_changed, name, values) for name, values in WAYS.items()}


def follies() -> dict[str, PolicyFactory]:
    """Policies that must lose."""
    return {f"probe: {name}": partial(load_policy, name, KIND) for name in KIND.probes}


def edits() -> dict[str, PolicyFactory]:
    """The expert with one parameter changed: a fifth of its range down and up, and to its ends."""
    made: dict[str, PolicyFactory] = {}
    for name, (least, most) in RANGES.items():
        old, step = float(getattr(shipped_parameters(), name)), 0.2 * (most - least)
        both = {min(most, max(least, old - step)), min(most, max(least, old + step))}
        for new in sorted((both | {least, most}) - {old}):
            label = f"{name} = {new:.3g}"
            made[label] = partial(_changed, label, {name: new})
    return made


def bounds_row(ground: Ground) -> list[Figure]:
    """The policies that know the traits, or have lived through the episode, minus the expert."""
    names = (READER, ORACLE)
    customers = ground.sizes.planner_customers
    policies = {name: ground.policy_of(name) for name in names}
    rows = ground.compared(BOUNDS, policies, customers, 2)
    return [
        Figure(f"bounds.{row.name}", f"{row.name}, minus {EXPERT}", Unit.SD, or_nothing(row.gain))
        for row in rows
    ]


ROWS: dict[str, Row] = {**COMMON_ROWS, "bounds": bounds_row}
"""Measurements by name."""
TARGETS = {
    "paired.customer": Target("≥ 25 %", least=0.25),
    "paired.decent": Target("≥ 12", least=12),
    "chosen.gain": Target("> 0", least=1e-9),
    "edits.gaining": Target("0", most=0),
    "reward.misled": Target("0", most=0),
    "probes.largest": Target("< 0", most=-1e-9),
    f"bounds.{READER}": Target("> 0", least=1e-9),
    f"bounds.{ORACLE}": Target("≥ +0.5", least=0.5),
}
"""Bounds to be reached, by the figure's key."""

GAME = GameKind(
    world=KIND.name,
    subject="customer",
    case=case_of,
    ways=ways,
    follies=follies,
    edits=edits,
    rows=ROWS,
    targets=TARGETS,
    games=("workshop-data",),
    quick=Sizes(16, 2, 8, 2, 8, 8),  # about 1,900 episodes of half a second
    full=Sizes(60, 4, 30, 2, 24, 8),  # about 14,000
)
"""The world's part."""
