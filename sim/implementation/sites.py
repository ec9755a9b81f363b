"""Mechanism 17: several sites. Waves, the template, localisation, distance, and the joined system.

What is built for the pilot is the core of every site; what is built for another site is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from ...core.arithmetic import plain_sum, whole_sum
from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.vocabulary import Workstream
from .briefing import SiteStatus
from .context import Context
from .decision import WORKSTREAMS
from .schedule import PlanDays
from .state import Package, PackageKind, SiteState
from .work import Work

PILOT = 0
_ZONE_DATE = datetime(2025, 1, 15, 12)
"""Time zones are compared on this date, so that summer time changes nothing."""
_HOURS_ROUND_THE_CLOCK = 24.0
SCOPE_KINDS = (
    PackageKind.BUILD,
    PackageKind.CHALLENGE,
    PackageKind.DISCOVERY,
    PackageKind.LOCALISATION,
)
"""Kinds of packages that a site's processes consist of."""
_OWN = (
    *SCOPE_KINDS,
    PackageKind.TEST_PREPARATION,
    PackageKind.TRAINING_MATERIAL,
    PackageKind.REHEARSAL,
    PackageKind.IMPORTED,
)
_SAVED = frozenset(
    {
        PackageKind.DISCOVERY,
        PackageKind.BUILD,
        PackageKind.TEST_PREPARATION,
        PackageKind.TRAINING_MATERIAL,
    }
)


