"""The result of a regression benchmark as JSON, for programs and as an artefact of a CI run."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .baseline import Figures, this_environment
from .findings import Comparison, Difference
from .tables import findings

if TYPE_CHECKING:
    from .suite import LoadedSuite

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
    speed = comparison.speed
    return {
        "findings": findings(comparison),
        "cells": comparison.cells,
        "differences": [_difference(d) for d in comparison.differences],
        "digests": [asdict(d) for d in comparison.digests],
        "probes": [asdict(p) for p in comparison.probes],
        "learned": [asdict(j) | {"fell": j.fell} for j in comparison.learned],
        "speed": None
        if speed is None
        else {
            "baseline": speed.baseline.model_dump(mode="json"),
            "now": speed.now.model_dump(mode="json"),
            "limit": speed.limit,
            "slower": speed.slower,
        },
        "unknown": comparison.unknown,
        "gone": comparison.gone,
        "suite_changed": comparison.suite_changed,
        "notes": comparison.notes,
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return asdict(difference) | {"change": difference.change}
