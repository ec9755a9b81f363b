"""Sites of generated customers: where they stand and how many people work there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...core.draws import Draws
from . import assumptions as a
from .customer import Site
from .industries import COUNTRIES, Country, IndustryProfile


@dataclass(frozen=True, slots=True)
class SiteNames:
    """Names of a customer and its sites."""

    company: str
    site: Callable[[int, Country], tuple[str, str | None]]
    """Name and address of the site with this index in this country."""


def plain_names(profile: IndustryProfile, seed: int) -> SiteNames:
    """Names without Faker: numbered, no addresses."""
    return SiteNames(
        company=f"{profile.company_words[0]} customer {seed}",
        site=lambda index, country: (f"{country.city} {index + 1}", None),
    )


def pilot_country(draws: Draws) -> Country:
    """The country of a customer's first site."""
    return _country(draws.uniform("generate country"))


def generate_sites(draws: Draws, employees: int, count: int, names: SiteNames) -> tuple[Site, ...]:
    """The sites; head counts add up to ``employees``, the pilot is the largest."""
    pilot = pilot_country(draws)
    heads = _heads(employees, count)
    return tuple(_site(draws, index, pilot, heads[index], names) for index in range(count))


def _site(draws: Draws, index: int, pilot: Country, employees: int, names: SiteNames) -> Site:
    country = pilot
    if index > 0 and not draws.chance("generate same country", a.SAME_COUNTRY, index):
        country = _country(draws.uniform("generate country", index))
    name, address = names.site(index, country)
    return Site(
        name=name,
        country=country.code,
        language=country.language,
        currency=country.currency,
        time_zone=country.time_zone,
        employees=employees,
        address=address,
    )


def _heads(employees: int, count: int) -> list[int]:
    if count == 1:
        return [employees]
    others = max(1, int(employees * (1.0 - a.PILOT_SHARE) / (count - 1)))
    return [employees - others * (count - 1)] + [others] * (count - 1)


def _country(u: float) -> Country:
    total = 0.0
    for country in COUNTRIES:
        total += country.weight
        if u < total:
            return country
    return COUNTRIES[0]
