"""Headers that legacy systems have for the target's columns: hundreds a table, generated.

A generator is a source of headers for a column: one of its labels in a language, one of them
abbreviated in a certain way, a prefix, an old name, a wrong word, each in several letter cases.
Each has a key; all its headers belong to train or all to test, by the hash of
its key, so that a mapper is tried on ways that it has never seen. A header of test whose letters
also come out of a generator of train is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from ...core.random_streams import purpose
from ...core.records import Record
from ...core.yaml_reader import read_document
from ...scenarios.migration.vocabulary import SystemStyle, TableName
from .difficulty import difficulty
from .luck import Luck
from .target import TARGET

LANGUAGES = ("en", "de", "fr", "es")
TEST_SHARE = 3
"""One generator in so many is for test."""
VOWELS = "aeiouyäöüéèêáíóúœ"


class HeaderFamily(StrEnum):
    """Families of generators."""

    ENGLISH = "english"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    ABBREVIATION = "abbreviation"
    LEGACY_8 = "legacy_8"
    """Upper case, at most eight letters."""
    OLD_NAME = "old_name"
    LANGUAGE = "language"
    WRONG = "wrong"
    """A word that means something else and is used all the same."""


class HeaderSplit(StrEnum):
    """Train or test."""

    TRAIN = "train"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Header:
    """A header that a column may have, and the key of the generator that made it."""

    text: str
    column: str
    family: HeaderFamily
    key: str
    split: HeaderSplit


HARD = (
    HeaderFamily.LEGACY_8,
    HeaderFamily.OLD_NAME,
    HeaderFamily.LANGUAGE,
    HeaderFamily.WRONG,
    HeaderFamily.ABBREVIATION,
)
"""Families whose headers do not look like the target's names."""
HARD_WEIGHTS = (15, 30, 25, 20, 10)
"""Weights of the hard families, in their order (estimate)."""
EASY = (HeaderFamily.PREFIX, HeaderFamily.SUFFIX)
"""Families whose headers hold the target's name or first label."""
SYNONYM_SHARE = 0.15
"""Systems that head columns with synonyms (estimate)."""

Style = Callable[[Sequence[str]], str]
STYLES: dict[str, Style] = {
    "snake": lambda words: "_".join(words).lower(),
    "upper_snake": lambda words: "_".join(words).upper(),
    "camel": lambda words: words[0].lower() + "".join(word.capitalize() for word in words[1:]),
    "pascal": lambda words: "".join(word.capitalize() for word in words),
    "title": lambda words: " ".join(word.capitalize() for word in words),
    "upper": lambda words: " ".join(words).upper(),
    "sentence": lambda words: " ".join(words).capitalize(),
    "dotted": lambda words: ".".join(words).lower(),
    "dashed": lambda words: "-".join(words).lower(),
}
"""Ways to join words, by name."""
PREFIXES = (
    "{t}_",
    "{t}.",
    "tbl{T}_",
    "U_",
    "f_",
    "{L}_",
    "x{t}",
    "{T} ",
    "m_",
    "str{T}",
    "usr_",
    "N{L}",
)
"""Before a header; ``t``, ``T`` and ``L`` are the table in lower and title case and its letter."""
SUFFIXES = (" *", " (old)", " 1", ":", "#", " [req]", "_c", "__", " new", "_1", " / ref", "_fld")


@cache
def header_variants(table: TableName) -> tuple[Header, ...]:
    """Every header that the columns of a table may have, no two alike, in the order of columns."""
    found: dict[str, Header] = {}
    for column in TARGET[table].names:
        for family, key, text in _made(table, column):
            split = split_of(key)
            known = found.get(text)
            # Of two columns with the same header the first keeps it: at most one can be right.
            if text and (known is None or (known.column == column and split < known.split)):
                found[text] = Header(text, column, family, key, split)
    seen = {letters(one.text) for one in found.values() if one.split is HeaderSplit.TRAIN}
    return tuple(
        one
        for one in found.values()
        if one.split is HeaderSplit.TRAIN or letters(one.text) not in seen
    )


def split_of(key: str) -> HeaderSplit:
    """Train or test: of each family every third generator, in the order of their keys' hashes.

    Raises:
        KeyError: there is no such generator.
    """
    return _splits()[key]


@cache
def _splits() -> dict[str, HeaderSplit]:
    families: dict[HeaderFamily, dict[str, None]] = {}
    for name, table in TARGET.items():
        for column in table.names:
            for family, key, _ in _made(name, column):
                families.setdefault(family, {})[key] = None
    return {
        key: HeaderSplit.TRAIN if number % TEST_SHARE else HeaderSplit.TEST
        for keys in families.values()
        for number, key in enumerate(sorted(keys, key=purpose))
    }


def letters(text: str) -> str:
    """Letters and digits of a header, in lower case without accents: what a mapper sees."""
    bare = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in bare if letter.isascii() and letter.isalnum())


def labels(column: str, language: str = "en") -> tuple[str, ...]:
    """Labels of a column in a language, the commonest first."""
    return _words()[column].labels(language)


class HeaderWords(Record):
    """Words for one of the target's columns, the commonest first."""

    en: tuple[str, ...]
    de: tuple[str, ...]
    fr: tuple[str, ...]
    es: tuple[str, ...]
    old: tuple[str, ...]
    """Short names as old ERP systems have them."""
    wrong: tuple[str, ...]
    """Headers that mean something else and are used all the same."""

    def labels(self, language: str) -> tuple[str, ...]:
        """Labels in a language."""
        return {"en": self.en, "de": self.de, "fr": self.fr, "es": self.es}[language]


@cache
def _words() -> dict[str, HeaderWords]:
    data = read_document(Path(__file__).with_name("header_words.yaml")).data
    return {column: HeaderWords.model_validate(entry) for column, entry in data.items()}


