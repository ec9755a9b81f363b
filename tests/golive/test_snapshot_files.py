"""Snapshots as files: what is written reads back, and what is no snapshot is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from golive.cli.simulate import restored
from golive.core.errors import GoliveError
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.world import ImplementationWorld
from golive.sim.protocol import AnyWorld
from golive.sim.snapshot_files import read_snapshot, write_snapshot


@pytest.fixture
def snapshot_file(tmp_path: Path) -> Path:
    path = tmp_path / "snapshot.json"
    write_snapshot(ImplementationWorld(load_scenario("furniture"), 5).snapshot(), path)
    return path


def restore_world(path: Path) -> AnyWorld:
    return restored(read_snapshot(path), path, record=False)


def change(path: Path, **fields: Any) -> None:
    """Change fields of a snapshot file."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def test_a_file_restores_the_world_it_was_made_of(snapshot_file: Path) -> None:
    world = ImplementationWorld(load_scenario("furniture"), 5)
    found = restore_world(snapshot_file)
    assert found.digest() == world.digest()
    assert found.seed == 5


def test_a_truncated_file_is_refused(snapshot_file: Path) -> None:
    text = snapshot_file.read_text()
    snapshot_file.write_text(text[: len(text) // 2])
    with pytest.raises(GoliveError, match=r"snapshot\.json: not a snapshot or damaged"):
        restore_world(snapshot_file)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a snapshot or damaged"),
        ("[1, 2]", "not a snapshot: expected an object"),
        ('{"kind": "something else"}', "not a snapshot: expected an object of kind"),
        ("\xff\xfe", "not a snapshot"),
        ("[" * 100_000, "not a snapshot or damaged"),
    ],
    ids=["empty", "list", "another kind", "odd text", "nested too deeply"],
)
def test_what_is_no_snapshot_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(GoliveError, match=message):
        restore_world(path)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"version": 999}, "version: 999: this golive restores version"),
        ({"version": "1"}, "version: '1': expected a whole number"),
        ({"version": True}, "version: True: expected a whole number"),
        ({"world": "chess"}, "world: 'chess': no such world: expected"),
        ({"world": None}, "world: None: expected the name"),
        ({"payload": []}, "payload: expected an object"),
        ({"payload": {}}, "payload: damaged"),
    ],
)
def test_a_snapshot_of_another_kind_is_refused_with_the_field(
    snapshot_file: Path, fields: dict[str, Any], message: str
) -> None:
    change(snapshot_file, **fields)
    with pytest.raises(GoliveError, match=message):
        restore_world(snapshot_file)


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.zip"
    path.write_bytes(b"PK\x03\x04\xff\xff")
    with pytest.raises(GoliveError, match="not a snapshot or damaged"):
        restore_world(path)


@pytest.mark.parametrize("part", ["scenario", "customer", "seed", "state", "period_hours"])
def test_a_snapshot_without_one_of_its_parts_is_refused(snapshot_file: Path, part: str) -> None:
    payload = json.loads(snapshot_file.read_text())["payload"]
    del payload[part]
    change(snapshot_file, payload=payload)
    with pytest.raises(GoliveError, match=f"payload: .*{part}"):
        restore_world(snapshot_file)
