"""Episodes of the game: policies x customers x luck.

A customer is drawn by a seed of a suite and stays the same under every luck. Luck is the seed of
the episode: the same under every policy (common random numbers), of its own for each customer,
so that customers are independent of each other, and outside every split of the suites.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import SEED
from benchmarks.implementation.game_wrappers import DecisionWatch
from golive.agents.implementation.kind import KIND
from golive.core.arithmetic import plain_sum
from golive.core.execution import Backend, backend_for, map_tasks
from golive.scenarios.implementation.customer import Customer
from golive.scenarios.implementation.family import draw_customer
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.loader import suite_scenarios
from golive.scenarios.suite import Split, Suite
from golive.sim.episodes import run
from golive.sim.implementation.decision import Decision
from golive.sim.world_kind import PolicyFactory
from golive.trainers.datasets.playing import PaidTerms
from golive.trainers.evaluation.statistics import FloatArray

SCORE = "go_live_score"
"""The field of the scorecard that skill is measured by."""
MOST_LUCK = 1_000
"""Luck seeds that each customer has for itself."""

Progress = Callable[[int, int], None]
"""Called with (episodes done, in all)."""


@dataclass(frozen=True, slots=True)
class Case:
    """A customer, and where its luck begins.

    Attributes:
        scenario: whose family the customer is of.
        customer: the same under every luck.
        first_luck: seed of the first episode; the others follow.
    """

    scenario: ImplementationScenario
    customer: Customer
    first_luck: int


@dataclass(frozen=True, slots=True)
class Played:
    """Results of policies; arrays have the shape (policies, customers, luck).

    Attributes:
        names: of the policies.
        scores: by the scorecard.
        rewards: undiscounted returns of the default reward.
        illegal: illegal parts of decisions.
    """

    names: tuple[str, ...]
    scores: FloatArray
    rewards: FloatArray
    illegal: NDArray[np.int64]

    def place(self, name: str) -> int:
        """The place of a policy."""
        return self.names.index(name)


def cases_of(suite: Suite, split: Split, customers: int) -> tuple[Case, ...]:
    """So many customers of a split; a suite of several scenarios has them in turn.

    Customer number n is drawn by the split's seed number n and has the luck of its number, in a
    range of the split's own.
    """
    scenarios: tuple[Any, ...] = suite_scenarios(suite)
    first = suite.splits[split].start
    luck = SEED + MOST_LUCK * len(suite.splits[split]) * (split is not Split.TEST)
    return tuple(
        Case(scenario, draw_customer(scenario, first + n), luck + MOST_LUCK * n)
        for n in range(customers)
        for scenario in [scenarios[n % len(scenarios)]]
    )


def play(
    policies: Mapping[str, PolicyFactory],
    cases: Sequence[Case],
    luck: int,
    *,
    workers: int = 1,
    progress: Progress = lambda _done, _total: None,
) -> Played:
    """Let every policy meet every customer with so many seeds of luck."""
    names = tuple(policies)
    shape = len(names), len(cases), luck
    tasks = list(product(names, range(len(cases)), range(luck)))
    done = count(1)
    rows = map_tasks(
        partial(_episode, dict(policies), tuple(cases)),
        tasks,
        workers=workers,
        backend=backend_for(workers, Backend.PROCESS),
        name_of=lambda task: f"{task[0]}, customer {task[1]}, luck {task[2]}",
        on_result=lambda *_: progress(next(done), len(tasks)),
    )
    columns = np.asarray(rows, dtype=np.float64).reshape(*shape, 3)
    scores, rewards, illegal = np.moveaxis(columns, -1, 0)
    return Played(names, scores, rewards, illegal.astype(np.int64))


def _episode(
    policies: Mapping[str, PolicyFactory], cases: Sequence[Case], task: tuple[str, int, int]
) -> tuple[float, float, int]:
    name, place, number = task
    case = cases[place]
    language = KIND.reward_language
    paid = PaidTerms(language.reward(language.default))
    seed = case.first_luck + number
    episode = run(
        KIND, policies[name](), case.scenario, seed, observers=[paid], customer=case.customer
    )
    card: Any = episode.scorecard
    reward = plain_sum(plain_sum(row.values()) for row in paid.steps)
    return float(getattr(card, SCORE)), reward, card.illegal_decisions


def recorded_decisions(policy: PolicyFactory, cases: Sequence[Case]) -> list[dict[int, Decision]]:
    """Decisions by day of a policy, one episode for each customer."""
    found = []
    for case in cases:
        episode = run(
            KIND,
            policy(),
            case.scenario,
            case.first_luck,
            observers=[DecisionWatch()],
            customer=case.customer,
        )
        found.append(dict(episode.figures["decisions"]))
    return found
