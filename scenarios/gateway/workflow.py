"""Workflows: steps of agents and changes, a graph without cycles, as a YAML file."""

from __future__ import annotations

from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    Field,
    JsonValue,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from ...core.errors import GoliveError
from ...core.problems import validated
from ...core.records import FirstVersion, Flag, Integer, Name, Number, Record, Slug
from ...core.yaml_reader import read_document
from .workflow_references import SUBJECT, Reference, check_reference, is_reference, reference
from .workflow_results import CrmAgent
from .workflow_vocabulary import ANALYSED, CHANGES, OUTBOUND, SUBJECTS_OF, Operation, Subject

FOLDER = Path(__file__).with_name("workflows")
"""Where the workflows lie that golive brings along."""
ReferenceText = Annotated[str, StringConstraints(pattern=r"^\$[a-z0-9_-]+(\.[a-z0-9_]+)*$")]


class Fallback(StrEnum):
    """What happens when a step's agent fails after all attempts."""

    NONE = "none"
    RULES = "rules"
    LEAVE_OUT = "leave_out"


class Condition(Record):
    """When a change is made: what a reference leads to, compared with a value."""

    value: ReferenceText = Field(description="Such as $score.quality_score.")
    equals: str | Flag | Number | None = Field(default=None, description="It must be this.")
    differs_from: str | None = Field(default=None, description="It must be something else.")
    at_least: Number | None = Field(default=None, description="It must be this or more.")
    at_most: Number | None = Field(default=None, description="It must be this or less.")

    @model_validator(mode="after")
    def _compares(self) -> Self:
        tests = (self.equals, self.differs_from, self.at_least, self.at_most)
        if all(one is None for one in tests):
            raise ValueError(
                "value: compared with nothing: expected equals, differs_from, at_least or at_most"
            )
        return self

    def holds(self, found: Any) -> bool:
        """Whether a value fulfils it; a missing one or one of another kind does not."""
        if self.equals is not None and found != self.equals:
            return False
        if self.differs_from is not None and found in (None, self.differs_from):
            return False
        if self.at_least is None and self.at_most is None:
            return True
        if not isinstance(found, int | float):
            return False
        low = self.at_least is None or found >= self.at_least
        return low and (self.at_most is None or found <= self.at_most)


class Step(Record):
    """A step: an agent's work, or a change to the database."""

    name: Slug = Field(description="Its name, unique in the workflow.")
    agent: CrmAgent | None = Field(default=None, description="Who does it; null: it is a change.")
    input: tuple[Slug, ...] | None = Field(
        default=None,
        description="Steps whose results an agent gets, or a change waits for; "
        "null: of an agent all before it in the file, of a change those that it refers to.",
    )
    question: str = Field(default="", max_length=2_000, description="What the agent is asked.")
    confidential: Flag = Field(
        default=False, description="Whether it may see confidential documents."
    )
    retries: Integer = Field(default=0, ge=0, le=10, description="Further attempts of an agent.")
    timeout_seconds: Number = Field(
        default=60.0, gt=0.0, le=3_600.0, description="For one attempt of an agent."
    )
    fallback: Fallback = Field(
        default=Fallback.NONE,
        description="When the agent fails: none (what follows is skipped), rules (golive's own "
        "rules do it), leave_out (what follows goes on without it).",
    )
    change: Operation | None = Field(default=None, description="Kind of change; null: an agent.")
    of: ReferenceText | None = Field(
        default=None,
        description="Where the subject is named that is changed; null: each subject of the run.",
    )
    set: dict[str, JsonValue] = Field(
        default_factory=dict, description="Fields of the change: values, or references with $."
    )
    when: tuple[Condition, ...] = Field(
        default=(), description="What must hold for the change to be made, all of it."
    )
    confirm: Flag = Field(default=True, description="Whether a person is asked before the change.")

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if (self.agent is None) == (self.change is None):
            raise ValueError("agent: expected either agent or change")
        for_changes = {"of", "set", "when", "confirm"}
        for_agents = {"question", "confidential", "retries", "timeout_seconds", "fallback"}
        foreign = for_changes if self.agent else for_agents
        given = sorted(self.model_fields_set & foreign)
        if given:
            kind = "an agent's step" if self.agent else "a change"
            raise ValueError(f"{given[0]}: expected no such field in {kind}")
        return self

    def references(self) -> tuple[Reference, ...]:
        """What the step refers to."""
        texts = [one.value for one in self.when]
        texts += [self.of] if self.of else []
        texts += [value for value in self.set.values() if is_reference(value)]
        return tuple(reference(text) for text in texts)


