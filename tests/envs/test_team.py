from __future__ import annotations

import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import golive
from golive import GoliveError
from golive.agents.implementation.expert import Expert
from golive.scenarios.implementation.vocabulary import Role
from golive.sim.implementation.briefing import Briefing
from golive.sim.implementation.decision import MOVES, ROLES, Move
from golive.sim.numbers import Choices, Factor
from golive.sim.team import Heard, Team, TeamRole
from golive.sim.team_actions import TeamActions

from .conftest import make_briefing

pettingzoo = pytest.importorskip("pettingzoo", reason="needs golive[team]")

from pettingzoo import test as apis  # noqa: E402

from benchmarks.team import SETTINGS, compare, joint_by_name, random_actions  # noqa: E402
from golive.envs.team import TeamEnv, aec_env, parallel_env  # noqa: E402
from golive.envs.team_words import RoleMorning, RoleWords  # noqa: E402

from .team_examples import (  # noqa: E402
    CONFIGURATION,
    DATA,
    EXPERT,
    KIND,
    MANAGER,
    ORCHESTRATOR,
    action,
    begun,
    passing,
)

ALL_OPTIONS = SETTINGS["talking"]
MADE: dict[str, Mapping[str, Any]] = {
    "as it comes": {},
    "with all options": ALL_OPTIONS,
    "as vectors of one size": {"observation": "box"},
}
RECOMMENDED = (
    "Agents have different observation space sizes",
    "Observation is not a NumPy array",
    "Observation space for each agent probably should be",
    "Observations are different shapes",
    "We recommend agents to be named in the format",
)
"""What PettingZoo advises against and does itself: its test exempts its own games by name."""


# -- PettingZoo's own tests ------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE)
def test_it_is_a_parallel_environment_without_a_warning(name: str) -> None:
    apis.parallel_api_test(TeamEnv(**MADE[name]), 1_000)
    apis.parallel_seed_test(lambda: TeamEnv(**MADE[name]), 500)
    apis.state_test(aec_env(**MADE[name]), parallel_env(**MADE[name]))


@pytest.mark.parametrize("name", MADE)
def test_its_twin_is_one_in_which_one_acts_after_another(name: str) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        apis.api_test(aec_env(**MADE[name]), 1_000)
        apis.seed_test(lambda: aec_env(**MADE[name]), 60)
    advice = {str(one.message) for one in told}
    expected = RECOMMENDED[-1:] if name == "as vectors of one size" else RECOMMENDED
    assert all(line.startswith(expected) for line in advice), advice


@pytest.mark.parametrize("first", ["golive", "pettingzoo"])
def test_pettingzoo_makes_it_in_a_fresh_process_and_golive_does_not_load_pettingzoo(
    first: str,
) -> None:
    second = "pettingzoo" if first == "golive" else "golive"
    code = (
        f"import sys, {first}\nprint('golive' not in sys.modules or 'pettingzoo' in sys.modules)\n"
        f"import {second}, importlib.util\n"
        "importlib.util.find_spec('pettingzoo')\n"
        "import pettingzoo\n"
        "for kind in ('parallel', 'aec'):\n"
        "    print(pettingzoo.make(kind, 'golive/Team-v0').possible_agents)"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str(first == "pettingzoo"), *[str([*map(str, ROLES)])] * 2]


def test_spaces_are_the_same_objects_and_hold_what_is_observed() -> None:
    environment = TeamEnv()
    observations, _ = environment.reset(seed=3)
    for role in environment.possible_agents:
        assert environment.observation_space(role) is environment.observation_space(role)
        assert environment.action_space(role) is environment.action_space(role)
        observation: Any = observations[role]
        assert environment.observation_space(role).contains(observation)
        mask = observation["action_mask"]
        assert mask.dtype == np.int8
        assert mask.shape == (environment.action_space(role).n,)
    assert environment.state_space.contains(environment.state())


