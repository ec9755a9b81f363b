"""Put the results of an evaluation into the README, so that no number is typed by hand.

``python tools/update_results_table.py demo/evaluation --command "make demo" --policy trained``
renders ``summary.json`` of that folder between ``<!-- results:begin -->`` and
``<!-- results:end -->`` of README.md, together with the command that makes it again.
``--by-scenario`` renders policies x scenarios instead; ``--mark`` and ``--page`` say where.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from golive.core.errors import GoliveError
from golive.core.files import write_text_atomically
from golive.sim.implementation.metrics import METRICS
from golive.sim.metrics import Metric
from golive.trainers.evaluation import EvaluationPlan, EvaluationSummary
from golive.trainers.evaluation.console import describe, headline
from golive.trainers.evaluation.statistics import Interval
from golive.trainers.evaluation.summary import (
    SUMMARY_FILE,
    SUMMARY_VERSION,
    Comparison,
    MetricSummary,
)

README = Path(__file__).resolve().parent.parent / "README.md"
MARK = "results"
BEGIN, END = f"<!-- {MARK}:begin -->", f"<!-- {MARK}:end -->"
SHOWN = ("success", "cancelled", "days_late", "cost_ratio", "adoption", "nps")
"""Metrics beside the score; their means are shown."""
_INTERVALS = ("mean", "interquartile_mean", "difference")
_PROBABILITIES = ("probability_of_improvement", "unpaired_probability")


def read_summary(directory: Path) -> tuple[EvaluationPlan, EvaluationSummary]:
    """What ``golive evaluate --out`` or ``golive demo`` wrote into a folder.

    Raises:
        GoliveError: it is not there, not readable or of another version.
    """
    path = directory / SUMMARY_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GoliveError(f"{path}: expected the summary of an evaluation: {error}") from None
    if content.get("summary_version") != SUMMARY_VERSION:
        raise GoliveError(
            f"{path}: summary_version: {content.get('summary_version')!r}: "
            f"expected {SUMMARY_VERSION}"
        )
    plan = EvaluationPlan.from_json(json.dumps(content["plan"]), str(path))
    metrics = tuple(MetricSummary(**_with_intervals(entry)) for entry in content["metrics"])
    comparisons = tuple(Comparison(**_with_intervals(entry)) for entry in content["comparisons"])
    return plan, EvaluationSummary(metrics, comparisons)


def results_text(
    plan: EvaluationPlan,
    summary: EvaluationSummary,
    command: str,
    policy: str | None,
    *,
    by_scenario: bool = False,
) -> str:
    """Sentence, table and command in Markdown; ``policy`` is the one the sentence is about."""
    parts = [f"{describe(plan)}; 95 % intervals. Made by golive {plan.versions['golive']} with"]
    lines = "\n".join(f"$ {line.strip()}" for line in command.split(" && "))
    parts.append(f"```console\n{lines}\n```")
    table = _scenario_table if by_scenario else _table
    parts.append(table(plan, summary, policy))
    if policy is not None:
        parts.insert(0, f"**{headline(plan, summary, policy)}**")
    return "\n\n".join(parts)


def updated(page: str, text: str, mark: str = MARK) -> str:
    """The page with the text between the two marks.

    Raises:
        GoliveError: the page has not exactly one of each mark.
    """
    begin, end = f"<!-- {mark}:begin -->", f"<!-- {mark}:end -->"
    if page.count(begin) != 1 or page.count(end) != 1:
        raise GoliveError(f"the page: expected {begin} and {end}, once each")
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return pattern.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", page)


def _table(plan: EvaluationPlan, summary: EvaluationSummary, policy: str | None) -> str:
    shown = [metric for name in SHOWN for metric in METRICS if metric.name == name]
    headings = ["policy", "go-live score, mean"]
    if plan.reference:
        headings += [f"minus {plan.reference}", "better on the same customer"]
    headings += [metric.label for metric in shown]
    lines = ["| " + " | ".join(headings) + " |", "|---" + "|---:" * (len(headings) - 1) + "|"]
    for name in summary.ranking():
        label = f"**{name}**" if name == policy else name
        cells = [label, _span(summary.metric(name).mean, "{:.3f}")]
        if plan.reference:
            cells += _against_reference(plan, summary, name)
        cells += [_mean(summary, name, metric) for metric in shown]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _scenario_table(plan: EvaluationPlan, summary: EvaluationSummary, policy: str | None) -> str:
    """Policies x scenarios: mean score with its interval, and the share that succeeds."""
    headings = ["policy", *plan.scenarios]
    lines = ["| " + " | ".join(headings) + " |", "|---" + "|---:" * len(plan.scenarios) + "|"]
    single = len(plan.scenarios) == 1
    for name in summary.ranking():
        cells = [f"**{name}**" if name == policy else name]
        for scenario in plan.scenarios:
            where = None if single else scenario
            score = _span(summary.metric(name, scenario=where).mean, "{:.3f}")
            success = summary.metric(name, "success", where).mean
            share = f"; {100 * success.estimate:.0f} % succeed" if success else ""
            cells.append(score + share)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _against_reference(
    plan: EvaluationPlan, summary: EvaluationSummary, name: str
) -> tuple[str, str]:
    if name == plan.reference:
        return "", ""
    comparison = summary.comparison(name)
    better = comparison.probability_of_improvement
    share = f"{100 * better.estimate:.0f} %" if better else "-"
    return _span(comparison.difference, "{:+.3f}"), share


def _mean(summary: EvaluationSummary, name: str, metric: Metric) -> str:
    average = summary.metric(name, metric.name).mean
    return metric.format(average.estimate) if average else "-"


def _span(interval: Interval | None, form: str) -> str:
    if interval is None:
        return "-"
    low, high = form.format(interval.low), form.format(interval.high)
    return f"{form.format(interval.estimate)} ({low} to {high})"


def _with_intervals(entry: Mapping[str, Any]) -> dict[str, Any]:
    names = (*_INTERVALS, *_PROBABILITIES)
    return {
        name: Interval(**value) if name in names and value is not None else value
        for name, value in entry.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the README."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, help=f"folder that holds {SUMMARY_FILE}")
    parser.add_argument("--command", required=True, help="what makes this folder again")
    parser.add_argument("--policy", help="the policy that the sentence is about")
    parser.add_argument("--by-scenario", action="store_true", help="policies x scenarios")
    parser.add_argument("--mark", default=MARK, help="between <!-- MARK:begin --> and :end")
    parser.add_argument("--page", "--readme", dest="page", type=Path, default=README)
    told = parser.parse_args(arguments)
    try:
        plan, summary = read_summary(told.directory)
        if told.policy not in (None, *plan.policies):
            raise GoliveError(f"--policy: {told.policy!r}: expected one of {plan.policies}")
        page = told.page.read_text(encoding="utf-8")
        text = results_text(plan, summary, told.command, told.policy, by_scenario=told.by_scenario)
        write_text_atomically(told.page, updated(page, text, told.mark))
    except GoliveError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
