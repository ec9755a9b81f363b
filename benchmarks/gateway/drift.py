"""Drift: what it costs routers against the oracle, and after how many days they have recovered.

Every company is played calm and with each drift, by every router, with the same tasks and the same
luck. What a router loses by a drift is its day's outcome when calm less that with the drift; of
this, what the oracle loses as well is unavoidable and taken off: dynamic regret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.command import CORES, JsonOption, WorkersOption, show, span
from golive.agents.gateway.kind import KIND
from golive.agents.gateway.watchful import Watchful
from golive.agents.registry import load_policy
from golive.core.execution import map_tasks
from golive.core.tables import Table, right
from golive.scenarios.gateway.scenario import GatewayScenario
from golive.scenarios.gateway.vocabulary import Adversity, CompanyTrait, Measure
from golive.scenarios.loader import load_scenario, load_suite
from golive.scenarios.suite import Split
from golive.trainers.evaluation.intervals import mean_interval
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.statistics import FloatArray, Interval
from golive.trainers.gateway.experiment import outcomes_of

WEEKS, DRIFT_DAY = 6, 14
CALM, ORACLE = "calm", "oracle"
DRIFTS: dict[str, tuple[Adversity, float]] = {
    "abrupt": (Adversity.BAD_VERSION, 1.0),
    "gradual": (Adversity.GRADUAL_DECAY, 1.0),
    "seasonal": (Adversity.TOPIC_SEASON, 0.9),
    "retrained": (Adversity.RETRAINED, 1.0),
    "outage": (Adversity.OUTAGE, 1.0),
    "price": (Adversity.PRICE_SHOCK, 1.0),
}
"""What happens on the morning of the fifteenth day, and how bad it is."""
ROUTERS = {
    "best_record": "a record, all of it",
    "expert": "fixed weights",
    "adaptive": "learns",
    "watchful": "learns and detects",
}
_WINDOW = 7
"""Days that are averaged: weekdays are not alike."""
_HALF = 0.5
_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class DriftRow:
    """Cost of a drift to a router; 95 % intervals over companies.

    Attributes:
        drift: its name.
        router: its name.
        regret: lost in all after the drift beyond what the oracle loses, in days' worth: 1 is all
            that a day's tasks are worth.
        worst: the worst week's loss a day.
        recovered_days: until the week's mean loss is below half of the worst; None where what is
            lost is not surely above 0 or it never is.
        recovered_low: lower end of its interval.
        recovered_high: upper end; None: never in more than one of forty samples of companies.
        noticed: changes that the router noticed after the drift less when calm, a company.
    """

    drift: str
    router: str
    regret: Interval
    worst: float
    recovered_days: int | None
    recovered_low: int | None
    recovered_high: int | None
    noticed: float | None


def scenarios(fewest: int, most: int, candour: float | None) -> dict[str, GatewayScenario]:
    """The calm scenario and one of each drift, of a small pool in which a change matters."""
    office: Any = load_scenario("office")
    calm = office.model_copy(
        update={
            "weeks": WEEKS,
            "changes_per_agent_month": 0.0,
            "pool": office.pool.model_copy(
                update={"generated": True, "fewest": fewest, "most": most}
            ),
            "traits": {} if candour is None else {CompanyTrait.CANDOUR: candour},
        }
    )
    found = {CALM: calm}
    for name, (kind, severity) in DRIFTS.items():
        trouble = {"kind": kind.value, "severity": severity, "day": DRIFT_DAY}
        found[name] = GatewayScenario.model_validate({**calm.model_dump(), "troubles": [trouble]})
    return found


def play(
    made: Mapping[str, GatewayScenario], one: tuple[str, str, int]
) -> tuple[list[float], int, int]:
    """Mean outcome of each day's tasks, and changes noticed before and after the drift's day."""
    drift, router, seed = one
    policy = load_policy(router, KIND)
    outcomes = outcomes_of(made[drift], policy, seed, Measure.NET)
    days = np.arange(7 * WEEKS)
    sums = np.bincount(outcomes.days, outcomes.values, len(days))
    usual = len(outcomes.values) / len(days)  # a day counts by its tasks
    hours = [hour for hour, _ in policy.alarms] if isinstance(policy, Watchful) else []
    before = sum(hour < 24.0 * DRIFT_DAY for hour in hours)
    return (sums / usual).tolist(), before, len(hours) - before


def drift_rows(
    days: Mapping[tuple[str, str], FloatArray], noticed: Mapping[tuple[str, str], FloatArray]
) -> list[DriftRow]:
    """The rows, from outcomes (companies, days) and changes noticed (companies,)."""
    rows = []
    for drift in DRIFTS:
        unavoidable = days[CALM, ORACLE] - days[drift, ORACLE]
        for router in ROUTERS:
            lost = (days[CALM, router] - days[drift, router] - unavoidable)[:, DRIFT_DAY:]
            regret = mean_interval([lost.sum(axis=1)])
            best = recovered(lost.mean(axis=0)) if regret.above(0.0) else None
            low, high = _recovered_ends(lost) if best is not None else (None, None)
            more = None
            if (drift, router) in noticed:
                more = float((noticed[drift, router] - noticed[CALM, router]).mean())
            worst = float(_weekly(lost.mean(axis=0)).max())
            rows.append(DriftRow(drift, router, regret, worst, best, low, high, more))
    return rows


def recovered(lost: FloatArray) -> int | None:
    """Days from the drift until the mean of the week that follows is below half of the worst."""
    weekly = _weekly(lost)
    worst = int(weekly.argmax())
    if weekly[worst] <= 0.0:
        return None
    below = np.flatnonzero(weekly[worst:] < _HALF * weekly[worst])
    return int(worst + below[0]) if below.size else None


def _weekly(lost: FloatArray) -> FloatArray:
    return np.convolve(lost, np.ones(_WINDOW) / _WINDOW, mode="valid")


def _recovered_ends(lost: FloatArray) -> tuple[int | None, int | None]:
    luck = np.random.default_rng(0).integers(len(lost), size=(_RESAMPLES, len(lost)))
    found = [recovered(lost[rows].mean(axis=0)) for rows in luck]
    days = np.sort([np.inf if one is None else float(one) for one in found])
    low, high = days[round(0.025 * _RESAMPLES)], days[round(0.975 * _RESAMPLES) - 1]
    return (None if np.isinf(low) else int(low)), (None if np.isinf(high) else int(high))


def drift_table(rows: Sequence[DriftRow], title: str) -> Table:
    """The rows as a table."""
    heads = ("regret, days' worth", "worst week, a day", "days to recover", "noticed more")
    return Table(
        title,
        ("drift", "router", *map(right, heads)),
        [
            (
                *(row.drift, row.router, span(row.regret, "+.2f"), f"{row.worst:+.3f}"),
                _days_text(row),
                "" if row.noticed is None else f"{row.noticed:+.1f}",
            )
            for row in rows
        ],
    )


def _days_text(row: DriftRow) -> str:
    if row.recovered_days is None:
        return "never" if row.regret.above(0.0) else "nothing sure lost"
    high = "never" if row.recovered_high is None else str(row.recovered_high)
    return f"{row.recovered_days} ({row.recovered_low} to {high})"


def command(
    companies: Annotated[int, typer.Option(min=4, help="Held-out companies.")] = 24,
    fewest: Annotated[int, typer.Option(min=8, help="Agents of the smallest pool.")] = 12,
    most: Annotated[int, typer.Option(min=8, help="Agents of the largest pool.")] = 16,
    candour: Annotated[
        float | None, typer.Option(min=-1.0, max=1.0, help="Of all; default: drawn for each.")
    ] = None,
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Measure what six drifts cost routers with and without detection, and how long they last."""
    made = scenarios(fewest, most, candour)
    start = load_suite("gateway").splits[Split.TEST].start
    cells = [(drift, router) for drift in made for router in (*ROUTERS, ORACLE)]
    work = [(*cell, start + n) for cell in cells for n in range(companies)]
    with counting_bar("Episodes") as tell:
        done = count(1)
        found = map_tasks(
            partial(play, made),
            work,
            workers=workers,
            on_result=lambda *_: tell(next(done), len(work)),
        )
    days, noticed, calm_alarms = {}, {}, 0
    for place, (drift, router) in enumerate(cells):
        mine = found[place * companies : (place + 1) * companies]
        days[drift, router] = np.array([row[0] for row in mine])
        if router == "watchful":
            noticed[drift, router] = np.array([row[2] for row in mine], np.float64)
            calm_alarms += sum(row[1] + row[2] for row in mine) if drift == CALM else 0
    rows = drift_rows(days, noticed)
    detects = detection_rows(days)
    each = calm_alarms / (companies * WEEKS)
    lines = [f"Where nothing drifts {each:.2f} changes are noticed per company and week."]
    lines += [f"{name}: {span(gain, '+.3f')} a day" for name, gain in detects.items()]
    where = "" if candour is None else f", candour {candour:g}"
    title = f"{companies} held-out companies of {fewest} to {most} agents{where}, {WEEKS} weeks"
    show(
        {"rows": rows, "detection": detects, "calm_alarms_per_company_week": each},
        [drift_table(rows, title), *lines],
        as_json,
    )


def detection_rows(days: Mapping[tuple[str, str], FloatArray]) -> dict[str, Interval]:
    """Gain of a day's outcome by detection, after each drift and where there is none."""
    found = {}
    for drift in (CALM, *DRIFTS):
        gained = (days[drift, "watchful"] - days[drift, "adaptive"])[:, DRIFT_DAY:].mean(axis=1)
        found[f"watchful minus adaptive, {drift}"] = mean_interval([gained])
    return found


if __name__ == "__main__":
    from benchmarks.command import start as begin

    begin("benchmarks.gateway.drift")
