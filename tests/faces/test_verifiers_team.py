"""A team in verifiers' multi-agent form: five agents in one rollout, a conversation for each.

Runs where verifiers is installed (``make test-faces`` has an environment for it). The agents'
models are an endpoint on this machine that writes the calls of the roles' experts as text.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from scripted_endpoint import Server, serving

from golive.sim.tool_table import ToolCall
from golive.sim.words import ADVANCE
from golive.sim.worlds import world_kind

pytest.importorskip("verifiers.v1", reason="verifiers is not installed: `make test-faces` tests it")
pytest.importorskip("pettingzoo", reason="needs golive[team]")
from golive.agents.partners import partners_of
from golive.agents.team import TeamObserver, play_team
from golive.envs.faces.export import Export, write
from golive.envs.team import TeamEnv
from golive.envs.team_words import RoleWords

vf: Any = import_module("verifiers.v1")
KIND = world_kind("implementation")
ROLES = KIND.team().names if KIND.team else ()
SECRET = "The secret of {} is not for others."
"""What each role writes beside its calls, in the text of every reply."""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    write("verifiers-team", Export("furniture", episodes=1, split="test"), folder)
    return folder


@pytest.fixture
def installed(package: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package, and a harness that asks the model once a turn, as if they were installed."""
    httpx: Any = import_module("httpx")

    class Chatting(vf.Harness[vf.HarnessConfig]):
        APPENDS_SYSTEM_PROMPT = True
        SUPPORTS_RESUME = True
        EXECUTES_CODE = False
        NEEDS_CONTAINER = False

        async def launch(
            self, ctx: Any, trace: Any, runtime: Any, endpoint: Any, secret: Any, mcp_urls: Any,
            data: Any,
        ) -> Any:  # fmt: skip
            system, prompt = self.resolve_prompt(data)
            told = [{"role": one.role, "content": one.content} for one in prompt]
            body = {
                "model": ctx.model,
                "messages": [{"role": "system", "content": system}, *told],
            }
            headers = {"Authorization": f"Bearer {secret}"}
            async with httpx.AsyncClient() as client:
                made = await client.post(f"{endpoint}/chat/completions", json=body, headers=headers)
            assert made.status_code == 200, made.text
            return vf.ProgramResult(0, "", "")

    module = ModuleType("chatting")
    module.Chatting, module.__all__ = Chatting, ["Chatting"]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "chatting", module)
    monkeypatch.syspath_prepend(str(package))
    return package


class Choices(TeamObserver):
    """Keeps what each role has chosen, as texts of calls."""

    def __init__(self, environment: TeamEnv) -> None:
        self.texts: dict[str, list[str]] = {role: [] for role in ROLES}
        self._words = {role: RoleWords(environment, role) for role in ROLES}
        self._plans = {role: words.neutral_plan for role, words in self._words.items()}

    def decided(self, environment: TeamEnv, actions: Mapping[str, int]) -> None:
        for role, action in actions.items():
            words = self._words[role]
            plan, _ = words.standing(self._plans[role], environment.action_mask(role))
            calls = [*words.calls(plan, action), ToolCall(ADVANCE, {})]
            self._plans[role] = words.plan_of(action)
            told = [{"tool": call.tool, "arguments": dict(call.arguments)} for call in calls]
            self.texts[role].append(f"{SECRET.format(role)}\n{json.dumps(told)}")


def reply_of(text: str) -> bytes:
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    content = {
        "id": "one",
        "object": "chat.completion",
        "created": 0,
        "model": "role",
        "choices": [choice],
        "usage": usage,
    }
    return json.dumps(content).encode()


