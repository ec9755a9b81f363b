"""The migration world in words: the calendar, the people, and each table as the team knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from ...core.arithmetic import whole_sum
from ...scenarios.migration.vocabulary import Adversity
from ...sim.briefing_text import Fact, News, Row, Section
from ...sim.migration.briefing import Briefing, TableView
from ...sim.migration.decision import CHOICES, NEUTRAL, NO_TABLE, TABLE_WORKS, TABLES, Work
from ...sim.migration.state import Mapped
from ...sim.migration.traits import Trait
from ...sim.words import ChoiceWords, Order, OrderedFactor, Words
from .numbers import MigrationNumbers, choice_name

_WORKS: dict[Work, str] = {
    Work.PROFILE: "count gaps, unreadable cells, likely duplicates, open references",
    Work.MAP_QUICKLY: "map columns by their names alone",
    Work.MAP_CHECKED: "map columns with a key user who reads the values; begins the table anew",
    Work.READ_DAYS_FIRST: "read dates with slashes as day, month, year",
    Work.READ_MONTHS_FIRST: "read dates with slashes as month, day, year",
    Work.ASK_DATES: "ask a key user which order its dates have",
    Work.FORMATS: "cast numbers, trim, repair encodings",
    Work.NORMALISE: "bring names, streets, codes and choices into one form",
    Work.LOOK_UP: "fill gaps from rows that agree in another column",
    Work.MERGE_CAUTIOUSLY: "merge rows of one name that share a number, phone, e-mail or postcode",
    Work.MERGE_BOLDLY: "merge all rows of one name",
    Work.ASK_DUPLICATES: "ask a key user which rows of alike names are the same",
    Work.FILL_WITH_MODE: "fill mandatory gaps with the most frequent value",
    Work.ASK_GAPS: "ask a key user for values of gaps and unreadable cells",
    Work.REPAIR_REFERENCES: "turn references to nothing to the nearest key",
    Work.QUARANTINE: "keep rows back that the target would reject",
    Work.RELEASE: "take them back",
    Work.RECONCILE: "compare control totals with the business's own",
    Work.BY_HAND: "go through the next two hundred rows with their documents",
    Work.ARCHIVE: "leave partners behind whom nobody needs any more",
    Work.SIGN_OFF: "ask the data's owner to sign it",
    Work.WAIT: "let half a day pass",
    Work.MASK: "build the rule that masks personal data in test loads",
    Work.MOCK_LOAD: "load what is mapped into a test system; key users look at samples",
    Work.FREEZE: "nobody changes the old systems from now on",
    Work.LOAD: "go live; nothing can be undone",
}
_RUMOURS: dict[Trait, tuple[str, str]] = {
    Trait.DAYS_FIRST: ("days come first in dates", "months come first in dates"),
    Trait.SISTERS: ("equal names are firms of their own", "equal names are duplicates"),
    Trait.GUESSING: ("key users rather guess than say no", "key users say what they do not know"),
    Trait.OLD_IMPORT: ("errors come of an old import", "errors come of careless typing"),
    Trait.RESTLESS: ("old systems change every day", "old systems are quiet"),
    Trait.STRICT_OWNER: ("the owner is strict", "the owner signs readily"),
}
_MAPPED = {Mapped.NOT: "no", Mapped.BY_NAMES: "by names", Mapped.CHECKED: "checked"}


class MigrationWords(Words):
    """The migration world's language for those who speak."""

    def __init__(self) -> None:
        super().__init__(MigrationNumbers(), lambda: NEUTRAL, "The data of a customer")

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """One order: what the team works on next."""
        told = "a kind of work and, after a point, its table, such as profile.customers; or wait"
        what = {"what": OrderedFactor("work", told, "the team's next work")}
        return (Order("work", "Say what the team works on next.", what, once=True),)

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """Topics of a briefing and what each tells."""
        return {
            "project": "the calendar, the people, what was heard and spent",
            "tables": "each table: mapping, profile, answers, samples, signature",
            "history": "how often each kind of work was done with each table",
        }

    def heading(self, briefing: Briefing) -> str:
        """Week, day, hour and what is left."""
        week, hours = divmod(briefing.now, 40.0)
        day, hour = divmod(hours, 8.0)
        left = briefing.golive_in_hours
        told = f"{left:.0f} working hours left" if left >= 0 else f"{-left:.0f} hours late"
        return (
            f"Week {week + 1:.0f} of {briefing.weeks}, day {day + 1:.0f}, hour {hour:.0f}: {told}"
        )

    def sections(self, briefing: Briefing) -> Sequence[Section]:
        """Project, tables, and what was done with them."""
        names = [(str(TABLES[slot]), one) for slot, one in enumerate(briefing.tables) if one.rows]
        return (
            Section("project", "project", (Row("", _project(briefing)),)),
            Section(
                "tables",
                "tables",
                tuple(Row(name, _table(table)) for name, table in names),
                table=True,
                note="shares are in percent; - where nothing is known",
            ),
            Section("history", "done", tuple(Row(name, _done(one)) for name, one in names),
                    brief=False),
        )  # fmt: skip

    def legal_lines(self, legal: Any) -> Iterator[str]:
        """The legal works, a line for each group of tables that has the same ones."""
        by_works: dict[tuple[str, ...], list[str]] = {}
        for slot in (NO_TABLE, *range(len(TABLES))):
            works = tuple(
                one.work.name.lower()
                for one, allowed in zip(CHOICES, legal.allowed, strict=True)
                if allowed and one.table == slot
            )
            if works:
                who = "for all tables" if slot == NO_TABLE else f".{TABLES[slot]}"
                by_works.setdefault(works, []).append(who)
        for works, tables in by_works.items():
            yield f"Legal {' '.join(tables)}: {', '.join(works)}"

    def about(self, scenario: Any, briefing: Briefing) -> Mapping[str, ChoiceWords]:
        """Each kind of work in words, where it concerns all tables or the first that it can."""
        told: dict[str, ChoiceWords] = {}
        seen: set[Work] = set()
        for choice in CHOICES:
            there = choice.table == NO_TABLE or briefing.tables[choice.table].rows
            if there and choice.work not in seen:
                seen.add(choice.work)
                told[f"work/{choice_name(choice)}"] = ChoiceWords(_WORKS[choice.work])
        return told


