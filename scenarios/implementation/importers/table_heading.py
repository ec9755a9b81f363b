"""The heading line of a table of tasks: where it stands, and which layout's it is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from ....core.errors import GoliveError
from .layout import DEFAULT, TableLayout, layout_names, shipped_layout
from .names import heading, normalised
from .project import Finding, Unmapped, decoded
from .table import WITH_UNIT, Table

_DELIMITERS = (",", ";", "\t", "|")
_MOST_BEFORE = 30
"""Lines of titles that may stand above the heading."""
_SEPARATOR_LINE = re.compile(r"^\s*\"?sep=(.)\"?\s*$", re.IGNORECASE)


def table_of(path: Path, data: bytes, layout: tuple[str, TableLayout] | None) -> Table:
    """The table in a file's bytes.

    Args:
        path: of the file.
        data: its bytes.
        layout: its name and what it says; None: golive's own if its columns are there, else the
            one whose columns are.

    Raises:
        GoliveError: not a text of a known encoding, no heading with the columns of a layout, or of
            several.
    """
    findings: list[Finding] = []
    names = layout_names() if layout is None else (layout[0],)
    tried = [(name, shipped_layout(name)) for name in names] if layout is None else [layout]
    is_told = layout is not None and layout[0] != DEFAULT
    text = _text(path, data, tried, findings, is_told=is_told)
    if not text.strip():
        raise GoliveError(f"{path}: the file is empty: expected a table of tasks")
    first, found = _heading(path, text, tried, is_told=is_told)
    if found is None:
        raise _no_heading(path, first, layout)
    index, delimiter, name, one = found
    if layout is None and name != DEFAULT:
        words = f"read as {name}, by its heading: {one.title}"
        findings.append(Finding(Unmapped.LAYOUT, f"line {index + 1}", words))
    if one.note is not None:
        findings.append(Finding(Unmapped.LAYOUT, "table", one.note))
    return Table(path, text, delimiter, index, name, one, findings)


def _heading(
    path: Path, text: str, tried: Sequence[tuple[str, TableLayout]], *, is_told: bool = False
) -> tuple[tuple[int, list[str]], tuple[int, str, str, TableLayout] | None]:
    """The first line that is not blank, and the one that is the heading of a layout.

    A layout that was told need not have all the columns by which it is known.
    """
    first: tuple[int, list[str]] = (0, [])
    for index, line in enumerate(io.StringIO(text, newline="")):
        if index >= _MOST_BEFORE:
            break
        if not line.strip() or _SEPARATOR_LINE.match(line):
            continue
        delimiter = max(_DELIMITERS, key=line.count)
        headings = _cells(line, delimiter)
        first = first if first[1] else (index, headings)
        found = [
            (name, one)
            for name, one in tried
            if (one.reads(headings) if is_told else one.fits(headings))
        ]
        if len(found) > 1 and found[0][0] != DEFAULT:
            names = " or ".join(name for name, _ in found)
            raise GoliveError(f"{path}:{index + 1}: it can be of {names}: say which with --from")
        if found:
            return first, (index, delimiter, *found[0])
    return first, None


def knows(path: Path, data: bytes) -> bool:
    """True when a file is a table of a layout that golive knows, or of several."""
    try:
        table_of(path, data, None)
    except GoliveError as error:
        return "say which with --from" in str(error)
    return True


def _no_heading(
    path: Path,
    first: tuple[int, list[str]],
    layout: tuple[str, TableLayout] | None,
) -> GoliveError:
    own = shipped_layout(DEFAULT) if layout is None else layout[1]
    index, headings = first
    missing = ", ".join(words for words in own.required if heading(words) not in headings)
    others = ", ".join(name for name in own.columns if name not in own.required)
    known = "" if layout else f"; --from NAME reads those of {', '.join(layout_names()[1:])}"
    return GoliveError(
        f"{path}:{index + 1}: no column {missing}: expected a heading with "
        f"{', '.join(own.required)} and perhaps {others}{known}"
    )


def _cells(line: str, delimiter: str) -> list[str]:
    """Headings of a line, with those that have their unit in brackets without it too."""
    try:
        texts = [normalised(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []
    bare = [found[1] for found in map(WITH_UNIT.match, texts) if found]
    return [heading(text) for text in (*texts, *bare)]


def _text(
    path: Path,
    data: bytes,
    tried: Sequence[tuple[str, TableLayout]],
    findings: list[Finding],
    *,
    is_told: bool,
) -> str:
    """The text of a file, in the encoding of a layout whose heading it has if it is not UTF-8.

    Raises:
        GoliveError: it is of no encoding that is known.
    """
    try:
        return decoded(path, data)
    except GoliveError:
        if b"\x00" in data:
            raise
        text = data.decode("windows-1252", errors="replace")
        tried = [one for one in tried if one[1].encoding != "utf-8"]
        found = _heading(path, text, tried, is_told=is_told)[1]
        if found is None:
            raise
    findings.append(Finding(Unmapped.GUESS, "file", f"not UTF-8: read as {found[3].encoding}"))
    return text
