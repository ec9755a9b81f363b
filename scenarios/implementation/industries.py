"""Figures in which industries differ, and where they come from. The catalogue has what they want.

BOM depth and lines are calibration C (estimate). All other figures here are estimates of typical
mid-market firms; each is a range or a median, never an outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

from .assumptions import ACCOUNTING_SHARE
from .vocabulary import Industry
from .vocabulary import InterfaceSize as Size
from .vocabulary import LegacyKind as Kind


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A system that firms of an industry may run beside or before an ERP."""

    name: str
    kind: Kind
    probability: float
    """Share of firms that have it."""
    interface: Size
    """Typical size of an interface to it."""
    flows: tuple[str, ...]
    """Things that may flow over interfaces to it, the commonest first."""
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class IndustryProfile:
    """Figures of one industry."""

    industry: Industry
    company_words: tuple[str, ...]
    """Words that such companies add to their name."""
    employees_median: float
    revenue_per_employee_usd: float
    skus_per_employee: float
    skus_sigma: float
    """Spread of SKUs, standard deviation of the logarithm."""
    made_share: float
    """Share of the SKUs that have a BOM."""
    bom_depth: tuple[int, int]
    """Shallowest and deepest usual BOM, levels."""
    bom_lines: tuple[float, float]
    """Range of the mean lines per BOM."""
    custom_orders: tuple[float, float]
    """Beta shapes of the share of custom orders."""
    machines_per_employee: float
    employees_per_stock_location: float
    history_years: tuple[float, float]
    systems: tuple[SystemRow, ...]


def _system(
    name: str, kind: Kind, probability: float, size: Size, flows: str, *, replaced: bool = False
) -> SystemRow:
    return SystemRow(name, kind, probability, size, tuple(flows.split(", ")), replaced)


# fmt: off
ACCOUNTING = _system("Accounting package", Kind.ACCOUNTING, ACCOUNTING_SHARE, Size.MEDIUM,
                     "opening balances, payroll journal, bank statements", replaced=True)
OLD_ERP = _system("Old ERP", Kind.ERP, 1.0 - ACCOUNTING_SHARE, Size.LARGE,
                  "open orders, stock movements, history", replaced=True)
_EXCEL = _system("Excel workbooks", Kind.SPREADSHEET, 1.0, Size.SMALL,
                 "price lists, planning boards, cost sheets", replaced=True)
_CRM = _system("CRM", Kind.CRM, 0.35, Size.MEDIUM, "opportunities to orders, contacts")
_WEB_SHOP = _system("Web shop", Kind.ECOMMERCE, 0.45, Size.MEDIUM,
                    "orders, stock and prices, dealer portal")

_FURNITURE = IndustryProfile(
    Industry.FURNITURE, ("Furniture", "Woodworks", "Interiors", "Cabinets"),
    employees_median=120, revenue_per_employee_usd=190_000,
    skus_per_employee=8.0, skus_sigma=0.5,
    made_share=0.9, bom_depth=(3, 5), bom_lines=(15, 60), custom_orders=(6, 2.5),
    machines_per_employee=0.30, employees_per_stock_location=50, history_years=(4, 12),
    systems=(
        _EXCEL,
        _system("CAD workstations", Kind.CAD, 0.85, Size.LARGE,
                "drawings to items and BOMs, cut lists, visual configurator"),
        _system("CNC machine control", Kind.SHOP_FLOOR, 0.75, Size.MEDIUM,
                "work orders, feedback of quantities, nesting programs"),
        _WEB_SHOP,
        _CRM,
    ),
)

_MOULDING = IndustryProfile(
    Industry.INJECTION_MOULDING, ("Plastics", "Moulding", "Polymer", "Technical Mouldings"),
    employees_median=150, revenue_per_employee_usd=210_000,
    skus_per_employee=12.0, skus_sigma=0.6,
    made_share=0.7, bom_depth=(2, 3), bom_lines=(4, 12), custom_orders=(5, 4),
    machines_per_employee=0.35, employees_per_stock_location=70, history_years=(5, 15),
    systems=(
        _EXCEL,
        _system("Machine monitoring", Kind.SHOP_FLOOR, 0.8, Size.LARGE,
                "shots and scrap, work orders, tool counters"),
        _system("Customers' EDI", Kind.CUSTOM, 0.7, Size.LARGE,
                "call-offs, dispatch advices, self-billing"),
        _system("Quality laboratory", Kind.CUSTOM, 0.5, Size.MEDIUM,
                "inspection results, material certificates"),
        _CRM,
    ),
)

