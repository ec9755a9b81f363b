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
from .vocabulary import Severity

if TYPE_CHECKING:
    from .scenario import ImplementationScenario

__all__ = [
    "EDGE_CASES",
    "EDGE_CASE_KINDS",
    "EDGE_CASE_TABLE",
    "EdgeCase",
    "edge_case",
    "parse_edge_case",
    "with_edge_cases",
]

SYNTAX = "KIND[:SEVERITY][:AMOUNT|NAME,NAME...][@DAY]"
"""An edge case as it is written on a command line."""


def edge_case(
    kind: str,
    severity: Severity = Severity.MODERATE,
    *,
    amount: float | None = None,
    names: Iterable[str] = (),
    day: int | None = None,
) -> Disruption:
    """An edge case as a row of a scenario.

    Args:
        kind: one of ``EDGE_CASE_KINDS``, such as ``"corrupt_data"``.
        severity: how bad it is.
        amount: how much of it, in the kind's own unit; by default by severity.
        names: what it is about (systems, standards, languages); by default by severity.
        day: working day of its onset; by default drawn.

    Raises:
        GoliveError: no such kind, or an amount, names or a day that it cannot have.
    """
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
    day = int(day_text) if day_text else None
    return edge_case(kind, severity, amount=amount, names=words, day=day)


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
