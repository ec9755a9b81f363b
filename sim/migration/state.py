"""The state of the migration world: plain data, all that its future depends on."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from ...scenarios.migration.vocabulary import Adversity
from ..agenda import Due
from .decision import TABLE_WORKS

STATE_VERSION = 1
NOBODY = -1


class Happening(IntEnum):
    """Kinds of things that happen at an hour; at the same one they happen in this order."""

    EVENING = 0
    """People rest, and the business has changed rows."""
    TROUBLE = 1
    """Something goes wrong."""
    ANSWERED = 2
    SIGNED = 3
    """The data's owner has looked at a table."""
    DONE = 4
    """The team is free again."""
    END = 5
    """The business goes live with what there is."""


class Mapped(IntEnum):
    """Ways in which a table's columns were mapped."""

    NOT = 0
    BY_NAMES = 1
    CHECKED = 2


@dataclass(slots=True)
class TableState:
    """The record of a table: all that is known and was done; nothing of it is latent.

    Attributes:
        rows: of its extract.
        mapped: how (``Mapped``).
        similarity: of headers and names in the mean.
        unmapped: columns of the target to which none is mapped.
        done: how often each work was done, in the order of ``TABLE_WORKS``.
        profile: fields of ``Profile`` as last counted; empty: never.
        profiled_at: hour of that.
        dates_told: 1: a key user says that days come first, -1: months; 0: nobody was asked.
        awaited: answers of key users that are still to come.
        sampled: 1 after a mock load.
        wrong_cells: share of the sample's cells that key users found wrong.
        wrong_dates: likewise of its dates.
        reconciled: 1 after a comparison of totals.
        totals_off: share of the totals that differ.
        with_owner: 1 while the owner looks at it.
        signed: 1 if the owner has signed it.
        refusals: times that the owner has not.
        mappings: times that it was mapped.
        read: rows that were gone through by hand, those of every time.
        found: wrong cells a row that were found by hand the last time; -1: never looked.
        asked: what key users were asked: cells and groups of rows, as addresses.
    """

    rows: int
    mapped: int = Mapped.NOT
    similarity: float = 0.0
    unmapped: int = 0
    done: list[int] = field(default_factory=lambda: [0] * len(TABLE_WORKS))
    profile: list[float] = field(default_factory=list)
    profiled_at: float = 0.0
    dates_told: int = 0
    awaited: int = 0
    sampled: int = 0
    wrong_cells: float = 0.0
    wrong_dates: float = 0.0
    reconciled: int = 0
    totals_off: float = 0.0
    with_owner: int = 0
    signed: int = 0
    refusals: int = 0
    mappings: int = 0
    read: int = 0
    found: float = -1.0
    asked: list[int] = field(default_factory=list)


@dataclass(slots=True)
class UserState:
    """A key user.

    Attributes:
        busy_until: hour at which what they were asked is answered.
        tiredness: 0 to 1; it makes answers wrong.
        gone: 0, or how much less is known of their tables since they left, up to 1.
    """

    busy_until: float = 0.0
    tiredness: float = 0.0
    gone: float = 0.0


@dataclass(slots=True)
class Question:
    """Something that a key user was asked.

    Attributes:
        number: of the question, and of its answer in the agenda.
        table: slot.
        work: that it belongs to.
        attempt: times that the same work was done with the table before.
        tiredness: of who answers, when they were asked.
        rows: that it is about, in groups: cells of one row each, or rows that may be one thing.
        columns: target's column of each row, for questions about cells.
    """

    number: int
    table: int
    work: int
    attempt: int
    tiredness: float
    rows: list[list[int]]
    columns: list[str]


@dataclass(slots=True)
class Totals:
    """Sums of the episode."""

    team_hours: float = 0.0
    key_user_hours: float = 0.0
    fees_usd: float = 0.0
    operations: int = 0
    questions: int = 0
    checked: int = 0
    checked_wrong: int = 0
    mock_loads: int = 0
    rows_changed: int = 0
    decisions: int = 0
    illegal: int = 0
    unmasked: int = 0
    refusals: int = 0
    archived: int = 0


@dataclass(slots=True)
class State:
    """All that the future depends on, between two decisions.

    Attributes:
        now: working hours since the first morning, eight a day.
        customer_seed: latent: of the customer, who may meet other luck.
        traits: latent: 1 or -1, in the order of ``Trait``.
        signs: what was heard of each at the kick-off.
        tables: by slot.
        users: key users.
        log: latent as a whole: what was done with tables (``Ground``).
        questions: that are not answered, by number.
        dues: what will happen, by the order in which it was noted.
        next_order: of dues and questions.
        met: severity of what has gone wrong, in the order of ``Adversity``; 0: has not.
        strict_rules: 1 since the target's rules became stricter.
        masked: 1 if personal data is masked in test loads.
        frozen_at: hour of the freeze; -1: not yet.
        loaded_at: hour of the load; -1: not yet, or never by decision.
        verdict: of what the business went live with; empty before.
        working: whether the team is busy.
        finished: whether it is over.
    """

    now: float
    customer_seed: int
    traits: list[int]
    signs: list[float]
    tables: list[TableState]
    users: list[UserState]
    log: list[dict[str, Any]] = field(default_factory=list)
    questions: dict[int, Question] = field(default_factory=dict)
    dues: dict[int, Due] = field(default_factory=dict)
    next_order: int = 0
    met: list[float] = field(default_factory=lambda: [0.0] * len(Adversity))
    strict_rules: int = 0
    masked: int = 0
    frozen_at: float = -1.0
    loaded_at: float = -1.0
    verdict: dict[str, float] = field(default_factory=dict)
    totals: Totals = field(default_factory=Totals)
    working: bool = False
    finished: bool = False


def to_plain(value: Any) -> Any:
    """A copy of a record as nested dicts, lists, numbers and strings.

    Entries of the log are never changed, so that they are not copied.
    """
    if isinstance(value, State):
        names = [one.name for one in dataclasses.fields(value)]
        plain = {name: to_plain(getattr(value, name)) for name in names if name != "log"}
        for name in ("questions", "dues"):
            plain[name] = list(plain[name].values())
        return {**plain, "log": list(value.log)}
    if dataclasses.is_dataclass(value):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: to_plain(item) for name, item in value.items()}
    return int(value) if isinstance(value, IntEnum) else value


def from_plain(plain: Mapping[str, Any]) -> State:
    """The inverse of ``to_plain`` for a whole state.

    Raises:
        KeyError, TypeError: the layout is not this version's.
    """
    values = {name: to_plain(item) for name, item in plain.items() if name != "log"}
    values["log"] = list(plain["log"])
    values["tables"] = [TableState(**item) for item in values["tables"]]
    values["users"] = [UserState(**item) for item in values["users"]]
    values["questions"] = {one["number"]: Question(**one) for one in values["questions"]}
    values["dues"] = {one["order"]: Due(**one) for one in values["dues"]}
    values["totals"] = Totals(**values["totals"])
    return State(**values)


def digest_of(plain: Any) -> str:
    """Hash of plain data: floats enter by their shortest exact form."""
    return hashlib.blake2b(repr(plain).encode(), digest_size=16).hexdigest()
