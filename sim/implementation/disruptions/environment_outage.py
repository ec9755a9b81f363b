"""A system goes down: whoever works on it loses work, and it takes hours to come back."""

from __future__ import annotations

from ....scenarios.implementation.disruption import Disruption as DisruptionRow
from ....scenarios.implementation.vocabulary import DisruptionKind
from .. import draws
from ..briefing import SystemEnvironment
from ..state import DisruptionState
from .disruption import Disruption


class EnvironmentOutage(Disruption):
    """An outage of the sandbox or the test system, the two that the project works on."""

    kind = DisruptionKind.ENVIRONMENT_OUTAGE

    def prepare(self, state: DisruptionState, row: DisruptionRow) -> None:
        """Draw which system, and how long; it ends of itself."""
        streams, p, table = self.context.streams, self.context.parameters, self.context.tables
        number = state.number
        if row.day is None:
            day = self.context.planned_days * streams.uniform(draws.OUTAGE_DAY, number)
            state.onset_hour = day * self.context.hours_per_day
        median = float(getattr(p, f"outage_hours_{state.severity}"))
        length = median * table.outage.at(streams.uniform(draws.OUTAGE_LENGTH, number))
        draw = streams.uniform(draws.OUTAGE_NOTICE, number)
        delay = p.outage_notice_hours * table.outage.at(draw)
        on_test = streams.uniform(draws.OUTAGE_SYSTEM, number) < 0.5
        state.place = int(SystemEnvironment.TEST if on_test else SystemEnvironment.SANDBOX)
        state.notice_hour = state.onset_hour + min(delay, length)
        state.recovery_hour = state.onset_hour + length

    def begin(self, state: DisruptionState) -> None:
        """Take the system down; sessions on it stop and lose part of their work."""
        state.holds = [state.place]
        self.work.take_down(state.place, self.context.parameters.outage_lost_progress)

    def notice(self, state: DisruptionState) -> None:
        """Report the outage, so that people hear of it."""
        self.people.shift_trust(self.context.parameters.trust_outage)

    def recover(self, state: DisruptionState) -> None:
        """Bring the system back."""
        state.holds = []
        self.work.bring_up(state.place)
