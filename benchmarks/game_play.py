"""Episodes of a game: policies x customers x luck.

Whom an episode is played for, a customer or a company, is drawn by a seed of a suite and stays the
same under every luck. Luck is the same under every policy (common random numbers), of its own for
each customer, so that customers are independent of each other, and outside every split of suites.
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
from golive.core.arithmetic import plain_sum
from golive.core.execution import Backend, backend_for, map_tasks
from golive.scenarios.loader import suite_scenarios
from golive.scenarios.scenario import Scenario
from golive.scenarios.suite import Split, Suite
from golive.sim.episodes import run
from golive.sim.world_kind import PolicyFactory
from golive.sim.worlds import world_kind
from golive.trainers.datasets.playing import PaidTerms
from golive.trainers.evaluation.statistics import FloatArray

MOST_LUCK = 1_000
"""Luck seeds that each customer has for itself."""

Progress = Callable[[int, int], None]
"""Called with (episodes done, in all)."""


@dataclass(frozen=True, slots=True)
class Case:
    """A customer, and where its luck begins.

    Attributes:
        scenario: whose family the customer is of.
        first_luck: seed of the first episode's luck; the others follow.
        customer: the same under every luck, where a world has customers as an option of episodes.
        seed: that draws what stays the same, where a world draws it from the episode's seed.
    """

    scenario: Scenario
    first_luck: int
    customer: Any = None
    seed: int | None = None

    def arguments(self, luck: int) -> dict[str, Any]:
        """Arguments that an episode is run with under a luck seed."""
        if self.seed is None:
            return {"seed": luck, "customer": self.customer}
        return {"seed": self.seed, "luck": luck}


CaseMaker = Callable[[Any, int, int], Case]
"""Makes a case from (scenario, seed of what stays the same, first luck)."""


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


def cases_of(suite: Suite, split: Split, customers: int, made: CaseMaker) -> tuple[Case, ...]:
    """So many customers of a split; a suite of several scenarios has them in turn.

    Customer number n is drawn by the split's seed number n and has the luck of its number, in a
    range of the split's own.
    """
    scenarios: tuple[Any, ...] = suite_scenarios(suite)
    first = suite.splits[split].start
    luck = SEED + MOST_LUCK * len(suite.splits[split]) * (split is not Split.TEST)
    return tuple(
        made(scenarios[n % len(scenarios)], first + n, luck + MOST_LUCK * n)
        for n in range(customers)
    )


def play(
    world: str,
    policies: Mapping[str, PolicyFactory],
    cases: Sequence[Case],
    luck: int,
    *,
    workers: int = 1,
    progress: Progress = lambda _done, _total: None,
) -> Played:
    """Let every policy meet every customer of a world with so many seeds of luck."""
    names = tuple(policies)
    shape = len(names), len(cases), luck
    tasks = list(product(names, range(len(cases)), range(luck)))
    done = count(1)
    rows = map_tasks(
        partial(_episode, world, dict(policies), tuple(cases)),
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
    world: str,
    policies: Mapping[str, PolicyFactory],
    cases: Sequence[Case],
    task: tuple[str, int, int],
) -> tuple[float, float, int]:
    name, place, number = task
    case, kind = cases[place], world_kind(world)
    language = kind.reward_language
    paid = PaidTerms(language.reward(language.default))
    arguments = case.arguments(case.first_luck + number)
    episode = run(kind, policies[name](), case.scenario, observers=[paid], **arguments)
    card: Any = episode.scorecard
    reward = plain_sum(plain_sum(row.values()) for row in paid.steps)
    illegal = int(getattr(card, kind.figures.illegal)) if kind.figures.illegal else 0
    return kind.score_of(card), reward, illegal
