"""Cells of a table of tasks: lists, yes and no, dates."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ....core.arithmetic import whole_sum
from .layout import TableField
from .names import folded

_MOST_DAYS = 20_000
_YES = frozenset({"yes", "true", "1", "y", "ja", "oui", "si", "sí", "sim", "wahr", "vrai", "x"})
_SEVERAL = re.compile(r"[;,](?![^\[\];,]{0,8}\])")
"""Separators of names, not what stands in their units, as in ``Anna[12,5%]``."""


def several(cell: str) -> tuple[str, ...]:
    """The words of a cell, separated by ; or , outside brackets."""
    return tuple(word for word in (part.strip() for part in _SEVERAL.split(cell)) if word)


def unwrapped(cell: str) -> str:
    """The content of a cell that is a list in brackets, as ``[Anna, Bob]``; else the cell."""
    inner = cell[1:-1]
    is_list = cell.startswith("[") and cell.endswith("]") and not {"[", "]"} & set(inner)
    return inner if is_list else cell


def is_yes(cell: str) -> bool:
    """True when a cell says yes, in one of several languages."""
    return folded(cell) in _YES


def hours_between(cells: dict[TableField, str], hours_per_day: float) -> float:
    """Working hours from a start to a finish date, both included; 0: not both are there."""
    try:
        first = date.fromisoformat(cells[TableField.START][:10])
        last = date.fromisoformat(cells[TableField.FINISH][:10])
    except (KeyError, ValueError):
        return 0.0
    days = (last - first).days + 1
    if not 0 < days <= _MOST_DAYS:
        return 0.0
    weekdays = whole_sum((first + timedelta(days=n)).weekday() < 5 for n in range(days))
    return weekdays * hours_per_day
