"""What the tools that fill pages have in common."""

from __future__ import annotations

import re


def placed(page: str, name: str, text: str) -> str:
    """A page with a text between ``<!-- name:begin -->`` and ``<!-- name:end -->``.

    Raises:
        ValueError: the page has not exactly one of each mark.
    """
    begin, end = (f"<!-- {name}:{edge} -->" for edge in ("begin", "end"))
    if page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(f"expected {begin} and {end}, once each")
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return pattern.sub(lambda _: f"{begin}\n\n{text.strip()}\n\n{end}", page)
