"""Observers watch an episode while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .protocol import AnyWorld


class Observer:
    """Hears what happens in an episode; override what is of interest.

    An observer looks and never changes the world. One is made for each episode.
    """

    def begun(self, world: AnyWorld) -> None:
        """Hear that the world is at its first decision point."""

    def asked(self, world: AnyWorld, briefing: Any, legal: Any) -> None:
        """Hear that the policy is about to be asked."""

    def decided(self, world: AnyWorld, briefing: Any, legal: Any, decision: Any) -> None:
        """Hear that the policy has decided; the world is still at the decision point."""

    def advanced(self, world: AnyWorld) -> None:
        """Hear that the world is at the next decision point, or over."""

    def ended(self, world: AnyWorld) -> None:
        """Hear that the episode is over."""

    def figures(self) -> Mapping[str, Any]:
        """Figures of the episode that are kept beside its scorecard, by name."""
        return {}
