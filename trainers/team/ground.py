"""A world as a place where a team trains: environments, customers, partners, demonstrators."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...agents.partners import ALL_SEEING, partner
from ...agents.policy_file import NetworkRecord, PolicyFile, TeamFile
from ...agents.registry import load_policy
from ...agents.team import RolePolicy
from ...agents.team_policy import USUAL_PARTNER, role_interface
from ...envs.team import TeamEnv
from ...sim.policy import Policy
from ..training.actor import training_record
from ..training.configuration import TrainingConfiguration
from ..training.episodes import Validation
from ..training.world_ground import WorldGround, reward_of
from .learner import TeamLearner
from .networks import TeamNetworks, forms_of
from .rollouts import Others, TeamEpisodes, play_episodes

_ROLLOUT_KEY = 0x7EA0
_ACTION_KEY = 0x7EA1
_PARTNER_KEY = 0x7EA2
_VALIDATION_KEY = 0x7EA3
"""Keep what is drawn for these apart from others that take the training's seed."""


class _WholeDecision:
    """Decides for all from all that is known, once for each decision point."""

    def __init__(self, policy: Policy) -> None:
        self._policy, self.name = policy, policy.name

    def reset(self, seed: int) -> None:
        """Forget the last episode."""
        self._policy.reset(seed)
        self._day: int | None = None

    def parts(self, environment: TeamEnv) -> list[int]:
        """Each role's action now."""
        if self._day != environment.day:
            self._day = environment.day
            legal = environment.world_env.legal()
            decision, _ = legal.replace_illegal(self._policy.decide(environment.briefing, legal))
            joint = environment.kind.language.action(decision).tolist()
            self._parts = environment.actions.split(joint)
        return self._parts


class _PartOf:
    """A role's part of a decision made for all. Satisfies ``RolePolicy``."""

    def __init__(self, whole: _WholeDecision, role: str) -> None:
        self._whole, self.role, self.name = whole, role, whole.name

    def reset(self, environment: TeamEnv, seed: int) -> None:
        """Forget the last episode."""
        self._whole.reset(seed)

    def act(self, environment: TeamEnv) -> int:
        """The role's action now."""
        return self._whole.parts(environment)[environment.team.place(self.role)]


