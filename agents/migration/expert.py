"""The rules expert: works table by table through a migration, by parameters that were searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from ...core.arithmetic import whole_sum
from ...core.yaml_reader import read_document
from ...sim.migration.briefing import Briefing, TableView
from ...sim.migration.decision import NEUTRAL, Decision, LegalDecisions, Work
from ...sim.migration.traits import Trait

HALF_DAY = 4.0


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers that the expert goes by. Ranges of their search stand in ``RANGES``.

    Attributes:
        check_from_rows: rows from which columns are mapped with a key user.
        date_evidence: share of telling dates in a profile that settles the order of days and
            months.
        merge_to_alike: share of alike rows up to which they are merged cautiously: beyond it they
            are taken for sister firms.
        bold_to_alike: likewise up to which rows of one name are merged boldly.
        sisters_sign: weight of what was heard of sister firms, in shares of alike rows.
        ask_duplicates_from: share of alike rows from which a key user is asked about them.
        gaps_from: share of gaps and unreadable cells from which a key user is asked for values.
        most_gap_questions: of that kind a table.
        patience: half-days that a key user may be busy and is asked all the same.
        most_wrong: share of wrong answers from which nobody is asked for values any more.
        mock_left: share of the planned time before the go-live at which a mock load is made; 0:
            never.
        remap_from_wrong: share of wrong cells in its sample from which a table is mapped anew.
        remap_from_wrong_dates: share of wrong dates likewise; they are read the other way then.
        freeze_left: likewise at which restless systems are frozen.
        restless_rows: rows changed a day, of a hundred, from which systems are restless.
        refresh_left: likewise from which rules are run again on what came since.
        refresh_from: rows of a table times rows changed in all from which its rules are run again.
        hand_from_found: wrong cells a row, found by hand in a table, from which it is gone on with.
        hand_readings: times that a table is read by hand at the most.
        mask: above 0: test loads are masked.
        archive: above 0: partners whom nobody needs are left behind.
        sign_refused: share of refused rows up to which an owner who seems strict is asked to sign.
        sign_lax: likewise one who does not.
        load_left_hours: before the go-live at which is loaded, come what may.
    """

    check_from_rows: float
    date_evidence: float
    merge_to_alike: float
    bold_to_alike: float
    sisters_sign: float
    ask_duplicates_from: float
    gaps_from: float
    most_gap_questions: float
    patience: float
    most_wrong: float
    mock_left: float
    remap_from_wrong: float
    remap_from_wrong_dates: float
    freeze_left: float
    restless_rows: float
    refresh_left: float
    refresh_from: float
    hand_from_found: float
    hand_readings: float
    mask: float
    archive: float
    sign_refused: float
    sign_lax: float
    load_left_hours: float


RANGES: dict[str, tuple[float, float]] = {
    "check_from_rows": (0.0, 400.0),
    "date_evidence": (0.0, 0.3),
    "merge_to_alike": (0.0, 1.0),
    "bold_to_alike": (-0.5, 1.0),
    "sisters_sign": (0.0, 0.3),
    "ask_duplicates_from": (0.0, 1.0),
    "gaps_from": (0.0, 0.05),
    "most_gap_questions": (0.0, 6.0),
    "patience": (0.0, 10.0),
    "most_wrong": (0.0, 0.6),
    "mock_left": (0.0, 0.8),
    "remap_from_wrong": (0.03, 0.5),
    "remap_from_wrong_dates": (0.1, 0.9),
    "freeze_left": (0.02, 0.7),
    "restless_rows": (0.05, 3.0),
    "refresh_left": (0.03, 0.6),
    "refresh_from": (100.0, 30_000.0),
    "hand_from_found": (0.02, 0.6),
    "hand_readings": (0.0, 3.0),
    "mask": (-1.0, 1.0),
    "archive": (-1.0, 1.0),
    "sign_refused": (0.0, 0.3),
    "sign_lax": (0.0, 0.5),
    "load_left_hours": (0.0, 40.0),
}
"""Ranges that parameters are searched in."""
SHIPPED_FILE = Path(__file__).with_name("expert.yaml")
DATE_WORKS = (Work.READ_DAYS_FIRST, Work.READ_MONTHS_FIRST)


@cache
def shipped_parameters() -> Parameters:
    """The parameters that come with golive."""
    content: dict[str, Any] = dict(read_document(SHIPPED_FILE).data)
    return Parameters(**{f.name: float(content[f.name]) for f in fields(Parameters)})


def changed_parameters(**values: float) -> Parameters:
    """The shipped parameters with some of them changed."""
    return replace(shipped_parameters(), **values)


