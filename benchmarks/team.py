"""The team beside the one who decides alone: the same episodes day by day, and how fast it is."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from benchmarks.command import SEED, JsonOption, ScenarioOption, show, start
from golive.cli.exits import JUDGED_FAILED
from golive.core.arguments import one_of
from golive.core.tables import Table, right
from golive.envs.environment import WorldEnv
from golive.scenarios.loader import load_scenario
from golive.sim.world_kind import WorldKind
from golive.sim.worlds import kind_of

if TYPE_CHECKING:
    from golive.envs.team import TeamEnv

ILLEGAL_SHARE = 0.1
"""Of the actions, any at all rather than a legal one."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Episodes of a team beside the same joint decisions of one.

    Attributes:
        setting: what the team's environment was made with.
        episodes: played.
        days: decision points in all.
        differing_days: at which the digests of the two worlds differ.
        differing_rewards: at which what is paid differs, messages' cost apart.
        illegal: illegal parts of the roles' actions.
        lost: proposals that gave way to another.
    """

    setting: str
    episodes: int
    days: int
    differing_days: int
    differing_rewards: int
    illegal: int
    lost: int


@dataclass(frozen=True, slots=True)
class Speed:
    """Steps per second of processor time with the same joint decisions, one and team in turns.

    Attributes:
        setting: as above.
        turns: episodes of each.
        alone: of ``WorldEnv``.
        team: of ``TeamEnv``.
        ratio: of team to alone, the median over turns.
    """

    setting: str
    turns: int
    alone: float
    team: float
    ratio: float


SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "silent": {},
    "talking": {
        "messages": {"loss": 0.2, "misunderstanding": 0.2},
        "absence": "heavy",
    },
}


def command(
    *,
    scenario: ScenarioOption = "furniture",
    episodes: Annotated[int, typer.Option(min=1, help="Compared per setting.")] = 1_000,
    turns: Annotated[int, typer.Option(min=1, help="Episodes of the measure of speed.")] = 40,
    only: Annotated[str | None, typer.Option(help=f"One of {', '.join(SETTINGS)}.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Play random teams beside the joint decisions of one; exit with 1 if anything differs."""
    chosen = load_scenario(scenario)
    kind = kind_of(chosen)
    if only is not None:
        one_of("--only", only, tuple(SETTINGS))
    names = tuple(SETTINGS) if only is None else (only,)
    compared = [compare(kind, chosen, name, range(SEED, SEED + episodes)) for name in names]
    measured = [measure(kind, chosen, name, range(SEED, SEED + turns)) for name in names]
    tables = [
        Table(
            f"Equivalence on {scenario}, seeds from {SEED}",
            (
                "team",
                *map(right, ("episodes", "days", "digests differ", "pay differs")),
                *map(right, ("illegal", "lost")),
            ),
            [
                (
                    row.setting,
                    row.episodes,
                    row.days,
                    row.differing_days,
                    row.differing_rewards,
                    row.illegal,
                    row.lost,
                )
                for row in compared
            ],
        ),
        Table(
            "Speed, steps per second of processor time",
            ("team", *map(right, ("episodes", "one alone", "team", "team over alone"))),
            [
                (r.setting, r.turns, f"{r.alone:,.0f}", f"{r.team:,.0f}", f"{100 * r.ratio:.0f} %")
                for r in measured
            ],
        ),
    ]
    show({"equivalence": compared, "speed": measured}, tables, as_json)
    if any(row.differing_days or row.differing_rewards for row in compared):
        raise typer.Exit(JUDGED_FAILED)