# -- one implementation ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "setting", "episodes"),
    [
        ("furniture", "silent", 2),
        ("furniture", "talking", 2),
        ("global-electric", "silent", 1),
    ],
)
def test_the_same_joint_decisions_are_the_same_days(
    scenario: str, setting: str, episodes: int
) -> None:
    compared = compare(KIND, golive.load_scenario(scenario), setting, range(episodes))
    assert compared.days > 50
    assert compared.illegal > 0
    assert compared.lost > 0
    assert (compared.differing_days, compared.differing_rewards) == (0, 0)


def test_the_comparison_would_notice_another_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(environment: TeamEnv, actions: Mapping[str, int]) -> list[int]:
        joint = joint_by_name(environment, actions)
        return [*joint[:5], 2 - joint[5], joint[6]]

    monkeypatch.setattr("benchmarks.team.joint_by_name", wrong)
    assert compare(KIND, golive.load_scenario("furniture"), "silent", range(1)).differing_days > 0


def test_the_experts_decisions_split_among_the_roles_are_the_experts_episode() -> None:
    alone = golive.run_episode(Expert(), "furniture", 5)
    environment, expert = begun(5), Expert()
    while environment.agents:
        decision = expert.decide(environment.briefing, environment.world_env.legal())
        parts = environment.actions.split(KIND.language.action(decision).tolist())
        environment.step(dict(zip(environment.agents, parts, strict=True)))
    assert environment.world_env.world.digest() == alone.digest


def test_every_decision_can_be_split_and_joined_again() -> None:
    environment = begun()
    actions = environment.actions
    everything = [True] * actions.choices.count
    draws = np.random.default_rng(0)
    for _ in range(200):
        joint = [int(draws.integers(size)) for size in actions.choices.sizes]
        assert actions.join(actions.split(joint), everything).action == joint


def test_each_choice_belongs_to_one_role() -> None:
    owned = [name for role in KIND.team().roles for name in role.owns.get("move") or ()]  # type: ignore[misc]
    assert sorted(owned) == sorted(name for name in MOVES.names() if name != "none")
    assert sorted(KIND.team().precedence["move"]) == sorted(owned)


# -- what is decided -------------------------------------------------------------------------


def test_of_two_moves_the_more_urgent_one_is_carried_out_and_the_other_is_lost() -> None:
    environment = begun()
    actions = passing(environment)
    actions[EXPERT] = action(environment, EXPERT, "move=stakeholder_workshop")
    actions[ORCHESTRATOR] = action(environment, ORCHESTRATOR, "move=manual_intervention")
    _, _, _, _, informations = environment.step(actions)
    assert environment.briefing.management.workshops == 1
    assert environment.briefing.management.interventions == 0
    assert (informations[EXPERT]["carried"], informations[EXPERT]["lost"]) == (1, 0)
    assert (informations[ORCHESTRATOR]["carried"], informations[ORCHESTRATOR]["lost"]) == (0, 1)
    assert informations[ORCHESTRATOR]["lost_so_far"] == 1


def test_a_move_that_is_not_legal_gives_way_and_is_counted_where_there_is_no_other() -> None:
    environment = begun()
    actions = passing(environment)
    actions[DATA] = action(environment, DATA, "move=mock_load")  # nothing is mapped yet
    alone = environment.joined(actions)[0]
    assert alone.action[-1] == Move.MOCK_LOAD
    actions[EXPERT] = action(environment, EXPERT, "move=stakeholder_workshop")
    assert environment.joined(actions)[0].action[-1] == Move.STAKEHOLDER_WORKSHOP
    _, _, _, _, informations = environment.step(actions)
    assert informations[DATA]["illegal"] == 1
    environment.step({**passing(environment), DATA: actions[DATA]})
    assert environment.briefing.management.illegal_decisions == 1


def test_masks_say_what_is_legal() -> None:
    environment = begun()
    legal = dict(
        zip(environment.actions.choices.names, environment.world_env.action_masks(), strict=True)
    )
    for role in environment.actions.roles:
        for name, allowed in zip(role.names, environment.action_mask(role.name), strict=True):
            parts = [word.replace("=", "/") for word in name.split()]
            assert allowed == all(legal[part] for part in parts)


