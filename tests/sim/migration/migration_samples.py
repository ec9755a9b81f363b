"""Small customers, and bytes of tables to compare."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl

from golive.core.records import changed
from golive.core.yaml_reader import read_document
from golive.scenarios.migration import scenario as scenario_module
from golive.scenarios.migration.scenario import ErrorRates, MigrationScenario

LIBRARY = Path(scenario_module.__file__).parent / "library"
NAMES = ("furniture-data", "knitting-data", "moulding-data")


def library_scenario(name: str) -> MigrationScenario:
    """A scenario of the library."""
    return MigrationScenario.read(read_document(LIBRARY / f"{name}.yaml"))


def small(name: str = "furniture-data", divide: int = 10, **fields: Any) -> MigrationScenario:
    """A scenario of the library with a part of its rows."""
    scenario = library_scenario(name)
    records = {kind: max(count // divide, 12) for kind, count in scenario.customer.records.items()}
    return changed(scenario, customer=changed(scenario.customer, records=records), **fields)


def all_rates(rate: float) -> ErrorRates:
    """Every kind of error at the same rate."""
    from golive.scenarios.migration.vocabulary import ErrorKind

    return ErrorRates(every_object=dict.fromkeys(ErrorKind, rate))


def digest(tables: Mapping[Any, pl.DataFrame]) -> str:
    """Hash of the names and cells of tables."""
    found = blake2b(digest_size=8)
    for name, frame in tables.items():
        found.update(f"{name}\n".encode())
        found.update(frame.write_csv(null_value="\0").encode())
    return found.hexdigest()


def equal(one: Mapping[Any, pl.DataFrame], other: Mapping[Any, pl.DataFrame]) -> bool:
    """True if tables have the same names, columns, types and cells."""
    return list(one) == list(other) and all(
        frame.schema == other[name].schema and frame.equals(other[name])
        for name, frame in one.items()
    )
