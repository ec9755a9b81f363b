"""Critical path: the workstream with the least slack first (latest finish time)."""

from __future__ import annotations

from ...scenarios.implementation.vocabulary import Workstream
from ...sim.implementation.briefing import Briefing, SiteStatus
from ...sim.implementation.decision import WORKSTREAMS, Decision, LegalDecisions, Pace
from .focus import assign_roles
from .plan_follower import PlanFollower

_CUTOVER = WORKSTREAMS.index(Workstream.CUTOVER)


class CriticalPath:
    """Assigns the crew by slack; otherwise it moves as the plan follower does."""

    name = "critical_path"

    def __init__(self) -> None:
        self._plan = PlanFollower()

    def reset(self, seed: int) -> None:
        """Begin anew."""
        self._plan.reset(seed)

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The crew where slack is least."""
        wanted = urgency_by_slack(briefing)
        focus = assign_roles(briefing, legal, wanted)
        return Decision(focus, Pace.NORMAL, self._plan.decide(briefing, legal).move)


def urgency_by_slack(briefing: Briefing) -> list[float]:
    """Per workstream a weight that falls with its slack; zero where nothing is ready."""
    in_cutover = any(site.present and site.status == SiteStatus.CUTOVER for site in briefing.sites)
    wanted = []
    for index, status in enumerate(briefing.workstreams):
        urgency = 1.0 / (2.0 + max(0.0, status.slack_days)) if status.ready_packages else 0.0
        wanted.append(10.0 * urgency if index == _CUTOVER and in_cutover else urgency)
    return wanted
