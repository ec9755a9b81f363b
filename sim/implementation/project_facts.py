"""Facts that the work of an implementation is made from, and what every builder asks of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ...core.random_streams import RandomStreams
from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.plan import Plan
from ...scenarios.implementation.vocabulary import Delivery, Department
from .briefing import DEPARTMENTS
from .effort import REFERENCE_COMPLEXITY, EffortModel
from .parameters import Parameters
from .schedule import PlanDays

LEAST_COMPLEXITY_FACTOR = 0.2
"""However simple a customer, its work is never free of defects."""


@dataclass(frozen=True)
class ProjectFacts:
    """A customer, its plan and the episode's parameters and luck."""

    customer: Customer
    plan: Plan
    parameters: Parameters
    streams: RandomStreams
    schedule: PlanDays

    @property
    def agentic(self) -> bool:
        """True when AI agents deliver."""
        return self.plan.delivery is Delivery.AGENTIC

    @cached_property
    def effort(self) -> EffortModel:
        """The effort that the customer makes."""
        return EffortModel.of(self.customer, self.parameters)

    @cached_property
    def departments(self) -> list[int]:
        """Indices of the customer's departments."""
        return [DEPARTMENTS.index(name) for name in self.customer.departments]

    def department_index(self, wanted: Department) -> int:
        """Index of a department, or of the first one where the customer lacks it."""
        index = DEPARTMENTS.index(wanted)
        return index if index in self.departments else self.departments[0]

    def defects(self, mean: float, ambiguity: float = 0.0) -> float:
        """Mean potential defects at the customer's complexity and a requirement's ambiguity."""
        points = self.customer.complexity - REFERENCE_COMPLEXITY
        growth = 1.0 + self.parameters.complexity_defects * points
        complexity = max(LEAST_COMPLEXITY_FACTOR, growth)
        return mean * complexity * (1.0 + self.parameters.ambiguity_defects * ambiguity)

    def site_of_week(self, week: int) -> int:
        """The site that work of a week of the plan is for; the pilot before it is live."""
        if week * self.plan.days_per_week <= self.schedule.site_days[0]:
            return 0
        return self.schedule.site_of_week(week, self.plan.days_per_week)
