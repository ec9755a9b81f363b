"""Figures and words in which the tables of industries differ, with their sources.

Sources: (C) computed from public data or (P) published, as gathered for this world; everything
else is an estimate (E) of typical mid-market firms. Each is a parameter of what is drawn, never
an outcome. Words are the field's own; companies, people and addresses made of them are invented.

======================  ====  ==================================================================
figure                  kind  meaning
======================  ====  ==================================================================
``cost_median_cents``   E     median cost of a bought item
``cost_sigma``          E     its spread, standard deviation of the logarithm (1: 5 % cost > 5 x)
``rate_cents``          E     hourly rates of work centres, lowest and highest
``month_weights``       E     orders by month, January first
``dead_stock_share``    E     items that have not moved for years and still lie there
``metric_share``        E     raw material measured in kg or m rather than counted
``quantity_sigma``      E     spread of quantities on order lines
======================  ====  ==================================================================
"""

from __future__ import annotations

from dataclasses import dataclass

from .vocabulary import Industry


@dataclass(frozen=True, slots=True)
class IndustryFigures:
    """Figures and words of one industry; the module says where they come from."""

    industry: Industry
    products: tuple[str, ...]
    parts: tuple[str, ...]
    materials: tuple[str, ...]
    variants: tuple[str, ...]
    operations: tuple[str, ...]
    buyers: tuple[str, ...]
    """Words in the names of those who buy from it."""
    suppliers: tuple[str, ...]
    """Words in the names of those it buys from."""
    cost_median_cents: int
    cost_sigma: float
    rate_cents: tuple[int, int]
    month_weights: tuple[int, ...]
    dead_stock_share: float
    metric_share: float
    quantity_sigma: float


_FURNITURE = IndustryFigures(
    Industry.FURNITURE,
    products=("Table", "Chair", "Cabinet", "Desk", "Bench", "Bed frame", "Sideboard", "Shelf"),
    parts=("Leg", "Door", "Drawer box", "Panel", "Hinge", "Handle", "Slide", "Dowel", "Screw"),
    materials=("Oak", "Maple", "Walnut", "Beech veneer", "MDF board", "Fabric", "Lacquer", "Glue"),
    variants=("natural", "stained", "white", "black", "60 in", "72 in", "84 in", "left", "right"),
    operations=("Cut", "Edge", "Drill", "Sand", "Assemble", "Finish", "Upholster", "Pack"),
    buyers=("Interiors", "Home", "Furnishings", "Hotels", "Office Supply", "Design Studio"),
    suppliers=("Lumber", "Hardware", "Veneers", "Fabrics", "Coatings", "Fasteners"),
    cost_median_cents=620,
    cost_sigma=1.1,
    rate_cents=(3_800, 7_500),
    month_weights=(8, 8, 9, 9, 9, 8, 6, 7, 9, 10, 10, 7),
    dead_stock_share=0.18,
    metric_share=0.45,
    quantity_sigma=0.9,
)
_MOULDING = IndustryFigures(
    Industry.INJECTION_MOULDING,
    products=("Housing", "Cap", "Bezel", "Connector", "Crate", "Gear", "Bottle", "Clip set"),
    parts=("Insert", "Seal", "Spring", "Pin", "Label", "Bushing", "Screw", "Foam pad"),
    materials=("PP granulate", "ABS granulate", "PA6 GF30", "POM", "Masterbatch", "Release agent"),
    variants=("black", "grey", "natural", "red", "UV stable", "Ø 20 mm", "Ø 32 mm", "food grade"),
    operations=("Dry", "Mould", "Deflash", "Weld", "Print", "Assemble", "Inspect", "Pack"),
    buyers=("Automotive", "Appliances", "Medical", "Packaging", "Tools", "Electronics"),
    suppliers=("Polymers", "Resins", "Colorants", "Inserts", "Tooling", "Seals"),
    cost_median_cents=180,
    cost_sigma=1.2,
    rate_cents=(4_500, 9_500),
    month_weights=(9, 9, 9, 9, 8, 8, 7, 6, 9, 9, 9, 8),
    dead_stock_share=0.14,
    metric_share=0.65,
    quantity_sigma=1.4,
)
_ELECTRICAL = IndustryFigures(
    Industry.ELECTRICAL_EQUIPMENT,
    products=("Switchboard", "Control panel", "Drive unit", "Transformer", "Motor starter", "UPS"),
    parts=("Relay", "Contactor", "Terminal", "Fuse holder", "PCB", "Breaker", "Busbar", "Cable"),
    materials=("Copper wire", "Sheet steel", "Epoxy resin", "Insulation tape", "Solder", "Lug"),
    variants=("24 V", "230 V", "400 V", "50 Hz", "60 Hz", "IP54", "IP65", "16 A", "32 A", "63 A"),
    operations=("Punch", "Bend", "Wire", "Solder", "Mount", "Test", "Label", "Pack"),
    buyers=("Utilities", "Automation", "Marine", "Railways", "Energy", "Contractors"),
    suppliers=("Electronics", "Wire & Cable", "Metals", "Components", "Circuits", "Insulation"),
    cost_median_cents=950,
    cost_sigma=1.3,
    rate_cents=(5_200, 11_000),
    month_weights=(7, 7, 9, 8, 8, 9, 7, 6, 9, 9, 10, 11),
    dead_stock_share=0.22,
    metric_share=0.25,
    quantity_sigma=1.0,
)
_KNITTING = IndustryFigures(
    Industry.TEXTILE_KNITTING,
    products=("Pullover", "Cardigan", "Sock", "Scarf", "Legging", "Beanie", "Polo knit", "Vest"),
    parts=("Button", "Zip", "Label", "Collar", "Cuff", "Elastic", "Poly bag", "Hang tag"),
    materials=("Merino yarn", "Cotton yarn", "Acrylic yarn", "Dye", "Softener", "Sewing thread"),
    variants=("S", "M", "L", "XL", "navy", "écru", "rouge", "charcoal", "striped", "mélange"),
    operations=("Wind", "Knit", "Link", "Dye", "Steam", "Sew", "Inspect", "Pack"),
    buyers=("Fashion", "Department Stores", "Outdoor", "Kids", "Sportswear", "Boutique"),
    suppliers=("Yarns", "Spinning", "Dyestuffs", "Trims", "Labels", "Threads"),
    cost_median_cents=240,
    cost_sigma=0.9,
    rate_cents=(2_600, 5_400),
    month_weights=(7, 8, 8, 6, 6, 7, 9, 11, 12, 11, 9, 6),
    dead_stock_share=0.26,
    metric_share=0.55,
    quantity_sigma=1.1,
)
FIGURES: dict[Industry, IndustryFigures] = {
    figures.industry: figures for figures in (_FURNITURE, _MOULDING, _ELECTRICAL, _KNITTING)
}
"""Figures by industry."""
