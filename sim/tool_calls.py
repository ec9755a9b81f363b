"""Reading tool calls from what a language model or a person wrote."""

from __future__ import annotations

import difflib
import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .tool_table import Refusal, Tool, ToolCall, shown

MOST_CALLS = 16
"""Calls of one message that are read."""
_TAGGED = re.compile(r"<tool_call>(.*?)(?:</tool_call>|\Z)", re.DOTALL)
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)


def read_calls(text: str, tools: Sequence[Tool]) -> list[ToolCall | Refusal]:
    """The calls of a message, in order; what cannot be read is a refusal. It never raises.

    Three forms are read, and text around the first two is ignored:

    - JSON, one object or a list of them, ``{"tool": NAME, "arguments": {...}}`` (``name`` and
      ``function`` do as well as ``tool``), alone or in a fenced block;
    - the same in ``<tool_call>`` tags, as many models write it;
    - a command per line, ``NAME VALUE ...`` or ``NAME argument=VALUE ...``.

    Args:
        text: the message.
        tools: that can be asked for.
    """
    blocks = _TAGGED.findall(text) or _FENCED.findall(text)
    if not blocks:
        stripped = text.strip()
        if not stripped:
            return [Refusal("an empty message", _known(tools))]
        start = min((at for at in (stripped.find("{"), stripped.find("[")) if at >= 0), default=-1)
        if start < 0:
            lines = [line for line in stripped.splitlines() if line.strip()]
            return [_command(line, tools) for line in lines[:MOST_CALLS]]
        blocks = [stripped[start:]]
    calls: list[ToolCall | Refusal] = []
    for block in blocks:
        calls.extend(_of_json(block, tools))
    return calls[:MOST_CALLS] or [Refusal("no call in the message", _known(tools))]


def _of_json(block: str, tools: Sequence[Tool]) -> Iterator[ToolCall | Refusal]:
    """The calls of a text that begins with JSON; what comes behind it may be more of them."""
    decoder, rest, found = json.JSONDecoder(), block.strip(), 0
    while rest[:1] in ("{", "[") and found < MOST_CALLS:
        try:
            value, end = decoder.raw_decode(rest)
        except (ValueError, RecursionError) as error:
            reason = str(error).partition(":")[0]
            yield Refusal(f"{shown(rest)}: not JSON ({reason})", _known(tools))
            return
        for one in value if isinstance(value, list) else [value]:
            yield _of_value(one, tools)
        rest = rest[end:].lstrip(" \t\r\n,")
        found += 1
    if not found:
        yield Refusal(f"{shown(rest)}: expected a JSON object", _known(tools))


def _of_value(value: Any, tools: Sequence[Tool]) -> ToolCall | Refusal:
    if isinstance(value, Mapping) and isinstance(value.get("function"), Mapping):
        value = value["function"]  # as the chat completions interface wraps it
    if not isinstance(value, Mapping):
        return Refusal(f"{shown(value)}: expected an object with tool and arguments", _known(tools))
    name = next((value[key] for key in ("tool", "name", "function") if key in value), None)
    given = next((value[key] for key in ("arguments", "parameters") if key in value), None)
    if isinstance(given, str):
        try:
            given = json.loads(given or "{}")
        except (ValueError, RecursionError):
            return Refusal(f"arguments: {shown(given)}: not JSON", _known(tools))
    return call_of(name, {} if given is None else given, tools)


def call_of(name: object, arguments: object, tools: Sequence[Tool]) -> ToolCall | Refusal:
    """The call of a tool by name, its arguments read, or why it cannot be made."""
    tool = next((one for one in tools if one.name == name), None)
    if tool is None:
        names = [one.name for one in tools]
        close = difflib.get_close_matches(str(name), names, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        return Refusal(f"{shown(name)}: no such tool{hint}", _known(tools))
    read = tool.read(arguments)
    return read if isinstance(read, Refusal) else ToolCall(tool.name, read)


def _command(line: str, tools: Sequence[Tool]) -> ToolCall | Refusal:
    try:
        name, *words = shlex.split(line)
    except ValueError as error:
        return Refusal(f"{shown(line)}: {str(error).lower()}", _known(tools))
    tool = next((one for one in tools if one.name == name), None)
    if tool is None:
        return call_of(name, {}, tools)
    given: dict[str, object] = {}
    free = [one.name for one in tool.arguments]
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            if not free:
                return Refusal(f"{name}: {shown(word)}: one value too many", _known(tools))
            key, value = free[0], word
        given[key] = value
        if key in free:
            free.remove(key)
    return call_of(name, given, tools)


def command_of(call: ToolCall) -> str:
    """A call as a command on one line; it is read back as the same call."""
    return " ".join([call.tool, *(f"{name}={value}" for name, value in call.arguments.items())])


def json_of(call: ToolCall) -> str:
    """A call as JSON on one line; it is read back as the same call."""
    return json.dumps({"tool": call.tool, "arguments": dict(call.arguments)})


def _known(tools: Sequence[Tool]) -> str:
    return f"Tools: {', '.join(tool.usage for tool in tools)}."
