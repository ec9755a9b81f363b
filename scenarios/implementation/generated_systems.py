"""Legacy systems of generated customers and the interfaces to them."""

from __future__ import annotations

import itertools

from ...core.draws import Draws
from . import assumptions as a
from .customer import Interface, LegacySystem
from .industries import ACCOUNTING, OLD_ERP, IndustryProfile, SystemRow
from .vocabulary import InterfaceSize

_SIZES = tuple(InterfaceSize)
_YOUNGEST_YEARS = 1.0
_LEAST_DOCUMENTED = 0.02

Systems = tuple[tuple[LegacySystem, SystemRow], ...]
"""Systems with the rows that they were made from."""


def generate_systems(profile: IndustryProfile, draws: Draws, employees: int) -> Systems:
    """The systems that a firm runs: its ledger, spreadsheets, and what its industry uses."""
    small = employees <= a.ACCOUNTING_UP_TO
    accounting = small and draws.chance("generate accounting", a.ACCOUNTING_SHARE)
    rows = [ACCOUNTING if accounting else OLD_ERP]
    rows += [
        row
        for index, row in enumerate(profile.systems)
        if draws.chance("generate system", row.probability, index)
    ]
    return tuple((_system(draws, index, row), row) for index, row in enumerate(rows))


def _system(draws: Draws, index: int, row: SystemRow) -> LegacySystem:
    age = a.SYSTEM_AGE_SCALE * draws.gamma("generate system age", a.SYSTEM_AGE_SHAPE, index)
    age = round(min(max(age, _YOUNGEST_YEARS), 40.0), 1)
    shapes = a.DOCUMENTATION_ALPHA, a.DOCUMENTATION_BETA
    documented = draws.beta("generate documentation", *shapes, index)
    documented -= a.DOCUMENTATION_LOSS_PER_YEAR * (age - a.SYSTEM_AGE_SHAPE * a.SYSTEM_AGE_SCALE)
    return LegacySystem(
        name=row.name,
        kind=row.kind,
        age_years=age,
        documentation=round(min(max(documented, _LEAST_DOCUMENTED), 1.0), 3),
        replaced=row.replaced,
    )


def generate_interfaces(draws: Draws, systems: Systems, count: int) -> tuple[Interface, ...]:
    """``count`` interfaces: first one to each system, then further flows of each."""
    rounds = ((row, number) for number in itertools.count() for _, row in systems)
    interfaces: list[Interface] = []
    for index, (row, number) in enumerate(itertools.islice(rounds, count)):
        depends_on = None
        if index and draws.chance("generate dependent", a.DEPENDENT_SHARE, index):
            depends_on = interfaces[int(index * draws.uniform("generate depends on", index))].name
        interfaces.append(_interface(row, number, depends_on))
    return tuple(interfaces)


def _interface(row: SystemRow, number: int, depends_on: str | None) -> Interface:
    known = number < len(row.flows)
    flow = row.flows[number] if known else f"flow {number + 1}"
    # Further flows reuse the connection of the first and are a size smaller.
    size = max(_SIZES.index(row.interface) - (1 if number else 0), 0)
    return Interface(
        name=f"{row.name}: {flow}", system=row.name, size=_SIZES[size], depends_on=depends_on
    )
