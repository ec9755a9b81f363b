"""Networks of a team: an actor for each role, and critics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from ...agents.team_policy import choice_table
from ...envs.team import TeamEnv
from ..training.algorithm import ACTIVATIONS
from ..training.learning import PpoConfiguration
from .settings import TeamSettings

_FORBIDDEN = -1e9
"""Logit of an illegal action: its probability is 0 in float32, and no gradient is NaN."""
_HEAD_GAIN = 0.01
"""Actors begin nearly undecided, as Stable-Baselines3's do."""

Layers = tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]


@dataclass(frozen=True, slots=True)
class RoleForm:
    """Form of a role: what it sees and chooses from.

    Attributes:
        name: of the role.
        sight: places of what it sees in the state.
        choices: float32 (choices of all parts, actions), which choices an action has.
    """

    name: str
    sight: torch.Tensor
    choices: torch.Tensor


def forms_of(environment: TeamEnv) -> tuple[RoleForm, ...]:
    """The roles of an environment, in order."""
    return tuple(
        RoleForm(role.name, torch.as_tensor(seen), torch.as_tensor(choice_table(role)))
        for role, seen in zip(environment.actions.roles, environment.sight, strict=True)
    )


class TeamNetworks(torch.nn.Module):
    """Actors and critics of all roles.

    An actor has one output for each choice in each part of its role's action; an action's logit is
    the sum of its choices', so that what is learned of a choice holds in all actions that have it.

    Args:
        roles: in order.
        state_size: entries of the state.
        settings: whose critics and trunk it has.
        ppo: sizes and activation of hidden layers.
        seed: of the first weights.
    """

    _activation: torch.nn.Module
    offsets: torch.nn.Parameter

    def __init__(
        self,
        roles: Sequence[RoleForm],
        state_size: int,
        settings: TeamSettings,
        ppo: PpoConfiguration,
        seed: int,
    ) -> None:
        super().__init__()
        self.roles = tuple(roles)
        self._activation = ACTIVATIONS[ppo.activation]()
        self._is_shared, self._is_central = settings.trunk == "shared", settings.critic == "central"
        generator = torch.Generator().manual_seed(seed)
        hidden = ppo.net_arch

        def layers(inputs: int, outputs: int, gain: float) -> torch.nn.ModuleList:
            sizes = (inputs, *hidden, outputs)
            made = [torch.nn.Linear(before, after) for before, after in pairwise(sizes)]
            for layer in made:
                last = gain if layer is made[-1] else 2.0**0.5
                torch.nn.init.orthogonal_(layer.weight, last, generator)
                torch.nn.init.zeros_(layer.bias)
            return torch.nn.ModuleList(made)

        self.actors = torch.nn.ModuleList(
            layers(len(role.sight), len(role.choices), _HEAD_GAIN) for role in self.roles
        )
        if self._is_shared:
            self.trunk = layers(state_size, 1, 1.0)[:-1]
            self.offsets = torch.nn.Parameter(torch.zeros(len(self.roles), hidden[0]))
            self.actors = torch.nn.ModuleList(
                torch.nn.ModuleList(_linear(actor)[-1:]) for actor in self.actors
            )
        inputs = [state_size] if self._is_central else [len(role.sight) for role in self.roles]
        values = len(self.roles) if self._is_central else 1
        self.critics = torch.nn.ModuleList(layers(size, values, 1.0) for size in inputs)

    def parameter_groups(self) -> list[list[torch.nn.Parameter]]:
        """Parameters whose gradients are clipped together: each network's own."""
        actors = [list(actor.parameters()) for actor in self.actors]
        if self._is_shared:
            every = [p for group in actors for p in group]
            actors = [[*self.trunk.parameters(), self.offsets, *every]]
        return [*actors, *(list(critic.parameters()) for critic in self.critics)]

    def log_probabilities(
        self, place: int, states: torch.Tensor, masks: torch.Tensor
    ) -> torch.Tensor:
        """Log-probabilities of a role's actions; of illegal ones about -1e9.

        Args:
            place: of the role.
            states: float32 (samples, state size); only what the role sees is used.
            masks: bool (samples, actions).

        Returns:
            float32 (samples, actions).
        """
        role = self.roles[place]
        hidden = states[:, role.sight]
        for weight, bias in self._actor_layers(place)[:-1]:
            hidden = self._activation(functional.linear(hidden, weight, bias))
        logits = functional.linear(hidden, *self._actor_layers(place)[-1]) @ role.choices
        return logits.masked_fill(~masks, _FORBIDDEN).log_softmax(dim=1)

    def values(self, states: torch.Tensor) -> torch.Tensor:
        """Values of states to each role, in units of scaled rewards: float32 (samples, roles)."""
        if self._is_central:
            return self._through(self.critics[0], states)
        parts = [
            self._through(critic, states[:, role.sight])
            for critic, role in zip(self.critics, self.roles, strict=True)
        ]
        return torch.cat(parts, dim=1)

    def actor_layers(self, place: int) -> Layers:
        """Copies of a role's weights and biases as a policy file holds them, a trunk's included."""
        return tuple((_array(weight), _array(bias)) for weight, bias in self._actor_layers(place))

    def _actor_layers(self, place: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
        own: list[tuple[torch.Tensor, torch.Tensor]] = [
            (layer.weight, layer.bias) for layer in _linear(self.actors[place])
        ]
        if not self._is_shared:
            return own
        shared = [(layer.weight, layer.bias) for layer in _linear(self.trunk)]
        weight, bias = shared[0]
        # What a role does not see is 0 to it; who it is, is one more input, always 1.
        first = (weight[:, self.roles[place].sight], bias + self.offsets[place])
        return [first, *shared[1:], *own]

    def _through(self, layers: torch.nn.Module, inputs: torch.Tensor) -> torch.Tensor:
        hidden = inputs
        *before, last = _linear(layers)
        for layer in before:
            hidden = self._activation(layer(hidden))
        result: torch.Tensor = last(hidden)
        return result


def entropies(log_probabilities: torch.Tensor) -> torch.Tensor:
    """Entropy in nats of each row's distribution."""
    return -(log_probabilities.exp() * log_probabilities).sum(dim=1)


def _linear(layers: torch.nn.Module) -> list[torch.nn.Linear]:
    return [layer for layer in layers.children() if isinstance(layer, torch.nn.Linear)]


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    return tensor.detach().numpy().astype(np.float32, copy=True)
