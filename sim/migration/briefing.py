"""Everything that may be known at a decision point."""

from __future__ import annotations

from dataclasses import dataclass

from .archive import ARCHIVED
from .decision import CHOICES, TABLES, LegalDecisions, Work
from .state import Mapped, TableState
from .target import TARGET, ColumnKind
from .visible import NAMES, Profile


@dataclass(frozen=True, slots=True)
class TableView:
    """A table, as the team knows it.

    Attributes:
        rows: of its extract.
        mapped: 0: not, 1: by names, 2: with a key user.
        similarity: of headers and names, in the mean.
        unmapped: columns of the target to which none is mapped.
        done: how often each work was done, in the order of ``TABLE_WORKS``.
        profile: as last counted; None: never.
        profile_age: hours since.
        dates_told: 1: a key user says that days come first, -1: months; 0: nobody was asked.
        awaited: answers that are still to come.
        sampled: whether a mock load was looked at.
        wrong_cells: share of the sample's cells that key users found wrong.
        wrong_dates: likewise of its dates.
        reconciled: whether totals were compared.
        totals_off: share of the totals that differ.
        with_owner: whether the owner looks at it.
        signed: whether the owner has signed.
        refusals: times that the owner has not.
        read: rows that were gone through by hand, those of every time.
        found: wrong cells a row that were found by hand the last time; -1: never looked.
    """

    rows: int
    mapped: int
    similarity: float
    unmapped: int
    done: tuple[int, ...]
    profile: Profile | None
    profile_age: float
    dates_told: int
    awaited: int
    sampled: bool
    wrong_cells: float
    wrong_dates: float
    reconciled: bool
    totals_off: float
    with_owner: bool
    signed: bool
    refusals: int
    read: int
    found: float


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that may be known at a decision point.

    Attributes:
        decision: number of decisions before.
        now: working hours since the first morning.
        golive_in_hours: until the planned go-live; negative after it.
        weeks: until the planned go-live, in all.
        frozen: whether the old systems are frozen.
        frozen_hours: since when.
        signs: what was heard of each trait at the kick-off, in the order of ``Trait``.
        waits: half-days until each key user is free.
        tired: how tired each of them is, 0 to 1.
        answers_checked: answers that the team could check by itself.
        answers_wrong: of them, those that were wrong.
        rows_changed: by the business, in mapped tables, so far.
        mock_loads: so far.
        expenses_usd: on hours, key users, fees and the freeze.
        masked: whether personal data is masked in test loads.
        met: severity of what has gone wrong, in the order of ``Adversity``; 0: has not.
        loaded: whether the business is live.
        finished: whether it is over.
        tables: by slot.
    """

    decision: int
    now: float
    golive_in_hours: float
    weeks: int
    frozen: bool
    frozen_hours: float
    signs: tuple[float, ...]
    waits: tuple[float, ...]
    tired: tuple[float, ...]
    answers_checked: int
    answers_wrong: int
    rows_changed: int
    mock_loads: int
    expenses_usd: float
    masked: bool
    met: tuple[float, ...]
    loaded: bool
    finished: bool
    tables: tuple[TableView, ...]


def table_view(table: TableState, now: float) -> TableView:
    """A table as the team knows it."""
    return TableView(
        table.rows,
        table.mapped,
        table.similarity,
        table.unmapped,
        tuple(table.done),
        Profile(*table.profile) if table.profile else None,
        now - table.profiled_at if table.profile else 0.0,
        table.dates_told,
        table.awaited,
        bool(table.sampled),
        table.wrong_cells,
        table.wrong_dates,
        bool(table.reconciled),
        table.totals_off,
        bool(table.with_owner),
        bool(table.signed),
        table.refusals,
        table.read,
        table.found,
    )


_ASKS = (Work.ASK_DATES, Work.ASK_DUPLICATES, Work.ASK_GAPS)
_DATE_WORKS = (Work.READ_DAYS_FIRST, Work.READ_MONTHS_FIRST, Work.ASK_DATES)
_NAME_WORKS = (Work.MERGE_CAUTIOUSLY, Work.MERGE_BOLDLY, Work.ASK_DUPLICATES)


def _never(work: Work, slot: int) -> bool:
    table = TARGET[TABLES[slot]]
    if work in _DATE_WORKS:
        return not table.of_kind(ColumnKind.DATE)
    if work in _NAME_WORKS:
        return table.name not in NAMES
    if work is Work.ARCHIVE:
        return table.name not in ARCHIVED
    return work is Work.REPAIR_REFERENCES and not table.references


_SENSELESS = tuple(one.table >= 0 and _never(one.work, one.table) for one in CHOICES)


def legal_decisions(briefing: Briefing) -> LegalDecisions:
    """The legal decisions, by the briefing alone."""
    if briefing.finished:
        return LegalDecisions(tuple(one.work is Work.WAIT for one in CHOICES))
    some = any(table.mapped for table in briefing.tables)
    whole = {
        Work.WAIT: True,
        Work.MASK: not briefing.masked,
        Work.MOCK_LOAD: some,
        Work.FREEZE: not briefing.frozen,
        Work.LOAD: some,
    }
    return LegalDecisions(
        tuple(
            whole[one.work]
            if one.table < 0
            else not senseless and _is_legal(one.work, briefing.tables[one.table])
            for one, senseless in zip(CHOICES, _SENSELESS, strict=True)
        )
    )


def _is_legal(work: Work, table: TableView) -> bool:
    if table.rows == 0:
        return False
    if work is Work.MAP_QUICKLY:
        return table.mapped == Mapped.NOT
    if work is Work.MAP_CHECKED:
        return table.awaited == 0
    if table.mapped == Mapped.NOT:
        return False
    if work in _ASKS:
        return table.awaited == 0
    if work is Work.SIGN_OFF:
        return not table.signed and not table.with_owner
    return True
