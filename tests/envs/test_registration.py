from __future__ import annotations

import multiprocessing
import subprocess
import sys

import gymnasium
import pytest

from golive.envs import IMPLEMENTATION_ENVIRONMENT_ID, register_environments
from golive.envs.environment import WorldEnv

QUALIFIED_ID = f"golive.envs:{IMPLEMENTATION_ENVIRONMENT_ID}"


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


def test_registering_again_changes_nothing() -> None:
    before = gymnasium.registry[IMPLEMENTATION_ENVIRONMENT_ID]
    register_environments()
    assert gymnasium.registry[IMPLEMENTATION_ENVIRONMENT_ID] is before


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
