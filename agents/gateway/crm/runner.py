"""Runs a workflow over a CRM database: step by step, with retries, fallbacks and a history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ....core.errors import GoliveError
from ....core.records import Record
from ....scenarios.gateway.workflow import (
    Change,
    Create,
    CrmAgent,
    Select,
    Step,
    Workflow,
    resolved,
)
from ....sim.gateway.crm.database import CrmDatabase, Reader
from .checking import check_workflow
from .rules import by_rules, facts_of

Answer = Callable[[CrmAgent, Mapping[str, Any]], Record]
"""Makes an agent's result of the rows that it looks at."""
Confirm = Callable[[Step, Mapping[str, Any]], bool]
"""Asks whether a step may change what it is about to: true or false."""
SUBJECTS = ("lead", "deal", "company")
"""Arguments of agents that may be a list: one result for each."""


class NotConfirmedError(GoliveError):
    """A change that was asked for and refused."""


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """The end of a step.

    Attributes:
        name: of the step.
        does: its agent, or ``select``, ``change``, ``create``.
        status: ``done``, ``fallback``, ``failed``, ``refused`` or ``skipped``.
        attempts: made.
        result: plain data; None where there is none.
        error: of the last attempt; empty if it was done.
    """

    name: str
    does: str
    status: str
    attempts: int
    result: Any
    error: str = ""


@dataclass(slots=True)
class WorkflowRun:
    """A run of a workflow.

    Attributes:
        number: of the run in the database's history.
        workflow: its name.
        done: whether every step was done, or had a fallback.
        steps: in the order in which they were run.
    """

    number: int
    workflow: str
    done: bool = True
    steps: list[StepOutcome] = field(default_factory=list)

    @property
    def results(self) -> dict[str, Any]:
        """Results by step."""
        return {step.name: step.result for step in self.steps if step.result is not None}


def run_workflow(
    crm: CrmDatabase,
    workflow: Workflow,
    told: Mapping[str, Any] | None = None,
    *,
    confirm: Confirm = lambda step, about: True,
    answer: Answer = by_rules,
) -> WorkflowRun:
    """Run a workflow to its end; what fails is told, not raised.

    Args:
        crm: the database; history and changes are written into it.
        workflow: what is done.
        told: its input, over what the file says.
        confirm: is asked before rows are changed; the usual one agrees.
        answer: who the agents are: the rules, or a language model.

    Raises:
        GoliveError: an input is told that it does not have, the workflow would fail whatever the
            database holds, or the database is locked or damaged.
    """
    check_workflow(workflow)
    given = {**workflow.input, **(told or {})}
    for name in told or {}:
        if name not in workflow.input:
            known = ", ".join(workflow.input) or "nothing"
            raise GoliveError(f"input: {name!r}: {workflow.name} takes {known}")
    missing = [name for name, value in given.items() if value is None]
    if missing:
        raise GoliveError(f"input: {missing[0]}: {workflow.name} needs a value")
    run = WorkflowRun(crm.begin_run(workflow.name, workflow.audience, given), workflow.name)
    try:
        _run_steps(crm, workflow, run, {"input": given}, confirm, answer)
    except BaseException:
        crm.end_run(run.number, "interrupted")
        raise
    crm.end_run(run.number, "done" if run.done else "failed")
    return run


def _run_steps(
    crm: CrmDatabase,
    workflow: Workflow,
    run: WorkflowRun,
    results: dict[str, Any],
    confirm: Confirm,
    answer: Answer,
) -> None:
    for step in workflow.in_order():
        lost = [name for name in workflow.before(step) if name not in results]
        outcome = (
            StepOutcome(step.name, _does(step), "skipped", 0, None, f"needs {', '.join(lost)}")
            if lost
            else _Attempt(crm, run.number, step, workflow, results, confirm, answer).outcome()
        )
        run.steps.append(outcome)
        run.done = run.done and outcome.status in ("done", "fallback")
        if outcome.result is not None:
            results[step.name] = outcome.result
        if lost:
            crm.note_step(run.number, name=step.name, does=outcome.does, status="skipped",
                          attempts=0, confirmed=0, error=outcome.error)  # fmt: skip


