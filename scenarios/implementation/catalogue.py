"""Requirements, challenges and checks that firms of each industry may have.

Entries are valid records with typical values; the generator takes some and varies them. Weeks
count in a six-week plan (``CHALLENGE_WEEKS``). Efforts are estimates of ours.
"""

from __future__ import annotations

from .challenges import (
    Challenge,
    CheckChallenge,
    DataChallenge,
    RequirementChallenge,
    WorkChallenge,
)
from .requirements import Requirement
from .vocabulary import AcceptanceCheckKind as Check
from .vocabulary import DataErrorKind as Error
from .vocabulary import DataObjectKind as Data
from .vocabulary import Department, Industry, RequirementKind, Workstream

CHALLENGE_WEEKS = 6
"""Length of the plan in which the weeks of catalogue challenges count."""

_C, _R, _E = RequirementKind.CONFIGURATION, RequirementKind.REPORT, RequirementKind.ENHANCEMENT
_TYPICAL_AMBIGUITY = 0.375
_MANAGEMENT, _FINANCE, _SALES = Department.MANAGEMENT, Department.FINANCE, Department.SALES
_PURCHASING, _PRODUCTION = Department.PURCHASING, Department.PRODUCTION
_WAREHOUSE = Department.WAREHOUSE
_DATA, _CONFIGURATION = Workstream.DATA, Workstream.CONFIGURATION


def _wants(name: str, kind: RequirementKind, department: Department, hours: float) -> Requirement:
    return Requirement(
        name=name,
        kind=kind,
        department=department,
        effort_hours=hours,
        ambiguity=_TYPICAL_AMBIGUITY,
    )


def _data(name: str, week: int, data: Data, kind: Error, rate: float) -> DataChallenge:
    return DataChallenge(
        name=name, week=week, effect="data_errors", data_object=data, error_kind=kind, rate=rate
    )


def _work(
    name: str,
    department: Department,
    hours: tuple[float, float],
    holds_up: tuple[Workstream, ...],
    data: Data | None = None,
    *,
    workstream: Workstream = Workstream.DISCOVERY,
    week: int = 1,
) -> WorkChallenge:
    return WorkChallenge(
        name=name,
        week=week,
        effect="work",
        workstream=workstream,
        department=department,
        effort_hours=hours[0],
        key_user_hours=hours[1],
        question_probability=0.5,
        holds_up=holds_up,
        data_object=data,
    )


def _build(name: str, week: int, department: Department, hours: float) -> RequirementChallenge:
    wanted = _wants(name, _E, department, hours)
    return RequirementChallenge(name=name, week=week, effect="requirement", requirement=wanted)


def _check(name: str, check: Check, hours: tuple[float, float], tolerance: float) -> CheckChallenge:
    return CheckChallenge(
        name=name,
        week=6,
        effect="acceptance_check",
        check=check,
        effort_hours=hours[0],
        key_user_hours=hours[1],
        tolerance=tolerance,
    )


# fmt: off
CHECKS: tuple[CheckChallenge, ...] = (
    _check("Full production cycle", Check.PRODUCTION_CYCLE, (26, 24), 0.05),
    _check("Peak load", Check.PEAK_LOAD, (12, 2), 0.05),
    _check("User acceptance test", Check.USER_ACCEPTANCE, (30, 40), 0.10),
    _check("Reconciliation with the legacy system", Check.RECONCILIATION, (20, 12), 0.02),
)
"""Checks that must be passed before go-live, in every industry."""

COMMON_REQUIREMENTS: tuple[Requirement, ...] = (
    _wants("Order confirmation layout", _R, _SALES, 14),
    _wants("Discounts and price agreements", _C, _SALES, 22),
    _wants("Deposits and progress invoices", _C, _FINANCE, 24),
    _wants("Taxes by place of delivery", _C, _FINANCE, 16),
    _wants("Margin by order", _R, _MANAGEMENT, 14),
    _wants("Supplier delivery performance", _R, _PURCHASING, 12),
    _wants("Approval of purchase orders", _C, _PURCHASING, 16),
    _wants("Bar-code picking", _C, _WAREHOUSE, 30),
    _wants("Cycle counting", _C, _WAREHOUSE, 14),
    _wants("Shop-floor data entry", _C, _PRODUCTION, 28),
    _wants("Maintenance calendar of machines", _C, _PRODUCTION, 20),
    _wants("Capacity overview by work centre", _R, _PRODUCTION, 24),
)
"""Requirements that firms of any industry may have."""

COMMON_CHALLENGES: tuple[Challenge, ...] = (
    _data("Two date formats", 2, Data.OPEN_ORDERS, Error.FORMAT, 0.35),
    _data("Duplicate customers", 3, Data.CUSTOMERS, Error.DUPLICATE, 0.15),
    _data("Missing material costs", 3, Data.COSTS, Error.MISSING_COST, 0.22),
    _work("Recover the pricing from spreadsheets", _SALES, (40, 20),
          (_CONFIGURATION, Workstream.CUSTOMISATION)),
    _work("Agree one chart of accounts", _FINANCE, (24, 14), (_CONFIGURATION,)),
)
"""Challenges that firms of any industry may have."""

