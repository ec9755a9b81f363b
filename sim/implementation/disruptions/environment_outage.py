"""A system goes down: whoever works on it loses work, and it takes hours to come back."""

from __future__ import annotations

from ....scenarios import Disruption as DisruptionRow
from .. import draws
from ..briefing import SystemEnvironment
from ..context import Context
from ..people import People
from ..state import OutageState
from ..work import Work


class EnvironmentOutage:
    """An outage of the sandbox or the test system, the two that the project works on."""

    def __init__(self, context: Context, work: Work, people: People) -> None:
        self.context = context
        self.work = work
        self.people = people

    def begin(self, state: OutageState) -> None:
        """The system is down; sessions on it stop and lose part of their work."""
        self.context.state.environment_up[state.environment] = False
        self.work.interrupt(state.environment, self.context.parameters.outage_lost_progress)

    def notice(self, state: OutageState) -> None:
        """The outage is reported, and people hear of it."""
        self.people.shift_trust(self.context.parameters.trust_outage)

    def recover(self, state: OutageState) -> None:
        """The system is back, unless another outage still holds it down."""
        others = (
            other
            for other in self.context.state.outages
            if other is not state and other.environment == state.environment
        )
        if not any(other.begun and not other.recovered for other in others):
            self.context.state.environment_up[state.environment] = True
        self.work.request_dispatch()


def draw_outage(context: Context, row: DisruptionRow, number: int, days: int) -> OutageState | None:
    """The outage of a scenario's row in this episode, or ``None`` where it does not happen.

    Args:
        number: of the row in the scenario; addresses its draws.
        days: the onset falls in the first of these working days.
    """
    streams, p = context.streams, context.parameters
    if streams.uniform(draws.OUTAGE_HAPPENS, number) >= row.probability:
        return None
    hours = context.hours_per_day
    moment = streams.uniform(draws.OUTAGE_DAY, number)
    day = float(row.day) if row.day is not None else days * moment
    onset = day * hours
    median = float(getattr(p, f"outage_hours_{row.severity.value}"))
    length = median * context.tables.outage.at(streams.uniform(draws.OUTAGE_LENGTH, number))
    delay = p.outage_notice_hours * context.tables.outage.at(
        streams.uniform(draws.OUTAGE_NOTICE, number)
    )
    on_test = streams.uniform(draws.OUTAGE_SYSTEM, number) < 0.5
    place = SystemEnvironment.TEST if on_test else SystemEnvironment.SANDBOX
    return OutageState(
        kind=row.kind.value,
        severity=row.severity.value,
        environment=int(place),
        onset_hour=onset,
        notice_hour=onset + min(delay, length),
        recovery_hour=onset + length,
    )