def _project(b: Briefing) -> tuple[Fact, ...]:
    heard = [
        _RUMOURS[trait][0 if sign > 0.0 else 1]
        for trait, sign in zip(Trait, b.signs, strict=True)
        if abs(sign) >= 0.5
    ]
    met = [kind.value.replace("_", " ") for kind, bad in zip(Adversity, b.met, strict=True) if bad]
    waits = ", ".join(f"{wait:.0f}" for wait in b.waits)
    tired = ", ".join(f"{100.0 * one:.0f} %" for one in b.tired)
    frozen = f"for {b.frozen_hours:.0f} h" if b.frozen else "no"
    return (
        Fact("heard", "; ".join(heard) or "nothing", meaning="at the kick-off; may be wrong"),
        Fact("gone wrong", ", ".join(met) or "nothing"),
        Fact("key users busy", waits, News.NONE, "half-days until each is free"),
        Fact("key users tired", tired, News.NONE),
        Fact("answers checked", f"{b.answers_checked}, {b.answers_wrong} of them wrong"),
        Fact("frozen", frozen, News.NONE if b.frozen else News.CHANGE),
        Fact("rows changed by the business", str(b.rows_changed)),
        Fact("mock loads", f"{b.mock_loads}, {'masked' if b.masked else 'not masked'}"),
        Fact("spent", f"{b.expenses_usd:.0f} USD", News.NONE),
    )


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f}"


def _table(table: TableView) -> tuple[Fact, ...]:
    p = table.profile
    told = {1: "days first", -1: "months first"}.get(table.dates_told, "-")
    sample = f"{_percent(table.wrong_cells)}/{_percent(table.wrong_dates)}"
    owner = f"refused {table.refusals}" if table.refusals else "-"
    if table.signed or table.with_owner:
        owner = "signed" if table.signed else "looks at it"
    mapped = _MAPPED[Mapped(table.mapped)]
    if table.unmapped:
        mapped += f", {table.unmapped} columns missing"
    return (
        Fact("rows", str(table.rows)),
        Fact("mapped", mapped),
        Fact("gaps", _percent(p.gaps) if p else "-"),
        Fact("unreadable", _percent(p.unreadable) if p else "-"),
        Fact("day/month above 12",
             f"{_percent(p.days_first)}/{_percent(p.months_first)}" if p else "-"),
        Fact("alike/same/proven",
             f"{_percent(p.alike)}/{_percent(p.same_name)}/{_percent(p.proven)}" if p else "-"),
        Fact("open references", _percent(p.open_references) if p else "-"),
        Fact("refused", _percent(p.refused) if p else "-"),
        Fact("dates told", told),
        Fact("answers awaited", str(table.awaited)),
        Fact("sample wrong cells/dates", sample if table.sampled else "-"),
        Fact("totals off", _percent(table.totals_off) if table.reconciled else "-"),
        Fact("read by hand", f"{table.read}" + (f", {table.found:.2f} wrong a row"
                                                if table.found >= 0.0 else "")),
        Fact("owner", owner),
    )  # fmt: skip


def _done(table: TableView) -> tuple[Fact, ...]:
    done = [
        Fact(work.name.lower(), str(times))
        for work, times in zip(TABLE_WORKS, table.done, strict=True)
        if times
    ]
    return tuple(done) or (Fact("works", str(whole_sum(table.done))),)
