"""Requirements and challenges of generated customers, picked from the catalogue and varied."""

from __future__ import annotations

from ...core.draws import Draws
from ...core.records import changed
from . import assumptions as a
from .catalogue import CHALLENGES, CHECKS, COMMON_CHALLENGES, COMMON_REQUIREMENTS, REQUIREMENTS
from .challenges import Challenge, CheckChallenge, DataChallenge, RequirementChallenge
from .industries import IndustryProfile
from .requirements import Requirement
from .vocabulary import AcceptanceCheckKind, RequirementKind

_MIDDLE_COMPLEXITY = 5
_LEAST_EFFORT_HOURS = 0.5
_FEWEST_REQUIREMENTS = 3


def generate_requirements(
    profile: IndustryProfile, draws: Draws, complexity: int
) -> tuple[Requirement, ...]:
    """Requirements, more of them the more complex the firm; some known to nobody yet."""
    catalogue = (*REQUIREMENTS[profile.industry], *COMMON_REQUIREMENTS)
    factor = 1.0 + a.REQUIREMENTS_PER_COMPLEXITY * (complexity - _MIDDLE_COMPLEXITY)
    drawn = draws.poisson("generate requirements", a.REQUIREMENTS * factor)
    count = max(drawn, _FEWEST_REQUIREMENTS)
    lots = [draws.uniform("generate requirement order", index) for index in range(len(catalogue))]
    picked = sorted(range(len(catalogue)), key=lots.__getitem__)[:count]
    return tuple(_varied(draws, index, catalogue[index]) for index in sorted(picked))


def generate_challenges(
    profile: IndustryProfile, draws: Draws, complexity: int, employees: int, error_factor: float
) -> tuple[Challenge, ...]:
    """Challenges in the order of their weeks, then the acceptance checks."""
    catalogue = (*CHALLENGES[profile.industry], *COMMON_CHALLENGES)
    share = a.CHALLENGE_SHARE
    share += a.CHALLENGE_SHARE_PER_COMPLEXITY * (complexity - _MIDDLE_COMPLEXITY)
    found = [
        _challenge(draws, index, challenge, error_factor)
        for index, challenge in enumerate(catalogue)
        if draws.chance("generate challenge", share, index)
    ]
    found.sort(key=lambda challenge: challenge.week)
    return (*found, *_checks(draws, complexity, employees))


def _varied(draws: Draws, index: int, requirement: Requirement) -> Requirement:
    return changed(
        requirement,
        effort_hours=_effort(draws, "generate requirement effort", index, requirement),
        ambiguity=_ambiguity(draws, "generate ambiguity", index),
        known=not draws.chance("generate hidden", a.HIDDEN_SHARE, index),
        mandatory=not draws.chance("generate optional", a.OPTIONAL_SHARE, index),
    )


def _effort(draws: Draws, name: str, index: int, requirement: Requirement) -> float:
    built = requirement.kind is RequirementKind.ENHANCEMENT
    sigma = a.ENHANCEMENT_SIGMA if built else a.CONFIGURATION_SIGMA
    drawn = round(requirement.effort_hours * draws.lognormal(name, sigma, index), 1)
    return max(_LEAST_EFFORT_HOURS, drawn)  # one draw in thousands rounds to nothing


def _ambiguity(draws: Draws, name: str, index: int) -> float:
    return round(draws.beta(name, *a.AMBIGUITY, index), 3)


def _challenge(draws: Draws, index: int, challenge: Challenge, error_factor: float) -> Challenge:
    if isinstance(challenge, DataChallenge):
        rate = round(min(challenge.rate * error_factor, a.HIGHEST_RATE), 4)
        return changed(challenge, rate=rate)
    if isinstance(challenge, RequirementChallenge):
        requirement = changed(
            challenge.requirement,
            effort_hours=_effort(draws, "generate challenge effort", index, challenge.requirement),
            ambiguity=_ambiguity(draws, "generate challenge ambiguity", index),
        )
        return changed(challenge, requirement=requirement)
    factor = draws.lognormal("generate challenge effort", a.CONFIGURATION_SIGMA, index)
    return changed(
        challenge,
        effort_hours=round(challenge.effort_hours * factor, 1),
        key_user_hours=round(challenge.key_user_hours * factor, 1),
    )


def _checks(draws: Draws, complexity: int, employees: int) -> tuple[CheckChallenge, ...]:
    users = min(max(round(employees * a.UAT_SHARE), a.FEWEST_UAT_USERS), a.MOST_UAT_USERS)
    checks: list[CheckChallenge] = []
    for index, check in enumerate(CHECKS):
        if check.check is AcceptanceCheckKind.PEAK_LOAD and complexity < a.PEAK_LOAD_COMPLEXITY:
            continue
        factor = draws.lognormal("generate check effort", a.CONFIGURATION_SIGMA, index)
        update: dict[str, float | int] = {"effort_hours": round(check.effort_hours * factor, 1)}
        if check.check is AcceptanceCheckKind.USER_ACCEPTANCE:
            update["users"] = users
            update["key_user_hours"] = a.UAT_HOURS_PER_USER * users
        checks.append(changed(check, **update))
    return tuple(checks)
