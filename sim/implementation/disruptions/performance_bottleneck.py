"""Volume outgrows what the system was sized for; step by step it is made to cope."""

from __future__ import annotations

import math

from ....core.arithmetic import power
from ....scenarios.implementation.disruption import Disruption as DisruptionRow
from ....scenarios.implementation.vocabulary import AcceptanceCheckKind, DisruptionKind, Workstream
from ..briefing import CHECKS, SystemEnvironment
from ..state import DisruptionState, Package, PackageKind
from ..strain import Strain
from .disruption import Disruption

_PEAK_LOAD = CHECKS.index(AcceptanceCheckKind.PEAK_LOAD)
_CYCLE_ATTEMPT = 1_000
"""Test cycles draw beyond mock loads, so that both have draws of their own."""
_STEPS = (
    ("profile the slowest transactions, add indexes", Workstream.CUSTOMISATION),
    ("bigger machines, interface queues", Workstream.INTEGRATION),
    ("archive history, move batch jobs to the night", Workstream.CONFIGURATION),
)
"""Remedies, taken in turn."""
_MACHINES = 1


class PerformanceBottleneck(Disruption):
    """``amount`` is volume over sizing at first; ``left`` is what tuning has made of it.

    Tuning goes in rounds: change one thing, run at volume, measure (until ``values[0]``, an hour).
    """

    kind = DisruptionKind.PERFORMANCE_BOTTLENECK
    amount_row = "scale"

    def prepare(self, state: DisruptionState, row: DisruptionRow) -> None:
        """Set how many times the volume is what the system was sized for."""
        super().prepare(state, row)
        state.injured = state.left = state.amount

    def strain(self, state: DisruptionState, strain: Strain) -> None:
        """Slow everything that moves volume; batch windows and queues soften it by the root."""
        excess = math.sqrt(max(1.0, state.left)) - 1.0
        strain.load_hours *= 1.0 + self.parameter("load_slowdown") * excess
        strain.peak_load_failing += self.parameter("peak_failing") * excess
        strain.interface_failure *= 1.0 + self.parameter("interface_failure") * excess
        for site in range(len(strain.live_loss)):
            strain.live_loss[site] += self.parameter("live_loss") * excess

    # -- notice ----------------------------------------------------------------------------

    def mock_load_done(self, state: DisruptionState) -> None:
        """Show it, with a chance, in a mock load, which may be the first of realistic volume."""
        self.notice_perhaps(state, self.parameter("seen_in_load"), self.world.mock_loads_done)

    def test_cycle_done(self, state: DisruptionState) -> None:
        """Test data are small, but somebody may look at the clock."""
        attempt = _CYCLE_ATTEMPT + self.world.cycles_done
        self.notice_perhaps(state, self.parameter("seen_in_test"), attempt)

    def start_day(self, state: DisruptionState) -> None:
        """Have users call on their second morning live; a step measured leads to the next."""
        if any(self.world.day > site.live_day + 1 for site in self.live_sites()):
            self.notice_now(state)
        if state.values and state.values[0] <= self.context.hour:
            state.values = []
            self._next_step(state)

    # -- what mends it ---------------------------------------------------------------------

    def notice(self, state: DisruptionState) -> None:
        """Order the first step of tuning."""
        self.people.shift_trust(self.parameter("trust"))
        self._next_step(state)

    def package_done(self, state: DisruptionState, package: Package) -> None:
        """Show it in the peak load check; a step of tuning takes its share of what is left."""
        if package.kind == PackageKind.CHECK and package.subject == _PEAK_LOAD:
            self.notice_now(state)
        elif package.id in state.responses:
            number = len(state.responses) - 1
            gain = 1.0 + self.parameter("gain") * power(self.parameter("gain_kept"), number)
            state.left = 1.0 + (state.left - 1.0) / gain
            if number % len(_STEPS) == _MACHINES:
                self.money.spend(self.parameter("machines_usd") * math.sqrt(state.amount))
            if not self.mended(state):
                days = self.parameter("measure_days")
                state.values = [self.context.hour + days * self.context.hours_per_day]

    def mended(self, state: DisruptionState) -> bool:
        """True if the volume fits, nearly."""
        return bool(state.left <= self.parameter("enough"))

    def _next_step(self, state: DisruptionState) -> None:
        """Each further step is more work than the one before, and late ones are dearer."""
        number = len(state.responses)
        title, workstream = _STEPS[number % len(_STEPS)]
        world = self.world
        done = min(1.0, world.hours_total / world.baseline_hours) if world.baseline_hours else 1.0
        late = 1.0 + self.parameter("late") * done
        if self.live_sites():
            late *= self.parameter("live_factor")
        hours = self.parameter("step_hours") * late
        hours *= 1.0 + self.parameter("step_growth") * number
        self.respond(
            state,
            f"{title} ({number + 1})",
            workstream,
            hours * self.size(),
            environment=int(SystemEnvironment.SANDBOX),
        )
