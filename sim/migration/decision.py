"""Decisions of the migration: what the team works on next, and on which table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from .target import TARGET

TABLES = tuple(TARGET)
"""Tables in the order of loading: a table's place is its slot."""
NO_TABLE = -1


class Work(IntEnum):
    """Kinds of work: each is a batch of operations on one table, or concerns all of them."""

    PROFILE = 0
    """Count gaps, unreadable cells, likely duplicates and open references."""
    MAP_QUICKLY = 1
    """Map columns by their names alone."""
    MAP_CHECKED = 2
    """Map columns with a key user, who reads the values; on a mapped table, begin it anew."""
    READ_DAYS_FIRST = 3
    READ_MONTHS_FIRST = 4
    ASK_DATES = 5
    """Ask a key user which order the table's dates have."""
    FORMATS = 6
    """Cast numbers, trim, repair encodings."""
    NORMALISE = 7
    """Bring names, streets, codes and choices into one form; a default becomes a gap."""
    LOOK_UP = 8
    """Fill gaps from rows and tables that agree in another column."""
    MERGE_CAUTIOUSLY = 9
    """Merge rows of equal names that share a tax number, phone, e-mail, barcode or postcode."""
    MERGE_BOLDLY = 10
    """Merge all rows of alike names."""
    ASK_DUPLICATES = 11
    """Ask a key user which rows of alike names are one thing."""
    FILL_WITH_MODE = 12
    ASK_GAPS = 13
    """Ask a key user for values of gaps, and of cells that cannot be read."""
    REPAIR_REFERENCES = 14
    """Turn references to nothing to the nearest key."""
    QUARANTINE = 15
    """Keep rows back that the target would reject."""
    RELEASE = 16
    RECONCILE = 17
    """Compare control totals with the business's own."""
    BY_HAND = 18
    """Go through the next two hundred rows, documents beside them, and set cells right."""
    ARCHIVE = 19
    """Leave partners behind whom nobody needs any more, as the data's owner agrees."""
    SIGN_OFF = 20
    """Ask the data's owner to sign the table."""
    WAIT = 21
    MASK = 22
    """Build a rule that masks personal data in test loads."""
    MOCK_LOAD = 23
    """Load all mapped tables into a test system; key users look at a sample of each."""
    FREEZE = 24
    """Nobody changes the old systems from now on."""
    LOAD = 25
    """Load into production: the episode is over."""


TABLE_WORKS = tuple(work for work in Work if work < Work.WAIT)
WHOLE_WORKS = (Work.WAIT, Work.MASK, Work.MOCK_LOAD, Work.FREEZE, Work.LOAD)
"""Works that concern all tables."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The next work of the team.

    Attributes:
        work: what.
        table: slot of the table; -1 where it concerns all.
    """

    work: Work = Work.WAIT
    table: int = NO_TABLE


NEUTRAL = Decision()
"""Wait for half a day: legal at every decision point."""
CHOICES: tuple[Decision, ...] = (
    *(Decision(work) for work in WHOLE_WORKS),
    *(Decision(work, table) for table in range(len(TABLES)) for work in TABLE_WORKS),
)
"""Every decision, in the order of actions."""
_PLACE = {decision: place for place, decision in enumerate(CHOICES)}


def place_of(decision: Decision) -> int | None:
    """Place among the choices; None if there is no such decision."""
    return _PLACE.get(decision)


@dataclass(frozen=True, slots=True)
class LegalDecisions:
    """The decisions that make sense now, each as a truth in the order of the choices."""

    allowed: tuple[bool, ...]

    def allows(self, decision: Decision) -> bool:
        """True if the decision is legal."""
        place = place_of(decision)
        return place is not None and self.allowed[place]

    def replace_illegal(self, decision: Decision) -> tuple[Decision, int]:
        """The decision, or to wait where it is illegal, and whether it was."""
        return (decision, 0) if self.allows(decision) else (NEUTRAL, 1)
