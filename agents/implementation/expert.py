"""The expert: the best rule-based programme manager we can write. It is the bar.

Where AI agents deliver in weeks it manages by the day (``programme_manager``), several sites by
their waves (``wave_manager``); where consultants deliver in months it manages by the week
(``weekly_manager``). What its thresholds trade off stands in ``expert_rules``, their values in
``expert.yaml``; they were chosen on training seeds only (``golive tune-expert``).
"""

from __future__ import annotations

from pathlib import Path

from ...core.arguments import checked
from ...sim.implementation.briefing import Briefing, CustomerProfile
from ...sim.implementation.decision import Decision, LegalDecisions
from .expert_file import read_rules, shipped_rules
from .expert_rules import RuleSets
from .programme_manager import ProgrammeManager
from .wave_manager import WaveManager
from .weekly_manager import WeeklyManager


class Expert:
    """A seasoned programme manager in rules.

    Args:
        rules: thresholds for each delivery; None: those that come with golive.
        name: what it is called.
    """

    def __init__(self, rules: RuleSets | None = None, name: str = "expert") -> None:
        self.name = name
        rules = rules if rules is not None else shipped_rules()
        self._managers: dict[str, ProgrammeManager] = {
            "daily": ProgrammeManager(rules.daily),
            "regulated": ProgrammeManager(rules.regulated),
            "waves": WaveManager(rules.waves),
            "weekly": WeeklyManager(rules.weekly),
        }

    @classmethod
    @checked
    def from_file(cls, path: Path) -> Expert:
        """The expert by the thresholds of a file.

        Raises:
            GoliveError: it cannot be read, or holds what is no threshold or out of its range.
        """
        return cls(read_rules(path), f"expert:{path}")

    def reset(self, seed: int) -> None:
        """Forget nothing: the expert decides from the briefing alone."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """Crew where it is needed most, the pace that the forecast asks for, one good move."""
        return self._managers[set_for(briefing.customer)].decide(briefing, legal)


def set_for(customer: CustomerProfile) -> str:
    """Name of the set of thresholds by which a customer's implementation is managed."""
    if not customer.agentic:
        return "weekly"
    if customer.sites > 1:
        return "waves"
    return "regulated" if customer.standards else "daily"


def expert_from(spec: str) -> Expert:
    """The expert of a policy's name, ``expert:FILE``.

    Raises:
        GoliveError: as for ``Expert.from_file``.
    """
    return Expert.from_file(Path(spec.partition(":")[2]))
