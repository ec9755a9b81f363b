"""What ``golive export`` writes: played, and checked against the frameworks' own schemas.

SkyRL's class and NeMo-Gym's HTTP contracts need nothing of theirs. Where skyrl-gym, nemo-gym or
harbor is installed (``make test-faces``) its own code reads the files as well.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import yaml

from golive.core.errors import GoliveError
from golive.envs.faces import harbor
from golive.envs.faces.export import FORMATS, Export, begun, expert_calls, write
from golive.envs.faces.nemo import NemoServer, listens
from golive.envs.faces.nemo_rows import exported as nemo_files
from golive.envs.faces.nemo_rows import rows as nemo_rows
from golive.envs.faces.skyrl import rows as skyrl_rows
from golive.envs.faces.skyrl import skyrl_environment
from golive.envs.faces.verifiers_package import is_true
from golive.envs.tool_session import ToolSession
from golive.sim.tool_calls import json_of
from golive.sim.tool_table import ToolCall
from golive.sim.words import ADVANCE

WRONG = ToolCall("make_move", {"move": "go_live"})


@pytest.fixture(scope="module")
def export() -> Export:
    return Export("furniture", split="test", episodes=2, reward="shaped")


@pytest.fixture(scope="module")
def tasks(export: Export, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Folders of Harbor."""
    folder = tmp_path_factory.mktemp("tasks")
    write("harbor", export, folder)
    return sorted(folder.iterdir())


def played(row: Mapping[str, Any], most: int | None = None) -> Iterator[tuple[ToolCall, Any]]:
    """A wrong call, and the expert's: each with the session's answer, the session at the end."""
    session = begun(row)
    yield WRONG, session.call(WRONG)
    for number, call in enumerate(expert_calls(session)):
        if number == most:
            break
        yield call, session.call(call)
    yield WRONG, session


def read(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_export_is_the_same_files(form: str, tmp_path: Path) -> None:
    for name in ("one", "other"):
        export = Export("furniture", split="validation", episodes=2)
        assert write(form, export, tmp_path / name) == len(read(tmp_path / name))
    written = read(tmp_path / "one")
    assert written == read(tmp_path / "other")
    assert {path.split("/")[0] for path in written} == {
        path.name for path in (tmp_path / "one").iterdir()
    }
    assert not [path for path, text in written.items() if str(tmp_path) in text]


def test_a_scenario_s_file_goes_along_as_its_content(tmp_path: Path) -> None:
    content = Export("techmold").session.environment.scenario.model_dump(mode="json")
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({**content, "name": "mine"}), "utf-8")
    row = json.loads(json.dumps(Export(str(file), episodes=1).row(0)))
    file.unlink()
    assert begun(row).briefing() == begun({"scenario": "techmold"}).briefing()


def test_what_fails_half_way_leaves_nothing(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(text: Any) -> Any:
        raise OSError(28, "No space left on device")

    (tmp_path / "empty").mkdir()
    monkeypatch.setattr("golive.envs.faces.skyrl.rows", failing)
    for name in ("new/below", "empty"):
        with pytest.raises(GoliveError, match="cannot be written: the disk is full"):
            write("skyrl", export, tmp_path / name)
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]
    with pytest.raises(GoliveError, match="format: 'gold': expected 'skyrl'"):
        write("gold", export, tmp_path / "new")


class TestSkyRL:
    @pytest.fixture(params=["here", "by skyrl-gym"])
    def make(self, request: pytest.FixtureRequest) -> Callable[..., Any]:
        if request.param == "here":
            return skyrl_environment
        gym = pytest.importorskip("skyrl_gym", reason="skyrl-gym is not installed")
        if "golive" not in gym.envs.registration.registry:
            gym.register(id="golive", entry_point="golive.envs.faces.skyrl:skyrl_environment")
        return lambda env_config, extras: gym.make("golive", env_config=env_config, extras=extras)

    def test_an_episode_pays_what_a_session_does(
        self, export: Export, make: Callable[..., Any]
    ) -> None:
        row = json.loads(json.dumps(skyrl_rows(export)[1]))
        extras = {name: value for name, value in row.items() if name not in ("prompt", "env_class")}
        environment = make({}, extras)
        prompt, _ = environment.init(row["prompt"])
        assert prompt == row["prompt"]
        *calls, (_, session) = played(row["extra_info"])
        for call, answer in calls:
            step = environment.step(json_of(call))
            assert step["reward"] == answer.reward
            assert step["done"] == answer.terminated
            assert [one["content"] for one in step["observations"]] == (
                [] if answer.terminated else [answer.text]
            )
        assert step["done"]
        figures = session.figures()
        assert environment.get_metrics() == figures
        assert type(environment).aggregate_metrics([figures, figures]) == figures

    def test_it_can_pay_the_score_at_the_end_and_be_cut_off(
        self, export: Export, make: Callable[..., Any]
    ) -> None:
        extras = skyrl_rows(export)[0]
        *calls, (_, session) = played(extras["extra_info"])
        environment = make({"pay": "score"}, extras)
        paid = [environment.step(json_of(call))["reward"] for call, _ in calls]
        assert set(paid[:-1]) == {0.0}
        assert paid[-1] == session.score > 0.0
        cut = make({"max_turns": 2}, extras)
        assert [cut.step("advance")["done"] for _ in range(2)] == [False, True]
        with pytest.raises(GoliveError, match="pay: 'gold': expected 'score'"):
            make({"pay": "gold"}, extras)


