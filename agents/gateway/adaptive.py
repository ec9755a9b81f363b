"""The dispatcher that finds out what its company is like, from what comes back.

Its chances are a logistic law over the signs. What the signs are worth differs from company to
company: the law begins as what they are worth on average, with how much companies differ, and
every task that comes back moves it (an extended Kalman filter over the law's weights). Haste, harm
and joints it takes from reminders, from damage that requesters name, from what was split.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...core.arithmetic import binary_logarithm, power
from ...core.yaml_reader import read_document
from ...sim.gateway.briefing import Briefing, Report, TaskView
from ...sim.gateway.decision import Decision, LegalDecisions, Way
from ...sim.gateway.laws import logistic, logistic_all
from ...sim.gateway.state import News
from .expert import Expert, Weights, changed_weights
from .signs import Signs, Values, logits, signs_of, table_of

SHIPPED_FILE = Path(__file__).with_name("adaptive.yaml")
"""What signs are worth on average, and how companies differ."""
FEATURES = (
    *("one", "record", "label", "read", "home_label", "home_read", "confidence", "price"),
    *("size", "vague"),
)
"""Names of the law's weights."""
_STRENGTH = 4.0
_OPTIMISM = 0.3  # standard deviations: what is not known may be good
_ASK_FROM_USD = 30.0  # of a task for which asking brings a logit; chosen on validation seeds
_DELIVERED = 0.5  # weight of an answer that nobody has complained about yet
_USUAL_HARM, _HARM_WEIGHT = 0.8, 0.35
_BEFORE = 3.0  # reminders, claims or splits that the usual company stands for


@cache
def shipped_law() -> tuple[Values, Values]:
    """Mean (features,) and covariance (features, features) of the law over companies."""
    content: dict[str, Any] = dict(read_document(SHIPPED_FILE).data)
    return np.array(content["mean"]), np.array(content["covariance"])


def features_of(task: TaskView, signs: Signs) -> Values:
    """The law's features of each agent, float64 (agents, features)."""
    return features_of_signs(size_of(task.estimate_hours), task.vague and not task.asked, signs)


def size_of(estimate_hours: float) -> float:
    """Doublings of a task's length beyond half an hour."""
    return binary_logarithm(max(estimate_hours, 0.02) / 0.5)


def features_of_signs(size: float | Values, vague: bool | Values, signs: Signs) -> Values:
    """The law's features of each agent, float64 (agents, features); of many tasks (tasks, ...).

    Args:
        size: doublings of the task's length, of many tasks (tasks, 1).
        vague: whether it leaves out details and nobody was asked, likewise.
        signs: of the agents.
    """
    good = logits(signs.good)
    usual = good.mean(-1, keepdims=True)
    rows = np.empty((*good.shape, len(FEATURES)))
    columns = (
        *(1.0, good - usual, logits(signs.good_label) - usual, logits(signs.good_read) - usual),
        *(signs.home_label, signs.home_read, 0.5 * signs.confidence, signs.price, -size),
        -1.0 * vague,
    )
    for place, values in enumerate(columns):
        rows[..., place] = values
    return rows


class Adaptive(Expert):
    """A dispatcher whose weights follow what comes back.

    Args:
        weights: of what it does not learn; None: the shipped ones.
        law: mean and covariance that its law begins with; None: the shipped ones.
    """

    def __init__(
        self, weights: Weights | None = None, law: tuple[Values, Values] | None = None
    ) -> None:
        super().__init__(weights, "adaptive")
        self._usual = self.weights
        self._law = law or shipped_law()
        self.reset(0)

    def reset(self, seed: int) -> None:
        """Take the company for a usual one again."""
        mean, covariance = self._law
        self.mean, self.covariance = mean.copy(), covariance.copy()
        self.weights = self._usual
        self._open: dict[tuple[int, int], Values] = {}

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The way of the highest value, as far as the company is known by now."""
        for report in briefing.news:
            self._hear(report)
        self.weights = self._found_out(briefing)
        decision = super().decide(briefing, legal)
        if decision.way == Way.AGENT:
            task, _ = table_of(briefing)
            signs = signs_of(briefing, legal, _STRENGTH)
            self._open[task.id, decision.agent] = features_of(task, signs)[decision.agent]
        return decision

    def chances(self, briefing: Briefing, task: TaskView, signs: Signs) -> Values:
        """Estimated chance of success of each agent, a little optimistic, float64 (agents,)."""
        rows = features_of(task, signs)
        spread = np.sqrt(np.einsum("ij,jk,ik->i", rows, self.covariance, rows))
        return logistic_all(rows @ self.mean + _OPTIMISM * spread)

    def _hear(self, report: Report) -> None:
        """Learn from what came back of a placement; overridden ones are not its own."""
        row = self._open.get((report.task, report.agent))
        if row is None:
            return
        match report.what:
            case News.DELIVERED:
                self._learn(row, 1.0, _DELIVERED)
            case News.RETURNED:
                self._learn(row, 0.0, 1.0)
                del self._open[report.task, report.agent]
            case News.WRONG:  # what was taken for right weighs against it
                self._learn(row, 0.0, 1.0 + _DELIVERED)
                del self._open[report.task, report.agent]
            case _:
                pass

    def _learn(self, row: Values, outcome: float, weight: float) -> None:
        chance = logistic(float(row @ self.mean))
        known = weight * max(chance * (1.0 - chance), 1e-3)
        gain = self.covariance @ row
        self.covariance -= np.outer(gain, gain) * (known / (1.0 + known * float(row @ gain)))
        self.mean += (self.covariance @ row) * (weight * (outcome - chance))

    def _found_out(self, briefing: Briefing) -> Weights:
        usual = self._usual
        told, claims = briefing.reminders, briefing.claims
        haste = usual.half_life_hours
        if told:
            share = told / (told + _BEFORE)
            haste = power(haste, 1.0 - share) * power(briefing.reminder_hours, share)
        harm = (_BEFORE * _USUAL_HARM + claims * briefing.claimed_ratio) / (_BEFORE + claims)
        fit = (briefing.splits - briefing.joints_failed + _BEFORE) / (
            briefing.splits + _BEFORE + 0.2
        )
        vague = max(0.1, float(self.mean[FEATURES.index("vague")]))
        return changed_weights(
            usual,
            half_life_hours=haste,
            harm=_HARM_WEIGHT * harm,
            ask_from_usd=_ASK_FROM_USD / vague,
            split_from_hours=2.0 if fit > 0.85 else 40.0,
        )
