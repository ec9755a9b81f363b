"""Worlds as tasksets of verifiers (0.4): tasks are episodes of a split, tools the world's table.

``golive export --format verifiers`` writes the package by whose name verifiers finds a taskset.
The classes derive from verifiers' own, so they are made when the first of them is asked for. One
tool server per environment worker holds all its rollouts' episodes; after each call the figures of
the episode go back to the rollout's state, from which it is scored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ...core.errors import GoliveError
from ...core.extras import require
from ...core.files import MOST_JSON_BYTES, read_limited
from ...sim.tool_table import ToolCall
from ..tool_session import ToolSession
from .episodes import Episodes
from .export import begun
from .verifiers_package import is_true

MOST_EPISODES = 4_096
"""Episodes that a tool server holds; of more the one that was longest not used is lost."""
COUNTS = ("decisions", "calls", "refused_calls", "refused_share", "terminated")
"""Figures of an episode that are metrics; all others are rewards."""


def taskset(episodes: Path) -> type[Any]:
    """The class of a taskset, for a package that exports it.

    Its tasks pay ``score`` (weight 1), and with weight 0 ``reward``, the sum of the environment's
    rewards, and ``reward_NAME`` for each of its terms; verifiers' own configuration weighs them
    otherwise (``task.rewards.final.weight``, ``.total.weight``, ``.terms.weight``).

    Args:
        episodes: JSONL of ``verifiers_package.recorded``.

    Raises:
        MissingExtraError: verifiers is not installed.
    """
    return type("WorldTaskset", (made().taskset,), {"path": episodes})


@cache
def made() -> SimpleNamespace:
    """The classes ``taskset`` and ``toolset``, and ``task`` and ``data`` of its tasks.

    Raises:
        MissingExtraError: verifiers is not installed.
    """
    require("verifiers")
    vf: Any = import_module("verifiers.v1")

    class WorldState(vf.State):  # type: ignore[misc]
        """What the tool server and the scorer share of a rollout."""

        row: dict[str, Any] = {}  # noqa: RUF012 - a field
        key: str = ""
        figures: dict[str, float] = {}  # noqa: RUF012 - a field

    class WorldData(vf.TaskData):  # type: ignore[misc]
        """An episode, and what the world's expert reaches in it."""

        episode: dict[str, Any]
        expert_score: float
        expert_digest: str

    class WorldConfig(vf.TasksetConfig):  # type: ignore[misc]
        """Where the tool server runs, and what verifiers lets choose of every taskset."""

        tools: vf.SharedToolsetConfig = vf.SharedToolsetConfig()

    class WorldTask(vf.Task[WorldData, WorldState, vf.TaskConfig]):  # type: ignore[misc]
        """One episode."""

        async def setup(self, trace: Any, runtime: Any) -> None:
            trace.state.row = dict(self.data.episode)

        async def validate(self, runtime: Any) -> bool:
            return is_true(self.data.model_dump())

        @vf.reward(weight=1.0)  # type: ignore[untyped-decorator]
        async def final(self, trace: Any) -> dict[str, float]:
            return {"score": trace.state.figures.get("score", 0.0)}

        @vf.reward(weight=0.0)  # type: ignore[untyped-decorator]
        async def total(self, trace: Any) -> dict[str, float]:
            return {"reward": trace.state.figures.get("reward", 0.0)}

        @vf.reward(weight=0.0)  # type: ignore[untyped-decorator]
        async def terms(self, trace: Any) -> dict[str, float]:
            return {n: v for n, v in trace.state.figures.items() if n.startswith("reward_")}

        @vf.metric  # type: ignore[untyped-decorator]
        async def counts(self, trace: Any) -> dict[str, float]:
            return {n: trace.state.figures.get(n, 0.0) for n in COUNTS}

    class WorldToolset(vf.Toolset[vf.SharedToolsetConfig, WorldState]):  # type: ignore[misc]
        """The world's tools, over MCP."""

        TOOL_PREFIX = None  # their own names, without the server's

        async def setup(self) -> None:
            self.episodes = Episodes(ToolSession, most=MOST_EPISODES)

        def register(self, mcp: Any) -> None:
            # The protocol's handlers call these two, so that the table is listed as it is and
            # says itself what is wrong with a call.
            mcp.list_tools = self._with_state(self.list_tools)
            mcp.call_tool = self._with_state(self.call_tool)

        async def list_tools(self) -> list[Any]:
            """The tool table of the rollout's world."""
            listed = import_module("mcp.types").Tool
            return [
                listed(name=tool.name, description=tool.description, input_schema=tool.parameters)
                for tool in self._session().tools
            ]

        async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
            """Carry out a call in the rollout's episode."""
            session = self._session()
            answer = session.call(ToolCall(name, arguments))
            self.state.figures = session.figures()
            result = {
                "content": [{"type": "text", "text": answer.text}],
                "isError": answer.refused > 0,
            }
            return import_module("mcp.types").CallToolResult.model_validate(result)

        def _session(self) -> ToolSession:
            if not self.state.key:
                self.state.key = self.episodes.add(begun(self.state.row))
            session = self.episodes.session(self.state.key)
            if session is None:
                raise GoliveError(f"episode {self.state.key}: lost: more than {MOST_EPISODES}")
            return session

    class WorldTaskset(vf.Taskset[WorldTask, WorldConfig]):  # type: ignore[misc]
        """Episodes of a world, as they were recorded."""

        path: Path

        def load(self) -> Iterator[Any]:
            """Yield the tasks, in the order of the file."""
            for line in read_limited(self.path, MOST_JSON_BYTES, "episodes").splitlines():
                row = json.loads(line)
                session = begun(row["episode"])
                data = WorldData(
                    name=f"{session.environment.scenario.name}-{row['episode']['seed']}",
                    prompt=session.briefing(),
                    system_prompt=session.instructions,
                    **row,
                )
                yield WorldTask(data, self.config.task)

        @classmethod
        def toolsets(cls, config: Any) -> list[Any]:
            """One tool server for all rollouts of a worker."""
            return [WorldToolset(config.tools)]

    return SimpleNamespace(
        taskset=WorldTaskset, toolset=WorldToolset, task=WorldTask, data=WorldData
    )


if __name__ == "__main__":  # verifiers starts tool servers by their modules
    made().toolset.run()
