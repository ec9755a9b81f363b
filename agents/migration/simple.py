"""Migrations of one idea: what everybody tries first, and what must lose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.random_streams import RandomStreams, purpose
from ...sim.migration.briefing import Briefing
from ...sim.migration.decision import CHOICES, NEUTRAL, Decision, LegalDecisions, Work
from ...sim.migration.traits import Trait
from .expert import DATE_WORKS, Expert, changed_parameters

_LOT = purpose("agents/migration lots")


class Steps:
    """Does each step for every table, one step after another, and loads.

    Args:
        name: of the policy.
        steps: works in order; of the ways to read dates the one that the kick-off spoke of.
        every_hours: a mock load is made at the least so often; 0: never.
        waits: whether answers are waited for before the load.
    """

    def __init__(
        self, name: str, steps: Sequence[Work], every_hours: float = 0.0, *, waits: bool = False
    ) -> None:
        self.name, self._steps, self._every, self._waits = name, tuple(steps), every_hours, waits

    def reset(self, seed: int) -> None:
        """Forget nothing: everything is in the briefing."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The first step that is not done and legal."""
        return next((one for one in self._due(briefing) if legal.allows(one)), NEUTRAL)

    def _due(self, briefing: Briefing) -> Iterator[Decision]:
        if briefing.golive_in_hours <= 4.0:
            yield Decision(Work.LOAD)
        if self._every and briefing.mock_loads < briefing.now / self._every:
            yield Decision(Work.MOCK_LOAD)
        slots = [slot for slot, table in enumerate(briefing.tables) if table.rows]
        for step in self._steps:
            for slot in slots:
                table = briefing.tables[slot]
                if step in (Work.MAP_QUICKLY, Work.MAP_CHECKED):
                    if not table.mapped:
                        yield Decision(step, slot)
                elif step in DATE_WORKS:
                    first = briefing.signs[Trait.DAYS_FIRST] > 0.0
                    work = DATE_WORKS[0 if first else 1]
                    if not table.done[work]:
                        yield Decision(work, slot)
                elif not table.done[step]:
                    yield Decision(step, slot)
        if self._waits and any(table.awaited for table in briefing.tables):
            yield NEUTRAL
        yield Decision(Work.LOAD)


class Idle:
    """Does nothing, and so loads nothing."""

    name = "do_nothing"

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """To wait."""
        return NEUTRAL


class AskEverything:
    """Asks key users about every table whatever they are asked already, up to the go-live."""

    name = "ask_everything"

    def __init__(self) -> None:
        self._first = Steps("", (Work.MAP_CHECKED, Work.READ_DAYS_FIRST, Work.FORMATS))

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """A question, the one that was asked least, or what needs no answer."""
        before = self._first.decide(briefing, legal)
        if before.work is not Work.LOAD or briefing.golive_in_hours <= 4.0:
            return before
        asks = [
            Decision(work, slot)
            for slot in range(len(briefing.tables))
            for work in (Work.ASK_DATES, Work.ASK_DUPLICATES, Work.ASK_GAPS)
            if legal.allows(Decision(work, slot))
        ]
        return min(asks, key=lambda one: briefing.tables[one.table].done[one.work], default=NEUTRAL)


class ByLot:
    """Does any legal work but the load, which comes at the go-live."""

    name = "by_lot"

    def __init__(self) -> None:
        self._luck = RandomStreams(0)

    def reset(self, seed: int) -> None:
        """Draw lots of this seed."""
        self._luck = RandomStreams(seed)

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """Any work."""
        if briefing.golive_in_hours <= 4.0 and legal.allows(Decision(Work.LOAD)):
            return Decision(Work.LOAD)
        open_to = [
            one
            for one, allowed in zip(CHOICES, legal.allowed, strict=True)
            if allowed and one.work is not Work.LOAD
        ]
        u = self._luck.uniform(_LOT, briefing.decision)
        return open_to[int(u * len(open_to))]


_READ = (Work.MAP_CHECKED, Work.READ_DAYS_FIRST, Work.FORMATS)
_CLEAN = (*_READ, Work.NORMALISE)
STEPS: dict[str, tuple[Work, ...]] = {
    "load_as_is": (Work.MAP_QUICKLY,),
    "casts_only": _READ,
    "rules_only": (*_CLEAN, Work.LOOK_UP, Work.REPAIR_REFERENCES),
    "merge_proven": (*_CLEAN, Work.REPAIR_REFERENCES, Work.MERGE_CAUTIOUSLY),
    "merge_all": (*_CLEAN, Work.MERGE_BOLDLY),
    "delete_hard_rows": (*_READ, Work.QUARANTINE),
    "fill_with_mode": (*_READ, Work.FILL_WITH_MODE),
}
"""Steps by name of those who do nothing else."""


def steps(name: str) -> Steps:
    """The policy of some steps."""
    return Steps(name, STEPS[name])


def mock_load_daily() -> Steps:
    """Casts, and a mock load every day."""
    return Steps("mock_load_daily", (*_CLEAN, Work.REPAIR_REFERENCES), 8.0)


def careful() -> Expert:
    """The expert that makes a mock load half-way, and maps anew what it finds wrong."""
    return Expert(changed_parameters(mock_left=0.45), name="with_mock_load")
