"""Parity of the faces: the same episodes in numbers and in words, and how fast each is."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Annotated, Any

import typer

from benchmarks.command import SEED, JsonOption, ScenarioOption, show, start
from golive.agents.registry import load_policy
from golive.cli.exits import JUDGED_FAILED
from golive.core.tables import Table, right
from golive.envs.environment import WorldEnv
from golive.envs.text import WorldTextEnv
from golive.scenarios.loader import load_scenario
from golive.sim.policy import Policy
from golive.sim.tool_calls import json_of
from golive.sim.tool_table import ToolCall
from golive.sim.words import ADVANCE
from golive.sim.worlds import kind_of


@dataclass(frozen=True, slots=True)
class Played:
    """An episode as a face has played it.

    Attributes:
        digest: of the world at its end.
        rewards: decision by decision.
        seconds: that the face took, the policy's own time apart.
        steps: messages that it took; None: one a decision.
    """

    digest: str
    rewards: tuple[float, ...]
    seconds: float
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class FaceRow:
    """Result of the same episodes through a face.

    Attributes:
        face: its name.
        episodes: played.
        decisions: in all.
        equal_digests: episodes that end in the same state as in numbers.
        equal_rewards: episodes whose rewards are the same to the last bit.
        decisions_per_second: on one core.
        steps_per_second: messages, of which one decision may take several.
    """

    face: str
    episodes: int
    decisions: int
    equal_digests: int
    equal_rewards: int
    decisions_per_second: float
    steps_per_second: float


Face = Callable[[int], Played]


def command(
    *,
    scenario: ScenarioOption = "furniture",
    policy: Annotated[str, typer.Option(help="Who decides.")] = "noisy:expert:0.2",
    episodes: Annotated[int, typer.Option(min=1, help="Episodes per face.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Play the same episodes in numbers and in words; exit with 1 if anything differs."""
    chosen = load_scenario(scenario)
    kind = kind_of(chosen)
    seeds = (SEED, SEED + episodes)

    def numbers(seed: int) -> Played:
        environment = WorldEnv(chosen, world=kind, seed_range=seeds, seeding="episode")
        return in_numbers(environment, load_policy(policy, kind), seed)

    def words(seed: int) -> Played:
        environment = WorldTextEnv(chosen, world=kind, seed_range=seeds, seeding="episode")
        return in_words(environment, load_policy(policy, kind), seed)

    faces: dict[str, Face] = {"numbers": numbers, "text": words}
    with ExitStack() as servers:
        if find_spec("openenv") is not None:
            from benchmarks.faces_openenv import over_openenv

            for name, kept in (("openenv", False), ("openenv, kept", True)):
                faces[name] = servers.enter_context(
                    over_openenv(scenario, kind, lambda: load_policy(policy, kind), kept=kept)
                )
        played = {name: [face(seed) for seed in range(*seeds)] for name, face in faces.items()}
    rows = [_row(name, played[name], played["numbers"]) for name in faces]
    absent = [name for name in ("openenv",) if name not in faces]
    told = f"{policy} on {scenario}, seeds {seeds[0]} to {seeds[1] - 1}"
    title = f"{told}; episodes whose digests and rewards are equal"
    notes = [f"Not installed: {name} (pip install 'golive[{name}]')." for name in absent]
    show(rows, [_table(rows, title), *notes], as_json)
    if any(row.equal_digests < episodes or row.equal_rewards < episodes for row in rows):
        raise typer.Exit(JUDGED_FAILED)


def in_numbers(environment: WorldEnv, policy: Policy, seed: int) -> Played:
    """An episode through the numeric environment."""
    policy.reset(seed)
    environment.reset(seed=seed)
    rewards, seconds, over = [], 0.0, False
    while not over:
        decision = policy.decide(environment.briefing, environment.legal())
        begun = time.perf_counter()
        action = environment.kind.language.action(decision)
        _, reward, over, _, _ = environment.step(action)
        seconds += time.perf_counter() - begun
        rewards.append(reward)
    return Played(environment.world.digest(), tuple(rewards), seconds)


def in_words(environment: WorldTextEnv, policy: Policy, seed: int) -> Played:
    """An episode through messages with calls as JSON."""
    policy.reset(seed)
    environment.reset(seed=seed)
    session: Any = environment.session
    rewards, seconds, over = [], 0.0, False
    while not over:
        played = session.environment
        decision = policy.decide(played.briefing, played.legal())
        begun = time.perf_counter()
        calls = [*session.words.calls(session.plan, decision), ToolCall(ADVANCE, {})]
        _, reward, over, _, _ = environment.step("\n".join(map(json_of, calls)))
        seconds += time.perf_counter() - begun
        rewards.append(reward)
    return Played(session.environment.world.digest(), tuple(rewards), seconds)


def _row(face: str, played: list[Played], reference: list[Played]) -> FaceRow:
    pairs = list(zip(played, reference, strict=True))
    decisions = sum(len(one.rewards) for one in played)
    steps = sum(len(one.rewards) if one.steps is None else one.steps for one in played)
    seconds = sum(one.seconds for one in played)
    return FaceRow(
        face,
        len(played),
        decisions,
        sum(one.digest == other.digest for one, other in pairs),
        sum(one.rewards == other.rewards for one, other in pairs),
        decisions / seconds,
        steps / seconds,
    )


def _table(rows: list[FaceRow], title: str) -> Table:
    cells = [
        (
            row.face,
            row.episodes,
            row.decisions,
            row.equal_digests,
            row.equal_rewards,
            f"{row.decisions_per_second:,.0f}",
            f"{row.steps_per_second:,.0f}",
        )
        for row in rows
    ]
    names = ("episodes", "decisions", "digests", "rewards", "decisions/s", "steps/s")
    return Table(title, ("face", *map(right, names)), cells)


if __name__ == "__main__":
    start("benchmarks.faces")