REQUIREMENTS: dict[Industry, tuple[Requirement, ...]] = {
    Industry.FURNITURE: (
        _wants("Finish and fabric variants", _C, _SALES, 40),
        _wants("Lumber purchasing by board foot", _E, _PURCHASING, 32),
        _wants("Cut list per work order", _R, _PRODUCTION, 22),
        _wants("Remnant stock of sheet goods", _E, _WAREHOUSE, 28),
        _wants("Rework and touch-up orders", _C, _PRODUCTION, 18),
        _wants("Dealer commissions", _E, _SALES, 24),
        _wants("Delivery and installation routes", _E, _WAREHOUSE, 36),
        _wants("Emission certificates of board materials", _C, _PURCHASING, 16),
    ),
    Industry.INJECTION_MOULDING: (
        _wants("Tool life by number of shots", _E, _PRODUCTION, 34),
        _wants("Regrind returned to stock", _E, _WAREHOUSE, 30),
        _wants("Batch traceability of resin", _C, _WAREHOUSE, 32),
        _wants("Family tools with several parts", _E, _PRODUCTION, 40),
        _wants("Call-offs against delivery schedules", _C, _SALES, 36),
        _wants("Returnable packaging accounts", _E, _WAREHOUSE, 28),
        _wants("Initial sample inspection report", _R, _PRODUCTION, 26),
        _wants("Resin price surcharges", _C, _SALES, 22),
    ),
    Industry.ELECTRICAL_EQUIPMENT: (
        _wants("Serial numbers through all levels", _C, _PRODUCTION, 36),
        _wants("Engineering changes with effectivity", _E, _PRODUCTION, 48),
        _wants("Alternative and end-of-life parts", _E, _PURCHASING, 34),
        _wants("Type plate and test certificate", _R, _PRODUCTION, 24),
        _wants("Project stock per order", _C, _WAREHOUSE, 26),
        _wants("Milestone invoices", _C, _FINANCE, 24),
        _wants("Service contracts and spare parts", _E, _SALES, 40),
        _wants("Copper price surcharge", _C, _SALES, 18),
    ),
    Industry.TEXTILE_KNITTING: (
        _wants("Colour and size matrix", _E, _SALES, 44),
        _wants("Yarn lots and dye lots", _C, _WAREHOUSE, 34),
        _wants("Seasonal collections", _C, _SALES, 26),
        _wants("Subcontracted sewing", _C, _PRODUCTION, 32),
        _wants("Seconds and graded stock", _C, _WAREHOUSE, 20),
        _wants("Yarn requirement from machine hours", _E, _PRODUCTION, 36),
        _wants("Retailer labels and packing", _R, _WAREHOUSE, 22),
        _wants("Sample orders before the season", _C, _SALES, 18),
    ),
}
"""Requirements by industry."""

CHALLENGES: dict[Industry, tuple[Challenge, ...]] = {
    Industry.FURNITURE: (
        _data("Inconsistent product naming", 1, Data.ITEMS, Error.INCONSISTENT_NAME, 0.22),
        _data("Products without a BOM", 1, Data.BOMS, Error.MISSING_BOM, 0.28),
        _data("Special characters in product codes", 2, Data.ITEMS, Error.SPECIAL_CHARACTER, 0.16),
        _work("Document the missing BOMs with production", _PRODUCTION, (55, 36),
              (_DATA, _CONFIGURATION), Data.BOMS),
        _build("Custom quote workflow", 4, _SALES, 85),
        _build("Wood grain matching", 4, _PRODUCTION, 100),
        _build("Sheet-goods waste optimisation", 5, _PRODUCTION, 110),
    ),
    Industry.INJECTION_MOULDING: (
        _data("Material grades under supplier names", 1, Data.ITEMS, Error.INCONSISTENT_NAME, 0.18),
        _data("Cycle times never updated", 2, Data.ROUTINGS, Error.INACCURATE, 0.40),
        _data("Silo stock is estimated", 3, Data.STOCK, Error.INACCURATE, 0.30),
        _work("Measure cycle times and scrap rates", _PRODUCTION, (50, 40),
              (_CONFIGURATION,), Data.ROUTINGS, workstream=_DATA, week=2),
        _build("Tool and machine pairing in scheduling", 4, _PRODUCTION, 120),
        _build("Call-off forecasts by EDI", 4, _SALES, 90),
        _build("Full batch traceability", 5, _WAREHOUSE, 80),
    ),
    Industry.ELECTRICAL_EQUIPMENT: (
        _data("Part numbers by manufacturer and in-house", 1, Data.ITEMS, Error.DUPLICATE, 0.16),
        _data("BOMs behind the engineering changes", 1, Data.BOMS, Error.INACCURATE, 0.35),
        _data("Units mixed in vendor records", 2, Data.VENDORS, Error.FORMAT, 0.20),
        _work("Release one valid revision of every BOM", _PRODUCTION, (80, 48),
              (_DATA, Workstream.INTEGRATION), Data.BOMS),
        _build("Rule-based product configurator", 4, _SALES, 140),
        _build("Serial number genealogy", 4, _PRODUCTION, 90),
        _build("Engineering change workflow", 5, _PRODUCTION, 95),
    ),
    Industry.TEXTILE_KNITTING: (
        _data("Colours named differently by season", 1, Data.ITEMS, Error.INCONSISTENT_NAME, 0.30),
        _data("Special characters in article numbers", 2, Data.ITEMS, Error.SPECIAL_CHARACTER, 0.2),
        _data("Yarn consumption guessed", 2, Data.BOMS, Error.INACCURATE, 0.30),
        _work("Agree one colour and size scheme", _SALES, (45, 30),
              (_DATA, _CONFIGURATION), Data.ITEMS),
        _build("Colour and size order matrix", 4, _SALES, 95),
        _build("Dye lot reservation", 4, _WAREHOUSE, 75),
        _build("Pre-season capacity planning", 5, _PRODUCTION, 100),
    ),
}
"""Challenges by industry."""