def compare(kind: WorldKind, scenario: Any, setting: str, seeds: range) -> Compared:
    """Play episodes by random actions, and the joint decisions in an environment for one."""
    environment, alone = _made(kind, scenario, setting)
    days = digests = rewards = illegal = lost = 0
    for seed in seeds:
        draws = np.random.default_rng(seed)
        _, informations = environment.reset(options={"episode_seed": seed})
        alone.reset(options={"episode_seed": seed})
        digests += environment.world_env.world.digest() != alone.world.digest()
        while environment.agents:
            actions = random_actions(environment, draws)
            joint = joint_by_name(environment, actions)
            sent = _sent(informations)
            _, paid, _, _, informations = environment.step(actions)
            _, reward, _, _, _ = alone.step(joint)
            cost = environment.cost(_sent(informations) - sent)
            days += 1
            digests += environment.world_env.world.digest() != alone.world.digest()
            rewards += any(pay != reward - cost for pay in paid.values())
            illegal += sum(one["illegal"] for one in informations.values())
            lost += sum(one["lost"] for one in informations.values())
    return Compared(setting, len(seeds), days, digests, rewards, illegal, lost)


def random_actions(environment: TeamEnv, draws: np.random.Generator) -> dict[str, int]:
    """An action of each role: mostly a legal one, now and then any."""
    actions = {}
    for role in environment.agents:
        mask = environment.action_mask(role)
        any_at_all = draws.random() < ILLEGAL_SHARE
        places = np.arange(len(mask)) if any_at_all else np.flatnonzero(mask)
        actions[role] = int(draws.choice(places))
    return actions


def joint_by_name(environment: TeamEnv, actions: Mapping[str, int]) -> list[int]:
    """The joint decision, put together from the names of what the roles chose.

    It is written without what the environment joins by, to be held against it.
    """
    choices = environment.actions.choices
    legal = dict(zip(choices.names, environment.world_env.action_masks(), strict=True))
    neutral = environment.kind.language.action(environment.kind.neutral()).tolist()
    joint = {
        factor.name: factor.choices[place]
        for factor, place in zip(choices.factors, neutral, strict=True)
    }
    wishes: dict[str, list[str]] = {}
    for role in environment.actions.roles:
        if (
            environment.away(role.name)
            and not environment.action_mask(role.name)[actions[role.name]]
        ):
            continue
        for word in role.names[actions[role.name]].split():
            factor, _, choice = word.partition("=")
            if factor in environment.team.precedence:
                wishes.setdefault(factor, []).append(choice)
            elif factor != "says":
                joint[factor] = choice
    for factor, proposed in wishes.items():
        ranked = [c for c in environment.team.precedence[factor] if c in proposed]
        allowed = [c for c in ranked if legal[f"{factor}/{c}"]]
        joint[factor] = (allowed or ranked or [joint[factor]])[0]
    return [factor.choices.index(joint[factor.name]) for factor in choices.factors]


def measure(kind: WorldKind, scenario: Any, setting: str, seeds: range) -> Speed:
    """Time the same episodes by both, in turns."""
    environment, alone = _made(kind, scenario, setting)
    team_times, alone_times, steps = [], [], []
    for seed in seeds:
        draws = np.random.default_rng(seed)
        environment.reset(options={"episode_seed": seed})
        played, joints = [], []
        while environment.agents:
            played.append(random_actions(environment, draws))
            joints.append(np.array(environment.joined(played[-1])[0].action))
            environment.step(played[-1])
        environment.reset(options={"episode_seed": seed})
        alone.reset(options={"episode_seed": seed})
        begun = time.process_time()
        for actions in played:
            environment.step(actions)
        between = time.process_time()
        for joint in joints:
            alone.step(joint)
        team_times.append(between - begun)
        alone_times.append(time.process_time() - between)
        steps.append(len(joints))
    ratios = np.array(alone_times) / np.array(team_times)
    total = sum(steps)
    return Speed(
        setting,
        len(steps),
        total / sum(alone_times),
        total / sum(team_times),
        float(np.median(ratios)),
    )


def _made(kind: WorldKind, scenario: Any, setting: str) -> tuple[TeamEnv, WorldEnv]:
    from golive.envs.team import TeamEnv

    return TeamEnv(scenario, world=kind, **SETTINGS[setting]), WorldEnv(scenario, world=kind)


def _sent(informations: Mapping[str, Mapping[str, Any]]) -> int:
    counts: Sequence[int] = [one.get("messages_sent", 0) for one in informations.values()]
    return sum(counts)


if __name__ == "__main__":
    start("benchmarks.team")
