"""The compiled build; `make test-compiled` runs all that must be the same on it."""

from __future__ import annotations

import copy
import dataclasses
import os
import pickle
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from typing import get_args, get_origin, get_type_hints

import pytest

from golive.core.compiled import is_compiled
from golive.core.random_streams import RandomStreams
from golive.sim.implementation import plain
from golive.sim.implementation.state import Package, WorldState

compiled = pytest.mark.skipif(
    not is_compiled() and "GOLIVE_COMPILED" not in os.environ, reason="golive is not compiled"
)


@compiled
def test_all_that_should_be_compiled_is() -> None:
    modules = (
        "core.arithmetic",
        "envs.implementation.encoding",
        "sim.implementation.state",
        "sim.implementation.work",
        "sim.implementation.disruptions.register",
    )
    files = {name: str(import_module(f"golive.{name}").__file__) for name in modules}
    assert [
        name for name, file in files.items() if not file.endswith(tuple(EXTENSION_SUFFIXES))
    ] == []


@compiled
def test_fields_of_compiled_records_keep_to_their_types() -> None:
    package = Package(name="x", kind=1, workstream=0, planned_hours=1, remaining_hours=1.0)
    assert repr(package.planned_hours) == "1.0"
    with pytest.raises(TypeError):
        package.planned_hours = "long"  # type: ignore[assignment]


def test_records_and_streams_can_be_copied_and_pickled() -> None:
    package = Package(name="x", kind=1, workstream=0, planned_hours=2.0, remaining_hours=1.0)
    for twin in (copy.deepcopy(package), pickle.loads(pickle.dumps(package))):
        assert twin == package
        assert twin.successors is not package.successors
    streams = RandomStreams(7)
    assert pickle.loads(pickle.dumps(streams)).uniform(3) == streams.uniform(3)


@pytest.mark.skipif(is_compiled(), reason="compiled records have no type hints")
def test_a_snapshot_makes_records_of_all_lists_of_records() -> None:
    hints = get_type_hints(WorldState).items()
    lists = {name: get_args(kind)[0] for name, kind in hints if get_origin(kind) is list}
    records = {name: kind for name, kind in lists.items() if dataclasses.is_dataclass(kind)}
    assert records == plain._LISTS
