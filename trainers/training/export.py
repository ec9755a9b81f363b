"""From a learner's torch modules to the policy file that acts without torch."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
import torch
from numpy.typing import NDArray

from ...agents.policy_file import InterfaceRecord, NetworkRecord, PolicyFile, TrainingRecord
from .algorithm import ResumablePPO
from .configuration import configuration_text
from .distribution import BatchedMaskablePolicy
from .ground import Validation


def export_policy(
    model: ResumablePPO, interface: InterfaceRecord, validation: Validation | None
) -> PolicyFile:
    """The actor as it is now.

    Args:
        model: the learner.
        interface: what it sees and orders.
        validation: how it did, if it was judged.
    """
    configuration = model.configuration
    training = TrainingRecord(
        golive_version=version("golive"),
        scenario=configuration.environment.scenario,
        seed=configuration.seed,
        steps=model.num_timesteps,
        validation_score=validation.score if validation else None,
        validation_episodes=len(validation.scores) if validation else 0,
        configuration=configuration_text(configuration),
    )
    network = NetworkRecord(configuration.ppo.net_arch, configuration.ppo.activation)
    return PolicyFile(interface, network, training, actor_layers(model.policy))


def actor_layers(
    policy: BatchedMaskablePolicy,
) -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]:
    """Copies of the actor's weights and biases, layer by layer, as a policy file holds them."""
    modules = [*policy.mlp_extractor.policy_net, policy.action_net]
    return tuple(
        (_array(module.weight), _array(module.bias))
        for module in modules
        if isinstance(module, torch.nn.Linear)
    )


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    return tensor.detach().numpy().astype(np.float32, copy=True)
