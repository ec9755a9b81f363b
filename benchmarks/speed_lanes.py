"""Lanes of ``benchmarks.speed``, each in a process of its own that waits for its turn.

``python -m benchmarks.speed_lanes NAME ARGUMENT...`` prints what it is, and then, for every line
that it reads, what it measured, as JSON. Time is the process's own on a core. A lane imports only
what it needs: peers run where golive is not installed, an older golive under the same yardstick.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

Turn = Callable[[], dict[str, float]]
Lane = tuple[dict[str, Any], Turn]
"""Description of what is measured, and the function that takes a turn."""
SEED = 3_000_000
"""Of ``benchmarks.command``, which an older golive may lack."""


def engine(scenario: str, episodes: str) -> Lane:
    """A world, its environment and the bare event loop."""
    from golive.trainers.regression.speed import take_turn

    replays = _replays(scenario, int(episodes))
    return _facts(replays), lambda: _of_turn(take_turn(replays))


def _of_turn(turn: Any) -> dict[str, float]:
    return {
        "bare": turn.bare_tasks_per_second,
        "world": turn.steps_per_second,
        "environment": turn.environment_steps_per_second,
        "reset": 1e3 / turn.reset_milliseconds,
    }


def batch(scenario: str, environments: str, steps: str, episodes: str) -> Lane:
    """Environments in one process, all stepped in turn, resets included; the memory of each."""
    import numpy as np

    from golive.envs.batch import EnvironmentBatch
    from golive.envs.environment import WorldEnv
    from golive.sim.worlds import kind_of

    count, least = int(environments), int(steps)
    replays = _replays(scenario, int(episodes))
    kind = kind_of(replays[0].scenario)
    actions = [np.array([kind.language.action(d) for d in r.decisions]) for r in replays]
    options = [{"episode_seed": replay.seed} for replay in replays]
    at = [index % len(replays) for index in range(count)]
    begun = [0] * count
    before = _resident_megabytes()
    held = EnvironmentBatch([lambda: WorldEnv(replays[0].scenario, world=kind)] * count)
    held.reset([None] * count, [options[episode] for episode in at], [True] * count)
    # Spread over their episodes, so that every turn has its share of every day and of resets.
    for index, environment in enumerate(held.environments):
        begun[index] = len(actions[at[index]]) * index // count
        for action in actions[at[index]][: begun[index]]:
            environment.step(action)
    after = _resident_megabytes()
    each = None if before is None or after is None else (after - before) / count

    def turn() -> dict[str, float]:
        done = 0
        started = time.process_time()
        while done < least:
            chosen = np.stack([actions[at[i]][begun[i]] for i in range(count)])
            following = {}
            for index in range(count):
                begun[index] += 1
                if begun[index] == len(actions[at[index]]):
                    at[index], begun[index] = (at[index] + 1) % len(replays), 0
                    following[index] = options[at[index]]
            held.step(chosen, following)
            done += count
        return {"steps": done / (time.process_time() - started)}

    return {"megabytes_each": each}, turn


def training(way: str, scenario: str, environments: str, steps: str) -> Lane:
    """PPO's rollout and update, by Stable-Baselines3 as ``golive train`` has it, or lean."""
    import torch
    from stable_baselines3.common.callbacks import CallbackList
    from stable_baselines3.common.logger import Logger

    from golive.envs.sb3 import BatchedVecEnv
    from golive.trainers.training.algorithm import ResumablePPO
    from golive.trainers.training.configuration import parse_configuration

    torch.set_num_threads(1)
    count, length = int(environments), int(steps)
    ppo = {"n_steps": length, "batch_size": min(1024, count * length)}
    content = {
        "environment": {"scenario": scenario},
        "seed": 0,
        "total_steps": 10**9,
        "n_envs": count,
        "ppo": ppo,
    }
    configuration = parse_configuration(content, "benchmarks.speed")
    made = BatchedVecEnv({"scenario": scenario}, n_envs=count)
    made.seed(SEED)
    language = configuration.environment.kind.language
    if way == "lean":
        from benchmarks.lean_ppo import LeanPpo

        iterate = LeanPpo(made, language.choices.sizes, configuration.ppo).iterate
    else:
        names = [factor.name for factor in language.choices.factors]
        model = ResumablePPO(configuration, made, Logger(None, []), names)
        callback = CallbackList([])
        callback.init_callback(model)
        model.start_episodes()

        def iterate() -> None:
            model.collect(callback)
            model.update()

    def turn() -> dict[str, float]:
        started = time.process_time()
        iterate()
        return {"steps": count * length / (time.process_time() - started)}

    return {}, turn


