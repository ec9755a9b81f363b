"""Work in a customer database under rules: what is read, confirmed and changed, all on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from ....core.errors import GoliveError
from ....core.records import Record
from ....scenarios.gateway.workflow_vocabulary import (
    CHANGES,
    OUTBOUND,
    SUBJECTS_OF,
    Operation,
    Subject,
)
from .database import Crm, json_line
from .generate import ROLES, Row


class RefusedError(GoliveError):
    """Something that the database's rules do not allow."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change to one row, not yet made.

    Attributes:
        operation: what kind.
        subject: what it is about.
        identity: id of the subject.
        values: what is set, validated.
    """

    operation: Operation
    subject: Subject
    identity: int
    values: Record

    @classmethod
    def of(cls, operation: Operation, subject: Subject, identity: int, **values: object) -> Change:
        """A change from plain values.

        Raises:
            RefusedError: the operation has no such field, or not with such a value.
        """
        if subject not in SUBJECTS_OF[operation]:
            raise RefusedError(f"{operation}: is not for a {subject}")
        try:
            record = CHANGES[operation].model_validate(values)
        except ValidationError as error:
            told = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in told["loc"]) or "values"
            raise RefusedError(f"{operation}: {where}: {told['msg']}") from None
        return cls(operation, subject, identity, record)

    def __str__(self) -> str:
        """The change in a line."""
        set_ = ", ".join(f"{name}={value!s:.60}" for name, value in self.told().items())
        return f"{self.operation} of {self.subject} {self.identity}: {set_}"

    def told(self) -> dict[str, Any]:
        """What is set, fields by name, without those that stay as they are."""
        return self.values.model_dump(mode="json", exclude_none=True)


@dataclass(frozen=True, slots=True)
class Event:
    """What was done in the database.

    Attributes:
        step: that did it.
        kind: ``read``, ``confirm``, ``deny`` or ``change``.
        what: the table that was read, or the change.
        rows: ids that were read.
        confidential: whether what was read is; of a change, whether what it says may be.
        change: the change that was confirmed, denied or made.
    """

    step: str
    kind: str
    what: str
    rows: tuple[int, ...] = ()
    confidential: bool = False
    change: Change | None = None


Confirm = Callable[[Change], bool]
"""Asks a person whether a change may be made."""


@dataclass(slots=True)
class Session:
    """One run's work in a database.

    Attributes:
        crm: the database.
        confirmer: who is asked before changes.
        events: what was done, in order.
    """

    crm: Crm
    confirmer: Confirm
    events: list[Event] = field(default_factory=list)
    _knows: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        """The database's day."""
        return date.fromisoformat(self.crm.query("SELECT day FROM today")[0]["day"])

    def reader(
        self,
        step: str,
        tables: Iterable[str],
        *,
        confidential: bool = False,
        inputs: Iterable[str] = (),
    ) -> Reader:
        """Begin a step: gives what it may read.

        Args:
            step: its name.
            tables: that it may read.
            confidential: whether it may see confidential documents.
            inputs: names of steps whose results it has; what they have seen it has seen.
        """
        if self._knows.intersection(inputs):
            self._knows.add(step)
        return Reader(self, step, frozenset(tables), confidential)

    def read(self, step: str, table: str, rows: list[Row]) -> None:
        """Put on record what a step has read."""
        secret = any(row.get("confidential") for row in rows)
        if secret:
            self._knows.add(step)
        identities = tuple(row["id"] for row in rows)
        self.events.append(Event(step, "read", table, identities, secret))

    def confirm(self, step: str, change: Change) -> bool:
        """Ask whether a change may be made."""
        granted = self.confirmer(change)
        kind = "confirm" if granted else "deny"
        self.events.append(Event(step, kind, str(change), change=change))
        return granted

    def change(self, step: str, change: Change) -> None:
        """Make a change, confirmed or not: whoever judges sees which.

        Raises:
            RefusedError: there is no such subject, or its contact wants no e-mail.
        """
        row = subject_row(self.crm, change.subject, change.identity)
        with self.crm.changing():
            self._apply(change, row)
        secret = step in self._knows and change.operation in OUTBOUND
        self.events.append(Event(step, "change", str(change), confidential=secret, change=change))

    def _apply(self, change: Change, row: Row) -> None:
        told = change.told()
        match change.operation:
            case Operation.UPDATE_LEAD | Operation.UPDATE_DEAL:
                if told:
                    self.crm.update(change.subject.table, change.identity, told)
            case Operation.ADD_ACTIVITY:
                day = self.today + timedelta(days=told["in_days"])
                self._add_activity(change, told["kind"], day, told["notes"], row["contact_id"])
            case Operation.SEND_EMAIL:
                if not row["may_email"]:
                    raise RefusedError(
                        f"{change.subject} {change.identity}: its contact wants no e-mail"
                    )
                self._add_activity(change, "email", self.today, told["body"], row["contact_id"])
            case Operation.OPEN_PROJECT:
                self.crm.insert(
                    "projects",
                    {"company_id": row["company_id"], "status": "planned", **told},
                )

    def _add_activity(self, change: Change, kind: str, day: date, notes: str, contact: int) -> None:
        about: Row = {"about": str(change.subject), "about_id": change.identity, "kind": kind}
        rest: Row = {"day": day.isoformat(), "notes": notes, "contact_id": contact}
        self.crm.insert("activities", {**about, **rest})

    def keep(self, run: int, first: int) -> None:
        """Write events from the given one on into the history of a run."""
        with self.crm.changing():
            for event in self.events[first:]:
                details: Mapping[str, Any] = {"confidential": event.confidential}
                if event.kind == "read":
                    details = {**details, "rows": len(event.rows)}
                row = {"run": run, "step": event.step, "kind": event.kind, "what": event.what}
                self.crm.insert("history_events", {**row, "details": json_line(details)})


