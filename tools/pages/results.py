"""Results of evaluations and of gates, for the README and for pages."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.command import span
from golive.core.errors import GoliveError
from golive.core.tables import Table, figures
from golive.sim.metrics import Metric
from golive.trainers.evaluation import (
    EvaluationPlan,
    EvaluationSummary,
    read_gate_report,
    seal_holds,
)
from golive.trainers.evaluation.summary import (
    SUMMARY_FILE,
    SUMMARY_VERSION,
    Comparison,
    MetricSummary,
)
from golive.trainers.evaluation.tables import describe, headline
from golive.trainers.quality import read_quality_report
from golive.trainers.quality.report import how, interval_text

from .filling import as_type, console, read_json

SHOWN = ("success", "cancelled", "days_late", "cost_ratio", "adoption", "nps")
"""Metrics beside the score; their means are shown."""


def read_summary(directory: Path) -> tuple[EvaluationPlan, EvaluationSummary]:
    """Read what ``golive evaluate --out`` or ``golive demo`` wrote into a folder.

    Raises:
        GoliveError: it is not there, not readable or of another version.
    """
    path = directory / SUMMARY_FILE
    content = read_json(path)
    version = content.get("summary_version")
    if version != SUMMARY_VERSION:
        raise GoliveError(f"{path}: summary_version: {version!r}: expected {SUMMARY_VERSION}")
    plan = EvaluationPlan.from_json(json.dumps(content["plan"]), str(path))
    metrics = tuple(as_type(MetricSummary, _open(e), path) for e in content["metrics"])
    comparisons = tuple(as_type(Comparison, _open(e), path) for e in content["comparisons"])
    return plan, EvaluationSummary(plan.world, metrics, comparisons)


def _open(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with the ends of its intervals that are null, for they are infinite."""
    return {
        name: {**value, "low": _or(value["low"], -math.inf), "high": _or(value["high"], math.inf)}
        if isinstance(value, dict)
        else value
        for name, value in entry.items()
    }


def _or(end: float | None, otherwise: float) -> float:
    return otherwise if end is None else end


def results_text(
    plan: EvaluationPlan,
    summary: EvaluationSummary,
    command: str,
    policy: str | None,
    *,
    by_scenario: bool = False,
) -> str:
    """Sentence, table and command in Markdown; ``policy`` is the one the sentence is about."""
    if policy not in (None, *plan.judged):
        raise GoliveError(f"--policy: {policy!r}: expected one of {plan.judged}")
    table = _scenario_table if by_scenario else _table
    parts = [
        f"{describe(plan)}; 95 % intervals. Made by golive {plan.versions['golive']} with",
        console(command),
        _emphasised(table(plan, summary), policy),
    ]
    if policy is not None:
        parts.insert(0, f"**{headline(plan, summary, policy)}**")
    return "\n\n".join(parts)


def gate_table(directories: Sequence[Path]) -> Table:
    """Criteria x policies of gate reports, each with estimate, interval and verdict.

    Raises:
        GoliveError: a report that cannot be read, or that somebody has changed.
    """
    reports = [read_gate_report(folder / "report.json") for folder in directories]
    for folder, report in zip(directories, reports, strict=True):
        if not seal_holds(report):
            raise GoliveError(f"{folder}: the report's seal is broken")
    rows = []
    for judged in zip(*(report["criteria"] for report in reports), strict=True):
        words = [one["words"] for one in judged]
        spans = [f"{one['estimate']} ({one['low']} to {one['high']})" for one in words]
        cells = [f"{s}: {one['verdict']}" for s, one in zip(spans, judged, strict=True)]
        rows.append((judged[0]["title"], words[0]["requirement"], *cells))
    labels = [str(report["policy"]["name"]) for report in reports]
    return Table("", ("criterion", "required", *labels), rows)


def quality_text(directories: Sequence[Path]) -> str:
    """Checks x scenarios of quality reports, and the commands that make them again.

    Raises:
        GoliveError: a report that cannot be read.
    """
    reports = [read_quality_report(folder) for folder in directories]
    rows = []
    for checks in zip(*(report["checks"] for report in reports), strict=True):
        first = checks[0]
        cells = [_quality_cell(check) for check in checks]
        rows.append((f"`{first['id']}`", first["meaning"], first["bound"], *cells))
    heads = ("check", "what it means if it is passed", "required")
    table = Table("", (*heads, *(str(report["scenario"]) for report in reports)), rows)
    commands = " && ".join(
        f"golive check-world {report['world']} --quality --scenario {report['scenario']} "
        f"--episodes {report['seeds']['stop'] - report['seeds']['start']} "
        f"--out quality-{report['scenario']}"
        for report in reports
    )
    return f"{how(reports[0])}\n\n{console(commands)}\n\n{table.to_markdown()}"


def _quality_cell(check: dict[str, Any]) -> str:
    """A verdict with its figure and interval, where they are on the scale of the bound."""
    figure = ""
    if check["threshold"] is not None and check["estimate"] is not None:
        figure = f": {check['estimate']:.3g} {check['unit']}".rstrip()
        if interval := interval_text(check):
            figure += f" ({interval})"
    return f"{check['verdict']}{figure}"


def _table(plan: EvaluationPlan, summary: EvaluationSummary) -> Table:
    shown = [plan.kind.metric(name) for name in SHOWN]
    versus = (f"minus {plan.reference}", "better on the same customer") if plan.reference else ()
    score = plan.kind.metric(summary.score).label
    headings = (f"{score[0].lower()}{score[1:]}, mean", *versus, *(m.label for m in shown))
    return Table(
        "",
        figures("policy", *headings),
        [
            (
                name,
                span(summary.metric(name).mean, ".3f"),
                *(_against_reference(plan, summary, name) if plan.reference else ()),
                *(_mean(summary, name, metric) for metric in shown),
            )
            for name in summary.ranking()
        ],
    )


def _scenario_table(plan: EvaluationPlan, summary: EvaluationSummary) -> Table:
    """Policies x scenarios: mean score, the difference from the reference, who succeeds."""

    def cell(name: str, scenario: str) -> str:
        where = None if len(plan.scenarios) == 1 else scenario
        success = summary.metric(name, SHOWN[0], where).mean
        parts = [span(summary.metric(name, scenario=where).mean, ".3f")]
        if plan.reference and name != plan.reference:
            parts.append(span(summary.comparison(name, scenario=where).difference, "+.3f"))
        if success:
            parts.append(f"{100 * success.estimate:.0f} % succeed")
        return "; ".join(parts)

    return Table(
        "",
        figures("policy", *plan.scenarios),
        [
            (name, *(cell(name, scenario) for scenario in plan.scenarios))
            for name in summary.ranking()
        ],
    )


def _emphasised(table: Table, policy: str | None) -> str:
    """The table in Markdown with a policy's name in bold."""
    text = table.to_markdown()
    if policy is None:
        return text
    row = Table("", table.columns[:1], [(policy,)]).to_markdown().splitlines()[-1].strip("| ")
    return text.replace(f"\n| {row} |", f"\n| **{row}** |")


def _against_reference(
    plan: EvaluationPlan, summary: EvaluationSummary, name: str
) -> tuple[str, str]:
    if name == plan.reference:
        return "", ""
    comparison = summary.comparison(name)
    better = comparison.probability_of_improvement
    share = f"{100 * better.estimate:.0f} %" if better else "-"
    return span(comparison.difference, "+.3f"), share


def _mean(summary: EvaluationSummary, name: str, metric: Metric) -> str:
    average = summary.metric(name, metric.name).mean
    return metric.format(average.estimate) if average else "-"
