"""Conventional implementations under typical practice, and what surveys would say of them.

The customers are generated, of all industries and sizes; their shares are those of a
mid-market survey. Each published target (``calibration_targets``) is answered by one value
per project that it speaks of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ..scenarios import CustomerGenerator
from ..scenarios.plans import scenario_for
from ..scenarios.vocabulary import Delivery, Industry
from ..sim.implementation.calibration_targets import (
    DAYS_LATE_TOLERATED,
    HALF_OF_BENEFITS,
    MODERATE_DIP,
    UNUSED_ADOPTION,
)
from ..sim.implementation.scorecard import Scorecard
from .episodes import run_episode
from .policy import Policy
from .registry import load_policy
from .typical_practice import TypicalPractice

SIZE_CLASSES: tuple[tuple[str, int, float], ...] = (
    ("small", 50, 0.20),
    ("moderate", 250, 0.45),
    ("medium", 1_000, 0.25),
    ("large", 1_000_000, 0.10),
)
"""Name, people that it ends below (Standish's classes by users), share of the sample (estimate:
mid-market, with enough large firms to say something about them)."""
FEWEST_CUSTOMERS = 20
"""Fewer leave a size class without anybody to resample."""


@dataclass(frozen=True, slots=True)
class CalibrationCase:
    """One customer to be implemented; also the seed of the episode."""

    industry: Industry
    seed: int
    size: str


@dataclass(frozen=True, slots=True)
class CalibrationOutcome:
    """What came of it."""

    case: CalibrationCase
    scorecard: Scorecard


def calibration_cases(customers: int, seed: int) -> list[CalibrationCase]:
    """Generated customers, as many of each size class as its share says, industries in turn.

    A class takes its customers from the generator's in the order of seeds, so each is a
    plain draw among those of its size.

    Args:
        customers: how many in all, at least ``FEWEST_CUSTOMERS``.
        seed: the first of the generator's seeds.

    Raises:
        ValueError: too few customers.
    """
    if customers < FEWEST_CUSTOMERS:
        raise ValueError(f"customers: {customers}: expected at least {FEWEST_CUSTOMERS}")
    left = _places(customers)
    generators = [CustomerGenerator(industry) for industry in Industry]
    cases: list[CalibrationCase] = []
    while any(left.values()):
        for generator in generators:
            size = size_class(generator.generate(seed).employees)
            if left[size]:
                left[size] -= 1
                cases.append(CalibrationCase(generator.industry, seed, size))
        seed += 1
    return cases


def size_class(employees: int) -> str:
    """The size class of a firm."""
    return next(name for name, below, _ in SIZE_CLASSES if employees < below)


def _places(customers: int) -> dict[str, int]:
    """Places per class; what rounding leaves falls to the commonest."""
    places = {name: int(share * customers) for name, _, share in SIZE_CLASSES}
    commonest = max(SIZE_CLASSES, key=lambda row: row[2])[0]
    places[commonest] += customers - sum(places.values())
    return places


def deciding(policy: str) -> Policy:
    """Who decides: typical practice by its name, any other policy as ``load_policy`` takes it.

    Raises:
        GoliveError: no such policy.
    """
    return TypicalPractice() if policy == TypicalPractice.name else load_policy(policy)


def play(policy: str, case: CalibrationCase) -> CalibrationOutcome:
    """Implement a case's customer by conventional delivery.

    Args:
        policy: who decides, as ``deciding`` takes it.
        case: the customer.
    """
    customer = CustomerGenerator(case.industry).generate(case.seed)
    scenario = scenario_for(customer, Delivery.CONVENTIONAL)
    result = run_episode(deciding(policy), scenario, case.seed, customer=scenario.customer)
    return CalibrationOutcome(case, result.scorecard)


Answer = Callable[[CalibrationOutcome], float | None]
"""A project's value for a target; None where the target does not speak of it."""


def answers(name: str, outcomes: Sequence[CalibrationOutcome]) -> list[list[float]]:
    """What the projects answer to a target, one list per size class that has an answer.

    Args:
        name: of the target.
        outcomes: of the projects.

    Raises:
        KeyError: the world has no answer to a target of this name.
    """
    answer = ANSWERS[name]
    strata: list[list[float]] = []
    for size, _, _ in SIZE_CLASSES:
        asked = [answer(outcome) for outcome in outcomes if outcome.case.size == size]
        given = [value for value in asked if value is not None]
        if given:
            strata.append(given)
    return strata


def _live(of: Callable[[Scorecard], float], outcome: CalibrationOutcome) -> float | None:
    """Surveys ask those who went live."""
    return float(of(outcome.scorecard)) if outcome.scorecard.went_live else None


def _failed(size: str, outcome: CalibrationOutcome) -> float | None:
    if outcome.case.size != size:
        return None
    scorecard = outcome.scorecard
    unused = scorecard.adoption < UNUSED_ADOPTION
    return float(scorecard.cancelled or not scorecard.went_live or unused)


ANSWERS: dict[str, Answer] = {
    "over_budget": partial(_live, lambda card: card.cost_ratio > 1.0),
    "mean_cost_ratio": partial(_live, lambda card: card.cost_ratio),
    "cost_half_over": partial(_live, lambda card: card.cost_ratio > 1.5),
    "cost_thrice": partial(_live, lambda card: card.cost_ratio > 3.0),
    "late": partial(_live, lambda card: card.days_late > DAYS_LATE_TOLERATED),
    "mean_schedule_ratio": partial(_live, lambda card: card.schedule_ratio),
    "schedule_half_over": partial(_live, lambda card: card.schedule_ratio > 1.5),
    "benefits_at_most_half": partial(
        _live, lambda card: card.benefits_realised <= HALF_OF_BENEFITS
    ),
    "failed_small": partial(_failed, "small"),
    "failed_moderate": partial(_failed, "moderate"),
    "failed_medium": partial(_failed, "medium"),
    "failed_large": partial(_failed, "large"),
    "cumulative_removal": partial(_live, lambda card: card.defect_removal_efficiency),
    "scope_growth": partial(_live, lambda card: card.scope_growth),
    "moderate_dip": partial(_live, lambda card: card.dip_depth >= MODERATE_DIP),
}
"""Per target how a project answers it."""
