"""A trained policy, or a trained team, as a file: what for, how, and its networks' weights.

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

from ..core.archive import (
    Archive,
    ArrayForm,
    Check,
    archive_kind,
    read_archive,
    read_archive_of,
    write_archive,
)
from ..core.arithmetic import whole_sum
from ..core.errors import GoliveError

KIND = "golive policy"
TEAM_KIND = "golive team policy"
FORMAT_VERSION = 1
BEST_POLICY = "best.policy"
FINAL_POLICY = "final.policy"
ACTIVATIONS = ("tanh", "relu")
MOST_BYTES = 512 << 20
"""A policy that unpacks to more than this is taken for hostile: golive's have about 1 MB."""
_MANIFEST = "manifest"
_TEAM = "team"


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
        scenario: what it was trained on; several with commas between them.
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


@dataclass(frozen=True, slots=True)
class TeamFile:
    """A trained team's file in memory.

    Attributes:
        world: whose team it is, by name.
        messages: rules of the messages it was trained with, as plain data; None: it had none.
        roles: per role that was trained what it sees and orders, and its network; all of them have
            the same training record.
        training: where it comes from.
    """

    world: str
    messages: Mapping[str, Any] | None
    roles: Mapping[str, PolicyFile]
    training: TrainingRecord


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
    write_archive(path, KIND, FORMAT_VERSION, Archive({_MANIFEST: manifest}, _arrays(policy)))


def _arrays(policy: PolicyFile, prefix: str = "") -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    for index, (weight, bias) in enumerate(policy.layers):
        arrays[f"{prefix}layer{index}/weight"] = np.asarray(weight, np.float32)
        arrays[f"{prefix}layer{index}/bias"] = np.asarray(bias, np.float32)
    return arrays


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
    check = _check_of_policy(path)
    return _policy(
        path, read_archive(path, KIND, FORMAT_VERSION, most_bytes=MOST_BYTES, check=check)
    )


def read_any_policy(path: Path) -> PolicyFile | TeamFile:
    """Read a policy's or a team's file, whichever it is, as ``read_policy_file``."""
    path = find_policy_file(path)
    checks = {KIND: _check_of_policy(path), TEAM_KIND: _check_of_team(path)}
    kind, archive = read_archive_of(path, checks, FORMAT_VERSION, most_bytes=MOST_BYTES)
    return _team(path, archive) if kind == TEAM_KIND else _policy(path, archive)


def _check_of_policy(path: Path) -> Check:
    return lambda documents, forms: _check_forms(path, _records(path, documents), forms)


def _policy(path: Path, archive: Archive) -> PolicyFile:
    return PolicyFile(*_records(path, archive.documents), _layers(path, archive.arrays))


_Records = tuple[InterfaceRecord, NetworkRecord, TrainingRecord]


