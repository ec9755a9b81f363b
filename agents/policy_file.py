"""A trained policy as a file: what it was trained for, how, and its network's weights.

The file is an ``Archive`` (see ``archive.py``): reading one never runs code. What it says
about itself is checked against what it holds, so that a damaged or foreign file is told
apart from a usable one before it decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ..core.archive import Archive, read_archive, write_archive
from ..core.arithmetic import whole_sum
from ..core.errors import GoliveError

KIND = "golive policy"
FORMAT_VERSION = 1
BEST_POLICY = "best.policy"
FINAL_POLICY = "final.policy"
ACTIVATIONS = ("tanh", "relu")
_MANIFEST = "manifest"


@dataclass(frozen=True, slots=True)
class InterfaceRecord:
    """All that a policy sees and orders; it fits an environment whose record is equal.

    Attributes:
        environment: Gymnasium id, version included.
        observation_size: entries of the flat observation.
        observation_digest: hash of the entries' names in their order.
        action_sizes: choices per action factor.
    """

    environment: str
    observation_size: int
    observation_digest: str
    action_sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NetworkRecord:
    """The actor's architecture: fully connected layers and one output per action choice."""

    hidden_sizes: tuple[int, ...]
    activation: str

    def layer_shapes(self, inputs: int, outputs: int) -> list[tuple[int, int]]:
        """(outputs, inputs) of each layer's weight matrix."""
        sizes = (inputs, *self.hidden_sizes, outputs)
        return [(sizes[i + 1], sizes[i]) for i in range(len(sizes) - 1)]


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """The origin of a policy.

    Attributes:
        golive_version: version of the package that trained it.
        scenario: what it was trained on.
        seed: of the training.
        steps: environment steps it had been trained for.
        validation_score: mean score on the validation split, if measured.
        validation_episodes: episodes that the mean is of.
        configuration: the whole training configuration, as YAML.
    """

    golive_version: str
    scenario: str
    seed: int
    steps: int
    validation_score: float | None
    validation_episodes: int
    configuration: str


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A trained policy's file in memory.

    Attributes:
        interface: what it sees and orders.
        network: the actor's architecture.
        training: where it comes from.
        layers: per layer (weight, bias), float32, weights as (outputs, inputs).
    """

    interface: InterfaceRecord
    network: NetworkRecord
    training: TrainingRecord
    layers: tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]


def write_policy_file(path: Path, policy: PolicyFile) -> None:
    """Write the file atomically.

    Raises:
        GoliveError: it cannot be written.
    """
    manifest = {
        "interface": asdict(policy.interface),
        "network": asdict(policy.network),
        "training": asdict(policy.training),
    }
    arrays: dict[str, NDArray[Any]] = {}
    for index, (weight, bias) in enumerate(policy.layers):
        arrays[f"layer{index}/weight"] = np.asarray(weight, np.float32)
        arrays[f"layer{index}/bias"] = np.asarray(bias, np.float32)
    write_archive(path, KIND, FORMAT_VERSION, Archive({_MANIFEST: manifest}, arrays))


def find_policy_file(path: Path) -> Path:
    """The policy file that a path means: itself, or a run directory's best (else final) one.

    Raises:
        GoliveError: there is none.
    """
    if not path.is_dir():
        return path
    for name in (BEST_POLICY, FINAL_POLICY):
        if (path / name).is_file():
            return path / name
    raise GoliveError(f"{path}: no {BEST_POLICY} and no {FINAL_POLICY} in this directory")


def read_policy_file(path: Path) -> PolicyFile:
    """Read a policy file, or a run directory's best one, and check that it is whole.

    Raises:
        GoliveError: missing, truncated, damaged, of another format, or not a policy.
    """
    path = find_policy_file(path)
    archive = read_archive(path, KIND, FORMAT_VERSION)
    try:
        manifest = archive.documents[_MANIFEST]
        interface = _interface(manifest["interface"])
        network = _network(manifest["network"])
        training = _training(manifest["training"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GoliveError(f"{path}: {_MANIFEST}: damaged: {error!r}") from error
    if network.activation not in ACTIVATIONS:
        raise GoliveError(
            f"{path}: network.activation: {network.activation!r}: expected one of {ACTIVATIONS}"
        )
    layers = _layers(path, archive.arrays, interface, network)
    return PolicyFile(interface, network, training, layers)


def _interface(data: Mapping[str, Any]) -> InterfaceRecord:
    sizes = tuple(int(size) for size in data["action_sizes"])
    if not sizes or min(sizes) < 1 or int(data["observation_size"]) < 1:
        raise ValueError("sizes must be positive")
    return InterfaceRecord(
        str(data["environment"]),
        int(data["observation_size"]),
        str(data["observation_digest"]),
        sizes,
    )


def _network(data: Mapping[str, Any]) -> NetworkRecord:
    sizes = tuple(int(size) for size in data["hidden_sizes"])
    if min(sizes, default=1) < 1:
        raise ValueError("sizes must be positive")
    return NetworkRecord(sizes, str(data["activation"]))


def _training(data: Mapping[str, Any]) -> TrainingRecord:
    score = data["validation_score"]
    return TrainingRecord(
        golive_version=str(data["golive_version"]),
        scenario=str(data["scenario"]),
        seed=int(data["seed"]),
        steps=int(data["steps"]),
        validation_score=None if score is None else float(score),
        validation_episodes=int(data["validation_episodes"]),
        configuration=str(data["configuration"]),
    )


def _layers(
    path: Path,
    arrays: Mapping[str, NDArray[Any]],
    interface: InterfaceRecord,
    network: NetworkRecord,
) -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]:
    shapes = network.layer_shapes(interface.observation_size, whole_sum(interface.action_sizes))
    layers = []
    for index, shape in enumerate(shapes):
        weight = _checked(path, arrays, f"layer{index}/weight", shape)
        bias = _checked(path, arrays, f"layer{index}/bias", shape[:1])
        layers.append((weight, bias))
    return tuple(layers)


def _checked(
    path: Path, arrays: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...]
) -> NDArray[np.float32]:
    array = arrays.get(name)
    if array is None:
        raise GoliveError(f"{path}: {name}: missing, expected float32 of shape {shape}")
    if array.shape != shape or array.dtype != np.float32:
        raise GoliveError(
            f"{path}: {name}: {array.dtype} of shape {array.shape}: expected float32 of {shape}"
        )
    if not bool(np.isfinite(array).all()):
        raise GoliveError(f"{path}: {name}: has entries that are not finite numbers")
    return cast("NDArray[np.float32]", array)
