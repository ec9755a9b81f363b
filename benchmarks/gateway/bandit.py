"""Routers on the bandit view of held-out companies: gap closed, cost, quality, latency, probes."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import CORES, JsonOption, WorkersOption, show
from benchmarks.gateway.bandit_law import fit
from golive.agents.gateway.bandits import (
    LEARNING,
    SIMPLE,
    Prefix,
    best_in_hindsight,
    oracle_choices,
    prefix_of,
)
from golive.agents.gateway.cases import CaseRouter, play
from golive.agents.gateway.linear import FEATURES, pleasing
from golive.agents.gateway.vowpal import VowpalWabbit
from golive.core.execution import map_tasks
from golive.core.tables import Table, right
from golive.scenarios.gateway.vocabulary import Wordings
from golive.scenarios.loader import load_suite
from golive.scenarios.suite import Split
from golive.sim.gateway.bandit import BanditStream, bandit_stream
from golive.sim.gateway.work import Outcome
from golive.trainers.evaluation.intervals import student_half_width

Floats = NDArray[np.float64]
BOUNDS = ("best_single", "oracle")
"""Best single agent in hindsight, and who knows every chance."""
PROBES = ("pleasing", "prefix")
_LEVEL = 0.95
_FIGURES = ("score", "work_usd", "solved", "microseconds", "same")
_TRAINING_OFFSET = 200_000
_PREFIX_COMPANIES = 20


@dataclass(frozen=True, slots=True)
class BanditRow:
    """A router on held-out companies; every interval is of 95 % over companies.

    Attributes:
        router: its name.
        score: mean gateway score.
        difference: from the best simple rule, on the same tasks with the same luck.
        half_width: of its interval.
        gap: share of the way from the best simple rule to the oracle.
        gap_low: lower end of its interval, by resampling companies.
        gap_high: upper end.
        beyond_single: the same from the best single agent in hindsight, which no rule knows.
        beyond_low: lower end of its interval.
        beyond_high: upper end.
        usd_per_task: price of the work.
        solved: share of the tasks.
        on_hull: whether no mix of other routers (but the oracle) solves as much for less.
        microseconds: to choose and to learn, in the mean.
        same: share of the choices that stay the same in held-out words; nan where not asked.
    """

    router: str
    score: float
    difference: float
    half_width: float
    gap: float
    gap_low: float
    gap_high: float
    beyond_single: float
    beyond_low: float
    beyond_high: float
    usd_per_task: float
    solved: float
    on_hull: bool
    microseconds: float
    same: float


def router_of(name: str, families: Mapping[str, int]) -> CaseRouter:
    """A router by name."""
    if name == "vowpal_wabbit":
        return VowpalWabbit()
    if name == "pleasing":
        return pleasing()
    if name == "prefix":
        return Prefix(dict(families))
    return {**SIMPLE, **LEARNING}[name]()


def figures(
    scenario: str,
    names: Sequence[str],
    families: Mapping[str, int],
    reworded: int,
    seed: int,
) -> Floats:
    """``_FIGURES`` of each router at a company, float64 (routers, figures).

    The prefix probe meets the company in held-out words, which it has not seen.
    """
    stream = bandit_stream(scenario, seed)
    other = bandit_stream(scenario, seed, wordings=Wordings.HELD_OUT)
    rows = []
    for name in names:
        if name == "oracle":
            rows.append(_row(stream, oracle_choices(stream), 0.0, np.nan))
            continue
        if name == "best_single":
            rows.append(_row(stream, best_in_hindsight(stream), 0.0, np.nan))
            continue
        router = router_of(name, families)
        met = other if name == "prefix" else stream
        asked = seed < reworded and name not in PROBES
        played = play(router, met, other if asked else None)
        same = float((played.choices == played.others).mean()) if asked else np.nan
        rows.append(_row(met, played.choices, 1e6 * played.seconds, same))
    return np.array(rows)


def _row(
    stream: BanditStream, choices: NDArray[np.int64], microseconds: float, same: float
) -> list[float]:
    tasks, results = np.arange(len(stream)), stream.results
    solved = results.outcome[tasks, choices] == Outcome.RIGHT
    paid = results.work_usd[tasks, choices]
    return [stream.score(choices), float(paid.mean()), float(solved.mean()), microseconds, same]


def prefixes(scenario: str, seeds: range) -> dict[str, int]:
    """The family that most texts of training companies with the same two first words are of."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for seed in seeds:
        stream = bandit_stream(scenario, seed)
        for text, family in zip(stream.tasks.text, stream.laws.tasks["main"], strict=True):
            found[prefix_of(text)][int(family)] += 1
    return {prefix: counts.most_common(1)[0][0] for prefix, counts in found.items()}


