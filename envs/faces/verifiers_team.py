"""Teams as verifiers' multi-agent environments (0.4): an agent for each role, a trace for each.

The package of ``golive export --format verifiers-team`` names a taskset, whose tasks are episodes,
and an ``Env``, by which one of them is played. Each role is an agent with a conversation of its
own: its rules as the system prompt, then day by day what it sees and has heard; it writes its calls
as text. What one role writes is in no other's conversation; others hear what it says with ``say``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ...core.arithmetic import whole_sum
from ...core.files import MOST_JSON_BYTES, read_limited
from ...core.worlds import DEFAULT_WORLD
from ...sim.policy import Policy
from ...sim.tool_table import ToolCall
from ...sim.words import ADVANCE
from ..team_session import TeamSession
from .export import Export, Files, checked_row, filled, json_lines, manual
from .verifiers import made as made_world
from .verifiers_package import CLOSE, PROJECT, recorded


def begun_team(row: Mapping[str, Any]) -> TeamSession:
    """The session of an exported episode of a team, at its beginning.

    Raises:
        GoliveError: the row is no such episode.
    """
    scenario = checked_row(row)
    session = TeamSession(
        scenario,
        world=row.get("world") or DEFAULT_WORLD,
        messages=row.get("messages"),
        split=row.get("split") or "",
        reward=row.get("reward"),
    )
    session.reset(options={"episode_seed": row.get("seed", 0)})
    return session


def play_split_expert(session: TeamSession) -> int:
    """Let each role play its part of what the world's expert decides, by calls, to the end.

    Returns:
        Calls that were refused.
    """
    environment = session.environment
    kind, world = environment.kind, environment.world_env
    expert: Policy = kind.policies[kind.expert]()
    expert.reset(world.world.seed)
    while not session.terminated:
        joint = kind.language.action(expert.decide(world.briefing, world.legal()))
        parts = environment.actions.split(joint.tolist())
        for (role, side), action in zip(session.roles.items(), parts, strict=True):
            if role in session.waiting():
                for call in (*side.words.calls(side.plan, action), ToolCall(ADVANCE, {})):
                    side.call(call)
        session.pass_day()
    return whole_sum(side.refused for side in session.roles.values())


def is_true(row: Mapping[str, Any]) -> bool:
    """True if five roles that split the expert's decisions end as the expert was recorded."""
    session = begun_team(row["episode"])
    refused = play_split_expert(session)
    return (
        refused == 0
        and abs(session.score - row["expert_score"]) <= CLOSE
        and session.environment.world_env.world.digest() == row["expert_digest"]
    )


def made(path: Path) -> SimpleNamespace:
    """The classes ``taskset`` and ``environment``, for a package that exports them.

    Args:
        path: JSONL of the episodes.

    Raises:
        MissingExtraError: verifiers, or PettingZoo, is not installed.
    """
    world = made_world()
    vf: Any = import_module("verifiers.v1")
    pydantic: Any = import_module("pydantic")
    lines = read_limited(path, MOST_JSON_BYTES, "episodes").splitlines()
    rows = [json.loads(line) for line in lines]
    names = begun_team(rows[0]["episode"]).environment.team.names
    seat = vf.AgentConfig(harness={"id": "null"}, runtime={"type": "subprocess"})
    seats = {name: (vf.AgentConfig, seat.model_copy(deep=True)) for name in names}
    config: Any = pydantic.create_model("TeamConfig", __base__=vf.EnvConfig, **seats)

    class TeamTask(world.task):  # type: ignore[name-defined,misc]
        """One episode, or one role's side of it."""

        async def validate(self, runtime: Any) -> bool:
            return is_true(self.data.model_dump())

    class TeamTaskset(vf.Taskset[TeamTask, vf.TasksetConfig]):  # type: ignore[misc]
        """Episodes of a team, as they were recorded."""

        def load(self) -> Iterator[Any]:
            """Yield the tasks, in the order of the file."""
            for row in rows:
                session = begun_team(row["episode"])
                name = f"{session.environment.scenario.name}-{row['episode']['seed']}"
                yield TeamTask(world.data(name=name, **row), self.config.task)

    class TeamWorld(vf.Env[config]):  # type: ignore[misc]
        """A team's episode: every role an agent, all of which decide at once, day by day."""

        async def run(self, task: Any, agents: Any) -> None:
            """Play the episode; each role's trace is scored by the team's figures."""
            session = begun_team(task.data.episode)
            told = {role: side.briefing() for role, side in session.roles.items()}
            async with AsyncExitStack() as stack:
                talks = {}
                for role, side in session.roles.items():
                    rules = f"{side.instructions}\n\n{manual(side.tools)}"
                    own = task.data.model_copy(update={"prompt": None, "system_prompt": rules})
                    talk = getattr(agents, role).interaction(type(task)(own, task.config))
                    talks[role] = await stack.enter_async_context(talk)
                while not session.terminated and not session.is_deserted:
                    speaking = [
                        _speak(session, role, talks[role], told[role]) for role in session.waiting()
                    ]
                    await asyncio.gather(*speaking)
                    told = session.pass_day()
                for role, side in session.roles.items():
                    talks[role].trace.state.figures = side.figures()

    return SimpleNamespace(taskset=TeamTaskset, environment=TeamWorld)


async def _speak(session: TeamSession, role: str, talk: Any, text: str) -> None:
    """Let a role make its calls until it is done for today."""
    side = session.roles[role]
    while not side.is_done:
        segment = await talk.turn(text)
        if segment.terminated:
            session.leave(role)
            return
        text = side.message(segment.last_reply).text


_PACKAGE = '''"""Episodes of a team on golive's scenario @SCENARIO@, an agent for each role."""

from pathlib import Path

from golive.envs.faces.verifiers_team import made

_made = made(Path(__file__).with_name("episodes.jsonl"))
TeamTaskset, TeamWorld = _made.taskset, _made.environment

__all__ = ["TeamTaskset", "TeamWorld"]
'''


def exported(export: Export) -> Files:
    """A package of a team's environment, as verifiers and its hub name them."""
    name = f"golive-team-{export.name}"
    package = name.replace("-", "_")
    tokens = {"NAME": name, "PACKAGE": package, "SCENARIO": export.name}
    yield "pyproject.toml", filled(PROJECT, tokens).replace("[verifiers]", "[verifiers,team]")
    yield f"{package}/__init__.py", filled(_PACKAGE, tokens)
    rows = ({**row, "episode": {**row["episode"], "messages": {}}} for row in recorded(export))
    yield f"{package}/episodes.jsonl", json_lines(rows)
