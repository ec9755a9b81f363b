"""A team's episode by tool calls: parity with the numbers, and what is told to whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from golive import GoliveError
from golive.agents.partners import partners_of
from golive.agents.team import TeamObserver, play_team
from golive.envs.team_session import TeamSession
from golive.sim.tool_table import ToolCall
from golive.sim.words import ADVANCE
from golive.sim.worlds import world_kind

pytest.importorskip("pettingzoo", reason="needs golive[team]")
from golive.envs.faces.export import Export
from golive.envs.faces.verifiers_package import recorded
from golive.envs.faces.verifiers_team import begun_team, is_true

KIND = world_kind("implementation")
ROLES = KIND.team().names if KIND.team else ()
SEED = 2


class Choices(TeamObserver):
    """Keeps what each role has chosen."""

    def __init__(self) -> None:
        self.chosen: list[Mapping[str, int]] = []

    def decided(self, environment: Any, actions: Mapping[str, int]) -> None:
        self.chosen.append(dict(actions))


@pytest.mark.parametrize("absence", [None, "heavy"])
def test_experts_by_calls_are_the_episode_of_the_experts_in_numbers(absence) -> None:
    session = TeamSession("furniture", messages={}, absence=absence)
    choices = Choices()
    score = play_team(session.environment, partners_of(KIND, ROLES, {}), SEED, [choices])
    digest = session.environment.world_env.world.digest()
    told = session.reset(options={"episode_seed": SEED})
    assert set(told) == set(ROLES)
    for actions in choices.chosen:
        for role in session.waiting():
            side = session.roles[role]
            calls = [*side.words.calls(side.plan, actions[role]), ToolCall(ADVANCE, {})]
            text = json.dumps([{"tool": c.tool, "arguments": dict(c.arguments)} for c in calls])
            assert side.message(text).refused == 0
        told = session.pass_day()
    assert session.terminated
    assert (session.score, session.environment.world_env.world.digest()) == (score, digest)
    assert set(told) == set(ROLES)
    for side in session.roles.values():
        figures = side.figures()
        assert figures["score"] == score and figures["terminated"] == 1.0
        assert figures["refused_calls"] == 0.0 and figures["decisions"] == len(choices.chosen)


def test_the_day_passes_when_all_are_done_and_who_waits_is_told_later() -> None:
    session = TeamSession("furniture", messages={})
    session.reset(options={"episode_seed": SEED})
    first, *rest = ROLES
    session.roles[first].message("advance 3")
    assert session.waiting() == rest
    with pytest.raises(GoliveError, match=f"{rest[0]} has not decided: expected a call of advance"):
        session.pass_day()
    late = session.roles[first].message("look")
    assert late.refused == 1 and "done for today" in late.text
    for day in range(3):
        for role in rest:
            session.roles[role].message("advance")
        told = session.pass_day()
        assert (first in told) == (day == 2) and set(rest) <= set(told)


def test_who_leaves_or_makes_too_many_calls_keeps_nobody_waiting() -> None:
    session = TeamSession("furniture", messages={}, calls_per_decision=3)
    session.reset(options={"episode_seed": SEED})
    chatty, gone, *rest = ROLES
    for _ in range(3):
        session.roles[chatty].message("I wonder.")
    session.leave(gone)
    assert session.waiting() == rest
    for role in rest:
        session.roles[role].message("advance")
    assert gone not in session.pass_day() and session.roles[chatty].refused == 3
    for role in ROLES:
        session.leave(role)
    assert session.is_deserted and not session.waiting()


def test_what_one_role_orders_and_asks_is_told_to_no_other() -> None:
    """Two teams that differ in what one role calls: the others are told the same that day."""

    def told(*calls: str) -> dict[str, str]:
        session = TeamSession("furniture", messages={"delay_days": 3})
        session.reset(options={"episode_seed": SEED})
        for role in ROLES:
            session.roles[role].message("advance")
        session.pass_day()
        for call in calls:
            session.roles["industry_expert"].message(call)
        return {role: session.roles[role].briefing() for role in ROLES}

    quiet = told()
    asking = told("look", "say ready", "assign integration", "look questions")
    for role in ROLES:
        assert (asking[role] == quiet[role]) == (role != "industry_expert")


def test_the_expert_split_among_the_roles_is_what_was_recorded() -> None:
    [row] = recorded(Export("furniture", episodes=1, split="test"))
    row = {**row, "episode": {**row["episode"], "messages": {}}}
    assert is_true(row)
    assert not is_true({**row, "expert_score": row["expert_score"] + 1e-6})
    assert not is_true({**row, "expert_digest": "0"})
    with pytest.raises(GoliveError, match="scenario"):
        begun_team({**row["episode"], "scenario": "/etc/passwd"})
