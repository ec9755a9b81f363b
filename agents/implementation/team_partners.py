"""The kinds of partners of the implementation's team, as ``team_partners.yaml`` has them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ...core.yaml_reader import read_document
from ...sim.team import Insistence, PartnerKind

_FILE = Path(__file__).with_suffix(".yaml")
_LISTS = ("claims", "avoids", "eager")


@cache
def partner_kinds() -> Mapping[str, PartnerKind]:
    """Kinds of partners by name; those to train beside first."""
    table: Any = read_document(_FILE).data
    return {name: _kind(row) for name, row in table.items()}


def _kind(row: Mapping[str, Any]) -> PartnerKind:
    told = dict(row)
    told.update({name: tuple(told[name]) for name in _LISTS if name in told})
    if "insists" in told:
        told["insists"] = tuple(Insistence(**one) for one in told["insists"])
    return PartnerKind(**told)
