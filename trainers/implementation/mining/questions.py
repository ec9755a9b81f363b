"""Questions to the customer: how often they stop a package, and how long an answer takes.

Both are estimated at the reference that the table's rows are stated for (trust 0.5, complexity 6,
idle key users) with the defaults of the rows that say how they move away from it. Trust is what
the last pulse survey said, load what the key users had booked.

An answer that never came, that an assumption replaced, or that a workshop, an escalation or an
intervention brought forward, counts as one that would have taken longer than it was waited for
(right-censored; Cox & Oakes 1984).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....sim.implementation.parameters import Parameters
from .history import PACKAGE_KINDS, History, PackageHistory, QuestionHistory
from .likelihood import Array, Estimate, Outcome, censored_normal, maximise, too_few

ASKING = frozenset({"discovery", "build", "change", "interface", "map"})
"""Kinds of package that stop on a question with the row's probability (challenges: their own)."""
PRESSED = frozenset({"escalate", "stakeholder_workshop", "manual_intervention"})
"""Moves that bring answers forward."""
LEAST_PACKAGES = 60
LEAST_QUESTIONS = 15
_FIRST, _LAST = 0.1, 0.9
_CEILING = 2.0
_SHORTEST_DAYS = 1e-4
_REFERENCE = 6.0


def mine_questions(histories: Sequence[History], known: Parameters) -> list[Outcome]:
    """``question_probability``, ``decision_latency_days``, ``decision_latency_sigma``."""
    return [*_probability(histories, known), *_latency(histories, known)]


def _probability(histories: Sequence[History], p: Parameters) -> list[Outcome]:
    weights: list[float] = []
    asked: list[bool] = []
    project: list[int] = []
    unrated = nameless = 0
    for number, history in enumerate(histories):
        stopped = {question.package.number: question for question in history.questions}
        unrated += not history.surveys
        for package in history.packages.values():
            nameless += package.kind not in PACKAGE_KINDS
            if package.kind not in ASKING or package.site != history.pilot or not package.sheets:
                continue
            question = stopped.get(package.number)
            exposure = 1.0 if question is not None else _exposure(package)
            if exposure <= 0.0:
                continue
            weights.append(exposure * _frequency(history, package, question, p))
            asked.append(question is not None)
            project.append(number)
    names, what = ["question_probability"], "packages that could have stopped on a question"
    if len(weights) < LEAST_PACKAGES:
        lacks = {"have no package_kind of golive's": nameless}
        return too_few(names, len(weights), LEAST_PACKAGES, what, lacks)
    if not any(asked):
        return too_few(names, 0, 1, f"questions among {len(weights):,} {what}")
    weight, stop = np.array(weights), np.array(asked)
    _, where = np.unique(project, return_inverse=True)
    count = int(where.max()) + 1

    def log_likelihood(theta: Array) -> Array:
        chance = np.clip(np.exp(theta[0]) * weight, 1e-12, 1.0 - 1e-9)
        rows = np.where(stop, np.log(chance), np.log1p(-chance))
        return np.asarray(np.bincount(where, rows, count), dtype=np.float64)

    fit = maximise(log_likelihood, np.array([np.log(stop.mean() / weight.mean())]))
    notes = (f"{unrated} projects without a survey: trust 0.5 assumed",) if unrated else ()
    return [Estimate(names[0], *fit.exponentials(0), len(weights), "packages", notes)]


def _exposure(package: PackageHistory) -> float:
    """Share of the moments at which a question could have come up that lie behind a package."""
    if package.done_hour is not None:
        return 1.0
    progress = package.booked() / package.planned if package.planned > 0.0 else 0.0
    return min(1.0, max(0.0, (progress - _FIRST) / (_LAST - _FIRST)))


def _frequency(
    history: History, package: PackageHistory, question: QuestionHistory | None, p: Parameters
) -> float:
    """Factor by which a question is likelier than at the reference."""
    middle = 0.5 * (package.sheets[0].start + package.sheets[-1].end)
    hour = middle if question is None else question.asked
    factor = 1.0 + p.complexity_questions * (history.complexity - _REFERENCE)
    most = _CEILING * factor
    trust = history.trust(hour)
    factor *= 1.0 + p.latency_trust_slope * (0.5 - (0.5 if trust is None else trust))
    if package.kind != "discovery":
        factor *= 1.0 - p.discovery_answers * history.discovered(package, hour)
        factor /= 1.0 - p.discovery_answers * 0.5
    return min(factor, most)


def _latency(histories: Sequence[History], p: Parameters) -> list[Outcome]:
    rows: list[tuple[float, bool, int]] = []
    for number, history in enumerate(histories):
        for question in history.questions:
            if question.package.site == history.pilot:
                days, cut = _waited(history, question)
                slow = _slowness(history, question, p)
                rows.append((float(np.log(max(days, _SHORTEST_DAYS) / slow)), cut, number))
    names = ["decision_latency_days", "decision_latency_sigma"]
    answered = sum(not cut for _, cut, _ in rows)
    if answered < LEAST_QUESTIONS:
        return too_few(names, answered, LEAST_QUESTIONS, "questions answered of themselves")
    values, cuts, project = (np.array(column) for column in zip(*rows, strict=True))
    fit = censored_normal(np.ones((len(values), 1)), values, cuts.astype(np.bool_), project)
    note = (f"{int(cuts.sum())} of {len(rows)} questions count as longer than waited for",)
    return [
        Estimate(name, *fit.exponentials(index), answered, "answers", note)
        for index, name in enumerate(names)
    ]


def _waited(history: History, question: QuestionHistory) -> tuple[float, bool]:
    """Working days until the answer, and whether it would have taken longer of itself."""
    end, cut = question.ended, question.ended_by != "answer"
    for hour, move in history.moves:
        if move not in PRESSED or not question.asked <= hour <= end:
            continue
        at_once = abs(hour - end) < 1e-6
        if move == "escalate" or at_once:
            end, cut = hour, True
            break
    return (end - question.asked) / history.hours_per_day, cut


def _slowness(history: History, question: QuestionHistory, p: Parameters) -> float:
    """Factor by which answers were slower than at the reference when it was asked."""
    trust = history.trust(question.asked)
    mood = 1.0 + p.latency_trust_slope * (0.5 - (0.5 if trust is None else trust))
    load = min(p.queue_load_limit, max(0.0, question.load or 0.0))
    return max(p.latency_floor, mood) * (1.0 + p.queue_weight * load / (1.0 - load))
