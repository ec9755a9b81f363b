"""What the team does: each work is applied to the real tables, takes hours, and tells something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from math import ceil

from ...core.arithmetic import whole_sum
from ...core.errors import GoliveError
from ...core.random_streams import RandomStreams, purpose
from ...scenarios.migration.scenario import MigrationScenario
from . import operations as o
from .agenda import Agenda
from .batches import RULE_WORKS, merge_operation, plan
from .decision import NO_TABLE, TABLES, Decision, Work
from .ground import Ground
from .judge import judge
from .mapping import map_table
from .operation_costs import Cost, cost_of
from .people import HALF_DAY, People
from .scorecard import counts_of
from .state import Happening, Mapped, Question, State, TableState
from .target import NUMBERS, TARGET, ColumnKind, Table
from .traits import Trait
from .visible import alike, cells_of, defects, keys_of, profile_of
from .workspace import LOAD

_MOST_CELLS, _MOST_GROUPS, _SAMPLE = 50, 20, 25
_REPEATED = 0.4
"""Of the hours that a rule takes when it is built: it is there already."""
_SEEN = 0.7
"""Probability that a key user who looks at a wrong cell sees it."""
_CHECKED = 4
"""Answers of a question that the team can check by itself."""
_RESTLESS, _CALM = 0.012, 0.001
"""Share of a table's rows that the business changes in a day."""
_CHANGES, _SAMPLED, _SEES, _OTHER = (
    purpose("migration/row changes"),
    purpose("migration/row sampled"),
    purpose("migration/error seen"),
    purpose("migration/other value"),
)
_ROWS = 1_000_000
"""More than any table has: rows of tables are told apart by it."""


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

    # -- decisions -------------------------------------------------------------------------

    def do(self, decision: Decision) -> int:
        """Do a work; the half-days that the team is busy with it are returned."""
        work, slot = decision.work, decision.table
        if slot == NO_TABLE:
            return self._whole(work)
        table = self._state.tables[slot]
        hours = self._on_table(work, slot, table)
        table.done[work] += 1
        return self._take(hours)

    def _take(self, hours: float) -> int:
        self._state.totals.team_hours += hours
        return max(1, ceil(hours / (HALF_DAY * self._scenario.team)))

    def _pay(self, cost: Cost) -> float:
        """Pay what a thing costs beside the team's hours, which are returned."""
        totals = self._state.totals
        totals.key_user_hours += cost.key_user_hours
        totals.fees_usd += cost.money_usd
        return cost.hours

    def _whole(self, work: Work) -> int:
        state = self._state
        if work is Work.MOCK_LOAD:
            return self._take(self._mock_load())
        if work is Work.FREEZE:
            state.frozen_at = state.now
        elif work is Work.LOAD:
            state.loaded_at = state.now
            state.totals.team_hours += self._pay(cost_of(o.Load()))
            state.verdict = counts_of(judge(self._ground.truth, self._ground.submission()))
            state.finished = True
        return 1

    def _on_table(self, work: Work, slot: int, table: TableState) -> float:
        if work in RULE_WORKS:
            return self._by_rule(work, slot, table)
        match work:
            case Work.PROFILE:
                self._profile(slot)
                return cost_of(o.Profile(table=TABLES[slot])).hours
            case Work.MAP_QUICKLY | Work.MAP_CHECKED:
                return self._map(work, slot, table)
            case Work.RECONCILE:
                self._reconcile(slot, table)
                return self._pay(cost_of(o.Reconcile(table=TABLES[slot])))
            case Work.SIGN_OFF:
                table.with_owner = 1
                at = self._people.owner.looks_at(self._state.now, slot, table.refusals)
                self._agenda.note(at, Happening.SIGNED, slot)
                return self._pay(cost_of(o.SignOff(table=TABLES[slot])))
        return self._ask(work, slot, table)

    def _by_rule(self, work: Work, slot: int, table: TableState) -> float:
        section, target = self._place(slot)
        planned = plan(self._ground, section, target, work)
        hours = 0.5
        for operation in planned:
            hours += cost_of(operation).hours
        self._state.totals.operations += self._ground.apply(planned)
        return hours * (_REPEATED if table.done[work] else 1.0)

    def _map(self, work: Work, slot: int, table: TableState) -> float:
        checked, name = work is Work.MAP_CHECKED, TABLES[slot]
        number = self._next_number()
        user = self._people.users[self._people.whom(slot)]
        tired = user.record.tiredness

        def known(place: int) -> bool:
            looks = range(3 * place, 3 * place + 3)  # at the header, the values, the old screen
            return any(self._people.answer(tired, number, look) == 1 for look in looks)

        count, table.similarity = map_table(self._ground, name, known if checked else None)
        _, cells = cells_of(self._ground.frames, *self._place(slot))
        table.unmapped = len(TARGET[name].columns) - len(cells)
        table.mapped = Mapped.CHECKED if checked else Mapped.BY_NAMES
        self._state.totals.operations += count
        columns = len(TARGET[name].columns)
        if checked:
            hours = 0.08 * columns
            self._state.totals.key_user_hours += hours
            user.ask(self._state.now, hours)
        table.profile, table.done = [], [0] * len(table.done)
        table.sampled, table.reconciled = 0, 0  # what was found before is still told
        return (0.35 if checked else 0.05) * columns

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
        """Compare a table's totals with the business's own, which are right."""
        section, target = self._place(slot)
        rows, cells = cells_of(self._ground.frames, section, target)
        clean = self._ground.truth.clean[TABLES[slot]]
        off, count = int(len(rows) != clean.height), 1
        for column in target.of_kind(*sorted(NUMBERS)):
            count += 1
            own = whole_sum(_whole(cell) for cell in cells.get(column.name, ()))
            off += own != whole_sum(_whole(cell) for cell in clean[column.name].to_list())
        table.reconciled, table.totals_off = 1, off / count

    def _mock_load(self) -> float:
        hours = self._pay(cost_of(o.MockLoad()))
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
        order = sorted(rows, key=lambda row: self._streams.uniform(_SAMPLED, self._at(slot, row),
                                                                   number))[:_SAMPLE]  # fmt: skip
        place = {row: index for index, row in enumerate(rows)}
        looked = wrong = dates = wrong_dates = 0
        for row in order:
            for index, column in enumerate(target.columns):
                seen = self._streams.uniform(_SEES, self._at(slot, row) * 32 + index, number)
                found = cells[column.name][place[row]] if column.name in cells else None
                right = self._ground.right_cell(section, row, column.name)
                bad = found != right and seen < _SEEN
                looked, wrong = looked + 1, wrong + bad
                if column.kind is ColumnKind.DATE:
                    dates, wrong_dates = dates + 1, wrong_dates + bad
        table.sampled = 1
        table.wrong_cells = wrong / max(looked, 1)
        table.wrong_dates = wrong_dates / max(dates, 1)

    @staticmethod
    def _at(slot: int, row: int) -> int:
        return slot * _ROWS + row

    # -- questions -------------------------------------------------------------------------

    def _next_number(self) -> int:
        self._state.next_order += 1
        return self._state.next_order - 1

    def _ask(self, work: Work, slot: int, table: TableState) -> float:
        section, target = self._place(slot)
        rows, columns = self._asked(work, section, target)
        number, whom = self._next_number(), self._people.whom(slot)
        user = self._people.users[whom]
        self._state.questions[number] = Question(
            number, slot, work, whom, user.record.tiredness, rows, columns
        )
        named = tuple(row for group in rows for row in group)[:50]
        cost = cost_of(
            o.AskKeyUser(
                table=section,
                column=target.key[0],
                question=_QUESTIONS[work],
                rows=named,
            )
        )
        self._agenda.note(
            user.ask(self._state.now, cost.key_user_hours), Happening.ANSWERED, number
        )
        table.awaited += 1
        self._state.totals.questions += 1
        return self._pay(cost)

    def _asked(self, work: Work, section: str, target: Table) -> tuple[list[list[int]], list[str]]:
        """Rows and columns that a question is about, as the tables are now."""
        rows, cells = cells_of(self._ground.frames, section, target)
        if work is Work.ASK_GAPS:
            found = sorted(defects(target, cells), key=lambda one: (not one[2], one[0], one[1]))
            found = [one for one in found if target[one[1]].kind is not ColumnKind.DATE or one[2]]
            found = found[:_MOST_CELLS]
            return [[rows[place]] for place, _, _ in found], [column for _, column, _ in found]
        if work is Work.ASK_DUPLICATES:
            groups = [
                group for group in alike(target.name, cells) if len(group) <= 6
            ][:_MOST_GROUPS]  # fmt: skip
            return [[rows[place] for place in group] for group in groups], []
        return [], []

    def answered(self, number: int) -> None:
        """Take an answer, and enter what it says."""
        question = self._state.questions.pop(number)
        table = self._state.tables[question.table]
        table.awaited -= 1
        section, target = self._place(question.table)
        if not table.mapped:
            return
        match question.work:
            case Work.ASK_DATES:
                self._told_dates(question, table)
            case Work.ASK_DUPLICATES:
                self._enter(self._told_duplicates(question, section, target))
            case _:
                self._enter(self._told_cells(question, section, target))
        for item in range(_CHECKED):
            told = self._people.answer(question.tiredness, number, _ROWS + item)
            self._state.totals.checked += told != 0
            self._state.totals.checked_wrong += told < 0

    def _enter(self, operations: Sequence[o.Operation]) -> None:
        for operation in operations:
            try:
                self._state.totals.operations += self._ground.apply([operation])
            except GoliveError:
                continue  # a row or column that is not there any more
            self._state.totals.team_hours += cost_of(operation).hours

    def _told_dates(self, question: Question, table: TableState) -> None:
        truth = self._ground.truth
        order = truth.habits[TABLES[question.table]].date_format.order
        right = 1 if order == "dmy" else -1
        table.dates_told = right * self._people.answer(question.tiredness, question.number, 0)

    def _told_cells(self, question: Question, section: str, target: Table) -> list[o.Operation]:
        rows, cells = cells_of(self._ground.frames, section, target)
        found: list[o.Operation] = []
        for item, ((row,), column) in enumerate(zip(question.rows, question.columns, strict=True)):
            told = self._people.answer(question.tiredness, question.number, item)
            if told == 0 or column not in cells or row not in rows:
                continue
            value = self._ground.right_cell(section, row, column)
            if told < 0:
                others = sorted({cell for cell in cells[column] if cell is not None} - {value})
                u = self._streams.uniform(_OTHER, question.number, item)
                value = others[int(u * len(others))] if others else None
            if value is not None:
                name = f"{target.name}.{column}"
                found.append(o.SetCell(table=section, column=name, row=row, value=value))
        return found

    def _told_duplicates(
        self, question: Question, section: str, target: Table
    ) -> list[o.Operation]:
        rows, cells = cells_of(self._ground.frames, section, target)
        place = {row: index for index, row in enumerate(rows)}
        found: list[o.Operation] = []
        for item, group in enumerate(question.rows):
            told = self._people.answer(question.tiredness, question.number, item)
            left = [row for row in group if row in place]
            if told == 0 or len(left) < 2:
                continue
            things: dict[int, list[int]] = {}
            for row in left:
                thing = self._ground.thing(section, row)
                things.setdefault(-1 - row if thing is None else thing, []).append(row)
            parts = [part for part in things.values() if len(part) > 1]
            if told < 0:  # one thing where there are some, some where there is one
                parts = [] if parts else [left]
            for part in parts:
                places = [place[row] for row in part]
                found.append(merge_operation(section, target, rows, cells, places))
        return found

    # -- what happens ----------------------------------------------------------------------

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

    def business_goes_on(self, day: int) -> None:
        """Rows that the business has changed today come again, in old habits."""
        share = _RESTLESS if self._people.has(Trait.RESTLESS) else _CALM
        for slot, table in enumerate(self._state.tables):
            section = self._ground.section(TABLES[slot]) if table.mapped else None
            if section is None or section not in self._ground.mapped:
                continue
            rows = [
                row
                for row, status in self._ground.statuses(section).items()
                if status == LOAD
                and self._streams.uniform(_CHANGES, self._at(slot, row), day) < share
            ]
            if rows:
                self._ground.extract_again(section, rows)
                self._state.totals.rows_changed += len(rows)


_QUESTIONS = {
    Work.ASK_DATES: o.Question.DATE_ORDER,
    Work.ASK_DUPLICATES: o.Question.SAME_THING,
    Work.ASK_GAPS: o.Question.VALUE,
}


def _whole(cell: str | None) -> int:
    """A number without its decimal mark; 0 if it is none."""
    digits = (cell or "").replace(".", "").removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return 0
    return -int(digits) if str(cell).startswith("-") else int(digits)
