"""Synthetic episodes, adaptations and accuracies of a gate."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from golive.agents.implementation.crew_time import CrewTime
from golive.agents.implementation.milestones import Milestones
from golive.agents.judgement import JudgedDecision
from golive.sim.worlds import world_kind
from golive.trainers.evaluation.accuracy import AccuracyResult
from golive.trainers.evaluation.adaptation import Adaptation
from golive.trainers.evaluation.cells import CellKey, Episode
from golive.trainers.evaluation.gate_suites import parse_gate
from golive.trainers.evaluation.statistics import Interval

OUTAGE = "environment_outage:critical"
KIND = world_kind("implementation")
NOMINAL = CellKey("easy")
EDGE = CellKey("easy", OUTAGE)


def small_gate(**changes):
    """A gate of one scenario that takes seconds."""
    fields = {
        "name": "small",
        "title": "Small",
        "scenarios": ["furniture"],
        "episodes": 3,
        "edge_cases": {
            "kinds": ["environment_outage"],
            "severities": ["mild", "critical"],
            "episodes": 2,
        },
        "accuracy": {"episodes": 1, "every": 40, "futures": 2},
        "adaptation": {"scenarios": ["textile-knitting"], "episodes": 2, "iterations": 1},
    }
    return parse_gate(fields | changes)


def episode(cell=NOMINAL, seed=0, **figures):
    """An episode that went well unless said otherwise."""
    time = figures.pop("crew_time", CrewTime(useful=90.0, rework=10.0))
    days = figures.pop("milestones", Milestones(5, 20, 30, 30, 40))
    fields = {
        "go_live_score": 0.9,
        "success": True,
        "schedule_ratio": 1.0,
        "cost_ratio": 0.9,
        "useful_share": 0.5,
        "disruptions_met": 1,
        "disruptions_recovered": 1,
        "recovery_days": 2.0,
        "illegal_decisions": 0,
    }
    watched = {
        "seed": seed,
        "decisions": 2,
        "digest": "digest",
        "latencies_ms": [0.1, 0.3],
        **{f"hours_{name}": hours for name, hours in asdict(time).items()},
        **{f"day_{name}": day for name, day in days.as_dict().items()},
    }
    return Episode(KIND, cell, fields | watched | figures)


def episodes(count, cell=NOMINAL, **figures):
    """Episodes alike on the first seeds."""
    return [episode(cell, seed, **figures) for seed in range(count)]


def accuracy_of(*regrets_by_seed, scenario="easy", tolerance=0.01):
    """Judged decisions with these regrets, one list per episode."""
    decisions = tuple(
        JudgedDecision(seed, day, "chosen", "best", 5, 0.5, 0.5 + regret, 0.4)
        for seed, regrets in enumerate(regrets_by_seed)
        for day, regret in enumerate(regrets)
    )
    nothing = Interval(0.0, 0.0, 0.0)
    seeds = tuple(range(len(regrets_by_seed)))
    return AccuracyResult(
        "p", scenario, seeds, 5, 8, tolerance, "expert", nothing, nothing, decisions
    )


def adaptation_of(*ratios, width=0.02, retention=1.0, learns=True):
    """A curve of relative scores, each with the same half width."""
    curve = tuple(Interval(ratio, ratio - width, ratio + width) for ratio in ratios)
    kept = None if retention is None else Interval(retention, retention - width, retention + width)
    return Adaptation(learns, "new", "old" if learns else "", 0.95, curve, 4096, kept)


def spread(values):
    """As an array."""
    return np.asarray(values, dtype=np.float64)
