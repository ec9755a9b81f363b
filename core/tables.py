"""Tables as values, and how they look on a console, on a page and in Markdown."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

_COLOURS = {"good": "green", "bad": "red", "doubtful": "yellow"}
"""Of a cell's style on a console; a page has the style as a class."""
_MARKDOWN_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\|*<`"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: its heading.
        align: of its cells.
        wraps: whether a console may break its cells into lines; None: unless they are figures.
    """

    name: str
    align: Literal["left", "right"] = "left"
    wraps: bool | None = None

    @property
    def is_whole(self) -> bool:
        """True if a console keeps its cells on one line."""
        return self.align == "right" if self.wraps is None else not self.wraps


def right(name: str, *, wraps: bool | None = None) -> Column:
    """A column of figures."""
    return Column(name, "right", wraps)


def figures(*names: str) -> tuple[Column, ...]:
    """Columns of which the first holds words and all others figures."""
    return (Column(names[0]), *map(right, names[1:]))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of which there is more to say than its text; others are anything with a ``str``.

    Attributes:
        text: what stands in it; may have several lines.
        detail: below it and less loud, such as an interval.
        style: class of the cell on a page; ``good``, ``bad`` and ``doubtful`` have a colour on
            consoles, too.
        markup: follows on a page as it is, such as a small picture; nothing elsewhere.
    """

    text: str
    detail: str = ""
    style: str = ""
    markup: str = ""

    def __str__(self) -> str:
        return f"{self.text} {self.detail}" if self.detail else self.text


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings.

    Attributes:
        title: above it; empty: none.
        columns: a text is a column of words.
        rows: as many cells as columns.
        notes: below it, a line each.
        focus: place of the row that stands out; None: no row does.
    """

    title: str
    columns: Sequence[Column | str]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()
    focus: int | None = None

    def to_console(self, *, narrow: bool = False) -> Group:
        """The table for a rich console; narrow: without space between columns and around it."""
        from rich.box import SIMPLE_HEAD
        from rich.console import Group
        from rich.table import Table as ConsoleTable
        from rich.text import Text

        table = ConsoleTable(
            box=SIMPLE_HEAD,
            show_edge=not narrow,
            padding=0 if narrow else (0, 1, 0, 0),
            pad_edge=False,
        )
        for column in self._columns:
            whole = column.is_whole  # where there is no room: show that something is cut off
            table.add_column(
                Text(column.name),
                justify=column.align,
                no_wrap=whole,
                overflow="ellipsis" if whole else "fold",
            )
        for place, row in enumerate(self.rows):
            table.add_row(*map(_console_cell, row), style="bold" if place == self.focus else None)
        # Rich would break a title of the table's own to the table's width.
        above = [Text(self.title, style="italic")] if self.title else []
        return Group(*above, table, *(Text(note, style="italic dim") for note in self.notes))

    def to_markdown(self) -> str:
        """The table in GitHub's Markdown, its title a bold line, without a line break at the end.

        Signs that mean something in Markdown are escaped; texts between backquotes stay code.
        """
        marks = ["---:" if column.align == "right" else "---" for column in self._columns]
        lines = [f"**{_markdown(self.title)}**", ""] if self.title else []
        lines.append(_markdown_row([column.name for column in self._columns]))
        lines.append(f"|{'|'.join(marks)}|")
        lines += map(_markdown_row, self.rows)
        for note in self.notes:
            lines += ["", _markdown(note)]
        return "\n".join(lines)

    def to_html(self, *, class_: str = "") -> str:
        """The table as an element, perhaps of a class; everything in it is escaped."""
        head = "".join(map(_html_heading, self._columns))
        body = "\n".join(
            _tag(
                "tr",
                "",
                "".join(map(_html_cell, row, self._columns)),
                class_="focus" if place == self.focus else "",
            )
            for place, row in enumerate(self.rows)
        )
        title = _tag("caption", self.title) if self.title else ""
        notes = "".join(_tag("p", note, class_="note") for note in self.notes)
        attribute = f' class="{html.escape(class_)}"' if class_ else ""
        return (
            f"<table{attribute}>{title}<thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>{notes}"
        )

    @property
    def _columns(self) -> list[Column]:
        return [Column(one) if isinstance(one, str) else one for one in self.columns]


def _console_cell(cell: object) -> Text:
    from rich.text import Text

    if not isinstance(cell, Cell):
        return Text(str(cell))
    text = Text(cell.text, style=_COLOURS.get(cell.style, ""))
    return text.append(f"\n{cell.detail}", style="dim") if cell.detail else text


def _markdown_row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(_markdown(str(cell)).replace(chr(10), '<br>') for cell in cells)} |"


def _markdown(text: str) -> str:
    """Escaped, but for what stands between backquotes."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backquote that nothing closes
        return text.translate(_MARKDOWN_SIGNS)
    return "".join(
        f"`{part.replace('|', chr(92) + '|')}`" if index % 2 else part.translate(_MARKDOWN_SIGNS)
        for index, part in enumerate(parts)
    )


def _html_heading(column: Column) -> str:
    """The heading; a long name may be broken after an underscore or a slash."""
    name = _escaped(column.name).replace("_", "_<wbr>").replace("/", "/<wbr>")
    return _tag("th", "", name, scope="col", class_=_of(column))


def _html_cell(cell: object, column: Column) -> str:
    if not isinstance(cell, Cell):
        return _tag("td", str(cell), class_=_of(column))
    detail = _tag("small", cell.detail) if cell.detail else ""
    classes = " ".join(filter(None, (_of(column), cell.style)))
    return _tag("td", cell.text, f"{detail}{cell.markup}", class_=classes)


def _of(column: Column) -> str:
    return "right" if column.align == "right" else ""


def _tag(name: str, text: str, inner: str = "", **attributes: str) -> str:
    given = "".join(
        f' {key.rstrip("_")}="{html.escape(value)}"' for key, value in attributes.items() if value
    )
    return f"<{name}{given}>{_escaped(text)}{inner}</{name}>"


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
