"""A world's language for those who speak: language models and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


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
class Tool:
    """Something that can be asked for.

    Attributes:
        name: unique.
        description: what it does, in a sentence or two.
        parameters: JSON Schema of its arguments, an object.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason a call cannot be carried out, and what could be asked for instead."""

    reason: str


class Words(Protocol):
    """A world's language for those who speak."""

    @property
    def tools(self) -> Sequence[Tool]:
        """All that can be asked for; every face is made from this table."""
        ...

    def brief(self, briefing: Any, legal: Any) -> str:
        """The briefing and what is legal as text, in a stable order and with units."""
        ...

    def order(self, call: ToolCall, legal: Any) -> Any | Refusal:
        """The decision that a call means, or why there is none; it never raises."""
        ...
