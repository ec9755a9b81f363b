"""Conventional implementations under typical practice, and what surveys would say of them.

The customers are generated, of all industries and sizes; their shares are those of a
mid-market survey. Each published target (``targets``) is answered by one value per project that it
speaks of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from ....agents.implementation.practice import practice_with, without_practice
from ....agents.implementation.typical_practice import TypicalPractice
from ....agents.registry import load_policy
from ....core.random_streams import RandomStreams, purpose
from ....scenarios.implementation.customer import Customer
from ....scenarios.implementation.generator import CustomerGenerator
from ....scenarios.implementation.plans import scenario_for
from ....scenarios.implementation.vocabulary import Delivery, Industry
from ....sim.episodes import run_episode
from ....sim.implementation.parameters import parameters_with
from ....sim.implementation.schedule import PlanDays
from ....sim.implementation.scorecard import Scorecard
from .targets import DAYS_LATE_TOLERATED, HALF_OF_BENEFITS, MODERATE_DIP, UNUSED_ADOPTION

SIZE_CLASSES: tuple[tuple[str, int, float], ...] = (
    ("small", 50, 0.20),
    ("moderate", 250, 0.43),
    ("medium", 1_000, 0.24),
    ("large", 2_500, 0.09),
    ("grand", 5_000, 0.04),
)
"""Name, people that it ends below (Standish's classes by users), share of the sample (estimate:
mid-market, with enough large firms to say something about them)."""
_GRAND_FROM, _GRAND_BELOW = 2_500, 5_000
_SIZE = purpose("validation/people of a grand firm")
_AGAIN = purpose("validation/project is begun again")
_SECOND_SEEDS = 1 << 40
"""Seeds of second attempts lie so far beyond those of first ones."""
FEWEST_CUSTOMERS = 25
"""Fewer leave a size class without anybody to resample."""


@dataclass(frozen=True, slots=True)
class SurveyCase:
    """One customer to be implemented; also the seed of the episode.

    Attributes:
        industry: of the customer.
        seed: of the generator and of the episode.
        size: class of the firm.
        employees: instead of the size that the generator draws (grand firms); None: as drawn.
    """

    industry: Industry
    seed: int
    size: str
    employees: int | None = None

    def customer(self) -> Customer:
        """The customer."""
        return CustomerGenerator(self.industry).generate(self.seed, employees=self.employees)


@dataclass(frozen=True, slots=True)
class SurveyOutcome:
    """The outcome of a project.

    Attributes:
        case: the customer.
        scorecard: of the first attempt.
        again: of a second one where there was one and it went live, time and money of both
            over the first one's plan.
    """

    case: SurveyCase
    scorecard: Scorecard
    again: Scorecard | None = None

    @property
    def live(self) -> Scorecard | None:
        """The card of the attempt that went live; None: neither did.

        What is played on after a stop did not happen to the customer.
        """
        if self.again is not None:
            return self.again
        card = self.scorecard
        return card if card.went_live and not card.cancelled else None


def survey_cases(customers: int, seed: int) -> list[SurveyCase]:
    """Generated customers, as many of each size class as its share says, industries in turn.

    A class takes its customers from the generator's in the order of seeds, so each is a
    plain draw among those of its size; the generator ends at mid-market, so that grand firms are
    drawn with their size, uniform in its logarithm.

    Raises:
        ValueError: too few customers.
    """
    if customers < FEWEST_CUSTOMERS:
        raise ValueError(f"customers: {customers}: expected at least {FEWEST_CUSTOMERS}")
    left = _places(customers)
    generators = [CustomerGenerator(industry) for industry in Industry]
    cases: list[SurveyCase] = []
    while any(left.values()):
        for generator in generators:
            if left["grand"]:
                left["grand"] -= 1
                cases.append(_grand_case(generator.industry, seed))
                continue
            size = size_class(generator.employees(seed))
            if left[size]:
                left[size] -= 1
                cases.append(SurveyCase(generator.industry, seed, size))
        seed += 1
    return cases


def _grand_case(industry: Industry, seed: int) -> SurveyCase:
    rank = RandomStreams(seed).uniform(_SIZE, list(Industry).index(industry))
    employees = round(_GRAND_FROM * (_GRAND_BELOW / _GRAND_FROM) ** rank)
    return SurveyCase(industry, seed, "grand", min(employees, _GRAND_BELOW - 1))


def size_class(employees: int) -> str:
    """The size class of a firm."""
    return next((name for name, below, _ in SIZE_CLASSES if employees < below), "grand")


def _places(customers: int) -> dict[str, int]:
    """Places per class; what rounding leaves falls to the commonest."""
    places = {name: int(share * customers) for name, _, share in SIZE_CLASSES}
    commonest = max(SIZE_CLASSES, key=lambda row: row[2])[0]
    places[commonest] += customers - sum(places.values())
    return places


def implement(policy: str, parameters: Mapping[str, float], case: SurveyCase) -> SurveyOutcome:
    """Implement a case's customer by conventional delivery.

    A share of the projects that were stopped, or never went live, are begun again some months
    later, by other people of the same firm and with other luck; whoever is asked about
    such a project thinks of both attempts.

    Args:
        policy: who decides.
        parameters: of the world, or of the mixture of firms, by name, in place of their own.
        case: the customer.
    """
    practice = practice_with(parameters)
    scenario = scenario_for(case.customer(), Delivery.CONVENTIONAL)
    scenario = scenario.model_copy(update={"parameters": without_practice(parameters)})

    def attempt(seed: int) -> Scorecard:
        typical = policy == TypicalPractice.name
        manager = TypicalPractice(practice) if typical else load_policy(policy)
        episode = run_episode(manager, scenario, seed, customer=scenario.customer)
        return cast(Scorecard, episode.scorecard)

    first = attempt(case.seed)
    streams = RandomStreams(case.seed)
    ended = first.cancelled or not first.went_live
    if not ended or streams.uniform(_AGAIN) >= practice.second_attempt:
        return SurveyOutcome(case, first)
    second = attempt(case.seed + _SECOND_SEEDS)
    if second.cancelled or not second.went_live:
        return SurveyOutcome(case, first)
    planned = PlanDays.of(scenario.plan, scenario.customer).planned_go_live_day
    month = parameters_with(scenario.parameters).days_per_month
    lost = first.stopped_day if first.cancelled else first.days
    return SurveyOutcome(
        case, first, both(first, second, lost + practice.pause_months * month, planned)
    )


def both(first: Scorecard, second: Scorecard, lost_days: float, planned_days: int) -> Scorecard:
    """The second attempt's card with the first one's time and money on top.

    Args:
        first: was stopped, or never went live.
        second: went live.
        lost_days: from the first kick-off to the second.
        planned_days: from a kick-off to the go-live.
    """
    budget = first.cost_usd / first.cost_ratio
    sunk = first.cost_at_stop_usd if first.cancelled else first.cost_usd
    return replace(
        second,
        cost_usd=second.cost_usd + sunk,
        cost_ratio=second.cost_ratio + sunk / budget,
        schedule_ratio=second.schedule_ratio + lost_days / planned_days,
        days_late=second.days_late + lost_days,
        data_migration_days_late=second.data_migration_days_late + lost_days,
    )


Answer = Callable[[SurveyOutcome], float | None]
"""A project's value for a target; None where the target does not speak of it."""


