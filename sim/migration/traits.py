"""Traits of a customer: nobody is told them, and they turn the right way of working round."""

from __future__ import annotations

from enum import IntEnum

from ...core.distributions import normal_table
from ...core.random_streams import RandomStreams, purpose
from ...core.records import changed
from ...scenarios.migration.customer import MOST_RECORDS
from ...scenarios.migration.scenario import HIGHEST_RATE, ErrorRates, MigrationScenario
from ...scenarios.migration.vocabulary import Adversity, CustomerTrait, DataObject, ErrorKind


class Trait(IntEnum):
    """Traits of a customer, each true or not with equal probability: see ``CustomerTrait``."""

    DAYS_FIRST = 0
    SISTERS = 1
    GUESSING = 2
    OLD_IMPORT = 3
    RESTLESS = 4
    STRICT_OWNER = 5

    @property
    def word(self) -> CustomerTrait:
        """Its name in scenarios."""
        return CustomerTrait(self.name.lower())


_IS, _SIGN = purpose("migration/trait"), purpose("migration/sign of trait")
SIGN_NOISE = 1.2
"""Standard deviation of a sign, whose mean is +1 or -1: it is right in four cases of five."""
SYSTEMATIC = (
    *(ErrorKind.DATE_FORMAT, ErrorKind.DECIMAL_MARK, ErrorKind.DEFAULT_AS_MISSING),
    *(ErrorKind.LEADING_ZERO_LOST, ErrorKind.SPECIAL_CHARACTER, ErrorKind.INCONSISTENT_NAME),
    *(ErrorKind.MOJIBAKE, ErrorKind.ORPHAN_KEY),
)
"""Errors of an import, which rules repair."""
_MORE, _LESS = 1.8, 0.3
_IN_BOTH_SYSTEMS, _MIXED = 0.25, 0.3
"""Share of rows that a second system has, too, and that other code pages befall, at full severity;
these and the factors here are estimates."""
_DUPLICATE_FACTOR = {True: 0.2, False: 1.0}
_SISTER_SHARE = {True: 0.30, False: 0.0}


def draw_traits(scenario: MigrationScenario, seed: int) -> list[int]:
    """The customer's traits, 1 or -1 each, in the order of ``Trait``."""
    streams = RandomStreams(seed)
    return [
        1 if scenario.traits.get(trait.word, streams.uniform(_IS, trait) < 0.5) else -1
        for trait in Trait
    ]


def draw_signs(seed: int, traits: list[int]) -> list[float]:
    """Signs of the traits, as heard at the kick-off: their values, blurred."""
    streams, normal = RandomStreams(seed), normal_table()
    return [
        round(traits[trait] + SIGN_NOISE * normal.at(streams.uniform(_SIGN, trait)), 3)
        for trait in Trait
    ]


def with_traits(scenario: MigrationScenario, traits: list[int]) -> MigrationScenario:
    """The scenario of the tables of a customer with these traits."""
    days_first = traits[Trait.DAYS_FIRST] > 0
    systems = tuple(
        changed(system, month_first=not days_first) for system in scenario.customer.legacy_systems
    )
    worse = severities(scenario)
    rates = {
        kind: {error: _rate(scenario, traits, error, kind) for error in ErrorKind}
        for kind in DataObject
    }
    everywhere = {error: _rate(scenario, traits, error, None) for error in ErrorKind}
    return changed(
        scenario,
        customer=changed(
            scenario.customer,
            legacy_systems=systems,
            records={
                kind: min(MOST_RECORDS, int(count * (1.0 + 9.0 * worse[Adversity.TENFOLD_VOLUME])))
                for kind, count in scenario.customer.records.items()
            },
        ),
        errors=ErrorRates(every_object=everywhere, by_object=rates),
        sister_share=_SISTER_SHARE[traits[Trait.SISTERS] > 0],
    )


def severities(scenario: MigrationScenario) -> dict[Adversity, float]:
    """Severity of each adversity of a scenario, the worst of a kind; 0 where there is none."""
    found = dict.fromkeys(Adversity, 0.0)
    for trouble in scenario.troubles:
        found[trouble.kind] = max(found[trouble.kind], trouble.severity)
    return found


def _rate(
    scenario: MigrationScenario, traits: list[int], error: ErrorKind, kind: DataObject | None
) -> float:
    worse = severities(scenario)
    factor = _MORE if (error in SYSTEMATIC) == (traits[Trait.OLD_IMPORT] > 0) else _LESS
    more = 0.0
    if error is ErrorKind.DUPLICATE:
        factor = _DUPLICATE_FACTOR[traits[Trait.SISTERS] > 0]
        more = _IN_BOTH_SYSTEMS * worse[Adversity.SECOND_SYSTEM]
    if error is ErrorKind.MOJIBAKE:
        more = _MIXED * worse[Adversity.MIXED_ENCODINGS]
    return min(factor * scenario.error_rate(error, kind) + more, HIGHEST_RATE)
