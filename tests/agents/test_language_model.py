"""``llm:`` policies against a small server: calls, retries, the account, transcripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scripted_endpoint import Reply, Server, message, serving

from golive.agents.chat_endpoint import EndpointError, LanguageModel
from golive.agents.language_model import LanguageModelPolicy
from golive.agents.registry import load_policy, policy_file_of
from golive.core.errors import GoliveError
from golive.sim.episodes import run_episode
from golive.sim.policy import ScenarioPolicy
from golive.sim.tool_table import ToolCall
from golive.sim.worlds import world_kind

KIND = world_kind("implementation")
SECRET = "sk-not-for-the-transcript"


def policy(server: Server, **settings: Any) -> LanguageModelPolicy:
    told = {"model": "tiny", "base_url": server.url, "pause_seconds": 0.0, **settings}
    return LanguageModelPolicy(KIND, LanguageModel(**told), "llm:tiny")


def of_expert() -> Reply:
    """A model that orders what the expert would: it is told the decision beforehand."""
    plans: list[Any] = []
    made: list[Any] = []

    def reply(_: dict[str, Any]) -> dict[str, Any]:
        decision = made.pop(0)
        plan = plans.pop() if plans else KIND.speech.neutral_plan
        calls = KIND.speech.calls(plan, decision[0])
        plans.append(decision[1])
        return message(*calls, ToolCall("advance", {}))

    world, expert = KIND.build(_furniture(), 3), KIND.policies[KIND.expert]()
    expert.reset(3)
    while not world.finished:
        decision = expert.decide(world.briefing(), world.legal())
        world.advance(decision)
        plan = KIND.speech.plan_of(decision)
        standing = KIND.speech.standing(plan, world.legal())[0] if not world.finished else plan
        made.append((decision, standing))
    return reply


def _furniture() -> Any:
    from golive.scenarios.loader import load_scenario

    return load_scenario("furniture")


def test_a_model_that_decides_as_the_expert_has_the_expert_s_episode() -> None:
    with serving(of_expert()) as server:
        model = policy(server, usd_per_million_prompt_tokens=2.0)
        episode = run_episode(model, "furniture", 3)
    expert = run_episode(load_policy("expert"), "furniture", 3)
    assert episode.digest == expert.digest
    assert model.decisions == episode.decisions == len(server.heard)
    assert (model.refused, model.silent) == (0, 0)
    account = model.endpoint.account
    assert account.prompt_tokens == 1000 * episode.decisions
    assert account.usd == pytest.approx(2e-3 * episode.decisions)
    first = server.heard[0]
    assert first["messages"][0]["content"] == KIND.speech.introduction(_furniture())
    assert first["messages"][1]["content"].startswith("Day 0.")
    assert [tool["function"]["name"] for tool in first["tools"]] == [
        tool.name for tool in KIND.speech.tools
    ]
    assert (first["temperature"], first["seed"]) == (0.0, 3)


def test_what_it_does_wrong_is_answered_to_it_and_counted() -> None:
    replies = [
        message(ToolCall("look", {"topic": "money"}), ToolCall("make_move", {"move": "go_live"})),
        {"role": "assistant", "content": "I think about it."},
        message(ToolCall("dance", {}), ToolCall("set_pace", {"pace": "rush"})),
        {"role": "assistant", "content": 'So: {"tool": "advance", "arguments": {"times": 2}}'},
        message(ToolCall("advance", {})),
    ]
    with serving(lambda _: replies.pop(0)) as server:
        model = policy(server)
        model.meet(_furniture())
        world = KIND.build(_furniture(), 0)
        for pace in (2, 2, 2):
            decision = model.decide(world.briefing(), world.legal())
            assert decision.pace == pace
            world.advance(decision)
        assert len(server.heard) == 5
    assert (model.decisions, model.refused, model.silent) == (3, 2, 1)
    told = server.heard[3]["messages"]
    assert [one["role"] for one in told] == [
        *("system", "user", "assistant", "tool", "tool", "assistant", "user", "assistant"),
        *("tool", "tool"),
    ]
    assert told[3]["tool_call_id"] == "call_0"
    assert "budget $" in told[3]["content"]
    assert "go_live is not legal now: it needs" in told[4]["content"]
    assert "no such tool" in told[8]["content"]


def test_who_never_advances_has_its_orders_carried_out() -> None:
    with serving(lambda _: message(ToolCall("look", {}), ToolCall("look", {}))) as server:
        model = policy(server, most_calls=4)
        model.meet(_furniture())
        world = KIND.build(_furniture(), 0)
        assert model.decide(world.briefing(), world.legal()) == KIND.neutral()
        assert len(server.heard) == 2


def test_failures_of_the_endpoint_are_tried_again_and_counted_apart() -> None:
    replies = [429, 503, b"no json", b"[]", message(ToolCall("advance", {}))]
    with serving(lambda _: replies.pop(0)) as server:
        model = policy(server)
        model.meet(_furniture())
        world = KIND.build(_furniture(), 0)
        model.decide(world.briefing(), world.legal())
    account = model.endpoint.account
    assert (account.errors, account.requests, model.decisions) == (4, 1, 1)


@pytest.mark.parametrize(
    ("reply", "requests", "problem"),
    [(503, 3, "status 503, after 3 requests"), (401, 1, "status 401, after 1"),
     (b"{}", 1, "without choices")],
)  # fmt: skip
def test_an_endpoint_that_does_not_answer_has_decided_nothing(
    reply: Any, requests: int, problem: str
) -> None:
    with serving(lambda _: reply) as server:
        model = policy(server, retries=2)
        model.meet(_furniture())
        world = KIND.build(_furniture(), 0)
        with pytest.raises(EndpointError, match=problem):
            model.decide(world.briefing(), world.legal())
        assert len(server.heard) == requests
    assert model.decisions == 0


def test_transcripts_hold_what_was_said_and_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_KEY", SECRET)
    with serving(lambda _: message(ToolCall("advance", {"times": 5}))) as server:
        model = policy(server, transcripts=str(tmp_path), key_variable="OTHER_KEY", memory=1)
        run_episode(model, "furniture", 7)
        assert server.keys[0] == f"Bearer {SECRET}"
        assert "Your orders" in server.heard[1]["messages"][1]["content"]
        assert server.heard[1]["messages"][4]["content"].startswith("Day 5.")
    text = (tmp_path / "7.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert SECRET not in text
    assert len(lines) == len(server.heard)
    assert [line["moment"] for line in lines[:3]] == [0, 5, 10]
    assert (lines[0]["model"], lines[0]["temperature"], lines[0]["seed"]) == ("tiny", 0.0, 7)
    assert lines[0]["messages"][1]["tool_calls"][0]["function"]["name"] == "advance"


def test_specs_name_a_model_by_address_or_file(tmp_path: Path) -> None:
    model = load_policy("llm:qwen@http://127.0.0.1:1/v1")
    assert isinstance(model, ScenarioPolicy)
    assert model.endpoint.settings.model == "qwen"
    file = tmp_path / "model.yaml"
    file.write_text("model: qwen\ntemperature: 0.5\n")
    spec = f"llm:{file}"
    assert load_policy(spec).endpoint.settings.temperature == 0.5
    assert policy_file_of(spec) == file
    assert policy_file_of("llm:qwen@http://127.0.0.1:1/v1") is None
    file.write_text("model: qwen\ntemperature: hot\n")
    with pytest.raises(GoliveError, match=r"model.yaml:2: temperature: 'hot'"):
        load_policy(spec)
    with pytest.raises(GoliveError, match="expected llm:MODEL@URL, or llm:FILE"):
        load_policy("llm:qwen")
    with pytest.raises(GoliveError, match="expected the scenario"):
        model.decide(None, None)
