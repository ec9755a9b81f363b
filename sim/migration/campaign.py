"""The team's work: each kind is applied to the real tables, takes hours, and tells something."""

from __future__ import annotations

from dataclasses import astuple
from math import ceil

import numpy as np

from ...core.arithmetic import whole_sum
from ...core.random_streams import RandomStreams, purpose
from ...scenarios.migration.scenario import MigrationScenario
from ...scenarios.migration.vocabulary import Adversity
from ..agenda import Agenda
from . import operations as o
from .archive import obsolete_places, referred_to
from .batches import RULE_WORKS, plan
from .decision import NO_TABLE, TABLES, Decision, Work
from .ground import Ground
from .inquiries import Inquiries
from .judge import judge
from .mapping import map_table
from .operation_costs import Cost, cost_of
from .people import HALF_DAY, ROWS, Asked, People
from .scorecard import counts_of
from .state import Happening, Mapped, State, TableState
from .target import NUMBERS, TARGET, ColumnKind, Table
from .traits import Trait
from .visible import cells_of, keys_of, profile_of

# All of these are estimates.
_SAMPLE_ROWS = 25
"""Of a table, that key users look at after a mock load."""
_REPEATED = 0.4
"""Of the hours that a rule takes when it is built: it is there already."""
_RUN_HOURS = 0.5
"""To run the rules of one work and look at what came."""
_MAP_HOURS, _MAP_CHECKED_HOURS, _MAP_USER_HOURS = 0.05, 0.35, 0.08
"""A column: the team's hours by its name and with a key user, and theirs."""
_LOOKS = 3
"""That a key user takes at a column: at its header, its values, the old screen."""
_MASK_HOURS = 8.0
_BY_HAND_ROWS, _READ_HOURS = 200, 0.05
"""Rows that are gone through at once, and hours a row: three minutes with its document."""
_SEEN = 0.7
"""Probability that somebody who looks at a wrong cell sees it."""
_RESTLESS, _CALM = 0.012, 0.001
"""Share of a table's rows that the business changes in a day."""
_OWN_TOTAL_WRONG = 0.06
"""Probability that a total is wrong that the business has counted itself."""
_CHANGES, _SAMPLED, _SEES, _OWN_TOTAL, _WHERE, _CORRUPT, _READS = (
    purpose("migration/row changes"),
    purpose("migration/row sampled"),
    purpose("migration/error seen"),
    purpose("migration/own total is wrong"),
    purpose("migration/table of a trouble"),
    purpose("migration/row is corrupt"),
    purpose("migration/error seen by hand"),
)


