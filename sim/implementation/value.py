"""Worth of a project to the customer: the business case, in money and in parts that add up.

Benefits of two years from the planned go-live, as far as the system is used, right and complete,
minus what the programme costs, minus the days lost after the go-live, minus what lateness and a
start without acceptance cost. A sponsor who may stop the project is counted as a risk: with the
chance of each stop only the money spent by then is left.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...core.arithmetic import exponential, plain_sum, whole_sum
from .context import Context
from .schedule import PlanDays


@dataclass(frozen=True, slots=True)
class Value:
    """Parts of a project's value in USD; ``total`` is their sum, costs being negative.

    Attributes:
        benefits: that the state at the end supports, for what is left of the case's time.
        programme: minus what has been spent.
        dip: minus what was lost while productivity was down.
        delay: minus what lateness costs beside the benefits of those days.
        penalties: minus what starts without acceptance, roll-backs and moved dates cost.
    """

    benefits: float
    programme: float
    dip: float
    delay: float
    penalties: float

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return plain_sum((self.benefits, self.programme, self.dip, self.delay, self.penalties))


class BusinessCase:
    """The plan's business case, and what becomes of it."""

    def __init__(self, context: Context, schedule: PlanDays) -> None:
        self.context = context
        self.schedule = schedule
        p = context.parameters
        budget = context.state.budget_usd
        self._planned_day = context.planned_days
        self.benefit_day_usd = p.benefit_per_budget * budget / p.working_days_per_year
        self.days = p.benefit_years * p.working_days_per_year
        self.planned_usd = self.benefit_day_usd * self.days - budget
        """Value that the plan promises: full use from the planned day on, at budget."""
        self._lost_day = p.lost_day_benefits * context.effects.lost_day
        self._lost_day *= context.by_delivery(1.0, p.conventional_lost_day)
        """Benefit days that a day without any output costs."""
        self._season_end = self._planned_day * (1.0 + p.season_rest_share)

    def season_factor(self) -> float:
        """Price of a lost day today, relative to one out of season."""
        day, p = self.context.state.day, self.context.parameters
        factor = self.context.effects.season_dip if day < self._season_end else 1.0
        return factor * (p.closing_price if self.schedule.is_closing(day) else 1.0)

    def value(self, live: bool, use: float, loss: float, accepted: bool, end_day: int) -> Value:
        """Value of a project as it stands.

        Args:
            live: all sites work in production.
            use: share of the plan's yearly benefits that the present state supports.
            loss: of productivity now, over all sites.
            accepted: acceptance was passed at the go-live.
            end_day: of the last go-live; today where there is none.
        """
        p, state, effects = self.context.parameters, self.context.state, self.context.effects
        day = self.benefit_day_usd
        late = max(0.0, float(end_day - self._planned_day))
        left = max(0.0, self.days - (end_day - self._planned_day)) if live else 0.0
        tail = p.lost_tail_days * loss * self.season_factor() if live else 0.0
        lost = state.lost_days + tail
        held_back = effects.holdback * self.planned_usd if live and not accepted else 0.0
        rolled_back = whole_sum(site.roll_backs for site in state.sites) / len(state.sites)
        moved = p.broken_date_benefits * state.broken_dates
        moved += p.postponement_benefits * state.postponements
        moved *= self.context.by_delivery(1.0, p.conventional_date_weight)
        return Value(
            benefits=day * left * use * effects.case,
            programme=-state.spent_usd,
            dip=-day * _saturated(self._lost_day * lost, p.lost_most_benefits),
            delay=-day * _saturated(effects.late_day * late, p.late_most_benefits),
            penalties=-held_back - day * (p.roll_back_benefits * rolled_back + moved),
        )

    def expected_usd(self, value: Value) -> float:
        """Value with the risk of having been stopped on the way."""
        state = self.context.state
        return state.survival * value.total - state.sunk_usd

    def score(self, expected_usd: float) -> float:
        """The value as the go-live score, 0..1."""
        full = self.planned_usd * self.context.parameters.benefit_ceiling
        return max(0.0, min(1.0, expected_usd / full)) if full > 0.0 else 0.0


def _saturated(amount: float, most: float) -> float:
    """An amount that grows ever more slowly towards a most: what is lost is lost once."""
    return most * (1.0 - exponential(-amount / most))
