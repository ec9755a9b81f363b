"""Are experiments between routers right? A/A alarms, power, and what sharing a company changes.

Episodes are played once, each router with all tasks; a hash then says again and again under which
router each task is seen, so that 1,000 experiments on real tasks cost seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Annotated

import numpy as np
import typer

from benchmarks.command import CORES, SEED, JsonOption, ScenarioOption, WorkersOption, show, span
from golive.agents.gateway.kind import KIND
from golive.agents.registry import load_policy
from golive.core.execution import map_tasks
from golive.core.tables import Table, right
from golive.scenarios.gateway.scenario import GatewayScenario
from golive.scenarios.gateway.vocabulary import Measure, Unit
from golive.sim.policy import Policy
from golive.trainers.evaluation.intervals import mean_interval, share_interval
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.sequential import Verdict, assigned_values
from golive.trainers.evaluation.statistics import FloatArray, Interval
from golive.trainers.gateway.experiment import (
    Arms,
    Outcomes,
    Side,
    Trial,
    assigned,
    outcomes_of,
    paired_side,
    scenario_of,
    split_of,
    unpaired_side,
)

IN_USE = "expert"
TRIED = ("adaptive", "most_confident", "best_record", "by_lot")
_USUAL = 1.96


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """Alarms of experiments between a router and itself.

    Attributes:
        unit: what is assigned.
        runs: experiments.
        alarms: share that ever decides, looked at every day.
        peeked: share that would with a usual 95 % interval, looked at every day.
        split: share whose split is called broken, of a check at the end.
    """

    unit: str
    runs: int
    alarms: Interval
    peeked: Interval
    split: Interval


@dataclass(frozen=True, slots=True)
class PowerRow:
    """Findings of experiments between routers that differ.

    Attributes:
        tried: router.
        difference: per task of a company, against the one in use, in the mean.
        largest: of a company, without its sign, in the mean.
        unpaired: share of experiments that decide.
        paired: likewise of companies, where every task is under both.
        wrong: share that decides against the sign of what these tasks were.
        wrong_paired: likewise.
        unpaired_days: until it is decided, in the middle of those that are.
        paired_days: likewise.
        times: unpaired variance over paired variance, per task.
        shared: what an experiment in which both live in the company finds, less what each with all
            tasks is, in the mean over companies.
    """

    tried: str
    difference: float
    largest: float
    unpaired: Interval
    paired: Interval
    wrong: Interval
    wrong_paired: Interval
    unpaired_days: float
    paired_days: float
    times: float
    shared: Interval


def play(scenario: GatewayScenario, one: tuple[str, int]) -> Outcomes:
    """Outcomes of a company's tasks under a router, or ``a|b``: under two that share them."""
    names, seed = one
    routers = [load_policy(name, KIND) for name in names.split("|")]
    policy: Policy = routers[0]
    if len(routers) > 1:
        policy = Arms(routers[0], routers[1], Unit.TASK, 0.5, seed)
    return outcomes_of(scenario, policy, seed, Measure.NET)


def alarm_row(trial: Trial, played: Sequence[Outcomes], runs: int) -> AlarmRow:
    """Experiments between a router and itself, each with a hash of its own."""
    alarms, peeked, broken = [], [], []
    for run in range(runs):
        outcomes, one = played[run % len(played)], replace(trial, salt=run)
        is_b = assigned(one, outcomes)
        side = unpaired_side(one, outcomes, is_b)
        alarms.append(side.verdict is not Verdict.UNDECIDED)
        peeked.append(_peeked(outcomes, is_b, side))
        broken.append(split_of(one, outcomes, is_b) < 0.001)
    return AlarmRow(trial.unit.value, runs, *map(_share, (alarms, peeked, broken)))


def _share(cases: Sequence[bool]) -> Interval:
    return share_interval(sum(cases), len(cases))


def _peeked(outcomes: Outcomes, is_b: FloatArray, side: Side) -> bool:
    """Whether somebody who looks at a usual interval every day would ever have decided."""
    order = np.argsort(outcomes.known_days, kind="stable")
    values = assigned_values(outcomes.values[order], is_b[order], 0.5)
    for day in range(len(side.looks)):
        units = int((outcomes.known_days <= day).sum())
        if units < 50:
            continue
        mean, sd = values[:units].mean(), values[:units].std(ddof=1)
        if abs(mean) > _USUAL * sd / np.sqrt(units):
            return True
    return False


