"""The migration world in numbers: the project, its people, and a row for each table."""

from __future__ import annotations

from dataclasses import astuple, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...core.arithmetic import plain_sum
from ...scenarios.migration.vocabulary import Adversity
from ...sim.migration.briefing import Briefing, TableView
from ...sim.migration.decision import (
    CHOICES,
    NEUTRAL,
    NO_TABLE,
    TABLE_WORKS,
    TABLES,
    Decision,
    LegalDecisions,
    place_of,
)
from ...sim.migration.traits import Trait
from ...sim.migration.visible import Profile
from ...sim.numbers import Choices, Column, Factor, Group, Transform
from ..encoding import Encoder

_LOG = Transform.LOGARITHM
_PROJECT = (
    Column("left", "working hours until the planned go-live", -1.0, 2.0, 240.0),
    Column("gone", "share of the planned hours that is over", 0.0, 2.0),
    Column("frozen", "the old systems are frozen"),
    Column("frozen_hours", "working hours since the freeze", 0.0, 2.0, 80.0),
    Column("wait_least", "half-days until the first key user is free", 0.0, 2.0, 2.0, _LOG),
    Column("wait_most", "half-days until the last one is", 0.0, 2.0, 2.0, _LOG),
    Column("tired", "tiredness of the key users in the mean"),
    Column("checked", "answers that could be checked", 0.0, 2.0, 3.0, _LOG),
    Column("wrong", "share of them that was wrong"),
    Column("changed", "rows that the business changed", 0.0, 2.0, 5.0, _LOG),
    Column("mock_loads", "mock loads so far", 0.0, 2.0, 2.0, _LOG),
    Column("spent", "USD so far", 0.0, 3.0, 10_000.0),
    Column("masked", "personal data is masked in test loads"),
    *(Column(f"met_{kind.value}", "severity of what has gone wrong so far") for kind in Adversity),
)
_SIGNS = tuple(
    Column(trait.name.lower(), "sign of the trait, as heard at the kick-off", -1.0, 1.0, 4.0)
    for trait in Trait
)
_TABLE = (
    Column("rows", "rows of the extract", 0.0, 2.0, 6.0, _LOG),
    Column("by_names", "columns are mapped by names"),
    Column("checked", "columns are mapped with a key user"),
    Column("similarity", "of headers and names in the mean"),
    Column("unmapped", "columns of the target to which none is mapped", 0.0, 2.0, 5.0),
    Column("profiled", "was profiled"),
    Column("fresh", "freshness of the profile, 0 if there is none", 0.0, 1.0, 16.0,
           Transform.FRESHNESS),
    Column("told", "1: a key user says that days come first, -1: months", -1.0, 1.0),
    Column("awaited", "answers that are still to come"),
    Column("sampled", "was looked at after a mock load"),
    Column("wrong_cells", "share of the sample found wrong", 0.0, 1.0, 0.25),
    Column("wrong_dates", "share of its dates found wrong"),
    Column("reconciled", "totals were compared"),
    Column("totals_off", "share of the totals that differ"),
    Column("with_owner", "the owner looks at it"),
    Column("signed", "the owner has signed"),
    Column("read", "rows that were gone through by hand, of all", 0.0, 2.0),
    Column("found", "wrong cells a row found by hand the last time, -1: never", -1.0, 2.0),
    Column("refusals", "times that the owner has not", 0.0, 2.0, 2.0),
    *(Column(f.name, "share in the profile, 0 without one", 0.0, 1.0, 0.25)
      for f in fields(Profile)),
    *(Column(f"did_{work.name.lower()}", "times", 0.0, 2.0, 2.0) for work in TABLE_WORKS),
)  # fmt: skip
_NAMES = tuple(str(table) for table in TABLES)
_NO_PROFILE = (0.0,) * len(fields(Profile))


def choice_name(decision: Decision) -> str:
    """The name of a choice: its work and table, such as ``profile.customers``."""
    work = decision.work.name.lower()
    return work if decision.table == NO_TABLE else f"{work}.{TABLES[decision.table]}"


class MigrationNumbers:
    """The migration world's language for learners; satisfies ``Numbers``.

    A choice is a kind of work on a table, so that the mask is exact; a customer without a table
    has zeros in its row, and everything there is masked.
    """

    groups = (
        Group("project", ("",), _PROJECT),
        Group("sign", ("",), _SIGNS),
        Group("table", _NAMES, _TABLE),
    )
    choices = Choices(
        [
            Factor(
                "work",
                tuple(choice_name(one) for one in CHOICES),
            )
        ]
    )
    _encoder = Encoder(groups)

    def encode(self, briefing: Briefing) -> NDArray[np.float32]:
        """The briefing as a new float32 vector within the features' bounds."""
        planned = briefing.now + briefing.golive_in_hours
        raw: list[float] = [
            briefing.golive_in_hours,
            briefing.now / planned,
            briefing.frozen,
            briefing.frozen_hours,
            min(briefing.waits),
            max(briefing.waits),
            plain_sum(briefing.tired) / len(briefing.tired),
            briefing.answers_checked,
            briefing.answers_wrong / max(1, briefing.answers_checked),
            briefing.rows_changed,
            briefing.mock_loads,
            briefing.expenses_usd,
            briefing.masked,
            *briefing.met,
            *briefing.signs,
        ]
        for table in briefing.tables:
            raw += _table_row(table)
        return self._encoder.encoded(raw)

    def mask(self, legal: LegalDecisions) -> NDArray[np.bool_]:
        """The legal choices as True."""
        return np.array(legal.allowed, dtype=np.bool_)

    def decode(self, action: ArrayLike) -> Decision:
        """The decision that an action means; raises ``GoliveError`` outside the space."""
        return CHOICES[self.choices.checked(action)[0]]

    def action(self, decision: Decision) -> NDArray[np.int64]:
        """The action that means a decision; of one that there is not, to wait."""
        place = place_of(decision)
        return np.array([place_of(NEUTRAL) if place is None else place])


def _table_row(table: TableView) -> list[float]:
    profile = _NO_PROFILE if table.profile is None else astuple(table.profile)
    return [
        table.rows,
        table.mapped == 1,
        table.mapped == 2,
        table.similarity,
        table.unmapped,
        table.profile is not None,
        -1.0 if table.profile is None else table.profile_age,
        table.dates_told,
        table.awaited,
        table.sampled,
        table.wrong_cells,
        table.wrong_dates,
        table.reconciled,
        table.totals_off,
        table.with_owner,
        table.signed,
        table.read / max(table.rows, 1),
        table.found,
        table.refusals,
        *profile,
        *table.done,
    ]
