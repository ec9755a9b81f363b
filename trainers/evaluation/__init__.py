"""Judging policies: the same seeds for all, and the statistics to tell them apart."""

from .plan import EvaluationPlan
from .result import EvaluationResult
from .runner import evaluate, evaluate_suite
from .summary import EvaluationSummary, compare, save_summary, summarise

__all__ = [
    "EvaluationPlan",
    "EvaluationResult",
    "EvaluationSummary",
    "compare",
    "evaluate",
    "evaluate_suite",
    "save_summary",
    "summarise",
]