class Workflow(Record):
    """A workflow: what it is about, and its steps in any order that has no cycle."""

    schema_version: FirstVersion = 1
    name: Slug = Field(description="Its name.")
    title: Name = Field(description="What it does, in a line.")
    subject: Subject = Field(description="What a run is about: one or more of these.")
    steps: tuple[Step, ...] = Field(min_length=1, max_length=60, description="What is done.")

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        names = [step.name for step in self.steps]
        for index, step in enumerate(self.steps):
            where = f"steps[{index}]"
            if names.index(step.name) < index:
                raise ValueError(f"{where}.name: {step.name}: is given twice")
            if step.name == SUBJECT:
                raise ValueError(f"{where}.name: {step.name}: means the run's subject")
            for needed in self.needs(step):
                if needed not in names:
                    known = ", ".join(name for name in names if name != step.name)
                    raise ValueError(
                        f"{where}: {needed!r}: there is no such step: expected one of {known}"
                    )
        self.order()
        for index, step in enumerate(self.steps):
            self._check(step, f"steps[{index}]")
        return self

    def step(self, name: str) -> Step:
        """The step of a name."""
        return next(step for step in self.steps if step.name == name)

    def needs(self, step: Step) -> tuple[str, ...]:
        """Names of the steps that must have ended before it."""
        named = [one.step for one in step.references() if one.step != SUBJECT]
        if step.input is not None:
            named += step.input
        elif step.agent:
            named += [one.name for one in self.steps[: self.steps.index(step)] if one.agent]
        return tuple(dict.fromkeys(named))

    def order(self) -> tuple[Step, ...]:
        """The steps so that each comes after those that it needs; else as in the file.

        Raises:
            ValueError: they form a cycle.
        """
        sorter = TopologicalSorter({step.name: self.needs(step) for step in self.steps})
        try:
            sorter.prepare()
        except CycleError as error:
            raise ValueError(f"steps: a cycle: {' -> '.join(error.args[1])}") from None
        places = {step.name: index for index, step in enumerate(self.steps)}
        found: list[Step] = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready(), key=places.__getitem__)
            found += [self.step(name) for name in ready]
            sorter.done(*ready)
        return tuple(found)

    def all_before(self, step: Step) -> frozenset[str]:
        """Names of all steps whose results can have gone into it."""
        found: set[str] = set()
        open_ = list(self.needs(step))
        while open_:
            name = open_.pop()
            if name not in found:
                found.add(name)
                open_ += self.needs(self.step(name))
        return frozenset(found)

    def _check(self, step: Step, where: str) -> None:
        """Check a step against what its agent, or its change, takes."""
        if step.agent:
            if self.subject not in ANALYSED.get(step.agent, frozenset(Subject)):
                raise ValueError(
                    f"{where}.agent: {step.agent}: cannot be asked about a {self.subject}"
                )
            if step.agent not in ANALYSED and not self.needs(step):
                raise ValueError(f"{where}.input: {step.agent}: needs the result of a step before")
        for one in step.references():
            if one.step != SUBJECT:
                made = self.step(one.step)
                if made.fallback is Fallback.LEAVE_OUT:
                    raise ValueError(f"{where}: {one}: step {one.step} may be left out")
            check_reference(one, self.subject, self._agent_of(one), where)
        if step.change:
            self._check_change(step, step.change, where)

    def _agent_of(self, one: Reference) -> CrmAgent | None:
        return None if one.step == SUBJECT else self.step(one.step).agent

    def _check_change(self, step: Step, change: Operation, where: str) -> None:
        if self.subject not in SUBJECTS_OF[change]:
            raise ValueError(f"{where}.change: {change}: is not for a {self.subject}")
        fields = CHANGES[change].model_fields
        for name, value in step.set.items():
            if name not in fields:
                raise ValueError(
                    f"{where}.set.{name}: unknown field of {change}: expected {', '.join(fields)}"
                )
            if not is_reference(value):
                try:
                    TypeAdapter(Annotated[fields[name].annotation, fields[name]]).validate_python(
                        value
                    )
                except ValidationError as error:
                    message = error.errors(include_url=False)[0]["msg"]
                    raise ValueError(f"{where}.set.{name}: {value!r}: {message}") from None
        for name, field in fields.items():
            if field.is_required() and name not in step.set:
                raise ValueError(f"{where}.set.{name}: missing: {change} needs it")
        if change in OUTBOUND:
            for name in sorted(self.all_before(step)):
                if self.step(name).confidential:
                    raise ValueError(
                        f"{where}.change: {change}: leaves the house, and step {name} before it "
                        "may see confidential documents"
                    )


def workflow_names() -> tuple[str, ...]:
    """Names of the workflows that golive brings along."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def load_workflow(name_or_path: str | Path) -> Workflow:
    """A workflow by its file, or by the name of one that golive brings along.

    Raises:
        GoliveError: there is none, or its file is not right; the message names the line.
    """
    path = Path(name_or_path)
    if str(name_or_path) in workflow_names():
        path = FOLDER / f"{name_or_path}.yaml"
    elif path.suffix not in (".yaml", ".yml"):
        raise GoliveError(
            f"workflow: {str(name_or_path)!r}: expected a .yaml file or one of "
            f"{', '.join(workflow_names())}"
        )
    return validated(Workflow, read_document(path))
