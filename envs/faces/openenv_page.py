"""A world in the browser, for OpenEnv's web interface: briefing and legal calls as buttons."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from ...sim.briefing_text import Section
from ...sim.words import ADVANCE, LOOK
from ..tool_session import ToolSession
from .openenv_wire import legal_calls

_STYLE = """<style>
.golive {font-size: 13px; line-height: 1.4}
.golive p {margin: 0 0 6px}
.golive h3 {margin: 10px 0 0 !important; font-size: 13px !important; font-weight: 600}
.golive table, .golive tr, .golive th, .golive td {border: none !important}
.golive table {display: block; overflow-x: auto; margin: 0 !important; border-collapse: collapse}
.golive tr {border-bottom: 1px solid #8883 !important}
.golive th, .golive td {padding: 2px 10px 2px 0 !important; text-align: left;
  vertical-align: top; font-variant-numeric: tabular-nums; font-size: 12px}
.golive .even td {white-space: nowrap}
.golive th {font-weight: 400; opacity: .6}
.golive pre {white-space: pre-wrap; font: inherit; padding: 8px 12px; margin: 0 0 10px;
  background: #8881; border-left: 3px solid var(--color-accent)}
/* The page around it: the briefing beside the calls, in place of the list of fields. The id that
   nothing has lets these rules win over the frame's own. */
.gradio-container:not(#_) {max-width: 1440px !important}
.column:not(#_):has(.golive) {flex: 1 1 100% !important}
.row:not(#_):has(> .oe-visual) {flex-wrap: nowrap !important}
.row > .oe-visual:not(#_) {flex: 0 0 60% !important; width: 60% !important; overflow: hidden}
.oe-visual + .column:not(#_) {flex: 1 1 0 !important; min-width: 0 !important}
.oe-actions:not(#_) .wrap {gap: 4px !important}
.oe-actions:not(#_) .wrap label {padding: 2px 8px !important; font-size: 12px;
  border-radius: 6px !important}
.oe-fields:not(#_) {display: none}
</style>"""


def page(session: ToolSession, observation: dict[str, Any]) -> str:
    """The last answer and the present briefing as HTML."""
    words, answer = session.words, str(observation.get("text", ""))
    parts = [_STYLE]
    if session.terminated:
        parts.append(f"<pre>{escape(answer)}</pre>")
    else:
        briefing = session.environment.briefing
        if answer == session.briefing():  # after reset; it stands below
            answer = ""
        parts.append(f"<pre>{escape(answer)}</pre>" if answer else "")
        for line in (words.heading(briefing), words.ordered(session.plan)):
            parts.append(f"<p>{escape(line)}</p>" if line not in answer else "")
        for section in words.sections(briefing):
            if section.brief and section.rows:
                parts.extend(_section(section))
    return f'<div class="golive">{"".join(parts)}</div>'


def _section(section: Section) -> Iterator[str]:
    """A section as a table; where rows differ each has its facts in one cell."""
    note = f" ({section.note})" if section.note else ""
    kind = ' class="even"' if section.table else ""
    yield f"<h3>{escape(section.title + note)}</h3><table{kind}>"
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
    """A label and the call for everything that is legal: what is decided first, looks last."""
    legal = legal_calls(session)
    names = sorted(legal, key=lambda name: (name == LOOK, name != ADVANCE, len(legal[name])))
    return [
        (_label(tool, name, value, len(legal[tool])), {"tool": tool, "arguments": {name: value}})
        for tool in names
        for name, values in legal[tool].items()
        for value in values
    ]


def _label(tool: str, name: str, value: str | int, arguments: int) -> str:
    words = f"{tool}: {value}" if arguments == 1 else f"{tool} {name}: {value}"
    return words.replace("_", " ")
