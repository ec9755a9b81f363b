"""The opponent's plan: who breaks things during an episode, by which rule, within which budget.

The opponent strikes in the morning, at most once a day, with an edge case of a severity; each
severity has its price. What it does is a function of the scenario, the episode's seed and the
world's state; the policy sees of it what comes to light.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from ...core.arithmetic import whole_sum
from ...core.errors import GoliveError
from ...core.problems import invalid_record
from ...core.records import Integer, Name, Number, Record, Share, Slug
from ...core.registry import Registry
from ...core.yaml_reader import read_document
from .edge_case_table import EDGE_CASE_KINDS, EDGE_CASES, EdgeCaseName
from .extensions import Named
from .vocabulary import Severity

PRICES: Mapping[Severity, int] = {
    Severity.MILD: 1,
    Severity.MODERATE: 2,
    Severity.CRITICAL: 4,
    Severity.BRUTAL: 8,
}
"""Price of a strike, in units of the budget, by severity."""
SYNTAX = "STRATEGY[:BUDGET], or the path of a plan's YAML file"
"""An opponent as it is named on a command line."""
DEFAULT_BUDGET = 8.0


class OpponentStrategy(StrEnum):
    """Rules by which the opponent chooses."""

    RANDOM = "random"
    """Kind, severity and morning by lot, so that the budget lasts over its window."""
    SCRIPTED = "scripted"
    """As its script says; without one, everything in one week."""
    ADAPTIVE = "adaptive"
    """By stated rules from the world's true state: what hurts most now, and whether to wait."""
    LEARNED = "learned"
    """By lot from preferences that were learned against a policy."""


_RULES = "golive.sim.implementation.opponent_strategies"
STRATEGIES: Registry[Any] = Registry(
    "golive.implementation.opponents",
    "strategy",
    {str(strategy): f"{_RULES}:{strategy}" for strategy in OpponentStrategy},
)
"""Rules by which an opponent chooses; each takes the world's ``Opponent`` and returns the row of
what goes wrong this morning, or None to wait."""
StrategyName = Annotated[str, Named(STRATEGIES, OpponentStrategy)]
"""A field that holds the name of one."""


