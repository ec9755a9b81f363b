"""Files that a scenario's file names instead of repeating what they hold."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel

from ...core.errors import GoliveError
from ...core.problems import validated
from ...core.yaml_reader import Document, read_document
from ..loader import resolved, scenario_file
from .challenge_weeks import with_challenges_in_plan
from .plan import Plan
from .scenario import ImplementationScenario


def load_plan(path: str | os.PathLike[str]) -> Plan:
    """The plan of a file, as ``golive plan import`` writes it.

    Raises:
        GoliveError: if there is none, or (``InvalidRecordError``) it is not valid.
    """
    return validated(Plan, read_document(Path(path)))


def read_references(document: Document) -> dict[str, BaseModel]:
    """The fields of a scenario that stand in other files: its customer, its plan.

    Raises:
        GoliveError: a file that is not there, or one that is not valid.
    """
    replaced: dict[str, BaseModel] = {}
    reference, plan = document.data.get("customer"), document.data.get("plan")
    weeks = plan.get("weeks") if isinstance(plan, dict) else None
    if isinstance(plan, str):
        own = load_plan(_plan_file(plan, document))
        replaced["plan"], weeks = own, own.weeks
    if isinstance(reference, str):
        source = _referenced(reference, document)
        customer = source.customer
        if isinstance(weeks, int) and not isinstance(weeks, bool) and weeks >= 1:
            customer = with_challenges_in_plan(customer, source.plan.weeks, weeks)
        replaced["customer"] = customer
    return replaced


def _plan_file(entry: str, document: Document) -> Path:
    """The file of a plan that a scenario names by its path beside the scenario's own."""
    path = document.path.parent / entry
    if not path.is_file():
        raise GoliveError(
            f"{document.path}:{document.line(('plan',))}: plan: {entry!r}: "
            "there is no such file beside it: expected a plan, or the path of a file that holds one"
        )
    return path


def _referenced(reference: str, document: Document) -> ImplementationScenario:
    """The scenario whose customer another one shares; it must hold the customer itself."""
    source = read_document(scenario_file(resolved(reference, document, ("customer",))))
    if isinstance(source.data.get("customer"), str):
        raise GoliveError(
            f"{document.path}:{document.line(('customer',))}: customer: {reference!r}: "
            "expected a scenario that holds its customer itself"
        )
    return validated(ImplementationScenario, source)