def _does(step: Step) -> str:
    if step.agent is not None:
        return step.agent.value
    return "select" if step.select else "change" if step.change else "create"


@dataclass(slots=True)
class _Attempt:
    crm: CrmDatabase
    run: int
    step: Step
    workflow: Workflow
    results: Mapping[str, Any]
    confirm: Confirm
    answer: Answer
    told: Any = None
    confirmed: bool = False

    def outcome(self) -> StepOutcome:
        """Try until it is done or the retries are used up."""
        step, attempts, error, status, result = self.step, 0, "", "failed", None
        while attempts <= step.retries:
            attempts += 1
            try:
                result, status, error = self._once(), "done", ""
                break
            except NotConfirmedError as refused:
                status, error = "refused", str(refused)
                break
            except GoliveError as problem:
                error = str(problem)
        if status == "failed" and step.fallback is not None:
            try:
                status, result = "fallback", resolved(step.fallback, self.results)
            except GoliveError as problem:
                status, error = "failed", f"{error}; fallback: {problem}"
        self.crm.note_step(
            self.run,
            name=step.name,
            does=_does(step),
            status=status,
            attempts=attempts,
            confirmed=int(self.confirmed),
            input=self.told,
            result=result,
            error=error,
        )
        return StepOutcome(step.name, _does(step), status, attempts, result, error)

    def _once(self) -> Any:
        step = self.step
        reader = Reader(self.run, step.name, step.confidential)
        if step.agent is not None:
            return self._ask(step.agent, reader)
        if step.select is not None:
            return self._select(step.select, reader)
        change = step.change or step.create
        if change is None:
            raise GoliveError(f"{step.name}: nothing to do")
        self.told = resolved(_but_each(change), self.results)
        if step.confirm:
            if not self.confirm(step, self.told):
                raise NotConfirmedError("not confirmed")
            self.confirmed = True
        with self.crm.changes():
            return self._change(change, reader)

    def _ask(self, agent: CrmAgent, reader: Reader) -> Any:
        step = self.step
        if step.input is None:
            self.told = {name: self.results[name] for name in self.workflow.before(step)}
        else:
            self.told = resolved(step.input, self.results)
        many = next((name for name in SUBJECTS if isinstance(self.told.get(name), list)), None)
        if many is None:
            return self._result(agent, self.told, reader)
        return [self._result(agent, {**self.told, many: one}, reader) for one in self.told[many]]

    def _result(self, agent: CrmAgent, given: Mapping[str, Any], reader: Reader) -> Any:
        facts = facts_of(agent, given, self.crm, reader)
        return self.answer(agent, facts).model_dump(mode="json")

    def _select(self, select: Select, reader: Reader) -> Any:
        conditions = [
            type(one).model_validate(resolved(one.model_dump(mode="json"), self.results))
            for one in select.where
        ]
        self.told = {"entity": str(select.entity)}
        rows = self.crm.found(select.entity, conditions, reader, select.most)
        return {"ids": [row["id"] for row in rows], "count": len(rows), "rows": rows}

    def _change(self, change: Change | Create, reader: Reader) -> Any:
        if isinstance(change, Change):
            ids = resolved(change.ids, self.results)
            values = resolved(change.set, self.results)
            for number in ids if isinstance(ids, list) else [ids]:
                self.crm.change(change.entity, number, values, reader)
            return {"ids": ids if isinstance(ids, list) else [ids]}
        each = resolved(change.each, self.results)
        added = []
        for one in each if isinstance(each, list) else [each]:
            values = resolved(change.set, {**self.results, "each": one})
            added.append(self.crm.add(change.entity, values, reader))
        return {"ids": added}


def _but_each(change: Change | Create) -> dict[str, Any]:
    """A change as plain data, without the values that differ from row to row."""
    plain = change.model_dump(mode="json")
    plain["set"] = {name: value for name, value in plain["set"].items() if value != "$each"}
    return plain
