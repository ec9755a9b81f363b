"""A team that learns: what it may choose, what it remembers, what it is judged by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml

import golive
from golive import GoliveError
from golive.cli.app import run as golive_command
from golive.sim.episodes import run
from golive.sim.policy import Policy
from golive.trainers.training import Change, TrainingCallback, TrainingState, train
from golive.trainers.training.configuration import (
    TrainingConfiguration,
    parse_configuration,
    with_changes,
)

pytest.importorskip("pettingzoo", reason="needs golive[team]")

from golive.agents.learned import ActorNetwork
from golive.agents.partners import Partner, partners_of
from golive.agents.policy_file import (
    is_team_file,
    read_team_file,
    read_training_record,
    write_team_file,
)
from golive.agents.registry import load_policy, policy_file_of
from golive.agents.team import play_team
from golive.agents.team_policy import TeamPolicy, choice_table, learned_roles
from golive.envs.team import TeamEnv
from golive.trainers.team.ground import TeamGround
from golive.trainers.team.learner import TeamLearner
from golive.trainers.team.rollouts import TeamEpisodes, gains_of, returns_of

KIND = golive.world_kind("implementation")
SCENARIO = golive.load_scenario("furniture")
SMALL: dict[str, Any] = {
    "environment": {"scenario": "furniture", "reward": "score_shaped"},
    "team": {},
    "total_steps": 300,
    "n_envs": 3,
    "ppo": {"batch_size": 64, "n_epochs": 2, "net_arch": [16]},
    "warm_start": {"episodes": 3, "epochs": 2, "batch_size": 32, "critic_warmup_rollouts": 1},
    "evaluation": {"every_steps": 10_000, "episodes": 3},
}


def told(**changes: Any) -> TrainingConfiguration:
    return with_changes(parse_configuration(SMALL, "test"), changes)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small training, made by the command line."""
    folder = tmp_path_factory.mktemp("team")
    (folder / "small.yaml").write_text(yaml.safe_dump(SMALL))
    arguments = ["--config", str(folder / "small.yaml"), "--out", str(folder / "run")]
    assert golive_command(["train", "--team", *arguments]) == 0
    return folder / "run"


@pytest.fixture(scope="module")
def ground() -> TeamGround:
    return TeamGround(told())


@pytest.fixture(scope="module")
def demonstrations(ground: TeamGround) -> TeamEpisodes:
    return ground.demonstrate(lambda done: None)


@pytest.fixture(scope="module")
def rollout(ground: TeamGround) -> TeamEpisodes:
    return ground.rollout(ground.learner().networks, 0)


def weights(learner: TeamLearner, *parts: str) -> list[torch.Tensor]:
    state = learner.networks.state_dict()
    return [value.clone() for name, value in state.items() if name.startswith(parts)]


