"""Questions to key users: what is asked, and what their answers change in the tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...core.errors import GoliveError
from ...core.random_streams import RandomStreams, purpose
from ..agenda import Agenda
from . import operations as o
from .batches import merge_operation
from .decision import TABLES, Work
from .ground import Ground
from .operation_costs import Cost, cost_of
from .people import ROWS, Asked, People
from .state import Happening, Question, State, TableState
from .target import ColumnKind, Table
from .visible import alike, cells_of, defects

# What fits on a sheet, and how many alike rows somebody can tell apart (estimates).
_MOST_CELLS, _MOST_GROUPS, _LARGEST_GROUP = 50, 20, 6
_CHECKED = 4
"""Answers of a question that the team can check by itself (an estimate)."""
_OTHER = purpose("migration/other value")
_COLUMNS = 64
"""More than any table has: cells are told apart by it; the last one stands for the row."""
_ROW = _COLUMNS - 1
_QUESTIONS = {
    Work.ASK_DATES: o.Question.DATE_ORDER,
    Work.ASK_DUPLICATES: o.Question.SAME_THING,
    Work.ASK_GAPS: o.Question.VALUE,
}
Place = Callable[[int], tuple[str, Table]]


class Inquiries:
    """The questions to key users in one episode.

    Args:
        state: of the world.
        streams: of luck that is still to come.
        ground: the tables.
        people: who is asked.
        agenda: of answers.
    """

    def __init__(
        self, state: State, streams: RandomStreams, ground: Ground, people: People, agenda: Agenda
    ) -> None:
        self._state, self._streams = state, streams
        self._ground, self._people, self._agenda = ground, people, agenda

    def ask(self, work: Work, slot: int, section: str, target: Table) -> Cost:
        """Put a question about a mapped table; its cost is returned."""
        table = self._state.tables[slot]
        rows, columns = self._asked(work, section, target, table)
        user = self._people.users[self._people.whom(slot)]
        tired = user.record.tiredness
        named = tuple(row for group in rows for row in group)[:50]
        cost = cost_of(
            o.AskKeyUser(table=section, column=target.key[0], question=_QUESTIONS[work], rows=named)
        )
        at = user.ask(self._state.now, cost.key_user_hours)
        number = self._agenda.note(at, Happening.ANSWERED, slot)
        self._state.questions[number] = Question(
            number, slot, work, table.done[work], tired, rows, columns
        )
        table.awaited += 1
        self._state.totals.questions += 1
        return cost

    def _asked(
        self, work: Work, section: str, target: Table, table: TableState
    ) -> tuple[list[list[int]], list[str]]:
        """Rows and columns that a question is about, as the tables are now, and not asked yet."""
        rows, cells = cells_of(self._ground.frames, section, target)
        known = set(table.asked)
        if work is Work.ASK_GAPS:
            found = sorted(defects(target, cells), key=lambda one: (not one[2], one[0], one[1]))
            found = [one for one in found if target[one[1]].kind is not ColumnKind.DATE or one[2]]
            named = [(rows[place], column) for place, column, _ in found]
            named = [one for one in named if self._cell(target, *one) not in known][:_MOST_CELLS]
            table.asked += [self._cell(target, *one) for one in named]
            return [[row] for row, _ in named], [column for _, column in named]
        if work is Work.ASK_DUPLICATES:
            alikes = [
                [rows[place] for place in group]
                for group in alike(target.name, cells)
                if len(group) <= _LARGEST_GROUP
            ]
            new = [one for one in alikes if min(one) * _COLUMNS + _ROW not in known][:_MOST_GROUPS]
            table.asked += [min(group) * _COLUMNS + _ROW for group in new]
            return new, []
        return [], []

    @staticmethod
    def _cell(target: Table, row: int, column: str) -> int:
        return row * _COLUMNS + target.names.index(column)

    def answered(self, number: int, place: Place) -> None:
        """Take an answer, and enter what it says.

        Args:
            number: of the question.
            place: where a slot's table is now.
        """
        question = self._state.questions.pop(number)
        slot, tired = question.table, question.tiredness
        table = self._state.tables[slot]
        table.awaited -= 1
        if not table.mapped:
            return  # it was taken back to its beginning since
        match question.work:
            case Work.ASK_DATES:
                order = self._ground.truth.habits[TABLES[slot]].date_format.order
                right = 1 if order == "dmy" else -1
                table.dates_told = right * self._people.answer(tired, Asked.DATES, slot)
            case Work.ASK_DUPLICATES:
                self._enter(self._told_duplicates(question, *place(slot)))
            case _:
                self._enter(self._told_cells(question, *place(slot)))
        for item in range(_CHECKED):
            kind = list(_QUESTIONS).index(Work(question.work))
            which = (question.attempt * len(_QUESTIONS) + kind) * _CHECKED + item
            told = self._people.answer(tired, Asked.CHECK, slot, which)
            self._state.totals.checked += told != 0
            self._state.totals.checked_wrong += told < 0

    def _enter(self, operations: Sequence[o.Operation]) -> None:
        try:
            done = self._ground.apply(operations)
        except GoliveError:  # one is of a row or column that is not there any more
            for operation in operations if len(operations) > 1 else ():
                self._enter([operation])
            return
        self._state.totals.operations += done
        for operation in operations:
            self._state.totals.team_hours += cost_of(operation).hours

    def _told_cells(self, question: Question, section: str, target: Table) -> list[o.Operation]:
        rows, cells = cells_of(self._ground.frames, section, target)
        there, slot = set(rows), question.table
        found: list[o.Operation] = []
        for (row,), column in zip(question.rows, question.columns, strict=True):
            index = target.names.index(column)
            told = self._people.answer(question.tiredness, Asked.CELL, slot, row, index)
            if told == 0 or column not in cells or row not in there:
                continue
            value = self._ground.right_cell(section, row, column)
            if told < 0:
                others = sorted({cell for cell in cells[column] if cell is not None} - {value})
                u = self._streams.uniform(_OTHER, slot * ROWS + row, index)
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
        for group in question.rows:
            first, slot = min(group), question.table
            told = self._people.answer(question.tiredness, Asked.DUPLICATE, slot, first)
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
