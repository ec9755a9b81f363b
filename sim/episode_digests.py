"""Digests of episodes, decision point by decision point, here and in another process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pickle import PicklingError
from typing import Any

from ..core.errors import GoliveError
from ..scenarios.scenario import Scenario
from .episodes import begin_episode, play
from .floor_policies import ByLot
from .observer import Observer
from .policy import Policy
from .protocol import AnyWorld
from .world_kind import WorldKind
from .worlds import world_kind

_CHILD = "from golive.sim.episode_digests import answer; answer()"


class DigestKeeper(Observer):
    """Keeps the digest at every decision point, and at the end the scorecard.

    Attributes:
        digests: as they came.
        card: the finished episode's scorecard.
    """

    def __init__(self) -> None:
        self.digests: list[str] = []
        self.card: dict[str, Any] = {}

    def asked(self, world: AnyWorld, briefing: Any, legal: Any) -> None:
        """Keep the decision point's."""
        self.digests.append(world.digest())

    def ended(self, world: AnyWorld) -> None:
        """Keep the end's."""
        self.digests.append(world.digest())
        self.card = dict(world.scorecard().as_dict())


def players(kind: WorldKind) -> tuple[Policy, Policy]:
    """The expert, who goes far into the world, and one who draws lots, who goes everywhere."""
    return kind.policies[kind.expert](), ByLot(kind)


def digests(kind: WorldKind, scenario: Scenario, seeds: Sequence[int]) -> dict[str, Any]:
    """Digests and scorecards of episodes of both players, as JSON has them, by player and seed."""
    found: dict[str, Any] = {}
    for policy in players(kind):
        for seed in seeds:
            keeper = DigestKeeper()
            world = kind.build(scenario, seed)
            begin_episode(policy, world)
            play(world, policy, (keeper,))
            found[f"{policy.name}, seed {seed}"] = [keeper.digests, keeper.card]
    plain: dict[str, Any] = json.loads(json.dumps(found, default=_number))
    return plain


def digests_elsewhere(
    kind: WorldKind, scenario: Scenario, seeds: Sequence[int]
) -> dict[str, Any] | None:
    """The same from a fresh process with another hash seed; None: it does not know the record.

    Raises:
        GoliveError: the process failed.
    """
    try:
        kind.__reduce__()
    except PicklingError:
        return None
    asked = {"world": kind.name, "scenario": scenario.model_dump(mode="json"), "seeds": [*seeds]}
    here = os.environ.get("PYTHONHASHSEED", "random")
    there = {
        **os.environ,
        "PYTHONHASHSEED": "7919" if here != "7919" else "104729",
        "PYTHONPATH": os.pathsep.join(place for place in sys.path if place),
    }
    done = subprocess.run(
        [sys.executable, "-c", _CHILD],
        input=json.dumps(asked),
        env=there,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise GoliveError(f"another process: ended with {done.returncode}: {last}")
    answered: dict[str, Any] | None = json.loads(done.stdout.splitlines()[-1])
    return answered


def answer() -> None:
    """Answer what ``digests_elsewhere`` asks on standard input."""
    asked = json.loads(sys.stdin.read())
    try:
        kind = world_kind(asked["world"])
    except GoliveError:  # registered in that process alone
        print("null")
        return
    scenario = kind.scenario.model_validate(asked["scenario"])
    print(json.dumps(digests(kind, scenario, asked["seeds"])))


def _number(value: Any) -> Any:
    """A NumPy number of a scorecard as JSON has it."""
    return value.item()
