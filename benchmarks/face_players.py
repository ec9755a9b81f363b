"""Players of the faces: the same episode through each of them.

A maker is given a scenario's name or file, a world's name and a policy's, and gives a function that
plays the episode of a seed. What a framework is not told of, the policy is: it decides on a twin.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

from golive.agents.registry import load_policy
from golive.envs.environment import WorldEnv
from golive.envs.faces.export import Export, begun
from golive.envs.faces.mcp import mcp_server
from golive.envs.faces.nemo import NemoServer
from golive.envs.faces.skyrl import skyrl_environment
from golive.envs.faces.trl import trl_environment
from golive.envs.text import WorldTextEnv
from golive.envs.tool_session import ToolSession
from golive.sim.tool_calls import json_of
from golive.sim.tool_table import ToolCall
from golive.sim.words import ADVANCE
from golive.sim.worlds import world_kind


@dataclass(frozen=True, slots=True)
class Played:
    """An episode as a face has played it.

    Attributes:
        digest: of the world at its end.
        rewards: decision by decision; of a face that tells only their sum, that.
        seconds: that the face took, the policy's own time apart.
        decisions: how many there were.
        steps: messages that they took; None: one a decision.
    """

    digest: str
    rewards: tuple[float, ...]
    seconds: float
    decisions: int
    steps: int | None = None


Face = Callable[[int], Played]


def _played(
    session: ToolSession,
    policy: str,
    step: Callable[[list[ToolCall]], float],
    *,
    in_sum: bool = False,
) -> Played:
    """Play an episode that has begun; ``step`` hands over a decision's calls and tells its pay."""
    decides = load_policy(policy, session.kind)
    decides.reset(session.environment.world.seed)
    rewards, seconds = [], 0.0
    while not session.terminated:
        environment = session.environment
        decision = decides.decide(environment.briefing, environment.legal())
        calls = [*session.words.calls(session.plan, decision), ToolCall(ADVANCE, {})]
        before = time.perf_counter()
        rewards.append(step(calls))
        seconds += time.perf_counter() - before
    told = (rewards[-1],) if in_sum else tuple(rewards)
    return Played(session.environment.world.digest(), told, seconds, len(rewards))


def numbers(scenario: str, world: str, policy: str) -> Face:
    """The numeric environment: an action per decision."""
    environment = WorldEnv(scenario, world=world, seeding="episode")
    decides = load_policy(policy, environment.kind)

    def play(seed: int) -> Played:
        decides.reset(seed)
        environment.reset(seed=seed)
        rewards, seconds, over = [], 0.0, False
        while not over:
            decision = decides.decide(environment.briefing, environment.legal())
            before = time.perf_counter()
            action = environment.kind.language.action(decision)
            _, reward, over, _, _ = environment.step(action)
            seconds += time.perf_counter() - before
            rewards.append(reward)
        return Played(environment.world.digest(), tuple(rewards), seconds, len(rewards))

    return play


def text(scenario: str, world: str, policy: str) -> Face:
    """Gymnasium's text environment: a message with calls as JSON per decision."""
    environment = WorldTextEnv(scenario, world=world, seeding="episode")

    def play(seed: int) -> Played:
        environment.reset(seed=seed)

        def step(calls: list[ToolCall]) -> float:
            return environment.step("\n".join(map(json_of, calls)))[1]

        return _played(environment.session, policy, step)

    return play


def _row(scenario: str, world: str, seed: int) -> dict[str, Any]:
    return Export(scenario, world=world).row(seed)


def trl(scenario: str, world: str, policy: str) -> Face:
    """TRL's class: methods are called, and the sum of rewards is asked for."""
    made = trl_environment(scenario, world=world, pay="reward")()

    def play(seed: int) -> Played:
        made.reset(seed=seed)

        def step(calls: list[ToolCall]) -> float:
            for call in calls:
                getattr(made, call.tool)(**call.arguments)
            return float(made.get_reward())

        return _played(made._session, policy, step, in_sum=True)

    return play


def mcp(scenario: str, world: str, policy: str) -> Face:
    """The MCP server, its tools called in this process."""
    server = mcp_server(scenario, world=world)
    loop = asyncio.new_event_loop()

    def ask(name: str, arguments: dict[str, Any]) -> Any:
        result = loop.run_until_complete(server.call_tool(name, arguments))
        return result.model_dump(by_alias=True)["structuredContent"]

    def play(seed: int) -> Played:
        key = ask("begin_episode", {"seed": seed})["episode"]

        def step(calls: list[ToolCall]) -> float:
            for call in calls:
                told = ask(call.tool, {**call.arguments, "episode": key})
            return float(told["reward"])

        return _played(server.episodes.session(key), policy, step)

    return play


def skyrl(scenario: str, world: str, policy: str) -> Face:
    """SkyRL-Gym's text environment: a message per decision."""

    def play(seed: int) -> Played:
        environment = skyrl_environment({}, {"extra_info": _row(scenario, world, seed)})

        def step(calls: list[ToolCall]) -> float:
            return float(environment.step("\n".join(map(json_of, calls)))["reward"])

        return _played(environment.session, policy, step)

    return play