class Client:
    """Keeps the cookies of the last answer alone, as NeMo-Gym's agents do."""

    def __init__(self, server: NemoServer) -> None:
        self.connection = HTTPConnection("127.0.0.1", server.server_address[1])
        self.cookie = ""

    def close(self) -> None:
        self.connection.close()

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        headers = {"Content-Type": "application/json", "Cookie": self.cookie}
        self.connection.request("POST", f"/{path}", json.dumps(body), headers)
        response = self.connection.getresponse()
        data = response.read().decode()
        assert response.status == status, data
        self.cookie = (response.getheader("Set-Cookie") or "").partition(";")[0]
        is_json = response.getheader("Content-Type") == "application/json"
        return json.loads(data) if is_json else data


def response(*output: Mapping[str, Any]) -> dict[str, Any]:
    """A response as models give it, of OpenAI's Responses API."""
    rest = {"id": "r", "object": "response", "created_at": 0, "model": "m", "tools": []}
    rest |= {"parallel_tool_calls": False, "tool_choice": "auto"}
    return {**rest, "output": [dict(one) for one in output]}


def function_call(call: ToolCall, number: int = 0) -> dict[str, Any]:
    told = {"arguments": json.dumps(dict(call.arguments)), "name": call.tool}
    return {"type": "function_call", "call_id": f"c{number}", **told}


def message(text: str) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {"type": "message", "id": "m", "role": "assistant", "content": content}


