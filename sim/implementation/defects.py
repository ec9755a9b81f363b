"""Mechanism 5: defects are injected, lie latent, are found stage by stage, and cost their fix.

Potential defects of a package arrive as a Poisson process of its own (Poisson-gamma, shape 1);
the crew's errors decide how far it runs. So the same package has the same first defects under
every policy, and fewer of them under better work.

Sources: C. Jones (removal per stage), Boehm & Basili 2001 (cost of fixing by stage, bad fixes).
"""

from __future__ import annotations

from ...core.arithmetic import plain_sum, whole_sum
from ...core.distributions import total_progeny
from . import draws
from .briefing import DefectSeverity
from .context import Context
from .effort import REFERENCE_COMPLEXITY
from .state import Defect, DefectState, Package, PackageKind, Stage, Status
from .work import Work

MOST_COUPLED = 0.95
"""Components that a component brings down directly, at most: at 1 everything would fall."""
MOST_PER_PACKAGE = 24
"""A package's potential defects are cut off here."""
_KEY_STEP = 64
"""Keys that a package's own defects have; more than ``MOST_PER_PACKAGE``."""
_BAD_FIX_STEP = 7_919
"""A defect's consequence has a key of this many times its own: a prime, so that chains of bad
fixes do not meet the keys of other packages."""
WRONG_ASSUMPTION_KEY = 1 << 40
"""Plus the package's number: the draws of a wrong assumption's defect."""
_INJECTING = frozenset(
    {
        PackageKind.BUILD,
        PackageKind.CHANGE,
        PackageKind.INTERFACE,
        PackageKind.MAP,
        PackageKind.LOCALISATION,
    }
)
_LATENT, _OPEN = int(DefectState.LATENT), int(DefectState.OPEN)
_MINOR, _MAJOR, _CRITICAL = map(int, DefectSeverity)
_FIX = int(PackageKind.FIX)
SEVERITY_WEIGHT = (0.25, 1.0, 3.0)
"""Weight of a minor, major, critical defect in pass rates, losses and tickets."""


