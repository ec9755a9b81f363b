"""Commands of somebody who plays, short as they are typed, read as tool calls."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from ..sim.tool_calls import call_of
from ..sim.tool_table import Argument, Refusal, Tool, ToolCall, ToolKind

HELP = {
    "next": "carry out the orders and go on (also: an empty line); next 3 goes on by three",
    "choices": "every legal choice with its effect and its price, and what the others wait for",
    "hint": "what the expert would decide now",
    "undo": "go back to the decision point before this one",
    "help": "this",
    "quit": "end the game here",
}
"""Commands of the game itself; others are the world's tools."""
_ALSO = {"?": "help", "n": "next", "u": "undo", "q": "quit", "h": "help"}


def read_command(line: str, tools: Sequence[Tool]) -> str | list[ToolCall] | Refusal:
    """A command of the game by its name, tool calls, or why a line is neither.

    Names may be cut short where no other begins alike. A tool goes by its name or the last part of
    it (``move`` for ``make_move``); one with several arguments takes pairs, such as
    ``assign data testing``.
    """
    first, *words = line.split() or ["next"]
    called = {short: tool for tool in tools for short in _names(tool)}
    meant = {**{name: name for name in HELP}, **{short: t.name for short, t in called.items()}}
    name = _ALSO.get(first) or _one_of(first.lower(), meant)
    if name is None:
        close = difflib.get_close_matches(first, [*HELP, *called], n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        return Refusal(f"{first!r}: no such command{hint}", "Type help for what there is.")
    if name in called:
        return _calls(called[name], words, tools)
    if name != "next":
        return name
    advance = next(tool for tool in tools if tool.kind is ToolKind.ADVANCE)
    return _calls(advance, words, tools)


def _names(tool: Tool) -> tuple[str, ...]:
    return tuple(dict.fromkeys((tool.name.rpartition("_")[2], tool.name)))


def _one_of(word: str, meant: Mapping[str, str]) -> str | None:
    """The meaning of a name, or of what all names mean that begin with the word."""
    if word in meant:
        return meant[word]
    begun = {meaning for name, meaning in meant.items() if name.startswith(word)}
    return begun.pop() if len(begun) == 1 else None


def _calls(tool: Tool, words: list[str], tools: Sequence[Tool]) -> list[ToolCall] | Refusal:
    given: dict[str, object] = {}
    if len(tool.arguments) > 1:
        if len(words) % 2:
            return Refusal(f"{tool.name}: {words[-1]!r} stands alone", _pairs(tool))
        arguments = {one.name: one for one in tool.arguments}
        for who, value in zip(words[::2], words[1::2], strict=True):
            name = _one_of(who.lower(), {one: one for one in arguments})
            if name is None:
                return Refusal(
                    f"{tool.name}: {who!r}: expected one of {', '.join(arguments)}", _pairs(tool)
                )
            given[name] = _value(arguments[name], value)
    elif words:
        given[tool.arguments[0].name] = _value(tool.arguments[0], "_".join(words))
    call = call_of(tool.name, given, tools)
    return call if isinstance(call, Refusal) else [call]


def _value(argument: Argument, word: str) -> str:
    return _one_of(word.lower(), {one: one for one in argument.choices}) or word


def _pairs(tool: Tool) -> str:
    first = tool.arguments[0]
    return f"Expected pairs, such as {tool.name} {first.name} {first.choices[0]}."
