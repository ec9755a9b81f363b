"""Put what six weeks demand of a customer, and who makes them, into docs/validation.md.

``python tools/update_six_weeks_table.py runs/evaluation --command "golive evaluate ..."`` takes
the episodes of an evaluation on the furniture manufacturer and renders, between the marks, what the
plan asks of the customer's people in either delivery, and how often each policy keeps it.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import numpy as np
import polars as pl
from update_validation_page import PAGE, placed

from golive.core.files import write_text_atomically
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.briefing import DEPARTMENTS
from golive.sim.implementation.world import ImplementationWorld
from golive.trainers.evaluation.result import ROWS_FILE
from golive.trainers.evaluation.statistics import bootstrap_interval, generator, mean

SCENARIOS = {"by AI agents": "furniture", "by consultants": "furniture-conventional"}
DAYS_TOLERATED = 5


def demands() -> str:
    """What the plan asks of key users, departments and deciders, per delivery."""
    rows: dict[str, list[str]] = {}
    for name in SCENARIOS.values():
        scenario = load_scenario(name)
        world = ImplementationWorld(scenario, 0, customer=scenario.customer)
        state, parameters = world._state, world._context.parameters
        days = max(site.planned_day for site in state.sites)
        asked: dict[int, float] = {}
        for package in state.packages:
            if package.in_baseline and package.department >= 0:
                hours = asked.get(package.department, 0.0)
                asked[package.department] = hours + package.key_user_hours
        there = {pool.department: pool.hours_per_day * days for pool in state.pools}
        load = {department: hours / there[department] for department, hours in asked.items()}
        busiest = max(load, key=lambda department: load[department])
        questions = sum(package.question_at >= 0.0 for package in state.packages)
        latency = parameters.decision_latency_days
        heads = {pool.department: pool.count for pool in state.pools}
        hours_a_week = asked[busiest] / heads[busiest] / (days / 5.0)
        for label, value in (
            ("working days until go-live", f"{days}"),
            ("key-user hours in the plan", f"{sum(asked.values()):,.0f}"),
            ("of the hours that key users have, all together", f"{_mean_load(asked, there):.0%}"),
            (
                "of the hours of the busiest department",
                f"{load[busiest]:.0%} ({DEPARTMENTS[busiest].value})",
            ),
            ("hours a week of one of its key users", f"{hours_a_week:.1f}"),
            ("questions that only the customer can answer", f"{questions}"),
            ("share of the plan that a median answer takes", f"{latency / days:.1%}"),
        ):
            rows.setdefault(label, []).append(value)
    lines = [f"| the plan demands | {' | '.join(SCENARIOS)} |", "|---|---:|---:|"]
    lines += [f"| {label} | {' | '.join(values)} |" for label, values in rows.items()]
    return "\n".join(lines)


def _mean_load(asked: dict[int, float], there: dict[int, float]) -> float:
    return sum(asked.values()) / sum(there.values())


def kept(directory: Path) -> str:
    """How often each policy succeeds, is at most a week late, within budget, and all three."""
    rows = pl.read_parquet(directory / ROWS_FILE)
    lines = [
        "| policy | succeeds | a week late at most | in budget | all three (95 %) | customers |",
        "|---|---:|---:|---:|---|---:|",
    ]
    for policy in rows["policy"].unique(maintain_order=True):
        own = rows.filter(pl.col("policy") == policy)
        success = own["success"].to_numpy().astype(float)
        in_time = ((own["days_late"] <= DAYS_TOLERATED) & own["went_live"]).to_numpy().astype(float)
        in_budget = ((own["cost_ratio"] <= 1.0) & own["went_live"]).to_numpy().astype(float)
        makes = success * in_time * in_budget
        interval = bootstrap_interval([makes], mean, generator(0, "six weeks", policy))
        shares = [f"{np.mean(values):.0%}" for values in (success, in_time, in_budget)]
        lines.append(
            f"| {policy} | {' | '.join(shares)} "
            f"| {interval.estimate:.0%} ({interval.low:.0%} to {interval.high:.0%}) | {len(own)} |"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Rewrite the block."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--command", required=True)
    options = parser.parse_args(arguments)
    text = f"{demands()}\n\n```console\n$ {options.command}\n```\n\n{kept(options.directory)}"
    text = re.sub(r"(?<=\d)%", " %", text)
    write_text_atomically(PAGE, placed(PAGE.read_text(encoding="utf-8"), "six-weeks", text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
