"""What firms of an industry want and what makes their implementations hard.

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
from .vocabulary import (
    AcceptanceCheckKind,
    DataErrorKind,
    DataObjectKind,
    Department,
    Industry,
    RequirementKind,
    Workstream,
)

CHALLENGE_WEEKS = 6
"""Length of the plan in which the weeks of catalogue challenges count."""

_C, _R, _E = RequirementKind.CONFIGURATION, RequirementKind.REPORT, RequirementKind.ENHANCEMENT
_TYPICAL_AMBIGUITY = 0.375
_MANAGEMENT, _FINANCE, _SALES = Department.MANAGEMENT, Department.FINANCE, Department.SALES
_PURCHASING, _PRODUCTION = Department.PURCHASING, Department.PRODUCTION
_WAREHOUSE = Department.WAREHOUSE


def _wants(name: str, kind: RequirementKind, department: Department, hours: float) -> Requirement:
    return Requirement(
        name=name,
        kind=kind,
        department=department,
        effort_hours=hours,
        ambiguity=_TYPICAL_AMBIGUITY,
    )


def _errors(
    name: str, week: int, data: DataObjectKind, kind: DataErrorKind, rate: float
) -> DataChallenge:
    return DataChallenge(
        name=name, week=week, effect="data_errors", data_object=data, error_kind=kind, rate=rate
    )


def _work(
    name: str,
    workstream: Workstream,
    department: Department,
    hours: tuple[float, float],
    *,
    week: int = 1,
    holds_up: tuple[Workstream, ...] = (Workstream.DATA,),
    data: DataObjectKind | None = None,
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
    return RequirementChallenge(
        name=name,
        week=week,
        effect="requirement",
        requirement=_wants(name, _E, department, hours),
    )


def _check(
    name: str, check: AcceptanceCheckKind, hours: tuple[float, float], tolerance: float
) -> CheckChallenge:
    return CheckChallenge(
        name=name,
        week=6,
        effect="acceptance_check",
        check=check,
        effort_hours=hours[0],
        key_user_hours=hours[1],
        users=0,
        tolerance=tolerance,
    )


CHECKS: tuple[CheckChallenge, ...] = (
    _check("Full production cycle", AcceptanceCheckKind.PRODUCTION_CYCLE, (26, 24), 0.05),
    _check("Peak load", AcceptanceCheckKind.PEAK_LOAD, (12, 2), 0.05),
    _check("User acceptance test", AcceptanceCheckKind.USER_ACCEPTANCE, (30, 40), 0.10),
    _check(
        "Reconciliation with the legacy system", AcceptanceCheckKind.RECONCILIATION, (20, 12), 0.02
    ),
)
"""What must be passed before go-live, in every industry."""

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
    _errors("Two date formats", 2, DataObjectKind.OPEN_ORDERS, DataErrorKind.FORMAT, 0.35),
    _errors("Duplicate customers", 3, DataObjectKind.CUSTOMERS, DataErrorKind.DUPLICATE, 0.15),
    _errors("Missing material costs", 3, DataObjectKind.COSTS, DataErrorKind.MISSING_COST, 0.22),
    _work(
        "Recover the pricing from spreadsheets",
        Workstream.DISCOVERY,
        _SALES,
        (40, 20),
        holds_up=(Workstream.CONFIGURATION, Workstream.CUSTOMISATION),
    ),
    _work(
        "Agree one chart of accounts",
        Workstream.DISCOVERY,
        _FINANCE,
        (24, 14),
        holds_up=(Workstream.CONFIGURATION,),
    ),
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
        _errors(
            "Inconsistent product naming",
            1,
            DataObjectKind.ITEMS,
            DataErrorKind.INCONSISTENT_NAME,
            0.22,
        ),
        _errors("Products without a BOM", 1, DataObjectKind.BOMS, DataErrorKind.MISSING_BOM, 0.28),
        _errors(
            "Special characters in product codes",
            2,
            DataObjectKind.ITEMS,
            DataErrorKind.SPECIAL_CHARACTER,
            0.16,
        ),
        _work(
            "Document the missing BOMs with production",
            Workstream.DISCOVERY,
            _PRODUCTION,
            (55, 36),
            holds_up=(Workstream.DATA, Workstream.CONFIGURATION),
            data=DataObjectKind.BOMS,
        ),
        _build("Custom quote workflow", 4, _SALES, 85),
        _build("Wood grain matching", 4, _PRODUCTION, 100),
        _build("Sheet-goods waste optimisation", 5, _PRODUCTION, 110),
    ),
    Industry.INJECTION_MOULDING: (
        _errors(
            "Material grades under supplier names",
            1,
            DataObjectKind.ITEMS,
            DataErrorKind.INCONSISTENT_NAME,
            0.18,
        ),
        _errors(
            "Cycle times never updated", 2, DataObjectKind.ROUTINGS, DataErrorKind.INACCURATE, 0.40
        ),
        _errors("Silo stock is estimated", 3, DataObjectKind.STOCK, DataErrorKind.INACCURATE, 0.30),
        _work(
            "Measure cycle times and scrap rates",
            Workstream.DATA,
            _PRODUCTION,
            (50, 40),
            week=2,
            holds_up=(Workstream.CONFIGURATION,),
            data=DataObjectKind.ROUTINGS,
        ),
        _build("Tool and machine pairing in scheduling", 4, _PRODUCTION, 120),
        _build("Call-off forecasts by EDI", 4, _SALES, 90),
        _build("Full batch traceability", 5, _WAREHOUSE, 80),
    ),
    Industry.ELECTRICAL_EQUIPMENT: (
        _errors(
            "Part numbers by manufacturer and in-house",
            1,
            DataObjectKind.ITEMS,
            DataErrorKind.DUPLICATE,
            0.16,
        ),
        _errors(
            "BOMs behind the engineering changes",
            1,
            DataObjectKind.BOMS,
            DataErrorKind.INACCURATE,
            0.35,
        ),
        _errors(
            "Units mixed in vendor records", 2, DataObjectKind.VENDORS, DataErrorKind.FORMAT, 0.20
        ),
        _work(
            "Release one valid revision of every BOM",
            Workstream.DISCOVERY,
            _PRODUCTION,
            (80, 48),
            holds_up=(Workstream.DATA, Workstream.INTEGRATION),
            data=DataObjectKind.BOMS,
        ),
        _build("Rule-based product configurator", 4, _SALES, 140),
        _build("Serial number genealogy", 4, _PRODUCTION, 90),
        _build("Engineering change workflow", 5, _PRODUCTION, 95),
    ),
    Industry.TEXTILE_KNITTING: (
        _errors(
            "Colours named differently by season",
            1,
            DataObjectKind.ITEMS,
            DataErrorKind.INCONSISTENT_NAME,
            0.30,
        ),
        _errors(
            "Special characters in article numbers",
            2,
            DataObjectKind.ITEMS,
            DataErrorKind.SPECIAL_CHARACTER,
            0.20,
        ),
        _errors("Yarn consumption guessed", 2, DataObjectKind.BOMS, DataErrorKind.INACCURATE, 0.30),
        _work(
            "Agree one colour and size scheme",
            Workstream.DISCOVERY,
            _SALES,
            (45, 30),
            holds_up=(Workstream.DATA, Workstream.CONFIGURATION),
            data=DataObjectKind.ITEMS,
        ),
        _build("Colour and size order matrix", 4, _SALES, 95),
        _build("Dye lot reservation", 4, _WAREHOUSE, 75),
        _build("Pre-season capacity planning", 5, _PRODUCTION, 100),
    ),
}
"""Challenges by industry."""
