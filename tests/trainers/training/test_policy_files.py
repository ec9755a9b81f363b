"""Policy files are whole or refused, and never run code."""

import io
import json
import os
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from golive.agents.learned import LearnedPolicy, current_interface
from golive.agents.policy_file import (
    FORMAT_VERSION,
    KIND,
    InterfaceRecord,
    NetworkRecord,
    PolicyFile,
    TrainingRecord,
    read_policy_file,
    write_policy_file,
)
from golive.core.archive import Archive, read_archive, write_archive
from golive.core.errors import GoliveError
from golive.sim.worlds import world_kind

RECORD = TrainingRecord("0.1.0", "furniture", 0, 1000, 0.7, 50, "seed: 0\n")

INTERFACE = current_interface(world_kind("implementation"))


def policy_for(interface: InterfaceRecord, hidden=(8, 4), seed: int = 0) -> PolicyFile:
    network = NetworkRecord(hidden, "tanh")
    generator = np.random.default_rng(seed)
    shapes = network.layer_shapes(interface.observation_size, sum(interface.action_sizes))
    layers = tuple(
        (generator.normal(size=s).astype(np.float32), generator.normal(size=s[0]).astype("f4"))
        for s in shapes
    )
    return PolicyFile(interface, network, RECORD, layers)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "agent.policy"
    write_policy_file(path, policy_for(INTERFACE))
    return path


def refused(path: Path, match: str) -> None:
    with pytest.raises(GoliveError, match=match) as caught:
        LearnedPolicy.load(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message


def rewrite(path: Path, change) -> None:
    """Change documents and arrays of a file in place."""
    archive = read_archive(path, KIND, FORMAT_VERSION)
    documents, arrays = dict(archive.documents), dict(archive.arrays)
    change(documents, arrays)
    write_archive(path, KIND, FORMAT_VERSION, Archive(documents, arrays))


def test_a_policy_survives_its_file(file: Path) -> None:
    expected, found = policy_for(INTERFACE), read_policy_file(file)
    assert (found.interface, found.network, found.training) == (
        expected.interface,
        expected.network,
        expected.training,
    )
    for one, two in zip(found.layers, expected.layers, strict=True):
        np.testing.assert_array_equal(one[0], two[0])
        np.testing.assert_array_equal(one[1], two[1])


def test_equal_policies_are_equal_files(file: Path, tmp_path: Path) -> None:
    write_policy_file(tmp_path / "again.policy", policy_for(INTERFACE))
    assert (tmp_path / "again.policy").read_bytes() == file.read_bytes()


def test_a_run_directory_means_its_best_policy(file: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    with pytest.raises(GoliveError, match=r"no best\.policy and no final\.policy"):
        read_policy_file(run)
    (run / "final.policy").write_bytes(file.read_bytes())
    assert read_policy_file(run).training == RECORD
    write_policy_file(run / "best.policy", policy_for(INTERFACE, seed=1))
    best = read_policy_file(run).layers[0][0]
    assert not np.array_equal(best, read_policy_file(file).layers[0][0])


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.999])
def test_truncated_files_are_refused(file: Path, share: float) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: int(share * len(data))])
    refused(file, "golive policy")


def test_no_flipped_byte_goes_unnoticed_or_raises_anything_else(file: Path) -> None:
    data = file.read_bytes()
    whole = read_policy_file(file)
    for position in np.random.default_rng(0).integers(0, len(data), 300):
        damaged = bytearray(data)
        damaged[position] ^= 0xFF
        file.write_bytes(bytes(damaged))
        try:
            found = read_policy_file(file)
        except GoliveError:
            continue
        # Bytes that zip readers ignore (times, attributes) may differ; the content may not.
        assert found.interface == whole.interface and found.training == whole.training
        for one, two in zip(found.layers, whole.layers, strict=True):
            np.testing.assert_array_equal(one[0], two[0])


@pytest.mark.parametrize(
    "content", [b"", b"hello", pickle.dumps({"weights": [1.0]}), b"PK\x03\x04" + b"\0" * 100]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "not.policy"
    path.write_bytes(content)
    refused(path, "not a golive policy")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    refused(tmp_path / "none.policy", "no such file")


def test_another_zip_is_no_policy(tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data", "stable-baselines3")
    refused(path, "not a golive policy")


def test_another_kind_and_another_format_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.policy"
    write_archive(path, "golive training checkpoint", 1, Archive({}, {}))
    refused(path, "kind: 'golive training checkpoint': expected 'golive policy'")
    write_archive(path, KIND, FORMAT_VERSION + 1, Archive({}, {}))
    refused(path, f"format version {FORMAT_VERSION + 1}: expected {FORMAT_VERSION}")


class Danger:
    def __reduce__(self):
        return (os._exit, (1,))


def test_a_pickle_inside_is_refused_and_never_run(file: Path) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.array([Danger()], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(file) as source:
        members = {name: source.read(name) for name in source.namelist()}
    members["layer0/weight.npy"] = buffer.getvalue()
    with zipfile.ZipFile(file, "w") as target:
        for name, data in members.items():
            target.writestr(name, data)
    refused(file, "layer0/weight.npy: not an array")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("environment", "golive/Implementation-v9"),
        ("observation_digest", "0" * 64),
        ("action_sizes", (9, 9, 9, 9, 9, 3, 13)),
        ("observation_size", 17),
    ],
)
def test_a_policy_of_another_environment_version_is_refused(
    tmp_path: Path, field: str, value: object
) -> None:
    path = tmp_path / "old.policy"
    interface = replace(INTERFACE, **{field: value})
    write_policy_file(path, policy_for(interface))
    refused(path, rf"another environment version: (interface\.)?{field}")


def test_missing_misshapen_and_infinite_weights_are_refused(file: Path) -> None:
    original = file.read_bytes()
    cases = [
        (lambda d, a: a.pop("layer1/bias"), "layer1/bias: missing"),
        (lambda d, a: a.update({"layer1/bias": np.zeros(3, "f4")}), "layer1/bias: float32 of"),
        (lambda d, a: a.update({"layer1/bias": np.zeros(4)}), "layer1/bias: float64"),
        (lambda d, a: a.update({"layer1/bias": np.full(4, np.nan, "f4")}), "not finite"),
        (lambda d, a: d["manifest"]["network"].update(activation="step"), "network.activation"),
        (lambda d, a: d["manifest"].pop("training"), "manifest: damaged"),
        (lambda d, a: d.update(manifest=[1]), "manifest: damaged"),
        (lambda d, a: d["manifest"]["interface"].update(observation_size="x"), "manifest: damaged"),
        (lambda d, a: d["manifest"]["network"].update(hidden_sizes=[-1]), "manifest: damaged"),
    ]
    for change, message in cases:
        file.write_bytes(original)
        rewrite(file, change)
        refused(file, message)


def test_a_file_is_replaced_whole_or_not_at_all(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GoliveError, match="disk is full"):
        write_policy_file(file, policy_for(INTERFACE, seed=5))
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_manifest_says_where_a_policy_comes_from(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["training"]["scenario"] == "furniture"
    assert manifest["training"]["golive_version"]
    assert manifest["interface"]["environment"] == "golive/Implementation-v1"