def power_row(
    trial: Trial,
    plays: tuple[Sequence[Outcomes], Sequence[Outcomes], Sequence[Outcomes]],
    runs: int,
) -> PowerRow:
    """Experiments between two routers on companies, as in life and paired.

    Args:
        trial: what is tried.
        plays: of the companies, under the one in use, under the other, and under both sharing.
        runs: experiments as in life, each with a hash of its own.
    """
    in_use, tried, sharing = plays
    truth = [float((b.values - a.values).mean()) for a, b in zip(in_use, tried, strict=True)]
    lived: list[tuple[Side, float]] = []
    for run in range(runs):
        a, b = in_use[run % len(in_use)], tried[run % len(in_use)]
        one = replace(trial, salt=run)
        is_b = assigned(one, a)
        seen = replace(a, values=np.where(is_b > 0.0, b.values, a.values))
        lived.append((unpaired_side(one, seen, is_b), truth[run % len(truth)]))
    both = [
        (paired_side(trial, a, b), true) for a, b, true in zip(in_use, tried, truth, strict=True)
    ]
    together = zip(in_use, tried, strict=True)
    spread = [
        2.0 * (a.values.var() + b.values.var()) / (b.values - a.values).var() for a, b in together
    ]
    decided, wrong, days = (
        [
            _share([side.verdict is not Verdict.UNDECIDED for side, _ in sides])
            for sides in (lived, both)
        ],
        [_share([_is_wrong(side, true) for side, true in sides]) for sides in (lived, both)],
        [_days(sides) for sides in (lived, both)],
    )
    return PowerRow(
        tried=trial.b,
        difference=float(np.mean(truth)),
        largest=float(np.abs(truth).mean()),
        unpaired=decided[0],
        paired=decided[1],
        wrong=wrong[0],
        wrong_paired=wrong[1],
        unpaired_days=days[0],
        paired_days=days[1],
        times=float(np.mean(spread)),
        shared=_sharing(trial, sharing, truth),
    )


def _is_wrong(side: Side, true: float) -> bool:
    if side.verdict is Verdict.UNDECIDED:
        return False
    return (side.verdict is Verdict.BETTER) != (true > 0.0)


def _days(sides: Sequence[tuple[Side, float]]) -> float:
    found = [side.decided_day + 1 for side, _ in sides if side.decided_day is not None]
    return float(np.median(found)) if found else float("nan")


def _sharing(trial: Trial, sharing: Sequence[Outcomes], truth: Sequence[float]) -> Interval:
    """What both find who share a company, less what each with all tasks is."""
    found = []
    for seed, (outcomes, true) in enumerate(zip(sharing, truth, strict=True), start=SEED):
        is_b = assigned(replace(trial, salt=seed), outcomes) > 0.0
        found.append(outcomes.values[is_b].mean() - outcomes.values[~is_b].mean() - true)
    return mean_interval([np.array(found)])


def alarm_table(rows: Sequence[AlarmRow], title: str) -> Table:
    """Alarms as a table."""
    heads = ("alarms", "usual interval, peeked at", "split called broken")
    return Table(
        title,
        ("assigned", *map(right, heads)),
        [
            (row.unit, *(span(part, ".1%") for part in (row.alarms, row.peeked, row.split)))
            for row in rows
        ],
    )


def power_table(rows: Sequence[PowerRow], title: str) -> Table:
    """Power as a table."""
    heads = ("difference", "of a company", "decided", "days", "wrong", "paired", "days", "wrong",
             "variance", "sharing adds")  # fmt: skip
    return Table(
        title,
        ("tried", *map(right, heads)),
        [
            (
                *(row.tried, f"{row.difference:+.3f}", f"{row.largest:.3f}"),
                *(
                    span(row.unpaired, ".0%"),
                    f"{row.unpaired_days:.0f}",
                    f"{row.wrong.estimate:.1%}",
                ),
                *(
                    span(row.paired, ".0%"),
                    f"{row.paired_days:.0f}",
                    f"{row.wrong_paired.estimate:.1%}",
                ),
                *(f"{row.times:.1f} x", span(row.shared, "+.3f")),
            )
            for row in rows
        ],
    )


def command(
    scenario: ScenarioOption = "office",
    weeks: Annotated[int, typer.Option(min=1, help="Weeks of an experiment.")] = 4,
    companies: Annotated[int, typer.Option(min=4, help="Companies that are played.")] = 40,
    runs: Annotated[int, typer.Option(min=10, help="Experiments on them.")] = 1_000,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Measure experiments between routers: false alarms, power, and what sharing changes."""
    found = scenario_of(scenario, weeks)
    kinds = [IN_USE, *TRIED, *(f"{IN_USE}|{name}" for name in TRIED)]
    work = [(name, SEED + n) for name in kinds for n in range(companies)]
    with counting_bar("Episodes") as tell:
        done = count(1)
        outcomes = map_tasks(
            partial(play, found),
            work,
            workers=workers,
            on_result=lambda *_: tell(next(done), len(work)),
        )
    played = {
        name: outcomes[place * companies : (place + 1) * companies]
        for place, name in enumerate(kinds)
    }
    trial = Trial(found, IN_USE, IN_USE)
    alarms = [alarm_row(replace(trial, unit=unit), played[IN_USE], runs) for unit in Unit]
    powers = [
        power_row(
            replace(trial, b=name),
            (played[IN_USE], played[name], played[f"{IN_USE}|{name}"]),
            runs,
        )
        for name in TRIED
    ]
    title = f"{companies} companies of {scenario}, {weeks} weeks, {runs} experiments"
    show(
        {"alarms": alarms, "power": powers},
        [
            alarm_table(alarms, f"{IN_USE} against itself: {title}"),
            power_table(powers, f"against {IN_USE}, a task assigned: {title}"),
        ],
        as_json,
    )


if __name__ == "__main__":
    from benchmarks.command import start

    start("benchmarks.gateway.experiments")