def test_own_terms_are_paid_to_whom_they_concern() -> None:
    weights = {"lost": -2.0, "illegal": -1.0, "waiting": -0.5}
    environment, plain = begun(own_reward=weights), begun()
    actions = passing(environment)
    actions[EXPERT] = action(environment, EXPERT, "move=stakeholder_workshop")
    actions[ORCHESTRATOR] = action(environment, ORCHESTRATOR, "move=manual_intervention")
    _, shared, _, _, _ = plain.step(actions)
    _, paid, _, _, _ = environment.step(actions)
    assert len(set(shared.values())) == 1
    for number, role in enumerate(environment.possible_agents):
        status = environment.briefing.roles[number]
        waiting = status.waiting_hours / (status.units * 8.0)
        own = -2.0 * (role == ORCHESTRATOR) - 0.5 * waiting
        assert paid[role] - shared[role] == pytest.approx(own, abs=1e-6)


# -- what is seen ----------------------------------------------------------------------------

PRIVATE: dict[str, tuple[set[str], Callable[[Briefing], Briefing]]] = {
    "defects": (
        {CONFIGURATION},
        lambda b: b._replace(defects=b.defects._replace(open_by_severity=(9, 9, 9), found=99)),
    ),
    "tests": (
        {CONFIGURATION},
        lambda b: b._replace(tests=b.tests._replace(cycles_done=4, last_cycle_pass_rate=0.1)),
    ),
    "interfaces": (
        {CONFIGURATION},
        lambda b: b._replace(interfaces=b.interfaces._replace(failing=3)),
    ),
    "mock loads": (
        {DATA},
        lambda b: b._replace(migration=b.migration._replace(last_mock_load_success=0.2)),
    ),
    "data": (
        {DATA},
        lambda b: b._replace(
            migration=b.migration._replace(
                objects=tuple(o._replace(measured_quality=0.4) for o in b.migration.objects)
            )
        ),
    ),
    "questions": ({EXPERT}, lambda b: b._replace(questions=b.questions._replace(pending=40))),
    "key users": (
        {EXPERT},
        lambda b: b._replace(key_users=tuple(k._replace(load=1.9) for k in b.key_users)),
    ),
    "trust": ({EXPERT}, lambda b: b._replace(people=b.people._replace(trust=0.1))),
    "sponsor": (
        {EXPERT, MANAGER},
        lambda b: b._replace(people=b.people._replace(sponsor_support=0.1)),
    ),
    "money": ({MANAGER}, lambda b: b._replace(money=b.money._replace(spent_usd=390_000.0))),
    "date": (
        {MANAGER},
        lambda b: b._replace(calendar=b.calendar._replace(target_go_live_day=45)),
    ),
    "sites": (
        {MANAGER},
        lambda b: b._replace(sites=(b.sites[0]._replace(rolled_back=2), *b.sites[1:])),
    ),
    "capacity": (
        {ORCHESTRATOR},
        lambda b: b._replace(management=b.management._replace(capacity_added=3)),
    ),
    "another's hours": (
        {ORCHESTRATOR, DATA},
        lambda b: b._replace(
            roles=tuple(
                r._replace(useful_hours=1.0) if ROLES[i] is Role.DATA_MIGRATION else r
                for i, r in enumerate(b.roles)
            )
        ),
    ),
    "the day": (
        {ORCHESTRATOR, MANAGER, DATA, CONFIGURATION, EXPERT},
        lambda b: b._replace(calendar=b.calendar._replace(day=20)),
    ),
}


@pytest.mark.parametrize("what", PRIVATE)
def test_nobody_sees_what_only_others_see(what: str) -> None:
    who, change = PRIVATE[what]
    environment = TeamEnv()
    before, after = (KIND.language.encode(b) for b in (make_briefing(), change(make_briefing())))
    saw = {
        role
        for role, seen in zip(environment.possible_agents, environment.sight, strict=True)
        if not np.array_equal(before[seen], after[seen])
    }
    assert saw == who


@pytest.mark.parametrize("what", PRIVATE)
def test_a_role_knows_no_briefing_but_what_it_sees(what: str) -> None:
    who, change = PRIVATE[what]
    before, after = make_briefing(), change(make_briefing())
    seen = KIND.team().seen  # type: ignore[misc]
    assert {
        role for role in map(str, ROLES) if seen(before, role, {}) != seen(after, role, {})
    } == who


