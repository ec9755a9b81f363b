"""Tables as values."""

from __future__ import annotations

import io

from rich.console import Console

from golive.core.tables import Cell, Column, Table, figures, right

TABLE = Table(
    "What [bold]happened[/bold]",
    ("policy", right("score"), Column("words", wraps=False)),
    [("expert_1", Cell("0.81", "0.79 to 0.83", "better"), "a | b"), ("<x>", 3, "one\ntwo")],
    ("a note",),
)


def _console(table: Table, width: int = 60, **options: bool) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width).print(table.to_console(**options))
    return stream.getvalue()


def test_a_console_shows_every_text_as_it_is() -> None:
    shown = _console(TABLE)
    for text in ("What [bold]happened[/bold]", "expert_1", "0.81", "0.79 to 0.83", "<x>", "a note"):
        assert text in shown


def test_a_console_breaks_words_but_not_figures() -> None:
    shown = _console(Table("", figures("name", "n"), [("long words " * 5, "1,234,567")]), 30)
    assert "1,234,567" in shown
    assert len(shown.splitlines()) > 3


def test_a_narrow_table_takes_less_room() -> None:
    assert max(map(len, _console(TABLE, narrow=True).splitlines())) < max(
        map(len, _console(TABLE).splitlines())
    )


def test_markdown_escapes_its_own_signs_and_keeps_code() -> None:
    text = Table("", ("a_b", right("n")), [("`x_y` and *", Cell("1", "0 to 2")), ("|", "2")])
    assert text.to_markdown() == (
        "| a_b | n |\n|---|---:|\n| `x_y` and \\* | 1 0 to 2 |\n| \\| | 2 |"
    )


def test_markdown_has_title_and_notes() -> None:
    text = TABLE.to_markdown()
    assert text.startswith("**What [bold]happened[/bold]**\n\n| policy |")
    assert text.endswith("\n\na note")
    assert "one<br>two" in text


def test_html_escapes_everything_and_marks_figures() -> None:
    text = TABLE.to_html(class_="wide")
    assert text.startswith('<table class="wide"><caption>What [bold]')
    assert '<td class="right better">0.81<small>0.79 to 0.83</small></td>' in text
    assert "<td>&lt;x&gt;</td>" in text
    assert "<td>one<br>two</td>" in text
    assert '<th scope="col" class="right">score</th>' in text


def test_a_row_can_stand_out_and_a_page_can_have_a_picture_in_a_cell() -> None:
    table = Table("", ("my_name",), [("a",), (Cell("b", style="good", markup="<svg/>"),)], focus=1)
    assert '<tr><td>a</td></tr>\n<tr class="focus"><td class="good">b<svg/></td></tr>' in (
        table.to_html()
    )
    assert '<th scope="col">my_<wbr>name</th>' in table.to_html()
    assert "svg" not in _console(table) + table.to_markdown()
