"""Data objects of generated customers: how many records and what is wrong with them."""

from __future__ import annotations

from ...core.draws import Draws
from . import assumptions as a
from .customer import DataObject, Product
from .industries import IndustryProfile
from .vocabulary import DataErrorKind, DataObjectKind

_CELL = (a.CELL_ALPHA, a.CELL_BETA)
_DUPLICATE = (a.DUPLICATE_ALPHA, a.DUPLICATE_BETA)
_MISSING = (a.MISSING_ALPHA, a.MISSING_BETA)
# One minus a Beta(x, y) accuracy is a Beta(y, x) error rate.
_STOCK = (a.STOCK_BETA, a.STOCK_ALPHA)
_BOM = (a.BOM_BETA, a.BOM_ALPHA)
_ROUTING = (a.ROUTING_BETA, a.ROUTING_ALPHA)
_MASKED = (a.LEAST_MASKED, a.MOST_MASKED)

ERROR_RATES: dict[DataObjectKind, dict[DataErrorKind, tuple[float, float]]] = {
    DataObjectKind.ITEMS: {
        DataErrorKind.INCONSISTENT_NAME: _CELL,
        DataErrorKind.SPECIAL_CHARACTER: _CELL,
        DataErrorKind.DUPLICATE: _CELL,
    },
    DataObjectKind.BOMS: {DataErrorKind.MISSING_BOM: _MISSING, DataErrorKind.INACCURATE: _BOM},
    DataObjectKind.ROUTINGS: {DataErrorKind.INACCURATE: _ROUTING},
    DataObjectKind.CUSTOMERS: {DataErrorKind.DUPLICATE: _DUPLICATE, DataErrorKind.FORMAT: _CELL},
    DataObjectKind.VENDORS: {DataErrorKind.DUPLICATE: _DUPLICATE, DataErrorKind.FORMAT: _CELL},
    DataObjectKind.STOCK: {DataErrorKind.INACCURATE: _STOCK},
    DataObjectKind.OPEN_ORDERS: {DataErrorKind.FORMAT: _CELL, DataErrorKind.INACCURATE: _CELL},
    DataObjectKind.COSTS: {DataErrorKind.MISSING_COST: _MISSING, DataErrorKind.INACCURATE: _CELL},
}
"""Per object and kind of error the Beta shapes of its rate at mean data quality."""


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
        for index, kind in enumerate(DataObjectKind)
    )


def _spread(draws: Draws, index: int, kind: DataObjectKind) -> float:
    if kind is DataObjectKind.ITEMS:
        return 1.0
    return draws.lognormal("generate records", a.RECORD_SIGMA, index)


def _rates(
    draws: Draws, index: int, kind: DataObjectKind, error_factor: float
) -> dict[DataErrorKind, float]:
    rates: dict[DataErrorKind, float] = {}
    for number, (error_kind, shapes) in enumerate(ERROR_RATES[kind].items()):
        whom = index * len(DataErrorKind) + number
        rate = draws.beta("generate error rate", *shapes, whom) * error_factor
        rates[error_kind] = round(min(rate, a.HIGHEST_RATE), 4)
    return rates


def _records(
    profile: IndustryProfile, employees: int, product: Product
) -> dict[DataObjectKind, float]:
    made = product.skus * profile.made_share
    return {
        DataObjectKind.ITEMS: product.skus,
        DataObjectKind.BOMS: made,
        DataObjectKind.ROUTINGS: made * a.ROUTING_SHARE,
        DataObjectKind.CUSTOMERS: employees * a.CUSTOMERS_PER_EMPLOYEE,
        DataObjectKind.VENDORS: employees * a.VENDORS_PER_EMPLOYEE,
        DataObjectKind.STOCK: product.skus * a.STOCK_SHARE * product.stock_locations,
        DataObjectKind.OPEN_ORDERS: employees * a.ORDERS_PER_EMPLOYEE,
        DataObjectKind.COSTS: product.skus * a.COST_SHARE,
    }
