"""Routers of cases by name: rules, those that learn from examples, linear bandits, and bounds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...core.random_streams import RandomStreams, purpose
from ...scenarios.gateway.vocabulary import FAMILIES
from ...sim.gateway.bandit import BanditStream
from ...sim.gateway.laws import logistic_all
from .cases import PERSON, Case, CaseRouter, Lesson
from .linear import lin_ucb, lin_ucb_flat, thompson
from .signs import Signs, Values, logits

_LOT = purpose("agents/gateway case lots")
_COUNT = len(FAMILIES)
_HARM = 0.15
"""Of its worth, what a task that fails costs besides the fee: a middling company's."""


class CaseRule:
    """Places every task with the legal agent that one rule values most.

    Args:
        name: of the router.
        rule: a value for each agent.
    """

    def __init__(self, name: str, rule: Callable[[Signs], Values]) -> None:
        self.name, self._rule = name, rule

    def reset(self, seed: int) -> None:
        """Forget nothing."""

    def choose(self, case: Case) -> int:
        """The rule's agent, or a person where no agent is legal."""
        return best_agent(self._rule(case.signs), case)

    def learn(self, case: Case, choice: int, lesson: Lesson) -> None:
        """Learn nothing."""


class RoundRobinCases(CaseRule):
    """Places tasks with one agent after another."""

    def __init__(self) -> None:
        super().__init__("round_robin", lambda signs: signs.good)

    def choose(self, case: Case) -> int:
        """The next legal agent."""
        count = len(case.signs.legal)
        turn = (np.arange(count) + case.number) % count
        return best_agent(-turn.astype(np.float64), case)


class ByLotCases(CaseRule):
    """Places every task with any legal agent, all alike."""

    def __init__(self) -> None:
        super().__init__("by_lot", lambda signs: signs.good)
        self._luck = RandomStreams(0)

    def reset(self, seed: int) -> None:
        """Draw lots of this seed."""
        self._luck = RandomStreams(seed)

    def choose(self, case: Case) -> int:
        """Any legal agent."""
        whom = np.arange(len(case.signs.legal), dtype=np.uint64)
        return best_agent(self._luck.uniforms(_LOT, whom, case.number), case)


class ByChance:
    """Places a task where an estimated chance, worth and fee leave most; its heirs estimate it."""

    name = "by_chance"

    def reset(self, seed: int) -> None:
        """Begin at a company that it does not know."""

    def chances(self, case: Case) -> Values:
        """Estimated chance of success of each agent, float64 (agents,)."""
        return case.signs.good

    def choose(self, case: Case) -> int:
        """The agent of the highest worth less fee and harm; a person where that is more."""
        chance = self.chances(case)
        worth = (chance - _HARM * (1.0 - chance)) * case.worth_usd - case.signs.fee_usd
        best = best_agent(worth, case)
        person = 0.9 * case.worth_usd - case.person_usd
        return best if best != PERSON and worth[best] > person else PERSON

    def learn(self, case: Case, choice: int, lesson: Lesson) -> None:
        """Hear what came of a choice."""


class Neighbours(ByChance):
    """Asks how each agent did at the most similar tasks so far, beside its record.

    Args:
        count: of neighbours, among all tasks placed.
    """

    name = "neighbours"

    def __init__(self, count: int = 60) -> None:
        self._count = count
        self.reset(0)

    def reset(self, seed: int) -> None:
        """Forget all tasks."""
        self._tasks = np.empty((64, 2 * _COUNT + 1))
        self._who = np.empty(64, dtype=np.int64)
        self._right = np.empty(64)
        self._size = 0

    def chances(self, case: Case) -> Values:
        """The record's share, moved by the neighbours."""
        signs = case.signs
        right, asked = np.zeros(len(signs.good)), np.zeros(len(signs.good))
        if self._size:
            away = np.square(self._tasks[: self._size] - _place_of(case)).sum(axis=1)
            near = np.argpartition(away, min(self._count, self._size - 1))[: self._count]
            np.add.at(asked, self._who[near], 1.0)
            np.add.at(right, self._who[near], self._right[near])
        prior = 0.5 * (signs.good_read + signs.good_label)
        return (right + 6.0 * prior) / (asked + 6.0)

    def learn(self, case: Case, choice: int, lesson: Lesson) -> None:
        """Remember the task, who did it, and whether it went well."""
        if choice == PERSON:
            return
        if self._size == len(self._who):
            self._tasks = np.concatenate([self._tasks, np.empty_like(self._tasks)])
            self._who = np.concatenate([self._who, np.empty_like(self._who)])
            self._right = np.concatenate([self._right, np.empty_like(self._right)])
        place = self._size
        self._tasks[place], self._who[place] = _place_of(case), choice
        self._right[place] = lesson.success
        self._size += 1


def _place_of(case: Case) -> Values:
    place = np.zeros(2 * _COUNT + 1)
    place[:_COUNT] = case.reading
    place[_COUNT + case.label] = 0.5
    place[-1] = 0.25 * np.log2(max(case.estimate_hours, 0.02))  # same bits: ties only
    return place


