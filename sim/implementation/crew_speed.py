"""Pace of each crew member's work today, and how clean it is."""

from __future__ import annotations

from functools import cache
from operator import mul

from ...core.arithmetic import power
from ...scenarios.implementation.vocabulary import Workstream
from .context import Context
from .decision import ROLES, WORKSTREAMS, Pace
from .state import Member

_CUTOVER = WORKSTREAMS.index(Workstream.CUTOVER)
_RUSH = int(Pace.RUSH)
_SKILLS = [[f"skill_{role.value}_{name.value}" for name in WORKSTREAMS] for role in ROLES]
"""Names of the parameters, per role and workstream."""
_CURVE_STEPS = 512
_CURVE_HOURS_PER_STEP = 16.0
"""A table of 8,192 hours in steps of two days: a power at every session costs more, and platforms
differ in its last digit. Beyond the table nothing more is learned."""
LEAST_TEAM_SPEED = 0.1
"""Talking never takes all of the time, however large the team (the square has no end)."""
LEAST_EXPERT_SPEED = 0.2
"""Nor does teaching newcomers."""


@cache
def _learning_curve(exponent: float, reference_hours: float) -> tuple[float, ...]:
    """Speed by experience, tabulated (12 digits) so that platforms agree on it."""
    return tuple(
        power(1.0 + step * _CURVE_HOURS_PER_STEP / reference_hours, exponent)
        for step in range(_CURVE_STEPS + 1)
    )


class CrewSpeed:
    """Speeds of the crew: skill, learning, pace, newcomers, communication, fatigue.

    Sources: Abdel-Hamid & Madnick 1991 (newcomers, communication), Wright 1936 (learning).
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        p = context.parameters
        self._skill = [[float(getattr(p, name)) for name in row] for row in _SKILLS]
        self._errors = [float(getattr(p, f"errors_{role.value}")) for role in ROLES]
        self._curve = _learning_curve(p.learning_exponent, p.learning_reference_hours)
        self.switching_hours = context.by_delivery(
            p.switching_hours_agentic, p.switching_hours_conventional
        )
        conventional = p.conventional_speed * p.conventional_availability
        self._availability = context.by_delivery(1.0, p.conventional_availability)
        self._base = context.by_delivery(p.agentic_speed, conventional)
        self._team_speed = 1.0
        self._learning = [1.0] * len(WORKSTREAMS)
        self.member_factor: list[float] = []
        self._error_pace = 1.0

    def start_day(self) -> None:
        """Compute today's factors; they hold until tomorrow."""
        state, p = self.context.state, self.context.parameters
        count = len(state.members)
        fatigue = 0.0 if self.context.agentic else p.fatigue_speed_loss * state.crew_fatigue
        communication = max(LEAST_TEAM_SPEED, 1.0 - p.communication_loss * count * count)
        pace = (p.careful_speed, 1.0, p.rush_speed)[state.pace]
        self._team_speed = self._base * pace * communication * (1.0 - fatigue)
        self._team_speed *= self.context.strain.crew_speed * self.context.effects.speed
        self._learning = self._learning_now()
        self.member_factor = self._newcomer_factors()
        rush = p.rush_defects if state.pace == _RUSH else 1.0
        rush *= self.context.effects.errors
        self._error_pace = rush * (1.0 + p.pressure_defects * state.pressure) * (1.0 + fatigue)

    def end_day(self) -> None:
        """Tire the crew by a day of rush, or rest it by any other."""
        state, p = self.context.state, self.context.parameters
        if state.pace == _RUSH:
            state.crew_fatigue = min(1.0, state.crew_fatigue + p.fatigue_per_rush_day)
        else:
            rest = p.fatigue_recovery * p.fatigue_per_rush_day
            state.crew_fatigue = max(0.0, state.crew_fatigue - rest)

    def learning(self, experience_hours: float) -> float:
        """Speed by experience with this project's work of a workstream."""
        position = experience_hours / _CURVE_HOURS_PER_STEP
        step = int(position)
        if step >= _CURVE_STEPS:
            return self._curve[_CURVE_STEPS]
        low = self._curve[step]
        return low + (position - step) * (self._curve[step + 1] - low)

    def _learning_now(self) -> list[float]:
        return [self.learning(totals.experience) for totals in self.context.state.totals]

    def skills(self) -> list[tuple[float, ...]]:
        """Per role its speed per workstream relative to a specialist, learning so far included."""
        learning = self._learning_now()
        return [tuple(map(mul, row, learning)) for row in self._skill]

    def _newcomer_factors(self) -> list[float]:
        state, p = self.context.state, self.context.parameters
        day = state.day
        newcomers = [0] * len(state.focus)
        for member in state.members:
            if day < member.assimilated_day:
                newcomers[member.role] += 1
        experts = [max(LEAST_EXPERT_SPEED, 1.0 - p.training_overhead * new) for new in newcomers]
        return [
            p.newcomer_productivity if day < member.assimilated_day else experts[member.role]
            for member in state.members
        ]

    def of_role(self, role: int, workstream: int) -> float:
        """Effort hours that a member of the role does in an hour of work on the workstream.

        Times the member's ``member_factor``. For a cutover consultants leave their other customers
        alone.
        """
        team_speed = self._team_speed
        if workstream == _CUTOVER:
            team_speed /= self._availability
        return team_speed * self._skill[role][workstream] * self._learning[workstream]

    def units(self) -> tuple[list[float], list[int]]:
        """Per role its members, newcomers by their productivity, and how many newcomers."""
        state = self.context.state
        day, productivity = state.day, self.context.parameters.newcomer_productivity
        units, newcomers = [0.0] * len(ROLES), [0] * len(ROLES)
        for member in state.members:
            if day < member.assimilated_day:
                newcomers[member.role] += 1
                units[member.role] += productivity
            else:
                units[member.role] += 1.0
        return units, newcomers

    def error_factor(self, member: Member) -> float:
        """Defects that the member injects, relative to a specialist at normal pace."""
        return self._error_pace * self._errors[member.role]
