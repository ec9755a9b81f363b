"""Things that each edge case counts and lists, so that files and command lines can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ...core.registry import Registry
from .extensions import Named
from .vocabulary import DisruptionKind


@dataclass(frozen=True, slots=True)
class EdgeCase:
    """An edge case as files and command lines see it.

    Attributes:
        kind: its name; of golive's own a ``DisruptionKind``.
        title: in words.
        amount: what ``Disruption.amount`` counts, with its unit; empty: it takes none.
        names: what ``Disruption.names`` lists; empty: it takes none.
        least, most: bounds of the amount; 0..1 unless said.
        mechanism: what it does, a subclass of ``Disruption`` (``disruptions/disruption.py`` of
            the world) or its place, ``package.module:Class``; golive's own need none here.
    """

    kind: str
    title: str
    amount: str = ""
    names: str = ""
    least: float = 0.0
    most: float = 1.0
    mechanism: type[Any] | str = ""

    def check(self, amount: float | None, names: tuple[str, ...]) -> None:
        """See that a disruption fits its kind.

        Raises:
            ValueError: an amount or names that it cannot have.
        """
        if amount is not None:
            if not self.amount:
                raise ValueError(f"amount: {amount:g}: {self.kind} takes none")
            if not self.least <= amount <= self.most:
                raise ValueError(
                    f"amount: {amount:g}: expected {self.least:g}..{self.most:g} ({self.amount})"
                )
        if names and not self.names:
            raise ValueError(f"names: {self.kind} takes none")


EDGE_CASE_TABLE: dict[DisruptionKind, EdgeCase] = {
    DisruptionKind(case.kind): case
    for case in (
        EdgeCase(
            DisruptionKind.CORRUPT_DATA,
            "Corrupt data",
            "share of the records that are corrupted, 0..1",
        ),
        EdgeCase(
            DisruptionKind.MISSING_REQUIREMENTS,
            "Missing requirements",
            "completeness: share of the requirements that were written down, 0..1",
        ),
        EdgeCase(
            DisruptionKind.CONFLICTING_BUSINESS_RULES,
            "Conflicting business rules",
            "pairs of departments whose rules contradict each other",
            least=1.0,
            most=15.0,
        ),
        EdgeCase(
            DisruptionKind.LEGACY_INCOMPATIBILITY,
            "Incompatible legacy systems",
            "legacy systems that are concerned",
            "legacy systems (SAP, Oracle)",
            least=1.0,
            most=10.0,
        ),
        EdgeCase(
            DisruptionKind.PERFORMANCE_BOTTLENECK,
            "Performance bottleneck",
            "volume over what the system was sized for (10: ten times)",
            least=1.0,
            most=100.0,
        ),
        EdgeCase(
            DisruptionKind.REGULATORY_COMPLIANCE,
            "Regulatory compliance",
            "standards that turn out to apply",
            "standards (FDA, ISO 9001)",
            least=1.0,
            most=10.0,
        ),
        EdgeCase(
            DisruptionKind.MULTILINGUAL_REQUIREMENTS,
            "Multilingual requirements",
            "languages that are needed beside the project's",
            "languages (de, es, zh)",
            least=1.0,
            most=10.0,
        ),
        EdgeCase(
            DisruptionKind.NETWORK_FAILURES,
            "Network failures",
            "failures of the connection per working week",
            least=0.1,
            most=40.0,
        ),
    )
}
EDGE_CASES: tuple[DisruptionKind, ...] = tuple(EDGE_CASE_TABLE)
"""The eight kinds, in the order of tables and observations."""

_OUTAGE = EdgeCase(DisruptionKind.ENVIRONMENT_OUTAGE, "Outage of a system")
EDGE_CASE_KINDS: Registry[EdgeCase] = Registry(
    "golive.implementation.edge_cases",
    "edge case",
    {str(case.kind): case for case in (_OUTAGE, *EDGE_CASE_TABLE.values())},
)
"""Everything that can go wrong: golive's own, and what other packages bring."""
EdgeCaseName = Annotated[str, Named(EDGE_CASE_KINDS, DisruptionKind)]
"""A field that holds the name of one."""