class Factors(ByChance):
    """Matrix factorisation: successes of agents by families, as of low rank.

    A share has logits ``own + what is common to the family + two factors``; every hundred tasks the
    factors are fitted anew to counts of successes, agents and families by turns (ridge regression
    on empirical logits, weighted by counts).

    Args:
        rank: factors.
    """

    name = "factors"

    def __init__(self, rank: int = 2) -> None:
        self._rank = rank
        self.reset(0)

    def reset(self, seed: int) -> None:
        """Forget all successes."""
        self._right: Values = np.zeros((0, _COUNT))
        self._asked: Values = np.zeros((0, _COUNT))
        self._heard = 0
        self._logits: Values | None = None

    def chances(self, case: Case) -> Values:
        """The factors' chance, between the families that the text speaks of."""
        signs = case.signs
        if self._logits is None:
            return 0.5 * (signs.good_read + signs.good_label)
        weights = case.reading if case.reading.sum() > 0.0 else np.eye(_COUNT)[case.label]
        found = self._logits @ weights + 0.5 * (logits(signs.good_read) + logits(signs.good_label))
        return logistic_all(found)

    def learn(self, case: Case, choice: int, lesson: Lesson) -> None:
        """Count, and fit anew at times."""
        if choice == PERSON:
            return
        if not len(self._asked):
            self._right = np.zeros((len(case.signs.good), _COUNT))
            self._asked = np.zeros_like(self._right)
        family = case.read
        expected = 0.5 * (case.signs.good_read[choice] + case.signs.good_label[choice])
        self._asked[choice, family] += lesson.weight
        self._right[choice, family] += lesson.weight * (lesson.success - expected)
        self._heard += 1
        if self._heard % 50 == 0:
            self._logits = self._fitted()

    def _fitted(self) -> Values:
        """What agents are better than their records by family, in logits (agents, families)."""
        seen, slope = self._asked, 0.2
        target = np.divide(self._right, slope * seen, out=np.zeros_like(seen), where=seen > 0)
        agents = np.concatenate([np.ones((len(seen), 1)), np.full((len(seen), self._rank), 0.1)], 1)
        agents[:, 1:] *= np.where(np.arange(len(seen)) % 2, 1.0, -1.0)[:, None]
        families = np.zeros((_COUNT, self._rank + 1))
        for _ in range(6):
            families = _regressed(agents, target.T, seen.T)
            agents = _regressed(families, target, seen)
        found: Values = agents @ families.T
        return found


def _regressed(features: Values, target: Values, weights: Values) -> Values:
    """Coefficients of each row of a target, by weighted ridge regression."""
    penalty = 4.0 * np.eye(features.shape[1])
    rows = [
        np.linalg.solve((features.T * w) @ features + penalty, features.T @ (w * t))
        for t, w in zip(target, weights, strict=True)
    ]
    return np.array(rows)


class Prefix(CaseRule):
    """Probe: knows whom the first two words of a text called for at training companies.

    Args:
        families: main family of texts by their first two words.
    """

    def __init__(self, families: dict[str, int]) -> None:
        super().__init__("prefix", lambda signs: signs.confidence)
        self._families = families

    def choose(self, case: Case) -> int:
        """The best in that family by listing and record; the most confident where unknown."""
        family = self._families.get(prefix_of(case.text))
        if family is None:
            return super().choose(case)
        signs = case.signs
        if family == case.read:
            return best_agent(signs.home_read + signs.good_read, case)
        if family == case.label:
            return best_agent(signs.home_label + signs.good_label, case)
        return best_agent(signs.good, case)


def prefix_of(text: str) -> str:
    """The first two words of a text."""
    return " ".join(text.lower().split()[:2])


def best_agent(values: Values, case: Case) -> int:
    """The legal agent of the highest value, or ``PERSON`` where none is legal."""
    legal = case.signs.legal
    return int(np.argmax(np.where(legal, values, -np.inf))) if legal.any() else PERSON


def best_in_hindsight(stream: BanditStream) -> NDArray[np.int64]:
    """The agent that would have brought most, given all tasks that it may do; people the others."""
    person = stream.choices - 1
    paid = np.where(stream.legal, stream.reward_usd, stream.reward_usd[:, [person]])
    best = int(np.argmax(paid[:, :person].sum(axis=0)))
    return np.where(stream.legal[:, best], best, person)


def oracle_choices(stream: BanditStream) -> NDArray[np.int64]:
    """The choice of the highest expected reward, by latent chances."""
    expected = np.where(stream.legal, stream.expected_usd, -np.inf)
    return np.asarray(expected.argmax(axis=1))


RULES: dict[str, Callable[[Signs], Values]] = {
    "cheapest": lambda signs: -signs.fee_usd,
    "best_record": lambda signs: signs.good,
    "by_label": lambda signs: signs.home_label + signs.good_label,
    "keywords": lambda signs: signs.home_read + signs.good_read,
    "most_confident": lambda signs: signs.confidence,
}
"""Values of agents by rule; keywords are those of the families that a text names."""
SIMPLE: dict[str, Callable[[], CaseRouter]] = {
    "by_lot": ByLotCases,
    "round_robin": RoundRobinCases,
    **{name: partial(CaseRule, name, rule) for name, rule in RULES.items()},
}
"""Rules that need no more than a line."""
LEARNING: dict[str, Callable[[], CaseRouter]] = {
    "neighbours": Neighbours,
    "factors": Factors,
    "lin_ucb": lin_ucb,
    "lin_ucb_flat": lin_ucb_flat,
    "thompson": thompson,
}
"""Routers that learn."""
