"""Worlds as tasks of Inspect (0.3): samples are episodes of a split, tools the world's table.

``inspect eval golive/world`` finds the task by golive's entry point. It is made when it is asked
for, since its decorators are Inspect's own.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from ...core.extras import require
from ...core.worlds import DEFAULT_WORLD
from ...sim.tool_table import Tool, ToolCall
from ..tool_session import ToolSession
from .episodes import Episodes
from .export import Export, begun

MOST_EPISODES = 4_096
"""Episodes that a task holds; of more the one that was longest not used is lost."""
MOST_MESSAGES = 1_000
"""Of an episode, unless something else is said."""
_KEY = "golive_episode"


def __getattr__(name: str) -> Any:
    if name == "world":
        return made().world
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def made() -> SimpleNamespace:
    """The task ``world`` and ``task_of``, which makes one of an ``Export``.

    Raises:
        MissingExtraError: inspect-ai is not installed.
    """
    require("inspect")
    ai: Any = import_module("inspect_ai")
    dataset: Any = import_module("inspect_ai.dataset")
    score: Any = import_module("inspect_ai.scorer")
    solver: Any = import_module("inspect_ai.solver")
    store: Any = import_module("inspect_ai.util").store

    def world(
        scenario: str | None = None,
        world: str = DEFAULT_WORLD,
        split: str = "test",
        episodes: int = 20,
        reward: str | None = None,
        message_limit: int = MOST_MESSAGES,
    ) -> Any:
        """Play a world's episodes by its tools.

        Args:
            scenario: by name or file; None: the world's first.
            world: its name.
            split: whose seeds episodes have.
            episodes: how many, the first ones of the split.
            reward: what is paid, a preset; None: the world's first.
            message_limit: messages after which an episode is cut off.
        """
        chosen = Export(scenario, world=world, split=split, episodes=episodes, reward=reward)
        return task_of(chosen, message_limit)

    def task_of(export: Export, message_limit: int = MOST_MESSAGES) -> Any:
        held = Episodes(ToolSession, most=MOST_EPISODES)
        samples = [
            dataset.Sample(id=f"{export.name}-{seed}", input=briefing, metadata=export.row(seed))
            for seed, briefing in export.each()
        ]

        def begin() -> Any:
            async def solve(state: Any, generate: Any) -> Any:
                store().set(_KEY, held.add(begun(state.metadata)))
                return state

            return solve

        def figures() -> Any:
            async def judge(state: Any, target: Any) -> Any:
                session = _session(held, store())
                told = session.figures()
                told |= _with_malformed(told, state.messages)
                digest = session.environment.world.digest()
                return score.Score(value=told, metadata={"digest": digest})

            return judge

        metrics = {"*": [score.mean(), score.stderr()]}
        tools = [_tool(tool, held, store) for tool in export.session.tools]
        return ai.Task(
            dataset=dataset.MemoryDataset(samples, name=f"golive/{export.name}"),
            solver=[
                solver.system_message(export.session.instructions),
                solver.solver(name="begin")(begin)(),
                solver.use_tools(*tools),
                solver.generate(tool_calls="loop"),
            ],
            scorer=score.scorer(metrics=metrics, name="figures")(figures)(),
            message_limit=message_limit,
        )

    # Inspect puts the name of the package in front.
    return SimpleNamespace(task_of=task_of, world=ai.task(name="world")(world))


def _session(held: Episodes, store: Any) -> ToolSession:
    session = held.session(store.get(_KEY))
    assert session is not None  # more samples than MOST_EPISODES at once
    return session


def _tool(tool: Tool, held: Episodes, store: Any) -> Any:
    """A tool of the table as Inspect lists it."""
    tools: Any = import_module("inspect_ai.tool")

    async def execute(**arguments: Any) -> str:
        answer = _session(held, store()).call(ToolCall(tool.name, arguments))
        if answer.refused:
            raise tools.ToolError(answer.text)
        return answer.text

    parameters = tools.ToolParams.model_validate(tool.parameters)
    return tools.ToolDef(
        execute, name=tool.name, description=tool.description, parameters=parameters
    ).as_tool()


def _with_malformed(figures: dict[str, float], messages: Any) -> dict[str, float]:
    """Counts with the calls that Inspect itself has refused, as they did not fit the schema."""
    errors = [one.error.type for one in messages if one.role == "tool" and one.error is not None]
    malformed = errors.count("parsing")
    calls = figures["calls"] + malformed
    refused = figures["refused_calls"] + malformed
    return {"calls": calls, "refused_calls": refused, "refused_share": refused / max(calls, 1)}
