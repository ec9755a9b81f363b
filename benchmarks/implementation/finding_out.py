"""Tell whether a policy finds out what a customer is like, and acts on it.

What nobody states of a customer can be read off signs and off readings that cost money and days. A
policy that finds out buys readings, is worse without them, and worse where it is told by lot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.command import CORES, JsonOption, ScenarioOption, WorkersOption, show, span, start
from benchmarks.implementation.game_wrappers import Misinformed, Without
from golive.agents.registry import load_policy
from golive.core.execution import map_tasks
from golive.core.tables import Table, figures
from golive.scenarios.implementation.traits import TRAITS
from golive.scenarios.loader import load_scenario, load_suite, suite_name_of
from golive.scenarios.suite import Split
from golive.sim.episodes import run
from golive.sim.implementation.decision import READS, Move
from golive.sim.observer import Observer
from golive.sim.policy import Policy
from golive.sim.protocol import AnyWorld
from golive.sim.worlds import kind_of
from golive.trainers.evaluation.intervals import mean_interval
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.statistics import Interval

AS_IT_IS, WITHHELD, BY_LOT = "as it is", "buys no reading", "told by lot"
VARIANTS: dict[str, Callable[[Policy], Policy]] = {
    AS_IT_IS: lambda policy: policy,
    WITHHELD: lambda policy: Without(policy, moves=tuple(READS)),
    BY_LOT: lambda policy: Misinformed(policy, TRAITS),
    **{
        f"told {trait.replace('_', ' ')} by lot": partial(Misinformed, traits=(trait,))
        for trait in TRAITS
    },
}


@dataclass(frozen=True, slots=True)
class FindingOut:
    """Worth of knowing to a policy.

    Attributes:
        policy: its name.
        scenario: likewise.
        episodes: held-out customers.
        score: of the policy as it is.
        losses: of score by each other variant, paired.
        bought: readings per project, by the move that buys them.
    """

    policy: str
    scenario: str
    episodes: int
    score: Interval
    losses: Mapping[str, Interval]
    bought: Mapping[str, float]


def command(
    *,
    policy: Annotated[str, typer.Option(help="By name or path.")] = "champion",
    scenario: ScenarioOption = "furniture",
    episodes: Annotated[int, typer.Option(min=2, help="Held-out customers.")] = 200,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Compare a policy with itself without readings, and told of the customer by lot."""
    found = measure_finding_out(policy, scenario, episodes, workers)
    show(found, [finding_out_table(found), bought_line(found)], as_json)


def measure_finding_out(policy: str, scenario: str, episodes: int, workers: int) -> FindingOut:
    """Play every variant with the same held-out customers."""
    loaded = load_scenario(scenario)
    suite = load_suite(suite_name_of(loaded.name) or kind_of(loaded).default_suite)
    first = suite.splits[Split.TEST].start
    with counting_bar("Customers") as progress:
        done = count(1)
        rows = map_tasks(
            partial(_play, policy, loaded),
            range(first, first + episodes),
            workers=workers,
            on_result=lambda *_: progress(next(done), episodes),
        )
    scores = np.array([row for row, _ in rows])
    bought: Counter[str] = sum((counts for _, counts in rows), Counter())
    return FindingOut(
        policy,
        loaded.name,
        episodes,
        mean_interval([scores[:, 0]]),
        {
            name: mean_interval([scores[:, 0] - scores[:, place]])
            for place, name in enumerate(VARIANTS)
            if place
        },
        {move.name.lower(): bought[move.name] / episodes for move in READS},
    )


def finding_out_table(found: FindingOut) -> Table:
    """Losses of each variant."""
    return Table(
        f"{found.policy} on {found.episodes} held-out customers of {found.scenario}: "
        f"score {span(found.score, '.3f')}",
        figures("variant", "loses"),
        [(name, span(loss, "+.3f")) for name, loss in found.losses.items()],
    )


def bought_line(found: FindingOut) -> str:
    """Readings that it buys, in words."""
    parts = [f"{name.replace('_', ' ')} {per:.2f}" for name, per in found.bought.items()]
    return f"Readings bought per project: {', '.join(parts)}."


class _Buys(Observer):
    """Counts the readings that are ordered."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def decided(self, world: AnyWorld, briefing: Any, legal: Any, decision: Any) -> None:
        """Count it."""
        if decision.move in READS:
            self.counts[Move(decision.move).name] += 1


def _play(policy: str, scenario: Any, seed: int) -> tuple[list[float], Counter[str]]:
    """Score of each variant with a customer, and what the policy as it is buys."""
    kind = kind_of(scenario)
    scores, counts = [], Counter[str]()
    for name, varied in VARIANTS.items():
        buys = _Buys()
        played = run(kind, varied(load_policy(policy, kind)), scenario, seed, observers=[buys])
        scores.append(kind.score_of(played.scorecard))
        if name == AS_IT_IS:
            counts = buys.counts
    return scores, counts


if __name__ == "__main__":
    start("benchmarks.implementation.finding_out")