class Sites:
    """The sites of a customer on their way: who is next, what each has, what it needs."""

    def __init__(self, context: Context, schedule: PlanDays, work: Work) -> None:
        self.context = context
        self.state = context.state
        self.schedule = schedule
        self.work = work
        self.offsets = time_zone_hours(context.customer)
        between = [item.between_sites for item in context.customer.interfaces]
        self._between = [index for index, joins in enumerate(between) if joins]

    # -- waves -----------------------------------------------------------------------------

    def next_wave(self) -> tuple[int, ...]:
        """Sites that go live next, those of the wave that are live already left out."""
        return self._first(self.schedule.waves, lambda site: site.live_day < 0)

    def next_planned(self) -> tuple[int, ...]:
        """Sites of the next wave whose cutover has not begun."""
        return self._first(self.schedule.waves, lambda site: site.status == SiteStatus.PLANNED)

    def last_wave(self) -> tuple[int, ...]:
        """Live sites of the wave that went live last."""
        return self._first(self.schedule.waves[::-1], lambda site: site.live_day >= 0)

    def _first(
        self, waves: Sequence[Sequence[int]], wanted: Callable[[SiteState], bool]
    ) -> tuple[int, ...]:
        """The wanted sites of the first wave that has any."""
        sites = self.state.sites
        found = (tuple([index for index in wave if wanted(sites[index])]) for wave in waves)
        return next(filter(None, found), ())

    def all_live(self) -> bool:
        """True when every site works in production."""
        return all(site.live_day >= 0 for site in self.state.sites)

    # -- the core and the sites' own -------------------------------------------------------

    @staticmethod
    def scope_of(index: int) -> tuple[int, ...]:
        """Sites whose work a site needs: the core, and its own."""
        return (PILOT,) if index == PILOT else (PILOT, index)

    def coverage(self, index: int) -> float:
        """Share of what a site needs that is there, by effort."""
        return self.work.done_share(*SCOPE_KINDS, baseline=True, sites=self.scope_of(index))

    def localised(self, index: int) -> float:
        """Share of a site's localisation that is done, by effort; 1 where it needs none."""
        return self.work.done_share(PackageKind.LOCALISATION, sites=(index,))

    def own_hours(self, index: int) -> float:
        """Estimated effort left of a site's own work before its cutover."""
        return self.work.open_hours(_OWN, (index,))

    def translated(self, index: int) -> float:
        """Share of a site's translation that is done; 1 where it needs none."""
        done = total = 0.0
        for package in self.state.packages:
            if package.site == index and _is_translation(package):
                total += package.planned_hours
                done += package.done_hours
        return done / total if total else 1.0

    # -- what a go-live changes ------------------------------------------------------------

    def went_live(self, index: int) -> None:
        """Let later sites gain from the template; once all are live, release what joins them."""
        state = self.state
        wave = self.schedule.waves[self.schedule.wave_of(index)]
        waiting = [site for site in range(len(state.sites)) if state.sites[site].live_day < 0]
        later = [site for site in waiting if site not in wave]
        first = state.sites[index].roll_backs == 0
        if first and index == wave[0]:
            for site in later:
                self._save(site)
        if first and index == self.schedule.site_order[0]:
            for site in later:
                self._retrofit(site)
        if not waiting:
            for package in list(state.packages):
                if package.kind == PackageKind.INTERFACE and package.held:
                    package.held = False
                    self.work.release(package)

    def _retrofit(self, site: int) -> None:
        """Adapt what was built before the template was proven to it."""
        p = self.context.parameters
        built = [
            package
            for package in self.state.packages
            if package.site == site and package.kind == PackageKind.BUILD and package.done_hours > 0
        ]
        hours = p.template_retrofit * plain_sum(package.done_hours for package in built)
        if hours < p.shortest_session_hours:
            return
        example = built[0]
        defects = p.template_retrofit * plain_sum(package.defect_mean for package in built)
        reserve = p.test_reserve * self.schedule.site_days[site]
        package = Package(
            name=f"adapt {self.context.customer.sites[site].name} to the template",
            kind=int(PackageKind.BUILD),
            workstream=WORKSTREAMS.index(Workstream.CONFIGURATION),
            site=site,
            department=example.department,
            planned_hours=hours,
            remaining_hours=hours * self.state.project_factor,
            latest_finish_hour=(self.schedule.site_days[site] - reserve)
            * self.context.hours_per_day,
            environment=example.environment,
            defect_mean=defects,
        )
        self.work.append(package)
        self.context.note("retrofit", package.name, effort_hours=package.planned_hours)

    def _save(self, site: int) -> None:
        """Shrink what the site has not begun, now that the template is proven."""
        factor = 1.0 - self.context.parameters.template_saving
        for package in self.state.packages:
            untouched = package.first_member < 0 and package.done_hours == 0.0
            if package.site == site and package.kind in _SAVED and untouched:
                self.work.scale(package, factor)

    # -- distance and the joined system ----------------------------------------------------

    def distance_factor(self, index: int) -> float:
        """Factor on the time until a site answers, by how little its working day overlaps."""
        hours = self.context.hours_per_day
        apart = abs(self.offsets[index])
        apart = min(apart, _HOURS_ROUND_THE_CLOCK - apart)
        missed = min(1.0, apart / hours)
        return 1.0 + self.context.parameters.time_zone_delay * missed

    def reconciliation_loss(self, index: int) -> float:
        """Loss at a live site by keeping it in step with the others by hand."""
        if not self._between or index == self.schedule.site_order[0]:
            return 0.0
        interfaces = self.state.interfaces
        missing = whole_sum(not interfaces[number].built for number in self._between)
        return self.context.parameters.dip_reconciliation * missing / len(self._between)


def time_zone_hours(customer: Customer) -> tuple[float, ...]:
    """Per site the hours by which its clock is ahead of the pilot's, -24..24."""
    offsets = [_hours_ahead(site.time_zone) for site in customer.sites]
    return tuple([offset - offsets[0] for offset in offsets])


@cache
def _hours_ahead(time_zone: str) -> float:
    offset = _ZONE_DATE.replace(tzinfo=ZoneInfo(time_zone)).utcoffset()
    return offset.total_seconds() / 3600.0 if offset is not None else 0.0


def _is_translation(package: Package) -> bool:
    training = WORKSTREAMS.index(Workstream.TRAINING)
    return package.kind == PackageKind.LOCALISATION and package.workstream == training
