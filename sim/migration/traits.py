"""What a customer is like, which nobody is told, and which turns the right way of working round."""

from __future__ import annotations

from enum import IntEnum

from ...core.distributions import normal_table
from ...core.random_streams import RandomStreams, purpose
from ...core.records import changed
from ...scenarios.migration.scenario import HIGHEST_RATE, ErrorRates, MigrationScenario
from ...scenarios.migration.vocabulary import DataObject, ErrorKind


class Trait(IntEnum):
    """Traits of a customer, each true or not with equal probability."""

    DAYS_FIRST = 0
    """The old systems write days before months, apart from those that are set up oddly."""
    SISTERS = 1
    """Partners of one name are firms of their own, such as branches; else they are duplicates."""
    GUESSING = 2
    """Key users answer what they do not know."""
    OLD_IMPORT = 3
    """Errors come of an import long ago, which rules repair; else of a careless clerk."""
    RESTLESS = 4
    """Rows change every day until the freeze, in old habits."""
    STRICT_OWNER = 5
    """The data's owner signs nothing that has visible defects, and blames what is not signed."""


_IS, _SIGN = purpose("migration/trait"), purpose("migration/sign of trait")
SIGN_NOISE = 1.2
"""Standard deviation of a sign, whose mean is +1 or -1: it is right in four cases of five."""
SYSTEMATIC = (
    *(ErrorKind.DATE_FORMAT, ErrorKind.DECIMAL_MARK, ErrorKind.DEFAULT_AS_MISSING),
    *(ErrorKind.LEADING_ZERO_LOST, ErrorKind.SPECIAL_CHARACTER, ErrorKind.INCONSISTENT_NAME),
    *(ErrorKind.MOJIBAKE, ErrorKind.ORPHAN_KEY),
)
"""Errors of an import, which rules repair."""
_MORE, _LESS = 1.8, 0.4
_DUPLICATE_FACTOR = {True: 0.2, False: 1.0}
_SISTER_SHARE = {True: 0.30, False: 0.0}


def draw_traits(seed: int) -> list[int]:
    """The customer's traits, 1 or -1 each, in the order of ``Trait``."""
    streams = RandomStreams(seed)
    return [1 if streams.uniform(_IS, trait) < 0.5 else -1 for trait in Trait]


def draw_signs(seed: int, traits: list[int]) -> list[float]:
    """What was heard at the kick-off of each trait: its value, blurred."""
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
    rates = {
        kind: {error: _rate(scenario, traits, error, kind) for error in ErrorKind}
        for kind in DataObject
    }
    everywhere = {error: _rate(scenario, traits, error, None) for error in ErrorKind}
    return changed(
        scenario,
        customer=changed(scenario.customer, legacy_systems=systems),
        errors=ErrorRates(every_object=everywhere, by_object=rates),
        sister_share=_SISTER_SHARE[traits[Trait.SISTERS] > 0],
    )


def _rate(
    scenario: MigrationScenario, traits: list[int], error: ErrorKind, kind: DataObject | None
) -> float:
    factor = _MORE if (error in SYSTEMATIC) == (traits[Trait.OLD_IMPORT] > 0) else _LESS
    if error is ErrorKind.DUPLICATE:
        factor = _DUPLICATE_FACTOR[traits[Trait.SISTERS] > 0]
    return min(factor * scenario.error_rate(error, kind), HIGHEST_RATE)
