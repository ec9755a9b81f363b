"""The MCP face over stdio and streamable HTTP, played by the framework's own client.

Runs where mcp is installed, 1.30 or 2.3 (``make test-faces`` has an environment for each).
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from golive.agents.registry import load_policy
from golive.envs.tool_session import ToolSession
from golive.sim.tool_table import ToolCall
from golive.sim.worlds import world_kind

mcp = pytest.importorskip("mcp", reason="mcp is not installed: `make test-faces` tests it")

COMMAND = [sys.executable, "-m", "golive", "mcp", "--scenario", "furniture"]
TOOLS = world_kind("implementation").speech.tools


@asynccontextmanager
async def by_stdio(*arguments: str) -> AsyncIterator[Any]:
    from mcp.client.stdio import stdio_client

    command, *rest = [*COMMAND, *arguments]
    parameters = mcp.StdioServerParameters(command=command, args=rest, env=dict(os.environ))
    async with (
        stdio_client(parameters) as (read, write),
        mcp.ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


@asynccontextmanager
async def by_http(port: int) -> AsyncIterator[Any]:
    from mcp.client.streamable_http import streamable_http_client

    async with (
        streamable_http_client(f"http://127.0.0.1:{port}/mcp") as streams,
        mcp.ClientSession(*streams[:2]) as session,
    ):
        await session.initialize()
        yield session


@contextmanager
def server(port: int, folder: Path) -> Iterator[None]:
    told = ["--transport", "http", "--port", str(port), "--store", str(folder)]
    process = subprocess.Popen([*COMMAND, *told], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def plain(result: Any) -> tuple[str, dict[str, Any], bool]:
    """Text, structured content and whether it is an error, under either version's names."""
    told = result.model_dump(by_alias=True, mode="json")
    return told["content"][0]["text"], told["structuredContent"], told["isError"]


async def same_episode(session: Any, seed: int, most: int = 1_000) -> tuple[ToolSession, str]:
    """Play an episode of the expert over the wire and here, call by call; both answer alike."""
    twin = ToolSession("furniture", split="train")
    briefing = twin.reset(options={"episode_seed": seed})
    text, told, _ = plain(await session.call_tool("begin_episode", {"seed": seed}))
    assert text.endswith(f"Episode {told['episode']}.\n{briefing}")
    expert = load_policy("expert")
    expert.reset(seed)
    environment = twin.environment
    for _ in range(most):
        decision = expert.decide(environment.briefing, environment.legal())
        for call in (*twin.words.calls(twin.plan, decision), ToolCall("advance", {})):
            answer = twin.call(call)
            text, told, is_error = plain(await session.call_tool(call.tool, dict(call.arguments)))
            assert text == answer.text
            assert told["reward"] == answer.reward  # to the last bit
            assert told["terminated"] == answer.terminated
            assert not is_error
        if twin.terminated:
            break
    return twin, told["episode"]


def test_the_tools_are_the_world_s_table() -> None:
    async def listed() -> tuple[list[Any], str]:
        async with by_stdio() as session:
            found = await session.list_tools()
            return [one.model_dump(by_alias=True, mode="json") for one in found.tools], ""

    tools, _ = asyncio.run(listed())
    assert [one["name"] for one in tools] == ["begin_episode", *(tool.name for tool in TOOLS)]
    for one, tool in zip(tools[1:], TOOLS, strict=True):
        schema = one["inputSchema"]
        assert schema["properties"].pop("episode")["type"] == "string"
        assert schema == json.loads(json.dumps(tool.parameters))
        assert one["description"] == tool.description
        assert one["annotations"]["readOnlyHint"] == (tool.name == "look")


def test_an_episode_over_stdio_is_the_same_and_ends_in_the_same_state(tmp_path: Path) -> None:
    async def played() -> tuple[ToolSession, str]:
        async with by_stdio("--store", str(tmp_path)) as session:
            return await same_episode(session, 11)

    twin, key = asyncio.run(played())
    assert twin.terminated
    kept = ToolSession("furniture", split="train")
    kept.set_state(json.loads((tmp_path / f"{key}.json").read_text("utf-8")))
    assert kept.environment.world.digest() == twin.environment.world.digest()
    assert kept.total_reward == twin.total_reward


def test_what_is_wrong_is_an_error_with_what_is_legal_and_is_counted(tmp_path: Path) -> None:
    wrong = [
        ("advance", {}, "there is no episode"),
        ("begin_episode", {}, ""),
        ("make_move", {"move": "go_live"}, "is not legal now: it needs"),
        ("make_move", {"move": 7}, "expected one of none"),
        ("make_move", {}, "move: missing"),
        ("dance", {}, "dance: no such tool"),
        ("advance", {"episode": "0" * 16}, "there is none"),
    ]

    async def answers() -> list[tuple[str, dict[str, Any], bool]]:
        async with by_stdio("--store", str(tmp_path)) as session:
            return [plain(await session.call_tool(name, given)) for name, given, _ in wrong]

    for (text, told, is_error), (_, _, reason) in zip(asyncio.run(answers()), wrong, strict=True):
        assert is_error == told["refused"] == bool(reason)
        assert reason in text
        assert "Refused: " in text or not is_error
    [kept] = tmp_path.glob("*.json")
    assert json.loads(kept.read_text("utf-8"))["refused"] == 4


def test_http_keeps_connections_apart_and_episodes_outlive_the_server(tmp_path: Path) -> None:
    async def two(port: int) -> list[tuple[ToolSession, str]]:
        async with by_http(port) as one, by_http(port) as other:
            return await asyncio.gather(same_episode(one, 1, 4), same_episode(other, 2, 4))

    async def on(
        port: int, key: str, arguments: dict[str, Any]
    ) -> tuple[str, dict[str, Any], bool]:
        async with by_http(port) as session:
            return plain(await session.call_tool("advance", {"episode": key, **arguments}))

    port = free_port()
    with server(port, tmp_path):
        played = asyncio.run(two(port))
    assert played[0][1] != played[1][1]
    with server(port, tmp_path):  # another process: the first one was killed
        for twin, key in played:
            text, told, _ = asyncio.run(on(port, key, {"times": 2}))
            answer = twin.call(ToolCall("advance", {"times": 2}))
            assert text == answer.text
            assert told["reward"] == answer.reward


@pytest.mark.skipif(not hasattr(mcp, "Client"), reason="mcp 1 has sessions only")
def test_a_client_without_sessions_names_its_episode(tmp_path: Path) -> None:
    async def played(port: int) -> list[tuple[str, dict[str, Any], bool]]:
        async with mcp.Client(f"http://127.0.0.1:{port}/mcp") as client:
            begun = plain(await client.call_tool("begin_episode", {"seed": 5}))
            key = begun[1]["episode"]
            return [begun, plain(await client.call_tool("advance", {"episode": key}))]

    port = free_port()
    with server(port, tmp_path):
        _, (text, _, is_error) = asyncio.run(played(port))
    assert not is_error
    assert text.startswith("Day 1.")
