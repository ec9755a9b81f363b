"""What each edge case counts and lists, so that files and command lines can be checked."""

from __future__ import annotations

from dataclasses import dataclass

from .vocabulary import DisruptionKind


@dataclass(frozen=True, slots=True)
class EdgeCase:
    """What an edge case is about.

    Attributes:
        kind: its name.
        title: in words.
        amount: what ``Disruption.amount`` counts, with its unit.
        names: what ``Disruption.names`` lists; empty: it takes none.
        least, most: bounds of the amount.
    """

    kind: DisruptionKind
    title: str
    amount: str
    names: str
    least: float
    most: float


EDGE_CASE_TABLE: dict[DisruptionKind, EdgeCase] = {
    case.kind: case
    for case in (
        EdgeCase(
            DisruptionKind.CORRUPT_DATA,
            "Corrupt data",
            "share of the records that are corrupted, 0..1",
            "",
            0.0,
            1.0,
        ),
        EdgeCase(
            DisruptionKind.MISSING_REQUIREMENTS,
            "Missing requirements",
            "completeness: share of the requirements that were written down, 0..1",
            "",
            0.0,
            1.0,
        ),
        EdgeCase(
            DisruptionKind.CONFLICTING_BUSINESS_RULES,
            "Conflicting business rules",
            "pairs of departments whose rules contradict each other",
            "",
            1.0,
            15.0,
        ),
        EdgeCase(
            DisruptionKind.LEGACY_INCOMPATIBILITY,
            "Incompatible legacy systems",
            "legacy systems that are concerned",
            "legacy systems (SAP, Oracle)",
            1.0,
            10.0,
        ),
        EdgeCase(
            DisruptionKind.PERFORMANCE_BOTTLENECK,
            "Performance bottleneck",
            "volume over what the system was sized for (10: ten times)",
            "",
            1.0,
            100.0,
        ),
        EdgeCase(
            DisruptionKind.REGULATORY_COMPLIANCE,
            "Regulatory compliance",
            "standards that turn out to apply",
            "standards (FDA, ISO 9001)",
            1.0,
            10.0,
        ),
        EdgeCase(
            DisruptionKind.MULTILINGUAL_REQUIREMENTS,
            "Multilingual requirements",
            "languages that are needed beside the project's",
            "languages (de, es, zh)",
            1.0,
            10.0,
        ),
        EdgeCase(
            DisruptionKind.NETWORK_FAILURES,
            "Network failures",
            "failures of the connection per working week",
            "",
            0.1,
            40.0,
        ),
    )
}
EDGE_CASES: tuple[DisruptionKind, ...] = tuple(EDGE_CASE_TABLE)
"""The eight kinds, in the order of tables and observations."""
