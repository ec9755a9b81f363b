"""A briefing as text: facts in rows and sections, whole, by topic, or what has changed of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ..core.arithmetic import whole_sum

_PIECES = re.compile(r"[A-Za-z]+|\d|\n|[^\sA-Za-z\d]")
_LETTERS_PER_TOKEN = 4


class News(Enum):
    """Ways in which a fact's change is told."""

    CHANGE = "the old value and the new one"
    ANEW = "the new value: it is about the last period alone, and nothing if it is none"
    NONE = "nothing: it moves with the clock, or every day a little"


class Fact(NamedTuple):
    """Something that a briefing says.

    Attributes:
        name: what it is, with its unit.
        text: the value as it is written.
        news: how its change is told.
        meaning: what it is in more words; empty: the name says it.
    """

    name: str
    text: str
    news: News = News.CHANGE
    meaning: str = ""


class Row(NamedTuple):
    """Facts about the same thing; its name is empty where the section's title says it."""

    name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows on one topic.

    Attributes:
        topic: by which it is asked for; several sections may have one.
        title: unique.
        rows: in order; their names are unique in the section.
        table: whether all rows have facts of the same names, which are then written once.
        note: a unit or the like that goes with the title.
        brief: whether it is in the whole briefing, and its changes are news; else it is told
            where its topic is asked for.
    """

    topic: str
    title: str
    rows: tuple[Row, ...]
    table: bool = False
    note: str = ""
    brief: bool = True

    def lines(self) -> Iterator[str]:
        """The section as text, line by line."""
        if not self.rows:
            return
        title = f"{self.title} ({self.note})" if self.note else self.title
        if self.table:
            names = " | ".join(fact.name for fact in self.rows[0].facts)
            yield f"{title}: {names}"
            for row in self.rows:
                yield f"- {row.name}: {' | '.join(fact.text for fact in row.facts)}"
            return
        if len(self.rows) == 1 and not self.rows[0].name:
            yield f"{title}: {_told(self.rows[0].facts)}"
            return
        yield f"{title}:"
        for row in self.rows:
            yield f"- {row.name}: {_told(row.facts)}"

    def meanings(self) -> Iterator[str]:
        """Lines that say what its facts are, each name once."""
        meanings = {fact.name: fact.meaning for row in self.rows for fact in row.facts}
        told = [f"{name}: {meaning}" for name, meaning in meanings.items() if meaning]
        if told:
            yield f"  ({'; '.join(told)})"


def _told(facts: Sequence[Fact]) -> str:
    return ", ".join(f"{fact.name} {fact.text}".strip() for fact in facts)


def changed_lines(before: Sequence[Section], after: Sequence[Section]) -> Iterator[str]:
    """Lines that say what differs from one briefing to the next, old value and new.

    A row that was not there before is told whole; one that is gone is named.
    """
    earlier = {section.title: {row.name: row.facts for row in section.rows} for section in before}
    for section in after:
        old = earlier.get(section.title, {})
        lines = [line for row in section.rows if (line := _news(row, old.get(row.name)))]
        names = {row.name for row in section.rows}
        lines += [f"{name or 'all'}: no longer" for name in old if name not in names]
        if not section.brief or not lines:
            continue
        if len(section.rows) == 1 and not section.rows[0].name and len(lines) == 1:
            yield f"{section.title}: {lines[0]}"
            continue
        yield f"{section.title}:"
        yield from (f"- {line}" for line in lines)


def _news(row: Row, old: Sequence[Fact] | None) -> str:
    """News of a row, on one line; empty if nothing is."""
    if old is None:
        return f"{row.name}: new: {_told(row.facts)}" if row.name else _told(row.facts)
    texts = {fact.name: fact.text for fact in old}
    news = []
    for fact in row.facts:
        was = texts.get(fact.name)
        if fact.news is News.NONE and was is not None:
            continue
        if was is None or (fact.news is News.ANEW and _is_something(fact.text)):
            news.append(f"{fact.name} {fact.text}".strip())
        elif fact.news is News.CHANGE and was != fact.text:
            news.append(f"{fact.name} {was} -> {fact.text}".strip())
    told = ", ".join(news)
    return f"{row.name}: {told}" if told and row.name else told


def _is_something(text: str) -> bool:
    return any(digit in text for digit in "123456789")


def token_bound(text: str) -> int:
    """Tokens of a text by a cautious count, which needs no tokeniser.

    A token for each digit, mark and line break, and one for every four letters of a word begun;
    tokenisers of language models need fewer on such texts.
    """
    return whole_sum(
        -(-len(piece) // _LETTERS_PER_TOKEN) if piece.isalpha() else 1
        for piece in _PIECES.findall(text)
    )


def fitted(lines: Sequence[str], most_tokens: int, hint: str) -> str:
    """Lines as text, without those at the end that exceed a number of tokens.

    Args:
        lines: in order of importance.
        most_tokens: by ``token_bound``.
        hint: the line that takes the place of what was left out.
    """
    text = "\n".join(lines)
    if len(text) <= most_tokens or token_bound(text) <= most_tokens:  # a token has a letter
        return text
    left = most_tokens - token_bound(hint) - 1
    kept: list[str] = []
    for line in lines:
        left -= token_bound(line) + 1
        if left < 0:
            break
        kept.append(line)
    return "\n".join([*kept, hint])
