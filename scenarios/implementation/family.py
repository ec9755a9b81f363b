"""Customers of a scenario's family: like its reference customer, and each one different.

Every draw depends on the scenario's variation and the seed alone. Quantities that go together in
life are tied by a mixture copula: with the probability of the tie a quantity takes the same rank
as the quantity it is tied to, otherwise a rank of its own. Margins stay uniform, and the tie is
the correlation of the ranks.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...core.arithmetic import whole_sum
from ...core.random_streams import RandomStreams, purpose
from ...core.records import changed
from .challenges import Challenge, CheckChallenge, DataChallenge, RequirementChallenge
from .customer import (
    CLEAN_HISTORY_TOLERANCE,
    MOST_EMPLOYEES,
    MOST_INTEGRATIONS,
    MOST_MACHINES,
    MOST_RECORDS,
    MOST_REVENUE_USD,
    MOST_SKUS,
    Customer,
    DataObject,
    Interface,
    Product,
    Site,
)
from .requirements import MOST_EFFORT_HOURS, Requirement
from .scenario import ImplementationScenario, Variation
from .traits import Traits, draw_traits
from .vocabulary import DataErrorKind, InterfaceSize

SIZE_TIE = 0.5
"""Rank correlation of SKUs, complexity and integrations with size (estimate)."""
FAILURE_TIE = 0.5
"""Rank correlation of trust and data quality with *few* failed projects (estimate)."""
HIGHEST_ERROR_RATE = 0.9
LEAST_EFFORT_HOURS = 0.01
LEAST_QUALITY_EFFECT = 0.25
"""Error rates fall at most to this share of the reference's in the cleanest customers."""
MOST_QUALITY_EFFECT = 2.5
"""Error rates rise at most by this factor in the dirtiest customers."""
SMALL_INTERFACE_SHARE, MEDIUM_INTERFACE_SHARE = 0.5, 0.4
"""Sizes of interfaces beyond the reference's; the rest is large (estimate)."""

_SIZE = purpose("family size")
_FAILED = purpose("family failed projects")
_QUALITY = purpose("family data quality")
_TRUST = purpose("family trust")
_COMPLEXITY = purpose("family complexity")
_INTEGRATIONS = purpose("family integrations")
_SKUS = purpose("family skus")
_REVENUE = purpose("family revenue")
_RECORDS = purpose("family records")
_ERROR_RATE = purpose("family error rate")
_REQUIREMENT_PRESENT = purpose("family requirement present")
_REQUIREMENT_EFFORT = purpose("family requirement effort")
_CHALLENGE_PRESENT = purpose("family challenge present")
_CHALLENGE_EFFORT = purpose("family challenge effort")
_CHALLENGE_RATE = purpose("family challenge rate")
_INTERFACE_RANK = purpose("family interface rank")
_INTERFACE_SIZE = purpose("family interface size")
_TRAIT = purpose("family trait")
_OWN, _TIED = 0, 1
_LONGEST_STEM = 95


def draw_customer(scenario: ImplementationScenario, seed: int) -> Customer:
    """The customer that a seed draws from a scenario's family.

    A scenario without variation always gives its reference customer.

    Args:
        scenario: whose reference customer and variation are used.
        seed: integer in ``[0, 2**64)``.
    """
    if scenario.variation == _NO_VARIATION:
        return scenario.customer
    return _Family(scenario.customer, scenario.variation, RandomStreams(seed)).customer()


_NO_VARIATION = Variation()


