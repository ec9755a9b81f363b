"""Key users and the data's owner, Mesa agents: scarce, late, tired, and sometimes wrong.

What they are stands in the state, so that the world can be snapshotted; here is what they do.
What somebody knows of a cell, a pair of rows or a column is drawn by its place alone: whoever asks
twice, or in another order, hears the same.
"""

from __future__ import annotations

from enum import IntEnum
from math import ceil

import mesa

from ...core.random_streams import RandomStreams, purpose
from .state import State, TableState, UserState
from .traits import Trait

HALF_DAY = 4.0
ANSWERING_HOURS = 1.0
"""That a key user has for questions each half-day, beside the daily work (an estimate)."""
TIRED_BY_HOUR = 0.06
RESTED_BY_NIGHT = 0.10
"""Tiredness, 0 to 1, grows by an hour of questions and falls by a night (estimates)."""
_KNOWS = {True: 0.62, False: 0.90}
"""Probability that what a rested key user says is right: who guesses is right by chance at times,
and who does not says so where nothing is known (estimates)."""
_TIRED_LOSS = 0.35
_STANDING_IN_LOSS = 0.4
"""Of the probability to know, if fully tired, and if somebody left at full severity (estimates)."""
_SHY = 0.04
"""Probability that somebody who does not guess is wrong without knowing (an estimate)."""
TOLERATED = {True: 0.05, False: 0.25}
"""Share of refused rows up to which an owner signs, if strict and if not (estimates)."""
_KNOWS_IT, _WRONG, _LATENCY = (
    purpose("migration/knows"),
    purpose("migration/is wrong"),
    purpose("migration/owner looks"),
)
ROWS = 1_000_000
"""More than any table has: rows of tables are told apart by it."""
_COLUMNS = 64
"""More than any table has, likewise."""


class Asked(IntEnum):
    """Kinds of question: with table, row and column they are the address of what is known."""

    CELL = 0
    DUPLICATE = 1
    DATES = 2
    COLUMN = 3
    CHECK = 4
    """Something that the team can check by itself."""


class KeyUser(mesa.Agent):  # type: ignore[misc]
    """Somebody of the customer who knows a part of the data."""

    model: People

    def __init__(self, model: People, record: UserState) -> None:
        super().__init__(model)
        self.record = record

    def ask(self, now: float, hours: float) -> float:
        """Take a question on; the hour at which it is answered is returned."""
        half_days = ceil(hours / ANSWERING_HOURS)
        begin = max(now, self.record.busy_until)
        self.record.busy_until = begin + HALF_DAY * half_days
        self.record.tiredness = min(1.0, self.record.tiredness + TIRED_BY_HOUR * hours)
        return self.record.busy_until

    def step(self) -> None:
        """Rest for a night."""
        self.record.tiredness = max(0.0, self.record.tiredness - RESTED_BY_NIGHT)


class Owner(mesa.Agent):  # type: ignore[misc]
    """The data's owner, who signs tables."""

    model: People

    def looks_at(self, now: float, table: int, attempt: int) -> float:
        """The hour at which a table has been looked at: one to three half-days from now."""
        u = self.model.streams.uniform(_LATENCY, table, attempt)
        return now + HALF_DAY * (1 + int(u * 3))

    def signs(self, refused_share: float) -> bool:
        """True if a table is good enough."""
        return refused_share <= TOLERATED[self.model.is_strict]


class People(mesa.Model):  # type: ignore[misc]
    """All whom the team may ask.

    Args:
        state: of the world.
        streams: of luck that is still to come.
    """

    def __init__(self, state: State, streams: RandomStreams) -> None:
        super().__init__(rng=0)  # nothing is drawn from it; a seed spares reading the system's
        self._state, self.streams = state, streams
        self.users = [KeyUser(self, record) for record in state.users]
        self.owner = Owner(self)
        # Mesa counts agents per model in a table of the class, which would keep every world alive.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def has(self, trait: Trait) -> bool:
        """Latent: whether the customer has a trait."""
        return self._state.traits[trait] > 0

    @property
    def is_strict(self) -> bool:
        """Latent: whether the owner signs nothing that has visible defects, as of now."""
        return self._state.strict_rules > 0 or self.has(Trait.STRICT_OWNER)

    def whom(self, table: int) -> int:
        """The key user who knows a table best of those who are there."""
        count = len(self.users)
        order = [(table + step) % count for step in range(count)]
        return next((user for user in order if not self.users[user].record.gone), order[0])

    def evening(self) -> None:
        """Let everybody rest."""
        for user in self.users:
            user.step()

    def answer(
        self, tiredness: float, kind: Asked, table: int, row: int = 0, column: int = 0
    ) -> int:
        """The outcome of a question: 1: the truth, -1: something else, 0: nothing.

        Args:
            tiredness: of who answers, when they were asked.
            kind: of question.
            table: slot that it is about.
            row: likewise; for columns, their place in the extracts.
            column: likewise; for columns, which look at them it is.
        """
        whom, attempt = table * ROWS + row, kind * _COLUMNS + column
        guessing = self.has(Trait.GUESSING)
        left = self.users[table % len(self.users)].record.gone
        knows = _KNOWS[guessing] - _TIRED_LOSS * tiredness - _STANDING_IN_LOSS * left
        if self.streams.uniform(_KNOWS_IT, whom, attempt) < knows:
            wrong = 0.0 if guessing else _SHY
            return -1 if self.streams.uniform(_WRONG, whom, attempt) < wrong else 1
        return -1 if guessing else 0


def table_waits(table: TableState) -> bool:
    """True while somebody is to answer of a table."""
    return table.awaited > 0 or table.with_owner > 0
