"""The verifiers face: validated by verifiers' own command, and played through its whole engine.

Runs where verifiers is installed (``make test-faces`` has an environment for it). No model is
asked: a harness that is a script calls the tools over MCP, as a model's would.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from golive.envs.faces.export import Export, begun, expert_calls, write
from golive.envs.faces.verifiers_package import is_true
from golive.envs.tool_session import ToolSession
from golive.sim.tool_table import ToolCall

vf: Any = pytest.importorskip(
    "verifiers.v1", reason="verifiers is not installed: `make test-faces` tests it"
)

WRONG = ToolCall("make_move", {"move": "go_live"})


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    write("verifiers", Export("furniture", episodes=2, split="test", reward="shaped"), folder)
    return folder


@pytest.fixture
def installed(package: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package, and a harness that plays it without a model, as if they were installed."""
    from verifiers.v1.harnesses.utils.mcp import mcp_client

    class Scripted(vf.Harness[vf.HarnessConfig]):
        APPENDS_SYSTEM_PROMPT = True
        SUPPORTS_MCP = True
        EXECUTES_CODE = False
        NEEDS_CONTAINER = False

        async def launch(
            self, ctx: Any, trace: Any, runtime: Any, endpoint: Any, secret: Any, mcp_urls: Any,
            data: Any,
        ) -> Any:  # fmt: skip
            [url] = mcp_urls.values()
            twin = begun(data.episode)
            async with mcp_client({"url": url}) as client:
                listed = (await client.list_tools()).tools
                assert [one.name for one in listed] == [tool.name for tool in twin.tools]
                assert [one.input_schema for one in listed] == [
                    json.loads(json.dumps(tool.parameters)) for tool in twin.tools
                ]
                for call in script(twin):
                    result = await client.call_tool(call.tool, dict(call.arguments))
                    answer = twin.call(call)
                    assert result.content[0].text == answer.text
                    assert result.is_error == bool(answer.refused)
            return vf.ProgramResult(0, "", "")

    module = ModuleType("scripted")
    module.Scripted, module.__all__ = Scripted, ["Scripted"]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "scripted", module)
    monkeypatch.syspath_prepend(str(package))
    return package


def script(session: ToolSession) -> Iterator[ToolCall]:
    """A wrong call, and the expert's: to the end where the seed is even, else some of them."""
    yield WRONG
    odd = session.environment.world.seed % 2
    yield from islice(expert_calls(session), 12 if odd else None)


def test_vf_validate_is_green(package: Path, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("vf-validate")), "golive-furniture"]
    options = ["--runtime.type", "subprocess", "--no-rich", "--output-dir", str(tmp_path)]
    environment = {"PYTHONPATH": str(package), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, cwd=tmp_path, env=environment,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    summary = json.loads(next(tmp_path.glob("*/summary.json")).read_text("utf-8"))
    assert summary["checks"]["gold"]["valid"] == summary["checks"]["noop"]["valid"] == 2


def test_a_rollout_through_its_engine_pays_what_a_session_does(installed: Path) -> None:
    from verifiers.v1.utils.loaders import load_environment

    agent = {"harness": {"id": "scripted"}, "runtime": {"type": "subprocess"}}
    config = vf.SingleAgentEnvConfig.model_validate(
        {"taskset": {"id": "golive-furniture"}, "agent": agent}
    )

    async def episodes() -> list[Any]:
        env = load_environment(config)
        context = vf.ModelContext(model="none", client=vf.EvalClientConfig(), sampling=None)
        async with env.serving():
            tasks = list(env.taskset)
            return await asyncio.gather(*(env.run_episode(task, context) for task in tasks))

    played = asyncio.run(episodes())
    assert len(played) == 2
    for episode in played:
        [trace] = episode.traces
        assert episode.ok, (episode.errors, trace.errors)
        twin = begun(trace.task.data.episode)
        assert trace.task.data.prompt == twin.briefing()
        for call in script(twin):
            twin.call(call)
        figures = twin.figures()
        rewards = {name: paid.score for name, paid in trace.rewards.items()}
        assert set(rewards) | set(trace.metrics) == set(figures)
        for name, value in {**rewards, **trace.metrics}.items():
            assert value == pytest.approx(figures[name], abs=1e-9)
        assert trace.reward == pytest.approx(twin.score, abs=1e-9)
        if twin.terminated:
            assert twin.score == trace.task.data.expert_score > 0.0
        assert trace.metrics["refused_calls"] == 1


def test_a_record_that_is_not_what_the_expert_reaches_is_not_valid(installed: Path) -> None:
    from importlib import import_module

    [one, _] = import_module("golive_furniture").WorldTaskset(vf.TasksetConfig(id="x")).load()
    assert is_true(one.data.model_dump())
    for wrong in ({"expert_score": one.data.expert_score + 1e-6}, {"expert_digest": "0"}):
        assert not asyncio.run(one.with_data(**wrong).validate(None))
