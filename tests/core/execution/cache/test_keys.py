"""Keys tell apart what differs, and only that; the source's digest likewise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import golive.sim
from golive.core.execution.cache import key_of, source_digest
from golive.core.execution.cache.keys import tree_digest

PARTS = {"policy": "expert", "seed": 1, "versions": {"golive": "0.1.0"}}


def test_a_key_does_not_depend_on_the_order_of_its_parts():
    assert key_of(PARTS) == key_of(dict(reversed(PARTS.items())))
    assert len(key_of(PARTS)) == 40


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"seed": "1"}, {"policy": "Expert"}, {"versions": {}}, {"more": None}]
)
def test_a_key_changes_with_every_part(change):
    assert key_of(PARTS | change) != key_of(PARTS)


@pytest.mark.parametrize("part", [object(), float("nan"), {1, 2}])
def test_what_has_no_json_has_no_key(part):
    with pytest.raises((TypeError, ValueError)):
        key_of({"part": part})


@pytest.fixture
def tree(tmp_path) -> Path:
    """A copy of a room of the source."""
    room = tmp_path / "room"
    shutil.copytree(Path(golive.sim.__path__[0]), room, ignore=shutil.ignore_patterns("*.pyc"))
    return room


def digest(room: Path) -> str:
    return tree_digest({"sim": room})


def test_the_digest_is_that_of_the_files_wherever_they_lie(tree):
    assert digest(tree) == digest(Path(golive.sim.__path__[0]))


def _edit(room: Path) -> None:
    path = room / "implementation" / "world.py"
    path.write_bytes(path.read_bytes() + b"\n")


def _edit_data(room: Path) -> None:
    path = room / "implementation" / "calibrated.yaml"
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))


@pytest.mark.parametrize(
    "change",
    [
        _edit,
        _edit_data,
        lambda room: (room / "new.py").touch(),
        lambda room: (room / "events.py").unlink(),
        lambda room: (room / "events.py").rename(room / "event.py"),
    ],
)
def test_the_digest_changes_with_every_change_of_the_source(tree, change):
    before = digest(tree)
    change(tree)
    assert digest(tree) != before


def test_the_digest_does_not_change_with_what_is_no_source(tree):
    before = digest(tree)
    (tree / "__pycache__").mkdir(exist_ok=True)
    (tree / "__pycache__" / "world.cpython-311.pyc").write_bytes(b"x")
    (tree / ".world.py.swp").write_bytes(b"x")
    assert digest(tree) == before


def test_the_source_is_read_once_per_process():
    source_digest.cache_clear()
    assert source_digest() == source_digest()
    assert source_digest.cache_info().misses == 1


def test_the_digest_follows_the_source_of_packages_that_extend_golive(tmp_path, monkeypatch):
    """A package that brings a world, and a module that brings a policy; neither is loaded."""
    source_digest.cache_clear()
    alone = source_digest()
    record = tmp_path / "elsewhere-1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1.0\n")
    (record / "entry_points.txt").write_text(
        "[golive.worlds]\nelsewhere = elsewhere.kind:KIND\n"
        "[golive.implementation.policies]\nlone = lone_policy:Lone\n"
        "[golive.implementation.terms]\ngone = gone_away:Term\n"
    )
    package = tmp_path / "elsewhere"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError\n")
    (tmp_path / "lone_policy.py").write_text("raise ImportError\n")
    monkeypatch.syspath_prepend(tmp_path)
    digests = [alone]
    for path in (package / "kind.py", package / "data.yaml", tmp_path / "lone_policy.py"):
        path.write_text("changed\n")
        source_digest.cache_clear()
        digests.append(source_digest())
    source_digest.cache_clear()
    assert len(set(digests)) == 4
