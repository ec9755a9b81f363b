"""What every world speaks: environments, trainers and evaluation know no more than this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

BriefingT_co = TypeVar("BriefingT_co", covariant=True)
DecisionT_contra = TypeVar("DecisionT_contra", contravariant=True)
LegalT_co = TypeVar("LegalT_co", covariant=True)
ScorecardT_co = TypeVar("ScorecardT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole world at a decision point, as plain data.

    Attributes:
        world: name of the world class that made it, such as ``"implementation"``.
        version: version of the state's layout; a world restores only its own.
        payload: nested dicts, lists, numbers and strings only, so it pickles and
            turns into JSON without loss (floats by their shortest exact form).
    """

    world: str
    version: int
    payload: Mapping[str, Any]


class SnapshotError(ValueError):
    """A snapshot that this world cannot restore; the message says why."""


class World(Protocol, Generic[BriefingT_co, DecisionT_contra, LegalT_co, ScorecardT_co]):
    """The world protocol."""

    @property
    def finished(self) -> bool:
        """Whether the episode is over."""
        ...

    def briefing(self) -> BriefingT_co:
        """What may be known at this decision point; never latent truth."""
        ...

    def legal(self) -> LegalT_co:
        """What may be ordered at this decision point, from the briefing alone."""
        ...

    def advance(self, decision: DecisionT_contra) -> None:
        """Run to the next decision point."""
        ...

    def scorecard(self) -> ScorecardT_co:
        """What has happened so far, in the field's own units."""
        ...

    def snapshot(self) -> Snapshot:
        """The whole state, detached from the world."""
        ...

    def digest(self) -> str:
        """Hash of the snapshot: equal digests have equal futures."""
        ...
