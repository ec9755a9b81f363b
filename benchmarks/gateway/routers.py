"""Routers beside each other: how much of the gap from simple rules to the oracle each closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import CORES, JsonOption, WorkersOption, show
from golive.agents.registry import load_policy
from golive.core.execution import map_tasks
from golive.core.tables import Table, right
from golive.scenarios.gateway.vocabulary import Wordings
from golive.scenarios.loader import load_suite
from golive.scenarios.suite import Split
from golive.sim.episodes import run
from golive.sim.gateway.arrivals import text_of
from golive.sim.gateway.briefing import legal_decisions
from golive.sim.gateway.reporting import briefing_of
from golive.sim.gateway.world import GatewayWorld
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.intervals import student_half_width

SIMPLE = ("by_text", "by_label", "best_record", "most_confident", "shortest_queue", "cheapest",
          "longest_record", "most_liked", "round_robin", "by_lot")  # fmt: skip
"""Rules that need no more than a line."""
WEIGHING = ("expert", "adaptive", "lin_ucb", "thompson", "neighbours", "factors", "trait_reader")
ORACLE = "oracle"
_FIELDS = (
    "gateway_score",
    "agents_usd",
    "people_usd",
    "harm_usd",
    "solved_share",
    "hours_to_solve",
)
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class RouterRow:
    """A router on held-out companies; every interval is of 95 % over companies.

    Attributes:
        router: its name.
        score: mean gateway score.
        difference: from the best simple rule, on the same companies with the same luck.
        half_width: of its interval.
        unpaired: half width if each router had met companies of its own.
        gap: share of the way from the best simple rule to the oracle.
        gap_low: lower end of its interval, by resampling companies.
        gap_high: upper end.
        usd_per_solved: agents, people and harm for each task solved.
        hours: from arrival to the right answer.
    """

    router: str
    score: float
    difference: float
    half_width: float
    unpaired: float
    gap: float
    gap_low: float
    gap_high: float
    usd_per_solved: float
    hours: float


def play(scenario: str, one: tuple[str, int]) -> list[float]:
    """Figures of an episode: ``_FIELDS``, then tasks."""
    name, seed = one
    kind = world_kind("gateway")
    card = run(kind, load_policy(name, kind), scenario, seed).scorecard.as_dict()
    return [float(card[field]) for field in (*_FIELDS, "tasks_arrived")]


def measured_rows(
    scenario: str, routers: Sequence[str], seeds: range, workers: int
) -> list[RouterRow]:
    """Each router on the same companies, best first."""
    work = [(name, seed) for name in routers for seed in seeds]
    found = np.array(map_tasks(partial(play, scenario), work, workers=workers))
    figures = {
        name: found[place * len(seeds) : (place + 1) * len(seeds)]
        for place, name in enumerate(routers)
    }
    scores = {name: rows[:, 0] for name, rows in figures.items()}
    best = max((name for name in routers if name in SIMPLE), key=lambda name: scores[name].mean())
    rows = [_row(name, figures, scores, best) for name in routers]
    return sorted(rows, key=lambda row: -row.score)


def _row(
    name: str,
    figures: Mapping[str, NDArray[np.float64]],
    scores: Mapping[str, NDArray[np.float64]],
    best: str,
) -> RouterRow:
    mine, bar, top = scores[name], scores[best], scores[ORACLE]
    luck = np.random.default_rng(0).integers(len(mine), size=(2_000, len(mine)))
    gained, room = (mine - bar)[luck].mean(axis=1), (top - bar)[luck].mean(axis=1)
    low, high = np.quantile(gained / room, [0.025, 0.975])
    apart = np.sqrt((mine.var(ddof=1) + bar.var(ddof=1)) / len(mine))
    own = figures[name]
    solved = own[:, 4] * own[:, 6]
    return RouterRow(
        router=name,
        score=float(mine.mean()),
        difference=float((mine - bar).mean()),
        half_width=student_half_width([mine - bar], _LEVEL),
        unpaired=float(1.96 * apart),
        gap=float((mine - bar).mean() / (top - bar).mean()),
        gap_low=float(low),
        gap_high=float(high),
        usd_per_solved=float(own[:, 1:4].sum() / max(solved.sum(), 1.0)),
        hours=float(own[:, 5].mean()),
    )


def same_route(scenario: str, router: str, seeds: range) -> float:
    """Share of the decisions that stay the same when the task is worded otherwise."""
    kind, same, asked = world_kind("gateway"), 0, 0
    for seed in seeds:
        world, policy = GatewayWorld(scenario, seed), load_policy(router, kind)
        policy.reset(seed)
        context = world.context
        while not world.finished:
            briefing, legal = world.briefing(), world.legal()
            decision = policy.decide(briefing, legal)
            if briefing.task is not None:
                task = context.state.tasks[briefing.task.id]
                vague = task.missing
                text, task.text = (
                    task.text,
                    text_of(Wordings.HELD_OUT, task.nature, task.shown, task.second, vague),
                )
                other = briefing_of(context)
                same += policy.decide(other, legal_decisions(other)) == decision
                asked += 1
                task.text = text
            world.advance(decision)
    return same / max(1, asked)


def router_table(rows: Sequence[RouterRow], title: str) -> Table:
    """The rows as a table."""
    return Table(
        title,
        (
            "router",
            *map(right, ("score", "minus best rule", "gap closed", "USD/solved", "hours")),
        ),
        [
            (
                row.router,
                f"{row.score:.3f}",
                f"{row.difference:+.3f} ±{row.half_width:.3f}",
                f"{100 * row.gap:.0f} ({100 * row.gap_low:.0f} to {100 * row.gap_high:.0f}) %",
                f"{row.usd_per_solved:.0f}",
                f"{row.hours:.1f}",
            )
            for row in rows
        ],
    )  # fmt: skip


def command(
    scenario: Annotated[str, typer.Option(help="Scenario by name or file.")] = "generated-pool",
    companies: Annotated[int, typer.Option(min=4, help="Held-out companies.")] = 100,
    reworded: Annotated[int, typer.Option(min=1, help="Of them, worded anew as well.")] = 5,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Compare routers on held-out companies: the gap that each closes, costs, and paraphrases."""
    start = load_suite("gateway").splits[Split.TEST].start
    seeds = range(start, start + companies)
    rows = measured_rows(scenario, (*SIMPLE, *WEIGHING, ORACLE), seeds, workers)
    shares = {name: same_route(scenario, name, seeds[:reworded]) for name in ("by_text", "expert")}
    title = f"{companies} held-out companies of {scenario}; 95 % intervals over companies"
    lines = [
        f"{name}: {100 * share:.0f} % of the decisions stay the same in held-out words"
        for name, share in shares.items()
    ]
    learned = next(row for row in rows if row.router == "adaptive")
    ratio = learned.unpaired / learned.half_width
    lines.append(f"adaptive minus best rule: {ratio:.1f} times narrower than on companies apart")
    show({"rows": rows, "same_route": shares}, [router_table(rows, title), *lines], as_json)


if __name__ == "__main__":
    from benchmarks.command import start as begin

    begin("benchmarks.gateway.routers")
