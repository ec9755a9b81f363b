"""Parity of the faces: the same episodes in numbers and in words, and how fast each is."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import accumulate
from typing import Annotated, Any

import typer

from benchmarks.command import SEED, JsonOption, ScenarioOption, show, start
from benchmarks.face_players import PLAYERS, Face, Played
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
class FaceRow:
    """Result of the same episodes through a face.

    Attributes:
        face: its name.
        episodes: played.
        decisions: in all.
        equal_digests: episodes that end in the same state as in numbers.
        equal_rewards: episodes whose rewards are the same to the last bit; of a face that tells
            only their sum, that.
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


def command(
    *,
    scenario: ScenarioOption = "furniture",
    policy: Annotated[str, typer.Option(help="Who decides.")] = "noisy:expert:0.2",
    episodes: Annotated[int, typer.Option(min=1, help="Episodes per face.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Play the same episodes through every face that is installed; exit with 1 if any differs."""
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
    for name, (module, make) in PLAYERS.items():
        if find_spec(module) is None:
            typer.echo(f"{name}: {module} is not installed", err=True)
        else:
            faces[name] = make(scenario, kind.name, policy)
    with ExitStack() as servers:
        if find_spec("openenv") is None:
            typer.echo("OpenEnv: openenv is not installed", err=True)
        else:
            from benchmarks.faces_openenv import over_openenv

            for name, kept in (("OpenEnv", False), ("OpenEnv, kept", True)):
                faces[name] = servers.enter_context(
                    over_openenv(scenario, kind, lambda: load_policy(policy, kind), kept=kept)
                )
        played = {name: [face(seed) for seed in range(*seeds)] for name, face in faces.items()}
    rows = [_row(name, played[name], played["numbers"]) for name in faces]
    told = f"{policy} on {scenario}, seeds {seeds[0]} to {seeds[1] - 1}"
    show(rows, [faces_table(rows, f"{told}; episodes with equal digests and rewards")], as_json)
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
    return Played(environment.world.digest(), tuple(rewards), seconds, len(rewards))


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
    digest = session.environment.world.digest()
    return Played(digest, tuple(rewards), seconds, len(rewards))


def _row(face: str, played: list[Played], reference: list[Played]) -> FaceRow:
    pairs = list(zip(played, reference, strict=True))
    decisions = sum(one.decisions for one in played)
    steps = sum(one.decisions if one.steps is None else one.steps for one in played)
    seconds = sum(one.seconds for one in played)
    return FaceRow(
        face,
        len(played),
        decisions,
        sum(one.digest == other.digest for one, other in pairs),
        sum(one.rewards in (other.rewards, (_sum(other),)) for one, other in pairs),
        decisions / seconds,
        steps / seconds,
    )


def _sum(played: Played) -> float:
    """The sum of rewards as an episode adds them up, one after the other."""
    return list(accumulate(played.rewards))[-1]


def faces_table(rows: list[FaceRow], title: str) -> Table:
    """Faces by episodes whose digests and rewards are equal to those of the numbers."""
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
