"""One role of a team: cloned from its dataset, played as a partner, judged offline and for true."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from golive import GoliveError, load_scenario
from golive.agents.partners import partner, partners_of
from golive.agents.policy_file import read_team_file
from golive.agents.team import play_team
from golive.cli.app import run as golive_command
from golive.sim.worlds import world_kind
from golive.trainers.datasets import load_logged, record_team, target_probabilities
from golive.trainers.evaluation.statistics import Interval
from golive.trainers.offline import OfflineConfiguration, interface_of, learn, save_learned
from golive.trainers.offline_evaluation import ask, evaluate_offline
from golive.trainers.offline_evaluation.truth import agree, played_value

pytest.importorskip("pettingzoo", reason="needs golive[team]")

KIND = world_kind("implementation")
SCENARIO = load_scenario("furniture")
ROLE = "configuration"
TEAM = f"team:expert+{ROLE}=noisy:expert:0.1"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("made") / "team"
    made = record_team([TEAM], [SCENARIO], out, roles=[ROLE], first_seed=0, episodes=6, messages={})
    return made[ROLE]


@pytest.fixture(scope="module")
def clone(dataset, tmp_path_factory) -> Path:
    logged = load_logged(dataset)
    configuration = OfflineConfiguration(gradient_steps=150, net_arch=(32,), held_out=0.0)
    learned = learn(configuration, logged, interface_of(logged))
    out = tmp_path_factory.mktemp("clone") / "run"
    save_learned(learned, configuration, out)
    return out


def test_a_clone_plays_its_role_as_a_partner_and_as_its_chances_say(dataset, clone):
    file = read_team_file(clone)
    assert (file.world, file.messages, list(file.roles)) == (KIND.name, {}, [ROLE])
    logged = load_logged(dataset)
    environment = logged.setting.environment(SCENARIO)
    players = partners_of(KIND, environment.team.names, {ROLE: str(clone)})
    score = play_team(environment, players, 7)
    assert 0.0 < score < 1.0
    chances = target_probabilities(logged, str(clone))
    environment.reset(options={"episode_seed": 0})
    players[ROLE].reset(environment, 0)
    seen = environment.sight[environment.team.place(ROLE)]
    np.testing.assert_array_equal(environment.state()[seen], logged.observations[0])
    sizes = logged.action_sizes
    chosen = np.unravel_index(players[ROLE].act(environment), sizes)
    np.testing.assert_array_equal(chances[0].nonzero()[0], chosen + logged.offsets)


def test_a_clone_imitates_better_the_longer_it_learns(dataset):
    logged = load_logged(dataset)
    losses = [
        learn(
            OfflineConfiguration(gradient_steps=steps, net_arch=(32,), held_out=0.0),
            logged,
            interface_of(logged),
        ).curve[-1]["actor/loss"]
        for steps in (20, 300)
    ]
    legal = np.add.reduceat(logged.masks, logged.offsets, axis=1)
    by_chance = float(np.log(legal).sum(axis=1).mean())  # of any legal choice
    assert losses[1] < losses[0] < 1.1 * by_chance
    assert losses[1] < 0.7 * by_chance


def test_what_was_recorded_is_worth_what_was_recorded(dataset):
    logged = load_logged(dataset)
    question = ask(logged, target_probabilities(logged, "noisy:expert:0.1"))
    found = evaluate_offline(question)
    mean = float(logged.episodes["go_live_score"].mean())
    for name in ("recorded", "per_decision", "weighted_per_decision"):
        assert found.estimate(name).value.estimate == pytest.approx(mean)
    assert found.estimate("recorded").supported


def test_it_is_played_beside_the_recorded_partners_on_other_customers(dataset):
    logged = load_logged(dataset)
    played = played_value(logged, "expert", episodes=3)
    environment = logged.setting.environment(SCENARIO)
    first = 2_000_000
    scores = [
        play_team(environment, partners_of(KIND, environment.team.names, {}), first + n)
        for n in range(3)
    ]
    assert played.estimate == pytest.approx(np.mean(scores))
    assert played.low <= played.estimate <= played.high
    assert played_value(logged, "expert", episodes=3, gamma=0.99).estimate < played.estimate
    with pytest.raises(GoliveError, match="expected a field of the scorecard"):
        played_value(logged, "expert", metric="rewards", episodes=3)
    recorded = logged.episodes.with_columns(seed=first + np.arange(6))
    with pytest.raises(GoliveError, match="of the test split"):
        played_value(replace(logged, episodes=recorded), "expert", episodes=3)


def test_the_commands_learn_and_judge_a_role(dataset, tmp_path, capsys):
    out = tmp_path / "run"
    assert golive_command(["learn", str(dataset), "--steps", "20", "--out", str(out)]) == 0
    told = ["ope", str(dataset), "--policy", f"noisy:{out}:0.1", "--check", "2", "--workers", "1"]
    capsys.readouterr()
    assert golive_command([*told, "--estimators", "recorded", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["episodes"] == 6 and 0.0 <= content["played"]["estimate"] <= 1.0
    assert set(content["agreeing"]) <= {"recorded"}
    assert golive_command([*told, "--estimators", "recorded"]) == 0
    assert "Played on customers of the test split" in capsys.readouterr().out
    assert golive_command(["team", "--partners", f"{ROLE}={out}", "--silent"]) == 2
    assert "trained talking: expected messages" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("estimate", "played", "expected"),
    [
        ((0.5, 0.4, 0.6), (0.55, 0.5, 0.6), True),
        ((0.5, 0.4, 0.6), (0.62, 0.54, 0.7), True),  # .12 apart, which .1 and .08 together reach
        ((0.5, 0.4, 0.6), (0.62, 0.59, 0.7), False),  # .1 and .03 do not
        ((0.5, 0.3, 0.51), (0.4, 0.3, 0.41), True),
        ((0.5, 0.49, 0.9), (0.4, 0.1, 0.41), False),
    ],
)
def test_two_values_agree_if_their_difference_may_be_nought(estimate, played, expected):
    assert agree(*(Interval(*values, 0.95) for values in (estimate, played))) is expected


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["ope", "--policy", "junior"], "draws lots and does not tell its chances"),
        (["ope", "--policy", "nobody"], "partner: 'nobody'"),
        (["learn", "--validate", "furniture", "--out"], "golive ope --check"),
    ],
)
def test_what_is_refused_is_told_in_a_line(dataset, tmp_path, capsys, arguments, match):
    command, *rest = arguments
    where = [str(tmp_path / "out")] if command == "learn" else []
    assert golive_command([command, str(dataset), *rest, *where]) == 2
    error = capsys.readouterr().err.strip().splitlines()
    assert len(error) == 1 and match in error[0]
    assert not (tmp_path / "out").exists()


def test_episodes_of_a_role_learn_no_whole_decision(dataset):
    from golive.agents.learned import current_interface

    with pytest.raises(GoliveError, match="observations and choices per factor"):
        learn(OfflineConfiguration(gradient_steps=1), load_logged(dataset), current_interface(KIND))


def test_a_clone_of_one_team_is_refused_by_another(clone):
    with pytest.raises(GoliveError, match=f"not trained as data_migration: expected {ROLE}"):
        partner(KIND, "data_migration", str(clone))
