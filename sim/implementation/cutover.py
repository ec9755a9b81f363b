"""Mechanism 12: cutover, go-live, the dip after it, hypercare, and the way back.

Productivity falls with what is missing, wrong or not mastered, and recovers as that is mended
and as people learn; a catastrophic start can be rolled back.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ...core.arithmetic import exponential
from . import draws
from .acceptance import Acceptance
from .briefing import SiteStatus
from .context import Context
from .defects import Defects
from .effort import REFERENCE_EMPLOYEES
from .interfaces import Interfaces
from .migration import Migration
from .network_builder import CUTOVER_STREAMS
from .people import People
from .schedule import PlanDays
from .sites import SCOPE_KINDS, Sites
from .state import Package, PackageKind, SiteState, Status
from .value import BusinessCase
from .work import Work

_CUTOVER = int(SiteStatus.CUTOVER)


@dataclass(kw_only=True, eq=False, repr=False)
class Cutover:
    """Sites going live."""

    context: Context
    schedule: PlanDays
    work: Work
    defects: Defects
    interfaces: Interfaces
    migration: Migration
    people: People
    acceptance: Acceptance
    sites: Sites
    case: BusinessCase
    on_live: Callable[[int], None]

    def __post_init__(self) -> None:
        self.state = self.context.state
        self._steps: list[list[Package]] = [[] for _ in self.state.sites]
        for package in self.state.packages:
            if package.kind == PackageKind.CUTOVER:
                self._steps[package.site].append(package)
        self._size_root = math.sqrt(max(1.0, self.context.customer.employees / REFERENCE_EMPLOYEES))

    # -- going live ------------------------------------------------------------------------

    def in_cutover(self) -> bool:
        """True while a site is in cutover."""
        return any(site.status == SiteStatus.CUTOVER for site in self.state.sites)

    def start(self) -> None:
        """Begin the cutover of the next wave."""
        for index in self.sites.next_wave():
            self._start(index)

    def _start(self, index: int) -> None:
        """The cutover of a site begins: its packages are work now."""
        site = self.state.sites[index]
        site.status = int(SiteStatus.CUTOVER)
        site.cutover_start_day = self.state.day
        rehearsed = self.state.rehearsed[index]
        factor = 1.0 if rehearsed else self.context.parameters.unrehearsed_cutover
        for package in self._steps[index]:
            if package.status == Status.DONE:
                hours = package.planned_hours / site.roll_backs  # each time added the same again
                package.open_predecessors = len(CUTOVER_STREAMS) if package.order else 0
                self.work.reopen(package, hours)
            else:
                package.planned_hours *= factor
                package.remaining_hours *= factor
                self.work.activate(package)
        self.context.note("cutover_begins", self._name(index))

    def package_done(self, package: Package) -> None:
        """Put a site into production with the last step of its cutover."""
        if package.kind == PackageKind.REHEARSAL:
            self.state.rehearsed[package.site] = True
        elif all(step.status == Status.DONE for step in self._steps[package.site]):
            self.state.sites[package.site].cut_over = True
            self.context.note("cutover_ready", self._name(package.site))

    def start_day(self) -> None:
        """Start production at sites whose cutover is done, if today has a window."""
        for index, site in enumerate(self.state.sites):
            if site.status == _CUTOVER and self.schedule.is_window(self.state.day):
                if site.cut_over:
                    self._go_live(index)
                elif self.state.day > site.cutover_start_day:
                    site.missed_windows += 1
                    self.context.note("window_missed", self._name(index))

    def _go_live(self, index: int) -> None:
        state, plan, p = self.state, self.context.plan, self.context.parameters
        site = state.sites[index]
        site.status = int(SiteStatus.LIVE)
        site.cut_over = False
        site.live_day = state.day
        if site.first_live_day < 0:
            site.first_live_day = state.day
        site.reconciliation = self.migration.cut_over()
        draw = self.context.streams.uniform(draws.DIP_DEPTH, index, site.roll_backs)
        site.depth_factor = self.context.tables.dip.at(draw)
        site.base_loss = p.dip_base
        site.loss = self._target_loss(index)
        if state.next_site == 0 or state.data_quality_go_live < 0.0:
            state.data_quality_go_live = self.migration.overall_quality()
            state.data_gate_passed = self._gate_passed(plan.data_gate)
            state.acceptance_at_go_live = self.acceptance.all_passed()
        for defect in state.defects:
            self.defects.goes_live(defect)
        state.next_site += 1
        if self.sites.all_live():
            state.hypercare_start = state.day
            state.last_day = min(state.last_day, state.day + 1 + self.schedule.hypercare_days)
        self.context.note(
            "go_live", self._name(index), loss=site.loss, reconciliation=site.reconciliation
        )
        self.sites.went_live(index)
        self.on_live(index)

    def _gate_passed(self, gate: float) -> bool:
        state = self.state
        if not any(item.present for item in state.objects):
            return True
        return state.mock_loads_done > 0 and state.last_mock_load_success >= gate

    def roll_back(self) -> None:
        """Take the wave that went live last back to its legacy systems."""
        state, p = self.state, self.context.parameters
        for index in self.sites.last_wave():
            self._take_back(index)
        state.hypercare_start = -1
        state.last_day = self.schedule.last_day
        self.people.shift_trust(p.trust_roll_back)

    def _take_back(self, index: int) -> None:
        state = self.state
        site = state.sites[index]
        site.status = int(SiteStatus.PLANNED)
        site.live_day = -1
        site.loss = site.base_loss = 0.0
        site.roll_backs += 1
        site.target_day = max(site.target_day, state.day) + self.context.days_per_week
        state.next_site -= 1
        self.context.note("roll_back", self._name(index))

    # -- production ------------------------------------------------------------------------

    def end_day(self) -> None:
        """Count a day in cutover or production at each site."""
        p = self.context.parameters
        any_live = False
        for index, site in enumerate(self.state.sites):
            if site.live_day >= 0:
                any_live = True
                self._live_day(index, site)
            elif site.missed_windows > site.overrun_windows:
                site.overrun_windows = site.missed_windows
                self.state.overtime_cutover_days += 1
                self.people.shift_trust(p.cutover_overrun_trust * p.trust_missed_date)
        if any_live:
            self.interfaces.live_day()
            self._extend_hypercare()

    def _extend_hypercare(self) -> None:
        """On its last day hypercare goes on for a week where a site does not run well enough."""
        state = self.state
        last = state.hypercare_start >= 0 and state.day + 1 >= state.last_day
        if not last or state.hypercare_extensions >= self.context.plan.hypercare_extension_weeks:
            return
        if max(site.loss for site in state.sites) > self.context.parameters.hypercare_release_loss:
            state.hypercare_extensions += 1
            state.last_day += self.context.days_per_week
            self.context.note("hypercare_extended", "project")

    def _live_day(self, index: int, site: SiteState) -> None:
        p = self.context.parameters
        recovery = p.dip_recovery_days * self.context.by_delivery(1.0, p.dip_recovery_conventional)
        site.base_loss *= 1.0 - 1.0 / recovery
        site.loss += p.dip_response * (self._target_loss(index) - site.loss)
        site.deepest_loss = max(site.deepest_loss, site.loss)
        share = self.context.customer.sites[index].employees / self.context.customer.employees
        self.state.lost_days += share * site.loss * self.case.season_factor()
        if site.loss > p.catastrophic_dip:
            site.catastrophic_days += 1
        if site.loss < p.recovered_dip:
            site.recovered_days += 1
            if site.days_to_recover < 0:
                site.days_to_recover = self.state.day - site.live_day
            if site.recovered_days >= self.context.days_per_week:
                site.status = int(SiteStatus.STABLE)
        self.people.shift_trust(p.trust_dip_per_day * site.loss)

    def _target_loss(self, index: int) -> float:
        """Loss of productivity that the present state of things makes, 0..1."""
        p = self.context.parameters
        site = self.state.sites[index]
        loss = site.base_loss
        loss += p.dip_defects * self.defects.open_weight(index) / self._size_root
        loss += p.dip_data * (1.0 - self.migration.overall_quality())
        effects = self.context.effects
        untrained = 1.0 - self.people.readiness(index) - p.dip_tolerance * effects.tolerance
        loss += p.dip_training * effects.untrained * max(0.0, untrained)
        loss += p.dip_interfaces * self.interfaces.failing_share()
        loss += p.dip_coverage * (1.0 - self.sites.coverage(index))
        loss += p.dip_localisation * (1.0 - self.sites.localised(index))
        loss += self.sites.reconciliation_loss(index)
        loss = loss * site.depth_factor + self.context.strain.live_loss[index]
        # Troubles overlap: who cannot work for one reason cannot stop for another as well.
        lost = 1.0 - exponential(-loss) if loss > 0.0 else 0.0
        return lost * self.context.by_delivery(1.0, 1.0 - p.parallel_operation)

    def coverage(self) -> float:
        """Share of the baseline scope that has been done, by effort."""
        return self.work.done_share(*SCOPE_KINDS, baseline=True)

    def usefulness(self) -> list[float]:
        """Per site how useful the system is: what works of what was promised."""
        coverage = self.sites.coverage
        return [coverage(index) * (1.0 - site.loss) for index, site in enumerate(self.state.sites)]

    def _name(self, index: int) -> str:
        return self.context.customer.sites[index].name