def cartpole(steps: str) -> Lane:
    """Gymnasium's CartPole."""
    import gymnasium

    environment = gymnasium.make("CartPole-v1")
    environment.action_space.seed(0)
    return {}, _stepping(environment, lambda _: environment.action_space.sample(), 200 * int(steps))


def highway(steps: str) -> Lane:
    """Traffic on a motorway by highway-env."""
    import gymnasium

    import_module("highway_env")  # registers its environments
    environment = gymnasium.make("highway-fast-v0")
    environment.action_space.seed(0)
    act = environment.action_space.sample
    return {}, _stepping(environment, lambda _: act(), max(1, int(steps) // 4))


def job_shop(steps: str) -> Lane:
    """A job shop by JSSEnv."""
    import gymnasium
    import numpy as np

    package: Any = import_module("JSSEnv")
    instance = Path(package.__file__).parent / "envs" / "instances" / "ta01"
    made = gymnasium.make("jss-v1", env_config={"instance_path": str(instance)})
    generator = np.random.default_rng(0)
    # Unwrapped: its reset takes no seed, which Gymnasium's wrappers give it.
    return {}, _stepping(
        made.unwrapped,
        lambda seen: generator.choice(np.flatnonzero(seen["action_mask"])),
        20 * int(steps),
    )


def grid(steps: str) -> Lane:
    """A power grid by Grid2Op, its power flows by lightsim2grid."""
    backend = import_module("lightsim2grid").LightSimBackend()
    made = import_module("grid2op").make("l2rpn_case14_sandbox", test=True, backend=backend)
    made.seed(0)
    nothing = made.action_space({})
    return {}, _stepping(made, lambda _: nothing, 3 * int(steps))


def _stepping(environment: Any, act: Callable[[Any], Any], steps: int) -> Turn:
    """Steps a second of any environment, resets included."""

    def begin() -> Any:
        begun = environment.reset()
        return begun[0] if isinstance(begun, tuple) else begun

    seen = begin()

    def turn() -> dict[str, float]:
        nonlocal seen
        started = time.process_time()
        for _ in range(steps):
            seen, _, *ended, _ = environment.step(act(seen))
            if any(ended):
                seen = begin()
        return {"steps": steps / (time.process_time() - started)}

    return turn


def _replays(scenario: str, episodes: int) -> list[Any]:
    """Episodes by the world's expert, their decisions known from here on."""
    from golive.agents.registry import load_policy
    from golive.scenarios.loader import load_scenario
    from golive.sim.worlds import kind_of
    from golive.trainers.regression.replay import record_replay

    chosen = load_scenario(scenario)
    kind = kind_of(chosen)
    policy = load_policy(kind.expert, kind)
    return [record_replay(policy, chosen, SEED + number) for number in range(episodes)]


def _facts(replays: list[Any]) -> dict[str, Any]:
    try:
        from golive.core.compiled import is_compiled
    except ImportError:  # an older golive
        compiled = False
    else:
        compiled = is_compiled()
    return {"compiled": compiled, "digests": [replay.digest for replay in replays]}


def _resident_megabytes() -> float | None:
    """Memory that this process has now; None where no such file says so."""
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return None
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


LANES: dict[str, Callable[..., Lane]] = {
    "engine": engine,
    "batch": batch,
    "training": training,
    "cartpole": cartpole,
    "job_shop": job_shop,
    "grid": grid,
    "highway": highway,
}


def main(name: str, *arguments: str) -> None:
    """Say what the lane is, then take a turn for every line read."""
    told = os.fdopen(os.dup(1), "w")  # peers print what they like
    os.dup2(2, 1)
    try:
        facts, turn = LANES[name](*arguments)
    except ImportError as error:
        print(json.dumps({"missing": error.name or str(error)}), file=told, flush=True)
        return
    # As golive's workers have it; an older one may not know how.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    turn()  # warms up
    print(json.dumps(facts), file=told, flush=True)
    for _ in sys.stdin:
        print(json.dumps(turn()), file=told, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
