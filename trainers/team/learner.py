"""A team's learner: imitation, then proximal policy optimisation; its state is plain arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3.common.running_mean_std import RunningMeanStd
from torch.nn import functional

from ...core.archive import Archive
from ..training.configuration import TrainingConfiguration
from ..training.imitation import descend, set_rate, shuffled_batches
from ..training.learning import RewardScaling, WarmStart
from .networks import RoleForm, TeamNetworks, entropies
from .rollouts import TeamEpisodes, gains_of, returns_of, running_returns

if TYPE_CHECKING:
    from collections.abc import Mapping

_SMALLEST_VARIANCE = 1e-8
_KL_MARGIN = 1.5
"""A rollout's epochs end when the target is passed by half, as Stable-Baselines3's do."""
_IMITATION_KEY = 0x1417
_UPDATE_KEY = 0x70D0
"""Keep the shufflings' generators apart from others that take the training's seed."""

Figures = dict[str, float]
_Batch = Sequence[torch.Tensor]


class ReturnScale:
    """Divides rewards by the running deviation of the discounted return, of all roles together."""

    def __init__(self, settings: RewardScaling, gamma: float) -> None:
        self._settings, self._gamma = settings, gamma
        self._moments = RunningMeanStd(shape=())

    def learn_from(self, episodes: TeamEpisodes) -> None:
        """Take episodes into the running moments."""
        for rows in episodes.slices:
            self._moments.update(running_returns(episodes.rewards[rows], self._gamma).ravel())

    def scale(self, rewards: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rewards as the learner is given them by what is known now."""
        if not self._settings.enabled:
            return rewards
        deviation = np.sqrt(self._moments.var + _SMALLEST_VARIANCE)
        return np.clip(rewards / deviation, -self._settings.clip, self._settings.clip)

    def state(self) -> dict[str, float]:
        """The running moments, as a JSON value."""
        moments = self._moments
        return {
            "mean": float(moments.mean),
            "variance": float(moments.var),
            "count": float(moments.count),
        }

    def restore(self, state: Mapping[str, float]) -> None:
        """Go on from a state."""
        self._moments.mean = np.asarray(state["mean"], np.float64)
        self._moments.var = np.asarray(state["variance"], np.float64)
        self._moments.count = float(state["count"])