class ScriptedStrike(Record):
    """A strike at a moment of the plan."""

    moment: Share = Field(
        description="When, as a share of the planned days: 0 kick-off, 1 the planned go-live."
    )
    kind: EdgeCaseName = Field(description="What happens.")
    severity: Severity = Field(default=Severity.MODERATE, description="How bad it is.")
    amount: Number | None = Field(
        default=None, description="How much of it, in the kind's own unit; null: by severity."
    )
    names: tuple[Name, ...] = Field(
        default=(), max_length=10, description="What it is about; empty: by severity."
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> ScriptedStrike:
        EDGE_CASE_KINDS[self.kind].check(self.amount, self.names)
        return self


class PhasePreferences(Record):
    """Preferences of a learned opponent in one phase of the plan.

    A morning's choices are to wait and every strike that is listed, affordable and allowed;
    each has the probability ``exp(preference) / sum of exp(preferences)``.
    """

    until: Share = Field(description="End of the phase, as a share of the planned days.")
    wait: Number = Field(default=0.0, ge=-50.0, le=50.0, description="Preference for waiting.")
    strikes: dict[EdgeCaseName, dict[Severity, Number]] = Field(
        description="Preference for each kind and severity; one that is missing is never chosen."
    )

    @model_validator(mode="after")
    def _within_bounds(self) -> PhasePreferences:
        for kind, row in self.strikes.items():
            for severity, value in row.items():
                if not -50.0 <= value <= 50.0:
                    raise ValueError(f"strikes.{kind}.{severity}: {value:g}: expected -50..50")
        return self


class OpponentPlan(Record):
    """An opponent: how it chooses, and what it may spend."""

    schema_version: Integer = Field(default=1, ge=1, le=1, description="Version of this format.")
    name: Slug | None = Field(default=None, description="What tables call it; null: by strategy.")
    strategy: StrategyName = Field(description="How it chooses.")
    budget: Number = Field(
        default=DEFAULT_BUDGET,
        ge=0.0,
        le=1_000.0,
        description="What it may spend in an episode; a strike costs 1 (mild), 2, 4 or 8 (brutal).",
    )
    seed: Integer = Field(default=0, ge=0, lt=2**32, description="Of its lots, beside the episode.")
    kinds: tuple[EdgeCaseName, ...] = Field(
        default=(), description="What it may choose from; empty: the eight edge cases."
    )
    severities: tuple[Severity, ...] = Field(
        default=(), description="How bad its strikes may be; empty: any severity."
    )
    at_once: Integer = Field(
        default=3, ge=1, le=20, description="Most of its strikes that are under way together."
    )
    earliest: Share = Field(
        default=0.0, description="It strikes from here on, as a share of the planned days."
    )
    latest: Share = Field(default=1.0, description="It strikes before this share of them.")
    week: Integer | None = Field(
        default=None,
        ge=1,
        le=1_000,
        description="Scripted, without a script: the week of the plan in which all of it comes, "
        "1-based; null: the week before the last.",
    )
    script: tuple[ScriptedStrike, ...] = Field(
        default=(), max_length=100, description="Scripted: its strikes, in the order of moments."
    )
    preferences: tuple[PhasePreferences, ...] = Field(
        default=(), max_length=20, description="Learned: what it prefers, phase by phase."
    )

    @property
    def legal_kinds(self) -> tuple[str, ...]:
        """Kinds that it may choose from."""
        return self.kinds or EDGE_CASES

    @property
    def legal_severities(self) -> tuple[Severity, ...]:
        """Severities that it may choose from, cheapest first."""
        chosen = self.severities or tuple(Severity)
        return tuple(sorted(chosen, key=PRICES.__getitem__))

    @property
    def label(self) -> str:
        """Its name in tables: its own, or strategy and budget."""
        return self.name or f"{self.strategy}:{self.budget:g}"

    @model_validator(mode="after")
    def _without_contradiction(self) -> OpponentPlan:
        _check_choices(self)
        _check_script(self)
        _check_preferences(self)
        return self


def parse_opponent(text: str | os.PathLike[str]) -> OpponentPlan:
    """An opponent as written on a command line: ``adaptive:8``, or the path of its file.

    Raises:
        GoliveError: no such strategy or file, or a budget or a plan that is not valid.
    """
    spec = str(text)
    if spec.endswith((".yaml", ".yml")):
        return load_opponent(spec)
    strategy, colon, budget_text = spec.partition(":")
    if strategy not in STRATEGIES:
        known = ", ".join(STRATEGIES)
        raise GoliveError(f"opponent: {spec!r}: expected {SYNTAX}; strategies are {known}")
    if strategy == OpponentStrategy.LEARNED:
        raise GoliveError(
            f"opponent: {spec!r}: what it learned is missing: expected the path of its YAML file"
        )
    budget = _budget(spec, budget_text) if colon else DEFAULT_BUDGET
    try:
        return OpponentPlan(strategy=strategy, budget=budget)
    except ValidationError as error:
        reason = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise GoliveError(f"opponent: {spec!r}: budget: {reason}") from None


def load_opponent(path: str | os.PathLike[str]) -> OpponentPlan:
    """An opponent's plan from its YAML file.

    Raises:
        GoliveError: there is no such file, or it is not a valid plan; file, line and field are
            in the message.
    """
    document = read_document(Path(path))
    try:
        return OpponentPlan.model_validate(document.data)
    except ValidationError as error:
        raise invalid_record(error, OpponentPlan, document) from None


def _budget(spec: str, text: str) -> float:
    try:
        budget = float(text)
    except ValueError:
        budget = math.nan
    if not math.isfinite(budget):
        raise GoliveError(f"opponent: {spec!r}: budget {text!r}: expected a number")
    return budget


def _check_choices(plan: OpponentPlan) -> None:
    for name in ("kinds", "severities"):
        values = getattr(plan, name)
        if len(set(values)) != len(values):
            raise ValueError(f"{name}: expected each only once")
    if plan.earliest >= plan.latest:
        raise ValueError(
            f"earliest: {plan.earliest:g}: expected less than latest = {plan.latest:g}"
        )


def _check_script(plan: OpponentPlan) -> None:
    scripted = plan.strategy is OpponentStrategy.SCRIPTED
    for name in ("week", "script"):
        if getattr(plan, name) and not scripted:
            raise ValueError(f"{name}: only a scripted opponent has one, this is {plan.strategy}")
    if not plan.script:
        return
    if plan.week is not None:
        raise ValueError("week: expected none beside a script")
    moments = [strike.moment for strike in plan.script]
    if moments != sorted(moments):
        raise ValueError("script: expected strikes in the order of their moments")
    for index, strike in enumerate(plan.script):
        if plan.kinds and strike.kind not in plan.kinds:
            raise ValueError(f"script[{index}].kind: {strike.kind}: expected one of kinds")
        if plan.severities and strike.severity not in plan.severities:
            raise ValueError(f"script[{index}].severity: {strike.severity}: not in severities")
    cost = whole_sum(PRICES[strike.severity] for strike in plan.script)
    if cost > plan.budget:
        raise ValueError(f"script: it costs {cost}: expected at most budget = {plan.budget:g}")


def _check_preferences(plan: OpponentPlan) -> None:
    learned = plan.strategy is OpponentStrategy.LEARNED
    if learned != bool(plan.preferences):
        raise ValueError(
            "preferences: a learned opponent needs them"
            if learned
            else f"preferences: only a learned opponent has them, this is {plan.strategy}"
        )
    ends = [phase.until for phase in plan.preferences]
    if ends != sorted(set(ends)):
        raise ValueError("preferences: expected phases with until in rising order")
    if ends and ends[-1] < plan.latest:
        raise ValueError(
            f"preferences[{len(ends) - 1}].until: {ends[-1]:g}: expected at least latest = "
            f"{plan.latest:g}, so that every morning has a phase"
        )
