"""Workflows of the CRM agents: steps that take what earlier ones found, as a YAML file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, JsonValue, StringConstraints, model_validator

from ...core.errors import GoliveError
from ...core.problems import validated
from ...core.records import FirstVersion, Flag, Integer, Name, Record
from ...core.yaml_reader import read_document

MOST_STEPS, MOST_RETRIES = 60, 10
StepName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
_REFERENCE = re.compile(r"^\$([a-z][a-z0-9_]*)((?:\.[a-z0-9_]+)*)$")
LIBRARY = Path(__file__).parent / "workflows"


class CrmAgent(StrEnum):
    """The seven agents over the CRM database."""

    LEAD_QUALIFICATION = "lead_qualification"
    DEAL_ANALYSIS = "deal_analysis"
    CUSTOMER_INSIGHTS = "customer_insights"
    RECOMMENDATION = "recommendation"
    RESEARCH = "research"
    SUMMARY = "summary"
    DECISION = "decision"


class Entity(StrEnum):
    """Tables of the CRM database."""

    CONTACTS = "contacts"
    LEADS = "leads"
    DEALS = "deals"
    ACTIVITIES = "activities"
    PROJECTS = "projects"
    DOCUMENTS = "documents"


class Condition(Record):
    """A condition on a field of a row: all that are given must hold."""

    field: Name
    equals: JsonValue = Field(default=None, description="The value, or a reference to it.")
    at_least: JsonValue = Field(default=None, description="For numbers and days.")
    at_most: JsonValue = Field(default=None, description="Likewise.")
    contains: Name | None = Field(default=None, description="For texts.")


class Select(Record):
    """Rows that are looked for; the step's result is ``ids`` and ``count``."""

    entity: Entity
    where: tuple[Condition, ...] = Field(default=(), max_length=20)
    most: Integer = Field(default=100, ge=1, le=1_000, description="Rows, in the order of ids.")


class Change(Record):
    """Rows whose fields are set."""

    entity: Entity
    ids: JsonValue = Field(description="Ids, or a reference such as $found.ids.")
    set: dict[Name, JsonValue] = Field(min_length=1, description="Values, or references.")


class Create(Record):
    """A row that is added; a list of ids under ``each`` adds one for each of them."""

    entity: Entity
    each: JsonValue = Field(default=None, description="Ids, or a reference; $each in set is one.")
    set: dict[Name, JsonValue] = Field(min_length=1, description="Values, or references.")


