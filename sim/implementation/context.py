"""Context of every mechanism: the scenario's constants, the state, the draws, the recorder."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...core.distributions import QuantileTable, gamma_table, lognormal_table, normal_table
from ...core.random_streams import RandomStreams
from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.plan import Plan
from ...scenarios.implementation.scenario import ImplementationScenario
from ...scenarios.implementation.vocabulary import Delivery
from ..events import EventRecorder
from .briefing import DEPARTMENTS
from .parameters import Parameters
from .state import WorldState
from .strain import Strain
from .trait_effects import TraitEffects


@dataclass(frozen=True, slots=True)
class Tables:
    """Quantile tables of the distributions in use (inverse transform, no libm at draw time)."""

    normal: QuantileTable
    exponential: QuantileTable
    latency: QuantileTable
    fix: QuantileTable
    outage: QuantileTable
    dip: QuantileTable
    proneness: QuantileTable
    response: QuantileTable
    notice: QuantileTable

    @staticmethod
    def of(parameters: Parameters) -> Tables:
        """The tables of a parameter set."""
        return Tables(
            normal=normal_table(),
            exponential=gamma_table(1.0),
            latency=lognormal_table(parameters.decision_latency_sigma),
            fix=lognormal_table(parameters.fix_sigma),
            outage=lognormal_table(parameters.outage_sigma),
            dip=lognormal_table(parameters.dip_sigma),
            proneness=gamma_table(parameters.defect_proneness_shape),
            response=lognormal_table(parameters.disruption_effort_sigma),
            notice=lognormal_table(parameters.disruption_notice_sigma),
        )


@dataclass(slots=True)
class Context:
    """Shared by the mechanisms of one world."""

    scenario: ImplementationScenario
    customer: Customer
    parameters: Parameters
    streams: RandomStreams
    state: WorldState
    events: EventRecorder
    hour: float = 0.0
    """Working hours since kick-off, now."""
    plan: Plan = field(init=False)
    tables: Tables = field(init=False)
    agentic: bool = field(init=False)
    hours_per_day: float = field(init=False)
    days_per_week: int = field(init=False)
    planned_days: int = field(init=False)
    """Working days from kick-off to the last site's planned go-live."""
    effects: TraitEffects = field(init=False)
    """Effects of the customer's latent traits."""
    strain: Strain = field(init=False)
    """Effects of disruptions on the work now."""

    def __post_init__(self) -> None:
        self.plan = self.scenario.plan
        self.tables = Tables.of(self.parameters)
        self.agentic = self.plan.delivery is Delivery.AGENTIC
        self.hours_per_day = self.plan.hours_per_day
        self.days_per_week = self.plan.days_per_week
        self.planned_days = max(site.planned_day for site in self.state.sites)
        self.effects = TraitEffects.of(self.customer, self.parameters)
        self.strain = Strain.none(len(self.state.sites))

    def note(self, kind: str, subject: str, **values: float | str) -> None:
        """Record what happens now, if anything is recorded."""
        if self.events.enabled:
            self.events.event(self.hour, kind, subject, **values)

    def department_index(self, department: object) -> int:
        """Index of a department, or of the first one where the customer lacks it."""
        known = {pool.department for pool in self.state.pools}
        index = next((i for i, name in enumerate(DEPARTMENTS) if name == department), -1)
        return index if index in known else min(known)

    def by_delivery(self, agentic: float, conventional: float) -> float:
        """One of two parameter values, by delivery."""
        return agentic if self.agentic else conventional