def rollout(server: Server, changes: Mapping[str, Any] | None = None) -> Any:
    """One episode of the package's environment, whose agents' models are the roles' names."""
    loaders: Any = import_module("verifiers.v1.utils.loaders")
    client = {"type": "eval", "base_url": server.url, "api_key_var": "NONE"}
    seat = {"harness": {"id": "chatting"}, "runtime": {"type": "subprocess"}, "client": client}
    seats = {role: {**seat, "model": role, **(changes or {}).get(role, {})} for role in ROLES}
    cls = loaders.environment_class("golive-team-furniture")
    config_of: Any = import_module("verifiers.v1.utils.generic").concrete_type
    config = config_of(cls, vf.EnvConfig, origin=vf.Env)
    env = loaders.load_environment(
        config.model_validate({"taskset": {"id": "golive-team-furniture"}, **seats})
    )

    async def played() -> Any:
        context = vf.ModelContext(model="none", client=vf.EvalClientConfig(), sampling=None)
        async with env.serving():
            [task] = list(env.taskset)
            return await env.run_episode(task, context)

    return asyncio.run(played())


def replies(texts: Mapping[str, list[str]]) -> Any:
    turns: dict[str, Iterator[str]] = {role: iter(told) for role, told in texts.items()}
    return lambda body: reply_of(next(turns[body["model"]]))


def test_five_experts_in_one_rollout_are_the_experts_of_the_team_s_environment(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NONE", "none")
    rows = [json.loads(line) for line in _episodes(installed).splitlines()]
    environment = TeamEnv("furniture", world=KIND, messages={}, split="test")
    choices = Choices(environment)
    seed = rows[0]["episode"]["seed"]
    score = play_team(environment, partners_of(KIND, ROLES, {}), seed, [choices])
    with serving(replies(choices.texts)) as server:
        episode = rollout(server)
        heard = server.heard
    assert episode.ok, (episode.errors, [trace.errors for trace in episode.traces])
    traces = {trace.agent.name: trace for trace in episode.traces}
    assert set(traces) == set(ROLES)
    for trace in traces.values():
        assert trace.rewards["score"].score == pytest.approx(score, abs=1e-12)
        assert trace.metrics["refused_calls"] == 0.0 and trace.metrics["terminated"] == 1.0
        assert trace.reward == pytest.approx(score)
        assert trace.num_turns == len(choices.texts[trace.agent.name])
    for body in heard:  # a role's conversation has what it wrote itself, and its own rules
        told = json.dumps(body["messages"])
        for role in ROLES:
            assert (SECRET.format(role) in told) <= (role == body["model"])
        assert f"You are the {body['model'].replace('_', ' ')} of a team" in told
    for role, trace in traces.items():
        own = json.dumps([node.message.model_dump() for node in trace.nodes], default=str)
        assert SECRET.format(role) in own
        assert not any(SECRET.format(other) in own for other in ROLES if other != role)
    said = [m for t in choices.texts.values() for text in t if (m := '"say"') in text]
    assert said and any("told by the others" in json.dumps(body["messages"]) for body in heard)


def test_who_may_say_no_more_keeps_nobody_waiting(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NONE", "none")
    waits = {role: ["advance 5"] * 100 for role in ROLES}
    with serving(replies(waits)) as server:
        episode = rollout(server, {"configuration": {"max_turns": 2}})
    traces = {trace.agent.name: trace for trace in episode.traces}
    assert traces["configuration"].num_turns == 2 < traces["orchestrator"].num_turns
    assert traces["orchestrator"].metrics["terminated"] == 1.0


def test_vf_validate_is_green(package: Path, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("vf-validate")), "golive-team-furniture"]
    options = ["--runtime.type", "subprocess", "--no-rich", "--output-dir", str(tmp_path)]
    environment = {"PYTHONPATH": f"{package}", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    environment["PYTHONPATH"] += f":{':'.join(sys.path)}"
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, cwd=tmp_path, env=environment,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    summary = json.loads(next(tmp_path.glob("*/summary.json")).read_text("utf-8"))
    assert summary["checks"]["gold"]["valid"] == 1


def _episodes(package: Path) -> str:
    return (package / "golive_team_furniture" / "episodes.jsonl").read_text("utf-8")