class Step(Record):
    """One step: an agent, or rows that are looked for, changed or added."""

    name: StepName
    agent: CrmAgent | None = None
    input: dict[Name, JsonValue] | None = Field(
        default=None, description="Of the agent; null: the results of the steps before it."
    )
    select: Select | None = None
    change: Change | None = None
    create: Create | None = None
    after: tuple[StepName, ...] = Field(
        default=(), description="Steps that must have been done, besides those referred to."
    )
    confirm: Flag = Field(default=True, description="Ask before rows are changed or added.")
    confidential: Flag = Field(
        default=False,
        description="May read confidential rows and take results of steps that may; no other may.",
    )
    retries: Integer = Field(default=1, ge=0, le=MOST_RETRIES, description="After a failure.")
    fallback: dict[Name, JsonValue] | None = Field(
        default=None,
        description="Result if the step fails in the end; null: what needs it is skipped.",
    )

    @model_validator(mode="after")
    def _does_one_thing(self) -> Step:
        kinds = [self.agent, self.select, self.change, self.create]
        if len([kind for kind in kinds if kind is not None]) != 1:
            raise ValueError("expected one of agent, select, change, create")
        if self.input is not None and self.agent is None:
            raise ValueError("input: expected an agent to take it")
        return self

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the steps that it refers to or comes after, each once."""
        return tuple(dict.fromkeys((*self.after, *self._referred())))

    @property
    def only_after(self) -> tuple[str, ...]:
        """Names of the steps that it comes after and does not refer to."""
        return tuple(name for name in self.after if name not in self._referred())

    def _referred(self) -> list[str]:
        plain = self.model_dump(mode="json", exclude={"name", "after"})
        return [name for name, _ in references(plain) if name not in ("each", "input")]


class Workflow(Record):
    """Steps whose results go on to later ones."""

    golive_workflow: FirstVersion = Field(default=1, description="Version of the format.")
    name: Name
    description: str = Field(default="", max_length=600)
    audience: Annotated[str, StringConstraints(pattern="^(inside|outside)$")] = Field(
        default="inside", description="Who reads what it writes: inside or outside."
    )
    input: dict[Name, JsonValue] = Field(
        default_factory=dict, description="What it is run with, and what holds unless told."
    )
    steps: tuple[Step, ...] = Field(min_length=1, max_length=MOST_STEPS)

    @model_validator(mode="after")
    def _can_be_run(self) -> Workflow:
        names = [step.name for step in self.steps]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"steps: {name!r} is there twice")
        for step in self.steps:
            unknown = [name for name in step.needs if name not in names]
            if unknown:
                known = ", ".join(names)
                raise ValueError(f"steps: {step.name}: ${unknown[0]}: expected one of {known}")
        secret = {step.name for step in self.steps if step.confidential}
        for step in self.in_order():
            # A result tells of the rows behind it; ``after`` alone hands nothing on.
            handed = secret.intersection(self.before(step)).difference(
                () if step.agent is not None and step.input is None else step.only_after
            )
            if handed and not step.confidential:
                name = min(handed)
                raise ValueError(
                    f"steps: {step.name}: takes what {name} found: expected confidential: true"
                )
        return self

    def in_order(self) -> tuple[Step, ...]:
        """The steps, each after those that it needs; otherwise as they stand.

        Raises:
            ValueError: they need each other in a circle.
        """
        left, done = list(self.steps), list[Step]()
        while left:
            known = {step.name for step in done}
            ready = [step for step in left if known.issuperset(self.before(step))]
            if not ready:
                circle = ", ".join(step.name for step in left)
                raise ValueError(f"steps: {circle}: they need each other in a circle")
            done.append(ready[0])
            left.remove(ready[0])
        return tuple(done)

    def before(self, step: Step) -> tuple[str, ...]:
        """Names of the steps whose results a step needs; all before it if its input is null."""
        if step.agent is not None and step.input is None:
            place = self.steps.index(step)
            return tuple(dict.fromkeys((*step.needs, *(one.name for one in self.steps[:place]))))
        return step.needs


def references(value: Any) -> Iterator[tuple[str, str]]:
    """Step and path of every reference, such as ``$found.ids``, within plain data."""
    if isinstance(value, str):
        found = _REFERENCE.match(value)
        if found:
            yield found[1], found[2].lstrip(".")
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from references(part)


def resolved(value: Any, results: Mapping[str, Any]) -> Any:
    """Plain data with every reference replaced by what it refers to.

    Raises:
        GoliveError: there is no such result.
    """
    if isinstance(value, str) and (found := _REFERENCE.match(value)):
        here: Any = results.get(found[1])
        for part in found[2].lstrip(".").split(".") if found[2] else ():
            if isinstance(here, list) and part.isdigit() and int(part) < len(here):
                here = here[int(part)]
            elif isinstance(here, Mapping) and part in here:
                here = here[part]
            else:
                raise GoliveError(f"{value}: no such result")
        if found[1] not in results:
            raise GoliveError(f"{value}: no such result")
        return here
    if isinstance(value, Mapping):
        return {name: resolved(part, results) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [resolved(part, results) for part in value]
    return value


def read_workflow(place: str | Path) -> Workflow:
    """A workflow by the path of its file, or by its name in the library.

    Raises:
        GoliveError: it cannot be read, or is no workflow.
    """
    path = Path(place)
    own = LIBRARY / f"{place}.yaml"
    if not path.exists() and own.exists():
        path = own
    if not path.exists():
        known = ", ".join(sorted(one.stem for one in LIBRARY.glob("*.yaml")))
        raise GoliveError(f"workflow: {str(place)!r}: neither a file nor one of {known}")
    return validated(Workflow, read_document(path))
