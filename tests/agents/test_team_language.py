"""Roles that language models play: their tools, what they are told, and parity with the numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from scripted_endpoint import Reply, message, serving

from golive.cli.app import run
from golive.core.errors import GoliveError
from golive.sim.tool_table import Refusal, ToolCall
from golive.sim.worlds import world_kind

pytest.importorskip("pettingzoo", reason="needs golive[team]")
from golive.agents.partners import partners_of
from golive.agents.team import TeamObserver, play_team
from golive.agents.team_language import SpeakingRole
from golive.envs.team import TeamEnv
from golive.envs.team_words import RoleWords, role_morning

KIND = world_kind("implementation")
SEED = 2
ROLES = KIND.team().names if KIND.team else ()


class Choices(TeamObserver):
    """Keeps what each role has chosen."""

    def __init__(self) -> None:
        self.chosen: list[Mapping[str, int]] = []

    def decided(self, environment: TeamEnv, actions: Mapping[str, int]) -> None:
        self.chosen.append(dict(actions))


def experts_words(environment: TeamEnv, observer: Choices) -> dict[str, Reply]:
    """Per role a model that says what the role's expert has chosen, by calls."""

    def model(role: str) -> Reply:
        words = RoleWords(environment, role)
        actions = iter([one[role] for one in observer.chosen])
        standing = [words.neutral_plan]

        def reply(_: dict[str, Any]) -> dict[str, Any]:
            action = next(actions)
            legal = environment.action_mask(role)
            plan, _ = words.standing(standing[0], legal)
            standing[0] = words.plan_of(action)
            return message(*words.calls(plan, action), ToolCall("advance", {}))

        return reply

    return {role: model(role) for role in environment.team.names}


@pytest.mark.parametrize("absence", [None, "heavy"])
def test_experts_in_words_are_the_episode_of_the_experts_in_numbers(absence: str | None) -> None:
    environment = TeamEnv("furniture", world=KIND, messages={}, absence=absence)
    choices = Choices()
    score = play_team(environment, partners_of(KIND, ROLES, {}), SEED, [choices])
    digest = environment.world_env.world.digest()
    replies = experts_words(environment, choices)

    def reply(body: dict[str, Any]) -> Any:
        return replies[body["model"]](body)

    with serving(reply) as server:
        players = partners_of(KIND, ROLES, {r: f"llm:{r}@{server.url}" for r in ROLES})
        again = Choices()
        assert play_team(environment, players, SEED, [again]) == score
    assert again.chosen == choices.chosen
    assert environment.world_env.world.digest() == digest
    for player in players.values():
        assert isinstance(player, SpeakingRole)
        assert (player.model.refused, player.model.silent) == (0, 0)
    assert any(c for one in choices.chosen for c in one.values())


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_tools_for_its_own_choices_for_speaking_and_for_waiting(role: str) -> None:
    environment = TeamEnv("furniture", world=KIND, messages={})
    environment.reset(seed=0)
    words = RoleWords(environment, role)
    names = [tool.name for tool in words.tools]
    assert names[0] == "look" and names[-2:] == ["say", "advance"]
    assert ("set_pace" in names) == (role == "orchestrator")
    assign = next(tool for tool in words.tools if tool.name == "assign")
    assert [argument.name for argument in assign.arguments] == [role]
    moves = next(tool for tool in words.tools if tool.name == "make_move").arguments[0].choices
    assert ("go_live" in moves) == (role == "project_manager")
    actions = environment.actions.roles[environment.team.place(role)]
    for number in range(0, actions.count, 7):  # every choice has its words, and they mean it
        plan = words.plan_of(number)
        assert words.decision(plan) == number
        assert len(plan) == len(words.numbers.choices.factors)
    silent = TeamEnv("furniture", world=KIND)
    assert "say" not in [tool.name for tool in RoleWords(silent, role).tools]


def test_another_s_choice_is_refused_and_what_was_said_is_read_the_next_day() -> None:
    environment = TeamEnv("furniture", world=KIND, messages={})
    environment.reset(seed=0)
    scenario = environment.world_env.world.scenario
    data, manager = (RoleWords(environment, r) for r in ("data_migration", "project_manager"))
    morning, mask = role_morning(environment, "data_migration"), environment.action_mask
    legal, plan = mask("data_migration"), data.neutral_plan
    make_move = next(tool for tool in data.tools if tool.name == "make_move")
    assert isinstance(make_move.read({"move": "go_live"}), Refusal)
    _, told = data.answer(
        ToolCall("make_move", {"move": "mock_load"}), scenario, morning, legal, plan
    )
    assert isinstance(told, Refusal) and "needs" in told.reason
    plan, told = data.answer(
        ToolCall("say", {"message": "not_ready"}), scenario, morning, legal, plan
    )
    assert told == "Done. Your orders: data_migration none, move none, say not_ready"
    passing = {role.name: role.neutral for role in environment.actions.roles}
    environment.step({**passing, "data_migration": data.decision(plan)})
    later = role_morning(environment, "project_manager")
    text = manager.brief(later, mask("project_manager"), manager.neutral_plan)
    assert "- data_migration not_ready: not_ready (my part may not go live yet), days ago 1" in text
    assert data.standing(plan, mask("data_migration"))[0] == data.neutral_plan  # said once


def test_the_command_lets_a_model_play_a_role(capsys: pytest.CaptureFixture[str]) -> None:
    def wait(body: dict[str, Any]) -> dict[str, Any]:
        assert "You are the project manager" in body["messages"][0]["content"]
        return message(ToolCall("advance", {"times": 5}))

    with serving(wait) as server:
        spec = f"llm:tiny@{server.url}"
        told = ["team", "furniture", "--partners", f"project_manager={spec}", "--json"]
        assert run(told) == 0
        content = json.loads(capsys.readouterr().out)
        assert content["partners"]["project_manager"] == spec
        heard = len(server.heard)
        assert heard > 5
        policies = f"team:expert+project_manager={spec}"
        assert run(["evaluate", "--policies", policies, "--episodes", "1"]) in (0, 1)
        assert len(server.heard) > heard
        capsys.readouterr()


def test_an_endpoint_that_does_not_answer_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(GoliveError, match="policy: 'llm:nothing': expected llm:MODEL@URL"):
        partners_of(KIND, ROLES, {"configuration": "llm:nothing"})
    with serving(lambda _: 404) as server:
        told = ["team", "furniture", "--partners", f"configuration=llm:tiny@{server.url}"]
        assert run(told) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
