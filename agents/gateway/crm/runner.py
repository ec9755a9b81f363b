"""Carries workflows out: order, attempts, time limits, confirmation, what follows a failure."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from time import perf_counter
from typing import Any

from ....core.errors import GoliveError, raised
from ....core.records import Record
from ....scenarios.gateway.workflow import Fallback, Step, Workflow
from ....scenarios.gateway.workflow_references import SUBJECT, Reference, follow, is_reference
from ....scenarios.gateway.workflow_references import reference as read_reference
from ....scenarios.gateway.workflow_results import CrmAgent
from ....scenarios.gateway.workflow_vocabulary import READS
from ....sim.gateway.crm.database import Crm, json_line
from ....sim.gateway.crm.session import Change, Confirm, Session, subject_row
from .rules import RULES
from .work import EACH, AgentError, AgentFunction, Work, checked, label

ALL = "all"
"""What a result is about that is about no single subject."""


class StepStatus(StrEnum):
    """How a step ended."""

    DONE = "done"
    BY_RULES = "done by rules"
    LEFT_OUT = "left out"
    FAILED = "failed"
    SKIPPED = "skipped"


_GONE = frozenset({StepStatus.FAILED, StepStatus.SKIPPED})


@dataclass(slots=True)
class StepReport:
    """How a step went.

    Attributes:
        name: of the step.
        what: its agent or its kind of change.
        status: how it ended.
        attempts: of the agent, over all subjects.
        seconds: that it took.
        results: by what they are about: ``lead 17``, or ``all``.
        changes: that were made.
        error: why it failed or was left out, in a line; empty if it was not.
    """

    name: str
    what: str
    status: StepStatus = StepStatus.DONE
    attempts: int = 0
    seconds: float = 0.0
    results: dict[str, Record] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    error: str = ""


@dataclass(slots=True)
class RunReport:
    """How a run went.

    Attributes:
        run: its number in the history.
        steps: in the order in which they were taken.
        session: all that was read, confirmed and changed.
    """

    run: int
    steps: list[StepReport]
    session: Session

    @property
    def fine(self) -> bool:
        """Whether no step failed or was skipped."""
        return not any(step.status in _GONE for step in self.steps)


def run_workflow(
    workflow: Workflow,
    crm: Crm,
    identities: Sequence[int],
    *,
    confirmer: Confirm,
    agents: Mapping[CrmAgent, AgentFunction] | None = None,
) -> RunReport:
    """Carry a workflow out; what happens stands in the database's history.

    Args:
        workflow: what to do.
        crm: where.
        identities: ids of what it is about.
        confirmer: who is asked before changes.
        agents: that take the place of the rules.

    Raises:
        GoliveError: no subject, one that is not there or named twice; then nothing was done.
    """
    if not identities:
        raise GoliveError(f"{workflow.name}: expected at least one {workflow.subject}")
    if len(set(identities)) < len(identities):
        raise GoliveError(f"{workflow.name}: a {workflow.subject} is named twice")
    for identity in identities:
        subject_row(crm, workflow.subject, identity)
    session = Session(crm, confirmer)
    row = {"workflow": workflow.name, "started": datetime.now(UTC).isoformat(timespec="seconds")}
    rest = {"subject": str(workflow.subject), "subjects": json_line(list(identities))}
    with crm.changing():
        run = crm.insert("history_runs", {**row, **rest, "status": "running"})
    made = _Run(workflow, session, tuple(identities), {**RULES, **(agents or {})})
    report, status = RunReport(run, [], session), "interrupted"
    try:
        for place, step in enumerate(workflow.order()):
            first = len(session.events)
            told = made.take(step)
            report.steps.append(told)
            _keep(crm, run, place, told)
            session.keep(run, first)
        status = "done" if report.fine else "failed"
    finally:
        with crm.changing():
            crm.update("history_runs", run, {"status": status})
    return report


def _keep(crm: Crm, run: int, place: int, told: StepReport) -> None:
    results = {about: one.model_dump(mode="json") for about, one in told.results.items()}
    row = {"run": run, "place": place, "name": told.name, "what": told.what}
    how = {"status": str(told.status), "attempts": told.attempts, "error": told.error}
    with crm.changing():
        crm.insert(
            "history_steps",
            {**row, **how, "seconds": round(told.seconds, 4), "result": json_line(results)},
        )


@dataclass(slots=True)
class _Run:
    workflow: Workflow
    session: Session
    identities: tuple[int, ...]
    agents: Mapping[CrmAgent, AgentFunction]
    reports: dict[str, StepReport] = field(default_factory=dict)

    def take(self, step: Step) -> StepReport:
        """Take a step, or skip it if one that it needs has failed."""
        told = StepReport(step.name, str(step.agent or step.change))
        self.reports[step.name] = told
        began = perf_counter()
        gone = [name for name in self.workflow.needs(step) if self.reports[name].status in _GONE]
        if gone:
            told.status = StepStatus.SKIPPED
            told.error = f"{gone[0]} {self.reports[gone[0]].status}"
            return told
        try:
            if step.agent:
                self._ask(step, step.agent, told)
            else:
                self._change(step, told)
        except GoliveError as error:
            told.error = str(error)
            told.status = StepStatus.FAILED
            if step.fallback is Fallback.LEAVE_OUT:
                told.status = StepStatus.LEFT_OUT
        told.seconds = perf_counter() - began
        return told

    def _ask(self, step: Step, agent: CrmAgent, told: StepReport) -> None:
        """Let an agent work, on each subject if it is such an agent."""
        groups = [(one,) for one in self.identities] if agent in EACH else [self.identities]
        results: dict[str, Record] = {}
        for group in groups:
            about = label(self.workflow.subject, group[0]) if agent in EACH else ALL
            results[about] = self._attempted(step, agent, group, about, told)
        told.results = results

    def _attempted(
        self, step: Step, agent: CrmAgent, group: tuple[int, ...], about: str, told: StepReport
    ) -> Record:
        """The result of the first attempt that succeeds, or of the rules.

        Raises:
            AgentError: none did.
        """
        problem = ""
        for _ in range(step.retries + 1):
            told.attempts += 1
            try:
                return self._attempt(self.agents[agent], step, agent, group, about)
            except AgentError as error:
                problem = str(error)
        if step.fallback is Fallback.RULES and self.agents[agent] is not RULES[agent]:
            told.attempts += 1
            result = self._attempt(RULES[agent], step, agent, group, about)
            told.status, told.error = StepStatus.BY_RULES, problem
            return result
        raise AgentError(problem)

    def _attempt(
        self, do: AgentFunction, step: Step, agent: CrmAgent, group: tuple[int, ...], about: str
    ) -> Record:
        """One attempt, in a thread of its own so that it can be left when its time is over."""
        needs = self.workflow.needs(step)
        reader = self.session.reader(
            step.name, READS[agent], confidential=step.confidential, inputs=needs
        )
        work = Work(reader, self.workflow.subject, group, self._inputs(step, about), step.question)
        found: list[Record | str] = []

        def attempt() -> None:
            try:
                found.append(checked(agent, do(work)))
            except GoliveError as error:
                found.append(str(error))
            except Exception as error:  # somebody's agent: whatever it raises is its failure
                found.append(raised(error))

        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
        thread.join(step.timeout_seconds)
        reader.closed = True
        if not found:
            raise AgentError(f"no result within {step.timeout_seconds:g} s")
        if isinstance(found[0], str):
            raise AgentError(found[0])
        return found[0]

    def _inputs(self, step: Step, about: str) -> dict[str, dict[str, Record]]:
        """Results of the steps before, for one subject those that are about it."""
        inputs: dict[str, dict[str, Record]] = {}
        for name in self.workflow.needs(step):
            results = self.reports[name].results
            if about != ALL:
                results = {key: one for key, one in results.items() if key in (about, ALL)}
            if results:
                inputs[name] = results
        return inputs

    def _change(self, step: Step, told: StepReport) -> None:
        """Make the changes of a step, after they have been confirmed.

        Raises:
            GoliveError: one cannot be made, or was not confirmed.
        """
        assert step.change is not None
        self.session.reader(step.name, (), inputs=self.workflow.needs(step))
        changes = []
        for identity in self._targets(step):
            if all(
                one.holds(self._value(read_reference(one.value), identity)) for one in step.when
            ):
                values = {
                    name: self._value(read_reference(value), identity)
                    if is_reference(value)
                    else value
                    for name, value in step.set.items()
                }
                changes.append(Change.of(step.change, self.workflow.subject, identity, **values))
        denied = 0
        for change in changes:
            if step.confirm and not self.session.confirm(step.name, change):
                denied += 1
                continue
            self.session.change(step.name, change)
            told.changes.append(str(change))
        if denied:
            raise GoliveError(f"{denied} of {len(changes)} changes not confirmed")

    def _targets(self, step: Step) -> tuple[int, ...]:
        """Ids of the subjects that a step changes."""
        if step.of is None:
            return self.identities
        named = self._value(read_reference(step.of), self.identities[0])
        for identity in self.identities:
            if str(named) == label(self.workflow.subject, identity):
                return (identity,)
        known = ", ".join(label(self.workflow.subject, one) for one in self.identities)
        raise GoliveError(f"{step.of}: {str(named)[:60]!r}: expected one of {known}")

    def _value(self, one: Reference, identity: int) -> Any:
        if one.step == SUBJECT:
            row = subject_row(self.session.crm, self.workflow.subject, identity)
            return row.get(one.path[0])
        results = self.reports[one.step].results
        found = results.get(label(self.workflow.subject, identity), results.get(ALL))
        return follow(found.model_dump(mode="json") if found else None, one.path)