@pytest.mark.parametrize("what", PRIVATE)
def test_a_role_is_told_in_words_what_it_sees_and_nothing_else(what: str) -> None:
    who, change = PRIVATE[what]
    environment = begun()
    told = []
    for briefing in (make_briefing(), change(make_briefing())):
        known, state = KIND.team().seen, KIND.language.encode(briefing)  # type: ignore[misc]
        texts = {}
        for role, seen in zip(environment.possible_agents, environment.sight, strict=True):
            words, mask = RoleWords(environment, role), environment.action_mask(role)
            morning = RoleMorning(briefing.calendar.day, state[seen], {}, known(briefing, role, {}))
            scenario = environment.world_env.world.scenario
            plan = words.neutral_plan
            look = [words.look(topic, scenario, morning, mask, plan) for topic in words.topics]
            orders = words.look("orders", scenario, morning, mask, plan)
            texts[role] = [words.brief(morning, mask, plan), orders, *look]
        told.append(texts)
    before, after = told
    assert {role for role in before if before[role] != after[role]} == who


@pytest.mark.parametrize("scenario", ["furniture", "global-electric"])
def test_what_a_role_knows_of_a_briefing_is_what_it_observes(scenario: str) -> None:
    environment = TeamEnv(scenario)
    names = [feature.name for feature in environment.state_features]
    world = golive.build_world(golive.load_scenario(scenario), 1)
    expert = Expert()
    while not world.finished:
        briefing = world.briefing()
        day = briefing.calendar.day
        if day % 10 == 0:
            whole = KIND.language.encode(briefing)
            for role, seen in zip(environment.possible_agents, environment.sight, strict=True):
                known = KIND.language.encode(environment.team.seen(briefing, role, {}))
                wrong = [names[place] for place in seen if known[place] != whole[place]]
                assert not wrong, (role, day, wrong)
        world.advance(expert.decide(briefing, world.legal()))


def test_what_is_heard_stands_for_what_is_not_seen() -> None:
    seen, briefing = KIND.team().seen, make_briefing()  # type: ignore[misc]
    told = {(CONFIGURATION, "ready"): Heard(1.0, 2), (CONFIGURATION, "open_defects"): Heard(0.3, 4)}
    assert not seen(briefing, MANAGER, {}).tests.accepted
    assert seen(briefing, MANAGER, told).tests.accepted
    assert seen(briefing, MANAGER, told).defects.open_by_severity[2] == 0
    told[CONFIGURATION, "not_ready"] = Heard(1.0, 1)
    assert not seen(briefing, MANAGER, told).tests.accepted
    assert seen(briefing, MANAGER, told).defects.open_by_severity[2] == 2  # e**(4 x .3) - 1
    date = {(MANAGER, "days_to_target"): Heard(0.5, 1)}
    assert seen(briefing, DATA, date).calendar.target_go_live_day == 12 - 1 + 5


def test_only_own_moves_are_allowed() -> None:
    environment = begun()
    legal = environment.world_env.legal()
    own = environment.team.allowed(legal, EXPERT)
    assert legal.move[Move.MANUAL_INTERVENTION]
    assert not own.move[Move.MANUAL_INTERVENTION]
    assert own.move[Move.STAKEHOLDER_WORKSHOP]
    assert own.move[Move.NONE]


@pytest.mark.parametrize("options", [{}, ALL_OPTIONS])
def test_the_state_is_what_all_see_together_and_no_more(options: Mapping[str, Any]) -> None:
    environment = begun(**options)
    draws = np.random.default_rng(1)
    names = [feature.name for feature in environment.state_features]
    assert set(np.concatenate(environment.sight)) == set(range(len(names)))
    for _ in range(12):
        observations, *_ = environment.step(random_actions(environment, draws))
        known = KIND.language.encode(environment.briefing)
        assert np.array_equal(environment.state()[: len(known)], known)
        for role, seen in zip(environment.possible_agents, environment.sight, strict=True):
            observation: Any = observations[role]
            assert np.array_equal(observation["observation"], environment.state()[seen])
    for role, seen in zip(environment.possible_agents, environment.sight, strict=True):
        boxes = {names[place].split("/")[1] for place in seen if names[place].startswith("inbox/")}
        assert boxes <= {role}


