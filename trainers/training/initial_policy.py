"""Starting a training from a trained policy: reading it, and taking over its actor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...agents.learned import current_interface
from ...agents.policy_file import PolicyFile, read_policy_file
from ...core.errors import GoliveError
from .configuration import TrainingConfiguration

if TYPE_CHECKING:
    from .algorithm import ResumablePPO


def read_initial_policy(configuration: TrainingConfiguration) -> PolicyFile:
    """The policy that a training starts from, seen to fit it.

    Raises:
        GoliveError: missing, damaged, for another version of the environment, or of another
            network than the configuration's.
    """
    assert configuration.initial_policy is not None
    file = configuration.initial_policy.file
    policy = read_policy_file(Path(file))
    if policy.interface != current_interface():
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
    import torch

    modules = [*model.policy.mlp_extractor.policy_net, model.policy.action_net]
    linear = [module for module in modules if isinstance(module, torch.nn.Linear)]
    with torch.no_grad():
        for module, (weight, bias) in zip(linear, policy.layers, strict=True):
            module.weight.copy_(torch.as_tensor(weight))
            module.bias.copy_(torch.as_tensor(bias))
