"""The expert: the best rule-based programme manager we can write. It is the bar.

Where AI agents deliver in weeks it manages by the day (``programme_manager``), where
consultants deliver in months by the week (``weekly_manager``). The thresholds of both stand in
``expert_rules``; they were chosen on training seeds only.
"""

from __future__ import annotations

from ..sim.implementation.briefing import Briefing
from ..sim.implementation.decision import Decision, LegalDecisions
from .expert_rules import ExpertRules, WeeklyRules
from .programme_manager import ProgrammeManager
from .weekly_manager import WeeklyManager


class Expert:
    """A seasoned programme manager in rules.

    Args:
        rules: thresholds for agentic delivery.
        weekly: thresholds for conventional delivery.
    """

    name = "expert"

    def __init__(self, rules: ExpertRules | None = None, weekly: WeeklyRules | None = None) -> None:
        self._daily = ProgrammeManager(rules if rules is not None else ExpertRules())
        self._weekly = WeeklyManager(weekly if weekly is not None else WeeklyRules())

    def reset(self, seed: int) -> None:
        """Nothing to forget: the expert decides from the briefing alone."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """Crew where it is needed most, the pace that the forecast asks for, one good move."""
        manager = self._daily if briefing.customer.agentic else self._weekly
        return manager.decide(briefing, legal)
