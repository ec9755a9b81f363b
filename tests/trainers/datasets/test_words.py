"""Recorded episodes in words say what was decided, what was read and what it was worth."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from golive import GoliveError, load_scenario
from golive.core.execution import TaskError
from golive.envs.tool_session import ToolSession
from golive.sim.tool_calls import read_calls
from golive.sim.tool_table import ToolCall
from golive.sim.worlds import world_kind
from golive.trainers.datasets import load_logged, record, write_words

SPEECH = world_kind("implementation").speech


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenarios = [load_scenario(name) for name in ("furniture", "techmold")]
    out = tmp_path_factory.mktemp("spoken") / "two-v0"
    return record(["noisy:expert:0.2"], scenarios, out, first_seed=5, episodes=1)


@pytest.fixture(scope="module")
def words(dataset: Path) -> Path:
    return write_words(dataset)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_decision_is_said_with_its_reward(dataset: Path, words: Path) -> None:
    logged = load_logged(dataset)
    rows = lines(words / "instruction.jsonl")
    assert len(rows) == len(logged.rewards)
    np.testing.assert_array_equal([row["reward"] for row in rows], logged.rewards)
    episodes = zip(logged.starts, logged.lengths, strict=True)
    totals = [logged.rewards[start : start + length].sum() for start, length in episodes]
    first = [row for row in rows if row["decision"] == 0]
    np.testing.assert_allclose([row["return_to_go"] for row in first], totals)
    last = [rows[start - 1] for start in [*logged.starts[1:], len(rows)]]
    for row in last:
        assert row["return_to_go"] == pytest.approx(row["reward"])
    assert [row["score"] for row in first] == logged.episodes["go_live_score"].to_list()


def test_who_says_what_was_said_plays_the_same_episode(words: Path) -> None:
    rows = [row for row in lines(words / "instruction.jsonl") if row["scenario"] == "techmold"]
    session = ToolSession("techmold")
    briefing = session.reset(options={"episode_seed": rows[0]["seed"]})
    for row in rows:
        assert row["instruction"] == session.instructions
        assert row["input"] == (briefing if row["decision"] == 0 else session.briefing())
        answer = session.message(row["output"])
        assert not answer.refused
    assert session.terminated
    assert session.environment.world.digest() == rows[0]["digest"]


def test_a_chat_is_what_a_model_would_have_read(words: Path) -> None:
    for row in lines(words / "chat.jsonl"):
        session = ToolSession(row["scenario"])
        briefing = session.reset(options={"episode_seed": row["seed"]})
        system, user, *messages = row["messages"]
        assert (system["content"], user["content"]) == (session.instructions, briefing)
        asked: dict[str, ToolCall] = {}
        for message in messages:
            if message["role"] == "assistant":
                for call in message["tool_calls"]:
                    [read] = read_calls(json.dumps(call), SPEECH.tools)
                    assert isinstance(read, ToolCall)
                    asked[call["id"]] = read
            else:
                answer = session.call(asked.pop(message["tool_call_id"]))
                assert message == {
                    "role": "tool",
                    "tool_call_id": message["tool_call_id"],
                    "content": answer.text,
                }
        assert not asked
        assert session.terminated
        assert json.loads(row["tools"]) == [tool.for_openai() for tool in SPEECH.tools]


def test_both_formats_hold_the_same(words: Path) -> None:
    for name in ("chat", "instruction"):
        rows = pq.read_table(words / f"{name}.parquet").to_pylist()
        for row in rows:
            for message in row.get("messages", []):
                for key in [key for key, value in message.items() if value is None]:
                    del message[key]
        assert rows == lines(words / f"{name}.jsonl")


def test_processes_write_the_same(dataset: Path, words: Path, tmp_path: Path) -> None:
    again = write_words(dataset, tmp_path / "again", workers=2)
    names = sorted(path.name for path in words.iterdir())
    assert names == ["chat.jsonl", "chat.parquet", "instruction.jsonl", "instruction.parquet"]
    for name in names:
        assert (again / name).read_bytes() == (words / name).read_bytes()


def test_what_is_in_the_way_is_left_as_it_is(dataset: Path, words: Path, tmp_path: Path) -> None:
    with pytest.raises(GoliveError, match="is there already"):
        write_words(dataset)
    with pytest.raises(GoliveError, match="a part of its path is a file"):
        write_words(dataset, words / "chat.jsonl" / "deeper")
    (tmp_path / ".out.unfinished").mkdir()
    with pytest.raises(GoliveError, match="was left by a process that was killed"):
        write_words(dataset, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == [".out.unfinished"]


@pytest.mark.parametrize("field", ["digest", "seed"])
def test_an_episode_that_comes_out_otherwise_is_refused(
    dataset: Path, tmp_path: Path, field: str
) -> None:
    copy = Path(shutil.copytree(dataset, tmp_path / "copy-v0"))
    shutil.rmtree(copy / "words", ignore_errors=True)
    path = copy / "data/1/metadata.json"
    altered = {"digest": "0" * 32, "seed": 7}
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: altered[field]}))
    with pytest.raises((GoliveError, TaskError), match="recorded episode"):
        write_words(copy)
    assert not (copy / "words").exists()
    assert not list(copy.glob(".*"))
