"""The dispatcher: weighs chance, worth, cost, wait and harm of every way, by fixed weights."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...core.arithmetic import binary_logarithm, power
from ...core.yaml_reader import read_document
from ...sim.gateway.briefing import Briefing, TaskView
from ...sim.gateway.decision import Decision, LegalDecisions, Way
from ...sim.gateway.laws import logistic_all
from .signs import Signs, Values, halvings, logits, signs_of, table_of

SHIPPED_FILE = Path(__file__).with_name("expert.yaml")
"""The weights that the dispatcher has unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights that a dispatcher goes by. Ranges of their search stand in ``RANGES``.

    Attributes:
        base: logits of success of an agent of the pool's usual record.
        record: weight of an agent's whole record, per logit of it.
        label: of its record and listing in the label's family, per logit.
        read: of those in the text's family.
        home: logits that a listed doubling is worth.
        confidence: of an agent's own confidence, per logit.
        price: logits that a doubling of an agent's price is a sign of.
        size: logits that a doubling of a task's length costs.
        vague: logits that a vague task costs that was not asked about.
        strength: tasks that shrinking of records stands for.
        half_life_hours: in which an answer loses half its worth.
        harm: what a failed placement costs beside the fee, against the worth.
        person: chance that a person succeeds.
        ask_from_usd: worth from which a vague task is asked about.
        split_from_hours: estimated hours from which a task is split.
    """

    base: float = 0.6
    record: float = 0.5
    label: float = 0.25
    read: float = 0.5
    home: float = 0.6
    confidence: float = 0.15
    price: float = 0.0
    size: float = 0.6
    vague: float = 1.0
    strength: float = 4.0
    half_life_hours: float = 48.0
    harm: float = 0.3
    person: float = 0.9
    ask_from_usd: float = 60.0
    split_from_hours: float = 40.0


RANGES: dict[str, tuple[float, float]] = {
    "base": (-0.5, 2.0),
    "record": (0.0, 1.5),
    "label": (0.0, 1.0),
    "read": (0.0, 1.5),
    "home": (0.0, 1.5),
    "confidence": (0.0, 1.0),
    "price": (-0.8, 0.8),
    "size": (0.0, 1.2),
    "vague": (0.0, 3.0),
    "strength": (1.0, 20.0),
    "half_life_hours": (6.0, 300.0),
    "harm": (0.0, 1.5),
    "person": (0.7, 0.98),
    "ask_from_usd": (5.0, 400.0),
    "split_from_hours": (1.0, 40.0),
}
"""Ranges that weights are searched in; those of which the least is above 1 on a scale of ratios."""


@cache
def shipped_weights() -> Weights:
    """The weights that come with golive."""
    content: dict[str, Any] = dict(read_document(SHIPPED_FILE).data)
    return Weights(**{f.name: float(content[f.name]) for f in fields(Weights)})


class Expert:
    """Places each task where worth less cost, wait and harm is highest, as its weights see it.

    Args:
        weights: None: the shipped ones.
        name: of the router.
    """

    def __init__(self, weights: Weights | None = None, name: str = "expert") -> None:
        self.name = name
        self.weights = weights or shipped_weights()

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def decide(self, briefing: Briefing, legal: LegalDecisions) -> Decision:
        """The way of the highest value."""
        w = self.weights
        task, _ = table_of(briefing)
        if legal.ask and task.vague and task.worth_usd >= w.ask_from_usd:
            return Decision(Way.ASK)
        if legal.split and task.estimate_hours >= w.split_from_hours:
            return Decision(Way.SPLIT)
        signs = signs_of(briefing, legal, w.strength)
        values = agents_worth(w, task, signs, self.chances(briefing, task, signs))
        person = person_worth(w, briefing, task)
        if not signs.legal.any():
            return Decision()
        best = int(np.argmax(np.where(signs.legal, values, -np.inf)))
        return Decision(Way.AGENT, best) if values[best] > person else Decision()

    def chances(self, briefing: Briefing, task: TaskView, signs: Signs) -> Values:
        """Estimated chance of success of each agent, float64 (agents,)."""
        w = self.weights
        usual = logits(signs.good).mean()
        found = w.base + w.record * (logits(signs.good) - usual)
        found = found + w.label * (logits(signs.good_label) - usual)
        found = found + w.read * (logits(signs.good_read) - usual)
        found = found + w.home * (w.label * signs.home_label + w.read * signs.home_read)
        found = found + w.confidence * signs.confidence + w.price * signs.price
        found = found - w.size * binary_logarithm(max(task.estimate_hours, 0.02) / 0.5)
        if task.vague and not task.asked:
            found = found - w.vague
        return logistic_all(found)


def agents_worth(w: Weights, task: TaskView, signs: Signs, chances: Values) -> Values:
    """Worth of placing the task with each agent, in USD, float64 (agents,)."""
    timely = halvings(signs.wait_hours / w.half_life_hours)
    late = signs.wait_hours > max(task.due_in_hours, 0.0)
    worth = task.worth_usd * (timely - 0.2 * late)
    found: Values = chances * worth - (1.0 - chances) * w.harm * task.worth_usd - signs.fee_usd
    return found


def person_worth(w: Weights, briefing: Briefing, task: TaskView) -> float:
    """Worth of giving the task to a person, in USD: sure, dear, and away at night."""
    ahead = max(0, briefing.people_queue + 1 - briefing.people_free) / briefing.people
    hours = task.estimate_hours * (1.0 + ahead) * 24.0 / 9.0
    if briefing.weekday >= 5 or not 8.0 <= briefing.hour_of_day < 17.0:
        hours += 12.0
    timely = power(2.0, -hours / w.half_life_hours) - 0.2 * (hours > task.due_in_hours)
    return w.person * task.worth_usd * timely - task.estimate_hours * briefing.person_usd_per_hour


def changed_weights(weights: Weights, **values: float) -> Weights:
    """The weights with some of them changed."""
    return replace(weights, **values)