def measured_rows(
    scenario: str, seeds: range, reworded: int, workers: int, names: Sequence[str]
) -> list[BanditRow]:
    """Each router on the same companies, best first."""
    start = load_suite("gateway").splits[Split.TRAIN].start + _TRAINING_OFFSET
    families = prefixes(scenario, range(start, start + _PREFIX_COMPANIES))
    job = partial(figures, scenario, names, families, seeds.start + reworded)
    found = np.array(map_tasks(job, list(seeds), workers=workers))
    scores = {name: found[:, place, 0] for place, name in enumerate(names)}
    bar = max((scores[name] for name in names if name in SIMPLE), key=lambda one: one.mean())
    single, top = scores["best_single"], scores["oracle"]
    luck = np.random.default_rng(0).integers(len(bar), size=(2_000, len(bar)))
    hull = on_hull({n: (found[:, p, 1].mean(), found[:, p, 2].mean()) for p, n in enumerate(names)})
    rows = []
    for place, name in enumerate(names):
        own = found[:, place, :]
        gained = own[:, 0] - bar
        gap = _share(gained, top - bar, luck)
        beyond = _share(own[:, 0] - single, top - single, luck)
        same = own[:reworded, 4]
        rows.append(
            BanditRow(
                router=name,
                score=float(own[:, 0].mean()),
                difference=float(gained.mean()),
                half_width=student_half_width([gained], _LEVEL),
                gap=gap[0],
                gap_low=gap[1],
                gap_high=gap[2],
                beyond_single=beyond[0],
                beyond_low=beyond[1],
                beyond_high=beyond[2],
                usd_per_task=float(own[:, 1].mean()),
                solved=float(own[:, 2].mean()),
                on_hull=name in hull,
                microseconds=float(own[:, 3].mean()),
                same=float(same.mean()),
            )
        )
    return sorted(rows, key=lambda row: -row.score)


def _share(gained: Floats, room: Floats, luck: NDArray[np.int64]) -> tuple[float, float, float]:
    """A ratio of means and its interval, by resampling companies."""
    shares = gained[luck].mean(axis=1) / room[luck].mean(axis=1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(gained.mean() / room.mean()), float(low), float(high)


def on_hull(points: Mapping[str, tuple[float, float]]) -> set[str]:
    """Names on the upper concave hull of (cost, quality), the oracle aside."""
    kept = [(xy, name) for name, xy in points.items() if name != "oracle"]
    kept.sort(key=lambda point: (point[0][0], -point[0][1]))
    hull: list[tuple[tuple[float, float], str]] = []
    for point in kept:
        if hull and point[0][1] <= hull[-1][0][1]:
            continue  # dearer, and no better
        while len(hull) >= 2 and not _turns_right(hull[-2][0], hull[-1][0], point[0]):
            hull.pop()
        hull.append(point)
    return {name for _, name in hull}


def _turns_right(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) < 0.0


def decisions_per_second(scenario: str, seeds: range) -> float:
    """Tasks with all choices' results, companies drawn and texts read, per second of one core."""
    bandit_stream(scenario, seeds.start)
    begun, tasks = time.process_time(), 0
    for seed in seeds:
        tasks += len(bandit_stream(scenario, seed))
    return tasks / (time.process_time() - begun)


def bandit_table(rows: Sequence[BanditRow], title: str) -> Table:
    """The rows as a table."""
    heads = (
        "score",
        "minus best rule",
        "gap closed",
        "from best single",
        "USD/task",
        "solved",
        "hull",
        "us",
        "same",
    )
    return Table(
        title,
        ("router", *map(right, heads)),
        [
            (
                row.router,
                f"{row.score:.3f}",
                f"{row.difference:+.3f} ±{row.half_width:.3f}",
                f"{_percent(row.gap, row.gap_low, row.gap_high)} %",
                f"{_percent(row.beyond_single, row.beyond_low, row.beyond_high)} %",
                f"{row.usd_per_task:.1f}",
                f"{row.solved:.3f}",
                "on" if row.on_hull else "",
                f"{row.microseconds:.0f}" if row.microseconds else "",
                "" if np.isnan(row.same) else f"{row.same:.3f}",
            )
            for row in rows
        ],
    )  # fmt: skip


def _percent(share: float, low: float, high: float) -> str:
    return f"{100 * share:.0f} ({100 * low:.0f} to {100 * high:.0f})"


def command(
    scenario: Annotated[str, typer.Option(help="Scenario by name or file.")] = "generated-pool",
    companies: Annotated[int, typer.Option(min=4, help="Held-out companies.")] = 60,
    reworded: Annotated[int, typer.Option(min=1, help="Of them, worded anew as well.")] = 10,
    fit_companies: Annotated[
        int, typer.Option("--fit", min=0, help="First fit the linear law to training companies.")
    ] = 0,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Compare routers on the bandit view of held-out companies."""
    splits = load_suite("gateway").splits
    lines = []
    if fit_companies:
        first = splits[Split.TRAIN].start + _TRAINING_OFFSET
        law = fit(scenario, range(first, first + fit_companies), workers)
        lines += [f"{n:16} {m:+.3f}" for n, m in zip(FEATURES, law.mean, strict=True)]
    wabbit = ("vowpal_wabbit",) if find_spec("vowpalwabbit") else ()
    names = (*SIMPLE, *LEARNING, *wabbit, *PROBES, *BOUNDS)
    seeds = range(splits[Split.TEST].start, splits[Split.TEST].start + companies)
    rows = measured_rows(scenario, seeds, reworded, workers, names)
    speed = decisions_per_second(scenario, seeds[:20])
    title = f"{companies} held-out companies of {scenario}; 95 % intervals over companies"
    lines.append(f"{speed:,.0f} decisions a second on one core, everything drawn anew")
    if not wabbit:
        lines.append("vowpal_wabbit is left out: pip install 'golive[vw]'")
    show(
        {"rows": rows, "decisions_per_second": speed}, [bandit_table(rows, title), *lines], as_json
    )


if __name__ == "__main__":
    from benchmarks.command import start as begin

    begin("benchmarks.gateway.bandit")
