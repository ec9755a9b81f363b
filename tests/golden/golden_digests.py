"""Golden digests: what this version of golive gives to fixed seeds, on every Python and platform.

- ``episodes``: states of the world after its start, after ten decisions and at the end.
- ``numbers``: what a learner sees in an episode: observations, masks and rewards, bit for bit.
- ``gateway``: the same of the gateway's world, under rules that compare and never compute.
- ``bandit``: the bandit view of the gateway's tasks, with every choice's result.
- ``customers``: generated customers.
- ``tables``: quantiles from which everything is drawn.

A change of the dynamics, meant or not, changes them. When it is meant, renew them and say in
the changelog that results before and after cannot be compared::

    .venv/bin/python tests/golden/golden_digests.py --write

Without ``--write`` it prints what differs and exits with 1 if anything does. Needs no extra.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np

import golive
from golive.core import distributions
from golive.core.files import write_text_atomically
from golive.scenarios.implementation.generator import CustomerGenerator
from golive.scenarios.implementation.vocabulary import Industry
from golive.sim.gateway.bandit import bandit_stream

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
CUSTOMERS = range(25)

Golden = dict[str, Any]
"""Hashes of one thing, and figures that a reader can judge."""


def cases() -> Iterator[str]:
    """Names of what is compared: its kind, then what its function is given."""
    for scenario in SCENARIOS:
        for policy in POLICIES:
            for seed in SEEDS:
                yield f"episodes/{scenario}/{policy}/{seed}"
        yield f"numbers/{scenario}/7"
    for scenario in ("office", "generated-pool", "busy-desk"):
        for policy in ("by_lot", "best_record"):
            yield f"gateway/{scenario}/{policy}/0"
        yield f"bandit/{scenario}/0"
    for industry in Industry:
        yield f"customers/{industry.value}"
    for table in ("normal", "lognormal/0.31", "lognormal/0.75", "lognormal/1.1", "gamma/1.0"):
        yield f"tables/{table}"
    for table in ("gamma/2.5", "beta/1.07/0.89", "beta/9.0/5.0", "beta/1.2/11.0", "beta/17.0/3.0"):
        yield f"tables/{table}"


def golden(case: str) -> Golden:
    """Compute what a case, one of ``cases()``, gives."""
    kind, *given = case.split("/")
    return KINDS[kind](*given)


def episode(scenario: str, name: str, seed_text: str) -> Golden:
    """Play an episode of a policy, and digest the world."""
    seed = int(seed_text)
    world = golive.build_world(golive.load_scenario(scenario), seed)
    policy = golive.load_policy(name)
    policy.reset(seed)
    start = early = world.digest()
    decisions = 0
    while not world.finished:
        world.advance(policy.decide(world.briefing(), world.legal()))
        decisions += 1
        if decisions <= EARLY_DECISIONS:
            early = world.digest()
    card = world.scorecard()
    return {
        "start": start,
        "early": early,
        "end": world.digest(),
        "days": card.days,
        "go_live_score": round(card.go_live_score, 9),
    }


def gateway(scenario: str, name: str, seed_text: str) -> Golden:
    """Play an episode of a router, and digest the world and what a learner sees."""
    kind = golive.world_kind("gateway")
    world, policy = golive.build_world(scenario, int(seed_text)), golive.load_policy(name, kind)
    policy.reset(0)
    start, seen = world.digest(), blake2b(digest_size=16)
    while not world.finished:
        briefing = world.briefing()
        seen.update(kind.language.encode(briefing).astype("<f4").tobytes())
        world.advance(policy.decide(briefing, world.legal()))
    card = world.scorecard()
    return {
        "start": start,
        "end": world.digest(),
        "seen": seen.hexdigest(),
        "decisions": card.decisions,
        "gateway_score": round(card.gateway_score, 9),
    }


def bandit(scenario: str, seed_text: str) -> Golden:
    """Digest all results of a gateway's tasks, and what the best choice of each is worth."""
    stream = bandit_stream(scenario, int(seed_text))
    paid = np.where(stream.legal, stream.reward_usd, -np.inf).max(axis=1)
    return {"stream": stream.digest(), "tasks": len(stream), "best_usd": digest(paid.tolist())}


def numbers(scenario: str, seed: str) -> Golden:
    """Play an episode through Gymnasium, with a legal choice by turns, and digest what is seen."""
    environment: Any = gymnasium.make("golive/Implementation-v1", scenario=scenario)
    seen, rewards = blake2b(digest_size=16), []
    observation, _ = environment.reset(seed=0, options={"episode_seed": int(seed)})
    sizes = environment.action_space.nvec
    ended = False
    while not ended:
        mask = environment.unwrapped.action_masks()
        seen.update(observation.astype("<f4").tobytes() + mask.tobytes())
        choices = [np.flatnonzero(part) for part in np.split(mask, np.cumsum(sizes)[:-1])]
        turn = len(rewards)
        action = [legal[(turn * 5 + i) % len(legal)] for i, legal in enumerate(choices)]
        observation, reward, ended, _, _ = environment.step(np.array(action))
        rewards.append(float(reward))
    environment.close()
    return {"seen": seen.hexdigest(), "rewards": digest(rewards), "steps": len(rewards)}


def customers(industry: str) -> Golden:
    """Generate customers of an industry."""
    generator = CustomerGenerator(Industry(industry))
    found = [generator.generate(seed).model_dump(mode="json") for seed in CUSTOMERS]
    return {"customers": digest(found), "employees": [one["employees"] for one in found[:5]]}


def table(name: str, *parameters: str) -> Golden:
    """Tabulate a distribution."""
    made = getattr(distributions, f"{name}_table")(*map(float, parameters))
    return {"quantiles": digest(made.values), "median": made.at(0.5)}


KINDS = {
    "episodes": episode,
    "gateway": gateway,
    "bandit": bandit,
    "numbers": numbers,
    "customers": customers,
    "tables": table,
}


def digest(values: object) -> str:
    """Hash of values as JSON, which holds a float's every bit."""
    return blake2b(json.dumps(values).encode(), digest_size=16).hexdigest()


def stored() -> dict[str, Golden]:
    """What the file has, by case."""
    rows: dict[str, Golden] = json.loads(FILE.read_text(encoding="utf-8"))
    return rows


def main(arguments: list[str]) -> int:
    """Compare, or write; 0: equal or written, 1: something differs."""
    parser = argparse.ArgumentParser(description="Compare the golden digests, or renew them.")
    parser.add_argument("--write", action="store_true", help="renew the file")
    write = parser.parse_args(arguments).write
    rows = {case: golden(case) for case in cases()}
    if write:
        write_text_atomically(FILE, json.dumps(rows, indent=1) + "\n")
        print(f"{FILE}: {len(rows)} cases")
        return 0
    old = stored() if FILE.exists() else {}
    differing = [case for case in rows if rows[case] != old.get(case)]
    for case in differing:
        print(f"{case}: {old.get(case)} -> {rows[case]}")
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"Python {python}: {len(differing)} of {len(rows)} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
