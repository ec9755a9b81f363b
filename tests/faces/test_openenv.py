"""The OpenEnv face, in one process and over the wire, played by the framework's own client.

Runs where openenv is installed (``make test-faces`` has an environment for it).
"""

from __future__ import annotations

import asyncio
import importlib
import json
import random
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from golive.agents.registry import load_policy
from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.envs.faces.openenv import world_environment
from golive.envs.faces.openenv_package import write_package
from golive.envs.tool_session import ToolSession
from golive.sim.tool_table import ToolCall
from golive.sim.worlds import world_kind

pytest.importorskip("openenv", reason="openenv is not installed: `make test-faces` tests it")

KIND = world_kind("implementation")
TIME = ToolCall("advance", {"times": 5})


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """A server as a process of its own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder

    def start(self) -> None:
        command = [sys.executable, "-m", "golive", "openenv", "serve", "--scenario", "furniture"]
        told = ["--port", str(self.port), "--store", str(self._folder), "--sessions", "64"]
        self._process = subprocess.Popen([*command, *told], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)

    def kill(self) -> None:
        self._process.kill()  # SIGKILL: nothing is put in order
        self._process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("store"))
    started.start()
    yield started
    started.kill()


@pytest.fixture
def port(server: Server) -> int:
    return server.port


class Connection:
    """A connection to /ws that says messages as they are."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def raw(self, text: str) -> dict[str, Any]:
        self._stream.send(text)
        return json.loads(self._stream.recv())

    def say(self, kind: str, **data: Any) -> dict[str, Any]:
        message = {"type": kind} if kind == "state" else {"type": kind, "data": data}
        return self.raw(json.dumps(message))["data"]

    def call(self, call: ToolCall) -> dict[str, Any]:
        return self.say("step", tool=call.tool, arguments=dict(call.arguments))


@contextmanager
def connected(port: int) -> Iterator[Connection]:
    from websockets.sync.client import connect

    with connect(f"ws://127.0.0.1:{port}/ws", max_size=2**25) as stream:
        yield Connection(stream)


def http(port: int, path: str, body: object = None) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def same(told: dict[str, Any], answer: Any) -> None:
    assert told["observation"]["text"] == answer.text
    assert told["reward"] == answer.reward  # to the last bit
    assert told["done"] == answer.terminated
    assert told["observation"]["decisions"] == len(answer.rewards)


def test_an_episode_over_the_wire_is_the_same(port: int) -> None:
    twin = ToolSession("furniture")
    twin.reset(options={"episode_seed": 11})
    expert = load_policy("expert")
    expert.reset(11)
    environment = twin.environment
    with connected(port) as connection:
        begun = connection.say("reset", seed=11)
        assert begun["observation"]["text"] == twin.briefing()
        assert begun["observation"]["instructions"] == twin.instructions
        while not twin.terminated:
            decision = expert.decide(environment.briefing, environment.legal())
            for call in (*twin.words.calls(twin.plan, decision), ToolCall("advance", {})):
                answer, told = twin.call(call), connection.call(call)
                same(told, answer)
                paid = told["observation"]["reward_terms"]
                assert list(paid) == list(environment.reward.names)
                assert sum(paid.values()) == pytest.approx(told["reward"], abs=1e-9)
                if not twin.terminated:
                    assert "digest" not in json.dumps(told)
        assert told["observation"]["legal"] == {}
        assert told["metadata"]["digest"] == environment.world.digest()
        assert told["metadata"]["score"] == twin.score
        state = connection.say("state")
        assert state["step_count"] == twin.calls
        assert state["total_reward"] == twin.total_reward


