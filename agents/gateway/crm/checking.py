"""Checks of a workflow before it runs: its columns, and what its references lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ....core.errors import GoliveError
from ....scenarios.gateway.workflow import Entity, Step, Workflow, references
from ....sim.gateway.crm.database import COLUMNS
from .results import RESULTS


def check_workflow(workflow: Workflow) -> None:
    """Refuse a workflow that would fail whatever the database holds.

    Raises:
        GoliveError: a step names a column that no table has, or refers to an input or to part of
            a result that there will not be.
    """
    by_name = {step.name: step for step in workflow.steps}
    for step in workflow.steps:
        for entity, column, known in _columns(step):
            if column not in known:
                _refuse(step, f"{entity}.{column}", known)
        for name, path in references(step.model_dump(mode="json", exclude={"name", "after"})):
            parts = path.split(".") if path else []
            if name == "input":
                if parts and parts[0] not in workflow.input:
                    _refuse(step, f"${name}.{path}", workflow.input or ("nothing",))
            elif name == "each":
                if parts or step.create is None:
                    _refuse(step, f"${name}{'.' if path else ''}{path}", ("$each in create",))
            else:
                _check_path(step, by_name[name], parts)


def _columns(step: Step) -> Iterator[tuple[Entity, str, tuple[str, ...]]]:
    """Table, column and the columns that may stand there; nobody sets an id."""
    if step.select is not None:
        entity = step.select.entity
        yield from ((entity, one.field, COLUMNS[entity]) for one in step.select.where)
    change = step.change or step.create
    if change is not None:
        yield from ((change.entity, name, COLUMNS[change.entity][1:]) for name in change.set)


def _check_path(step: Step, source: Step, parts: list[str]) -> None:
    """A path begins with a field of the result; before it, a number of a list of results."""
    if source.agent is not None:
        known = {*RESULTS[source.agent].model_fields, *(source.fallback or {})}
        if parts and parts[0].isdigit():
            parts = parts[1:]
    else:
        found = ("ids", "count", "rows") if source.select is not None else ("ids",)
        known = {*found, *(source.fallback or {})}
    if parts and parts[0] not in known:
        _refuse(step, f"${source.name}.{'.'.join(parts)}", sorted(known))
    if source.select is not None and source.fallback is None and parts[:1] == ["rows"]:
        column = parts[2:3]
        if column and column[0] not in COLUMNS[source.select.entity]:
            _refuse(step, f"${source.name}.{'.'.join(parts)}", COLUMNS[source.select.entity])


def _refuse(step: Step, what: str, known: Iterable[str]) -> None:
    raise GoliveError(f"steps: {step.name}: {what}: expected one of {', '.join(known)}")
