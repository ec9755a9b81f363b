"""The pulse survey: what the customer's people say of themselves, with sampling error."""

from __future__ import annotations

from . import draws
from .context import Context
from .people import People
from .project_log import log_survey
from .state import Survey


class PulseSurvey:
    """Asks the people every few days; the briefing shows the last answers."""

    def __init__(self, context: Context, people: People) -> None:
        self.context = context
        self.state = context.state
        self.people = people

    def end_day(self) -> None:
        """Ask, if it is time; the answers are in tomorrow morning."""
        tomorrow = self.state.day + 1
        if tomorrow - self.state.survey.day >= self.context.parameters.survey_days:
            self.take(tomorrow)

    def take(self, day: int) -> None:
        """Take a survey whose answers are in on the morning of a day."""
        people, sites = self.people, len(self.state.sites)
        values = (
            people.mean_trust(),
            people.support(),
            people.mean_resistance(),
            people.readiness(),
            people.adoption(),
        )
        trust, support, resistance, readiness, adoption = (
            self._said(value, number, day) for number, value in enumerate(values)
        )
        by_site = [readiness]
        if sites > 1:
            by_site = [
                self._said(people.readiness(site), len(values) + site, day) for site in range(sites)
            ]
        self.state.survey = Survey(day, trust, support, resistance, readiness, adoption, by_site)
        log_survey(self.context)

    def _said(self, value: float, number: int, day: int) -> float:
        """The sample's answer about a share; ``number`` addresses the question."""
        draw = self.context.streams.uniform(draws.SURVEY, number, day)
        error = self.context.parameters.survey_error * self.context.tables.normal.at(draw)
        return max(0.0, min(1.0, value + error))
