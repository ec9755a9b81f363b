"""Searches the values of the adaptive expert's rules by trait, on training customers alone.

The bound is searched, the expert who knows the traits (``Clairvoyant``), since it shows the rules
at their clearest; the adaptive expert uses the same. What is searched are the values of the rules
that stand in ``adaptive.py`` for the scenarios' customers, by the search of
``golive tune-expert`` (CMA-ES); a trial is worth its mean expected value, as a share of the
business case and not cut at 0 and 1. At the end the best is judged beside the present values on
customers that no trial has met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import CORES, WorkersOption, start
from golive.agents.implementation.adaptive import PLUS, Change, Clairvoyant, rules_of
from golive.agents.implementation.expert import set_for
from golive.agents.implementation.expert_file import ranges_of
from golive.agents.implementation.expert_rules import ExpertRules
from golive.agents.implementation.kind import KIND
from golive.agents.implementation.threshold import LINEAR, Range
from golive.core.errors import GoliveError
from golive.core.execution import map_tasks
from golive.scenarios.loader import load_scenario
from golive.sim.episodes import run
from golive.sim.implementation.scorecard import Scorecard
from golive.trainers.evaluation.intervals import mean_interval
from golive.trainers.implementation.expert_search.proposals import Proposals
from golive.trainers.implementation.expert_search.space import Axis

Rules = dict[str, tuple[Change, Change]]
_SIDES = ("high", "low")
_EPISODES_PER_TASK = 8


@dataclass(frozen=True, slots=True)
class _Task:
    """Rules by trait (None: none at all), a scenario, and the seeds to play."""

    rules: Rules | None
    scenario: str
    seeds: tuple[int, ...]


def command(
    scenarios: Annotated[list[str], typer.Argument(help="Scenarios, whose means are averaged.")],
    *,
    trials: Annotated[int, typer.Option(min=1, help="Sets of values.")] = 240,
    episodes: Annotated[int, typer.Option(min=2, help="Of a trial on each scenario.")] = 48,
    fresh: Annotated[int, typer.Option(min=2, help="Other customers, for the judgement.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Of the proposals.")] = 0,
    workers: WorkersOption = CORES,
) -> None:
    """Search the values of the rules by trait and print the best, with its gain."""
    present = _present(scenarios)
    axes = _axes(present)
    base = _values(scenarios, [present], range(episodes), workers)[0]
    proposals, best, most = Proposals(len(axes), seed, 12), present, 0.0
    for first in range(0, trials, 12):
        tried = [_rules(axes, position) for position in proposals.ask(min(12, trials - first))]
        gains = (_values(scenarios, tried, range(episodes), workers) - base).mean(axis=(1, 2))
        proposals.tell(gains.tolist())
        if gains.max() > most:
            most, best = float(gains.max()), tried[int(gains.argmax())]
        typer.echo(f"{first + len(tried)} of {trials} trials; the best gains {most:+.4f}", err=True)
    seeds = range(episodes, episodes + fresh)
    none, before, found = _values(scenarios, [None, present, best], seeds, workers)
    for label, other in (("no rules by trait", none), ("the present values", before)):
        gain = mean_interval(list(found - other))
        typer.echo(
            f"found minus {label}: {gain.estimate:+.4f} ({gain.low:+.4f} to {gain.high:+.4f})"
        )
    for trait, (high, low) in best.items():
        typer.echo(f'    "{trait}": ({high}, {low}),')


def _present(scenarios: Sequence[str]) -> Rules:
    """Rules that come with golive for the customers of the scenarios."""
    worlds = [KIND.build(load_scenario(name), 0) for name in scenarios]
    sets = {set_for(world.briefing().customer) for world in worlds}
    if "waves" in sets and len(sets) > 1:
        raise GoliveError("scenarios: expected all with waves of sites, or none")
    return dict(rules_of(sets.pop()))


def _axes(present: Rules) -> dict[tuple[str, str, str], Axis]:
    """An axis for each value in the rules, with its present one amid."""
    ranges, axes = ranges_of(ExpertRules), {}
    for trait, changes in present.items():
        for side, change in zip(_SIDES, changes, strict=True):
            for key, value in change.items():
                limits = ranges[key.removesuffix(PLUS)]
                if key.endswith(PLUS):
                    half = 0.5 * (limits.high - limits.low)
                    limits = Range(-half, half, LINEAR, None)
                axes[trait, side, key] = Axis(key, limits, value)
    return axes


def _rules(axes: dict[tuple[str, str, str], Axis], position: Sequence[float]) -> Rules:
    rules: dict[str, tuple[dict[str, float], dict[str, float]]]
    rules = {trait: ({}, {}) for trait, _, _ in axes}
    for ((trait, side, key), axis), x in zip(axes.items(), position, strict=True):
        rules[trait][_SIDES.index(side)][key] = axis.value(x)
    return dict(rules)


def _values(
    scenarios: Sequence[str], candidates: Sequence[Rules | None], seeds: range, workers: int
) -> NDArray[np.float64]:
    """Expected value as a share of the business case: (candidates, scenarios, seeds)."""
    tasks = [
        _Task(rules, scenario, tuple(seeds[first : first + _EPISODES_PER_TASK]))
        for rules in candidates
        for scenario in scenarios
        for first in range(0, len(seeds), _EPISODES_PER_TASK)
    ]
    parts = map_tasks(_play, tasks, workers=workers)
    flat = np.array([value for part in parts for value in part])
    return flat.reshape(len(candidates), len(scenarios), -1)


def _play(task: _Task) -> list[float]:
    policy = Clairvoyant(by_trait={} if task.rules is None else task.rules)
    scenario, values = load_scenario(task.scenario), []
    for seed in task.seeds:
        card = run(KIND, policy, scenario, seed).scorecard
        assert isinstance(card, Scorecard)
        values.append(card.expected_value_usd / card.business_case_usd)
    return values


if __name__ == "__main__":
    start("benchmarks.implementation.trait_rules")
