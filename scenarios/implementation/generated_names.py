"""Names and addresses in the language of a site's country, by Faker."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ...core.draws import Draws
from .generated_people import SiteNames, pilot_country
from .industries import Country, IndustryProfile

if TYPE_CHECKING:
    from faker import Faker

_SEED_STEP = 101
_LONGEST_CITY = 60


def local_names(profile: IndustryProfile, draws: Draws) -> SiteNames:
    """Names of a company and its sites; the same seed has the same names."""
    country = pilot_country(draws)
    fake = _faker(country.locale)
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
