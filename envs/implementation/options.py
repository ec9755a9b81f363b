"""Options of an implementation's episode besides scenario and seed."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ...core.errors import GoliveError
from ...core.records import changed
from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.disruption import Disruption
from ...scenarios.implementation.edge_cases import parse_edge_case, with_edge_cases
from ...scenarios.implementation.opponents import OpponentPlan, parse_opponent
from ...scenarios.implementation.scenario import ImplementationScenario
from ...sim.world_kind import EpisodeOption


def _customer(customer: object) -> str | Customer:
    if isinstance(customer, Customer):
        return customer
    if isinstance(customer, str) and customer in ("drawn", "reference"):
        return customer
    raise GoliveError(f"customer: {customer!r}: expected 'drawn', 'reference' or a Customer")


def _customer_text(customer: str | Customer) -> str:
    return customer if isinstance(customer, str) else customer.name


def _disruptions(rows: object) -> list[Disruption]:
    expected = "expected a list of edge cases, such as ['corrupt_data:critical']"
    if isinstance(rows, str) or not isinstance(rows, Sequence):
        raise GoliveError(f"disruptions: {rows!r}: {expected}")
    for row in rows:
        if not isinstance(row, str | Disruption):
            raise GoliveError(f"disruptions: {row!r}: {expected}")
    return [parse_edge_case(row) if isinstance(row, str) else row for row in rows]


def _disrupted(scenario: ImplementationScenario, rows: list[Disruption]) -> ImplementationScenario:
    return with_edge_cases(scenario, rows) if rows else scenario


def _opponent(opponent: object) -> OpponentPlan:
    if isinstance(opponent, OpponentPlan):
        return opponent
    if isinstance(opponent, str | os.PathLike):
        return parse_opponent(opponent)
    raise GoliveError(f"opponent: {opponent!r}: expected a plan, or such as 'adaptive:8'")


def _opposed(scenario: ImplementationScenario, plan: OpponentPlan) -> ImplementationScenario:
    return changed(scenario, opponent=plan)


OPTIONS = {
    "customer": EpisodeOption(
        _customer,
        default="drawn",
        text=_customer_text,
        help="'drawn' (a new customer of the scenario's family each episode), 'reference' (the "
        "scenario's own) or a Customer",
    ),
    "disruptions": EpisodeOption(
        _disruptions,
        vary=_disrupted,
        help="further edge cases, as rows or as texts such as 'corrupt_data:critical'",
    ),
    "opponent": EpisodeOption(_opponent, vary=_opposed, help="a plan, or such as 'adaptive:8'"),
}
"""By name, as ``ImplementationEnv`` and its ``reset`` take them."""
