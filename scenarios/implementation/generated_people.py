"""Sites of generated customers: their countries, their people, their names and addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from ...core.draws import Draws
from . import assumptions as a
from .customer import Site
from .industries import COUNTRIES, Country, IndustryProfile

if TYPE_CHECKING:
    from faker import Faker

_SEED_STEP = 101
_LONGEST_CITY = 60


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


def local_names(profile: IndustryProfile, draws: Draws) -> SiteNames:
    """Names in the language of each site's country, by Faker; the same seed has the same ones."""
    fake = _faker(_country(draws.uniform("generate country")).locale)
    fake.seed_instance(_faker_seed(draws, 0))
    words = profile.company_words
    word = words[int(len(words) * draws.uniform("generate company word"))]
    taken: set[str] = set()

    def site(index: int, where: Country) -> tuple[str, str | None]:
        local = _faker(where.locale)
        local.seed_instance(_faker_seed(draws, index + 1))
        city = str(local.city())[:_LONGEST_CITY]
        name = city if city not in taken else f"{city} {index + 1}"
        taken.add(name)
        street = " ".join(str(local.street_address()).split())
        return name, f"{street}, {local.postcode()} {city}"

    return SiteNames(company=f"{fake.last_name()} {word}", site=site)


@cache
def _faker(locale: str) -> Faker:
    from faker import Faker

    return Faker(locale, use_weighting=False)


def _faker_seed(draws: Draws, index: int) -> int:
    return int(draws.uniform("generate names", index) * 2**53) * _SEED_STEP + index


def generate_sites(draws: Draws, employees: int, count: int, names: SiteNames) -> tuple[Site, ...]:
    """The sites; head counts add up to ``employees``, the pilot is the largest."""
    pilot = _country(draws.uniform("generate country"))
    further = count - 1
    others = max(1, int(employees * (1.0 - a.PILOT_SHARE) / further)) if further else 0
    heads = [employees - others * further, *[others] * further]
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


def _country(u: float) -> Country:
    ends = accumulate(country.weight for country in COUNTRIES)
    pairs = zip(COUNTRIES, ends, strict=True)
    return next((country for country, end in pairs if u < end), COUNTRIES[0])
