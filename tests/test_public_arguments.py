"""Public names refuse what is of the wrong type, whatever it is, with a GoliveError in a line."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest

import golive
from golive import GoliveError, scenarios
from golive.envs.environment import WorldEnv
from golive.envs.sb3 import BatchedVecEnv
from golive.envs.vector import WorldVectorEnv
from golive.trainers import datasets, evaluation, offline, offline_evaluation, simulation, training

WRONG = (None, 3.5, [], object(), {}, -1, True, b"x", [3.5], np.zeros(3))
FURNITURE = golive.load_scenario("furniture")
FOLDER = Path("nowhere")
Call = Callable[..., Any]


@cache
def begun() -> WorldEnv:
    environment = WorldEnv()
    environment.reset(seed=0)
    return environment


def with_option(name: str, value: Any) -> Any:
    return begun().reset(options={name: value})


def with_state(name: str, value: Any) -> Any:
    state: Any = begun().get_state()
    return begun().set_state({**state, name: value})


def with_saved_world(name: str, value: Any) -> Any:
    state: Any = begun().get_state()
    return begun().set_state({**state, "world": {**state["world"], name: value}})


PLAYED: dict[str, Any] = {
    "policies": ["do_nothing"],
    "scenarios": [FURNITURE],
    "first_seed": 0,
    "episodes": 1,
}
EVALUATED = partial(evaluation.evaluate, **PLAYED)
RECORDED = partial(datasets.record, out=FOLDER / "x-v0", **PLAYED)
RUN = partial(golive.run_episode, golive.load_policy("do_nothing"), FURNITURE, 0)
VECTOR = WorldVectorEnv(2)
KNOWN = partial(golive.run, golive.world_kind("implementation"), golive.load_policy("do_nothing"))

# Function, argument, and which of the wrong things it may have.
CASES: list[tuple[Call, str, tuple[Any, ...]]] = [
    (partial(golive.build_world, seed=0), "scenario", ()),
    (partial(golive.build_world, FURNITURE), "seed", ()),
    (partial(golive.build_world, FURNITURE, 0), "customer", (None,)),
    (golive.check_world, "kind", ()),
    (golive.load_policy, "spec", ()),
    (partial(golive.load_policy, "expert"), "world", ()),
    (golive.load_scenario, "name_or_path", ()),
    (golive.load_suite, "name_or_path", ()),
    (golive.restore_world, "snapshot", ()),
    (partial(golive.restore_world, begun().world.snapshot()), "seed", (None,)),
    (golive.world_kind, "name", ()),
    (partial(golive.run, policy=None, scenario=None, seed=0), "kind", ()),
    (partial(KNOWN, seed=0), "scenario", ()),
    (partial(golive.run_episode, scenario=FURNITURE, seed=0), "policy", ()),
    (partial(golive.run_episode, golive.load_policy("expert"), FURNITURE), "seed", ()),
    (RUN, "observers", ([],)),
    (RUN, "disruptions", (None, [])),
    (partial(golive.ImplementationWorld, seed=0), "scenario", ()),
    (partial(golive.ImplementationWorld, FURNITURE), "seed", ()),
    (partial(golive.ImplementationWorld, FURNITURE, 0), "customer", (None,)),
    (golive.ImplementationWorld.restore, "snapshot", ()),
    (WorldEnv, "scenario", (None,)),
    (WorldEnv, "world", ()),
    (WorldEnv, "split", ()),
    (WorldEnv, "suite", (None,)),
    (WorldEnv, "seed_range", (None,)),
    (WorldEnv, "seeding", ()),
    (WorldEnv, "reward", (None, {})),
    (WorldEnv, "observation", ()),
    (WorldEnv, "render_mode", (None,)),
    (WorldEnv, "customer", (None,)),
    (WorldEnv, "disruptions", (None, [])),
    (WorldEnv, "opponent", (None,)),
    (begun().reset, "options", (None, {})),
    (begun().set_state, "state", ()),
    (begun().step, "action", ()),
    *(
        (partial(with_option, name), "value", (None, [] if name == "disruptions" else None))
        for name in ("scenario", "split", "seed_range", "episode_seed", "customer", "disruptions")
    ),
    *((partial(with_state, name), "value", ()) for name in ("version", "configuration")),
    (partial(with_state, "np_random"), "value", ()),
    (partial(with_state, "world"), "value", (None,)),
    *((partial(with_saved_world, name), "value", ()) for name in ("world", "version", "payload")),
    (WorldVectorEnv, "num_envs", ()),
    (WorldVectorEnv, "environments", ()),
    (partial(WorldVectorEnv, 1), "workers", ()),
    (partial(WorldVectorEnv, 1), "backend", ()),
    (partial(WorldVectorEnv, 1), "autoreset_mode", ()),
    (partial(WorldVectorEnv, 1), "max_episode_steps", (None, -1)),
    (VECTOR.reset, "seed", (None,)),
    (VECTOR.reset, "options", (None, {})),
    (VECTOR.set_states, "states", ()),
    (VECTOR.set_next_options, "options", ({},)),
    (BatchedVecEnv, "environments", ()),
    (partial(BatchedVecEnv, {}), "n_envs", ()),
    (partial(BatchedVecEnv, {}, 1), "workers", ()),
    (BatchedVecEnv({}, 1).seed, "seed", (None,)),
    *((EVALUATED, name, ()) for name in ("policies", "scenarios", "first_seed", "episodes")),
    (EVALUATED, "directory", (None,)),
    (EVALUATED, "backend", ()),
    (EVALUATED, "cache", (None,)),
    (EVALUATED, "progress", (None,)),
    (partial(evaluation.evaluate_suite, ["expert"], scenarios=[FURNITURE]), "suite", ()),
    (evaluation.load_gate, "name", ()),
    (evaluation.parse_gate, "data", ()),
    (evaluation.run_gate, "policy", ()),
    (evaluation.summarise, "result", ()),
    (simulation.load_profile, "name", ()),
    (simulation.plan_replicas, "profile", ()),
    (simulation.simulate_profile, "profile", ()),
    (partial(simulation.simulate_profile, "sandbox"), "policy", (None,)),
    (training.read_configuration, "path", ()),
    (partial(training.parse_configuration, source="x"), "data", ()),
    (training.shipped_configuration, "name", ()),
    (training.read_learning_curve, "directory", ()),
    (training.load_callback, "spec", ()),
    (partial(training.train, directory=FOLDER), "configuration", ()),
    (partial(training.train, None), "directory", ()),
    (datasets.load_logged, "dataset", ()),
    (datasets.replay, "dataset", ()),
    (partial(datasets.target_probabilities, policy="random"), "logged", ()),
    *((RECORDED, name, ()) for name in ("policies", "scenarios", "first_seed", "episodes")),
    (RECORDED, "reward", (None, {})),
    (RECORDED, "backend", ()),
    (offline.read_offline_configuration, "path", ()),
    (partial(offline.learn, logged=None, interface=None), "configuration", ()),
    (partial(offline_evaluation.ask, target=np.zeros((1, 1))), "logged", ()),
    (offline_evaluation.evaluate_offline, "question", ()),
    (scenarios.load_suite_split, "name", ()),
    (scenarios.suite_scenarios, "suite", ()),
    (scenarios.to_yaml, "model", ()),
    (partial(scenarios.save_yaml, FURNITURE), "path", ()),
]


def _name(value: object) -> str:
    inner = value
    while isinstance(inner, partial):
        inner = inner.func
    return getattr(inner, "__name__", "") if callable(inner) else str(value)


@pytest.mark.parametrize(("call", "argument", "allowed"), CASES, ids=_name)
def test_wrong_types_are_refused_by_name(
    call: Call, argument: str, allowed: tuple[Any, ...], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    for value in WRONG:
        if any(value is one or (type(value) is type(one) and value == one) for one in allowed):
            continue
        with pytest.raises((GoliveError, gymnasium.error.Error)) as caught:
            call(**{argument: value})
        assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