class TestNeMoGym:
    @pytest.fixture(params=["score", "reward"])
    def server(self, request: pytest.FixtureRequest) -> Iterator[NemoServer]:
        server = NemoServer(pay=request.param)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
        server.server_close()

    @pytest.fixture
    def client(self, server: NemoServer) -> Iterator[Callable[[], Client]]:
        with ExitStack() as stack:
            yield lambda: stack.enter_context(closing(Client(server)))

    def test_tools_are_routes_and_verify_tells_the_rewards(
        self, export: Export, server: NemoServer, client: Callable[[], Client]
    ) -> None:
        rows = json.loads(json.dumps(nemo_rows(export)))
        clients = [client() for _ in rows]
        games = [list(played(row["episode"], 60)) for row in rows]
        for one, row in zip(clients, rows, strict=True):
            assert one.post("seed_session", row) == {}
        for both in zip(*games, strict=True):  # two rollouts at once, call by call
            for one, (call, answer) in zip(clients, both, strict=True):
                if not isinstance(answer, ToolSession):
                    assert one.post(call.tool, dict(call.arguments)) == answer.text
        for one, row, game in zip(clients, rows, games, strict=True):
            figures = game[-1][1].figures()
            asked = {**row, "response": response(message("Done."))}
            told = one.post("verify", asked)
            assert {name: told[name] for name in asked} == asked
            assert told["reward"] == figures[server.pay]
            assert told["total_reward"] == figures["reward"]
            assert told["refused_calls"] == 1
            means = one.post("aggregate_metrics", {"verify_responses": [told, told]})
            assert means["key_metrics"]["mean/reward"] == told["reward"]

    def test_reset_and_step_pay_what_a_session_does(
        self, export: Export, server: NemoServer, client: Callable[[], Client]
    ) -> None:
        row, one = nemo_rows(export, "gymnasium")[0], client()
        begins = one.post("reset", row)
        assert begins["observation"] == begun(row["episode"]).briefing()
        *calls, (_, session) = played(row["episode"])
        total = 0.0
        for number, (call, answer) in enumerate(calls):
            by_function = number % 2 == 0
            said = function_call(call, number) if by_function else message(json_of(call))
            step = one.post("step", {**row, "response": response(said)})
            outputs = [{"call_id": f"c{number}", "output": answer.text}] if by_function else []
            assert step["info"]["tool_outputs"] == outputs
            assert step["observation"] == (None if by_function else answer.text)
            assert step["terminated"] == answer.terminated
            if server.pay == "reward":
                assert step["reward"] == answer.reward
            total += step["reward"]
        assert step["terminated"]
        assert total == pytest.approx(session.figures()[server.pay], abs=1e-9)

    def test_what_is_wrong_is_answered(self, export: Export, client: Callable[[], Client]) -> None:
        one = client()
        row = nemo_rows(export)[0]
        assert "there is no episode" in one.post("advance", {}, 400)["detail"]
        wrong = {"episode": {**row["episode"], "split": "nonsense"}}
        assert "split: 'nonsense'" in one.post("seed_session", wrong, 400)["detail"]
        for episode, words in (({"scenario": "/etc/passwd"}, "scenario: '/etc"), (7, "episode: 7")):
            assert words in one.post("seed_session", {"episode": episode}, 400)["detail"]
        assert "JSON object" in one.post("seed_session", [], 400)["detail"]
        one.post("seed_session", row)
        assert "dance: no such tool" in one.post("dance", {})
        assert "expected one of none" in one.post("make_move", {"move": 7})
        bad = {"type": "function_call", "call_id": "c", "name": ADVANCE, "arguments": "{"}
        step = one.post("step", {**row, "response": response(bad)})
        assert "no arguments by name" in step["info"]["tool_outputs"][0]["output"]
        assert step["info"]["refused_calls"] == 3

    def test_it_listens_where_nemo_gym_says(self, export: Export) -> None:
        files = dict(nemo_files(export))
        path = "configs/golive_furniture_tools.yaml"
        config = yaml.safe_load(files[path])
        own = "golive_furniture_resources_server"
        config[own]["resources_servers"]["golive_furniture"] |= {"host": "0.0.0.0", "port": 7001}
        told = {"NEMO_GYM_CONFIG_DICT": yaml.safe_dump(config), "NEMO_GYM_CONFIG_PATH": own}
        assert listens([], told) == ("0.0.0.0", 7001)
        assert listens(["localhost", "9"], told) == ("localhost", 9)
        assert listens([], {}) == ("127.0.0.1", 8000)
        [dataset] = config["golive_furniture_simple_agent"]["responses_api_agents"]["simple_agent"][
            "datasets"
        ]
        rows = files[dataset["jsonl_fpath"].removeprefix("resources_servers/golive_furniture/")]
        assert [json.loads(line) for line in rows.splitlines()] == nemo_rows(export)

    def test_its_models_read_rows_and_answers(
        self, export: Export, client: Callable[[], Client]
    ) -> None:
        base = pytest.importorskip(
            "nemo_gym.base_resources_server", reason="nemo-gym is not installed"
        )
        from resources_servers.gymnasium.base import (
            EnvResetRequest,
            EnvResetResponse,
            EnvStepRequest,
            EnvStepResponse,
        )

        said = response(function_call(ToolCall(ADVANCE, {})), message("On."))
        for row in nemo_rows(export):
            one = client()
            base.BaseRunRequest.model_validate(row)
            base.BaseSeedSessionResponse.model_validate(one.post("seed_session", row))
            asked = base.BaseVerifyRequest.model_validate({**row, "response": said})
            told = one.post("verify", {**row, **asked.model_dump(mode="json")})
            base.BaseVerifyResponse.model_validate(told)
        for row in nemo_rows(export, "gymnasium"):
            EnvResetRequest.model_validate(row)
            EnvResetResponse.model_validate(one.post("reset", row))
            EnvStepRequest.model_validate({**row, "response": said})
            EnvStepResponse.model_validate(one.post("step", {**row, "response": said}))


TASK = {
    "schema_version": set(),
    "artifacts": set(),
    "task": {"name", "version", "description", "authors", "keywords"},
    "metadata": {"world", "scenario"},
    "verifier": {"timeout_sec", "env", "user", "environment_mode", "environment", "collect"},
    "agent": {"timeout_sec", "user", "network_mode", "allowed_hosts"},
    "environment": {"build_timeout_sec", "docker_image", "cpus", "memory_mb", "storage_mb"},
}
"""Sections of task.toml and their fields, of harbor 0.26's ``harbor/models/task/config.py``."""


