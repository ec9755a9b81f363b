"""The eight edge cases: what can go wrong from outside, at which severity, and how to ask for it.

Each is a :class:`Disruption` row on a scenario; its mechanism is in the world
(``sim/implementation/disruptions``). They combine: any scenario carries any mix.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ...core.errors import GoliveError
from ...core.records import changed
from .disruption import Disruption
from .edge_case_table import EDGE_CASE_KINDS, EDGE_CASE_TABLE, EDGE_CASES, EdgeCase
from .vocabulary import DisruptionKind, Severity

if TYPE_CHECKING:
    from .scenario import ImplementationScenario

__all__ = [
    "EDGE_CASES",
    "EDGE_CASE_KINDS",
    "EDGE_CASE_TABLE",
    "EdgeCase",
    "conflicting_business_rules",
    "corrupt_data",
    "legacy_incompatibility",
    "missing_requirements",
    "multilingual_requirements",
    "network_failures",
    "parse_edge_case",
    "performance_bottleneck",
    "regulatory_compliance",
    "with_edge_cases",
]

SYNTAX = "KIND[:SEVERITY][:AMOUNT|NAME,NAME...][@DAY]"
"""How an edge case is written on a command line."""


def corrupt_data(
    severity: Severity = Severity.MODERATE, *, share: float | None = None, day: int | None = None
) -> Disruption:
    """Records are corrupted behind the project's back.

    Args:
        severity: how bad it is.
        share: of the records of each data object, 0..1; by default by severity.
        day: working day of its onset; by default drawn.
    """
    return _row(DisruptionKind.CORRUPT_DATA, severity, day, share)


def missing_requirements(
    severity: Severity = Severity.MODERATE,
    *,
    completeness: float | None = None,
    day: int | None = None,
) -> Disruption:
    """Requirements were never written down.

    Args:
        severity: how bad it is.
        completeness: share of them that was, 0..1; by default by severity.
        day: working day from which they are missed; by default drawn.
    """
    return _row(DisruptionKind.MISSING_REQUIREMENTS, severity, day, completeness)


def conflicting_business_rules(
    severity: Severity = Severity.MODERATE, *, count: int | None = None, day: int | None = None
) -> Disruption:
    """Departments work by rules that contradict each other.

    Args:
        severity: how bad it is.
        count: conflicts; by default by severity.
        day: working day of their onset; by default drawn.
    """
    return _row(DisruptionKind.CONFLICTING_BUSINESS_RULES, severity, day, count)


def legacy_incompatibility(
    severity: Severity = Severity.MODERATE,
    *,
    systems: Iterable[str] = (),
    day: int | None = None,
) -> Disruption:
    """Legacy systems cannot be read or reached as planned.

    Args:
        severity: how bad it is.
        systems: which (SAP, Oracle); by default as many of the customer's as severity says.
        day: working day of its onset; by default drawn.
    """
    return _row(DisruptionKind.LEGACY_INCOMPATIBILITY, severity, day, None, systems)


def performance_bottleneck(
    severity: Severity = Severity.MODERATE, *, scale: float | None = None, day: int | None = None
) -> Disruption:
    """The system cannot cope with the volume.

    Args:
        severity: how bad it is.
        scale: volume over what it was sized for (10: ten times); by default by severity.
        day: working day of its onset; by default drawn.
    """
    return _row(DisruptionKind.PERFORMANCE_BOTTLENECK, severity, day, scale)


def regulatory_compliance(
    severity: Severity = Severity.MODERATE,
    *,
    standards: Iterable[str] = (),
    day: int | None = None,
) -> Disruption:
    """Standards turn out to apply, and demand validation before go-live.

    Args:
        severity: how bad it is.
        standards: which (FDA, ISO 9001); by default as many as severity says.
        day: working day of its onset; by default drawn.
    """
    return _row(DisruptionKind.REGULATORY_COMPLIANCE, severity, day, None, standards)


def multilingual_requirements(
    severity: Severity = Severity.MODERATE,
    *,
    languages: Iterable[str] = (),
    day: int | None = None,
) -> Disruption:
    """Users need the system, its documents and its training in other languages.

    Args:
        severity: how bad it is.
        languages: which (es, zh); by default as many as severity says.
        day: working day of its onset; by default drawn.
    """
    return _row(DisruptionKind.MULTILINGUAL_REQUIREMENTS, severity, day, None, languages)


def network_failures(
    severity: Severity = Severity.MODERATE,
    *,
    per_week: float | None = None,
    day: int | None = None,
) -> Disruption:
    """The connection to the systems fails from time to time.

    Args:
        severity: how bad it is.
        per_week: failures per working week; by default by severity.
        day: working day of its onset; by default drawn.
    """
    return _row(DisruptionKind.NETWORK_FAILURES, severity, day, per_week)


def parse_edge_case(text: str) -> Disruption:
    """An edge case as written on a command line, such as ``corrupt_data:critical``.

    Args:
        text: ``KIND[:SEVERITY][:AMOUNT|NAME,NAME...][@DAY]``; severity is moderate unless said.

    Raises:
        GoliveError: no such kind or severity, or an amount, names or day that it cannot have.
    """
    rest, _, day_text = text.partition("@")
    kind_text, *options = (part.strip() for part in rest.split(":"))
    kind = EDGE_CASE_KINDS[kind_text].kind
    severity = Severity.MODERATE
    if options and options[0] in tuple(Severity):
        severity = Severity(options.pop(0))
    if len(options) > 1:
        raise GoliveError(
            f"edge case: {text!r}: expected {SYNTAX}, a severity being one of "
            + ", ".join(Severity)
        )
    amount: float | None = None
    words: tuple[str, ...] = ()
    if options:
        amount, words = _amount_or_names(kind, text, options[0])
    if day_text and not day_text.isdigit():
        raise GoliveError(f"edge case: {text!r}: day {day_text!r}: expected a whole number")
    return _row(kind, severity, int(day_text) if day_text else None, amount, words)


def with_edge_cases(
    scenario: ImplementationScenario, disruptions: Iterable[Disruption], *, name: str | None = None
) -> ImplementationScenario:
    """The scenario with further disruptions, its own kept.

    Args:
        scenario: any.
        disruptions: rows to add.
        name: of the new scenario; by default the scenario's own.
    """
    fields: dict[str, object] = {"disruptions": (*scenario.disruptions, *disruptions)}
    if name is not None:
        fields["name"] = name
    return changed(scenario, **fields)


def _amount_or_names(kind: str, text: str, option: str) -> tuple[float | None, tuple[str, ...]]:
    case = EDGE_CASE_KINDS[kind]
    try:
        return float(option), ()
    except ValueError:
        words = tuple(word.strip() for word in option.split(",") if word.strip())
    if not case.names or not words:
        severities = ", ".join(Severity)
        what = f"a number ({case.amount})" if case.amount else "nothing"
        raise GoliveError(
            f"edge case: {text!r}: {option!r}: expected a severity ({severities}) or {what}"
        )
    return None, words


def _row(
    kind: str,
    severity: Severity,
    day: int | None,
    amount: float | None = None,
    names: Iterable[str] = (),
) -> Disruption:
    try:
        return Disruption(
            kind=kind,
            severity=severity,
            day=day,
            amount=None if amount is None else float(amount),
            names=tuple(names),
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = "".join(f"{part}: " for part in first["loc"])
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise GoliveError(f"edge case {kind}: {where}{reason}") from None
