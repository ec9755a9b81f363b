"""Legacy systems of generated customers, the interfaces to them, and the data in them."""

from __future__ import annotations

import itertools

from ...core.draws import Draws
from . import assumptions as a
from .customer import DataObject, Interface, LegacySystem, Product
from .industries import ACCOUNTING, OLD_ERP, IndustryProfile, SystemRow
from .vocabulary import DataErrorKind as Error
from .vocabulary import DataObjectKind as Data
from .vocabulary import InterfaceSize

_SIZES = tuple(InterfaceSize)
_YOUNGEST_YEARS = 1.0
_LEAST_DOCUMENTED = 0.02

Systems = tuple[tuple[LegacySystem, SystemRow], ...]
"""Systems with the rows that they were made from."""
# One minus a Beta(x, y) accuracy is a Beta(y, x) error rate.
_STOCK, _BOM, _ROUTING = a.STOCK[::-1], a.BOM[::-1], a.ROUTING[::-1]
_OF_ITEMS = (Error.INCONSISTENT_NAME, Error.SPECIAL_CHARACTER, Error.DUPLICATE)
_MASKED = (a.LEAST_MASKED, a.MOST_MASKED)

ERROR_RATES: dict[Data, dict[Error, tuple[float, float]]] = {
    Data.ITEMS: dict.fromkeys(_OF_ITEMS, a.CELL),
    Data.BOMS: {Error.MISSING_BOM: a.MISSING, Error.INACCURATE: _BOM},
    Data.ROUTINGS: {Error.INACCURATE: _ROUTING},
    Data.CUSTOMERS: {Error.DUPLICATE: a.DUPLICATE, Error.FORMAT: a.CELL},
    Data.VENDORS: {Error.DUPLICATE: a.DUPLICATE, Error.FORMAT: a.CELL},
    Data.STOCK: {Error.INACCURATE: _STOCK},
    Data.OPEN_ORDERS: {Error.FORMAT: a.CELL, Error.INACCURATE: a.CELL},
    Data.COSTS: {Error.MISSING_COST: a.MISSING, Error.INACCURATE: a.CELL},
}
"""Per object and kind of error the Beta shapes of its rate at mean data quality."""


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
    documented = draws.beta("generate documentation", *a.DOCUMENTATION, index)
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


def generate_data_objects(
    profile: IndustryProfile, draws: Draws, employees: int, product: Product, error_factor: float
) -> tuple[DataObject, ...]:
    """All eight data objects, with records by size and error rates by data quality."""
    records = _records(profile, employees, product)
    return tuple(
        DataObject(
            kind=kind,
            records=max(1, round(records[kind] * _spread(draws, index, kind))),
            error_rates=_rates(draws, index, kind, error_factor),
            masked_share=round(draws.between("generate masked", *_MASKED, index), 3),
        )
        for index, kind in enumerate(Data)
    )


def _spread(draws: Draws, index: int, kind: Data) -> float:
    if kind is Data.ITEMS:
        return 1.0
    return draws.lognormal("generate records", a.RECORD_SIGMA, index)


def _rates(draws: Draws, index: int, kind: Data, error_factor: float) -> dict[Error, float]:
    shapes = enumerate(ERROR_RATES[kind].items(), index * len(Error))
    rates = {
        error: draws.beta("generate error rate", *own, whom) * error_factor
        for whom, (error, own) in shapes
    }
    return {error: round(min(rate, a.HIGHEST_RATE), 4) for error, rate in rates.items()}


def _records(profile: IndustryProfile, employees: int, product: Product) -> dict[Data, float]:
    made = product.skus * profile.made_share
    return {
        Data.ITEMS: product.skus,
        Data.BOMS: made,
        Data.ROUTINGS: made * a.ROUTING_SHARE,
        Data.CUSTOMERS: employees * a.CUSTOMERS_PER_EMPLOYEE,
        Data.VENDORS: employees * a.VENDORS_PER_EMPLOYEE,
        Data.STOCK: product.skus * a.STOCK_SHARE * product.stock_locations,
        Data.OPEN_ORDERS: employees * a.ORDERS_PER_EMPLOYEE,
        Data.COSTS: product.skus * a.COST_SHARE,
    }
