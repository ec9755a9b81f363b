"""The learner's actor: as a policy file that acts without torch, and taken over from one."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ...agents.learned import current_interface
from ...agents.policy_file import (
    InterfaceRecord,
    NetworkRecord,
    PolicyFile,
    TrainingRecord,
    read_policy_file,
)
from ...core.errors import GoliveError
from .algorithm import ResumablePPO
from .configuration import TrainingConfiguration, configuration_text
from .distribution import BatchedMaskablePolicy
from .episodes import Validation


def export_policy(
    model: ResumablePPO, interface: InterfaceRecord, validation: Validation | None
) -> PolicyFile:
    """The actor as it is now, with the validation of it if it was judged."""
    configuration = model.configuration
    training = training_record(configuration, model.num_timesteps, validation)
    network = NetworkRecord(configuration.ppo.net_arch, configuration.ppo.activation)
    return PolicyFile(interface, network, training, actor_layers(model.policy))


def training_record(
    configuration: TrainingConfiguration, steps: int, validation: Validation | None
) -> TrainingRecord:
    """The record of how a policy was trained, with the validation of it if it was judged."""
    return TrainingRecord(
        golive_version=version("golive"),
        scenario=", ".join(configuration.environment.weighted_scenarios),
        seed=configuration.seed,
        steps=steps,
        validation_score=validation.score if validation else None,
        validation_episodes=len(validation.scores) if validation else 0,
        configuration=configuration_text(configuration),
    )


def actor_layers(
    policy: BatchedMaskablePolicy,
) -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]:
    """Copies of the actor's weights and biases, layer by layer, as a policy file holds them."""
    return tuple((_array(m.weight), _array(m.bias)) for m in _linear_layers(policy))


def read_initial_policy(configuration: TrainingConfiguration) -> PolicyFile:
    """The policy that a training starts from, seen to fit it.

    Raises:
        GoliveError: missing, damaged, for another version of the environment, or of another
            network than the configuration's.
    """
    assert configuration.initial_policy is not None
    file = configuration.initial_policy.file
    policy = read_policy_file(Path(file))
    if policy.interface != current_interface(configuration.environment.kind):
        raise GoliveError(
            f"initial_policy.file: {file}: trained for another environment version: "
            "expected one of this version"
        )
    ppo, network = configuration.ppo, policy.network
    if network.hidden_sizes != ppo.net_arch or network.activation != ppo.activation:
        raise GoliveError(
            f"ppo.net_arch and ppo.activation: {list(ppo.net_arch)}, {ppo.activation}: expected "
            f"those of {file}: {list(network.hidden_sizes)}, {network.activation}"
        )
    return policy


def start_from(model: ResumablePPO, policy: PolicyFile) -> None:
    """Put a policy's weights into the learner's actor; its critic stays as it is."""
    with torch.no_grad():
        for module, (weight, bias) in zip(_linear_layers(model.policy), policy.layers, strict=True):
            module.weight.copy_(torch.as_tensor(weight))
            module.bias.copy_(torch.as_tensor(bias))


def _linear_layers(policy: BatchedMaskablePolicy) -> list[torch.nn.Linear]:
    modules = [*policy.mlp_extractor.policy_net, policy.action_net]
    return [module for module in modules if isinstance(module, torch.nn.Linear)]


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    return tensor.detach().numpy().astype(np.float32, copy=True)
