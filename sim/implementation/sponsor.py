"""Mechanism 13: the steering committee looks at the forecast; a sponsor can stop the project.

More likely the worse the forecast and the lower the support (Standish CHAOS 2015: failures
rise with size, and executive support is the first success factor).
"""

from __future__ import annotations

from ...core.arithmetic import plain_sum
from . import draws
from .context import Context
from .defects import Defects
from .people import People
from .project_log import log_forecast

LEAST_SURVIVAL = 0.02
"""A project that hardly any sponsor would still pay for is over."""


class Sponsor:
    """Steering, forecast, missed dates and cancellation."""

    def __init__(self, context: Context, defects: Defects, people: People) -> None:
        self.context = context
        self.state = context.state
        self.defects = defects
        self.people = people
        self._planned_day = max(1, *(site.planned_day for site in self.state.sites))
        p = context.parameters
        days = context.by_delivery(p.steering_days_agentic, p.steering_days_conventional)
        self.cycle_days = int(days)

    def start_day(self) -> None:
        """Let missed dates hurt each week, and the committee meet in its cycle."""
        state = self.state
        if state.hypercare_start >= 0:
            state.pressure = 0.0
            return
        self._feel_pressure()
        self._maybe_leave()
        late = state.day - self.defects.target_day()
        if late > 0 and late % self.context.days_per_week == 0:
            p = self.context.parameters
            weight = self.context.by_delivery(1.0, p.conventional_date_weight)
            self.people.shift_trust(weight * p.trust_missed_date)
            state.broken_dates += 1
            self.context.note("date_missed", "go-live", days_late=late)
        if state.day >= state.next_steering_day:
            state.next_steering_day = state.day + self.cycle_days
            self._steer()

    def _maybe_leave(self) -> None:
        """Once a month: whoever sponsors the project may get another job."""
        state, p = self.state, self.context.parameters
        month, of_month = divmod(state.day, int(p.days_per_month))
        if of_month or not month:
            return
        draw = self.context.streams.uniform(draws.SPONSOR_LEAVES, month)
        if draw < p.sponsor_turnover:
            state.sponsors += 1
            state.sponsor_is_new = True
            self.people.replace_sponsor(p.sponsor_successor_trust)
            self.context.note("sponsor_changed", "project")

    def _feel_pressure(self) -> None:
        p = self.context.parameters
        planned = self._planned_day
        full = p.pressure_full_days_late * planned / p.pressure_reference_days
        late = self.forecast_day() - self.defects.last_target_day()
        self.state.pressure = max(0.0, min(1.0, late / full))
        log_forecast(self.context, late)

    def forecast_day(self) -> float:
        """Day of go-live by the crew's rate so far and what is known to remain."""
        state = self.state
        remaining = plain_sum(totals.remaining for totals in state.totals)
        if state.day < self.context.days_per_week:
            return float(self.defects.last_target_day())
        rate = max(state.hours_total / state.day, 1e-6)
        planned = state.baseline_hours / self._planned_day
        rate = max(rate, self.context.parameters.forecast_rate_floor * planned)
        return state.day + remaining / rate

    def _steer(self) -> None:
        state, p = self.state, self.context.parameters
        state.steerings += 1
        planned = float(self._planned_day) if state.agreed_day < 0 else float(state.agreed_day)
        budget = state.budget_usd if state.agreed_usd < 0.0 else state.agreed_usd
        schedule_overrun = self.forecast_day() / planned - 1.0
        cost_overrun = state.spent_usd / budget - 1.0
        overrun = max(schedule_overrun, cost_overrun)
        if not state.sponsor_is_new:
            overrun -= p.cancellation_tolerance * self.context.effects.tolerance_of_overrun
        if overrun <= 0.0:
            state.sponsor_is_new = False
            return
        if self._changes_vendor(max(schedule_overrun, cost_overrun)):
            state.sponsor_is_new = False
            return
        gravity = 1.0 if state.sponsor_is_new else min(1.0, overrun)
        state.sponsor_is_new = False
        chance = p.cancellation_slope * gravity * (1.0 - self.people.support())
        done = min(1.0, state.hours_total / max(state.baseline_hours, 1e-6))
        chance *= 1.0 - p.escalation_of_commitment * done
        chance *= self.context.by_delivery(1.0, p.cancellation_conventional)
        chance = min(1.0, chance * self.context.effects.stop)
        state.sunk_usd += state.survival * chance * state.spent_usd
        state.survival *= 1.0 - chance
        draw = self.context.streams.uniform(draws.CANCELLATION, state.steerings)
        state.finished = state.survival < LEAST_SURVIVAL
        if (draw < chance or state.finished) and not state.cancelled:
            # What would have come without the stop is played on: the score weighs both.
            state.cancelled = True
            state.stopped_day, state.stopped_usd = state.day, state.spent_usd
            self.context.note("cancelled", "project", overrun=overrun)

    def agree_anew(self, day: int) -> None:
        """Agree a new date for the last go-live, and a budget for the time that it takes."""
        state = self.state
        days = day - self.defects.last_target_day()
        for site in state.sites:
            if site.live_day < 0:
                site.target_day += days
        state.agreed_day = day
        state.agreed_usd = state.budget_usd * max(1.0, day / self.context.planned_days)

    def _changes_vendor(self, overrun: float) -> bool:
        """True if the sponsor sends the consultants away, once, rather than stop the project.

        Others take their seats weeks later, know little of what was learned, and have to be
        assimilated; tender, handover and the old contract cost money.
        """
        state, p = self.state, self.context.parameters
        if self.context.agentic or state.vendor_changes or overrun <= p.vendor_change_overrun:
            return False
        if self.context.streams.uniform(draws.VENDOR_CHANGE) >= p.vendor_change:
            return False
        state.vendor_changes += 1
        week = self.context.days_per_week
        begins = state.day + int(p.vendor_change_days)
        for member in state.members:
            member.joined_day = begins
            member.assimilated_day = begins + int(p.assimilation_days_conventional)
        for totals in state.totals:
            totals.experience *= p.vendor_knowledge_kept
        cost = p.vendor_change_cost * state.budget_usd
        state.spent_usd += cost
        state.spent_last_period_usd += cost
        agreed = max(self.forecast_day(), self.defects.last_target_day()) + p.vendor_change_days
        weeks = -int(-(agreed - self.defects.last_target_day()) // week)
        self.agree_anew(self.defects.last_target_day() + weeks * week)
        self.context.note("vendor_changed", "project", days=begins - state.day)
        return True
