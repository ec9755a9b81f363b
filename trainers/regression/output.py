"""The result of a regression benchmark as JSON, for programs and as an artefact of a CI run."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from .baseline import Figures, this_environment
from .findings import Comparison
from .suite import LoadedSuite
from .tables import findings

RESULT_VERSION = 1


def result_json(
    loaded: LoadedSuite, figures: Figures, comparison: Comparison | None, *, golive_version: str
) -> str:
    """Verdict, everything that moved, and all figures measured, as JSON with sorted keys.

    Args:
        loaded: the suite.
        figures: of this run.
        comparison: with the baseline; None if there is none yet.
        golive_version: of this run.
    """
    content: dict[str, Any] = {
        "result_version": RESULT_VERSION,
        "golive_version": golive_version,
        "environment": this_environment(),
        "suite": {"name": loaded.suite.name, "content": loaded.suite.fingerprint()},
        "verdict": None if comparison is None else comparison.verdict.value,
        "comparison": None if comparison is None else _comparison(comparison),
        "figures": figures.model_dump(mode="json"),
    }
    return json.dumps(content, indent=2, sort_keys=True, allow_nan=False)


def _comparison(comparison: Comparison) -> dict[str, Any]:
    content = asdict(replace(comparison, speed=None))
    for told_elsewhere in ("score", "fallen"):
        del content[told_elsewhere]
    for row, difference in zip(content["differences"], comparison.differences, strict=True):
        del row["better"]
        row["change"] = difference.change
    for row, judgement in zip(content["learned"], comparison.learned, strict=True):
        row["fell"] = judgement.fell
    speed = comparison.speed
    if speed is not None:
        content["speed"] = {
            "baseline": speed.baseline.model_dump(mode="json"),
            "now": speed.now.model_dump(mode="json"),
            "limit": speed.limit,
            "slower": speed.slower,
        }
    return {**content, "findings": findings(comparison)}
