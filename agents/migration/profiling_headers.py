"""Tells titles, headers, data and totals of a file apart, and the table that a line belongs to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_HEADERS_WITHIN = 30
"""Lines among which headers are looked for."""
_TOTAL = re.compile(
    r"(?:(?:grand|sub)[\s-]*)?totals?|sum|(?:zwischen|gesamt)?summe|gesamt|somme|"
    r"(?:sous-)?total(?:\s+g[eé]n[eé]ral)?|suma|saldo|totale",
    re.IGNORECASE,
)
_DATA = re.compile(r"[\s+\-$€£]*\d[\d.,/:\-\s]*[%\-]?\s*")
"""Numbers and dates, which no header is."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Kinds of the lines of a table.

    Attributes:
        headers: as they stand in the file.
        names: the headers, each made different from the others; a number where one is empty.
        header_line: number of the line of headers, from 1; 0 if there is none.
        first_line: number of the first line of data.
        record_type: first cell of the lines of this table; empty if all lines are.
    """

    headers: tuple[str, ...]
    names: tuple[str, ...]
    header_line: int
    first_line: int
    record_type: str = ""

    def is_total(self, cells: Sequence[str]) -> bool:
        """True for a line that sums others up: it says so first, and most of it is empty."""
        filled = [cell for cell in cells if cell.strip()]
        if not filled or 2 * len(filled) > max(len(self.headers), 2) + 1:
            return False
        return _TOTAL.fullmatch(filled[0].strip(" :*=-")) is not None


def layout_of(lines: Sequence[Sequence[str]]) -> tuple[Layout, ...]:
    """Tell the tables of a file by its first lines; none if no line has a cell."""
    documents = _documents(lines)
    if documents:
        return documents
    filled = [len(line) for line in lines if any(cell.strip() for cell in line)]
    if not filled:
        return ()
    width = Counter(filled).most_common(1)[0][0]
    found = next(
        (
            number
            for number, line in enumerate(lines[:_HEADERS_WITHIN])
            if len(line) >= width and _are_headers(line)
        ),
        None,
    )
    if found is None:
        found = next(
            (n for n, line in enumerate(lines[:_HEADERS_WITHIN]) if _may_be_headers(line, width)),
            None,
        )
    if found is None:
        first = next(number for number, line in enumerate(lines) if any(line)) + 1
        names = tuple(f"column {number + 1}" for number in range(width))
        return (Layout(tuple([""] * width), names, 0, first),)
    headers = tuple(cell.strip() for cell in lines[found])
    return (Layout(headers, unlike(headers), found + 1, found + 2),)


def _documents(lines: Sequence[Sequence[str]]) -> tuple[Layout, ...]:
    """Heads and lines of documents: headers begin with ``!``, each for one record type.

    ``!CUST`` heads the lines that begin with ``CUST``; where all headers begin alike (``!TYPE``)
    each is for the type whose lines have as many cells, else for the next in order.
    """
    number = 0
    while number < len(lines) and lines[number] and lines[number][0].startswith("!"):
        number += 1
    if not number:
        return ()
    named = [line[0][1:] for line in lines[:number]]
    if len(set(named)) < len(named) or number == 1:
        named = _types_by_width(lines[:number], lines[number:])
    found = []
    for place, (record_type, line) in enumerate(zip(named, lines[:number], strict=True)):
        headers = tuple(cell.strip() for cell in line[1:])
        found.append(Layout(headers, unlike(headers), place + 1, number + 1, record_type))
    return tuple(found)


def _types_by_width(heads: Sequence[Sequence[str]], lines: Sequence[Sequence[str]]) -> list[str]:
    """The record type that each line of headers is for."""
    widths = Counter((line[0], len(line)) for line in lines if line)
    types = {name: width for (name, width), _ in reversed(widths.most_common())}
    left = list(dict.fromkeys(line[0] for line in lines if line))
    found = []
    for place, head in enumerate(heads):
        fitting = next((name for name in left if types[name] == len(head)), None)
        name = fitting or (left[0] if left else f"type {place + 1}")
        left = [one for one in left if one != name]
        found.append(name)
    return found


def _are_headers(line: Sequence[str]) -> bool:
    """True for words, all there and no two alike."""
    cells = [cell.strip() for cell in line]
    return (
        all(cells)
        and len({cell.lower() for cell in cells}) == len(cells)
        and not any(_DATA.fullmatch(cell) for cell in cells)
    )


def _may_be_headers(line: Sequence[str], width: int) -> bool:
    """True for words some of which may be missing or the same."""
    cells = [cell.strip() for cell in line if cell.strip()]
    few = [cell for cell in cells if _DATA.fullmatch(cell)]
    return len(cells) >= max(0.6 * width, 1) and len(few) <= 0.1 * len(cells)


def unlike(headers: Sequence[str]) -> tuple[str, ...]:
    """The headers, with a number behind where one stands again or is empty."""
    seen: Counter[str] = Counter()
    used = set(headers)
    names = []
    for number, header in enumerate(headers, start=1):
        name = header or f"column {number}"
        while seen[name] or (not header and name in used):
            seen[name] += 1
            name = f"{name} ({seen[name]})"
        seen[name] += 1
        names.append(name)
    return tuple(names)