class Defects:
    """Injection, detection and fixing of defects."""

    def __init__(self, context: Context, work: Work) -> None:
        self.context = context
        self.state = context.state
        self.work = work
        p = context.parameters
        self._stage_factor = (p.fix_factor_sit, p.fix_factor_uat, p.fix_factor_live)
        self._severity_factor = (p.fix_factor_minor, 1.0, p.fix_factor_critical)
        minor, major = p.live_surface_days_minor, p.live_surface_days_major
        self._surface_days = (minor, major, p.live_surface_days_critical)
        points = context.customer.complexity - REFERENCE_COMPLEXITY
        coupling = p.collapse + p.collapse_complexity * points
        self._coupling = max(0.0, min(MOST_COUPLED, coupling))

    def package_done(self, package: Package) -> None:
        """Inject what the finished package brings."""
        if package.kind in _INJECTING and package.defect_mean > 0.0:
            self._inject(package)

    def _inject(self, package: Package) -> None:
        tables, streams = self.context.tables, self.context.streams
        draw = streams.uniform(draws.PACKAGE_DEFECTS, package.id)
        proneness = tables.proneness.at(draw) / self.context.parameters.defect_proneness_shape
        expected = package.defect_mean * proneness * package.errors
        removal = self._removal_in_build(package)
        arrival, removed = 0.0, 0
        waiting = tables.exponential
        for number in range(MOST_PER_PACKAGE):
            key = package.id * _KEY_STEP + number
            arrival += waiting.at(streams.uniform(draws.DEFECT_ARRIVAL, key))
            if arrival > expected:
                break
            if streams.uniform(draws.DEFECT_IN_BUILD, key) < removal:
                removed += 1
            else:
                self.add(package.id, key)
        self.state.removed_in_build += removed
        if self.context.events.enabled:
            how = {"careful": package.careful, "rushed": package.rushed}
            number = package.id
            self.context.note("build_checked", package.name, package=number, removed=removed, **how)

    def _removal_in_build(self, package: Package) -> float:
        p = self.context.parameters
        careful = 1.0 - (1.0 - p.removal_review) * (1.0 - p.removal_unit)
        normal_share = max(0.0, 1.0 - package.careful - package.rushed)
        rushed = p.removal_unit_rush * p.removal_unit
        return careful * package.careful + p.removal_unit * normal_share + rushed * package.rushed

    def add(
        self, package: int, key: int, severity: int | None = None, interface: int = -1
    ) -> Defect:
        """A latent defect; its severity and effort are drawn by its key."""
        p, streams, tables = self.context.parameters, self.context.streams, self.context.tables
        if severity is None:
            draw = streams.uniform(draws.DEFECT_SEVERITY, key)
            severity = _MINOR
            if draw < p.severity_critical:
                severity = _CRITICAL
            elif draw < p.severity_critical + p.severity_major:
                severity = _MAJOR
        effort = p.fix_hours * tables.fix.at(streams.uniform(draws.DEFECT_EFFORT, key))
        effort *= self._severity_factor[severity]
        defect = Defect(
            key=key,
            package=package,
            severity=severity,
            state=_LATENT,
            effort_hours=effort,
            interface=interface,
        )
        self.state.defects.append(defect)
        if self.state.hypercare_start >= 0 or self.any_site_live():
            self.goes_live(defect)
        return defect

    def any_site_live(self) -> bool:
        """True when any site works in production."""
        live = False
        for site in self.state.sites:  # asked several times a day: a loop, and no generator
            live = live or site.live_day >= 0
        return live

    def find(self, purpose: int, removal: float, attempt: int) -> int:
        """Look for latent defects of what has been built.

        Args:
            purpose: the draw's purpose (which stage looks).
            removal: share of the latent defects that is found, 0..1.
            attempt: which cycle or check this is.

        Returns:
            How many were found; each becomes a package that fixes it.
        """
        streams = self.context.streams
        removal *= self.context.effects.detection
        stage = Stage.SIT if purpose == draws.DEFECT_IN_TEST else Stage.UAT
        found = 0
        for index, defect in enumerate(self.state.defects):
            latent = defect.state == _LATENT
            if latent and streams.uniform(purpose, defect.key, attempt) < removal:
                self.open(index, stage)
                found += 1
        return found

    def open(self, index: int, stage: Stage, *, fallen: bool = False) -> None:
        """Make a defect known; its fix becomes a package of where it came from.

        Args:
            index: of the defect.
            stage: that found it.
            fallen: it is part of what another defect has brought down, which has been counted.
        """
        state = self.state
        defect = state.defects[index]
        defect.state = int(DefectState.OPEN)
        defect.stage_found = int(stage)
        defect.found_live = stage == Stage.LIVE
        state.defects_found += 1
        state.open_by_severity[defect.severity] += 1
        state.open_tickets += defect.found_live
        found_before = stage != Stage.LIVE  # what works in production is mended, not designed anew
        critical = defect.severity == _CRITICAL
        if critical and found_before and defect.interface < 0 and not fallen:
            self._bring_down(defect, stage)
        origin = state.packages[defect.package]
        hours = defect.effort_hours * self._stage_factor[stage]
        fix = Package(
            name=f"fix: {origin.name}",
            kind=_FIX,
            workstream=origin.workstream,
            site=origin.site,
            subject=index,
            planned_hours=hours,
            remaining_hours=hours,
            latest_finish_hour=self._fix_deadline(defect),
            environment=origin.environment,
            in_baseline=False,
        )
        if stage is not Stage.LIVE:  # it is triaged first; what production reports is not
            self.work.hold(fix)
            self.state.triaged.append(len(self.state.packages))
        self.work.append(fix)
        if self.context.events.enabled:
            self.context.note(
                "defect_found",
                origin.name,
                severity=DefectSeverity(defect.severity).name.lower(),
                stage=stage.name.lower(),
                defect=index,
                package=origin.id,
                cause="design_flaw" if fallen else _cause(defect),
            )

    def _bring_down(self, defect: Defect, stage: Stage) -> None:
        """A critical defect is a flaw of the design: what rests on the component may fall too.

        Each component brings down others (Flyvbjerg et al. 2022, interdependent components), so
        that the number is the total progeny of a branching process; what falls does not work
        until a share of the component's own effort has been done again.
        """
        p, streams = self.context.parameters, self.context.streams
        draw = streams.uniform(draws.COLLAPSE_SIZE, defect.key)
        falling = total_progeny(self._coupling, draw) - 1
        if not falling:
            return
        packages = self.state.packages
        origin = packages[defect.package]
        standing = [
            package
            for package in packages
            if package.status == Status.DONE
            and package.kind in _INJECTING
            and package.id != origin.id
            and _rests_on(package, origin)
        ]
        # Who falls first is drawn for each component, so that it is the same under every policy.
        standing.sort(
            key=lambda component: streams.uniform(draws.COLLAPSE_TARGET, defect.key, component.id)
        )
        for component in standing[:falling]:
            key = defect.key * _BAD_FIX_STEP + 2 + component.id
            fault = self.add(component.id, key, int(DefectSeverity.CRITICAL))
            fault.effort_hours = p.collapse_effort * component.planned_hours / p.fix_factor_sit
            self.open(len(self.state.defects) - 1, stage, fallen=True)
        if standing:
            fallen = min(falling, len(standing))
            self.context.note("design_flaw", origin.name, components=fallen)

    def _fix_deadline(self, defect: Defect) -> float:
        """Critical fixes go first, major ones compete by the go-live date, minor ones wait."""
        if defect.severity == _CRITICAL:
            return 0.0
        hours = self.context.hours_per_day
        target = self.target_day() * hours
        early = self.context.parameters.test_reserve * target
        return target - early if defect.severity == _MAJOR else target

    def target_day(self) -> int:
        """Target day of the next go-live (the last one when all sites are live)."""
        sites = self.state.sites
        days = [site.target_day for site in sites if site.live_day < 0]
        return min(days) if days else sites[-1].target_day

    def last_target_day(self) -> int:
        """Target day of the last go-live."""
        return max(site.target_day for site in self.state.sites)

    def fixed(self, package: Package) -> None:
        """Close a defect whose fix is done; some fixes are bad."""
        state = self.state
        defect = state.defects[package.subject]
        defect.state = int(DefectState.FIXED)
        state.defects_fixed += 1
        state.open_by_severity[defect.severity] -= 1
        state.open_tickets -= defect.found_live
        name, number = state.packages[defect.package].name, package.subject
        self.context.note("defect_fixed", name, defect=number, package=defect.package)
        if defect.interface >= 0:
            interface = state.interfaces[defect.interface]
            interface.failing = interface.faulty = False
        bad = self.context.streams.uniform(draws.BAD_FIX, defect.key)
        if bad < self.context.parameters.bad_fix:
            self.add(defect.package, defect.key * _BAD_FIX_STEP + 1)

    def goes_live(self, defect: Defect) -> None:
        """Draw when a defect that is in production will show."""
        if defect.state != _LATENT or defect.surface_day >= 0:
            return
        tables, streams = self.context.tables, self.context.streams
        mean = self._surface_days[defect.severity]
        delay = mean * tables.exponential.at(streams.uniform(draws.DEFECT_SURFACES, defect.key))
        defect.surface_day = self.state.day + 1 + int(delay)

    def start_day(self) -> None:
        """Begin to fix what was found yesterday, and open what production shows today."""
        for index in self.state.triaged:
            fix = self.state.packages[index]
            fix.held = False
            self.work.release(fix)
        self.state.triaged.clear()
        if not self.any_site_live():
            return
        day = self.state.day
        for index, defect in enumerate(self.state.defects):
            if defect.state == _LATENT and 0 <= defect.surface_day <= day:
                self.open(index, Stage.LIVE)

    def known_weight(self) -> float:
        """Severity-weighted number of known open defects."""
        counts = self.state.open_by_severity
        return plain_sum(
            count * weight for count, weight in zip(counts, SEVERITY_WEIGHT, strict=True)
        )

    def open_weight(self, site: int) -> float:
        """Severity-weighted number of open defects that a site meets; latent ones hurt nobody yet.

        A fault of the core, which is what was built for the pilot, reaches every site; one of
        what was built for another site only that one.
        """
        packages, reaches = self.state.packages, (0, site)
        weight = 0.0
        for defect in self.state.defects:
            if defect.state == _OPEN and packages[defect.package].site in reaches:
                weight += SEVERITY_WEIGHT[defect.severity]
        return weight

    def built_packages(self) -> int:
        """Packages done that can carry defects."""
        done = [package for package in self.state.packages if package.status == Status.DONE]
        return whole_sum(package.kind in _INJECTING for package in done)


def _rests_on(package: Package, origin: Package) -> bool:
    """True if a component of the same site or the core is built on what another one set up."""
    linked = package.id in origin.successors or origin.id in package.successors
    same = package.department == origin.department and package.department >= 0
    return (linked or same) and package.site in (0, origin.site)


def _cause(defect: Defect) -> str:
    """Name where a defect came from, as its analysis says once it is found."""
    if defect.interface >= 0:
        return "interface"
    own = defect.key - defect.package * _KEY_STEP
    if 0 <= own < MOST_PER_PACKAGE:
        return "build"
    if defect.key == WRONG_ASSUMPTION_KEY + defect.package:
        return "assumption"
    return "fix" if (defect.key - 1) % _BAD_FIX_STEP == 0 else "other"
