"""Texts on validation, calibration and sensitivity, and on what six weeks demand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.command import span
from golive.agents.implementation.practice import PRACTICE_FILE, PRACTICE_PRIOR
from golive.core.tables import Column, Table, right
from golive.scenarios.implementation.parameter_file import load_parameter_file
from golive.scenarios.loader import load_scenario
from golive.sim.implementation.briefing import DEPARTMENTS
from golive.sim.implementation.parameters import CALIBRATION_FILE, PRIOR
from golive.sim.implementation.world import ImplementationWorld
from golive.trainers.evaluation.intervals import share_interval
from golive.trainers.evaluation.result import ROWS_FILE
from golive.trainers.implementation.validation.calibrated import SHARED

from .filling import console, read_json, read_text

SCENARIOS = {"by AI agents": "furniture", "by consultants": "furniture-conventional"}
DAYS_TOLERATED = 5


def validation_texts(directory: Path) -> tuple[str, str]:
    """The table of outcomes and the section of laws, of a ``golive validate --out``."""
    document = read_json(directory / "validation.json")
    table, _, laws = read_text(directory / "validation.md").partition("\n\n| law |")
    head = f"Run on {document['date']}:\n\n{console(document['command'])}\n\n"
    return head + table, head + (f"| law |{laws}" if laws else "")


def calibration_text() -> str:
    """The parameters that were chosen, beside where one would have started."""
    file = load_parameter_file(CALIBRATION_FILE)
    found = {**file.parameters, **load_parameter_file(PRACTICE_FILE).parameters}
    chosen = [(row, found[row.name]) for row in (*PRIOR, *PRACTICE_PRIOR) if row.name in found]
    table = Table(
        "",
        (
            "parameter",
            right("before"),
            right("chosen"),
            "not ruled out (90 %)",
            "range",
            "what",
        ),
        [
            (
                f"`{row.name}`",
                f"{row.value:g}",
                f"{estimate.value:g}" + (", kept" if row.name in SHARED else ""),
                f"{estimate.low:g} to {estimate.high:g}",
                f"{row.low:g} to {row.high:g}",
                row.description,
            )
            for row, estimate in chosen
        ],
    )
    return f"{console(file.made_by)}\n\n{table.to_markdown()}"


def sensitivity_text(directory: Path) -> str:
    """The tables of a ``golive sensitivity --out``, with its command."""
    command = read_json(directory / "sensitivity.json")["command"]
    return f"{console(command)}\n\n{read_text(directory / 'tables.md').strip()}"


def six_weeks_text(directory: Path, command: str) -> str:
    """Demands of six weeks on a customer, and who makes them in an evaluation's episodes."""
    parts = (_demands().to_markdown(), console(command), _kept(directory).to_markdown())
    return re.sub(r"(?<=\d)%", " %", "\n\n".join(parts))


def _demands() -> Table:
    """Demands of the plan on key users, departments and deciders, per delivery."""
    demanded = [_demanded(name) for name in SCENARIOS.values()]
    rows = [(label, *(one[label] for one in demanded)) for label in demanded[0]]
    return Table("", ("the plan demands", *map(right, SCENARIOS)), rows)


def _demanded(name: str) -> dict[str, str]:
    scenario: Any = load_scenario(name)
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
    heads = {pool.department: pool.count for pool in state.pools}
    questions = sum(package.question_at >= 0.0 for package in state.packages)
    together = sum(asked.values()) / sum(there.values())
    return {
        "working days until go-live": f"{days}",
        "key-user hours in the plan": f"{sum(asked.values()):,.0f}",
        "of the hours that key users have, all together": f"{together:.0%}",
        "of the hours of the busiest department": (
            f"{load[busiest]:.0%} ({DEPARTMENTS[busiest].value})"
        ),
        "hours a week of one of its key users": f"{asked[busiest] / heads[busiest] / days * 5:.1f}",
        "questions that only the customer can answer": f"{questions}",
        "share of the plan that a median answer takes": (
            f"{parameters.decision_latency_days / days:.1%}"
        ),
    }


def _kept(directory: Path) -> Table:
    """Shares in which each policy succeeds, is at most a week late, in budget, and all three."""
    episodes = pl.read_parquet(directory / ROWS_FILE)
    rows = []
    for policy in episodes["policy"].unique(maintain_order=True):
        own = episodes.filter(pl.col("policy") == policy)
        success = own["success"].to_numpy().astype(float)
        in_time = ((own["days_late"] <= DAYS_TOLERATED) & own["went_live"]).to_numpy().astype(float)
        in_budget = ((own["cost_ratio"] <= 1.0) & own["went_live"]).to_numpy().astype(float)
        makes = success * in_time * in_budget
        interval = share_interval(int(makes.sum()), makes.size)
        shares = [f"{np.mean(values):.0%}" for values in (success, in_time, in_budget)]
        rows.append((policy, *shares, span(interval, ".0%"), len(own)))
    parts = map(right, ("succeeds", "a week late at most", "in budget"))
    columns: list[Column | str] = ["policy", *parts, "all three (95 %)", right("customers")]
    return Table("", columns, rows)
