"""The TRL face: a plain class whose episodes branch from one snapshot on common luck."""

from __future__ import annotations

import inspect
from typing import Any, get_type_hints

import pytest

from golive.core.errors import GoliveError
from golive.core.random_streams import RandomStreams
from golive.envs.environment import WorldEnv
from golive.envs.faces.mornings import Morning, changed, led_to, mornings
from golive.envs.faces.trl import rows, trl_environment
from golive.envs.tool_session import ToolSession
from golive.scenarios.loader import load_scenario
from golive.sim.rollouts import rollout_value
from golive.sim.worlds import world_kind

KIND = world_kind("implementation")
FURNITURE = load_scenario("furniture")


@pytest.fixture(scope="module")
def world() -> type[Any]:
    return trl_environment("furniture", decisions=1)


@pytest.fixture(scope="module")
def telling() -> list[Morning]:
    return list(mornings(KIND, FURNITURE, range(2), every=16))


def play(environment: Any, plan: tuple[int, ...]) -> float:
    """Take a decision by the class's methods and go on; gives the reward."""
    session: ToolSession = environment._session
    for call in session.words.calls(session.plan, session.words.decision(plan)):
        getattr(environment, call.tool)(**call.arguments)
    environment.advance()
    return float(environment.get_reward())


def test_its_public_methods_are_the_tools_typed_and_documented(world: type[Any]) -> None:
    methods = dict(inspect.getmembers(world, inspect.isfunction))
    tools = {name for name in methods if not name.startswith("_")} - {"reset", "get_reward"}
    assert tools == {tool.name for tool in KIND.speech.tools}
    assert world.__name__ == "FurnitureImplementation"
    for name in tools:
        hints = get_type_hints(methods[name])
        assert hints.pop("return") is str
        assert list(hints) == list(inspect.signature(methods[name]).parameters)[1:]
        assert "Args:\n" in (methods[name].__doc__ or "")


def test_a_group_branches_from_one_snapshot_on_common_luck(world: type[Any]) -> None:
    row = {"seed": 3, "morning": 8, "future": 77, "prompt": "ignored"}
    group = [world() for _ in range(4)]
    briefings = {one.reset(**row) for one in group}
    assert len(briefings) == 1
    assert briefings.pop().startswith("Day 8.")
    *_, (_, snapshot, decision) = led_to(KIND, FURNITURE, 3, 8)
    plan = KIND.speech.plan_of(decision)
    other = changed(KIND, plan, KIND.restore(snapshot).legal(), 0.99, 0.5)
    paid = [play(one, way) for one, way in zip(group, (plan, other, plan, other), strict=True)]
    assert paid[:2] == paid[2:]
    for way, reward in ((plan, paid[0]), (other, paid[1])):
        expert = KIND.policies[KIND.expert]()
        assert reward == rollout_value(snapshot, KIND.speech.decision(way), expert, 77)


def test_an_instance_is_used_again_and_forgets(world: type[Any]) -> None:
    one = world()
    briefing = one.reset(seed=1, morning=3, future=5)
    plan = one._session.plan
    paid = play(one, plan)
    assert one.advance() == "Your decisions are taken: say that you are done."
    one.reset(seed=2)
    one.make_move("no such move")
    assert one._session.refused == 1
    assert one.reset(seed=1, morning=3, future=5) == briefing
    assert one._session.refused == 0
    assert play(one, plan) == paid


def test_who_never_goes_on_is_paid_for_the_orders_as_they_stand(world: type[Any]) -> None:
    one, other = world(), world()
    for environment in (one, other):
        environment.reset(seed=1, morning=6, future=5)
        environment.set_pace("rush")
    other.advance()
    assert one.get_reward() == other.get_reward()


def test_it_can_pay_the_environment_s_own_rewards_to_the_last_bit() -> None:
    environment = trl_environment("furniture", pay="reward", reward="shaped")()
    environment.reset(seed=4)
    numbers = WorldEnv("furniture", reward="shaped")
    numbers.reset(options={"episode_seed": 4})
    expert = KIND.policies[KIND.expert]()
    expert.reset(4)
    total = 0.0
    while not numbers.world.finished:
        decision = expert.decide(numbers.briefing, numbers.legal())
        _, reward, *_ = numbers.step(KIND.language.action(decision))
        total += reward
        for call in environment._session.words.calls(environment._session.plan, decision):
            getattr(environment, call.tool)(**call.arguments)
        text = environment.advance()
    assert environment.get_reward() == total
    assert "The episode is over" in text


def test_mornings_are_those_at_which_decisions_are_paid_differently(
    telling: list[Morning],
) -> None:
    world = trl_environment("furniture", decisions=1)()
    alike = 0
    for number, morning in enumerate(telling):
        world.reset(**morning.row())
        session = world._session
        streams, legal = RandomStreams(number), session.environment.legal()
        *_, (_, _, decision) = led_to(KIND, FURNITURE, morning.seed, morning.number)
        plan = KIND.speech.plan_of(decision)
        paid = set()
        for member in range(4):
            world.reset(**morning.row())
            draws = [streams.uniform(1, member, which) for which in (0, 1)]
            paid.add(play(world, changed(KIND, plan, legal, *draws)))
        alike += len(paid) == 1
    assert len(telling) >= 4
    assert alike / len(telling) < 0.1
    assert all(morning.spread >= 1e-3 for morning in telling)


def test_rows_are_a_dataset_s(telling: list[Morning]) -> None:
    made = rows(telling[:2], "Rules.", environment="furniture")
    assert [row["environment"] for row in made] == ["furniture"] * 2
    assert made[0]["prompt"][0] == {"role": "system", "content": "Rules."}
    world = trl_environment("furniture")()
    assert world.reset(**made[0]).startswith("Day ")
    with pytest.raises(GoliveError, match="pay: 'gold': expected 'score'"):
        trl_environment(pay="gold")  # type: ignore[arg-type]
