"""Golden digests: the futures that this version of the world gives to fixed seeds.

A change of the dynamics, meant or not, changes them. When it is meant, renew them and say in
the changelog that results before and after cannot be compared::

    .venv/bin/python tests/sim/golden_digests.py --write

Without ``--write`` it prints what differs and exits with 1 if anything does.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from golive.agents.registry import load_policy
from golive.core.files import write_text_atomically
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.world import ImplementationWorld

FILE = Path(__file__).with_suffix(".json")
SCENARIOS = (
    "furniture",
    "furniture-conventional",
    "electrical-equipment",
    "injection-moulding",
    "textile-knitting",
)
POLICIES = ("expert", "random", "plan_follower")
SEEDS = (0, 100_001)
EARLY_DECISIONS = 10


class Golden(TypedDict):
    """One episode: hashes of its state, and two figures that a reader can judge."""

    start: str
    early: str
    end: str
    days: int
    go_live_score: float


def cases() -> Iterator[str]:
    """Names of the episodes: scenario, policy, seed."""
    for scenario in SCENARIOS:
        for policy in POLICIES:
            for seed in SEEDS:
                yield f"{scenario}/{policy}/{seed}"


def episode(case: str) -> Golden:
    """Play an episode.

    Args:
        case: its name, from ``cases()``.
    """
    scenario, name, seed_text = case.split("/")
    seed = int(seed_text)
    world, policy = ImplementationWorld(load_scenario(scenario), seed), load_policy(name)
    policy.reset(seed)
    start = early = world.digest()
    decisions = 0
    while not world.finished:
        world.advance(policy.decide(world.briefing(), world.legal()))
        decisions += 1
        if decisions <= EARLY_DECISIONS:
            early = world.digest()
    card = world.scorecard()
    return Golden(
        start=start,
        early=early,
        end=world.digest(),
        days=card.days,
        go_live_score=round(card.go_live_score, 9),
    )


def stored() -> dict[str, Golden]:
    """The golden digests of the file by case."""
    rows: dict[str, Golden] = json.loads(FILE.read_text(encoding="utf-8"))
    return rows


def main(arguments: list[str]) -> int:
    """Compare, or write; 0: equal or written, 1: something differs."""
    parser = argparse.ArgumentParser(description="Compare the golden digests, or renew them.")
    parser.add_argument("--write", action="store_true", help="renew the file")
    write = parser.parse_args(arguments).write
    rows = {case: episode(case) for case in cases()}
    if write:
        write_text_atomically(FILE, json.dumps(rows, indent=1) + "\n")
        print(f"{FILE}: {len(rows)} episodes")
        return 0
    old = stored() if FILE.exists() else {}
    differing = [case for case in rows if rows[case] != old.get(case)]
    for case in differing:
        print(f"{case}: {old.get(case)} -> {rows[case]}")
    print(f"{len(differing)} of {len(rows)} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
