"""The environment of texts: checked by Gymnasium, and equal to the numeric one to the last bit."""

from __future__ import annotations

import json
import pickle
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from golive.agents.registry import load_policy
from golive.core.errors import GoliveError
from golive.envs.registration import text_identifier
from golive.envs.text import WorldTextEnv
from golive.envs.tool_session import CALLS_PER_DECISION, ToolSession
from golive.sim.briefing_text import token_bound
from golive.sim.tool_calls import command_of, json_of
from golive.sim.tool_table import ToolCall
from golive.sim.worlds import world_kind, world_names

IDENTIFIER = "golive.envs:golive/ImplementationText-v1"


def message(session: ToolSession, policy: object) -> str:
    """The calls by which a policy decides, as a language model would write them."""
    environment = session.environment
    decision = policy.decide(environment.briefing, environment.legal())
    calls = [*session.words.calls(session.plan, decision), ToolCall("advance", {})]
    written = json_of if len(calls) % 2 else command_of
    return "\n".join(map(written, calls))


def test_gymnasium_checks_it_without_a_warning() -> None:
    environment = gymnasium.make(IDENTIFIER).unwrapped
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(environment, skip_render_check=True)


def test_every_world_has_one_whose_time_limit_ends_no_episode() -> None:
    for name in world_names():
        kind = world_kind(name)
        specification = gymnasium.spec(text_identifier(kind.environment))
        assert specification.max_episode_steps > CALLS_PER_DECISION * kind.most_decisions


@pytest.mark.parametrize(
    ("policy", "arguments"),
    [
        ("expert", {"reward": "shaped"}),
        ("adaptive", {"scenario": "techmold"}),
        ("noisy:expert:0.5", {}),
    ],
)
def test_episodes_are_those_of_the_numeric_environment_to_the_last_bit(
    policy: str, arguments: dict[str, str]
) -> None:
    words = gymnasium.make(IDENTIFIER, **arguments)
    numbers = gymnasium.make("golive.envs:golive/Implementation-v1", **arguments)
    session = words.unwrapped.session
    decides, twin = load_policy(policy), load_policy(policy)
    for seed in range(2):
        decides.reset(seed)
        twin.reset(seed)
        words.reset(seed=seed)
        numbers.reset(seed=seed)
        world = numbers.unwrapped.world
        while not world.finished:
            action = numbers.unwrapped.kind.language.action(
                twin.decide(world.briefing(), world.legal())
            )
            _, reward, terminated, _, info = numbers.step(action)
            _, same, ended, _, told = words.step(message(session, decides))
            assert (same, ended) == (reward, terminated)
            assert told["reward_terms"] == info["reward_terms"]
            assert told["scorecard"] == info["scorecard"]
        assert session.environment.world.digest() == world.digest()
        assert session.refused == 0


def test_a_session_names_its_figures_and_keeps_them_when_it_is_saved() -> None:
    session = ToolSession("furniture", reward="shaped")
    session.reset(options={"episode_seed": 5})
    session.message("advance 5\nmake_move go_live\nadvance 2")
    expert, environment = load_policy("expert"), session.environment
    expert.reset(5)
    while not session.terminated:
        if session.decisions == 9:
            other = ToolSession("furniture", reward="shaped")
            other.set_state(json.loads(json.dumps(session.get_state())))
            assert other.figures() == session.figures()
            session, environment = other, other.environment
        session.play(expert.decide(environment.briefing, environment.legal()))
    figures = session.figures()
    terms = {name: figures[f"reward_{name}"] for name in environment.reward.names}
    assert sum(terms.values()) == pytest.approx(figures["reward"], abs=1e-9)
    assert figures["score"] == environment.information()["go_live_score"]
    assert figures["decisions"] > 9
    assert (figures["refused_calls"], figures["terminated"]) == (1.0, 1.0)
    assert figures["refused_share"] == 1.0 / figures["calls"]
    session.reset(seed=0)
    assert not any(session.figures().values())


