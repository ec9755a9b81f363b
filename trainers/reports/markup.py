"""HTML by construction: text is escaped unless it was made here."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace

from ...core.tables import Table
from .style import STYLE


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


def join(parts: Sequence[Markup]) -> Markup:
    """Markup after markup."""
    return Markup("\n".join(parts))


def section(table: Table, heading: str = "") -> Markup:
    """A table under a heading: its own title, unless there is another one."""
    body = Markup(replace(table, title="").to_html())
    return join([tag("h2", heading or table.title), tag("div", body, class_="scroll")])


def page(title: str, parts: Sequence[Markup], style: str = "") -> str:
    """A whole page that needs nothing beside itself, with rules of its own after all reports'."""
    head = join(
        [
            Markup('<meta charset="utf-8">'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            tag("title", title),
            tag("style", Markup(STYLE + style)),
        ]
    )
    body = tag("body", tag("main", join(parts)))
    return f"<!doctype html>\n{tag('html', tag('head', head), body, lang='en')}\n"
