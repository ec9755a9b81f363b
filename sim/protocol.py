"""The protocol of every world: faces, trainers and judges know no more than this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ..core.errors import GoliveError

DecisionT = TypeVar("DecisionT")
BriefingT_co = TypeVar("BriefingT_co", covariant=True)
DecisionT_contra = TypeVar("DecisionT_contra", contravariant=True)
LegalT_co = TypeVar("LegalT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole world at a decision point, as plain data.

    Attributes:
        world: name of the world that made it, such as ``"implementation"``.
        version: version of the state's layout; a world restores only its own.
        payload: nested dicts, lists, numbers and strings only, so it pickles and
            turns into JSON without loss (floats by their shortest exact form).
    """

    world: str
    version: int
    payload: Mapping[str, Any]


class SnapshotError(GoliveError):
    """A snapshot that this world cannot restore; the message says why."""


class Scorecard(Protocol):
    """The result of an episode, in the field's own units."""

    def as_dict(self) -> Mapping[str, float | bool | int]:
        """All fields by name."""
        ...


class Legal(Protocol[DecisionT]):
    """The decisions that are allowed at a decision point."""

    def replace_illegal(self, decision: DecisionT) -> tuple[DecisionT, int]:
        """The decision with illegal parts made neutral, and how many there were."""
        ...


class World(Protocol[BriefingT_co, DecisionT_contra, LegalT_co]):
    """One episode of what is simulated.

    Between two decision points it is plain data: equal digests have equal futures.
    """

    @property
    def scenario(self) -> Any:
        """Data of what is simulated (a ``Scenario`` of the world's own kind)."""
        ...

    @property
    def seed(self) -> int:
        """The episode's seed."""
        ...

    @property
    def subject(self) -> str:
        """Name of whom or what the episode is about, such as the customer's."""
        ...

    @property
    def hours_per_day(self) -> float:
        """Working hours a day."""
        ...

    @property
    def now(self) -> float:
        """Working hours since the beginning."""
        ...

    @property
    def horizon(self) -> float:
        """Working hours after which the episode is over at the latest, as far as is known."""
        ...

    @property
    def finished(self) -> bool:
        """True if the episode is over."""
        ...

    @property
    def illegal_decisions(self) -> int:
        """Illegal parts of decisions so far."""
        ...

    def briefing(self) -> BriefingT_co:
        """All that may be known at this decision point; never latent truth."""
        ...

    def legal(self) -> LegalT_co:
        """The decisions that are allowed at this decision point, by the briefing alone."""
        ...

    def advance(self, decision: DecisionT_contra) -> None:
        """Run to the next decision point; illegal parts are made neutral and counted.

        Raises:
            RuntimeError: the episode is over.
        """
        ...

    def scorecard(self) -> Scorecard:
        """The result so far, in the field's own units."""
        ...

    def snapshot(self) -> Snapshot:
        """The whole state, detached from the world."""
        ...

    def digest(self) -> str:
        """Hash of the snapshot: equal digests have equal futures."""
        ...


AnyWorld = World[Any, Any, Any]
"""A world of any kind."""
