"""The connection to the systems fails from time to time, until it is made to hold."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from ....scenarios.implementation.vocabulary import DisruptionKind, Workstream
from .. import draws
from ..briefing import SystemEnvironment
from ..state import DisruptionState, Package
from ..strain import Strain
from .disruption import Disruption

_SYSTEMS = [int(system) for system in SystemEnvironment]
_SLOTS_PER_DAY = 8
"""A failure is drawn for each: a day has the same failures whatever came before it."""
_LENGTH_ATTEMPT = 1 << 20
_MOMENT_ATTEMPT = 1 << 21
"""Lengths and moments draw beyond all slots of an episode."""


class NetworkFailures(Disruption):
    """``amount`` is failures per working week; ``left`` counts those that have happened."""

    kind = DisruptionKind.NETWORK_FAILURES
    amount_row = "per_week"

    def windows(self, state: DisruptionState, day: int) -> list[tuple[float, float]]:
        """Hours of a day (from, to) in which nothing can be reached, in order, apart."""
        hours = self.context.hours_per_day
        chance = state.amount / self.context.days_per_week / _SLOTS_PER_DAY
        length = self.by_severity("hours", state)
        slot = hours / _SLOTS_PER_DAY
        found: list[tuple[float, float]] = []
        for number in range(_SLOTS_PER_DAY):
            key = day * _SLOTS_PER_DAY + number
            if self.uniform(draws.NETWORK_FAILS, state, key) >= chance:
                continue
            moment = self.uniform(draws.NETWORK_FAILS, state, _MOMENT_ATTEMPT + key)
            draw = self.uniform(draws.NETWORK_FAILS, state, _LENGTH_ATTEMPT + key)
            spread = self.context.tables.outage.at(draw)
            begin = day * hours + (number + moment) * slot
            end = min(begin + length * spread, (day + 1) * hours)
            if found and begin <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], end))
            else:
                found.append((begin, end))
        return found

    def day_events(
        self, state: DisruptionState, environment: simpy.Environment, day_end: float
    ) -> None:
        """Schedule the day's failures, each at its hour."""
        windows = self.windows(state, self.world.day)
        if windows:
            environment.process(self._day(state, environment, windows))

    def _day(
        self,
        state: DisruptionState,
        environment: simpy.Environment,
        windows: list[tuple[float, float]],
    ) -> Generator[simpy.Event, None, None]:
        for begin, end in windows:
            yield environment.timeout(begin - environment.now)
            self.context.hour = environment.now
            state.left += 1.0
            state.holds = list(_SYSTEMS)
            for place in _SYSTEMS:
                self.work.take_down(place, self.parameter("lost_progress"))
            self.context.note("network_down", state.kind)
            yield environment.timeout(end - environment.now)
            self.context.hour = environment.now
            state.holds = []
            for place in _SYSTEMS:
                self.work.bring_up(place)
            self.context.note("network_up", state.kind)

    def _down_share(self, state: DisruptionState) -> float:
        """Share of the working time in which nothing can be reached, on average."""
        week = self.context.days_per_week * self.context.hours_per_day
        return min(1.0, state.amount * self.by_severity("hours", state) / week)

    def strain(self, state: DisruptionState, strain: Strain) -> None:
        """Slow the line between failures, too; production loses what it cannot book."""
        down = self._down_share(state)
        strain.crew_speed *= 1.0 - self.parameter("slowdown") * down
        strain.interface_failure *= 1.0 + self.parameter("interface_failure") * down
        for site in range(len(strain.live_loss)):
            strain.live_loss[site] += self.parameter("live_loss") * down

    # -- notice ----------------------------------------------------------------------------

    def end_day(self, state: DisruptionState) -> None:
        """Call the provider's engineer once enough has failed; nobody believes the first ones."""
        if state.left >= self.parameter("believed_after"):
            self.notice_now(state)

    def notice(self, state: DisruptionState) -> None:
        """Order the search for the cause, which has to be found first."""
        self.people.shift_trust(self.parameter("trust"))
        hours = self.by_severity("response_hours", state)
        self.respond(
            state,
            "find the cause with the provider",
            Workstream.INTEGRATION,
            hours * self.parameter("diagnosis"),
        )

    def package_done(self, state: DisruptionState, package: Package) -> None:
        """Have the line doubled once the cause is known; the provider takes its days."""
        if package.id not in state.responses:
            return
        if len(state.responses) == 1:
            hours = self.by_severity("response_hours", state)
            self.respond(
                state,
                "second line, new router, buffers for times without line",
                Workstream.INTEGRATION,
                hours * (1.0 - self.parameter("diagnosis")),
            )
        else:
            self.money.spend(self.parameter("line_usd"))
            wait = self.parameter("provider_days") * self.context.hours_per_day
            state.values = [self.context.hour + wait]

    def mended(self, state: DisruptionState) -> bool:
        """True if the work is done and the provider has switched the line."""
        switched = bool(state.values) and self.context.hour >= state.values[0]
        return switched and self.responded(state)
