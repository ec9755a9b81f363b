"""Mechanisms that other packages bring: they take part in the day beside golive's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .state import Package

if TYPE_CHECKING:
    from .decision import FurtherMove, Move
    from .mechanisms import Mechanisms
    from .strain import Strain


class Mechanism:
    """A part of the day; override what is of interest, the defaults do nothing.

    It is registered by name (``golive.scenarios.implementation.extensions.MECHANISMS``, or an
    entry point ``golive.implementation.mechanisms``) and lives in the worlds whose scenario
    names it (``mechanisms: [name]``). ``day.py`` says when each method is called. What it has to
    remember stands in ``state``, and nowhere else: numbers, strings, booleans, lists and
    dictionaries of them, which snapshots hold. Its draws are
    ``self.context.streams.uniform(purpose("package/what for"), whom, attempt)``.

    Args:
        mechanisms: of the world; all of them may be asked and used.
        state: its own, empty at kick-off.
    """

    def __init__(self, mechanisms: Mechanisms, state: dict[str, Any]) -> None:
        self.mechanisms = mechanisms
        self.context = mechanisms.context
        self.world = mechanisms.context.state
        self.state = state

    def kick_off(self) -> None:
        """Begin with the project; not called again when a world is restored."""

    def strain(self, strain: Strain) -> None:
        """Add its weight to the day's strain, beside the disruptions'."""

    def start_day(self) -> None:
        """React to a morning, when everything of it but the steering committee has happened."""

    def move_made(self, move: Move | FurtherMove) -> None:
        """React to a management move that has been carried out."""

    def package_done(self, package: Package) -> None:
        """React to a package that is done, when what follows from it has happened."""

    def went_live(self, site: int) -> None:
        """React to a site that works in production."""

    def end_day(self) -> None:
        """React to an evening, before people talk and the day is paid."""

    def report(self) -> Mapping[str, float]:
        """Figures that a programme manager may know of it, by name, for ``Briefing.further``."""
        return {}
