"""Requirements, challenges and checks that firms of each industry may have: ``catalogue.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...core.yaml_reader import read_document
from .challenges import Challenge, CheckChallenge, DataChallenge, RequirementChallenge
from .challenges import WorkChallenge as Work
from .requirements import Requirement
from .vocabulary import Industry, RequirementKind

CHALLENGE_WEEKS = 6
"""Length of the plan in which the weeks of catalogue challenges count."""
_CONTENT: dict[str, Any] = read_document(Path(__file__).with_name("catalogue.yaml")).data
_FIELDS = {
    "requirements": ("name", "kind", "department", "effort_hours"),
    "data_errors": ("name", "week", "data_object", "error_kind", "rate"),
    "work": (
        *("name", "week", "workstream", "department", "effort_hours", "key_user_hours"),
        *("holds_up", "data_object"),
    ),
    "builds": ("name", "week", "department", "effort_hours"),
    "checks": ("name", "check", "effort_hours", "key_user_hours", "tolerance"),
}
_AMBIGUITY, _QUESTION_PROBABILITY = 0.375, 0.5
"""Typical of requirements, and of work that must be done first."""


def _rows(part: str | None, table: str, **fixed: object) -> Iterator[dict[str, Any]]:
    """Rows of a table as fields of a record, with those that all its rows have in common."""
    content = _CONTENT if part is None else _CONTENT[part]
    for row in content.get(table, ()):
        yield {**fixed, **dict(zip(_FIELDS[table], row, strict=False))}


def _requirements(part: str) -> tuple[Requirement, ...]:
    rows = _rows(part, "requirements", ambiguity=_AMBIGUITY)
    return tuple(Requirement.model_validate(row) for row in rows)


def _challenges(part: str) -> tuple[Challenge, ...]:
    errors = _rows(part, "data_errors", effect="data_errors")
    work = _rows(part, "work", effect="work", question_probability=_QUESTION_PROBABILITY)
    builds = []
    for row in _rows(part, "builds", kind=RequirementKind.ENHANCEMENT, ambiguity=_AMBIGUITY):
        fields = {"name": row["name"], "week": row.pop("week"), "requirement": row}
        builds.append(RequirementChallenge.model_validate({"effect": "requirement", **fields}))
    return (*map(DataChallenge.model_validate, errors), *map(Work.model_validate, work), *builds)


CHECKS: tuple[CheckChallenge, ...] = tuple(
    CheckChallenge.model_validate(row)
    for row in _rows(None, "checks", effect="acceptance_check", week=CHALLENGE_WEEKS)
)
"""Checks that must be passed before go-live, in every industry."""
COMMON_REQUIREMENTS: tuple[Requirement, ...] = _requirements("common")
"""Requirements that firms of any industry may have."""
COMMON_CHALLENGES: tuple[Challenge, ...] = _challenges("common")
"""Challenges that firms of any industry may have."""
REQUIREMENTS: dict[Industry, tuple[Requirement, ...]] = {
    industry: _requirements(industry) for industry in Industry
}
"""Requirements by industry."""
CHALLENGES: dict[Industry, tuple[Challenge, ...]] = {
    industry: _challenges(industry) for industry in Industry
}
"""Challenges by industry."""
