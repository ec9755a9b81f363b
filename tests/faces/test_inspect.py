"""The Inspect face, played by Inspect's own mock model, which writes what the expert decides.

Runs where inspect-ai is installed (``make test-faces`` has an environment for it).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from golive.core.errors import GoliveError
from golive.envs.faces.export import Export, expert_calls
from golive.envs.tool_session import ToolSession
from golive.sim.tool_table import ToolCall

ai: Any = pytest.importorskip(
    "inspect_ai", reason="inspect-ai is not installed: `make test-faces` tests it"
)

# Of what Inspect depends on.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The 'initial' parameter:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
WRONG = [
    ToolCall("make_move", {"move": "go_live"}),  # refused by the world
    ToolCall("make_move", {"move": "dance"}),  # refused by Inspect: not of the schema
]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inspect keeps a trace and a cache in the user's folders."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "INSPECT_LOG_DIR"):
        monkeypatch.setenv(name, str(tmp_path))


def script(twin: ToolSession, answers: list[str]) -> Iterator[ToolCall]:
    """The expert's calls in an episode, each carried out in the twin as well."""
    for call in WRONG:
        answers.append(twin.call(call).text)
        yield call
    for call in expert_calls(twin):
        yield call
        answers.append(twin.call(call).text)


def evaluate(task: Any, calls: Iterator[ToolCall], **arguments: Any) -> Any:
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    numbers = count()

    def output(messages: Any, tools: Any, choice: Any, config: Any) -> Any:
        call = next(calls, None)
        if call is None:
            made = ModelOutput.from_content("mockllm", "It is over.")
        else:
            made = ModelOutput.for_tool_call("mockllm", call.tool, dict(call.arguments))
            made.choices[0].message.tool_calls[0].id = f"call-{next(numbers)}"
        made.usage = ModelUsage()  # else Inspect downloads a tokeniser to count
        return made

    model = get_model("mockllm/model", custom_outputs=output)
    [log] = ai.eval(task, model=model, display="none", log_dir="logs", **arguments)
    assert log.status == "success", log.error
    return log


def test_the_score_is_golive_s_own() -> None:
    from golive.envs.faces.inspect import world

    export = Export("furniture", split="test", episodes=1, reward="shaped")
    twin, answers = export.session, []
    briefing = export.begin(export.seeds[0])
    task = world(scenario="furniture", episodes=1, reward="shaped")
    log = evaluate(task, script(twin, answers))
    [sample] = log.samples
    assert sample.input == briefing
    assert sample.messages[0].text == twin.instructions
    told = [one for one in sample.messages if one.role == "tool"]
    assert [one.error.message if one.error else one.text for one in told][2:] == answers[2:]
    assert told[0].error.message == answers[0]
    [judged] = sample.scores.values()
    expected = twin.figures()
    assert expected["terminated"] == 1.0
    assert expected["score"] > 0.0
    assert judged.value == pytest.approx(expected, abs=1e-9)
    assert judged.value["refused_calls"] == 2
    named = {one.name: one.metrics["mean"].value for one in log.results.scores}
    assert named == pytest.approx(expected, abs=1e-9)


INSTALLED = "golive" in entry_points(group="inspect_ai").names


@pytest.mark.skipif(not INSTALLED, reason="golive is on the path, but not installed")
def test_inspect_finds_the_task_by_its_name() -> None:
    told = {"scenario": "techmold", "episodes": 1}
    log = evaluate("golive/world", iter(()), task_args=told)
    assert [sample.id for sample in log.samples] == ["techmold-2000000"]


def test_who_does_nothing_is_scored_too_and_bad_arguments_are_refused() -> None:
    from golive.envs.faces.inspect import world

    log = evaluate(world(scenario="furniture", episodes=2), iter(()))
    values = [next(iter(sample.scores.values())).value for sample in log.samples]
    assert [(one["score"], one["decisions"]) for one in values] == [(0.0, 0.0)] * 2
    with pytest.raises(GoliveError, match="split: 'nonsense': expected one of"):
        world(split="nonsense")
    with pytest.raises(GoliveError, match="episodes: 0: expected"):
        world(episodes=0)
