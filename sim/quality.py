"""The quality bar: what RFC 008 of OpenEnv asks of an environment, as golive's worlds are asked it.

Ids and severities are those of the RFC (policy severity-v2); what is measured, and its bound, is
golive's where the RFC leaves them open, and said here for worlds of chance: their maximum is
not known, so figures are compared on common luck and have intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..core.errors import raised

ORACLE_TOLERANCE = 0.1
"""Of the score, that the oracle may lie below the best that was met: severity-v2's bound."""
FLOOR_MARGIN = 0.1
"""Of the score, between the oracle and who solves nothing: severity-v2's bound."""
VARIANCE_TOLERANCE = 0.2
"""Variance of the oracle's score: severity-v2's bound."""
EPISODE_SECONDS = 3600.0
"""An episode may take: severity-v2's bound."""
LEAST_HEADROOM = 0.05
"""Of the score, that the best policy leaves."""
LEAST_REACHED = 0.1
"""Share of the episodes in which the oracle earns something."""
LEAST_CORRELATION = 0.5
"""Of pay and score over all policies, by rank."""
LEAST_DIFFERENT = 0.5
"""Share of the seeds whose episode is like no earlier one's."""


class Verdict(StrEnum):
    """The outcome of a check."""

    PASSED = "passed"
    FAILED = "FAILED"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A check of the bar.

    Attributes:
        id: of RFC 008.
        severity: that its policy severity-v2 gives a failure: fail, warn or advisory.
        bound: what is required, in a few words.
        meaning: what it means if it is passed, in a sentence.
        rests_on: ids of checks without which it says nothing.
        threshold: the number in the bound, where the figure has one.
        unit: of the figure; empty: it is of the score, or a count.
    """

    id: str
    severity: str
    bound: str
    meaning: str
    rests_on: tuple[str, ...] = ()
    threshold: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """The outcome of measuring.

    Attributes:
        verdict: of the check.
        found: what was found, in words.
        estimate: the figure that is judged; None: there is none.
        low: lower end of its 95 % interval; None: it is exact.
        high: upper end likewise.
        details: further figures, by name.
    """

    verdict: Verdict
    found: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QualityCheck:
    """A check that was made: what is required, and what was measured."""

    requirement: Requirement
    measured: Measured

    @property
    def failed(self) -> bool:
        """True if it was not passed though it applies."""
        return self.measured.verdict is Verdict.FAILED


def verdict_of(holds: bool) -> Verdict:
    """Passed or failed."""
    return Verdict.PASSED if holds else Verdict.FAILED


def exact(holds: bool, found: str, **details: Any) -> Measured:
    """A finding where there is nothing to estimate."""
    return Measured(verdict_of(holds), found, details=details)


def not_applicable(why: str) -> Measured:
    """A finding where the check has no object."""
    return Measured(Verdict.NOT_APPLICABLE, why)


def judged(
    id: str, measure: Callable[[], Measured], not_passed: Collection[str] = ()
) -> QualityCheck:
    """A check, made unless one that it rests on was not passed; an error in it is its failure.

    Args:
        id: of the requirement.
        measure: measures.
        not_passed: ids of checks that were made and not passed.
    """
    requirement = REQUIREMENTS[id]
    missing = [one for one in requirement.rests_on if one in not_passed]
    if missing:
        return QualityCheck(requirement, not_applicable(f"rests on {', '.join(missing)}"))
    try:
        return QualityCheck(requirement, measure())
    except Exception as error:  # somebody's first world: whatever it raises is reported
        return QualityCheck(requirement, Measured(Verdict.FAILED, raised(error)))


_DETERMINISM = "runtime.episode_determinism"
_REWARD = "runtime.reward_well_formed"
_SEMANTIC = (_DETERMINISM,)
_STATISTICAL = (_DETERMINISM,)

_ALL = (
    Requirement(
        "runtime.seed_control",
        "fail",
        f"at least {LEAST_DIFFERENT:.0%} differ".replace("%", " %"),
        "A seed names an episode: it is the one that was asked for, and other seeds are others.",
        threshold=LEAST_DIFFERENT,
    ),
    Requirement(
        _DETERMINISM,
        "fail",
        "all digests equal",
        "Equal seeds and decisions give equal states at every decision point, in another "
        "process with another hash seed too.",
    ),
    Requirement(
        "runtime.episode_isolation",
        "fail",
        "all digests equal",
        "Episodes that are played turn by turn in one process do not touch each other.",
        (_DETERMINISM,),
    ),
    Requirement(
        "runtime.observation_schema",
        "fail",
        "all in bounds",
        "Observations are what the table of features says, and texts no longer than declared.",
    ),
    Requirement(
        "runtime.tool_declaration_accuracy",
        "fail",
        "all as declared",
        "Every declared tool takes what it declares where that is legal, refuses all else, and "
        "together they say every decision.",
    ),
    Requirement(
        "runtime.task_declaration_accuracy",
        "fail",
        "all begin",
        "Every scenario and both ends of every range of seeds that suites declare can be played.",
    ),
    Requirement(
        _REWARD,
        "fail",
        "all finite, score in 0 to 1",
        "Every preset of the reward pays finite numbers, and the score keeps to its range.",
    ),
    Requirement(
        "runtime.reward_attribution",
        "warn",
        "all pay attributed",
        "Every payment is the sum of the terms that the reward names.",
        (_REWARD,),
    ),
    Requirement(
        "runtime.trajectory_record",
        "warn",
        "all steps complete",
        "A played episode is a record: observation, mask, action, pay by term and outcome, step "
        "by step.",
    ),
    Requirement(
        "semantic.oracle_max",
        "fail",
        f"at most {ORACLE_TOLERANCE:g}",
        "The oracle earns what the best policy met earns on the same episodes, to a tolerance.",
        _SEMANTIC,
        ORACLE_TOLERANCE,
    ),
    Requirement(
        "semantic.floor_gap",
        "fail",
        f"at least {FLOOR_MARGIN:g}",
        "Doing nothing, and deciding by lot, earn clearly less than the oracle.",
        _SEMANTIC,
        FLOOR_MARGIN,
    ),
    Requirement(
        "semantic.canary_floor",
        "fail",
        "at most 0",
        "Messages that ask for nothing, are garbage or claim a reward earn no more than doing "
        "nothing, and calls that are wrong are counted.",
        (*_SEMANTIC, _REWARD),
        0.0,
    ),
    Requirement(
        "semantic.no_solution_leakage",
        "fail",
        "none",
        "Nothing that is observed holds latent truth, the expert's decision, luck to come or the "
        "score to come.",
        _SEMANTIC,
    ),
    Requirement(
        "semantic.verifier_determinism",
        "fail",
        "all scores equal",
        "What an episode scored is the same when it is asked again, and when it is played again.",
        _SEMANTIC,
    ),
    Requirement(
        "semantic.replayability",
        "fail",
        "all equal",
        "Recorded actions, played again from the seed alone, give the same states and payments.",
        _SEMANTIC,
    ),
    Requirement(
        "semantic.resource_envelope",
        "fail",
        f"at most {EPISODE_SECONDS:g} s, decisions as declared",
        "An episode needs no more decisions than the world declares, and little of the time "
        "allowed.",
        _SEMANTIC,
        EPISODE_SECONDS,
        "s",
    ),
    Requirement(
        "statistical.reward_reachability",
        "fail",
        f"at least {LEAST_REACHED:.0%}".replace("%", " %"),
        "The score can be earned: the oracle ends clearly above doing nothing in a good share of "
        "the episodes.",
        _STATISTICAL,
        LEAST_REACHED,
    ),
    Requirement(
        "statistical.difficulty_separation",
        "fail",
        "above 0",
        "What claims to be harder scores less for the same policy, and what claims to be better "
        "scores more.",
        _STATISTICAL,
        0.0,
    ),
    Requirement(
        "statistical.headroom",
        "warn",
        f"at least {LEAST_HEADROOM:g}",
        "The best policy met leaves something of the score to be won.",
        _STATISTICAL,
        LEAST_HEADROOM,
    ),
    Requirement(
        "statistical.variance_bound",
        "fail",
        f"at most {VARIANCE_TOLERANCE:g}",
        "The oracle's score varies between episodes less than a coin's.",
        _STATISTICAL,
        VARIANCE_TOLERANCE,
    ),
    Requirement(
        "statistical.training_signal",
        "advisory",
        "above 0",
        "Fewer decisions left to chance are paid more, step by step towards the expert.",
        (*_STATISTICAL, _REWARD),
        0.0,
    ),
    Requirement(
        "statistical.adversarial_floor",
        "fail",
        f"at least {FLOOR_MARGIN:g}",
        "The best of all policies that repeat one order for ever stays clearly below the oracle.",
        _STATISTICAL,
        FLOOR_MARGIN,
    ),
    Requirement(
        "statistical.gameability_gap",
        "warn",
        "above 0",
        "No probe reaches the expert, and policies that are paid more score more.",
        (*_STATISTICAL, _REWARD),
        0.0,
    ),
)

REQUIREMENTS: Mapping[str, Requirement] = {one.id: one for one in _ALL}
"""All of them by id, in the order in which they are reported."""
