"""All disruptions of a world: draws them, lives their days, tells them what happens."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

import simpy

from ....core.registry import load_place
from ....scenarios.implementation.disruption import Disruption as DisruptionRow
from ....scenarios.implementation.edge_case_table import EDGE_CASE_KINDS
from .. import draws
from ..state import DisruptionState, Package, PackageKind
from ..strain import Strain
from .conflicting_business_rules import ConflictingBusinessRules
from .corrupt_data import CorruptData
from .disruption import Disruption
from .environment_outage import EnvironmentOutage
from .legacy_incompatibility import LegacyIncompatibility
from .missing_requirements import MissingRequirements
from .multilingual_requirements import MultilingualRequirements
from .network_failures import NetworkFailures
from .performance_bottleneck import PerformanceBottleneck
from .regulatory_compliance import RegulatoryCompliance

if TYPE_CHECKING:
    from ..mechanisms import Mechanisms

KINDS: tuple[type[Disruption], ...] = (
    EnvironmentOutage,
    CorruptData,
    MissingRequirements,
    ConflictingBusinessRules,
    LegacyIncompatibility,
    PerformanceBottleneck,
    RegulatoryCompliance,
    MultilingualRequirements,
    NetworkFailures,
)
"""Golive's own kinds; one file each beside this one."""
_OWN_KINDS: dict[str, type[Disruption]] = {str(kind.kind): kind for kind in KINDS}


class _Kinds(dict[str, Disruption]):
    """The mechanism of each kind, made when it is first asked for: most worlds meet few."""

    def __init__(self, mechanisms: Mechanisms) -> None:
        super().__init__()
        self._mechanisms = mechanisms

    def __missing__(self, name: str) -> Disruption:
        kind = _OWN_KINDS.get(name)
        if kind is None:
            made = EDGE_CASE_KINDS[name].mechanism
            kind = load_place(made) if isinstance(made, str) else made
        self[name] = kind(self._mechanisms)
        return self[name]


class Disruptions:
    """Everything that goes wrong from outside.

    Args:
        mechanisms: what disruptions may touch.
    """

    def __init__(self, mechanisms: Mechanisms) -> None:
        self.context = mechanisms.context
        self.state = mechanisms.context.state
        self.further = mechanisms.further
        self.kinds = _Kinds(mechanisms)

    # -- where they come from --------------------------------------------------------------

    def add(self, row: DisruptionRow) -> DisruptionState | None:
        """Draw a row's disruption; ``None`` where it does not happen in this episode.

        One that is added during the episode cannot begin before now.
        """
        context = self.context
        streams, hours = context.streams, context.hours_per_day
        number = self.state.disruption_rows
        self.state.disruption_rows += 1
        if streams.uniform(draws.DISRUPTION_HAPPENS, number) >= row.probability:
            return None
        kind = self.kinds[row.kind]
        latest = kind.parameter("onset_latest", 1.0)
        moment = streams.uniform(draws.DISRUPTION_DAY, number)
        day = float(row.day) if row.day is not None else latest * moment * context.planned_days
        onset = max(day, float(self.state.day)) * hours
        delay = kind.parameter("notice_days", 0.0) * hours
        delay *= context.tables.notice.at(streams.uniform(draws.DISRUPTION_NOTICE, number))
        state = DisruptionState(
            kind=str(row.kind),
            severity=row.severity.value,
            place=-1,
            onset_hour=onset,
            notice_hour=onset + delay,
            recovery_hour=-1.0,
            number=number,
            amount=-1.0 if row.amount is None else row.amount,
            names=list(row.names),
        )
        kind.prepare(state, row)
        self.state.disruptions.append(state)
        return state

    # -- a day -----------------------------------------------------------------------------

    def start_day(self) -> None:
        """Begin and bring to light what did so overnight; then make the day's strain."""
        now = self.context.hour
        for state in self.state.disruptions:
            kind = self.kinds[state.kind]
            if not state.begun and state.onset_hour <= now:
                state.begun = True
                kind.begin(state)
                self.context.note("disruption_begun", state.kind)
            if state.begun and not state.noticed and state.notice_hour <= now:
                kind.notice_now(state)
        for state in self._unfinished():
            self.kinds[state.kind].start_day(state)
        self.make_strain()

    def make_strain(self) -> None:
        """Collect what the disruptions under way do to the day's work."""
        self.context.strain = strain = Strain.none(len(self.state.sites))
        for state in self._unfinished():
            self.kinds[state.kind].strain(state, strain)
        for mechanism in self.further.values():
            mechanism.strain(strain)

    def schedule(self, environment: simpy.Environment, day_end: float) -> None:
        """Schedule the day's onsets, notices and recoveries, each at its hour."""
        for state in self.state.disruptions:
            if not state.recovered and state.onset_hour < day_end:
                environment.process(self._timeline(environment, state, day_end))
        for state in self._unfinished():
            self.kinds[state.kind].day_events(state, environment, day_end)

    def _timeline(
        self, environment: simpy.Environment, state: DisruptionState, day_end: float
    ) -> Generator[simpy.Event, None, None]:
        kind = self.kinds[state.kind]
        steps: tuple[tuple[str, str, Callable[[DisruptionState], None]], ...] = (
            ("onset_hour", "begun", kind.begin),
            ("notice_hour", "noticed", kind.notice),
            ("recovery_hour", "recovered", kind.recover),
        )
        for moment, flag, happen in steps:
            hour = getattr(state, moment)
            if getattr(state, flag):
                continue
            if not 0.0 <= hour < day_end:
                return
            if hour > environment.now:
                yield environment.timeout(hour - environment.now)
            if getattr(state, flag):
                continue  # an event brought it to light meanwhile
            self.context.hour = environment.now
            setattr(state, flag, True)
            happen(state)
            self.make_strain()
            self.context.note(f"disruption_{flag}", state.kind)

    def end_day(self) -> None:
        """End those that are mended by the evening."""
        for state in self._unfinished():
            kind = self.kinds[state.kind]
            kind.end_day(state)
            if state.noticed and state.recovery_hour < 0.0 and kind.mended(state):
                state.recovered = True
                state.recovery_hour = self.context.hour
                kind.recover(state)
                self.context.note("disruption_recovered", state.kind)
        self.make_strain()

    # -- events of the project -------------------------------------------------------------

    def package_done(self, package: Package) -> None:
        """Tell them of a package that is done."""
        for state in self._unfinished():
            self.kinds[state.kind].package_done(state, package)
        if package.kind == PackageKind.TRAINING:
            for state in self._unfinished():
                self.kinds[state.kind].training_done(state, package)

    def mock_load_done(self) -> None:
        """Tell them of a mock load that is over."""
        for state in self._unfinished():
            self.kinds[state.kind].mock_load_done(state)

    def test_cycle_done(self) -> None:
        """Tell them of a test cycle that is over."""
        for state in self._unfinished():
            self.kinds[state.kind].test_cycle_done(state)

    def workshop_held(self) -> None:
        """Tell them of a stakeholder workshop."""
        for state in self._unfinished():
            self.kinds[state.kind].workshop_held(state)

    def escalated(self) -> None:
        """Tell them that the sponsor is asked to press for answers."""
        for state in self._unfinished():
            self.kinds[state.kind].escalated(state)

    def went_live(self, site: int) -> None:
        """Tell them of a site that has gone live."""
        for state in self._unfinished():
            self.kinds[state.kind].went_live(state, site)

    def _unfinished(self) -> list[DisruptionState]:
        disruptions = self.state.disruptions
        if not disruptions:
            return []
        return [state for state in disruptions if state.begun and not state.recovered]
