"""Tools as data: what can be asked for in words, with types, texts and JSON Schema.

A world's table of tools is the one source of all its faces for those who speak: a face asks a
tool for its JSON Schema, or for a typed Python function with a docstring, and hands what it is
given to whoever carries calls out. Whatever is given is looked at here, and nothing raises: a
call that does not fit is answered by a ``Refusal``.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

_MOST_SHOWN = 60
"""Letters of what was given that an answer repeats."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A request for a tool.

    Attributes:
        tool: its name.
        arguments: by name, as JSON values.
    """

    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The answer to a call that cannot be carried out.

    Attributes:
        reason: what was wrong with it.
        legal: what could be asked for instead.
    """

    reason: str
    legal: str

    def __str__(self) -> str:
        return f"Refused: {self.reason}. {self.legal}"


class ToolKind(StrEnum):
    """Effect of a tool on an episode."""

    LOOK = "look"
    """Tells something and changes nothing."""
    ORDER = "order"
    """Changes the orders that the next advance carries out."""
    ADVANCE = "advance"
    """Carries the orders out; time passes."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a tool: a choice among texts, or a whole number.

    Attributes:
        name: of the argument.
        description: what it says, in a sentence.
        choices: texts that it can be; empty: it is a number.
        least: smallest number.
        most: largest number.
        required: whether it must be given.
        default: what holds where it is not given; None: nothing is said by it.
    """

    name: str
    description: str
    choices: tuple[str, ...] = ()
    least: int = 1
    most: int = 1
    required: bool = False
    default: str | int | None = None

    @property
    def expected(self) -> str:
        """The values that may be given, in words."""
        if self.choices:
            return f"expected one of {', '.join(self.choices)}"
        return f"expected a whole number from {self.least} to {self.most}"

    def schema(self) -> dict[str, Any]:
        """JSON Schema of its values."""
        kind: dict[str, Any] = (
            {"type": "string", "enum": list(self.choices)}
            if self.choices
            else {"type": "integer", "minimum": self.least, "maximum": self.most}
        )
        if self.default is not None:
            kind["default"] = self.default
        return {**kind, "description": self.description}

    def annotation(self) -> Any:
        """Type of its values in Python."""
        one: Any = Literal[self.choices] if self.choices else int
        return one if self.required or self.default is not None else one | None

    def read(self, value: object) -> str | int | None:
        """The value that is meant; None if nothing that can be given is.

        Case, spaces, hyphens and a number written as text are forgiven.
        """
        if self.choices:
            if not isinstance(value, str):
                return None
            name = "_".join(value.replace("-", " ").lower().split())
            return next((one for one in self.choices if one.lower() == name), None)
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal():
            value = int(value.strip()[:9])
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        return value if self.least <= value <= self.most else None


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that can be asked for.

    Attributes:
        name: unique, a Python identifier.
        description: what it does, in a sentence or two.
        kind: what it does to the episode.
        arguments: in order.
    """

    name: str
    description: str
    kind: ToolKind
    arguments: tuple[Argument, ...] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        """JSON Schema of its arguments, an object."""
        return {
            "type": "object",
            "properties": {one.name: one.schema() for one in self.arguments},
            "required": [one.name for one in self.arguments if one.required],
            "additionalProperties": False,
        }

    @property
    def docstring(self) -> str:
        """Description, arguments and answer, in Google's form."""
        lines = [self.description, ""]
        if self.arguments:
            lines += [
                "Args:",
                *(f"    {one.name}: {one.description}" for one in self.arguments),
                "",
            ]
        return "\n".join([*lines, "Returns:", "    The answer, as text.", ""])

    @property
    def usage(self) -> str:
        """Its name and arguments on one line; what may be left out stands in brackets."""
        names = [one.name if one.required else f"[{one.name}]" for one in self.arguments]
        return f"{self.name}({', '.join(names)})"

    def for_openai(self) -> dict[str, Any]:
        """Its description as the chat completions interface takes it."""
        function = {
            "name": self.name,
            "description": self.description,
            "parameters": self.parameters,
        }
        return {"type": "function", "function": function}

    def read(self, given: object) -> dict[str, str | int] | Refusal:
        """The arguments that are meant, defaults included, or why they cannot be read.

        An argument that is None counts as not given.
        """
        legal = f"Expected {self.usage}: {self._expected()}"
        if not isinstance(given, Mapping):
            return Refusal(f"{self.name}: {shown(given)}: no arguments by name", legal)
        known = {one.name: one for one in self.arguments}
        values = {one.name: one.default for one in self.arguments if one.default is not None}
        for name, value in given.items():
            if name not in known:
                close = difflib.get_close_matches(str(name), known, n=1)
                hint = f" (did you mean {close[0]}?)" if close else ""
                return Refusal(f"{self.name}: {shown(name)}: no such argument{hint}", legal)
            if value is None:
                continue
            read = known[name].read(value)
            if read is None:
                reason = f"{self.name}: {name}: {shown(value)}: {known[name].expected}"
                return Refusal(reason, f"Arguments: {self.usage}.")
            values[name] = read
        missing = [one.name for one in self.arguments if one.required and one.name not in values]
        if missing:
            return Refusal(f"{self.name}: {missing[0]}: missing", legal)
        if self.kind is ToolKind.ORDER and not values:
            return Refusal(f"{self.name}: says nothing", legal)
        return values

    def _expected(self) -> str:
        if not self.arguments:
            return "no arguments."
        by_choices: dict[str, list[str]] = {}
        for one in self.arguments:
            by_choices.setdefault(one.expected, []).append(one.name)
        parts = [f"{', '.join(names)}: {words}" for words, names in by_choices.items()]
        return "; ".join(part.replace("expected ", "", 1) for part in parts) + "."

    def function(self, carry_out: Callable[[ToolCall], str]) -> Callable[..., str]:
        """A typed function with a docstring, whose calls are carried out; it never raises."""

        def tool(*values: object, **arguments: object) -> str:
            return carry_out(self._call(values, arguments))

        return self._dressed(tool, ())

    def method(self, carry_out: Callable[[Any, ToolCall], str]) -> Callable[..., str]:
        """The same as a method, for a class that is a face."""

        def tool(self_: Any, *values: object, **arguments: object) -> str:
            return carry_out(self_, self._call(values, arguments))

        own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return self._dressed(tool, (own,))

    def _call(self, values: tuple[object, ...], arguments: Mapping[str, object]) -> ToolCall:
        names = [one.name for one in self.arguments]
        names += [f"argument_{number + 1}" for number in range(len(names), len(values))]
        return ToolCall(self.name, {**dict(zip(names, values, strict=False)), **arguments})

    def _dressed(
        self, tool: Callable[..., str], first: tuple[inspect.Parameter, ...]
    ) -> Callable[..., str]:
        ordered = sorted(self.arguments, key=lambda one: not one.required)
        parameters = [
            inspect.Parameter(
                one.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=inspect.Parameter.empty if one.required else one.default,
                annotation=one.annotation(),
            )
            for one in ordered
        ]
        dressed: Any = tool
        dressed.__name__ = dressed.__qualname__ = self.name
        dressed.__doc__ = self.docstring
        dressed.__annotations__ = {
            **{one.name: one.annotation() for one in ordered},
            "return": str,
        }
        dressed.__signature__ = inspect.Signature([*first, *parameters], return_annotation=str)
        return tool


def shown(value: object) -> str:
    """The value that was given, on one short line of printable letters."""
    text = ascii(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."