def test_64_sessions_at_once_do_not_hear_of_one_another(port: int) -> None:
    """Each is told what it alone would have been told, whatever the order of all their calls."""
    paces = KIND.speech.choices_of("pace")
    episodes = []
    for number in range(16):
        twin = ToolSession("furniture")
        begun = twin.reset(options={"episode_seed": number // 2})
        played = []
        while not twin.terminated:
            for call in (
                ToolCall("set_pace", {"pace": paces[(number + twin.calls // 2) % len(paces)]}),
                TIME,
            ):
                played.append((call, twin.call(call)))
        episodes.append((number // 2, begun, played, twin.environment.world.digest()))
    draws = random.Random(0)

    async def play(number: int) -> None:
        from websockets.asyncio.client import connect

        seed, begun, played, digest = episodes[number % len(episodes)]
        async with connect(f"ws://127.0.0.1:{port}/ws") as connection:

            async def say(kind: str, data: dict[str, Any]) -> dict[str, Any]:
                await connection.send(json.dumps({"type": kind, "data": data}))
                return json.loads(await connection.recv())["data"]

            told = await say("reset", {"split": "train", "index": seed})
            assert told["observation"]["text"] == begun
            for call, answer in played:
                same(await say("step", {"tool": call.tool, "arguments": call.arguments}), answer)
                await asyncio.sleep(draws.random() / 1_000)
            told = await say("step", {"tool": "look"})
            assert told["metadata"]["digest"] == digest

    async def all_of_them() -> None:
        await asyncio.gather(*map(play, range(64)))

    asyncio.run(all_of_them())
    assert len({digest for *_, digest in episodes}) == len(episodes)


def test_an_episode_outlives_a_killed_server(server: Server) -> None:
    twin = ToolSession("furniture")
    twin.reset(options={"episode_seed": 5})
    calls = [ToolCall("assign", {"data_migration": "data"}), ToolCall("dance", {}), TIME]
    with connected(server.port) as connection:
        connection.say("reset", seed=5, episode_id="my own")
        for call in (*calls, ToolCall("set_pace", {"pace": "rush"})):
            same(connection.call(call), twin.call(call))
        server.kill()
    server.start()
    with connected(server.port) as connection:
        assert "is not kept" in connection.say("reset", episode_id="other", resume=True)["message"]
        told = connection.say("reset", episode_id="my own", resume=True)
        assert told["observation"]["text"] == twin.briefing()
        assert told["metadata"] == {"episode_id": "my own", "calls": 4}
        assert told["observation"]["refused_calls"] == 1
        while not twin.terminated:
            told = connection.call(TIME)
            same(told, twin.call(TIME))
        assert told["metadata"]["digest"] == twin.environment.world.digest()
        over = connection.say("reset", episode_id="my own", resume=True)
        assert over["done"]
        assert over["observation"]["text"] == told["observation"]["text"]
        assert over["metadata"]["digest"] == told["metadata"]["digest"]
        # Without `resume` an id names an episode and is no memory: checks begin one twice.
        assert connection.say("reset", episode_id="my own", seed=5)["metadata"]["calls"] == 0


def test_what_is_wrong_is_answered_and_the_connection_stays(port: int) -> None:
    with connected(port) as connection:
        text = connection.say("step", tool="look")["observation"]["text"]
        assert text.startswith("Refused: there is no episode. Call reset first")
        connection.say("reset", seed=1)
        for given, words in [
            ({"tool": "dance"}, "dance: no such tool. Tools: look, assign"),
            ({"tool": "make_move", "arguments": {"move": "go_live"}}, "not legal now: it needs"),
            ({"tool": "make_move", "arguments": {}}, "move: missing"),
            ({"tool": "make_move", "arguments": [1]}, "no arguments by name"),
            ({"tool": "make_move", "arguments": {"move": "x" * 2**20}}, "expected one of none"),
            ({"tool": "make_move", "arguments": {"m" * 2**20: 1}}, "no such argument"),
            ({"tool": "look", "arguments": dict.fromkeys(map(str, range(50_000)))}, "no such arg"),
        ]:
            seen = connection.say("step", **given)["observation"]
            assert seen["refused"]
            assert words in seen["text"]
            assert len(seen["text"]) < 2_000
        assert connection.say("state")["refused_calls"] == 7
        for data, words in [
            ({"split": "nonsense"}, "split: 'nonsense': expected one of train, validation, test"),
            ({"split": "test", "index": 10_000}, "index: 10000: expected at most 9999"),
            ({"seed": "x"}, "seed: 'x': expected an integer"),
            ({"seed": 1, "split": "test"}, "seed: 1: given with split or index"),
            ({"sed": 1}, "reset: 'sed': expected some of seed"),
            ({"episode_id": "x" * 256}, "expected a text of 1 to 255"),
            ({"resume": True}, "episode_id: 'None': expected a text"),
            ({"resume": 1}, "resume: 1: expected true or false"),
        ]:
            assert words in connection.say("reset", **data)["message"]
        assert connection.raw("{bad")["data"]["code"] == "INVALID_JSON"
        assert connection.raw('{"type": "dance"}')["data"]["code"] == "UNKNOWN_TYPE"
        assert connection.say("step", tool=7)["code"] == "VALIDATION_ERROR"
        assert connection.say("step", tool="look", more=7)["code"] == "VALIDATION_ERROR"
        assert connection.say("state")["step_count"] == 7  # the same episode still


def test_tasks_and_schemas_are_served(port: int) -> None:
    assert http(port, "/list_environments") == (200, ["golive_furniture"])
    names = [one["name"] for one in http(port, "/golive_furniture/splits")[1]]
    assert names == ["train", "validation", "test"]
    task = {"split": "test", "index": 3}
    assert http(port, "/golive_furniture/num_tasks", {"split": "test"})[1]["num_tasks"] == 10_000
    found = http(port, "/golive_furniture/task", task)[1]["task"]
    assert found["episode_seed"] == 2_000_003
    with connected(port) as connection:
        by_task = connection.say("reset", **task)["observation"]["text"]
        assert connection.say("reset", seed=2_000_003)["observation"]["text"] == by_task
    code, told = http(port, "/golive_furniture/num_tasks", {"split": "nonsense"})
    assert (code, told["detail"][:17]) == (400, "split: 'nonsense'")
    assert http(port, "/golive_furniture/task", {"split": "test", "index": 10_000})[0] == 400
    schema = http(port, "/schema")[1]["action"]
    assert schema["properties"]["tool"]["enum"] == [tool.name for tool in KIND.speech.tools]
    by_tool = {one["title"]: one["properties"]["arguments"] for one in schema["oneOf"]}
    for tool in KIND.speech.tools:
        assert by_tool[tool.name] == json.loads(json.dumps(tool.parameters))
    assert (
        "no episode" in http(port, "/step", {"action": {"tool": "look"}})[1]["observation"]["text"]
    )


# OpenEnv's own collector calls websockets as it was before 17.1.
@pytest.mark.filterwarnings("ignore:connect:DeprecationWarning")
def test_the_package_passes_openenvs_check_and_its_client_plays(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = write_package(tmp_path / "golive_furniture")
    from openenv.cli.__main__ import app
    from typer.testing import CliRunner

    done = CliRunner().invoke(app, ["validate", str(made), "--level", "static"])
    assert done.exit_code == 0, done.output
    assert "Verdict: PASS" in done.output
    _graded(made, port)
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module("golive_furniture")
    action = package.ImplementationAction
    with package.ImplementationEnv(base_url=f"http://127.0.0.1:{port}").sync() as env:
        result = env.reset(split="validation", index=0)
        assert "advance" in result.observation.legal
        result = env.step(action(tool="advance"))
        assert result.observation.text.startswith("Day 1.")
        assert env.state().step_count == 1
    monkeypatch.setenv("GOLIVE_EPISODES", str(tmp_path / "episodes"))
    served = importlib.import_module("golive_furniture.server.golive_furniture_environment")
    environment = served.ImplementationEnvironment()
    environment.reset(seed=0, episode_id="one")
    environment.close()
    assert len(list((tmp_path / "episodes").iterdir())) == 1
    app = importlib.import_module("golive_furniture.server.app").app
    assert "/ws" in {getattr(one, "path", "") for one in app.routes}


def _graded(made: Path, port: int) -> None:
    """OpenEnv's own checks at run time, which it would make in a container, of this server."""
    from openenv.validation.graders.runtime import basic
    from openenv.validation.parsers.openenv_yaml import OpenEnvYamlParser
    from openenv.validation.runtime.collector import collect_runtime_evidence
    from openenv.validation.runtime.contracts import load_runtime_plan

    manifest = OpenEnvYamlParser().parse(made)
    plan = load_runtime_plan(made, manifest.execution)
    evidence = collect_runtime_evidence(f"http://127.0.0.1:{port}", plan, episode_timeout_s=60)
    assert evidence.failure_reason is None
    subject = SimpleNamespace(manifest=manifest, runtime_evidence=evidence)
    for grader in (
        basic.RewardWellFormedGrader,
        basic.ObservationSchemaGrader,
        basic.StateContractGrader,
    ):
        result = grader().run(subject)
        assert result.status == "pass", result.evidence
        assert result.measured["exchanges"] > len(plan.actions)


def test_the_example_of_the_page_runs(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs/faces.md").read_text("utf-8")
    [code] = re.findall(r"^```py\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    exec(compile(code.replace(":8000", f":{port}"), "faces.md", "exec"), {})
    assert "The episode is over." in capsys.readouterr().out


def test_the_rubric_names_the_terms_of_the_reward() -> None:
    environment = world_environment("furniture")()
    action = environment.action_class
    names = [name for name, _ in environment.rubric.named_rubrics()]
    assert names == list(ToolSession("furniture").environment.reward.names)
    seen = environment.reset(seed=2)
    while not seen.done:
        seen = environment.step(action(tool="advance", arguments={"times": 5}))
    scores = {name: one.last_score for name, one in environment.rubric.named_rubrics()}
    assert scores == seen.reward_terms
    assert any(scores.values())
    assert environment.rubric.last_score == seen.reward


def test_the_state_tells_nothing_of_the_world() -> None:
    environment = world_environment("furniture")()
    environment.reset(seed=2)
    assert set(environment.state.model_dump()) == {
        "episode_id",
        "step_count",
        "refused_calls",
        "total_reward",
        "done",
    }


def test_a_failed_reset_leaves_the_episode_as_it_was(tmp_path: Path) -> None:
    environment = world_environment("furniture", store=tmp_path)()
    action = environment.action_class
    environment.reset(seed=2, episode_id="mine")
    environment.step(action(tool="advance"))
    for wrong in ({"split": "nonsense"}, {"episode_id": "other", "resume": True}):
        with pytest.raises(GoliveError):
            environment.reset(**wrong)
    assert environment.state.episode_id == "mine"
    assert not environment.step(action(tool="look")).refused
    assert environment.reset(episode_id="mine", resume=True).metadata["calls"] == 2
    assert environment.step(action(tool="advance")).text.startswith("Day 2.")
    environment.close()
    without = world_environment("furniture")()
    with pytest.raises(GoliveError, match="no episodes are kept"):
        without.reset(episode_id="mine", resume=True)


def test_every_button_of_the_page_is_a_legal_call() -> None:
    environment = world_environment("furniture")()
    seen = environment.reset(seed=2)
    told = {"text": seen.text, "reward": 0.0, "done": False}
    page = environment.render_web(told)
    for section in KIND.speech.sections(environment._session.environment.briefing):
        if section.brief and section.rows:
            assert f"<h3>{section.title}" in page.replace("&#x27;", "'")
    buttons = environment.web_actions(told)
    assert len({label for label, _ in buttons}) == len(buttons)
    assert buttons[0] == ("advance: 1", {"tool": "advance", "arguments": {"times": 1}})
    for label, call in buttons:
        environment.reset(seed=2)
        assert not environment.step(environment.action_class(**call)).refused, label
    escaped = environment.render_web({"text": "<script>"})
    assert "<script>" not in escaped


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--world nonsense", "nonsense"),
        ("--scenario nonsense", "nonsense"),
        ("--split nonsense", "split: 'nonsense'"),
        ("--reward nonsense", "reward: 'nonsense'"),
        ("--port 0", "--port"),
        ("--port {taken}", "127.0.0.1:{taken}: address already in use: expected"),
        ("--host nowhere.invalid", "nowhere.invalid:8000: "),
        ("--store {file}", "it exists and is a file"),
    ],
)
def test_what_cannot_be_served_is_told_in_a_line(arguments, words, tmp_path, capsys) -> None:
    (tmp_path / "file").touch()
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        given = {"taken": one.getsockname()[1], "file": tmp_path / "file"}
        assert run(["openenv", "serve", *arguments.format(**given).split()]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("error: ")
    assert printed.count("\n") == 1
    assert words.format(**given) in printed
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
