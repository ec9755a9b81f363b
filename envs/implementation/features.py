"""The observation as a table: every index with its name, unit, scale, bounds and meaning.

Everything else about the observation is made from this table (``features.yaml``): the bounds of
the spaces, the names, the groups of the ``Dict`` variant and the table in ``docs/environment.md``.
``encoding.py`` gathers the raw values in exactly this order.

Scales make a usual value about 1, which is what networks learn best from; bounds are twice or
three times that, so that a rare extreme is still told from a usual value and cannot drown the
others. Both are part of the environment's version: a change of one makes old policies blind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.registry import Registry
from ...core.yaml_reader import read_document
from ...scenarios.implementation.traits import TRAITS
from ...scenarios.implementation.vocabulary import DisruptionKind, Industry, Workstream
from ...sim.implementation.briefing import (
    CHECKS,
    DATA_OBJECTS,
    DEPARTMENTS,
    SITE_SLOTS,
    Briefing,
    SiteStatus,
    SystemEnvironment,
)
from ...sim.implementation.decision import READS, ROLES, WORKSTREAMS
from ...sim.numbers import Column, Feature, Group, Transform

MAY_STOP: tuple[Workstream, ...] = (
    Workstream.DISCOVERY,
    Workstream.DATA,
    Workstream.CONFIGURATION,
    Workstream.CUSTOMISATION,
    Workstream.INTEGRATION,
)
"""Workstreams whose packages may stop on a question to the customer."""
MAY_BE_WRONG: tuple[Workstream, ...] = (*MAY_STOP, Workstream.TRAINING)
"""Workstreams whose results may have defects, and so have fixes."""
PROJECT_SYSTEMS: tuple[SystemEnvironment, ...] = (SystemEnvironment.SANDBOX, SystemEnvironment.TEST)
"""Systems that the crew works on, which may be down."""

_SITES: tuple[str, ...] = tuple(f"site_{slot}" for slot in range(1, SITE_SLOTS + 1))
_ROWS: dict[str, Sequence[str]] = {
    "workstreams": WORKSTREAMS,
    "blocked": MAY_STOP,
    "fixes": MAY_BE_WRONG,
    "roles": ROLES,
    "data_objects": DATA_OBJECTS,
    "key_users": DEPARTMENTS,
    "sites": _SITES,
    "further_sites": _SITES[1:],
    "insights": TRAITS,
}
"""Rows of groups that have more than one."""
_EACH: dict[str, Sequence[str]] = {
    "workstream": WORKSTREAMS,
    "check": CHECKS,
    "kind": tuple(DisruptionKind),
    "status": [status.name.lower() for status in SiteStatus],
    "industry": tuple(Industry),
    "system": [system.name.lower() for system in PROJECT_SYSTEMS],
    "reading": [move.name.lower() for move in READS],
}
"""Columns that a name in braces stands for."""
_USUAL: dict[str, tuple[float, float, float, str]] = {
    # Counts run from none to hundreds, and one more of three means more than one more of a
    # hundred: 4 is a count of about 54.
    "count": (0.0, 2.0, 4.0, "logarithm"),
    # Half of the freshness is gone after a working week, 1 is today; linear ages would have no
    # bound, and "never" (0) would have to be some age.
    "freshness": (0.0, 1.0, 5.0, "freshness"),
}


def _columns(name: str, description: str, *numbers: Any) -> Iterator[Column]:
    """The columns of a row of the table."""
    if numbers and numbers[0] in _USUAL:
        numbers = _USUAL[numbers[0]]
    limits: list[Any] = [
        Transform[number.upper()] if isinstance(number, str) else float(number)
        for number in numbers
    ]
    braces = re.search(r"{(\w+)}", name)
    if braces is None:
        yield Column(name, description, *limits)
        return
    for one in _EACH[braces[1]]:
        yield Column(name.replace(braces[0], one), description.replace(braces[0], one), *limits)


@dataclass(frozen=True)
class FurtherFeature:
    """A column that another package adds to the observation.

    Attributes:
        value: the raw value, from what is known.
        description: what it is, with its unit.
        low, high, scale, transform: as of a ``Column``.
    """

    value: Callable[[Briefing], float]
    description: str
    low: float = 0.0
    high: float = 1.0
    scale: float = 1.0
    transform: Transform = Transform.LINEAR


FURTHER_FEATURES: Registry[FurtherFeature] = Registry("golive.implementation.features", "feature")
"""Columns of other packages, by name; together they are the group ``further``, the last one."""


def further_features() -> tuple[tuple[str, FurtherFeature], ...]:
    """Columns of other packages that are installed now."""
    return tuple((name, FURTHER_FEATURES[name]) for name in FURTHER_FEATURES)


def groups_with(further: tuple[tuple[str, FurtherFeature], ...]) -> tuple[Group, ...]:
    """The observation's groups, those of other packages' columns included."""
    columns = tuple(
        Column(name, one.description, one.low, one.high, one.scale, one.transform)
        for name, one in further
    )
    return (*GROUPS, Group("further", ("",), columns)) if columns else GROUPS


_TABLE: Any = read_document(Path(__file__).with_name("features.yaml")).data
GROUPS: tuple[Group, ...] = tuple(
    Group(name, tuple(_ROWS.get(name, ("",))), tuple(c for row in rows for c in _columns(*row)))
    for name, rows in _TABLE.items()
)
"""The observation's groups in order, golive's own."""

FEATURES: tuple[Feature, ...] = tuple(feature for group in GROUPS for feature in group.features())
"""One entry per index of the flat observation."""

OBSERVATION_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
OBSERVATION_SIZE = len(FEATURES)