class TeamGround:
    """Environments of a team, and whole episodes in them.

    Raises:
        GoliveError: it names what does not exist, as ``WorldGround``; also rules of messages or
            terms of own rewards.
    """

    def __init__(self, configuration: TrainingConfiguration) -> None:
        assert configuration.team is not None
        self._configuration, self._team = configuration, configuration.team
        world = WorldGround(configuration)
        self.kind = world.kind
        self._seeds = world.training_seeds
        self._validation_seeds = [seed for _, seed in world.validation_levels]
        arguments = {
            "scenario": world.scenario,
            "world": self.kind,
            "seed_range": self._seeds,
            "reward": reward_of(configuration).model_dump(mode="json"),
            "own_reward": self._team.own_reward,
            "messages": self._team.messages,
            **world.options,
        }
        self.environments = [TeamEnv(**arguments) for _ in range(configuration.n_envs)]
        self._roles = self.environments[0].possible_agents
        self._learned = self._team.learns or tuple(self._roles)
        self._kinds = self._team.partners or tuple(
            name for name, one in self.kind.partners().items() if not one.held_out
        )
        self._advisers: list[Others] = []
        if configuration.warm_start is not None:
            name = configuration.warm_start.demonstrator
            self._advisers = [self._demonstrators(name) for _ in self.environments]

    def learner(self) -> TeamLearner:
        """A new learner of these environments."""
        one = self.environments[0]
        return TeamLearner(self._configuration, forms_of(one), len(one.state_features))

    def rollout(self, networks: TeamNetworks, number: int) -> TeamEpisodes:
        """An episode in each environment, of the rollout with this number."""
        count = len(self.environments)
        drawn = np.random.default_rng([self._configuration.seed, _ROLLOUT_KEY, number])
        return play_episodes(
            self.environments,
            drawn.integers(self._seeds.start, self._seeds.stop, size=count).tolist(),
            networks,
            generator=np.random.default_rng([self._configuration.seed, _ACTION_KEY, number]),
            others=self._others(number, count),
        )

    def demonstrate(
        self,
        on_episodes: Callable[[int], None],
        networks: TeamNetworks | None = None,
        correction: int = 0,
    ) -> TeamEpisodes:
        """Episodes of the demonstrators, or of networks that they correct.

        Args:
            on_episodes: called with the number of episodes done.
            networks: who plays; None: the demonstrators.
            correction: number of the round in which they do, from 0.
        """
        settings = self._configuration.warm_start
        assert settings is not None
        count, round_number = settings.episodes, 0
        if networks is not None:
            assert settings.corrections is not None
            count, round_number = settings.corrections.episodes, 1 + correction
        key = [self._configuration.seed, _ROLLOUT_KEY, _VALIDATION_KEY, round_number]
        drawn = np.random.default_rng(key).integers(self._seeds.start, self._seeds.stop, size=count)
        return play_episodes(
            self.environments,
            drawn.tolist(),
            networks,
            others=[self._beside() for _ in range(count)],
            advisers=self._advisers,
            on_episodes=on_episodes,
        )

    def validate(self, networks: TeamNetworks) -> Validation:
        """Judge a team on the validation seeds."""
        evaluation, seed = self._configuration.evaluation, self._configuration.seed
        generator = np.random.default_rng([seed, _VALIDATION_KEY])
        seeds = self._validation_seeds
        episodes = play_episodes(
            self.environments,
            seeds,
            networks,
            generator=None if evaluation.deterministic else generator,
            others=[self._beside() for _ in seeds],
        )
        return Validation(
            episodes.scores, float(episodes.success.mean()), float(episodes.illegal.mean())
        )

    def export(self, learner: TeamLearner, validation: Validation | None) -> TeamFile:
        """The actors as they are now, with the validation of them if they were judged."""
        configuration, environment = self._configuration, self.environments[0]
        training = training_record(configuration, learner.steps, validation)
        network = NetworkRecord(configuration.ppo.net_arch, configuration.ppo.activation)
        roles = {
            self._roles[place]: PolicyFile(
                role_interface(environment, self._roles[place]),
                network,
                training,
                learner.networks.actor_layers(place),
            )
            for place in learner.learned
        }
        return TeamFile(self.kind.name, self._team.messages, roles, training)

    def _demonstrators(self, name: str) -> Others:
        """Who demonstrates each role: a kind of partner, or a policy's part of its decision."""
        if name == ALL_SEEING and self._team.messages is None:  # five times as fast
            name = self.kind.expert
        elif name == ALL_SEEING or name in self.kind.partners():
            return {role: partner(self.kind, role, name) for role in self._learned}
        whole = _WholeDecision(load_policy(name, self.kind))
        return {role: _PartOf(whole, role) for role in self._learned}

    def _beside(self) -> Others:
        """Who plays the roles that do not learn, where nothing is drawn."""
        return {
            role: partner(self.kind, role, USUAL_PARTNER)
            for role in self._roles
            if role not in self._learned
        }

    def _others(self, number: int, count: int) -> list[Others]:
        """Partners of each episode of a rollout, drawn anew."""
        drawn = np.random.default_rng([self._configuration.seed, _PARTNER_KEY, number])
        every: list[Others] = []
        for _ in range(count):
            players: dict[str, RolePolicy] = {}
            for role in self._roles:
                share, kind = drawn.random(), int(drawn.integers(len(self._kinds)))
                if role not in self._learned or share < self._team.partner_share:
                    players[role] = partner(self.kind, role, self._kinds[kind])
            every.append(players)
        return every
