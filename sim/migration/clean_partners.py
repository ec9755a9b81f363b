"""Clean tables of customers and vendors."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .dates import ordinals_to_dates, takeover_and_growth
from .invented_names import COUNTRY_WORDS, Country
from .luck import Luck, Whole
from .target import TERMS

if TYPE_CHECKING:
    import polars as pl

HOME_WEIGHT, OTHER_WEIGHT = 70, 5
"""Partners at home and in each other country, by weight (estimate: a mid-market firm)."""
NUMBERS_A_ROW = 3
"""One in so many numbers is in use."""
TERM_WEIGHTS = (4, 8, 6, 60, 8, 12, 2)
"""Of the payment terms in ``TERMS`` (estimate: net 30 days rules)."""
CONTACT_SHARE, PHONE_SHARE, EMAIL_SHARE, TAX_SHARE = 0.85, 0.92, 0.80, 0.90
"""Shares of partners of which these are known (estimate)."""

SHARED_NUMBERS = 0.7
"""Share of sister firms that have the switchboard and tax number of the first one (estimate)."""


class Partners:
    """Columns that customers and vendors have in common, as lists."""

    def __init__(
        self,
        luck: Luck,
        count: int,
        words: Sequence[str],
        home: str,
        sister_share: float,
        apart: bool,
        as_of: int,
        history_years: float,
    ) -> None:
        """Draw the partners.

        Args:
            luck: of the table.
            count: of rows.
            words: that their names have besides a surname.
            home: country of the customer, where most of them are.
            sister_share: of them that bear the name of another firm, in another town.
            apart: whether nobody but a sister has another firm's name, and sisters share the
                switchboard and the tax number; else some names are alike by chance.
            as_of: day of the extract, a date's ordinal.
            history_years: age of the oldest row.
        """
        self.luck, self.count = luck, count
        weights = [HOME_WEIGHT if c.code == home else OTHER_WEIGHT for c in COUNTRY_WORDS]
        places = luck.weighted("country", count, weights)
        self.sister_of = _sisters(luck, count, sister_share)
        places = places[self.sister_of]
        self.countries: list[Country] = [COUNTRY_WORDS[index] for index in places.tolist()]
        self.created = takeover_and_growth(luck, count, as_of, history_years)
        self._names(words, apart)
        self._addresses()
        self._contacts()
        if apart:
            self._share_numbers()

    def _names(self, words: Sequence[str], apart: bool) -> None:
        luck, rows = self.luck, self.sister_of.tolist()
        surname, form = luck.uniforms("surname", self.count), luck.uniforms("form", self.count)
        word = luck.whole("word", self.count, 0, len(words) - 1)
        stem = [
            f"{_pick(self.countries[row].surnames, surname[row])} {words[word[row]]}"
            for row in rows
        ]
        if apart:
            self._tell_apart(stem)
        self.stems = stem
        self.names = [
            f"{name} {_pick(self.countries[row].legal_forms, form[row])}"
            for name, row in zip(stem, rows, strict=True)
        ]

    def _tell_apart(self, stems: list[str]) -> None:
        """Give firms a second surname whose name another one has already."""
        rows, taken = self.sister_of.tolist(), set[str]()
        for row, stem in enumerate(stems):
            if rows[row] == row:
                surnames = self.countries[row].surnames
                first, _, rest = stem.partition(" ")
                others = (f"{first}-{other} {rest}" for other in surnames[row % len(surnames) :])
                stems[row] = next((one for one in (stem, *others) if one not in taken), stem)
                taken.add(stems[row])
            else:
                stems[row] = stems[rows[row]]

    def _share_numbers(self) -> None:
        """Let sisters have the switchboard and the tax number of the first of them."""
        shares = self.luck.chances("shares numbers", self.count, SHARED_NUMBERS).tolist()
        for row, first in enumerate(self.sister_of.tolist()):
            if row != first and shares[row]:
                self.phones[row], self.tax_ids[row] = self.phones[first], self.tax_ids[first]

    def _addresses(self) -> None:
        luck, count = self.luck, self.count
        street, house = luck.uniforms("street", count), luck.whole("house", count, 1, 399).tolist()
        city, code = luck.uniforms("city", count), luck.uniforms("postcode", count)
        # A quarter of the codes begins with zero, as in New England and in eastern Germany.
        low = luck.chances("low postcode", count, 0.25)
        self.streets, self.cities, self.postcodes = [], [], []
        for row, country in enumerate(self.countries):
            self.streets.append(_pick(country.streets, street[row]).format(house[row]))
            self.cities.append(_pick(country.cities, city[row]))
            largest = int("1" + "0" * country.postcode_digits) // (10 if low[row] else 1)
            number = int(code[row] * largest)
            self.postcodes.append(f"{number:0{country.postcode_digits}d}")

    def _contacts(self) -> None:
        luck, count = self.luck, self.count
        given, family = luck.uniforms("given", count), luck.uniforms("family", count)
        area, line = luck.whole("area", count, 201, 989), luck.whole("line", count, 0, 99)
        tax = luck.whole("tax", count, 100_000_000, 999_999_999).tolist()
        has = {
            name: luck.chances(f"has {name}", count, share).tolist()
            for name, share in (
                ("contact", CONTACT_SHARE),
                ("phone", PHONE_SHARE),
                ("email", EMAIL_SHARE),
                ("tax", TAX_SHARE),
            )
        }
        self.contacts: list[str | None] = []
        self.phones: list[str | None] = []
        self.emails: list[str | None] = []
        self.tax_ids: list[str | None] = []
        for row, country in enumerate(self.countries):
            first, last = (
                _pick(country.given_names, given[row]),
                _pick(country.surnames, family[row]),
            )
            phone = f"{country.phone.format(area[row])}{line[row]:02d}"
            # Sisters share the firm's domain: mail alone does not tell them apart.
            email = f"{_plain(first)}.{_plain(last)}@{_plain(self.stems[row])}.example"
            self.contacts.append(f"{first} {last}" if has["contact"][row] else None)
            self.phones.append(phone if has["phone"][row] else None)
            self.emails.append(email if has["email"][row] else None)
            self.tax_ids.append(f"{country.code}X{tax[row]:09d}" if has["tax"][row] else None)

    def frame(self, key: str, prefix: str, digits: int, own: dict[str, object]) -> pl.DataFrame:
        """The table.

        Args:
            key: name of the column with the partner's number.
            prefix: with which numbers begin.
            digits: that follow, with leading zeros.
            own: columns that only this table has; ``balance`` among them.
        """
        import polars as pl

        terms = self.luck.weighted("terms", self.count, TERM_WEIGHTS).tolist()
        balance = own.pop("balance")
        # With gaps, as numbers are in life: what was entered twice has one of those left out.
        gaps = self.luck.whole("number", self.count, 1, NUMBERS_A_ROW)
        values = np.arange(self.count) * NUMBERS_A_ROW + gaps
        numbers = [f"{prefix}{number:0{digits}d}" for number in values.tolist()]
        return pl.DataFrame(
            {
                key: numbers,
                "name": self.names,
                "contact": self.contacts,
                "street": self.streets,
                "postcode": self.postcodes,
                "city": self.cities,
                "country": [country.code for country in self.countries],
                "phone": self.phones,
                "email": self.emails,
                "tax_id": self.tax_ids,
                "payment_terms": [TERMS[index] for index in terms],
                "currency": [country.currency for country in self.countries],
                **own,
                "balance": balance,
                "created_on": ordinals_to_dates(self.created),
            }
        )


def _sisters(luck: Luck, count: int, share: float) -> Whole:
    """Row whose name and country each row has: its own, or that of an earlier row."""
    rows = np.arange(count, dtype=np.int64)
    earlier = (luck.uniforms("sister", count) * np.maximum(rows, 1)).astype(np.int64)
    chosen = luck.chances("is sister", count, share) & (rows > 0)
    found = np.where(chosen, earlier, rows)
    # A sister of a sister has the first one's name.
    for _ in range(32):
        found = found[found]
    return found


def _pick(options: Sequence[str], u: float) -> str:
    return options[int(u * len(options))]


def _plain(text: str) -> str:
    """Letters of a text without accents, for a mail address."""
    bare = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in bare.lower() if letter.isascii() and letter.isalnum())
