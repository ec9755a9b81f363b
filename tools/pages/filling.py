"""Common ground of all page fillers: results that are read, and texts between marks.

A text's place on a page is between ``<!-- NAME:begin -->`` and ``<!-- NAME:end -->``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from golive.core.errors import GoliveError
from golive.core.files import write_text_atomically

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
T = TypeVar("T")


def fill(page: Path, texts: Mapping[str, str]) -> None:
    """Put texts between the marks of their names.

    Raises:
        GoliveError: the page has not exactly one of each mark; it stays as it was.
    """
    content = page.read_text(encoding="utf-8")
    try:
        for name, text in texts.items():
            content = placed(content, name, text)
    except GoliveError as error:
        raise GoliveError(f"{page}: {error}") from None
    write_text_atomically(page, content)


def placed(page: str, name: str, text: str) -> str:
    """Give a page's text with another text between the marks of a name.

    Raises:
        GoliveError: the page has not exactly one of each mark.
    """
    begin, end = (f"<!-- {name}:{edge} -->" for edge in ("begin", "end"))
    if page.count(begin) != 1 or page.count(end) != 1:
        raise GoliveError(f"expected {begin} and {end}, once each")
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return pattern.sub(lambda _: f"{begin}\n\n{text.strip()}\n\n{end}", page)


def console(command: str) -> str:
    """Show a command as a page does; ``&&`` begins a new line."""
    lines = "\n".join(f"$ {line.strip()}" for line in command.split(" && "))
    return f"```console\n{lines}\n```"


def read_text(path: Path) -> str:
    """Read a file.

    Raises:
        GoliveError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GoliveError(f"{path}: cannot be read: {error}") from None


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        GoliveError: it cannot be read, or is not JSON.
    """
    try:
        return json.loads(read_text(path))
    except ValueError as error:
        raise GoliveError(f"{path}: expected JSON: {error}") from None


def as_type(kind: type[T], content: Any, path: Path) -> T:
    """Make what was written as JSON the dataclass that it was.

    Raises:
        GoliveError: it is something else; the message names the file.
    """
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValueError as error:
        raise GoliveError(f"{path}: expected a {kind.__name__}: {error}") from None
