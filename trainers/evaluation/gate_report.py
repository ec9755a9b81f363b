"""The signed-off report of a gate: every figure as JSON, under a seal that shows a change."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.arguments import checked
from ...core.files import plain, read_report, write_text_atomically
from .adaptation import Adaptation
from .cells import CellKey, Episode
from .criteria import Criterion, in_words, requirement
from .gate import GateResult
from .gate_suites import json_sha256
from .plan import UNTRAINED, installed_versions
from .robustness import Robustness

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON_FILE = "report.json"
HTML_FILE = "report.html"
KIND = "golive gate report"
REPORT_VERSION = 2
SEAL = "seal"
_FIGURES = ("estimate", "low", "high")


@checked
def gate_report(result: GateResult, command: str = "") -> dict[str, Any]:
    """The report of a result, and of the command that makes it again, as a JSON value, sealed."""
    content = {
        "kind": KIND,
        "version": REPORT_VERSION,
        "passed": result.passed,
        "quick": result.quick,
        "signed_off": result.signed_off,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "policy": _policy(result),
        "gate": result.suite.model_dump(mode="json"),
        "gate_sha256": result.suite.sha256(),
        "labels": {metric.name: metric.label for metric in result.kind.metrics},
        "cells": [
            {
                **_key(cell.key),
                "seeds": {"start": cell.seeds[0], "stop": cell.seeds[-1] + 1},
                "scenario_sha256": sha256(cell.scenario.model_dump_json().encode()).hexdigest(),
            }
            for cell in result.cells
        ],
        "versions": {**installed_versions(), "python": platform.python_version()},
        "criteria": [_criterion(criterion) for criterion in result.criteria],
        "test_scenarios": [
            {**_key(test.key), **_fields(test, without="key")} for test in result.tests
        ],
        "metrics": _metrics(result),
        "profiles": [
            {**_fields(profile), "robustness": _robustness(profile.robustness)}
            for profile in result.profiles()
        ],
        "decisions": [
            {"scenario": found.scenario, **asdict(decision)}
            for found in result.accuracy
            for decision in found.decisions
        ],
        "episodes": [_episode(episode) for episode in result.episodes],
    }
    return sealed(plain(content))


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with the seal of it."""
    return {**content, SEAL: seal_of(content)}


def seal_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of everything but the seal itself."""
    return json_sha256({key: value for key, value in content.items() if key != SEAL})


@checked
def seal_holds(report: Mapping[str, Any]) -> bool:
    """True if the report is, figure by figure, the one that was sealed."""
    return bool(report.get(SEAL) == seal_of(report))


def report_text(report: Mapping[str, Any]) -> str:
    """The report as the text of its file."""
    return json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


@checked
def write_gate_report(report: Mapping[str, Any], directory: Path) -> Path:
    """Write ``report.json`` and ``report.html``, each whole or not at all.

    Returns:
        Path of the page.

    Raises:
        GoliveError: one cannot be written.
    """
    from ..reports.gate import render_gate_report

    write_text_atomically(directory / JSON_FILE, report_text(report))
    write_text_atomically(directory / HTML_FILE, render_gate_report(report))
    return directory / HTML_FILE


@checked
def read_gate_report(path: Path) -> dict[str, Any]:
    """A report from its file, or from the directory it lies in; its seal is not checked.

    Raises:
        GoliveError: missing, not JSON, or not the report of a gate.
    """
    needed = (SEAL, "passed", "signed_off", "policy", "criteria")
    return read_report(path, JSON_FILE, "the report of a gate", KIND, REPORT_VERSION, needed)


def _policy(result: GateResult) -> dict[str, Any]:
    from ...agents.policy_file import read_training_record
    from ...agents.registry import policy_file_of

    trained = None
    file = policy_file_of(result.spec) if result.policy_sha256 else None
    if file is not None and file.suffix not in UNTRAINED:
        record = read_training_record(file)
        trained = {
            "scenario": record.scenario,
            "steps": record.steps,
            "seed": record.seed,
            "golive_version": record.golive_version,
        }
    return {
        "name": result.policy,
        "spec": result.spec,
        "sha256": result.policy_sha256 or None,
        "trained": trained,
        "sees_world": result.sees_world,
    }


def _key(key: CellKey) -> dict[str, Any]:
    return {"scenario": key.scenario, "edge_case": key.edge_case or None}


def _criterion(criterion: Criterion) -> dict[str, Any]:
    words = {name: in_words(criterion, getattr(criterion, name)) for name in _FIGURES}
    words["requirement"] = requirement(criterion)
    return {**_fields(criterion), "bound": criterion.bound, "words": words}


def _metrics(result: GateResult) -> dict[str, Any]:
    regrets = [d.regret for found in result.accuracy for d in found.decisions]
    return {
        "accuracy": {
            "share": result.decision_accuracy(),
            "mean_regret": sum(regrets) / len(regrets),
            "mistakes": sum(found.mistakes for found in result.accuracy),
            "decisions": len(regrets),
        },
        "speed": {"latency": result.latency(), "milestones": result.milestones()},
        "robustness": _robustness(result.robustness()),
        "collaboration": result.collaboration(),
        "best_responses": result.efficiency,
        "adaptation": None if result.adaptation is None else _adaptation(result.adaptation),
        "learning": result.learning,
    }


def _robustness(robustness: Robustness) -> dict[str, Any]:
    worst = robustness.worst
    return {**_fields(robustness), "worst": None if worst is None else worst.edge_case}


def _adaptation(found: Adaptation) -> dict[str, Any]:
    derived = ("iterations", "fewest", "most", "made")
    return {**_fields(found), **{name: getattr(found, name) for name in derived}}


def _episode(episode: Episode) -> dict[str, Any]:
    kind, figures = episode.kind, episode.figures
    teamwork = {} if kind.teamwork is None else {"collaboration": episode.collaboration}
    return {
        **_key(episode.cell),
        "seed": episode.seed,
        **{name: figures[name] for name in (*kind.figures.of_episode, *kind.milestones)},
        **teamwork,
        "decisions": figures["decisions"],
        "digest": figures["digest"],
    }


def _fields(value: Any, without: str = "") -> dict[str, Any]:
    """Fields of a dataclass by name, not deeper."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__ if name != without}
