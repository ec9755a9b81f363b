"""A recording is a Minari dataset, the same whoever records it, and whole or not there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import gymnasium
import minari
import numpy as np
import polars as pl
import pytest
from gymnasium.utils.env_checker import data_equivalence

from golive import GoliveError, load_policy, load_scenario
from golive.core.execution import TaskError
from golive.core.records import changed
from golive.sim.episodes import run
from golive.sim.worlds import world_kind
from golive.trainers.datasets import load_logged, record, replay
from golive.trainers.datasets.places import Staging

KIND = world_kind("implementation")
LANGUAGE = world_kind("implementation").language
OBSERVED = sum(group.size for group in LANGUAGE.groups)
SCENARIO = changed(load_scenario("furniture"), parameters={"question_probability": 0.3})
POLICIES = ("plan_follower", "noisy:plan_follower:0.2")
ARGUMENTS = {"first_seed": 5, "episodes": 2, "reward": "score_shaped"}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    return record(POLICIES, [SCENARIO], tmp_path_factory.mktemp("made") / "two-v0", **ARGUMENTS)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_plain_minari_loads_it(dataset, monkeypatch):
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(dataset.parent))
    assert list(minari.list_local_datasets()) == ["two-v0"]
    loaded = minari.load_dataset("two-v0")
    assert loaded.total_episodes == 4
    episodes = list(loaded.iterate_episodes())
    assert sum(len(episode) for episode in episodes) == loaded.total_steps
    for episode in episodes:
        steps = len(episode)
        assert episode.observations.shape == (steps + 1, OBSERVED)
        assert episode.observations.dtype == np.float32
        assert episode.actions.shape == (steps, 7)
        assert episode.terminations.tolist() == [False] * (steps - 1) + [True]
        assert not episode.truncations.any()
        assert episode.infos["action_mask"].shape == (steps + 1, LANGUAGE.choices.count)
        terms = [v for k, v in episode.infos.items() if k.startswith("reward_terms/")]
        np.testing.assert_allclose(np.sum(terms, axis=0)[1:, 0], episode.rewards)


def test_its_environment_can_be_had_again(dataset):
    loaded = minari.MinariDataset(dataset / "data")
    environment = loaded.recover_environment()
    assert environment.unwrapped.scenario == SCENARIO
    assert environment.observation_space == loaded.observation_space
    episode = loaded[1]
    told = next(iter(loaded.storage.get_episode_metadata([1])))
    assert told["options"] == {}
    observation, _ = environment.reset(seed=told["seed"])
    for step, action in enumerate(episode.actions):
        np.testing.assert_array_equal(observation, episode.observations[step])
        observation, reward, terminated, _, info = environment.step(action)
        assert reward == episode.rewards[step]
        assert data_equivalence(info["action_mask"], episode.infos["action_mask"][step + 1])
    assert terminated


def test_minari_s_seed_and_options_play_any_episode_of_several_scenarios(tmp_path):
    scenarios = [SCENARIO, load_scenario("techmold")]
    out = record(["do_nothing"], scenarios, tmp_path / "both-v0", first_seed=3, episodes=2)
    loaded = minari.MinariDataset(out / "data")
    environment = loaded.recover_environment()
    ids = range(loaded.total_episodes)
    for told, episode in zip(loaded.storage.get_episode_metadata(ids), loaded, strict=True):
        observation, info = environment.reset(seed=told["seed"], options=told["options"])
        np.testing.assert_array_equal(observation, episode.observations[0])
        assert info["episode_seed"] == told["seed"]
        assert environment.unwrapped.world.scenario.name == told["scenario"]
    assert "options" not in load_logged(out).episodes.columns


def test_recordings_of_one_environment_combine(dataset, tmp_path, monkeypatch):
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    other = {**ARGUMENTS, "first_seed": 9, "episodes": 1}
    more = record(["random"], [SCENARIO], tmp_path / "more-v0", **other)
    parts = [minari.MinariDataset(folder / "data") for folder in (dataset, more)]
    both = minari.combine_datasets(parts, "both-v0")
    assert both.total_episodes == 5
    recorded = [episode for part in parts for episode in part]
    for episode, original in zip(both, recorded, strict=True):
        assert data_equivalence(episode.infos, original.infos)
        np.testing.assert_array_equal(episode.observations, original.observations)
    environment = both.recover_environment()
    assert environment.unwrapped.scenario == SCENARIO
    assert environment.spec.max_episode_steps > max(len(episode) for episode in both)


def test_the_registered_environment_stays_as_it_is(dataset):
    assert set(gymnasium.spec(KIND.environment).kwargs) == {"world"}


def test_it_is_read_as_logged_episodes(dataset):
    logged = load_logged(dataset)
    loaded = minari.MinariDataset(dataset / "data")
    np.testing.assert_array_equal(logged.observations, stacked(e.observations[:-1] for e in loaded))
    np.testing.assert_array_equal(logged.actions, stacked(e.actions for e in loaded))
    np.testing.assert_array_equal(logged.rewards, stacked(e.rewards for e in loaded))
    for ours, name in (
        (logged.masks, "action_mask"),
        (logged.behaviour, "behaviour_probabilities"),
    ):
        np.testing.assert_array_equal(ours, stacked(e.infos[name][:-1] for e in loaded))
    assert logged.lengths.tolist() == [len(e) for e in loaded]
    assert logged.episodes["policy"].to_list() == list(POLICIES) * 2
    assert logged.episodes["seed"].to_list() == [5, 5, 6, 6]
    assert logged.action_sizes == LANGUAGE.choices.sizes


def stacked(parts) -> np.ndarray:
    return np.concatenate(list(parts))


def test_the_rows_are_what_a_simulation_gives(dataset):
    for row in load_logged(dataset).episodes.iter_rows(named=True):
        result = run(KIND, load_policy(row["policy"]), SCENARIO, row["seed"])
        assert row["digest"] == result.digest
        assert {key: row[key] for key in result.scorecard.as_dict()} == result.scorecard.as_dict()


def test_what_was_decided_was_possible(dataset):
    logged = load_logged(dataset)
    chances = logged.chosen(logged.behaviour)
    assert (chances > 0.0).all()
    assert (logged.chosen(logged.masks.astype(float)) == 1.0).all()
    noisy = np.repeat(logged.episodes["policy"] == POLICIES[1], logged.lengths)
    assert (chances[~noisy] == 1.0).all()
    assert 0.0 < chances[noisy].min() < 0.5


def test_processes_record_the_same_bytes(dataset, tmp_path):
    other = record(
        POLICIES, [SCENARIO], tmp_path / "two-v0", **ARGUMENTS, workers=2, backend="process"
    )
    assert files_of(other) == files_of(dataset)


def test_an_interrupted_recording_is_not_there_and_can_be_gone_on_with(
    dataset, tmp_path, monkeypatch
):
    kept = Staging.add

    def fails_at_third(self, episode, content, metadata):
        if episode == 2:
            raise KeyboardInterrupt
        kept(self, episode, content, metadata)

    out = tmp_path / "two-v0"
    with monkeypatch.context() as patched:
        patched.setattr(Staging, "add", fails_at_third)
        with pytest.raises(KeyboardInterrupt):
            record(POLICIES, [SCENARIO], out, **ARGUMENTS)
    assert not out.exists()
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    assert minari.list_local_datasets() == {}
    with pytest.raises(GoliveError, match="interrupted here: expected --resume"):
        record(POLICIES, [SCENARIO], out, **ARGUMENTS)
    with pytest.raises(GoliveError, match="expected the same to go on"):
        record(["random"], [SCENARIO], out, **ARGUMENTS, resume=True)
    seen = []
    record(POLICIES, [SCENARIO], out, **ARGUMENTS, resume=True, progress=lambda *n: seen.append(n))
    assert seen == [(2, 4), (3, 4), (4, 4)]
    assert files_of(out) == files_of(dataset)
    assert [path.name for path in tmp_path.iterdir()] == ["two-v0"]


def test_a_whole_dataset_is_neither_recorded_again_nor_overwritten(dataset):
    before = files_of(dataset)
    assert record(POLICIES, [SCENARIO], dataset, **ARGUMENTS, resume=True) == dataset
    with pytest.raises(GoliveError, match="there is a dataset already"):
        record(POLICIES, [SCENARIO], dataset, **ARGUMENTS)
    with pytest.raises(GoliveError, match="the dataset here has other"):
        record(POLICIES, [SCENARIO], dataset, **ARGUMENTS | {"first_seed": 6}, resume=True)
    assert files_of(dataset) == before


def test_a_mix_gives_each_seed_one_policy_by_weight(tmp_path):
    arguments = {"first_seed": 0, "episodes": 6, "reward": "score"}
    out = record(("do_nothing", "random"), [SCENARIO], tmp_path / "m-v0", mix=(1, 3), **arguments)
    rows = load_logged(out).episodes
    assert rows["seed"].to_list() == list(range(6))
    counts = dict(rows.group_by("policy").len().iter_rows())
    assert counts["random"] > counts["do_nothing"] >= 1
    with pytest.raises(GoliveError, match="mix: 1: expected a weight"):
        record(("do_nothing", "random"), [SCENARIO], tmp_path / "x-v0", mix=(1,), **arguments)


def test_it_says_what_it_is(dataset):
    metadata = json.loads((dataset / "data" / "metadata.json").read_text())
    recording, interface = metadata["golive_recording"], metadata["golive_interface"]
    assert [policy["label"] for policy in recording["policies"]] == list(POLICIES)
    assert recording["scenarios"][0]["content"]["parameters"] == SCENARIO.parameters
    assert recording["versions"]["golive"]
    assert recording["reward"]["shaping"] == 10.0
    assert len(interface["observation_names"]) == OBSERVED
    assert sum(interface["action_sizes"]) == len(interface["choice_names"])
    assert metadata["dataset_size"] > 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"out": "./nameless"}, "expected an id that ends in a version"),
        ({"policies": ["exprt"]}, "did you mean 'expert'"),
        ({"policies": ["random", "random"]}, "policies: random, random"),
        ({"reward": "fame"}, "reward: 'fame'"),
        ({"episodes": 0}, "episodes: 0"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_written(
    tmp_path, monkeypatch, changes, message
):
    monkeypatch.chdir(tmp_path)
    arguments = {"policies": ["random"], "scenarios": [SCENARIO], "out": "./x-v0", **ARGUMENTS}
    with pytest.raises(GoliveError, match=message):
        record(**arguments | changes)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_or_foreign_dataset_is_refused(dataset, tmp_path):
    with pytest.raises(GoliveError, match="there is none"):
        load_logged(tmp_path / "none-v0")
    out = record(["random"], [SCENARIO], tmp_path / "d-v0", first_seed=0, episodes=1)
    (out / "data/0/part-0.arrow").write_bytes(b"not an episode")
    with pytest.raises(GoliveError, match=r"0/part-0.arrow: cannot be read"):
        load_logged(out)


def test_the_table_of_episodes_is_typed(dataset):
    rows = load_logged(dataset).episodes
    assert rows.schema["go_live_score"] == pl.Float64
    assert rows.schema["success"] == pl.Boolean
    assert rows.schema["seed"] == pl.Int64


class _Fails:
    name = "fails"

    def reset(self, seed: int) -> None:
        if seed == 6:
            raise RuntimeError("no")

    def decide(self, briefing, legal):
        return load_policy("do_nothing").decide(briefing, legal)


def test_a_failed_episode_is_named_and_the_others_are_kept(tmp_path):
    with pytest.raises(TaskError, match="fails on furniture, seed 6"):
        record([_Fails()], [SCENARIO], tmp_path / "f-v0", first_seed=5, episodes=2)
    assert (tmp_path / ".f-v0.recording/data/0/part-0.arrow").is_file()
    assert not (tmp_path / "f-v0").exists()


RECORD = """
import sys
from golive import load_scenario
from golive.trainers.datasets import record

if __name__ == "__main__":
    record(["random"], [load_scenario("furniture")], sys.argv[1], first_seed=0, episodes=30)
"""


def test_a_killed_recording_leaves_whole_episodes_and_no_dataset(tmp_path):
    script, out = tmp_path / "record.py", tmp_path / "killed-v0"
    script.write_text(RECORD)
    process = subprocess.Popen([sys.executable, str(script), str(out)])
    staged = tmp_path / ".killed-v0.recording/data"
    deadline = time.monotonic() + 120
    while not (staged / "1").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert (staged / "1").exists()
    assert not (staged / "29").exists()
    assert not out.exists()
    kept = {entry.name: files_of(entry) for entry in staged.iterdir() if entry.name.isdigit()}
    arguments = {"first_seed": 0, "episodes": 30, "resume": True}
    record(["random"], [load_scenario("furniture")], out, **arguments, workers=2)
    assert minari.MinariDataset(out / "data").total_episodes == 30
    for name, content in kept.items():
        assert files_of(out / "data" / name) == content
    assert not [ids for ids in replay(out, episodes=range(0, 30, 10)) if ids.differences]
