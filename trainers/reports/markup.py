"""HTML by construction: text is escaped unless it was made here."""

from __future__ import annotations

import html


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str) -> Markup:
    """An element; children that are not ``Markup`` and all attribute values are escaped.

    ``class_`` stands for the attribute ``class``, other underscores for hyphens.
    """
    rendered = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for key, value in attributes.items()
    )
    return Markup(f"<{name}{rendered}>{''.join(map(text, children))}</{name}>")


def text(value: str) -> Markup:
    """The value itself if it is markup, escaped if it is not."""
    return value if isinstance(value, Markup) else Markup(html.escape(value))


def join(parts: list[Markup]) -> Markup:
    """Markup after markup."""
    return Markup("\n".join(parts))
