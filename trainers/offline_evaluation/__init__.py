"""Judging policies on recorded episodes, and judging those judgements by the simulator."""

from .offline import (
    DEFAULT_ESTIMATORS,
    Estimate,
    Estimator,
    FitSettings,
    OfflineEvaluation,
    evaluate_offline,
)
from .question import Question, ask
from .support import Support

__all__ = [
    "DEFAULT_ESTIMATORS",
    "Estimate",
    "Estimator",
    "FitSettings",
    "OfflineEvaluation",
    "Question",
    "Support",
    "ask",
    "evaluate_offline",
]
