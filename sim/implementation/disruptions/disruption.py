"""Base of every disruption: onset, what it breaks, how it is noticed, what mends it.

A kind of disruption is a class of behaviour; what happens to one of them stands in its
``DisruptionState``, so that the world can be snapshotted in the middle of it. Three things can
bring a disruption to light: an event of the project (a mock load, a test, a workshop: the kind
says which), somebody who tells (``notice_hour``, drawn), or production. Work ends it: packages
of kind ``RESPONSE`` that come up with the notice. A kind may also end of itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from ....scenarios.implementation.disruption import Disruption as DisruptionRow
from ....scenarios.implementation.vocabulary import Workstream
from .. import draws
from ..decision import WORKSTREAMS
from ..state import DisruptionState, Package, PackageKind, SiteState, Status

if TYPE_CHECKING:
    import simpy

    from ..mechanisms import Mechanisms
    from ..strain import Strain

_RESPONSE_KEYS = 64
"""Responses of one disruption that have draws of their own."""


class Disruption:
    """A kind of disruption; subclasses say what it does.

    Every method below has a default that does nothing. ``state`` is the disruption's record;
    events reach only disruptions that have begun and are not over.
    """

    kind: ClassVar[str]
    rows: ClassVar[Mapping[str, float]] = {}
    """Numbers of a kind that has no rows among the world's parameters (another package's):
    ``onset_latest``, ``notice_days`` and what it asks for itself."""
    amount_row: ClassVar[str] = ""
    """Row by severity that sets an amount which is left open; empty: none does."""

    def __init__(self, mechanisms: Mechanisms) -> None:
        self.context = mechanisms.context
        self.world = mechanisms.context.state
        self.work = mechanisms.work
        self.people = mechanisms.people
        self.defects = mechanisms.defects
        self.questions = mechanisms.questions
        self.scope = mechanisms.scope
        self.migration = mechanisms.migration
        self.interfaces = mechanisms.interfaces
        self.acceptance = mechanisms.acceptance
        self.money = mechanisms.money
        self.validation = mechanisms.validation

    # -- a life ----------------------------------------------------------------------------

    def prepare(self, state: DisruptionState, row: DisruptionRow) -> None:
        """Draw what the row leaves open; ``onset_hour`` and ``notice_hour`` are drawn already."""
        if row.amount is None and self.amount_row:
            state.amount = self.by_severity(self.amount_row, state)

    def begin(self, state: DisruptionState) -> None:
        """Begin to do damage; nobody knows yet."""

    def notice(self, state: DisruptionState) -> None:
        """Come to light: the briefing shows it, and what mends it can be worked on."""

    def mended(self, state: DisruptionState) -> bool:
        """True when what it broke is mended; asked in the evening once it is noticed.

        By default: when every response is done.
        """
        return bool(state.responses) and self.responded(state)

    def recover(self, state: DisruptionState) -> None:
        """End the disruption."""

    def strain(self, state: DisruptionState, strain: Strain) -> None:
        """Add its weight to the day's strain (each morning, once it has begun)."""

    # -- events of the project -------------------------------------------------------------

    def start_day(self, state: DisruptionState) -> None:
        """Do what comes in a morning."""

    def day_events(
        self, state: DisruptionState, environment: simpy.Environment, day_end: float
    ) -> None:
        """Start processes of the day that begins (``day_end`` in working hours since kick-off)."""

    def end_day(self, state: DisruptionState) -> None:
        """Do what comes in an evening."""

    def package_done(self, state: DisruptionState, package: Package) -> None:
        """React to a package that is done, one of its own responses or another."""

    def mock_load_done(self, state: DisruptionState) -> None:
        """React to a mock load that is over, its own consequences included."""

    def test_cycle_done(self, state: DisruptionState) -> None:
        """React to a test cycle that is over, its own consequences included."""

    def workshop_held(self, state: DisruptionState) -> None:
        """React to a stakeholder workshop."""

    def escalated(self, state: DisruptionState) -> None:
        """React when the sponsor is asked to press for answers."""

    def training_done(self, state: DisruptionState, package: Package) -> None:
        """React to a training wave that is over."""

    def went_live(self, state: DisruptionState, site: int) -> None:
        """React to a site that has gone live."""

    # -- what subclasses use ---------------------------------------------------------------

    def parameter(self, name: str, default: float | None = None) -> float:
        """A row of this kind: its own, or ``<kind>_<name>`` of the world's parameters.

        Args:
            name: of the row.
            default: where there is none; None: there must be one.
        """
        if name in self.rows:
            return self.rows[name]
        key = f"{self.kind}_{name}"
        if default is None:
            return float(getattr(self.context.parameters, key))
        return float(getattr(self.context.parameters, key, default))

    def by_severity(self, name: str, state: DisruptionState) -> float:
        """A row of this kind and the disruption's severity: ``<kind>_<name>_<severity>``."""
        return self.parameter(f"{name}_{state.severity}")

    def uniform(self, purpose: int, state: DisruptionState, attempt: int = 0) -> float:
        """A draw of this disruption, in [0, 1)."""
        return self.context.streams.uniform(purpose, state.number, attempt)

    def notice_perhaps(self, state: DisruptionState, chance: float, attempt: int) -> None:
        """Bring it to light with a probability; ``attempt`` addresses the draw."""
        if self.uniform(draws.DISRUPTION_EVENT, state, attempt) < chance:
            self.notice_now(state)

    def responded(self, state: DisruptionState) -> bool:
        """True when every response that was ordered is done."""
        packages = self.world.packages
        return all(packages[index].status == Status.DONE for index in state.responses)

    def notice_now(self, state: DisruptionState) -> None:
        """Bring it to light at this moment, if it has not come to light already."""
        if state.noticed or not state.begun or state.recovered:
            return
        state.noticed = True
        state.notice_hour = self.context.hour
        self.context.note("disruption_noticed", state.kind)
        self.notice(state)

    def respond(
        self,
        state: DisruptionState,
        name: str,
        workstream: Workstream,
        hours: float,
        *,
        site: int = 0,
        department: int = -1,
        key_user_hours: float = 0.0,
        environment: int = -1,
    ) -> Package:
        """A package that mends part of the disruption comes up now, the most urgent of all.

        Args:
            name: of the package.
            workstream: who does it.
            hours: expected effort; what it really takes is drawn around it.
            site: where.
            department: whose key users it needs (index); -1: nobody's.
            key_user_hours: hours of them.
            environment: system that it needs; -1: none.
        """
        key = state.number * _RESPONSE_KEYS + len(state.responses)
        draw = self.context.streams.uniform(draws.DISRUPTION_EFFORT, key)
        spread = self.context.tables.response.at(draw)
        package = Package(
            name=name,
            kind=int(PackageKind.RESPONSE),
            workstream=WORKSTREAMS.index(workstream),
            site=site,
            department=department,
            subject=self.world.disruptions.index(state),
            planned_hours=hours,
            remaining_hours=hours * spread,
            key_user_hours=key_user_hours,
            latest_finish_hour=self.context.hour,
            environment=environment,
            in_baseline=False,
        )
        self.work.append(package)
        state.responses.append(package.id)
        self.world.added_hours += hours
        return package

    def size(self) -> float:
        """Size of the project relative to the reference customer's, by baseline effort."""
        return self.world.baseline_hours / self.context.parameters.effort_reference_hours

    def others(self) -> list[DisruptionState]:
        """Disruptions of this kind that have been drawn so far."""
        return [other for other in self.world.disruptions if other.kind == self.kind]

    def live_sites(self) -> list[SiteState]:
        """Sites that work in production."""
        return [site for site in self.world.sites if site.live_day >= 0]

    def department_index(self, department: object) -> int:
        """Index of a department, or of the first one where the customer lacks it."""
        return self.context.department_index(department)