class _Family:
    """One draw: the ranks that several quantities share, and what follows from them."""

    def __init__(self, reference: Customer, variation: Variation, streams: RandomStreams) -> None:
        self.reference, self.variation, self.streams = reference, variation, streams
        self.size_rank = streams.uniform(_SIZE)
        self.failed_rank = streams.uniform(_FAILED)
        self.size = min(
            1.0 + variation.employees_spread * (2.0 * self.size_rank - 1.0),
            MOST_EMPLOYEES / reference.employees,
        )
        few_failed = 1.0 - self.failed_rank
        rank = self._tied(_QUALITY, few_failed, FAILURE_TIE)
        low, high = variation.data_quality_min, variation.data_quality_max
        self.data_quality = round(_between(low, high, reference.data_quality, rank), 3)
        rank = self._tied(_TRUST, few_failed, FAILURE_TIE)
        low, high = variation.trust_min, variation.trust_max
        self.trust = round(_between(low, high, reference.trust, rank), 3)
        self.quality_effect = _quality_effect(reference.data_quality, self.data_quality)

    def customer(self) -> Customer:
        """The customer, validated as a whole (its parts are within bounds by construction)."""
        reference = self.reference
        sites = self._sites()
        employees = whole_sum(site.employees for site in sites)
        return changed(
            reference,
            name=f"{reference.name[:_LONGEST_STEM]} #{self.streams.seed}",
            employees=employees,
            revenue_usd=self._revenue(employees),
            complexity=self._complexity(),
            data_quality=self.data_quality,
            trust=self.trust,
            previous_failed_projects=self._failed_projects(),
            sites=sites,
            product=self._product(),
            data_objects=self._data_objects(),
            requirements=self._requirements(),
            interfaces=self._interfaces(),
            challenges=tuple(self._challenges(employees)),
            traits=self._traits(),
        )

    def _traits(self) -> Traits:
        if not self.variation.trait_spread:
            return self.reference.traits
        return draw_traits(
            lambda number, attempt: self.streams.uniform(_TRAIT, number, attempt),
            {
                "data_rot": self.failed_rank,
                "sponsor_patience": 1.0 - self.failed_rank,
                "habits": self.size_rank,
                "fragility": self.size_rank,
            },
            self.variation.trait_spread,
        )

    def _tied(self, key: int, other_rank: float, tie: float) -> float:
        if self.streams.uniform(key, _TIED) < tie:
            return other_rank
        return self.streams.uniform(key, _OWN)

    def _spread(self, key: int, whom: int, spread: float) -> float:
        if spread == 0.0:
            return 1.0
        return 1.0 + spread * (2.0 * self.streams.uniform(key, whom) - 1.0)

    def _sites(self) -> tuple[Site, ...]:
        if self.size == 1.0:
            return self.reference.sites
        return tuple(
            changed(site, employees=max(1, int(site.employees * self.size)))
            for site in self.reference.sites
        )

    def _revenue(self, employees: int) -> float:
        per_head = self.reference.revenue_usd / self.reference.employees
        spread = self._spread(_REVENUE, 0, self.variation.revenue_spread)
        return float(min(max(1, round(per_head * employees * spread)), MOST_REVENUE_USD))

    def _complexity(self) -> int:
        rank = self._tied(_COMPLEXITY, self.size_rank, SIZE_TIE)
        low, high = self.variation.complexity_min, self.variation.complexity_max
        return _integer_between(low, high, self.reference.complexity, rank)

    def _failed_projects(self) -> int:
        most = self.variation.previous_failed_projects_max
        if most is None:
            return self.reference.previous_failed_projects
        # The square makes none the commonest number and the largest the rarest.
        return int((most + 1) * self.failed_rank * self.failed_rank)

    def _product(self) -> Product:
        reference, quality = self.reference.product, self.data_quality
        clean = reference.clean_history_share + quality - self.reference.data_quality
        nearest = min(max(clean, quality - CLEAN_HISTORY_TOLERANCE), 1.0)
        return changed(
            reference,
            skus=_scaled(reference.skus, self._sku_factor(), 1, MOST_SKUS),
            machines=_scaled(reference.machines, self.size, 0, MOST_MACHINES),
            clean_history_share=round(max(nearest, 0.0), 3),
        )

    def _sku_factor(self) -> float:
        rank = self._tied(_SKUS, self.size_rank, SIZE_TIE)
        return 1.0 + self.variation.skus_spread * (2.0 * rank - 1.0)

    def _data_objects(self) -> tuple[DataObject, ...]:
        factor = self._sku_factor()
        return tuple(
            changed(
                item,
                records=_scaled(
                    item.records,
                    factor * self._spread(_RECORDS, index, self.variation.records_spread),
                    0,
                    MOST_RECORDS,
                ),
                error_rates=self._error_rates(index, item.error_rates),
            )
            for index, item in enumerate(self.reference.data_objects)
        )

    def _error_rates(
        self, index: int, rates: dict[DataErrorKind, float]
    ) -> dict[DataErrorKind, float]:
        return {
            kind: self._rate(_ERROR_RATE, index * len(DataErrorKind) + number, rate)
            for number, (kind, rate) in enumerate(rates.items())
        }

    def _rate(self, key: int, whom: int, rate: float) -> float:
        factor = self.quality_effect * self._spread(key, whom, self.variation.error_rate_spread)
        return (
            rate if factor == 1.0 else round(min(rate * factor, max(rate, HIGHEST_ERROR_RATE)), 4)
        )

    def _requirements(self) -> tuple[Requirement, ...]:
        share, streams = self.variation.optional_requirement_probability, self.streams
        return tuple(
            self._requirement(_REQUIREMENT_EFFORT, index, requirement)
            for index, requirement in enumerate(self.reference.requirements)
            if requirement.mandatory or streams.uniform(_REQUIREMENT_PRESENT, index) < share
        )

    def _requirement(self, key: int, whom: int, requirement: Requirement) -> Requirement:
        effort = self._effort(key, whom, requirement.effort_hours)
        return changed(requirement, effort_hours=effort)

    def _effort(self, key: int, whom: int, hours: float) -> float:
        factor = self._spread(key, whom, self.variation.effort_spread)
        if factor == 1.0:
            return hours
        return min(max(round(hours * factor, 2), min(hours, LEAST_EFFORT_HOURS)), MOST_EFFORT_HOURS)

    def _challenges(self, employees: int) -> Iterable[Challenge]:
        share, streams = self.variation.optional_challenge_probability, self.streams
        for index, challenge in enumerate(self.reference.challenges):
            if isinstance(challenge, CheckChallenge):
                yield changed(
                    challenge,
                    effort_hours=self._effort(_CHALLENGE_EFFORT, index, challenge.effort_hours),
                    users=min(challenge.users, employees),
                )
            elif streams.uniform(_CHALLENGE_PRESENT, index) < share:
                yield self._optional_challenge(index, challenge)

    def _optional_challenge(self, index: int, challenge: Challenge) -> Challenge:
        if isinstance(challenge, DataChallenge):
            return changed(challenge, rate=self._rate(_CHALLENGE_RATE, index, challenge.rate))
        if isinstance(challenge, RequirementChallenge):
            built = self._requirement(_CHALLENGE_EFFORT, index, challenge.requirement)
            return changed(challenge, requirement=built)
        hours = self._effort(_CHALLENGE_EFFORT, index, challenge.effort_hours)
        return changed(challenge, effort_hours=hours)

    def _interfaces(self) -> tuple[Interface, ...]:
        rank = self._tied(_INTEGRATIONS, self.size_rank, SIZE_TIE)
        low, high = self.variation.integrations_min, self.variation.integrations_max
        reference = self.reference.interfaces
        wanted = _integer_between(low, high, len(reference), rank)
        if wanted > len(reference):
            return (*reference, *self._further_interfaces(wanted - len(reference)))
        order = sorted(
            range(len(reference)), key=lambda i: self.streams.uniform(_INTERFACE_RANK, i)
        )
        kept = [reference[i] for i in sorted(order[:wanted])]
        names = {interface.name for interface in kept}
        return tuple(
            interface
            if interface.depends_on is None or interface.depends_on in names
            else changed(interface, depends_on=None)
            for interface in kept
        )

    def _further_interfaces(self, count: int) -> Iterable[Interface]:
        systems = self.reference.legacy_systems
        room = MOST_INTEGRATIONS - len(self.reference.interfaces)
        for number in range(min(count, room) if systems else 0):
            system = systems[number % len(systems)]
            yield Interface(
                name=f"Interface {len(self.reference.interfaces) + number + 1}: "
                f"{system.name[:_LONGEST_STEM]}",
                system=system.name,
                size=_interface_size(self.streams.uniform(_INTERFACE_SIZE, number)),
                depends_on=None,
            )


def _interface_size(u: float) -> InterfaceSize:
    if u < SMALL_INTERFACE_SHARE:
        return InterfaceSize.SMALL
    if u < SMALL_INTERFACE_SHARE + MEDIUM_INTERFACE_SHARE:
        return InterfaceSize.MEDIUM
    return InterfaceSize.LARGE


def _quality_effect(reference: float, drawn: float) -> float:
    if reference >= 1.0 or reference == drawn:
        return 1.0
    return min(max((1.0 - drawn) / (1.0 - reference), LEAST_QUALITY_EFFECT), MOST_QUALITY_EFFECT)


def _between(low: float | None, high: float | None, own: float, rank: float) -> float:
    bottom, top = own if low is None else low, own if high is None else high
    return bottom + (top - bottom) * rank


def _integer_between(low: int | None, high: int | None, own: int, rank: float) -> int:
    bottom, top = own if low is None else low, own if high is None else high
    return bottom + int((top - bottom + 1) * rank)


def _scaled(value: int, factor: float, lowest: int, highest: int) -> int:
    return min(max(lowest, round(value * factor)), highest)