def test_a_vector_of_one_size_shows_the_same_and_nothing_else() -> None:
    ragged, even = begun(2), begun(2, observation="box")
    for _ in range(5):
        actions = random_actions(ragged, np.random.default_rng(7))
        observations, *_ = ragged.step(actions)
        vectors, _, _, _, informations = even.step(actions)
        for role, seen in zip(ragged.possible_agents, ragged.sight, strict=True):
            own: Any = observations[role]
            vector: Any = vectors[role]
            assert np.array_equal(vector[seen], own["observation"])
            assert np.count_nonzero(vector) == np.count_nonzero(own["observation"])
            assert np.array_equal(informations[role]["action_mask"], own["action_mask"])


def test_infos_do_not_tell_what_a_role_does_not_see() -> None:
    _, informations = TeamEnv().reset(seed=0)
    assert "action_mask" not in informations[ORCHESTRATOR]["team"]


# -- the page ------------------------------------------------------------------------------------


def test_the_examples_on_the_page_run(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "team.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        exec(compile(example, "docs/team.md", "exec"), {"__name__": "__main__"})
    assert "orchestrator" in capsys.readouterr().out


# -- wrong input -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"observation": "flat"}, "observation: 'flat': expected 'dict' or 'box'"),
        ({"own_reward": {"fame": 1.0}}, "own_reward: 'fame': expected one of illegal, lost"),
        ({"own_reward": {"lost": "much"}}, "own_reward: lost: 'much': expected a number"),
        ({"messages": {"price": 1.0}}, "messages.price: 1.0: Extra inputs"),
        ({"messages": {"loss": 2.0}}, "messages.loss: 2.0: "),
        ({"absence": "never"}, "absence: 'never': expected one of usual, heavy"),
        ({"absence": {"flu": {"days": [1, 2]}}}, "absence.flu.per_year: "),
        ({"scenario": "nowhere"}, "nowhere"),
    ],
)
def test_a_wrong_argument_is_told_in_a_line(arguments: Mapping[str, Any], line: str) -> None:
    with pytest.raises(GoliveError, match=r"^[^\n]*$") as error:
        TeamEnv(**arguments)
    assert line in str(error.value)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({DATA: None}, "actions: data_migration: None: expected an integer in 0..26"),
        ({DATA: 27}, "actions: data_migration: 27: expected"),
        ({DATA: -1}, "actions: data_migration: -1: expected"),
        ({"boss": 0}, "role: 'boss': expected one of orchestrator"),
    ],
)
def test_a_wrong_action_is_told_in_a_line(change: dict[str, Any], line: str) -> None:
    environment = begun()
    with pytest.raises(GoliveError) as error:
        environment.step({**passing(environment), **change})
    assert line in str(error.value)


def test_a_table_that_fits_no_decision_is_refused() -> None:
    choices = Choices([Factor("speed", ("slow", "fast")), Factor("order", ("none", "a", "b"))])

    def made(*roles: TeamRole) -> TeamActions:
        return TeamActions(Team(roles), choices, (0, 0))

    one = TeamRole("one", "", {"speed": None, "order": ("a",)}, ())
    assert made(one).roles[0].names[-1] == "speed=fast order=b"  # what nobody owns is the first's
    for roles, line in (
        ((TeamRole("one", "", {"speed": None}, ()),), "team: order: expected a role"),
        ((one, TeamRole("two", "", {"order": ("a",)}, ())), "team: order: expected one role"),
        ((one, TeamRole("two", "", {"order": ("c",)}, ())), "role two: order: 'c'"),
        ((one, TeamRole("two", "", {"colour": None}, ())), "role two: 'colour'"),
    ):
        with pytest.raises(GoliveError, match=line):
            made(*roles)


def test_a_world_without_a_team_says_so() -> None:
    from dataclasses import replace

    with pytest.raises(GoliveError, match="world: 'implementation': expected a world that has"):
        TeamEnv(world=replace(KIND, team=None))
