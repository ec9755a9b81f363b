from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import gymnasium
import pytest

from golive.envs import register_environments
from golive.envs.environment import WorldEnv
from golive.sim.worlds import world_kind, world_names

IDENTIFIER = "golive/Implementation-v1"
QUALIFIED_ID = f"golive.envs:{IDENTIFIER}"


def _first_day(environment_id: str) -> int:
    environment = gymnasium.make(environment_id)
    _, info = environment.reset(seed=0)
    return int(info["day"])


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_the_environment_is_made_in_a_fresh_process(method: str) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.apply(_first_day, (QUALIFIED_ID,)) == 0


def test_a_fresh_interpreter_makes_it_by_its_qualified_id() -> None:
    code = f"import gymnasium; print(gymnasium.make({QUALIFIED_ID!r}).unwrapped)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "WorldEnv" in done.stdout


def test_the_longest_episode_is_what_the_world_says() -> None:
    for name in world_names():
        kind = world_kind(name)
        assert gymnasium.spec(kind.environment).max_episode_steps == kind.most_decisions + 1


def test_registering_again_changes_nothing() -> None:
    before = gymnasium.registry[IDENTIFIER]
    register_environments()
    assert gymnasium.registry[IDENTIFIER] is before


def test_a_version_that_is_gone_is_named_with_the_one_that_took_its_place() -> None:
    gone = IDENTIFIER.replace("v1", "v0")
    with (
        pytest.warns(DeprecationWarning, match="out of date"),
        pytest.raises(gymnasium.error.DeprecatedEnv, match=IDENTIFIER),
    ):
        gymnasium.make(gone)


def test_registration_imports_nothing_heavy() -> None:
    code = (
        "import sys, golive.envs\n"
        "heavy = {'torch', 'ray', 'mesa', 'matplotlib', 'polars', 'faker', 'stable_baselines3',"
        " 'pandas', 'scipy', 'simpy', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_arguments_reach_the_environment() -> None:
    environment = gymnasium.make(QUALIFIED_ID, observation="dict", split="test").unwrapped
    assert isinstance(environment, WorldEnv)
    assert isinstance(environment.observation_space, gymnasium.spaces.Dict)


def test_a_world_of_another_package_is_registered_and_a_broken_one_does_no_harm(
    tmp_path: Path,
) -> None:
    record = tmp_path / "elsewhere-1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1.0\n")
    (record / "entry_points.txt").write_text(
        "[golive.worlds]\nbroken = elsewhere_broken:KIND\nsound = elsewhere:KIND\n"
    )
    (tmp_path / "elsewhere_broken.py").write_text("raise RuntimeError('not today')\n")
    (tmp_path / "elsewhere.py").write_text(
        "class KIND:\n    environment = 'elsewhere/Sound-v0'\n    most_decisions = 9\n"
    )
    code = "import golive, gymnasium; print([i for i in gymnasium.registry if 'elsewhere' in i])"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "['elsewhere/Sound-v0', 'elsewhere/SoundText-v0']"
    assert done.stderr.count("Warning: broken is not registered with Gymnasium") == 1
    assert "elsewhere cannot be loaded: RuntimeError: not today" in done.stderr