class Campaign:
    """The team's work in one episode.

    Args:
        scenario: of the episode.
        state: of the world.
        streams: of luck that is still to come.
        ground: the tables.
        people: whom it may ask.
        agenda: of what happens later.
    """

    def __init__(
        self,
        scenario: MigrationScenario,
        state: State,
        streams: RandomStreams,
        ground: Ground,
        people: People,
        agenda: Agenda,
    ) -> None:
        self._scenario, self._state, self._streams = scenario, state, streams
        self._ground, self._people, self._agenda = ground, people, agenda
        self._inquiries = Inquiries(state, streams, ground, people, agenda)
        self._customer_luck = RandomStreams(state.customer_seed)

    # -- decisions -------------------------------------------------------------------------

    def do(self, decision: Decision) -> int:
        """Do a work; the whole hours that the team is busy with it are returned."""
        work, slot = decision.work, decision.table
        if slot == NO_TABLE:
            return self._whole(work)
        table = self._state.tables[slot]
        hours = self._on_table(work, slot, table)
        table.done[work] += 1
        return self._take(hours)

    def _take(self, hours: float) -> int:
        self._state.totals.team_hours += hours
        return max(1, ceil(hours / self._scenario.team))

    def _pay(self, cost: Cost) -> float:
        """Pay what a thing costs beside the team's hours, which are returned."""
        totals = self._state.totals
        totals.key_user_hours += cost.key_user_hours
        totals.fees_usd += cost.money_usd
        return cost.hours

    def _whole(self, work: Work) -> int:
        state = self._state
        if work is Work.WAIT:
            return int(HALF_DAY)
        if work is Work.MOCK_LOAD:
            return self._take(self._mock_load())
        if work is Work.FREEZE:
            state.frozen_at = state.now
        elif work is Work.MASK:
            state.masked = 1
            return self._take(_MASK_HOURS)
        elif work is Work.LOAD:
            state.loaded_at = state.now
            self.go_live()
        return 1

    def go_live(self) -> None:
        """Load what there is, and see what it is worth."""
        state, ground = self._state, self._ground
        state.totals.team_hours += self._pay(cost_of(o.Load()))
        state.verdict = counts_of(judge(ground.truth, ground.submission(), ground.obsolete()))
        state.finished = True

    def _on_table(self, work: Work, slot: int, table: TableState) -> float:
        if work in RULE_WORKS:
            return self._by_rule(work, slot, table)
        match work:
            case Work.PROFILE:
                self._profile(slot)
                return cost_of(o.Profile(table=TABLES[slot])).hours
            case Work.MAP_QUICKLY | Work.MAP_CHECKED:
                return self._map(work, slot, table)
            case Work.BY_HAND:
                return self._by_hand(slot, table)
            case Work.ARCHIVE:
                return self._archive(slot)
            case Work.RECONCILE:
                self._reconcile(slot, table)
                return self._pay(cost_of(o.Reconcile(table=TABLES[slot])))
            case Work.SIGN_OFF:
                table.with_owner = 1
                at = self._people.owner.looks_at(self._state.now, slot, table.refusals)
                self._agenda.note(at, Happening.SIGNED, slot)
                return self._pay(cost_of(o.SignOff(table=TABLES[slot])))
        section, target = self._place(slot)
        return self._pay(self._inquiries.ask(work, slot, section, target))

    def _by_rule(self, work: Work, slot: int, table: TableState) -> float:
        section, target = self._place(slot)
        planned = plan(self._ground, section, target, work)
        hours = _RUN_HOURS
        for operation in planned:
            hours += cost_of(operation).hours
        self._state.totals.operations += self._ground.apply(planned)
        return hours * (_REPEATED if table.done[work] else 1.0)

    def _map(self, work: Work, slot: int, table: TableState) -> float:
        checked, name = work is Work.MAP_CHECKED, TABLES[slot]
        user = self._people.users[self._people.whom(slot)]
        tired, first = user.record.tiredness, _LOOKS * min(table.mappings, 8)
        table.mappings += 1

        def known(place: int) -> bool:
            looks = range(first, first + _LOOKS)
            return any(
                self._people.answer(tired, Asked.COLUMN, slot, place, look) == 1 for look in looks
            )

        count, table.similarity = map_table(self._ground, name, known if checked else None)
        _, cells = cells_of(self._ground.frames, *self._place(slot))
        table.unmapped = len(TARGET[name].columns) - len(cells)
        table.mapped = Mapped.CHECKED if checked else Mapped.BY_NAMES
        self._state.totals.operations += count
        columns = len(TARGET[name].columns)
        if checked:
            hours = _MAP_USER_HOURS * columns
            self._state.totals.key_user_hours += hours
            user.ask(self._state.now, hours)
        self._forget(table)
        return (_MAP_CHECKED_HOURS if checked else _MAP_HOURS) * columns

    @staticmethod
    def _forget(table: TableState) -> None:
        """A table is at its beginning again; what samples found before is still told."""
        table.profile, table.done, table.asked = [], [0] * len(table.done), []
        table.read, table.found = 0, -1.0
        table.sampled, table.reconciled = 0, 0

    def _place(self, slot: int) -> tuple[str, Table]:
        """Where a mapped table is; without its key it is where the first part was."""
        name = TABLES[slot]
        return self._ground.section(name) or self._ground.sections[name][0], TARGET[name]

    # -- what is told ----------------------------------------------------------------------

    def _profile(self, slot: int) -> None:
        ground, table = self._ground, self._state.tables[slot]
        section, target = self._place(slot)
        keys = keys_of(ground.frames, {one: ground.section(one) for one in ground.sections})
        table.profile = list(astuple(profile_of(ground.frames, section, target, keys)))
        table.profiled_at = self._state.now

    def _reconcile(self, slot: int, table: TableState) -> None:
        """Compare a table's totals with the business's own, of which some are wrong."""
        section, target = self._place(slot)
        rows, cells = cells_of(self._ground.frames, section, target)
        clean = self._ground.truth.clean[TABLES[slot]]
        off, count = int(len(rows) != clean.height), 1
        for column in target.of_kind(*sorted(NUMBERS)):
            count += 1
            own = whole_sum(_whole(cell) for cell in cells.get(column.name, ()))
            wrong = self._customer_luck.uniform(_OWN_TOTAL, slot, count) < _OWN_TOTAL_WRONG
            right = whole_sum(_whole(cell) for cell in clean[column.name].to_list())
            off += wrong or own != right
        table.reconciled, table.totals_off = 1, off / count

    def _by_hand(self, slot: int, table: TableState) -> float:
        """Go on through a table's rows; most of what is wrong is seen and set right."""
        section, target = self._place(slot)
        rows, cells = cells_of(self._ground.frames, section, target)
        begin, reading = table.read % max(len(rows), 1), table.read // max(len(rows), 1)
        part = range(begin, min(begin + _BY_HAND_ROWS, len(rows)))
        table.read += len(part)
        hours = _READ_HOURS * len(part)
        found: list[o.Operation] = []
        for place in part:
            row = rows[place]
            for index, column in enumerate(target.columns):
                if column.name not in cells:
                    continue
                right = self._ground.right_cell(section, row, column.name)
                now = cells[column.name][place]
                if right is None or now is None or now == right:
                    continue  # no document says what nobody has written: that is asked for
                if self._streams.uniform(_READS, (slot * ROWS + row) * 64 + index, reading) < _SEEN:
                    name = f"{target.name}.{column.name}"
                    found.append(o.SetCell(table=section, column=name, row=row, value=right))
                    hours += cost_of(found[-1]).hours
        table.found = len(found) / max(len(part), 1)
        self._state.totals.operations += self._ground.apply(found)
        return hours

    def _archive(self, slot: int) -> float:
        """Leave rows behind that seem to be of no use any more; the owner agrees by the rule."""
        ground, name = self._ground, TABLES[slot]
        section, target = self._place(slot)
        rows, cells = cells_of(ground.frames, section, target)
        columns = []
        for other in TARGET.values():
            where = ground.section(other.name)
            found = cells_of(ground.frames, where, other)[1] if where else {}
            columns += [(other.name, column, some) for column, some in found.items()]
        places = obsolete_places(cells, target.key[0], referred_to(name, columns), ground.as_of)
        if places:
            operation = o.RejectRows(
                table=section,
                rows=tuple(rows[place] for place in places),
                reason=o.Reason.OBSOLETE,
            )
            self._state.totals.operations += ground.apply([operation])
            self._state.totals.archived += len(places)
        cost = cost_of(o.SignOff(table=name))
        return _RUN_HOURS + self._pay(cost)

    def _mock_load(self) -> float:
        masked = bool(self._state.masked)
        self._state.totals.unmasked += not masked
        hours = self._pay(cost_of(o.MockLoad(masked=masked)))
        number = self._state.totals.mock_loads
        self._state.totals.mock_loads += 1
        for slot, table in enumerate(self._state.tables):
            if table.mapped:
                self._profile(slot)
                self._sample(slot, table, number)
        return hours

    def _sample(self, slot: int, table: TableState, number: int) -> None:
        """Key users look at some rows of a test load, and see most of what is wrong."""
        section, target = self._place(slot)
        rows, cells = cells_of(self._ground.frames, section, target)

        def drawn(row: int) -> float:
            return self._streams.uniform(_SAMPLED, slot * ROWS + row, number)

        order = sorted(rows, key=drawn)[:_SAMPLE_ROWS]
        place = {row: index for index, row in enumerate(rows)}
        looked = wrong = dates = wrong_dates = 0
        for row in order:
            for index, column in enumerate(target.columns):
                if column.personal and self._state.masked:
                    continue
                seen = self._streams.uniform(_SEES, (slot * ROWS + row) * 64 + index, number)
                found = cells[column.name][place[row]] if column.name in cells else None
                right = self._ground.right_cell(section, row, column.name)
                bad = found != right and seen < _SEEN
                looked, wrong = looked + 1, wrong + bad
                if column.kind is ColumnKind.DATE:
                    dates, wrong_dates = dates + 1, wrong_dates + bad
        table.sampled = 1
        table.wrong_cells = wrong / max(looked, 1)
        table.wrong_dates = wrong_dates / max(dates, 1)

    # -- what happens ----------------------------------------------------------------------

    def answered(self, number: int) -> None:
        """Take the answer to a question."""
        self._inquiries.answered(number, self._place)

    def signed(self, slot: int) -> None:
        """The owner has looked at a table."""
        table = self._state.tables[slot]
        table.with_owner = 0
        before, at = table.profile, table.profiled_at
        self._profile(slot)
        refused = table.profile[-1]
        table.profile, table.profiled_at = before, at  # what the owner counts is not told
        if table.mapped and self._people.owner.signs(refused):
            table.signed = 1
        else:
            table.refusals += 1
            self._state.totals.refusals += 1

    def business_goes_on(self, day: int) -> None:
        """Rows that the business has changed today come again, in old habits."""
        share = _RESTLESS if self._people.has(Trait.RESTLESS) else _CALM
        for slot in range(len(TABLES)):
            self._state.totals.rows_changed += self._again(slot, _CHANGES, day, share)

    def _again(self, slot: int, purpose_key: int, attempt: int, share: float) -> int:
        """Put a share of a table's rows back to what the old system has; how many is returned."""
        section = self._ground.section(TABLES[slot])
        if section is None or section not in self._ground.mapped:
            return 0
        lines = self._ground.live_lines(section)
        drawn = self._streams.uniforms(purpose_key, lines + np.uint64(slot * ROWS), attempt)
        rows = lines[drawn < share].tolist()
        if rows:
            self._ground.extract_again(section, rows)
        return len(rows)

    def trouble(self, number: int) -> None:
        """Let a trouble of the scenario come."""
        state, one = self._state, self._scenario.troubles[number]
        place = list(Adversity).index(one.kind)
        state.met[place] = max(state.met[place], one.severity)
        slots = [slot for slot, table in enumerate(state.tables) if table.rows]
        slot = slots[int(self._streams.uniform(_WHERE, number) * len(slots))]
        match one.kind:
            case Adversity.CORRUPT_EXTRACT:
                self._again(slot, _CORRUPT, number, one.severity)
            case Adversity.CHANGED_SCHEMA:
                self._ground.begin_anew(TABLES[slot])
                self._forget(state.tables[slot])
                state.tables[slot].mapped = Mapped.NOT
            case Adversity.KEY_USER_LEAVES:
                state.users[self._people.whom(slot)].gone = one.severity
            case Adversity.RULES_CHANGE:
                state.strict_rules = 1
                for table in state.tables:
                    table.signed, table.refusals = 0, 0
            case _:
                pass  # it is in the tables from the beginning


def _whole(cell: str | None) -> int:
    """A number without its decimal mark; 0 if it is none."""
    digits = (cell or "").replace(".", "").removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return 0
    return -int(digits) if str(cell).startswith("-") else int(digits)
