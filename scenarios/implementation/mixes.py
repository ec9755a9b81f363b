"""Mixes: edge cases and an opponent that scenarios are met with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import Field, model_validator

from ...core.errors import GoliveError
from ...core.records import Name, changed
from ..scenario import NO_MIX, Mix
from .edge_cases import parse_edge_case, with_edge_cases
from .opponents import OpponentPlan, parse_opponent

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_:.,@-]+")


class ImplementationMix(Mix):
    """Edge cases and perhaps an opponent, on top of a scenario's own."""

    edge_cases: tuple[Name, ...] = Field(
        default=(),
        max_length=20,
        description="As on a command line: KIND[:SEVERITY][:AMOUNT|NAMES][@DAY].",
    )
    opponent: OpponentPlan | Name | None = Field(
        default=None, description="A plan, or as on a command line: STRATEGY[:BUDGET] or a file."
    )

    @model_validator(mode="after")
    def _understood(self) -> ImplementationMix:
        try:
            for text in self.edge_cases:
                parse_edge_case(text)
            self.opponent_plan()
        except GoliveError as error:
            raise ValueError(str(error)) from None
        return self

    @property
    def is_empty(self) -> bool:
        """True when it adds nothing."""
        return not self.edge_cases and self.opponent is None

    @property
    def label(self) -> str:
        """Its name, or what it holds: ``corrupt_data:critical+opponent:adaptive:8``."""
        if self.name is not None:
            return self.name
        plan = self.opponent_plan()
        parts = [*self.edge_cases, *([] if plan is None else [f"opponent:{plan.label}"])]
        return "+".join(_NOT_IN_NAMES.sub("-", part) for part in parts) or NO_MIX

    def opponent_plan(self) -> OpponentPlan | None:
        """Its opponent, read from its file if it is named by one.

        Raises:
            GoliveError: there is no such file any more, or it is not valid.
        """
        if isinstance(self.opponent, str):
            return parse_opponent(self.opponent)
        return self.opponent

    @classmethod
    def of(cls, edge_cases: Sequence[str] = (), opponent: str | None = None) -> ImplementationMix:
        """The mix that a command line asks for.

        Raises:
            GoliveError: there is no such edge case or opponent.
        """
        for text in edge_cases:
            parse_edge_case(text)
        plan = None if opponent is None else parse_opponent(opponent)
        return cls(edge_cases=tuple(edge_cases), opponent=plan)

    def met(self, scenario: Any, *, rename: bool = False) -> Any:
        """The scenario met with it.

        Args:
            scenario: its own disruptions stay; an opponent of the mix takes its own's place.
            rename: call it ``scenario+mix``.
        """
        fields: dict[str, object] = {}
        plan = self.opponent_plan()
        if plan is not None:
            fields["opponent"] = plan
        if rename and self.label != NO_MIX:
            fields["name"] = f"{scenario.name}+{self.label}"
        if self.edge_cases:
            rows = [parse_edge_case(text) for text in self.edge_cases]
            scenario = with_edge_cases(scenario, rows)
        return changed(scenario, **fields) if fields else scenario
