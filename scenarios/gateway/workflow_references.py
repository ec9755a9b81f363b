"""References of workflows: ``$step.field`` and ``$subject.field``, checked before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from .workflow_results import RESULTS, CrmAgent
from .workflow_vocabulary import Subject

SUBJECT = "subject"
"""Name that stands for the run's subject."""
_OF_ALL = ("id", "may_email", "contact_id")
SUBJECT_FIELDS: dict[Subject, tuple[str, ...]] = {
    Subject.LEAD: (
        *("source", "created", "requirements", "budget_usd", "months_to_start"),
        *("status", "score", "company_id", *_OF_ALL),
    ),
    Subject.DEAL: (
        *("name", "stage", "value_usd", "opened", "expected_close", "win_probability"),
        *("risk", "company_id", *_OF_ALL),
    ),
    Subject.COMPANY: (
        *("name", "industry", "employees", "customer_since", "open_tickets", *_OF_ALL),
    ),
}
"""Fields that ``$subject`` has."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a step's result, or in the subject's row."""

    step: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        """The reference as it is written."""
        return "$" + ".".join((self.step, *self.path))


def is_reference(value: object) -> bool:
    """Whether a value of a file is a reference."""
    return isinstance(value, str) and value.startswith("$")


def reference(text: str) -> Reference:
    """The reference that a text is."""
    step, *path = text.removeprefix("$").split(".")
    return Reference(step, tuple(path))


def check_reference(one: Reference, subject: Subject, agent: CrmAgent | None, where: str) -> None:
    """See that a reference leads to a value.

    Raises:
        ValueError: it does not; the message names the field.
    """
    if one.step == SUBJECT:
        if len(one.path) != 1 or one.path[0] not in SUBJECT_FIELDS[subject]:
            raise ValueError(
                f"{where}: {one}: unknown field of a {subject}: "
                f"expected one of {', '.join(SUBJECT_FIELDS[subject])}"
            )
        return
    if agent is None:
        raise ValueError(f"{where}: {one}: step {one.step} is a change and has no result")
    kind: Any = RESULTS[agent]
    for part in one.path:
        kind = _below(kind, part, one, where)
    if not one.path or _model(kind) is not None or get_origin(kind) is tuple:
        raise ValueError(f"{where}: {one}: expected a field that holds one value")


def follow(result: object, path: tuple[str, ...]) -> Any:
    """What a path leads to in a result as plain data; None where it ends before."""
    found: Any = result
    for part in path:
        if isinstance(found, list | tuple):
            found = found[int(part)] if part.isdigit() and int(part) < len(found) else None
        elif isinstance(found, dict):
            found = found.get(part)
        else:
            return None
    return found


def _below(kind: Any, part: str, one: Reference, where: str) -> Any:
    kind = _plain(kind)
    if get_origin(kind) is tuple:
        if not part.isdigit():
            raise ValueError(f"{where}: {one}: {part}: expected the place in a list, such as 0")
        return _plain(get_args(kind)[0])
    model = _model(kind)
    if model is None or part not in model.model_fields:
        known = f": expected one of {', '.join(model.model_fields)}" if model else ""
        raise ValueError(f"{where}: {one}: unknown field {part}{known}")
    return _plain(model.model_fields[part].annotation)


def _model(kind: Any) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _plain(kind: Any) -> Any:
    """A type without annotations and without None."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _plain(next(part for part in get_args(kind) if part is not NoneType))
    return kind
