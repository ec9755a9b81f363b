"""Quick wins: small things done early, for all to see, that win trust back."""

from __future__ import annotations

from ...core.arithmetic import power
from ...scenarios.implementation.challenges import QuickWinChallenge
from .context import Context
from .people import People
from .state import Package


class QuickWins:
    """Effects of a finished quick win on the people."""

    def __init__(self, context: Context, people: People) -> None:
        self.context = context
        self.people = people

    def package_done(self, package: Package) -> None:
        """Win trust by a quick win that is done, the more the sooner it comes."""
        challenge = self.context.customer.challenges[package.subject]
        if isinstance(challenge, QuickWinChallenge):
            week = self.context.state.day // self.context.days_per_week + 1
            late = power(self.context.parameters.quick_win_late, max(0, week - challenge.week))
            self.people.quick_win(package.department, challenge.trust_gain * late)
