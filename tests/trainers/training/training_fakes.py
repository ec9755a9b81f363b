"""A tiny world to train in: order, factor by factor, what the observation asks for."""

from __future__ import annotations

import numpy as np
from gymnasium import spaces
from stable_baselines3.common.vec_env import VecEnv

from golive.agents.learned import ActorNetwork
from golive.agents.policy_file import InterfaceRecord
from golive.trainers.training.branching import Branches
from golive.trainers.training.configuration import parse_configuration
from golive.trainers.training.episodes import Demonstrations, Validation

SIZES = (3, 4, 2)
TOTAL = sum(SIZES)
EPISODE_STEPS = 10
OFFSETS = np.cumsum((0, *SIZES[:-1]))


class Game:
    """One episode after another; its whole state is JSON."""

    def __init__(self, seed: int) -> None:
        self.generator = np.random.default_rng(seed)
        self.start()

    def start(self) -> None:
        self.day, self.hits = 0, 0.0
        self.ask()

    def ask(self) -> None:
        self.wanted = [int(self.generator.integers(size)) for size in SIZES]
        legal = self.generator.random(TOTAL) < 0.7
        legal[OFFSETS + self.wanted] = True
        self.legal = [bool(x) for x in legal]

    def observation(self) -> np.ndarray:
        observation = np.zeros(TOTAL, np.float32)
        observation[OFFSETS + self.wanted] = 1.0
        return observation

    def step(self, action: np.ndarray) -> tuple[float, bool]:
        assert all(self.legal[o + a] for o, a in zip(OFFSETS, action, strict=True))
        hits = float(np.mean(action == self.wanted))
        self.hits += hits
        self.day += 1
        if self.day < EPISODE_STEPS:
            self.ask()
        return hits, self.day == EPISODE_STEPS

    def state(self) -> dict:
        fields = {k: v for k, v in vars(self).items() if k != "generator"}
        return {"fields": fields, "generator": self.generator.bit_generator.state}

    def restore(self, state: dict) -> None:
        vars(self).update(state["fields"])
        self.generator.bit_generator.state = state["generator"]


class FakeEnvironments(VecEnv):
    def __init__(self, count: int, seed: int) -> None:
        super().__init__(
            count,
            spaces.Box(0.0, 1.0, (TOTAL,), np.float32),
            spaces.MultiDiscrete(list(SIZES)),
        )
        self.games = [Game(1000 * seed + index) for index in range(count)]

    def state(self):
        return [game.state() for game in self.games]

    def restore(self, states) -> None:
        for game, state in zip(self.games, states, strict=True):
            game.restore(state)

    def judge(self, rollout) -> None:
        return None

    def observations(self) -> np.ndarray:
        return np.stack([game.observation() for game in self.games])

    def reset(self) -> np.ndarray:
        for game in self.games:
            game.start()
        return self.observations()

    def step_async(self, actions: np.ndarray) -> None:
        self.actions = actions

    def step_wait(self):
        rewards, dones, infos = [], [], []
        for game, action in zip(self.games, self.actions, strict=True):
            reward, done = game.step(action)
            info = {"reward_terms": {"hits": reward}}
            if done:
                info |= {"score": game.hits / EPISODE_STEPS}
                game.start()
            rewards.append(reward)
            dones.append(done)
            infos.append(info)
        return self.observations(), np.array(rewards, np.float32), np.array(dones), infos

    def env_method(self, method_name, *args, indices=None, **kwargs):
        assert method_name == "action_masks"
        return [np.array(game.legal) for game in self.games]

    def has_attr(self, attr_name: str) -> bool:
        return attr_name == "action_masks"

    def get_attr(self, attr_name, indices=None):
        return [None] * self.num_envs

    def set_attr(self, attr_name, value, indices=None) -> None: ...

    def env_is_wrapped(self, wrapper_class, indices=None):
        return [False] * self.num_envs

    def seed(self, seed=None):
        return [None] * self.num_envs

    def close(self) -> None: ...


class FakeGround:
    """A training ground around the game."""

    interface = InterfaceRecord("fake", TOTAL, "digest", SIZES)
    action_names = ("colour", "shape", "size")
    score = "score"

    def __init__(self, configuration) -> None:
        self.configuration = configuration
        self.validations = 0

    def environments(self) -> FakeEnvironments:
        return FakeEnvironments(self.configuration.environments, self.configuration.seed)

    def validate(self, policy) -> Validation:
        self.validations += 1
        actor = ActorNetwork(policy)
        scores = []
        for seed in range(self.configuration.evaluation.episodes):
            game, done = Game(10**6 + seed), False
            while not done:
                _, done = game.step(actor.best(game.observation(), np.array(game.legal)))
            scores.append(game.hits / EPISODE_STEPS)
        return Validation(np.array(scores), success=0.0, illegal=0.0)

    def demonstrate(self, on_episode, player=None, correction=0) -> Demonstrations:
        observations, actions, masks, rewards, scores = [], [], [], [], []
        actor = None if player is None else ActorNetwork(player)
        for episode in range(self.configuration.warm_start.episodes):
            game, done = Game(2 * 10**6 + 10**4 * correction + episode), False
            while not done:
                observations.append(game.observation())
                masks.append(np.array(game.legal))
                actions.append(np.array(game.wanted))
                own = actor and actor.best(observations[-1], masks[-1])
                reward, done = game.step(actions[-1] if own is None else own)
                rewards.append(reward)
            scores.append(game.hits / EPISODE_STEPS)
            on_episode(episode + 1)
        return Demonstrations(
            np.stack(observations),
            np.stack(actions),
            np.stack(masks),
            np.array(rewards),
            np.full(len(scores), EPISODE_STEPS),
            np.array(scores),
        )

    def branch(self, policy, number, on_steps) -> Branches:
        """Every decision of some episodes, and one factor of each chosen anew."""
        settings, generator = self.configuration.improvement, np.random.default_rng(number)
        actor, points, others, scores = ActorNetwork(policy), [], [], []
        for episode in range(settings.episodes):
            game, done = Game(3 * 10**6 + 10**4 * number + episode), False
            while not done:
                observation, legal = game.observation(), np.array(game.legal)
                own, factor = actor.best(observation, legal), int(generator.integers(len(SIZES)))
                part = legal[OFFSETS[factor] : OFFSETS[factor] + SIZES[factor]]
                choice = int(generator.choice(np.flatnonzero(part)))
                hits = int(choice == game.wanted[factor]) - int(own[factor] == game.wanted[factor])
                points.append((observation, legal, own))
                others.append((factor, choice, hits / len(SIZES) / EPISODE_STEPS))
                _, done = game.step(own)
            scores.append(game.hits / EPISODE_STEPS)
            on_steps(len(points))
        observations, masks, owns = (np.stack(part) for part in zip(*points, strict=True))
        factors, choices, gains = (np.array(part) for part in zip(*others, strict=True))
        order = np.arange(len(points))
        scores = np.array(scores)
        return Branches(
            observations, masks, owns, order, factors, choices, gains, scores, len(points)
        )


def small_configuration(**changes):
    """A training of a second."""
    fields = {
        "total_steps": 1280,
        "n_envs": 8,
        "workers": 1,
        "seed": 3,
        "ppo": {"n_steps": 16, "batch_size": 64, "net_arch": [16], "learning_rate": 3e-3},
        "evaluation": {"every_steps": 256, "episodes": 5},
        "checkpoint_every": 256,
    }
    return parse_configuration(fields | changes, "test")