def _made(table: TableName, column: str) -> Iterator[tuple[HeaderFamily, str, str]]:
    """Family, generator's key and text of every header of a column."""
    words = _words()[column]
    names = [column.split("_"), *(text.split() for text in words.en)]
    for index, name in enumerate(names):
        for join in STYLES.values():
            yield HeaderFamily.ENGLISH, f"english/{index}", join(name)
        yield from _short(index, name)
    for prefix in PREFIXES:
        before = prefix.format(t=table[:4], T=table.title()[:4], L=table[0].upper())
        for style in ("snake", "pascal", "upper_snake"):
            yield (
                HeaderFamily.PREFIX,
                f"prefix/{prefix}",
                before + STYLES[style](names[0]),
            )
    for suffix in SUFFIXES:
        for style in ("title", "snake"):
            yield HeaderFamily.SUFFIX, f"suffix/{suffix}", STYLES[style](names[1]) + suffix
    for language in LANGUAGES[1:]:
        for index, text in enumerate(words.labels(language)):
            for join in STYLES.values():
                key = f"language/{language}/{index}"
                yield HeaderFamily.LANGUAGE, key, join(text.split())
    yield from _old(table, words.old)
    for index, text in enumerate(words.wrong):
        for style in ("title", "upper", "snake", "pascal"):
            yield HeaderFamily.WRONG, f"wrong/{index}", STYLES[style](text.split())


def _short(index: int, name: Sequence[str]) -> Iterator[tuple[HeaderFamily, str, str]]:
    """Abbreviations, and what they are in a system that has eight letters."""
    for method, shorten in _SHORTENED.items():
        parts = [shorten(word) for word in name]
        for mark in ("_", ".", "", " "):
            for case in (str.lower, str.upper, str.title):
                key = f"abbreviation/{index}/{method}"
                yield HeaderFamily.ABBREVIATION, key, case(mark.join(parts))
        key = f"legacy_8/{index}/{method}"
        yield HeaderFamily.LEGACY_8, key, letters("".join(parts)).upper()[:8]


def _consonants(word: str) -> str:
    return word[:1] + "".join(letter for letter in word[1:] if letter.lower() not in VOWELS)


_SHORTENED: dict[str, Callable[[str], str]] = {
    "vowels": _consonants,
    "three": lambda word: word[:3],
    "four": lambda word: word[:4],
    "ends": lambda word: word if len(word) < 4 else word[0] + _consonants(word)[1:2] + word[-1],
    "two": lambda word: word[:2],
}


def _old(table: TableName, names: Sequence[str]) -> Iterator[tuple[HeaderFamily, str, str]]:
    for index, text in enumerate(names):
        # The table's own name before the field's, as old reports have it.
        for made in (
            text,
            text.lower(),
            f"{_consonants(table.upper())[:4]}-{text}",
            f"Z{text}",
            f"{table[0].upper()}{index + 1:02d}{text}",
        ):
            yield HeaderFamily.OLD_NAME, f"old_name/{index}", made


def headers_for(
    table: TableName,
    columns: Sequence[str],
    style: SystemStyle,
    level: int,
    seed: int,
    split: HeaderSplit | None = None,
) -> dict[str, str]:
    """Header of each column of an extract, no two alike.

    A system has one way for most columns; hard ones, ever more with the level, have their own.

    Args:
        table: whose columns they are.
        columns: in the extract.
        style: of the system; old ERP systems have short old names before others.
        level: of difficulty, 1..5.
        seed: of the episode.
        split: of which headers are taken; None for both.
    """
    luck = Luck(seed, f"headers/{table}")
    share = difficulty(level).hard_header_share
    way, style_u = luck.uniform("way"), luck.uniform("style")
    synonyms = luck.uniform("synonyms") < SYNONYM_SHARE
    used: set[str] = set()
    found: dict[str, str] = {}
    for index, column in enumerate(columns):
        by_family = _of(table, column, split)
        if luck.uniform("hard", index) < share:
            family = _hard(style, luck.uniform("family", index))
            options = [one.text for one in by_family[family]]
            u = luck.uniform("header", index)
        else:
            family = HeaderFamily.ENGLISH if synonyms else EASY[int(way * len(EASY))]
            options = _of_one_way(by_family[family], luck.uniform("key"))
            u = style_u
        everything = [one.text for some in by_family.values() for one in some]
        text = next(
            text
            for some in (options, everything)
            for text in _from(some, u)
            if letters(text) not in used
        )
        used.add(letters(text))
        found[column] = text
    return found


def _from(options: Sequence[str], u: float) -> Iterator[str]:
    """The options in order, from the one at ``u`` on, in a circle."""
    first = int(u * len(options))
    yield from options[first:]
    yield from options[:first]


def _of_one_way(options: Sequence[Header], u: float) -> list[str]:
    """Headers of one generator."""
    keys = sorted({one.key for one in options})
    return [one.text for one in options if one.key == keys[int(u * len(keys))]] if keys else []


def _hard(style: SystemStyle, u: float) -> HeaderFamily:
    if style is SystemStyle.ERP and u < 0.4:
        return HeaderFamily.OLD_NAME
    place = u * 100
    for family, weight in zip(HARD, HARD_WEIGHTS, strict=True):
        place -= weight
        if place < 0:
            return family
    return HARD[-1]


@cache
def _of(
    table: TableName, column: str, split: HeaderSplit | None
) -> dict[HeaderFamily, list[Header]]:
    found: dict[HeaderFamily, list[Header]] = {family: [] for family in HeaderFamily}
    for one in header_variants(table):
        if one.column == column and (split is None or one.split is split):
            found[one.family].append(one)
    return found
