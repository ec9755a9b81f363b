"""The expert: the best rule-based programme manager we can write. It is the bar.

Where AI agents deliver in weeks it manages by the day (``programme_manager``), several sites by
their waves (``wave_manager``); where consultants deliver in months it manages by the week
(``weekly_manager``). The thresholds of all stand in
``expert_rules``; they were chosen on training seeds only.
"""

from __future__ import annotations

from ...sim.implementation.briefing import Briefing, CustomerProfile
from ...sim.implementation.decision import Decision, LegalDecisions
from .expert_rules import ExpertRules, RegulatedRules, WaveRules, WeeklyRules
from .programme_manager import ProgrammeManager
from .wave_manager import WaveManager
from .weekly_manager import WeeklyManager


class Expert:
    """A seasoned programme manager in rules.

    Args:
        rules: thresholds for agentic delivery.
        weekly: thresholds for conventional delivery.
        regulated: thresholds for agentic delivery to one site with standards to be validated.
        waves: thresholds for agentic delivery to several sites.
    """

    name = "expert"

    def __init__(
        self,
        rules: ExpertRules | None = None,
        weekly: WeeklyRules | None = None,
        regulated: RegulatedRules | None = None,
        waves: WaveRules | None = None,
    ) -> None:
        self._daily = ProgrammeManager(rules if rules is not None else ExpertRules())
        self._weekly = WeeklyManager(weekly if weekly is not None else WeeklyRules())
        self._regulated = ProgrammeManager(regulated if regulated is not None else RegulatedRules())
        self._waves = WaveManager(waves if waves is not None else WaveRules())

    def reset(self, seed: int) -> None:
        """Forget nothing: the expert decides from the briefing alone."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """Crew where it is needed most, the pace that the forecast asks for, one good move."""
        return self._manager(briefing.customer).decide(briefing, legal)

    def _manager(self, customer: CustomerProfile) -> ProgrammeManager:
        if not customer.agentic:
            return self._weekly
        if customer.sites > 1:
            return self._waves
        return self._regulated if customer.standards else self._daily
