"""The state as plain data and back, and its digest."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any

from .state import (
    DataObjectState,
    Defect,
    DisruptionState,
    InterfaceState,
    Member,
    OpponentState,
    Package,
    PeopleState,
    PoolState,
    Question,
    ReadingState,
    SiteState,
    Survey,
    WorkstreamTotals,
    WorldState,
)


def to_plain(value: Any) -> Any:
    """A record turned into nested dicts, lists, numbers and strings (a copy)."""
    kind = type(value)  # in the order of how often each comes: a snapshot asks thousands of times
    if kind is list:
        return [to_plain(item) for item in value] if value else []
    if kind in _ATOMS:
        return value
    if kind is dict:
        return {key: to_plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value):
        return {name: to_plain(getattr(value, name)) for name in _field_names(kind)}
    if kind is tuple:
        return [to_plain(item) for item in value]
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"state holds {value!r}, which is not plain data")


_ATOMS = frozenset({int, float, str, bool, type(None)})
_FIELD_NAMES: dict[type, tuple[str, ...]] = {}


def _field_names(kind: type) -> tuple[str, ...]:
    names = _FIELD_NAMES.get(kind)
    if names is None:
        names = _FIELD_NAMES[kind] = tuple(item.name for item in dataclasses.fields(kind))
    return names


_LISTS: Mapping[str, Any] = {
    "packages": Package,
    "totals": WorkstreamTotals,
    "members": Member,
    "defects": Defect,
    "questions": Question,
    "objects": DataObjectState,
    "interfaces": InterfaceState,
    "sites": SiteState,
    "disruptions": DisruptionState,
    "pools": PoolState,
    "readings": ReadingState,
}
"""Fields of the state that are lists of records, with the records' class (a compiled state has no
type hints to tell them)."""
_ALWAYS = tuple(name for name in _field_names(WorldState) if name not in ("opponent", "further"))
"""Fields that every snapshot has; the others are left out where there is nothing of theirs."""
_RECORDS = {"people": PeopleState, "survey": Survey, "opponent": OpponentState}


def state_from_plain(plain: Mapping[str, Any]) -> WorldState:
    """The inverse of ``to_plain`` for a whole state (a copy, nothing shared).

    Raises:
        TypeError, KeyError: the layout is not this version's.
    """
    values: dict[str, Any] = {}
    for name in _ALWAYS:
        if name not in plain:
            raise KeyError(name)
    for name, value in plain.items():
        if name in _LISTS:
            values[name] = [_LISTS[name](**to_plain_dict(row)) for row in value]
        elif name in _RECORDS and value is not None:
            values[name] = _RECORDS[name](**to_plain_dict(value))
        else:
            values[name] = to_plain(value)
    return WorldState(**values)


def to_plain_dict(row: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a plain mapping, lists copied too."""
    return {key: to_plain(value) for key, value in row.items()}


def digest_of(plain: Any) -> str:
    """Hash of plain data: floats enter by their shortest exact form."""
    return hashlib.blake2b(repr(plain).encode(), digest_size=16).hexdigest()
