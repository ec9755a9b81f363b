"""Cells of predecessors: one grammar for what project tools export.

A cell is a list of links, separated by ``;``, ``,`` or blanks. A link is the id of a task, perhaps
the kind of link and a lag: ``12FS+2 days``, ``3SS-50%``, ``5 FF``, ``0-FS=P1D``, ``A1000: FS 5d``,
``#12``, ``1EA+2 Tage``. The longest text that is the id of a task is one, whatever it contains.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .amounts import UNIT_WORDS
from .names import folded

LONGEST_NAME = 120


class LinkKind(StrEnum):
    """Kinds of links between tasks."""

    FINISH_TO_START = "finish-to-start"
    START_TO_START = "start-to-start"
    FINISH_TO_FINISH = "finish-to-finish"
    START_TO_FINISH = "start-to-finish"


_LETTERS = {
    LinkKind.FINISH_TO_START: "FS EA FD FC FI TI EB",
    LinkKind.START_TO_START: "SS AA DD CC II BB",
    LinkKind.FINISH_TO_FINISH: "FF EE TT",
    LinkKind.START_TO_FINISH: "SF AE DF CF IF IT BE",
}
"""In English, German, French, Spanish, Italian, Portuguese and Dutch, as Microsoft Project."""
KINDS = {
    **{word: kind for kind, words in _LETTERS.items() for word in words.split()},
    **{kind.upper(): kind for kind in LinkKind},
    **{kind.upper().replace("-", " "): kind for kind in LinkKind},
}
_KIND = "|".join(re.escape(word) for word in sorted(KINDS, key=len, reverse=True))
_ISO = r"[-+]?P-?[0-9][0-9.DW-]*(?:T[-0-9.HMS]+)?|[-+]?PT[-0-9.HMS]+"
_UNIT = rf"(?:e?%|(?:{UNIT_WORDS})(?![^\W_])\.?\??)"
_WITH_UNIT = rf"[0-9]{{1,9}}(?:[.,][0-9]{{1,9}})?\s*{_UNIT}"
_SIGNED = rf"[-+\u2212\u2013]\s*(?:{_WITH_UNIT}|[0-9]{{1,9}}(?:\.[0-9]{{1,9}})?)"
_END = r"(?=\s*(?:[;,\n\])]|$)|\s)"
_TAIL = re.compile(
    rf"(?:\s*[:\-]?\s*\(?(?P<kind>{_KIND})\)?(?![^\W\d_])"
    rf"(?:\s*=?\s*(?P<lag>{_ISO}|{_SIGNED}|{_WITH_UNIT}))?"
    rf"|\s*=?\s*(?P<alone>{_SIGNED}|{_ISO}))?"
    rf"(?:\s+(?:is\s+blocked\s+by|blocks(?:\s+this)?))?{_END}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[;,\s\[\]\"]*")
_BEFORE = re.compile(
    r"(?:(?:is\s+)?blocked\s+by|depends\s+on|waiting\s+(?:on|for)|waits\s+for|follows|after)\s*:?\s*",
    re.IGNORECASE,
)
_NUMBER_SIGN = re.compile(r"#\s*([^\s;,:#]+)[^;,\n]*")
_UP_TO = re.compile(r"[^;,\n]*")
_WORD = re.compile(r"\S*")


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a cell.

    Attributes:
        id: of the task that comes before, or the cell's own words where there is none of that id.
        words: as the cell has it.
        kind: which ends are linked.
        lag: as the cell has it; empty: none, or one of 0.
        known: whether a task of the file has the id.
        outside: whether the words name a task of another file.
    """

    id: str
    words: str
    kind: LinkKind = LinkKind.FINISH_TO_START
    lag: str = ""
    known: bool = True
    outside: bool = False


class TaskNames:
    """Ids of a table's tasks, and the other ways in which cells may write one.

    An id counts as it stands, then without case and without the ``.0`` that spreadsheets add, then
    another id of the task, then its name: each only where it means one task.
    """

    def __init__(self, ids: Iterable[str], others: Iterable[tuple[str, str]] = ()) -> None:
        """Take ids, and pairs of another name and the id it stands for."""
        self._ids = set(ids)
        spellings = [(_plain(name), name) for name in self._ids]
        told = [(_plain(name), owner) for name, owner in others]
        self._found = _unique(told) | _unique(spellings)
        longest = max((len(name) for name in (*self._found, *self._ids)), default=0)
        self.longest = min(LONGEST_NAME, longest + 2)

    def find(self, text: str) -> str | None:
        """The id that a text means; None: none, or more than one."""
        return text if text in self._ids else self._found.get(_plain(text))


def links_of(text: str, names: TaskNames) -> Iterator[Link]:
    """The links that a cell lists, in its order; what is no task's id is a link that is not known.

    Args:
        text: of the cell, normalised.
        names: of the tasks of the file.
    """
    place = 0
    strong = re.search(r"[;,\n]", text) is not None
    while True:
        between = _BETWEEN.match(text, place)
        place = between.end() if between else place
        before = _BEFORE.match(text, place)
        place = before.end() if before else place
        if place >= len(text):
            return
        link, place = _link(text, place, names) or _unknown(text, place, names, strong)
        yield link


def _link(text: str, start: int, names: TaskNames) -> tuple[Link, int] | None:
    """The link at a place and where it ends; None: no task is called so."""
    for end in range(min(len(text), start + names.longest), start, -1):
        if text[end - 1].isspace():
            continue
        tail = _TAIL.match(text, end)
        name = None if tail is None else names.find(text[start:end])
        if name is None or tail is None:
            continue
        lag = tail["lag"] or tail["alone"] or ""
        kind = KINDS[(tail["kind"] or "FS").upper()]
        words = text[start : tail.end()].strip()
        return Link(name, words, kind, lag if re.search("[1-9]", lag) else ""), tail.end()
    return None


def _unknown(text: str, start: int, names: TaskNames, strong: bool) -> tuple[Link, int]:
    """Find what stands where no task is named, up to what separates it from the next."""
    found = (_UP_TO if strong or "#" in text else _WORD).match(text, start)
    assert found is not None  # both match anything
    words = found[0].strip()
    numbered = _NUMBER_SIGN.search(words)
    name = None if numbered is None else names.find(numbered[1])
    outside = "\\" in words or ".mpp" in words.casefold()
    end = max(found.end(), start + 1)
    if name is not None:
        return Link(name, words), end
    return Link(words, words, known=False, outside=outside), end


def _plain(name: str) -> str:
    short = folded(name).lstrip("#")
    return re.sub(r"^([0-9]+)\.0+$", r"\1", short)


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The pairs whose first part stands for one second part only."""
    pairs = sorted(set(pairs))
    counts = Counter(first for first, _ in pairs)
    return {first: second for first, second in pairs if counts[first] == 1 and first}
