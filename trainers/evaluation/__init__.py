"""Judging policies: the same seeds for all, the statistics to tell them apart, and the gate."""

from .accuracy import AccuracyResult, decision_accuracy
from .gate import GateResult, run_gate
from .gate_report import gate_report, read_gate_report, seal_holds, write_gate_report
from .gate_suites import GateSuite, load_gate, parse_gate
from .plan import EvaluationPlan
from .result import EvaluationResult
from .runner import evaluate, evaluate_suite
from .summary import EvaluationSummary, compare, save_summary, summarise

__all__ = [
    "AccuracyResult",
    "EvaluationPlan",
    "EvaluationResult",
    "EvaluationSummary",
    "GateResult",
    "GateSuite",
    "compare",
    "decision_accuracy",
    "evaluate",
    "evaluate_suite",
    "gate_report",
    "load_gate",
    "parse_gate",
    "read_gate_report",
    "run_gate",
    "save_summary",
    "seal_holds",
    "summarise",
    "write_gate_report",
]
