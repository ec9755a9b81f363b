"""From a learner's torch modules to the policy file that acts without torch."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
import torch

from ...agents.policy_file import InterfaceRecord, NetworkRecord, PolicyFile, TrainingRecord
from .algorithm import ResumablePPO
from .configuration import configuration_text
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
    modules = [*model.policy.mlp_extractor.policy_net, model.policy.action_net]
    layers = tuple(
        (_array(module.weight), _array(module.bias))
        for module in modules
        if isinstance(module, torch.nn.Linear)
    )
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
    return PolicyFile(interface, network, training, layers)


def _array(tensor: torch.Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return tensor.detach().numpy().astype(np.float32, copy=True)