class TestHarbor:
    def test_a_task_has_what_the_format_asks_for(self, tasks: list[Path]) -> None:
        assert [task.name for task in tasks] == ["furniture-test-0000", "furniture-test-0001"]
        for task in tasks:
            config = tomllib.loads((task / "task.toml").read_text("utf-8"))
            assert config["schema_version"] == "1.4"
            for section, fields in config.items():
                assert section in TASK
                assert not isinstance(fields, dict) or set(fields) <= TASK[section]
            assert {path for path in read(task) if path != "task.toml"} == {
                "instruction.md",
                "environment/Dockerfile",
                "environment/world",
                "environment/episode.json",
                "solution/solve.sh",
                "tests/test.sh",
            }

    def test_harbor_itself_reads_them(self, tasks: list[Path]) -> None:
        models = pytest.importorskip("harbor.models.task.task", reason="harbor is not installed")
        for folder in tasks:
            task = models.Task(folder)
            assert task.config.agent.user == "agent"
            assert task.paths.discovered_solve_path == folder / "solution/solve.sh"
            assert task.paths.discovered_test_path == folder / "tests/test.sh"
        linted = [str(Path(sys.executable).with_name("harbor")), "lint", str(tasks[0])]
        done = subprocess.run(linted, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout

    def test_the_agent_s_side_has_neither_solution_nor_seed(self, tasks: list[Path]) -> None:
        for task in tasks:
            seed = str(json.loads((task / "environment/episode.json").read_text("utf-8"))["seed"])
            solution = (task / "solution/solve.sh").read_text("utf-8")
            [orders] = [line for line in solution.splitlines() if line.startswith("make_move")][:1]
            for path, text in read(task).items():
                if not path.startswith("solution/"):
                    assert orders not in text, path
                if path != "environment/episode.json":
                    assert seed not in text, path
            dockerfile = (task / "environment/Dockerfile").read_text("utf-8")
            assert (
                "chmod 700 /var/lib/golive && chmod 600 /var/lib/golive/episode.json" in dockerfile
            )

    def test_the_oracle_plays_the_expert_and_the_test_tells_its_rewards(
        self, tasks: list[Path], tmp_path: Path
    ) -> None:
        """The scripts run as they are, on a container's paths that are put elsewhere."""
        task, home = tasks[0], tmp_path / "golive"
        home.mkdir()
        row = (task / "environment/episode.json").read_text("utf-8")
        (home / "episode.json").write_text(row, "utf-8")
        patch = "from golive.envs.faces import harbor as h; from pathlib import Path"
        code = f"{patch}; h._HOME = Path({str(home)!r}); h.main()"
        for name, text in {
            "sudo": 'exec "$@"',
            "world": f'exec {sys.executable} -P -c {json.dumps(code)} "$@"',
        }.items():
            script = tmp_path / name
            script.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
            script.chmod(0o755)

        def ran(path: str) -> str:
            script = (task / path).read_text("utf-8")
            for own, other in (("/usr/local/bin", tmp_path), ("/logs", tmp_path / "logs")):
                script = script.replace(own, str(other))
            done = subprocess.run(
                ["sh", "-c", script], capture_output=True, text=True, check=True,
                env={"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)},
            )  # fmt: skip
            return done.stdout

        session = begun(json.loads(row))
        for call in expert_calls(session):
            session.call(call)
        assert "The episode is over." in ran("solution/solve.sh")
        ran("tests/test.sh")
        rewards = json.loads((tmp_path / "logs/verifier/reward.json").read_text("utf-8"))
        figures = session.figures()
        assert rewards.pop("reward") == figures["score"] > 0.0
        assert rewards.pop("total_reward") == figures.pop("reward")
        assert rewards == figures

    def test_the_one_episode_is_played_on_and_never_begun_again(
        self, tasks: list[Path], tmp_path: Path
    ) -> None:
        row = json.loads((tasks[1] / "environment/episode.json").read_text("utf-8"))
        with pytest.raises(GoliveError, match=r"episode\.json: there is no such file"):
            harbor.play(tmp_path, "")
        (tmp_path / "episode.json").write_text(json.dumps(row), "utf-8")
        session = begun(row)
        assert harbor.play(tmp_path, "") == session.briefing()
        for text in ("set_pace rush", "advance 2", "make_move go_live", '{"tool": "advance"}'):
            assert harbor.play(tmp_path, text) == session.message(text).text
        assert harbor.rewards(tmp_path)["decisions"] == session.decisions == 3
        over = harbor.play(tmp_path, "advance 5\n" * 100)
        assert "The episode is over." in over
        before = harbor.rewards(tmp_path)
        assert harbor.play(tmp_path, "advance").startswith("The episode is over. Score: ")
        assert harbor.rewards(tmp_path) == before


def test_a_verifiers_package_records_what_the_expert_reaches(
    export: Export, tmp_path: Path
) -> None:
    write("verifiers", export, tmp_path / "package")
    lines = (tmp_path / "package/golive_furniture/episodes.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["episode"]["seed"] for row in rows] == list(export.seeds)
    assert all(is_true(row) for row in rows)
    assert not is_true({**rows[0], "expert_digest": rows[1]["expert_digest"]})
    project = tomllib.loads((tmp_path / "package/pyproject.toml").read_text("utf-8"))
    assert project["project"]["dependencies"] == ["golive[verifiers]"]