def nemo(scenario: str, world: str, policy: str) -> Face:
    """NeMo-Gym's ``/reset`` and ``/step``, over HTTP on this machine."""
    server = NemoServer(pay="reward")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection = HTTPConnection("127.0.0.1", server.server_address[1])
    cookie = ""

    def ask(path: str, body: Any) -> Any:
        nonlocal cookie
        connection.request("POST", path, json.dumps(body).encode(), {"Cookie": cookie})
        answer = connection.getresponse()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return json.loads(answer.read())

    def play(seed: int) -> Played:
        ask("/reset", {"episode": _row(scenario, world, seed)})
        session = server.episodes.session(cookie.partition("=")[2])
        assert session is not None  # it has just begun

        def step(calls: list[ToolCall]) -> float:
            output = [
                {"type": "function_call", "call_id": "c", "name": one.tool}
                | {"arguments": json.dumps(dict(one.arguments))}
                for one in calls
            ]
            return float(ask("/step", {"response": {"output": output}})["reward"])

        return _played(session, policy, step)

    return play


def verifiers(scenario: str, world: str, policy: str) -> Face:
    """The tool server of verifiers, its tools called in this process; the sum of rewards."""
    from golive.envs.faces.verifiers import made

    vf: Any = import_module("verifiers.v1")
    loop = asyncio.new_event_loop()

    def play(seed: int) -> Played:
        toolset = made().toolset(vf.SharedToolsetConfig())
        loop.run_until_complete(toolset.setup())
        toolset.state.row = _row(scenario, world, seed)
        loop.run_until_complete(toolset.list_tools())
        session = toolset.episodes.session(toolset.state.key)

        def step(calls: list[ToolCall]) -> float:
            for call in calls:
                loop.run_until_complete(toolset.call_tool(call.tool, dict(call.arguments)))
            return float(toolset.state.figures["reward"])

        return _played(session, policy, step, in_sum=True)

    return play


def inspect(scenario: str, world: str, policy: str) -> Face:
    """Inspect's own evaluation with a mock model; the sum of rewards."""
    from golive.envs.faces.inspect import made

    ai: Any = import_module("inspect_ai")
    models: Any = import_module("inspect_ai.model")

    def play(seed: int) -> Played:
        twin, apart = begun(_row(scenario, world, seed)), 0.0
        decides = load_policy(policy, twin.kind)
        decides.reset(seed)

        def calls() -> Iterator[ToolCall]:
            while not twin.terminated:
                environment = twin.environment
                decision = decides.decide(environment.briefing, environment.legal())
                yield from (*twin.words.calls(twin.plan, decision), ToolCall(ADVANCE, {}))

        written = calls()

        def output(*_: Any) -> Any:
            nonlocal apart
            before = time.perf_counter()
            call = next(written, None)
            if call is None:
                said = models.ModelOutput.from_content("mockllm", "It is over.")
            else:
                twin.call(call)
                said = models.ModelOutput.for_tool_call("mockllm", call.tool, dict(call.arguments))
            said.usage = models.ModelUsage()  # else Inspect downloads a tokeniser to count
            apart += time.perf_counter() - before
            return said

        model = models.get_model("mockllm/model", custom_outputs=output, memoize=False)
        task = made().task_of(Export(scenario, world=world, seeds=range(seed, seed + 1)))
        begun_at = time.perf_counter()
        with TemporaryDirectory() as folder:
            [log] = ai.eval(task, model=model, display="none", log_dir=folder)
            seconds = time.perf_counter() - begun_at - apart
            [[told]] = [one.scores.values() for one in log.samples]  # read from the log
        decisions = int(told.value["decisions"])
        return Played(told.metadata["digest"], (told.value["reward"],), seconds, decisions)

    return play


def openenv(
    scenario: str, world: str, policy: str, *, kept: bool = False
) -> AbstractContextManager[Face]:
    """OpenEnv's WebSocket, a step message per call; with a store or without."""
    from benchmarks.faces_openenv import over_openenv

    kind = world_kind(world)
    return over_openenv(scenario, kind, lambda: load_policy(policy, kind), kept=kept)


Maker = Callable[[str, str, str], Face | AbstractContextManager[Face]]
PLAYERS: dict[str, tuple[str, Maker]] = {
    "numbers": ("golive", numbers),
    "text": ("golive", text),
    "TRL": ("golive", trl),
    "MCP": ("mcp", mcp),
    "SkyRL": ("golive", skyrl),
    "NeMo-Gym": ("golive", nemo),
    "OpenEnv": ("openenv", openenv),
    "OpenEnv, kept": ("openenv", partial(openenv, kept=True)),
    "verifiers": ("verifiers", verifiers),
    "Inspect": ("inspect_ai", inspect),
}
"""Makers by the face's name, each with the module that must be there; the numbers come first."""
