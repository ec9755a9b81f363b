"""Judging policies on recorded episodes, and judging those judgements by the simulator."""

from .estimators import DEFAULT_ESTIMATORS, Estimator, FitSettings
from .offline import Estimate, OfflineEvaluation, evaluate_offline
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
