"""Mixes: edge cases and an opponent that scenarios are met with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from .errors import GoliveError
from .opponents import OpponentPlan, parse_opponent
from .records import Name, Record, Slug

NO_MIX = "none"
"""What tables call a mix of nothing."""
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_:.,@-]+")


class Mix(Record):
    """Edge cases and perhaps an opponent, on top of a scenario's own."""

    name: Slug | None = Field(default=None, description="What tables call it; null: its contents.")
    edge_cases: tuple[Name, ...] = Field(
        default=(),
        max_length=20,
        description="As on a command line: KIND[:SEVERITY][:AMOUNT|NAMES][@DAY].",
    )
    opponent: OpponentPlan | Name | None = Field(
        default=None, description="A plan, or as on a command line: STRATEGY[:BUDGET] or a file."
    )

    @model_validator(mode="after")
    def _understood(self) -> Mix:
        from .edge_cases import parse_edge_case  # it knows scenarios, which know mixes

        try:
            for text in self.edge_cases:
                parse_edge_case(text)
            self.opponent_plan()
        except GoliveError as error:
            raise ValueError(str(error)) from None
        return self

    @property
    def is_empty(self) -> bool:
        """Whether it adds nothing."""
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


def _from_list(value: Any) -> Any:
    return {"edge_cases": value} if isinstance(value, list | tuple) else value


MixField = Annotated[Mix, BeforeValidator(_from_list, json_schema_input_type=Mix | list[str])]
"""A mix, or in a file a list of its edge cases."""


def refuse_equal_mixes(mixes: Iterable[Mix]) -> None:
    """Mixes that stand side by side in a table need names of their own.

    Raises:
        ValueError: two have the same.
    """
    labels = [mix.label for mix in mixes]
    for label in labels:
        if labels.count(label) > 1:
            raise ValueError(f"{label!r} comes twice: expected each mix only once")