def same(one: list[torch.Tensor], other: list[torch.Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


# -- whole trainings -------------------------------------------------------------------------


def curve(folder: Path) -> list[dict[str, float]]:
    rows = [json.loads(line) for line in (folder / "curve.jsonl").read_text().splitlines()]
    return [{k: v for k, v in row.items() if not k.startswith("time")} for row in rows]


class StopsAtOnce(TrainingCallback):
    def learned(self, steps: int, figures: Mapping[str, float]) -> Change:
        return Change(stop=True)


def test_a_resumed_training_ends_as_one_that_was_never_stopped_bit_for_bit(
    trained: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    outcome = train(told(), folder, callbacks=[StopsAtOnce()])
    assert outcome.state is TrainingState.STOPPED
    assert 0 < outcome.steps < SMALL["total_steps"]
    assert golive_command(["train", "--resume", "--out", str(folder)]) == 0
    for name in ("best.policy", "final.policy"):
        assert (folder / name).read_bytes() == (trained / name).read_bytes()
    assert curve(folder) == curve(trained)


def test_another_seed_gives_other_networks() -> None:
    one, other = (TeamGround(told(seed=seed, n_envs=1)).learner() for seed in (0, 1))
    assert not same(weights(one, "actors"), weights(other, "actors"))


def test_the_judge_gives_a_trained_team_the_score_of_its_validation(trained: Path) -> None:
    record = read_training_record(trained)
    seeds = golive.load_suite("furniture").splits["validation"]
    team = load_policy(str(trained))
    scores = [
        KIND.score_of(run(KIND, team, SCENARIO, seeds.start + number).scorecard)
        for number in range(record.validation_episodes)
    ]
    assert record.validation_episodes == SMALL["evaluation"]["episodes"]
    assert float(np.mean(scores)) == record.validation_score


def test_evaluate_takes_a_team_beside_others(trained: Path, tmp_path: Path) -> None:
    entrants = f"mine={trained},mixed=team:expert+data_migration={trained},team:junior"
    arguments = ["--episodes", "2", "--workers", "1", "--out", str(tmp_path / "judged")]
    assert golive_command(["evaluate", "--policies", entrants, *arguments]) == 0
    summary = json.loads((tmp_path / "judged/summary.json").read_text())
    assert "mixed" in json.dumps(summary)


# -- one episode, two ways -------------------------------------------------------------------


@pytest.mark.parametrize("messages", [None, {"loss": 0.2, "misunderstanding": 0.2}])
def test_a_team_as_a_policy_plays_the_episode_that_it_plays_in_its_environment(
    messages: Mapping[str, object] | None,
) -> None:
    environment = TeamEnv(SCENARIO, messages=messages)
    kinds = {"configuration": "junior", "data_migration": "over_reporter"}
    players = partners_of(KIND, environment.possible_agents, kinds)
    play_team(environment, players, 5)
    policy = TeamPolicy(KIND, players, "mixed", messages)
    assert isinstance(policy, Policy)
    world = KIND.build(SCENARIO, 5)
    policy.reset(5)
    while not world.finished:
        world.advance(policy.decide(world.briefing(), world.legal()))
    assert world.digest() == environment.world_env.world.digest()


def test_a_network_sits_beside_partners_and_decides_as_it_did_in_training(trained: Path) -> None:
    environment = TeamEnv(SCENARIO)
    players = partners_of(KIND, environment.possible_agents, {}, "junior")
    mine = learned_roles(read_team_file(trained), "mine")["industry_expert"]
    play_team(environment, {**players, "industry_expert": mine}, 3)
    environment.reset(options={"episode_seed": 3})
    mine.reset(environment, 3)
    place = environment.team.place("industry_expert")
    chosen = mine.act(environment)
    assert environment.action_mask("industry_expert")[chosen]
    observation = environment.state()[environment.sight[place]]
    network = ActorNetwork(read_team_file(trained).roles["industry_expert"])
    logits = network.logits(observation) @ choice_table(environment.actions.roles[place])
    assert logits[chosen] == logits[environment.action_mask("industry_expert") == 1].max()


def test_a_team_that_talks_is_shown_how_and_talks_wherever_it_plays(tmp_path: Path) -> None:
    settings = {"messages": {"loss": 0.2}}
    ground = TeamGround(told(team=settings, n_envs=1, warm_start={"episodes": 1}))
    [environment] = ground.environments
    said = [role.said for role in environment.actions.roles]
    shown = ground.demonstrate(lambda done: None)
    assert any(
        said[place][action] >= 0 for row in shown.actions for place, action in enumerate(row)
    )
    learner = ground.learner()
    ground.validate(learner.networks)
    write_team_file(tmp_path / "talking.policy", ground.export(learner, None))
    team = load_policy(str(tmp_path / "talking.policy"))
    world = KIND.build(SCENARIO, environment.world_env.world.seed)
    team.reset(world.seed)
    while not world.finished:
        world.advance(team.decide(world.briefing(), world.legal()))
    assert world.digest() == environment.world_env.world.digest()


# -- what is learned -------------------------------------------------------------------------


def test_no_network_chooses_what_is_illegal(rollout: TeamEpisodes) -> None:
    steps = np.arange(len(rollout.states))
    assert rollout.illegal.tolist() == [0] * SMALL["n_envs"]
    assert rollout.by_network.all()
    for place, masks in enumerate(rollout.masks):
        assert masks[steps, rollout.actions[:, place]].all()
        assert not masks.all()
    assert rollout.lengths.sum() == len(steps)


def test_cloning_raises_the_agreement_of_every_role(
    ground: TeamGround, demonstrations: TeamEpisodes
) -> None:
    learner = ground.learner()
    before = learner.agreement(demonstrations)
    settings = told(warm_start={"epochs": 8}).warm_start
    assert settings is not None
    learner.imitate(settings, demonstrations, lambda done, figures: None)
    after = learner.agreement(demonstrations)
    assert len(before) == 5
    assert all(after[role] > before[role] for role in before), (before, after)


def test_the_critic_is_warmed_up_before_an_actor_moves(
    ground: TeamGround, rollout: TeamEpisodes
) -> None:
    learner = ground.learner()
    actors, critics = weights(learner, "actors"), weights(learner, "critics")
    learner.learn(rollout)
    assert same(actors, weights(learner, "actors"))
    assert not same(critics, weights(learner, "critics"))
    figures = learner.learn(rollout)
    assert not same(actors, weights(learner, "actors"))
    assert {"train/kl", "entropy/orchestrator", "train/value_loss"} <= figures.keys()


def test_what_is_rewarded_becomes_likelier(ground: TeamGround, rollout: TeamEpisodes) -> None:
    configuration = told(
        warm_start=None, ppo={"learning_rate": 3e-3, "ent_coef": 0.0, "n_epochs": 8}
    )
    one = ground.environments[0]
    learner = TeamLearner(configuration, ground.learner().networks.roles, len(one.state_features))
    place = one.team.place("data_migration")
    wanted = rollout.actions[0, place]
    pay = (rollout.actions[:, [place]] == wanted).astype(np.float64)
    before = learner.agreement(replace(rollout, actions=np.full_like(rollout.actions, wanted)))
    for _ in range(3):
        learner.learn(replace(rollout, rewards=np.repeat(pay, 5, axis=1)))
    after = learner.agreement(replace(rollout, actions=np.full_like(rollout.actions, wanted)))
    assert after["agreement/data_migration"] > before["agreement/data_migration"]


@pytest.mark.parametrize("critic", ["central", "own"])
@pytest.mark.parametrize("trunk", ["own", "shared"])
def test_every_kind_of_networks_learns_and_is_exported_as_it_decides(
    ground: TeamGround, rollout: TeamEpisodes, critic: str, trunk: str
) -> None:
    configuration = told(warm_start=None, team={"critic": critic, "trunk": trunk})
    one = ground.environments[0]
    learner = TeamLearner(configuration, ground.learner().networks.roles, len(one.state_features))
    before = weights(learner, "")
    learner.learn(rollout)
    assert not any(torch.equal(a, b) for a, b in zip(before, weights(learner, ""), strict=True))
    team, states = ground.export(learner, None), torch.as_tensor(rollout.states)
    with torch.no_grad():
        values = learner.networks.values(states)
        assert values.shape == (len(states), 5)
        for place, (name, policy) in enumerate(team.roles.items()):
            role, masks = learner.networks.roles[place], torch.as_tensor(rollout.masks[place])
            expected = learner.networks.log_probabilities(place, states, masks)
            logits = ActorNetwork(policy).logits(rollout.states[:, role.sight.numpy()])
            logits = torch.as_tensor(logits @ role.choices.numpy())
            again = logits.masked_fill(~masks, -1e9).log_softmax(dim=1)
            assert role.name == name
            assert torch.allclose(again[masks], expected[masks], atol=1e-4)


def test_own_critics_and_actors_see_only_what_their_role_sees(ground: TeamGround) -> None:
    configuration = told(team={"critic": "own", "trunk": "shared"})
    one = ground.environments[0]
    learner = TeamLearner(configuration, ground.learner().networks.roles, len(one.state_features))
    state = torch.as_tensor(one.state())[None]
    for place, role in enumerate(learner.networks.roles):
        hidden = torch.ones_like(state, dtype=torch.bool)
        hidden[:, role.sight] = False
        other = torch.where(hidden, state + 1.0, state)
        masks = torch.ones((1, role.choices.shape[1]), dtype=torch.bool)
        with torch.no_grad():
            pairs = [
                (
                    learner.networks.values(s)[:, place],
                    learner.networks.log_probabilities(place, s, masks),
                )
                for s in (state, other)
            ]
        assert torch.equal(pairs[0][0], pairs[1][0])
        assert torch.equal(pairs[0][1], pairs[1][1])


def test_advantages_are_those_of_the_formula() -> None:
    rewards, values = np.array([[1.0], [0.0], [2.0]]), np.array([[0.5], [1.0], [-1.0]])
    surprises = [1.0 + 0.9 * 1.0 - 0.5, 0.0 + 0.9 * -1.0 - 1.0, 2.0 + 1.0]
    last = surprises[2]
    middle = surprises[1] + 0.9 * 0.8 * last
    first = surprises[0] + 0.9 * 0.8 * middle
    assert np.allclose(gains_of(rewards, values, 0.9, 0.8)[:, 0], [first, middle, last])
    assert np.allclose(returns_of(rewards, 0.5)[:, 0], [1.5, 1.0, 2.0])


def test_partners_play_beside_learners_and_are_not_learned_from() -> None:
    learns = ["data_migration", "configuration"]
    settings = {"learns": learns, "partners": ["junior", "silent"], "partner_share": 0.5}
    ground = TeamGround(told(team=settings, warm_start=None))
    learner = ground.learner()
    episodes = ground.rollout(learner.networks, 0)
    place = {role: number for number, role in enumerate(ground.environments[0].possible_agents)}
    assert not episodes.by_network[:, [place["orchestrator"], place["industry_expert"]]].any()
    share = episodes.by_network[:, [place[role] for role in learns]].mean()
    assert 0.0 < share < 1.0
    before = weights(learner, f"actors.{place['orchestrator']}.")
    learner.learn(episodes)
    assert same(before, weights(learner, f"actors.{place['orchestrator']}."))
    assert [*ground.export(learner, None).roles] == learns
    assert all(isinstance(one, Partner) for one in ground._others(1, 1)[0].values())


# -- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"workers": 2}, "workers: expected none beside team"),
        ({"improvement": {}}, "improvement: expected none beside team"),
        ({"team": {"learns": ["tester"]}}, "team.learns: 'tester': expected one of orchestrator"),
        ({"team": {"partners": ["stale"]}}, "team.partners: 'stale' is held out"),
        ({"team": {"critic": "both"}}, "team.critic: 'both'"),
        (
            {"environment": {"scenarios": {"furniture": 1.0, "global-electric": 1.0}}},
            "one scenario",
        ),
    ],
)
def test_a_configuration_that_no_team_can_have_is_refused_in_one_line(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(GoliveError, match=message) as caught:
        told(**changes)
    assert "\n" not in str(caught.value)


def test_the_command_line_refuses_in_one_line_and_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    assert golive_command(["train", "--team", "--workers", "2", "--out", str(out)]) == 2
    assert golive_command(["train", "--team", "--config", "furniture", "--out", str(out)]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert [line.partition(": expected")[0] for line in lines] == [
        "error: command line: workers",
        "error: command line: improvement",
    ]
    assert not out.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"warm_start": {"demonstrator": "nobody"}}, "policy: 'nobody'"),
        ({"team": {"messages": {"loss": 2.0}}}, r"messages\.loss: 2\.0"),
        ({"team": {"own_reward": {"applause": 1.0}}}, "own_reward: 'applause'"),
    ],
)
def test_a_training_that_cannot_begin_leaves_nothing_behind(
    changes: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(GoliveError, match=message):
        train(told(**changes), tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("team:nobody", "partner: 'nobody'"),
        ("team:expert+tester=junior", "tester: expected one of orchestrator"),
        ("team:expert+configuration", "expected ROLE=PLAYER"),
        ("sampled:{file}", "expected 'golive policy'"),
        ("noisy:team:nobody:0.1", "partner: 'nobody'"),
    ],
)
def test_a_team_that_cannot_be_is_refused_in_one_line(
    spec: str, message: str, trained: Path
) -> None:
    with pytest.raises(GoliveError, match=message) as caught:
        load_policy(spec.format(file=trained / "best.policy"))
    assert "\n" not in str(caught.value)


def test_a_team_file_is_whole_or_refused(trained: Path, tmp_path: Path) -> None:
    team = read_team_file(trained)
    assert is_team_file(trained / "best.policy")
    assert policy_file_of(f"team:{trained}+configuration=junior") == trained / "best.policy"
    role = team.roles["configuration"]
    other = replace(role, interface=replace(role.interface, observation_digest="0"))
    write_team_file(tmp_path / "other.policy", replace(team, roles={"configuration": other}))
    with pytest.raises(GoliveError, match=r"configuration\.observation_digest"):
        load_policy(str(tmp_path / "other.policy"))
    short = replace(role, layers=role.layers[:1])
    write_team_file(tmp_path / "short.policy", replace(team, roles={"configuration": short}))
    with pytest.raises(GoliveError, match="configuration/layer1/weight: missing"):
        read_team_file(tmp_path / "short.policy")