def test_looking_and_ordering_pay_nothing_and_take_no_time() -> None:
    environment = WorldTextEnv()
    environment.reset(seed=0)
    before = environment.session.environment.world.digest()
    for action in ("look work", "set_pace careful", '{"tool": "look", "arguments": {}}'):
        text, reward, terminated, truncated, info = environment.step(action)
        assert (reward, terminated, truncated, info["decisions"]) == (0.0, False, False, 0)
        assert not any(info["reward_terms"].values())
        assert text
    assert environment.session.environment.world.digest() == before


def test_what_is_wrong_is_answered_with_what_is_legal_and_counted() -> None:
    environment = WorldTextEnv()
    environment.reset(seed=0)
    for number, action in enumerate(
        ("hello", "make_move go_live", "look wrok", "{", "", "x" * 10_000, "advance times=99"), 1
    ):
        text, reward, *_, info = environment.step(action)
        assert text.startswith("Refused: ")
        assert reward == 0.0
        assert info["refused_calls"] == info["calls"] == number
        assert info["illegal_decisions"] == 0
    answer = environment.step("make_move go_live")[0]
    assert "it needs a site that is still planned" in answer
    assert "Legal: none, stakeholder_workshop" in answer


def test_time_goes_on_where_nobody_advances() -> None:
    environment = WorldTextEnv(calls_per_decision=3)
    environment.reset(seed=0)
    days = []
    for _ in range(7):
        *_, info = environment.step("nonsense")
        days.append(info["day"])
    assert days == [0, 0, 1, 1, 1, 2, 2]
    terminated = False
    while not terminated:
        _, _, terminated, _, info = environment.step("?")
    assert info["scorecard"]["days"] > 0
    with pytest.raises(gymnasium.error.ResetNeeded):
        environment.step("look")


def test_several_decision_points_can_be_passed_at_once() -> None:
    slow, fast = WorldTextEnv(reward="shaped"), WorldTextEnv(reward="shaped")
    slow.reset(seed=2)
    fast.reset(seed=2)
    orders = (
        "assign orchestrator=discovery configuration=discovery\nmake_move stakeholder_workshop\n"
    )
    steps = [slow.step(orders + "advance"), *(slow.step("advance") for _ in range(3))]
    _, reward, *_, info = fast.step(orders + "advance 4")
    assert info["decisions"] == 4
    assert reward == sum(step[1] for step in steps)
    assert fast.session.environment.world.digest() == slow.session.environment.world.digest()


def test_a_restored_environment_goes_on_alike() -> None:
    environment, expert = WorldTextEnv(), load_policy("expert")
    environment.reset(seed=6)
    expert.reset(0)
    for _ in range(10):
        environment.step(message(environment.session, expert))
    environment.step("set_pace rush")
    state = json.loads(json.dumps(environment.get_state()))
    twin, other = WorldTextEnv(), pickle.loads(pickle.dumps(environment))
    assert twin.set_state(state) == environment.session.briefing()
    for action in ("make_move test_cycle\nadvance 2", "advance", "look data"):
        steps = [one.step(action) for one in (environment, twin, other)]
        assert [step[:4] for step in steps] == [steps[0][:4]] * 3
        assert {step[4]["refused_calls"] for step in steps} == {steps[0][4]["refused_calls"]}
    with pytest.raises(GoliveError, match="expected a session of version"):
        twin.set_state({**state, "version": 0})


def test_observations_stay_within_the_declared_budget_whatever_is_asked() -> None:
    environment = WorldTextEnv("global-electric")
    text, info = environment.reset(seed=0)
    assert "look tells" in info["instructions"]
    generator = np.random.default_rng(0)
    most = environment.session.words.most_tokens
    terminated = False
    asked = ["look", "look orders", "look crew", "advance 3", "assign data_migration=data", "?"]
    for _ in range(25):
        assert token_bound(text) <= most
        assert text in environment.observation_space
        text, _, terminated, *_ = environment.step("\n".join(generator.choice(asked, 12)))
        if terminated:
            break


def test_a_vector_of_them_can_be_stepped() -> None:
    environments = gymnasium.make_vec(IDENTIFIER, num_envs=2, vectorization_mode="sync")
    environments.reset(seed=0)
    texts, rewards, *_ = environments.step(("advance", "look money"))
    assert "Day 1" in texts[0]
    assert "budget" in texts[1]
    assert rewards.tolist() == [0.0, 0.0]
    environments.close()