class Expert:
    """Does the first thing of its list that is due.

    Args:
        parameters: None: the shipped ones.
        name: of the policy.
    """

    def __init__(self, parameters: Parameters | None = None, name: str = "expert") -> None:
        self.name = name
        self.parameters = parameters or shipped_parameters()

    def reset(self, seed: int) -> None:
        """Forget nothing: everything is in the briefing."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The first thing that is due and legal."""
        return next((one for one in self.due(briefing) if legal.allows(one)), NEUTRAL)

    def due(self, briefing: Briefing) -> Iterator[Decision]:
        """Everything that is due, the most urgent first."""
        p, hours = self.parameters, briefing.golive_in_hours
        left = hours / (hours + briefing.now)
        slots = [slot for slot, table in enumerate(briefing.tables) if table.rows]
        slots.sort(key=lambda slot: (-briefing.tables[slot].rows, slot))
        if hours <= p.load_left_hours:
            yield Decision(Work.LOAD)
        if not briefing.frozen and left <= p.freeze_left and self.restless(briefing):
            yield Decision(Work.FREEZE)
        for slot in slots:
            table = briefing.tables[slot]
            if not table.mapped:
                checked = table.rows >= p.check_from_rows
                yield Decision(Work.MAP_CHECKED if checked else Work.MAP_QUICKLY, slot)
        yield from self._remaps(briefing, slots)
        if left <= p.refresh_left and (briefing.frozen or left <= 0.5 * p.refresh_left):
            for slot in slots:
                yield from self._again(briefing, slot)
        for slot in slots:
            yield from self._questions(briefing, slot)
        for stage in (self._reading, self._rules, self._merging):
            for slot in slots:
                yield from stage(briefing, slot)
        if briefing.mock_loads == 0 and left <= p.mock_left:
            if p.mask > 0.0:
                yield Decision(Work.MASK)
            yield Decision(Work.MOCK_LOAD)
        yield from self._by_hand(briefing, slots)
        for slot in slots:
            yield from self._signing(briefing, slot)
        waits = any(table.awaited or table.with_owner for table in briefing.tables)
        more = briefing.mock_loads == 0 and p.mock_left > 0.0
        if waits or (more and left > p.mock_left):
            yield NEUTRAL
        yield Decision(Work.LOAD)

    # -- beliefs ---------------------------------------------------------------------------

    def restless(self, briefing: Briefing) -> bool:
        """True if rows of the old systems seem to change every day."""
        mapped = whole_sum(table.rows for table in briefing.tables if table.mapped)
        days = max(briefing.now / 8.0 - 1.0, 1.0)
        return 100.0 * briefing.rows_changed / (days * max(mapped, 1)) >= (
            self.parameters.restless_rows
        )

    def guessing(self, briefing: Briefing) -> bool:
        """True if key users seem to guess."""
        heard = 0.15 + 0.1 * max(-1.0, min(1.0, briefing.signs[Trait.GUESSING]))
        share = (briefing.answers_wrong + 4.0 * heard) / (briefing.answers_checked + 4.0)
        return share > self.parameters.most_wrong

    def days_first(self, briefing: Briefing, table: TableView) -> bool | None:
        """The order of a table's dates; None if nothing settles it yet."""
        if table.profile is None:
            return None
        days, months = table.profile.days_first, table.profile.months_first
        if abs(days - months) > self.parameters.date_evidence:
            return days > months
        if table.dates_told:
            return table.dates_told > 0
        return None

    def _usual_order(self, briefing: Briefing) -> bool:
        """The order that other tables, key users and the kick-off speak for."""
        votes = 0.5 * briefing.signs[Trait.DAYS_FIRST]
        for table in briefing.tables:
            profile = table.profile
            votes += table.dates_told
            if profile is not None and not any(table.done[work] for work in DATE_WORKS):
                gap = profile.days_first - profile.months_first
                votes += 2.0 * (gap > 0.03) - 2.0 * (gap < -0.03)
        return votes > 0.0

    # -- stages ----------------------------------------------------------------------------

    def _remaps(self, briefing: Briefing, slots: list[int]) -> Iterator[Decision]:
        for slot in slots:
            table = briefing.tables[slot]
            early = briefing.golive_in_hours > 20 * HALF_DAY
            wrong = table.sampled and (
                table.wrong_cells >= self.parameters.remap_from_wrong
                or table.wrong_dates >= self.parameters.remap_from_wrong_dates
            )
            if early and (wrong or (table.unmapped and not table.done[Work.FORMATS])):
                yield Decision(Work.MAP_CHECKED, slot)

    def _questions(self, briefing: Briefing, slot: int) -> Iterator[Decision]:
        """Key users are asked whenever they have time: their answers come late."""
        p, table = self.parameters, briefing.tables[slot]
        wait = briefing.waits[slot % len(briefing.waits)]
        late = briefing.golive_in_hours < (wait + 4.0) * HALF_DAY
        if table.profile is None or table.awaited or wait > p.patience or late:
            return
        if not table.done[Work.NORMALISE]:
            return
        unsure = table.profile.alike >= p.ask_duplicates_from
        if unsure and not table.done[Work.ASK_DUPLICATES] and not self.guessing(briefing):
            yield Decision(Work.ASK_DUPLICATES, slot)
        open_cells = table.profile.gaps + table.profile.unreadable
        if (
            open_cells >= p.gaps_from
            and table.done[Work.ASK_GAPS] < p.most_gap_questions
            and not self.guessing(briefing)
        ):
            yield Decision(Work.ASK_GAPS, slot)

    def _reading(self, briefing: Briefing, slot: int) -> Iterator[Decision]:
        table = briefing.tables[slot]
        if any(table.done[work] for work in DATE_WORKS):
            return
        if table.profile is None:
            yield Decision(Work.PROFILE, slot)
        first = self.days_first(briefing, table)
        if first is None and not table.done[Work.ASK_DATES]:
            yield Decision(Work.ASK_DATES, slot)
        if first is None and table.awaited:
            return
        if first is None:
            first = self._usual_order(briefing)
        if table.wrong_dates >= self.parameters.remap_from_wrong_dates:
            first = not first  # it was read the other way before
        yield Decision(Work.READ_DAYS_FIRST if first else Work.READ_MONTHS_FIRST, slot)

    def _rules(self, briefing: Briefing, slot: int) -> Iterator[Decision]:
        table = briefing.tables[slot]
        for work in (Work.FORMATS, Work.NORMALISE):
            if not table.done[work]:
                yield Decision(work, slot)
        if table.done[Work.PROFILE] < 2 or table.profile is None:
            yield Decision(Work.PROFILE, slot)
        if table.profile is None:
            return
        if table.profile.open_references > 0.005 and not table.done[Work.REPAIR_REFERENCES]:
            yield Decision(Work.REPAIR_REFERENCES, slot)
        if table.profile.gaps > 0.02 and not table.done[Work.LOOK_UP]:
            yield Decision(Work.LOOK_UP, slot)

    def _merging(self, briefing: Briefing, slot: int) -> Iterator[Decision]:
        table = briefing.tables[slot]
        profile = table.profile
        if profile is not None and profile.alike > 0.01:
            sisters = profile.alike + self.parameters.sisters_sign * briefing.signs[Trait.SISTERS]
            cautiously = sisters <= self.parameters.merge_to_alike
            if cautiously and not table.done[Work.MERGE_CAUTIOUSLY]:
                yield Decision(Work.MERGE_CAUTIOUSLY, slot)
            boldly = sisters <= self.parameters.bold_to_alike
            if boldly and not table.done[Work.MERGE_BOLDLY]:
                yield Decision(Work.MERGE_BOLDLY, slot)

    def _by_hand(self, briefing: Briefing, slots: list[int]) -> Iterator[Decision]:
        """Each table is read a little, and those are read on in which most is found."""
        p = self.parameters
        for slot in slots:
            if p.archive > 0.0 and not briefing.tables[slot].done[Work.ARCHIVE]:
                yield Decision(Work.ARCHIVE, slot)
        for slot in slots:
            if briefing.tables[slot].found < 0.0 and p.hand_readings > 0.0:
                yield Decision(Work.BY_HAND, slot)
        for slot in sorted(slots, key=lambda slot: -briefing.tables[slot].found):
            table = briefing.tables[slot]
            if table.found >= p.hand_from_found and table.read < p.hand_readings * table.rows:
                yield Decision(Work.BY_HAND, slot)

    def _again(self, briefing: Briefing, slot: int) -> Iterator[Decision]:
        """Rules are built once, and run again before the load on what came since."""
        table = briefing.tables[slot]
        if table.rows * briefing.rows_changed < self.parameters.refresh_from:
            return
        for work in (*DATE_WORKS, Work.FORMATS, Work.NORMALISE):
            if table.done[work] == 1:
                yield Decision(work, slot)

    def _signing(self, briefing: Briefing, slot: int) -> Iterator[Decision]:
        table = briefing.tables[slot]
        refused = 1.0 if table.profile is None else table.profile.refused
        strict = briefing.signs[Trait.STRICT_OWNER] > 0.0 or any(
            one.refusals for one in briefing.tables
        )
        tolerated = self.parameters.sign_refused if strict else self.parameters.sign_lax
        if refused <= tolerated and not table.refusals:
            yield Decision(Work.SIGN_OFF, slot)
