from __future__ import annotations

from typing import Any

import pytest

from golive.core.errors import GoliveError
from golive.scenarios.gateway.agents import MOST_AGENTS, named_agents
from golive.scenarios.gateway.scenario import GatewayScenario
from golive.scenarios.gateway.texts import task_texts
from golive.scenarios.gateway.vocabulary import FAMILIES, AgentGroup
from golive.scenarios.loader import load_scenario, load_suite

ROW = {"name": "my-agent", "home": {"data": 1.2}, "usd_per_hour": 5.0, "pace": 0.2}


def _scenario(**fields: Any) -> GatewayScenario:
    return GatewayScenario.model_validate({"name": "desk", "title": "A desk", **fields})


def test_the_named_pool_has_59_agents_of_all_groups_at_home_in_all_families() -> None:
    agents = named_agents()
    assert len(agents) == len({agent.name for agent in agents}) == 59
    assert {agent.group for agent in agents} == set(AgentGroup)
    assert {family for agent in agents for family in agent.home} == set(FAMILIES)
    assert "pm-agent-gateway" in {agent.name for agent in agents}


def test_an_agent_is_added_by_a_row_and_one_is_left_out_by_its_name() -> None:
    pool = _scenario(pool={"added": [ROW], "left_out": ["python-pro"]}).pool
    names = [row.name for row in pool.rows()]
    assert names[-1] == "my-agent"
    assert "python-pro" not in names
    assert len(names) == 59


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"pool": {"added": [{**ROW, "name": "rust-pro"}]}}, "'rust-pro' is there twice"),
        ({"pool": {"left_out": ["cobol-pro"]}}, "'cobol-pro': no such agent"),
        ({"pool": {"left_out": [row.name for row in named_agents()]}}, "0 agents"),
        ({"pool": {"generated": True, "fewest": 40, "most": 20}}, "expected at least fewest 40"),
        ({"pool": {"generated": True, "added": [ROW]}}, "no named agents"),
        ({"pool": {"generated": True, "fewest": 0}}, "fewest"),
        ({"priority_shares": [0.5, 0.5, 0.5, 0.5]}, "add up to 2"),
        ({"traits": {"haste": 2.0}}, "haste"),
        ({"traits": {"hurry": 0.5}}, "hurry"),
        ({"weeks": 0}, "weeks"),
        ({"agents": 7}, "agents"),
    ],
)
def test_what_cannot_be_played_is_refused(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        _scenario(**fields)


def test_the_library_can_be_loaded_by_name() -> None:
    suite = load_suite("gateway")
    for name in suite.scenarios:
        scenario = load_scenario(name)
        assert isinstance(scenario, GatewayScenario)
    with pytest.raises(GoliveError):
        load_scenario("no-such-office")


def test_every_family_has_wordings_apart_for_judging() -> None:
    for texts in task_texts().families.values():
        assert not set(texts.usual) & set(texts.held_out)
    assert MOST_AGENTS == 96
