"""The days on which an implementation reached its milestones, seen from its briefings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...sim.implementation.briefing import Briefing, SiteStatus

MILESTONES = ("mock_load_passed", "checks_passed", "first_go_live", "last_go_live", "stable")
"""Names of the milestones, in the order of a project that goes well."""


@dataclass(frozen=True, slots=True)
class Milestones:
    """Working days from kick-off, None where it was never reached.

    Seen at decision points: with one decision a week, up to a week late; a go-live is dated by
    the site's own report.

    Attributes:
        mock_load_passed: a mock load reached the data gate.
        checks_passed: every required acceptance check had been passed.
        first_go_live: the first site was live.
        last_go_live: every site was live.
        stable: every site was live and out of its dip.
    """

    mock_load_passed: int | None = None
    checks_passed: int | None = None
    first_go_live: int | None = None
    last_go_live: int | None = None
    stable: int | None = None

    def as_dict(self) -> dict[str, int | None]:
        """Days by name."""
        return {name: getattr(self, name) for name in MILESTONES}

    def seen(self, briefing: Briefing) -> Milestones:
        """Milestones with what this briefing shows for the first time."""
        days = {
            name: day
            for name, day in _shown(briefing).items()
            if day is not None and getattr(self, name) is None
        }
        return replace(self, **days) if days else self


def _shown(briefing: Briefing) -> dict[str, int | None]:
    day, migration, tests = briefing.calendar.day, briefing.migration, briefing.tests
    sites = [site for site in briefing.sites if site.present]
    live = [site.days_live for site in sites if site.days_live >= 0]
    loaded = migration.mock_loads_done > 0 and migration.last_mock_load_success >= migration.gate
    return {
        "mock_load_passed": day if loaded else None,
        "checks_passed": day if tests.accepted else None,
        "first_go_live": day - max(live) if live else None,
        "last_go_live": day - min(live) if len(live) == len(sites) else None,
        "stable": day if all(site.status == SiteStatus.STABLE for site in sites) else None,
    }
