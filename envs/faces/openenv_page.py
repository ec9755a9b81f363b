"""A world in the browser, for OpenEnv's web interface: briefing and legal calls as buttons."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from ...sim.briefing_text import Section
from ...sim.words import ADVANCE
from ..tool_session import ToolSession
from .openenv_wire import legal_calls

_STYLE = """<style>
.golive {font-size: 13px; line-height: 1.45}
.golive h3 {margin: 14px 0 2px; font-size: 13px}
.golive table {border-collapse: collapse; display: block; overflow-x: auto}
.golive th, .golive td {padding: 1px 12px 1px 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid #8883; font-variant-numeric: tabular-nums}
.golive th {font-weight: 400; opacity: .65}
.golive pre {white-space: pre-wrap; font: inherit; padding: 8px 12px; background: #8881;
  border-left: 3px solid #4a7dbd}
</style>"""


def page(session: ToolSession, observation: dict[str, Any]) -> str:
    """The last answer and the present briefing as HTML."""
    words, answer = session.words, str(observation.get("text", ""))
    parts = [_STYLE]
    if session.terminated:
        parts.append(f"<pre>{escape(answer)}</pre>")
    else:
        briefing = session.environment.briefing
        if answer != session.briefing():  # after reset it is what stands below
            parts.append(f"<pre>{escape(answer)}</pre>")
        for line in (words.heading(briefing), words.ordered(session.plan)):
            parts.append(f"<p>{escape(line)}</p>" if line else "")
        for section in words.sections(briefing):
            if section.brief and section.rows:
                parts.extend(_section(section))
    return f'<div class="golive">{"".join(parts)}</div>'


def _section(section: Section) -> Iterator[str]:
    """A section as a table; where rows differ each has its facts in one cell."""
    note = f" ({section.note})" if section.note else ""
    yield f"<h3>{escape(section.title + note)}</h3><table>"
    if section.table:
        yield _row("th", "", *[fact.name for fact in section.rows[0].facts])
    for row in section.rows:
        facts = [f"{fact.name} {fact.text}".strip() for fact in row.facts]
        cells = [fact.text for fact in row.facts] if section.table else [", ".join(facts)]
        yield _row("td", row.name, *cells)
    yield "</table>"


def _row(kind: str, *cells: str) -> str:
    return f"<tr>{''.join(f'<{kind}>{escape(cell)}</{kind}>' for cell in cells)}</tr>"


def buttons(session: ToolSession) -> list[tuple[str, dict[str, Any]]]:
    """A label and the call for everything that is legal; first the one by which time passes."""
    legal = legal_calls(session)
    names = sorted(legal, key=lambda name: name != ADVANCE)
    return [
        (_label(tool, name, value), {"tool": tool, "arguments": {name: value}})
        for tool in names
        for name, values in legal[tool].items()
        for value in values
    ]


def _label(tool: str, name: str, value: str | int) -> str:
    words = f"{tool} {name} {value}" if tool in name else f"{tool}: {name} {value}"
    return words.replace("_", " ")
