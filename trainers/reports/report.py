"""The report of an evaluation: one HTML file that needs nothing beside itself."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...core.errors import GoliveError
from ...core.files import write_text_atomically
from ..evaluation.intervals import performance_profile
from ..evaluation.result import EvaluationResult
from ..evaluation.statistics import FloatArray
from ..evaluation.summary import EvaluationSummary
from ..evaluation.tables import (
    all_metrics_table,
    comparison_table,
    describe,
    headline,
    metric_table,
    reliability_table,
    scenario_table,
    score_table,
    training_table,
)
from . import pictures
from .episode import RecordedEpisode, episodes_section
from .markup import Markup, page, section, tag

REPORT_FILE = "report.html"


@dataclass(frozen=True)
class Report:
    """The parts of a report.

    Attributes:
        result: the evaluation.
        summary: its tables.
        command: that makes it again.
        focus: the policy it is about; empty is the best that is not the reference.
        title: of the page.
        curve: how the focus policy learned, if known.
        episodes: recorded episodes to show beside one another, if any.
    """

    result: EvaluationResult
    summary: EvaluationSummary
    command: str
    focus: str = ""
    title: str = "Evaluation"
    curve: pictures.LearningCurve | None = None
    episodes: Sequence[RecordedEpisode] = ()

    def focus_policy(self) -> str:
        """The policy the report is about.

        Raises:
            GoliveError: ``focus`` is not among the evaluated policies.
        """
        plan = self.result.plan
        if self.focus and self.focus not in plan.judged:
            known = ", ".join(plan.judged)
            raise GoliveError(f"focus: {self.focus!r}: expected one of {known}")
        if self.focus:
            return self.focus
        ranked = [name for name in self.summary.ranking() if name != plan.reference]
        return ranked[0] if ranked else plan.reference


def write_report(report: Report, path: Path) -> Path:
    """Write the page, whole or not at all; returns its path."""
    write_text_atomically(path, render_report(report))
    return path


def render_report(report: Report) -> str:
    """The page as text."""
    parts = [*_opening(report), *_evidence(report), *_showing(report), *_closing(report)]
    return page(report.title, parts)


def _opening(report: Report) -> list[Markup]:
    plan, summary, focus = report.result.plan, report.summary, report.focus_policy()
    parts = [tag("h1", report.title), tag("p", describe(plan) + ".", class_="quiet")]
    if plan.reference and focus != plan.reference:
        parts.append(tag("p", headline(plan, summary, focus), class_="headline"))
    parts.append(section(score_table(plan, summary, wide=True, focus=focus), "Who scores what"))
    trainings = training_table(report.result, summary)
    if trainings.rows:
        parts.append(section(trainings, "Training by training"))
    parts.append(section(metric_table(plan, summary, wide=True, focus=focus), "What happened"))
    if summary.reliability:
        parts.append(section(reliability_table(summary.reliability), "How reliable they are"))
    return parts


def _evidence(report: Report) -> list[Markup]:
    plan, focus = report.result.plan, report.focus_policy()
    cast = pictures.Cast(focus, plan.reference, plan.kind.score_label)
    scores = {name: _pooled(report.result, name) for name in report.summary.ranking()}
    parts: list[Markup] = []
    if report.curve is not None and report.curve.steps.size:
        parts += _figure(
            "How it learned",
            pictures.learning_curve(report.curve, cast),
            f"Mean {plan.kind.score_label} on validation episodes while training.",
        )
    parts += _figure(
        "How the scores are spread",
        pictures.score_distributions(scores, cast),
        "Each dot is one customer; the box holds the middle half, the thick line is the median.",
    )
    if plan.reference and focus != plan.reference:
        parts += _paired_section(report, cast, scores)
    if len(plan.scenarios) > 1:
        parts.append(section(scenario_table(plan, report.summary), "Scenario by scenario"))
    return [*parts, *_profile_section(report, cast)]


def _paired_section(
    report: Report, cast: pictures.Cast, scores: dict[str, FloatArray]
) -> list[Markup]:
    others = {}
    for name in report.summary.ranking():
        if name != cast.reference:
            difference = report.summary.comparison(name).difference
            if difference is not None:
                others[name] = difference
    if cast.focus not in others:
        return []
    picture = pictures.paired_differences(
        scores[cast.focus] - scores[cast.reference], others[cast.focus], cast, others
    )
    return _figure(
        f"Customer by customer against {cast.reference}",
        picture,
        "Left: the difference on every customer, sorted; line and band are the mean and its "
        "95 % interval. Right: the mean paired difference of every policy.",
    )


def _profile_section(report: Report, cast: pictures.Cast) -> list[Markup]:
    thresholds = np.linspace(0.0, 1.0, 201)
    profiles = {
        name: performance_profile(report.result.scores(name, report.result.score), thresholds)
        for name in report.result.plan.judged
    }
    return _figure(
        "Performance profile",
        pictures.performance_profiles(profiles, cast),
        "Share of customers with more than a score; higher is better everywhere. "
        "Bands are pointwise exact 95 % intervals.",
    )


def _showing(report: Report) -> list[Markup]:
    if not report.episodes:
        return []
    first = report.episodes[0]
    return [
        tag("h2", "One episode, side by side"),
        tag(
            "p",
            f"{first.world.subject}, {first.world.scenario.title}, seed {first.seed}: the same "
            "customer with the same luck. Of all customers it is the one with the median "
            "difference.",
            class_="quiet",
        ),
        episodes_section(report.episodes),
    ]


def _closing(report: Report) -> list[Markup]:
    plan, focus = report.result.plan, report.focus_policy()
    parts: list[Markup] = []
    if plan.reference and focus != plan.reference:
        parts.append(section(comparison_table(report.summary, focus, plan.reference)))
    parts += [
        section(all_metrics_table(report.summary)),
        tag("h2", "How to make it again"),
        tag("pre", report.command),
        tag("p", _provenance(report), class_="quiet"),
    ]
    return parts


def _provenance(report: Report) -> str:
    plan = report.result.plan
    versions = ", ".join(f"{name} {version}" for name, version in plan.versions.items())
    fingerprints = ", ".join(
        f"{name} {digest}"
        for name, digest in zip(plan.policies, plan.fingerprints, strict=True)
        if digest
    )
    hashes = ", ".join(
        f"{name} {digest}"
        for name, digest in zip(plan.scenarios, plan.scenario_fingerprints, strict=True)
    )
    trained = f" Hash of policies: {fingerprints}." if fingerprints else ""
    poisoned = "; ".join(str(episode) for episode in report.result.poisoned)
    left_out = f" Customers left out because an episode failed: {poisoned}." if poisoned else ""
    return (
        f"Seeds {plan.seeds[0]} to {plan.seeds[-1]}, the same for every policy.{left_out} Hash of "
        f"scenarios: {hashes}.{trained} {versions}, Python {platform.python_version()}."
    )


def _figure(title: str, picture: Markup, caption: str) -> list[Markup]:
    return [tag("h2", title), tag("figure", picture, tag("figcaption", caption))]


def _pooled(result: EvaluationResult, policy: str) -> FloatArray:
    return np.concatenate(result.scores(policy, result.score))
