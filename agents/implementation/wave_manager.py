"""Daily management of several sites: what the expert does where sites go live in waves."""

from __future__ import annotations

from ...sim.implementation.briefing import Briefing, SiteReport, SiteStatus
from .expert_rules import WaveRules
from .programme_manager import ProgrammeManager


class WaveManager(ProgrammeManager):
    """A seasoned programme manager of a roll-out: judges a wave by its own sites.

    Args:
        rules: the thresholds.
    """

    def __init__(self, rules: WaveRules) -> None:
        super().__init__(rules)
        self.waves = rules

    def built(self, briefing: Briefing) -> float:
        """Done of what the sites of the next wave need, the least of them."""
        return min((site.scope_done for site in next_wave(briefing)), default=1.0)

    def trained(self, briefing: Briefing) -> float:
        """Readiness of the next wave's users, or of the live ones'; the least of the sites."""
        sites = next_wave(briefing) or [site for site in briefing.sites if site.present]
        return min(site.readiness for site in sites)

    def deadline(self, briefing: Briefing) -> int:
        """Day of the last go-live."""
        return max(site.target_go_live_day for site in briefing.sites if site.present)

    def _urgent_slack(self, briefing: Briefing) -> float:
        """Slack of the most urgent work: what the next wave waits for comes first, however late."""
        slack = [row.slack_days for row in briefing.workstreams if row.ready_packages]
        return min(0.0, *slack, 0.0)

    def _is_last_call(self, briefing: Briefing) -> bool:
        """True if the waves that are left can only just go live in time."""
        calendar, rules = briefing.calendar, self.waves
        latest = calendar.last_day - calendar.hypercare_days - rules.cutover_slack_days
        waiting = {site.wave for site in briefing.sites if _is_planned(site)}
        return calendar.day >= latest - rules.days_per_wave * (len(waiting) - 1)

    def _wants_training(self, briefing: Briefing) -> bool:
        """Each wave gets its share, without waiting for the next survey to tell."""
        if not next_wave(briefing):
            return super()._wants_training(briefing)
        built = self.built(briefing) >= self.rules.training_built
        return built and not self._is_trained(briefing)

    def _is_trained(self, briefing: Briefing) -> bool:
        wave = next_wave(briefing)
        held = briefing.management.training_waves - briefing.management.training_pending
        surveyed = self.trained(briefing) >= self.rules.training_readiness
        return surveyed or held >= self.waves.training_each * (wave[0].wave + 1)

    def ready(self, briefing: Briefing) -> bool:
        """True as for one site, but no site follows another one that has lost its core."""
        shaken = any(
            site.present
            and site.status in (SiteStatus.LIVE, SiteStatus.STABLE)
            and site.reported_productivity < self.waves.steady_productivity
            for site in briefing.sites
        )
        if shaken or not next_wave(briefing) or briefing.management.training_pending:
            return False
        return self._is_trained(briefing) and self._is_accepted(briefing)


def _is_planned(site: SiteReport) -> bool:
    return site.present and site.status == SiteStatus.PLANNED


def next_wave(briefing: Briefing) -> list[SiteReport]:
    """Sites that go live next; none when all are live or in cutover."""
    planned = [site for site in briefing.sites if _is_planned(site)]
    first = min((site.wave for site in planned), default=-1)
    return [site for site in planned if site.wave == first]
