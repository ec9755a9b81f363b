"""Callbacks: they hear how a training goes, and may act on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.registry import load_made
from .episodes import Validation


@dataclass(frozen=True, slots=True)
class Change:
    """A callback's wish; a resumed training goes on with what was changed.

    Attributes:
        stop: end now, with a checkpoint; the training can be resumed.
        levels: fields of the level settings that differ for levels drawn from now on, by name,
            such as ``{"counts": [0, 0, 1]}``; the mode and the replay stay.
        options: the world's own options of each episode that begins from now on, by name, such
            as ``{"customer": "reference"}``; what JSON can hold.
    """

    stop: bool = False
    levels: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


class TrainingCallback:
    """Hears how a training goes; override what is of interest."""

    def begin(self, stage: str, total: int, done: int = 0) -> None:
        """Hear that a stage of so many units begins."""

    def advance(self, done: int, score: float | None = None) -> None:
        """Hear that so many units are done; ``score`` is the mean over recent training episodes."""

    def learned(self, steps: int, figures: Mapping[str, float]) -> Change | None:
        """Hear that a rollout was learned from, and means over recent training episodes."""
        return None

    def evaluated(self, steps: int, result: Validation, is_best: bool) -> Change | None:
        """The policy was judged."""
        return None

    def checkpointed(self, steps: int) -> None:
        """Hear that the training can go on from here, whatever happens."""

    def message(self, text: str) -> None:
        """Hear something worth a line."""

    def warning(self, text: str) -> None:
        """Hear of something that is not as it should be."""

    def stopping(self) -> None:
        """Hear that an interrupt came and is being obeyed."""


@checked
def load_callback(spec: str) -> TrainingCallback:
    """The callback at ``package.module:Class``, which may lie in the working directory.

    Raises:
        GoliveError: there is none, or it cannot be made without arguments.
    """
    callback = load_made(spec, "callback")
    if not isinstance(callback, TrainingCallback):
        raise GoliveError(
            f"callback: {spec!r}: is a {type(callback).__name__}: expected a TrainingCallback"
        )
    return callback