def answers(name: str, outcomes: Sequence[SurveyOutcome]) -> list[list[float]]:
    """The projects' answers to a target, one list per size class that has an answer.

    Raises:
        KeyError: the world has no answer to a target of this name.
    """
    answer = ANSWERS[name]
    strata: dict[str, list[float]] = {size: [] for size, _, _ in SIZE_CLASSES}
    for outcome in outcomes:
        given = answer(outcome)
        if given is not None:
            strata[outcome.case.size].append(given)
    return [stratum for stratum in strata.values() if stratum]


def _live(of: Callable[[Scorecard], float], outcome: SurveyOutcome) -> float | None:
    """Surveys ask those who went live."""
    return None if outcome.live is None else float(of(outcome.live))


def _failed(size: str, outcome: SurveyOutcome) -> float | None:
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
    **{f"failed_{size}": partial(_failed, size) for size, _, _ in SIZE_CLASSES},
    "data_migration_late": partial(
        _live, lambda card: card.data_migration_days_late > DAYS_LATE_TOLERATED
    ),
    "data_migration_over_budget": partial(_live, lambda card: card.data_migration_cost_ratio > 1.0),
    "cumulative_removal": partial(_live, lambda card: card.defect_removal_efficiency),
    "scope_growth": partial(_live, lambda card: card.scope_growth),
    "moderate_dip": partial(_live, lambda card: card.dip_depth >= MODERATE_DIP),
}
"""Per target how a project answers it."""