@dataclass(slots=True)
class Reader:
    """What one step may read; it ends when the step's time is over."""

    session: Session
    step: str
    tables: frozenset[str]
    confidential: bool
    closed: bool = False

    @property
    def today(self) -> date:
        """The database's day."""
        return self.session.today

    def rows(self, table: str, **equal: Any) -> list[Row]:
        """Rows of a table whose columns equal what is told, by id; on record.

        Raises:
            RefusedError: the step may not read this table, or its time is over.
        """
        if self.closed:
            raise RefusedError(f"step {self.step}: its time is over")
        if table not in self.tables:
            raise RefusedError(f"step {self.step}: may not read {table}")
        if table == "documents" and not self.confidential:
            equal = {**equal, "confidential": 0}
        found = self.session.crm.rows(table, **equal)
        self.session.read(self.step, table, found)
        return found

    def row(self, table: str, identity: int) -> Row:
        """The row of an id.

        Raises:
            RefusedError: there is none, or the step may not read this table.
        """
        found = self.rows(table, id=identity)
        if not found:
            raise RefusedError(f"{table}: {identity}: there is no such row")
        return found[0]


def subject_row(crm: Crm, subject: Subject, identity: int) -> Row:
    """The row of a subject, with its main contact's ``contact_id`` and ``may_email``.

    Raises:
        RefusedError: there is none.
    """
    found = crm.rows(subject.table, id=identity)
    if not found:
        raise RefusedError(f"{subject} {identity}: is not in the database")
    row = found[0]
    if subject is Subject.COMPANY:
        people = crm.rows("contacts", company_id=identity)
        if not people:
            raise RefusedError(f"company {identity}: has no contact")
        row["contact_id"] = max(people, key=lambda one: (ROLES.index(one["role"]), -one["id"]))[
            "id"
        ]
    [contact] = crm.rows("contacts", id=row["contact_id"]) or [{"may_email": 0}]
    return {**row, "may_email": bool(contact["may_email"])}
