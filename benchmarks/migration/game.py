"""The game of the migration: ways of working, edits of the expert, who knows, who learned."""

from __future__ import annotations

from functools import partial

from benchmarks.world_game import WorldGame, game_command
from golive.agents.migration.expert import RANGES, Expert, changed_parameters, shipped_parameters
from golive.agents.migration.oracle import Oracle, TraitReader
from golive.sim.policy import Policy

_NEVER, _ALWAYS = 1e9, -1e9
WAYS: dict[str, dict[str, float]] = {
    "no mock load": {"mock_left": 0.0},
    "mock load at once": {"mock_left": 0.9},
    "no hands": {"hand_readings": 0.0},
    "hands twice": {"hand_readings": 2.0, "hand_from_found": 0.03},
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
    "ask about no duplicates": {"ask_duplicates_from": 2.0},
    "ask the order of all dates": {"date_evidence": 2.0},
    "sign everything": {"sign_refused": 0.3, "sign_lax": 0.3},
    "map by names": {"check_from_rows": _NEVER},
}
"""Ways of working: the expert's parameters that differ."""


def _way(values: dict[str, float]) -> Policy:
    return Expert(changed_parameters(**values))


def edits() -> dict[str, dict[str, float]]:
    """Each parameter a fifth of its range lower and higher, within it."""
    found = {}
    for name, (least, most) in RANGES.items():
        now, step = getattr(shipped_parameters(), name), 0.2 * (most - least)
        for word, value in (("less", max(least, now - step)), ("more", min(most, now + step))):
            if value != now:
                found[f"{name} {word}"] = {name: value}
    return found


GAME = WorldGame(
    world="migration",
    instance="customer",
    ways={name: partial(_way, values) for name, values in WAYS.items()},
    edits={name: partial(_way, values) for name, values in edits().items()},
    knowing={"trait_reader": TraitReader, "oracle": Oracle},
    learners={},
)
command = game_command(GAME)
