"""Recorded episodes of a team: a Minari dataset for each role, as that role had them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import minari
import numpy as np
import pytest

from golive import GoliveError, load_scenario
from golive.agents.partners import partner, partners_of
from golive.agents.team import play_team
from golive.agents.team_chances import role_numbers
from golive.sim.worlds import world_kind
from golive.trainers.datasets import (
    load_logged,
    record_team,
    replay,
    target_probabilities,
    write_words,
)
from golive.trainers.datasets.places import Staging

pytest.importorskip("pettingzoo", reason="needs golive[team]")
from golive.envs.team import TeamEnv

KIND = world_kind("implementation")
SCENARIO = load_scenario("furniture")
ROLE = "configuration"
NOISY = "noisy:expert:0.2"
TEAM = f"team:expert+{ROLE}={NOISY}"
ARGUMENTS: dict[str, Any] = {"first_seed": 3, "episodes": 2, "messages": {}}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    out = tmp_path_factory.mktemp("made") / "team"
    return record_team([TEAM], [SCENARIO], out, roles=[ROLE, "project_manager"], **ARGUMENTS)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_plain_minari_reads_what_a_role_sees_and_does(made):
    environment = TeamEnv(SCENARIO, world=KIND, messages={}, reward=KIND.reward_language.recorded)
    players = partners_of(KIND, environment.team.names, {ROLE: NOISY})
    for role, folder in made.items():
        dataset = minari.MinariDataset(folder / "data")
        assert dataset.observation_space == environment.observation_space(role)
        assert dataset.action_space == environment.action_space(role)
        episode = dataset[1]
        observations, _ = environment.reset(options={"episode_seed": 4})
        for player in players.values():
            player.reset(environment, 4)
        for step, action in enumerate(episode.actions):
            for name, values in observations[role].items():
                np.testing.assert_array_equal(values, episode.observations[name][step])
            actions = {name: players[name].act(environment) for name in environment.agents}
            assert actions[role] == action
            observations, rewards, *_ = environment.step(actions)
            assert rewards[role] == episode.rewards[step]
        assert not environment.agents
        told = next(iter(dataset.storage.get_episode_metadata([1])))
        assert told["digest"] == environment.world_env.world.digest()
        assert told["return"] == pytest.approx(episode.rewards.sum())


def test_a_role_is_read_as_choices_in_each_of_its_parts(made):
    logged = load_logged(made[ROLE])
    environment = TeamEnv(SCENARIO, world=KIND, messages={})
    sizes = environment.actions.roles[environment.team.place(ROLE)].sizes
    assert logged.action_sizes == sizes and logged.score == "go_live_score"
    assert logged.setting is not None and logged.setting.role == ROLE
    dataset = minari.MinariDataset(made[ROLE] / "data")
    whole = np.concatenate([episode.actions for episode in dataset])
    np.testing.assert_array_equal(np.ravel_multi_index(tuple(logged.actions.T), sizes), whole)
    masks = np.concatenate([e.observations["action_mask"][:-1] for e in dataset]).astype(bool)
    parts = np.split(logged.masks, np.cumsum(sizes)[:-1], axis=1)
    product = np.einsum("sa,sb,sc->sabc", *parts).reshape(len(masks), -1)
    np.testing.assert_array_equal(product, masks)  # nothing is lost by taking them apart


def test_the_chances_of_noise_are_those_it_draws_by(made):
    logged = load_logged(made[ROLE])
    sums = np.add.reduceat(logged.behaviour, logged.offsets, axis=1)
    np.testing.assert_allclose(sums, 1.0)
    assert (logged.behaviour[~logged.masks] == 0.0).all()
    assert (logged.chosen(logged.behaviour) > 0.0).all()
    own = target_probabilities(logged, NOISY)
    np.testing.assert_array_equal(own, logged.behaviour)
    expert = target_probabilities(logged, "expert")
    assert set(np.unique(expert)) == {0.0, 1.0}
    several = np.add.reduceat(logged.masks, logged.offsets, axis=1) > 1
    follows = np.take_along_axis(expert, logged.actions + logged.offsets, axis=1)[several]
    assert 0.78 < follows.mean() < 0.98  # .8, and what noise draws by chance


def test_noise_of_nought_is_who_is_disturbed_and_of_one_is_any_legal_choice():
    environment = TeamEnv(SCENARIO, world=KIND, messages={})
    usual = play_team(environment, partners_of(KIND, environment.team.names, {}), 5)
    calm = dict.fromkeys(environment.team.names, "noisy:expert:0")
    assert play_team(environment, partners_of(KIND, environment.team.names, calm), 5) == usual
    wild = partner(KIND, ROLE, "noisy:expert:1")
    environment.reset(options={"episode_seed": 5})
    wild.reset(environment, 5)
    numbers = role_numbers(environment, ROLE)
    chances = wild.chances(environment)  # type: ignore[attr-defined]
    legal = numbers.mask(environment.action_mask(ROLE))
    for part in numbers.choices.parts:
        np.testing.assert_allclose(chances[part], legal[part] / legal[part].sum())


@pytest.mark.parametrize("role", [ROLE, "project_manager"])
def test_recorded_roles_play_again_beside_the_same_partners(made, role):
    assert all(not one.differences for one in replay(made[role]))


def test_it_is_the_same_whoever_records_it_and_goes_on_where_it_stopped(
    made, tmp_path, monkeypatch
):
    out, add = tmp_path / "again", Staging.add
    kept: list[int] = []

    def dies(self, episode, content, metadata):
        if len(kept) == 3:  # both roles' first episode, and one role's second
            raise KeyboardInterrupt
        kept.append(episode)
        add(self, episode, content, metadata)

    monkeypatch.setattr(Staging, "add", dies)
    with pytest.raises(KeyboardInterrupt):
        record_team([TEAM], [SCENARIO], out, roles=[ROLE, "project_manager"], **ARGUMENTS)
    monkeypatch.undo()
    arguments = {**ARGUMENTS, "roles": [ROLE, "project_manager"]}
    with pytest.raises(GoliveError, match="--resume"):
        record_team([TEAM], [SCENARIO], out, **arguments)
    again = record_team([TEAM], [SCENARIO], out, resume=True, **arguments)
    for role, folder in again.items():
        assert files_of(folder) == files_of(made[role])
    assert record_team([TEAM], [SCENARIO], out, resume=True, **arguments) == again
    with pytest.raises(GoliveError, match="another name"):
        record_team([TEAM], [SCENARIO], out, **{**arguments, "messages": None}, resume=True)


@pytest.mark.parametrize(
    ("teams", "changes", "match"),
    [
        (["expert"], {}, "expected a team, such as team:expert"),
        (["team:expert"], {"roles": ["nobody"]}, "role: 'nobody'"),
        (["team:expert"], {"roles": []}, "role: ''"),
        ([f"team:expert+{ROLE}=noisy:junior:0.1"], {}, "draws lots"),
        ([f"team:expert+{ROLE}=noisy:expert:2"], {}, "epsilon: 2: expected 0 to 1"),
        (["team:nobody"], {}, "partner: 'nobody'"),
        (["team:expert"], {"absence": "never"}, "absence"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(tmp_path, teams, changes, match):
    with pytest.raises(GoliveError, match=match):
        record_team(teams, [SCENARIO], tmp_path / "made", **{**ARGUMENTS, **changes})
    assert not list(tmp_path.iterdir())


def test_who_draws_lots_untold_is_recorded_and_asks_for_no_weights(tmp_path):
    team = [f"team:expert+{ROLE}=junior"]
    arguments = {**ARGUMENTS, "episodes": 1, "messages": None, "roles": [ROLE]}
    logged = load_logged(record_team(team, [SCENARIO], tmp_path / "made", **arguments)[ROLE])
    assert np.isnan(logged.behaviour).all() and logged.action_sizes[-1] == 1
    with pytest.raises(GoliveError, match="draws lots"):
        target_probabilities(logged, "junior")


def test_a_role_is_not_put_into_words(made):
    with pytest.raises(GoliveError, match="expected a dataset of whole decisions"):
        write_words(made[ROLE])