_ELECTRICAL = IndustryProfile(
    Industry.ELECTRICAL_EQUIPMENT, ("Electric", "Controls", "Power Systems", "Switchgear"),
    employees_median=180, revenue_per_employee_usd=260_000,
    skus_per_employee=30.0, skus_sigma=0.6,
    made_share=0.45, bom_depth=(4, 7), bom_lines=(30, 200), custom_orders=(5, 3),
    machines_per_employee=0.12, employees_per_stock_location=60, history_years=(6, 20),
    systems=(
        _EXCEL,
        _system("Electrical CAD", Kind.CAD, 0.9, Size.LARGE,
                "wiring diagrams to BOMs, part library, engineering changes"),
        _system("Test bench database", Kind.CUSTOM, 0.6, Size.MEDIUM,
                "test reports, serial numbers"),
        _system("Product configurator", Kind.CUSTOM, 0.5, Size.LARGE,
                "configured orders, price rules"),
        _WEB_SHOP,
        _CRM,
    ),
)

_KNITTING = IndustryProfile(
    Industry.TEXTILE_KNITTING, ("Knitwear", "Textiles", "Knitting Mills", "Hosiery"),
    employees_median=110, revenue_per_employee_usd=140_000,
    skus_per_employee=40.0, skus_sigma=0.7,
    made_share=0.8, bom_depth=(3, 4), bom_lines=(8, 25), custom_orders=(3, 4),
    machines_per_employee=0.55, employees_per_stock_location=45, history_years=(3, 12),
    systems=(
        _EXCEL,
        _system("Knitting machine network", Kind.SHOP_FLOOR, 0.7, Size.MEDIUM,
                "pattern programs, running metres, stops"),
        _system("Pattern design", Kind.CAD, 0.8, Size.MEDIUM,
                "designs to items, yarn consumption"),
        _system("Dye house control", Kind.SHOP_FLOOR, 0.45, Size.LARGE, "recipes, lot tracking"),
        _system("Retailers' EDI", Kind.CUSTOM, 0.6, Size.LARGE,
                "orders, dispatch advices, labels"),
        _WEB_SHOP,
    ),
)
# fmt: on

PROFILES: dict[Industry, IndustryProfile] = {
    profile.industry: profile for profile in (_FURNITURE, _MOULDING, _ELECTRICAL, _KNITTING)
}
"""The profile of every industry."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country where sites stand: its names and addresses."""

    code: str
    language: str
    currency: str
    time_zone: str
    locale: str
    """Faker's locale."""
    city: str
    """City used when names are not asked for."""
    weight: float
    """Share of pilot sites (estimate; the cases known to us are mostly American)."""


COUNTRIES: tuple[Country, ...] = (
    Country("US", "en", "USD", "America/Chicago", "en_US", "Milwaukee", 0.50),
    Country("DE", "de", "EUR", "Europe/Berlin", "de_DE", "Bielefeld", 0.14),
    Country("GB", "en", "GBP", "Europe/London", "en_GB", "Leeds", 0.08),
    Country("IT", "it", "EUR", "Europe/Rome", "it_IT", "Treviso", 0.08),
    Country("FR", "fr", "EUR", "Europe/Paris", "fr_FR", "Lyon", 0.06),
    Country("PL", "pl", "PLN", "Europe/Warsaw", "pl_PL", "Poznań", 0.05),
    Country("ES", "es", "EUR", "Europe/Madrid", "es_ES", "Valencia", 0.05),
    Country("MX", "es", "MXN", "America/Mexico_City", "es_MX", "Monterrey", 0.04),
)
"""Countries in which generated customers have sites."""
