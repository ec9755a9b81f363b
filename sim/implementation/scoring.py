"""The scorecard: what happened, in the field's units, and the go-live score (version 2: value)."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.arithmetic import plain_sum, whole_sum
from ...scenarios.implementation.vocabulary import Workstream
from . import draws
from .acceptance import Acceptance
from .context import Context
from .cutover import Cutover
from .decision import WORKSTREAMS
from .defects import Defects
from .migration import Migration
from .people import People
from .scope import Scope
from .scorecard import Scorecard
from .value import BusinessCase

_DATA = WORKSTREAMS.index(Workstream.DATA)

SATISFACTION_WEIGHTS = {
    "trust": 0.40,
    "adoption": 0.20,
    "schedule": 0.15,
    "productivity": 0.15,
    "quality": 0.10,
}
"""Weights of what makes a customer recommend the implementer."""

MOST_CATASTROPHIC_DAYS = 2
FULL_OVERRUN = 0.5
"""An overrun that leaves nothing of a customer's satisfaction with the schedule."""
UNMET_REQUIREMENT_WEIGHT = 0.3
"""Benefits lost when none of the hidden requirements was met."""


@dataclass(slots=True)
class Scoring:
    """Makes scorecards of a world."""

    context: Context
    defects: Defects
    migration: Migration
    people: People
    acceptance: Acceptance
    cutover: Cutover
    scope: Scope
    case: BusinessCase

    def scorecard(self) -> Scorecard:
        """The scorecard of what has happened so far."""
        state, plan = self.context.state, self.context.plan
        sites = state.sites
        live = all(site.live_day >= 0 for site in sites)
        planned = max(site.planned_day for site in sites)
        end = max((site.live_day for site in sites), default=0) if live else state.day
        schedule_ratio = max(end, 1) / planned
        cost_ratio = state.spent_usd / state.budget_usd
        removal, escaped = self._removal()
        reconciliation = self._reconciliation(live)
        adoption = self.people.adoption() if live else 0.0
        depth = self._weighted([site.deepest_loss for site in sites])
        catastrophic = any(site.catastrophic_days > MOST_CATASTROPHIC_DAYS for site in sites)
        reconciled = live and reconciliation >= plan.reconciliation_gate
        adopted = adoption >= plan.adoption_threshold
        met = live and state.data_gate_passed and reconciled and adopted
        success = met and not catastrophic and not state.cancelled
        nps = self._nps(adoption, schedule_ratio, removal)
        quality = state.data_quality_go_live if live else self.migration.overall_quality()
        loss = self._weighted([site.loss for site in sites])
        now = self.migration.overall_quality()
        benefits = self._benefits(live, adoption, now, loss)
        value = self.case.value(live, benefits, loss, state.acceptance_at_go_live, end)
        expected = self.case.expected_usd(value)
        useful, waiting, switching, rework = self._crew_shares()
        recovered = [disruption for disruption in state.disruptions if disruption.recovered]
        return Scorecard(
            success=success,
            went_live=live,
            cancelled=state.cancelled,
            stopped_day=state.stopped_day,
            cost_at_stop_usd=state.stopped_usd,
            survival=state.survival,
            data_gate_passed=live and state.data_gate_passed,
            reconciliation_passed=reconciled,
            acceptance_passed=live and state.acceptance_at_go_live,
            catastrophic_dip=catastrophic,
            adoption_reached=adopted,
            schedule_ratio=schedule_ratio,
            days_late=float(end - planned),
            cost_ratio=cost_ratio,
            cost_usd=state.spent_usd,
            defect_removal_efficiency=removal,
            defects_found=state.defects_found,
            defects_escaped=escaped,
            data_quality_start=self.migration.start_quality(),
            data_quality_go_live=quality,
            reconciliation=reconciliation,
            adoption=adoption,
            nps=nps,
            dip_depth=depth,
            dip_days=self._dip_days(),
            benefits_realised=min(1.0, benefits),
            business_case_usd=self.case.planned_usd,
            value_usd=value.total,
            benefits_usd=value.benefits,
            programme_usd=value.programme,
            dip_usd=value.dip,
            delay_usd=value.delay,
            penalties_usd=value.penalties,
            expected_value_usd=expected,
            manual_interventions=state.interventions,
            illegal_decisions=state.illegal_decisions,
            crew_utilisation=useful + rework,
            useful_share=useful,
            waiting_share=waiting,
            switching_share=switching,
            rework_share=rework,
            scope_growth=state.added_hours / state.baseline_hours,
            data_migration_days_late=self._data_days_late(),
            data_migration_cost_ratio=self._data_cost_ratio(),
            disruptions_met=whole_sum(1 for disruption in state.disruptions if disruption.begun),
            disruptions_recovered=len(recovered),
            recovery_days=_mean(
                [(o.recovery_hour - o.onset_hour) / self.context.hours_per_day for o in recovered]
            ),
            roll_backs=whole_sum(site.roll_backs for site in sites),
            days=state.day,
            go_live_score=self.case.score(expected),
        )

    def _data_days_late(self) -> float:
        state = self.context.state
        done = state.totals[_DATA].last_done_day
        return float(done - max(site.planned_day for site in state.sites)) if done >= 0 else 0.0

    def _data_cost_ratio(self) -> float:
        data = self.context.state.totals[_DATA]
        budget = data.baseline_hours * (1.0 + self.context.parameters.contingency)
        return data.effort_hours / budget if budget else 0.0

    def _removal(self) -> tuple[float, int]:
        """Defect removal efficiency: removed before go-live over all that was injected."""
        state = self.context.state
        escaped = removed = 0
        for defect in state.defects:
            if defect.surface_day >= 0 or defect.found_live:
                escaped += 1
            elif defect.stage_found >= 0:
                removed += 1
        removed += state.removed_in_build
        total = removed + escaped
        if total == 0:
            return (1.0 if state.hypercare_start >= 0 else 0.0), 0
        return removed / total, escaped

    def _reconciliation(self, live: bool) -> float:
        if not live:
            return 0.0
        return self._weighted([site.reconciliation for site in self.context.state.sites])

    def _weighted(self, values: list[float]) -> float:
        """Mean over the sites by head count."""
        sites = self.context.customer.sites
        total = whole_sum(site.employees for site in sites)
        return plain_sum(v * s.employees for v, s in zip(values, sites, strict=True)) / total

    def _nps(self, adoption: float, schedule_ratio: float, removal: float) -> float:
        p, state = self.context.parameters, self.context.state
        live = any(site.live_day >= 0 for site in state.sites)
        loss = self._weighted([site.loss for site in state.sites])
        parts = {
            "trust": self.people.mean_trust(),
            "adoption": adoption,
            "schedule": 1.0 - _overrun(schedule_ratio) if live else 0.0,
            "productivity": 1.0 - loss if live else 0.0,
            "quality": removal,
        }
        satisfaction = plain_sum(
            SATISFACTION_WEIGHTS[name] * value for name, value in parts.items()
        )
        noise = self.context.tables.normal.at(self.context.streams.uniform(draws.NPS))
        points = p.nps_slope * (satisfaction - p.nps_midpoint) + p.nps_error * noise
        return max(-100.0, min(100.0, points))

    def _benefits(self, live: bool, adoption: float, quality: float, loss: float) -> float:
        """Share of the plan's yearly benefits that the present state supports; changes add."""
        if not live:
            return 0.0
        built = self.cutover.coverage() * (1.0 - UNMET_REQUIREMENT_WEIGHT * self._unmet_share())
        built += self.context.effects.change_benefit * self.scope.changes_built()
        return max(0.0, built * adoption * quality * (1.0 - loss))

    def _unmet_share(self) -> float:
        return min(1.0, self.scope.unmet_share() + self.context.strain.unmet)

    def _dip_days(self) -> float:
        """Days until productivity was back, by head count; those not back count until now."""
        state = self.context.state
        days = []
        for site in state.sites:
            if site.live_day < 0:
                days.append(0.0)
            elif site.days_to_recover >= 0:
                days.append(float(site.days_to_recover))
            else:
                days.append(float(state.day - site.live_day))
        return self._weighted(days)

    def _crew_shares(self) -> tuple[float, float, float, float]:
        members = self.context.state.members
        useful = plain_sum(member.useful_hours for member in members)
        waiting = plain_sum(member.waiting_hours for member in members)
        switching = plain_sum(member.switching_hours for member in members)
        rework = plain_sum(member.rework_hours for member in members)
        total = useful + waiting + switching + rework
        if total <= 0.0:
            return 0.0, 0.0, 0.0, 0.0
        return useful / total, waiting / total, switching / total, rework / total


def _overrun(ratio: float) -> float:
    return max(0.0, min(1.0, (ratio - 1.0) / FULL_OVERRUN))


def _mean(values: list[float]) -> float:
    return plain_sum(values) / len(values) if values else 0.0