class TeamLearner:
    """Networks of a team, and how they learn.

    Everything drawn is a function of the training's seed and of the number of rollouts made.

    Args:
        configuration: of the training.
        roles: that there are, in order.
        state_size: entries of the state.
    """

    def __init__(
        self, configuration: TrainingConfiguration, roles: Sequence[RoleForm], state_size: int
    ) -> None:
        assert configuration.team is not None
        self.configuration, self.ppo = configuration, configuration.ppo
        self.networks = TeamNetworks(
            roles, state_size, configuration.team, configuration.ppo, configuration.seed
        )
        learns = configuration.team.learns or tuple(role.name for role in roles)
        self.learned = tuple(place for place, role in enumerate(roles) if role.name in learns)
        self.scale = ReturnScale(configuration.reward_scaling, self.ppo.gamma)
        self._optimiser = self._new_optimiser()
        self.steps = 0
        self.rollouts = 0

    @property
    def share_done(self) -> float:
        """Share of the training that is done, 0..1."""
        return min(1.0, self.steps / self.configuration.total_steps)

    def imitate(
        self,
        settings: WarmStart,
        demonstrations: TeamEpisodes,
        on_epoch: Callable[[int, Figures], None],
    ) -> None:
        """Fit each role's actor to what its adviser did, and the critics to the returns.

        Args:
            settings: of the imitation.
            demonstrations: what is learned from.
            on_epoch: called with epochs done, the mean loss, and per role the share of its
                adviser's actions that its actor thinks most probable.
        """
        data = self._data(demonstrations, self._returns(demonstrations))
        optimiser = self._new_optimiser()
        generator = np.random.default_rng([self.configuration.seed, _IMITATION_KEY])
        samples = len(demonstrations.states)
        for epoch in range(settings.epochs):
            set_rate(optimiser, settings.learning_rate.at(epoch / settings.epochs))
            figures = [
                self._imitation_step(settings, optimiser, [part[batch] for part in data])
                for batch in shuffled_batches(samples, settings.batch_size, generator)
            ]
            on_epoch(epoch + 1, _means(figures))

    def agreement(self, episodes: TeamEpisodes) -> Figures:
        """Share of each role's actions in episodes that its actor thinks most probable."""
        states, actions, _, _, *masks = self._data(episodes, episodes.rewards)
        with torch.no_grad():
            return {
                f"agreement/{self.networks.roles[place].name}": _agreement(
                    self.networks.log_probabilities(place, states, masks[place]),
                    actions[:, place],
                )
                for place in self.learned
            }

    def learn(self, episodes: TeamEpisodes) -> Figures:
        """Learn from a rollout; returns what is worth a curve."""
        self.steps += len(episodes.states)
        self.scale.learn_from(episodes)
        data = self._data(episodes, *self._gains(episodes))
        old = self._old_log_probabilities(data)
        start = self.configuration.warm_start
        critic_only = start is not None and self.rollouts < start.critic_warmup_rollouts
        generator = np.random.default_rng([self.configuration.seed, _UPDATE_KEY, self.rollouts])
        set_rate(self._optimiser, self.ppo.learning_rate.at(self.share_done))
        figures: list[Figures] = []
        for _ in range(self.ppo.n_epochs):
            epoch = [
                self._step([part[batch] for part in data], old[batch], critic_only)
                for batch in shuffled_batches(len(old), self.ppo.batch_size, generator)
                if len(batch) > 1
            ]
            figures += epoch
            target = self.ppo.target_kl
            if target is not None and _means(epoch).get("train/kl", 0.0) > _KL_MARGIN * target:
                break
        self.rollouts += 1
        return _means(figures)

    def state(self) -> Archive:
        """All that decides how the learning goes on."""
        arrays: dict[str, NDArray[Any]] = {
            f"networks/{name}": tensor.numpy().copy()
            for name, tensor in self.networks.state_dict().items()
        }
        for index, entry in self._optimiser.state_dict()["state"].items():
            for name, tensor in entry.items():
                arrays[f"optimiser/{index}/{name}"] = tensor.numpy().copy()
        numbers = {"steps": self.steps, "rollouts": self.rollouts, "scale": self.scale.state()}
        return Archive({"learner": numbers}, arrays)

    def restore(self, saved: Archive) -> None:
        """Go on from a state."""
        numbers = saved.documents["learner"]
        self.steps, self.rollouts = int(numbers["steps"]), int(numbers["rollouts"])
        self.scale.restore(numbers["scale"])
        weights: dict[str, torch.Tensor] = {}
        entries: dict[int, dict[str, torch.Tensor]] = {}
        for name, array in saved.arrays.items():
            part, _, rest = name.partition("/")
            tensor = torch.as_tensor(array.copy())
            if part == "networks":
                weights[rest] = tensor
            else:
                index, _, entry = rest.partition("/")
                entries.setdefault(int(index), {})[entry] = tensor
        self.networks.load_state_dict(weights)
        state = self._optimiser.state_dict()
        state["state"] = entries
        self._optimiser.load_state_dict(state)

    def _new_optimiser(self) -> torch.optim.Adam:
        groups = [{"params": group} for group in self.networks.parameter_groups()]
        return torch.optim.Adam(groups, eps=1e-5)

    def _data(self, episodes: TeamEpisodes, *gained: NDArray[np.float64]) -> list[torch.Tensor]:
        """States, actions, who chose, what was gained, and the masks of each role."""
        float_parts = [torch.as_tensor(part.astype(np.float32)) for part in gained]
        return [
            torch.as_tensor(episodes.states),
            torch.as_tensor(episodes.actions),
            torch.as_tensor(episodes.by_network),
            torch.stack(float_parts, dim=2),
            *map(torch.as_tensor, episodes.masks),
        ]

    def _returns(self, episodes: TeamEpisodes) -> NDArray[np.float64]:
        rewards = self.scale.scale(episodes.rewards)
        return np.concatenate(
            [returns_of(rewards[rows], self.ppo.gamma) for rows in episodes.slices]
        )

    def _gains(self, episodes: TeamEpisodes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Advantages and returns of each step to each role."""
        with torch.no_grad():
            values = self.networks.values(torch.as_tensor(episodes.states)).numpy()
        values = values.astype(np.float64)
        rewards = self.scale.scale(episodes.rewards)
        gains = np.concatenate(
            [
                gains_of(rewards[rows], values[rows], self.ppo.gamma, self.ppo.gae_lambda)
                for rows in episodes.slices
            ]
        )
        return gains, gains + values

    def _old_log_probabilities(self, data: _Batch) -> torch.Tensor:
        """Of what was done, by the actors before they learn: float32 (samples, roles)."""
        states, actions, _, _, *masks = data
        old = torch.zeros(actions.shape)
        with torch.no_grad():
            for place in self.learned:
                every = self.networks.log_probabilities(place, states, masks[place])
                old[:, place] = _of(every, actions[:, place])
        return old

    def _imitation_step(
        self, settings: WarmStart, optimiser: torch.optim.Optimizer, batch: _Batch
    ) -> Figures:
        states, actions, _, gained, *masks = batch
        loss = torch.zeros(())
        figures: Figures = {}
        for place in self.learned:
            every = self.networks.log_probabilities(place, states, masks[place])
            loss = loss - _of(every, actions[:, place]).mean()
            loss = loss - settings.entropy_coef * entropies(every).mean()
            name = f"agreement/{self.networks.roles[place].name}"
            figures[name] = _agreement(every, actions[:, place])
        if settings.vf_coef:  # else nobody will ask the critics
            values = self.networks.values(states)
            loss = loss + settings.vf_coef * functional.mse_loss(values, gained[:, :, 0])
        descend(optimiser, loss, self.ppo.max_grad_norm)
        return {"imitation/loss": loss.item(), **figures}

    def _step(self, batch: _Batch, old: torch.Tensor, critic_only: bool) -> Figures:
        """One gradient step of all networks."""
        states, actions, by_network, gained, *masks = batch
        value_loss = functional.mse_loss(self.networks.values(states), gained[:, :, 1])
        loss = self.ppo.vf_coef * value_loss
        figures: Figures = {"train/value_loss": value_loss.item()}
        divergences = []
        for place in () if critic_only else self.learned:
            own = by_network[:, place]
            if int(own.sum()) < 2:  # advantages of fewer cannot be normalised
                continue
            every = self.networks.log_probabilities(place, states[own], masks[place][own])
            new, before = _of(every, actions[own, place]), old[own, place]
            entropy = entropies(every).mean()
            loss = loss + self._clipped_loss(new - before, gained[own, place, 0])
            loss = loss - self.ppo.ent_coef.at(self.share_done) * entropy
            figures[f"entropy/{self.networks.roles[place].name}"] = entropy.item()
            with torch.no_grad():
                change = new - before
                divergences.append((change.exp() - 1.0 - change).mean().item())
        if divergences:
            figures["train/kl"] = float(np.mean(divergences))
        descend(self._optimiser, loss, self.ppo.max_grad_norm)
        return figures

    def _clipped_loss(self, change: torch.Tensor, gains: torch.Tensor) -> torch.Tensor:
        """PPO's loss of one role, by the change of log-probabilities."""
        if self.ppo.normalize_advantage:
            gains = (gains - gains.mean()) / (gains.std() + 1e-8)
        clip = self.ppo.clip_range.at(self.share_done)
        ratio = change.exp()
        return -torch.min(ratio * gains, ratio.clamp(1.0 - clip, 1.0 + clip) * gains).mean()


def _of(every: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    return every.gather(1, actions[:, None])[:, 0]


def _agreement(every: torch.Tensor, actions: torch.Tensor) -> float:
    return (every.argmax(dim=1) == actions).float().mean().item()


def _means(figures: Sequence[Figures]) -> Figures:
    names = dict.fromkeys(name for one in figures for name in one)
    return {name: float(np.mean([one[name] for one in figures if name in one])) for name in names}
