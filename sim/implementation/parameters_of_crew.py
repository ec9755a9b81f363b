"""Crew parameters: how fast each role works in each workstream, and how cleanly."""

from __future__ import annotations

from dataclasses import dataclass

from ...scenarios.implementation.vocabulary import Workstream
from ..parameter_row import ESTIMATE, OURS, row, with_rows

_SKILLS: dict[str, tuple[float, ...]] = {
    "orchestrator": (0.75, 0.6, 0.65, 0.6, 0.75, 0.85, 0.6, 0.9),
    "project_manager": (0.85, 0.4, 0.4, 0.3, 0.35, 0.75, 0.9, 0.85),
    "data_migration": (0.5, 1.0, 0.5, 0.45, 0.75, 0.6, 0.4, 0.8),
    "configuration": (0.6, 0.55, 1.0, 0.95, 0.85, 0.7, 0.55, 0.6),
    "industry_expert": (1.0, 0.65, 0.75, 0.6, 0.4, 0.9, 0.95, 0.65),
}
"""Speed of each role in the workstreams, in their order."""
_ERRORS = {
    "orchestrator": 1.1,
    "project_manager": 1.4,
    "data_migration": 1.0,
    "configuration": 0.9,
    "industry_expert": 0.9,
}
_UNIT = "x specialist"


def _rows() -> dict[str, float]:
    rows = {}
    for role, speeds in _SKILLS.items():
        for name, speed in zip(Workstream, speeds, strict=True):
            described = f"Speed in {name}."
            rows[f"skill_{role}_{name}"] = row(speed, _UNIT, 0.1, 1.2, ESTIMATE, OURS, described)
        described = "Defects injected per unit of work."
        rows[f"errors_{role}"] = row(_ERRORS[role], _UNIT, 0.5, 3, ESTIMATE, OURS, described)
    return rows


@dataclass(frozen=True)
@with_rows(_rows())
class CrewParameters:
    """Skill of each role per workstream (1: a specialist) and its error factor."""