def _records(path: Path, documents: Mapping[str, Any]) -> _Records:
    try:
        manifest = documents[_MANIFEST]
        interface = _interface(manifest["interface"])
        network = _network(manifest["network"])
        training = _training(manifest["training"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise GoliveError(f"{path}: {_MANIFEST}: damaged: {error!r}") from error
    if network.activation not in ACTIVATIONS:
        raise GoliveError(
            f"{path}: network.activation: {network.activation!r}: expected one of {ACTIVATIONS}"
        )
    return interface, network, training


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


def _check_forms(path: Path, records: _Records, forms: Mapping[str, ArrayForm]) -> None:
    _check_arrays(path, _shapes(*records[:2]), forms)


def _shapes(
    interface: InterfaceRecord, network: NetworkRecord, prefix: str = ""
) -> dict[str, tuple[int, ...]]:
    """Shapes of a network's arrays by name."""
    expected: dict[str, tuple[int, ...]] = {}
    shapes = network.layer_shapes(interface.observation_size, whole_sum(interface.action_sizes))
    for index, shape in enumerate(shapes):
        expected |= {f"{prefix}layer{index}/weight": shape, f"{prefix}layer{index}/bias": shape[:1]}
    return expected


def _check_arrays(
    path: Path, expected: Mapping[str, tuple[int, ...]], forms: Mapping[str, ArrayForm]
) -> None:
    """See before they are read that the arrays are the network's, and no others are there."""
    for name, wanted in expected.items():
        if name not in forms:
            raise GoliveError(f"{path}: {name}: missing, expected float32 of shape {wanted}")
        form = forms[name]
        if form.shape != wanted or form.dtype != np.float32:
            raise GoliveError(
                f"{path}: {name}: {form.dtype} of shape {form.shape}: expected float32 of {wanted}"
            )
    for name in forms.keys() - expected.keys():
        raise GoliveError(f"{path}: {name}: not of the network: expected no such array")


def _layers(
    path: Path, arrays: Mapping[str, NDArray[Any]], prefix: str = ""
) -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]:
    for name, array in arrays.items():
        if not bool(np.isfinite(array).all()):
            raise GoliveError(f"{path}: {name}: has entries that are not finite numbers")
    checked = cast("Mapping[str, NDArray[np.float32]]", arrays)
    layers = whole_sum(name.startswith(prefix) for name in checked) // 2
    return tuple(
        (checked[f"{prefix}layer{index}/weight"], checked[f"{prefix}layer{index}/bias"])
        for index in range(layers)
    )


def is_team_file(path: Path) -> bool:
    """True if a file is a trained team's; False for any other, and for none.

    Args:
        path: of the file.
    """
    return archive_kind(path) == TEAM_KIND


def write_team_file(path: Path, team: TeamFile) -> None:
    """Write a team's file atomically.

    Raises:
        GoliveError: it cannot be written.
    """
    documents = {
        _MANIFEST: {
            "training": asdict(team.training),
            "roles": {
                name: {"interface": asdict(role.interface), "network": asdict(role.network)}
                for name, role in team.roles.items()
            },
        },
        _TEAM: {"world": team.world, "messages": team.messages},
    }
    arrays: dict[str, NDArray[Any]] = {}
    for name, role in team.roles.items():
        arrays |= _arrays(role, f"{name}/")
    write_archive(path, TEAM_KIND, FORMAT_VERSION, Archive(documents, arrays))


def read_team_file(path: Path) -> TeamFile:
    """Read a trained team's file, or a run directory's best one, and check that it is whole.

    Raises:
        GoliveError: missing, truncated, damaged, of another format, or not a team's.
    """
    path = find_policy_file(path)
    check = _check_of_team(path)
    return _team(
        path, read_archive(path, TEAM_KIND, FORMAT_VERSION, most_bytes=MOST_BYTES, check=check)
    )


def _check_of_team(path: Path) -> Check:
    def check(documents: Mapping[str, Any], forms: Mapping[str, ArrayForm]) -> None:
        expected: dict[str, tuple[int, ...]] = {}
        for name, records in _role_records(path, documents).items():
            expected |= _shapes(*records[:2], f"{name}/")
        _check_arrays(path, expected, forms)

    return check


def _team(path: Path, archive: Archive) -> TeamFile:
    roles = {
        name: PolicyFile(*records, _layers(path, archive.arrays, f"{name}/"))
        for name, records in _role_records(path, archive.documents).items()
    }
    team = archive.documents[_TEAM]
    training = next(iter(roles.values())).training
    return TeamFile(str(team["world"]), team["messages"], roles, training)


def _role_records(path: Path, documents: Mapping[str, Any]) -> dict[str, _Records]:
    try:
        manifest, team = documents[_MANIFEST], documents[_TEAM]
        if not manifest["roles"] or not isinstance(team["world"], str):
            raise ValueError("expected a world and roles")
        if not isinstance(team["messages"], Mapping | None):
            raise ValueError("messages must be rules or null")
        roles = {
            str(name): {**role, "training": manifest["training"]}
            for name, role in manifest["roles"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GoliveError(f"{path}: {_MANIFEST}: damaged: {error!r}") from error
    return {name: _records(path, {_MANIFEST: role}) for name, role in roles.items()}


def read_training_record(path: Path) -> TrainingRecord:
    """The origin of a trained policy, or of a trained team, from its file.

    Raises:
        GoliveError: missing, truncated, damaged, of another format, or neither.
    """
    return read_any_policy(path).training
