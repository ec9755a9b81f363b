"""Key users as a queue: the more hours they have, the shorter the wait, as rho / (1 - rho)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from .....agents.implementation.critical_path import CriticalPath
from .....scenarios.implementation.vocabulary import Delivery, Department
from .....sim.implementation.briefing import DEPARTMENTS, Briefing
from .....sim.implementation.decision import Decision, LegalDecisions, Move
from .....sim.implementation.parameters import parameters_with
from ..figures import ratio_figure
from ..law import Figure, Law, Measured
from ..projects import AlteredPolicy, Project, Sample, in_arms, play

SUPPLIES = ((15.0, 3.0), (12.5, 6.0), (10.0, 12.0), (10.0, 30.0))
"""From ample to scarce: hours a week of a key user; people per key user (they are as many as its
square root)."""
NAMES = ("ample", "usual", "short", "scarce")
LOADS = ((0.0, 0.4), (0.4, 0.7), (0.7, 1.01))
"""Light, middling and heavy loads."""
PATIENCE_DAYS = 20.0
"""Questions wait so long before the crew assumes an answer: as long as a parameter allows."""
_SHORT_CUTS = frozenset({Move.STAKEHOLDER_WORKSHOP, Move.ESCALATE, Move.MANUAL_INTERVENTION})


@dataclass(frozen=True, slots=True)
class _Wait:
    """One question that was answered: days it waited, load of the key users when it was asked."""

    days: float
    load: float


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same question where key users have fewer hours, and where they have ample ones."""

    scarce: _Wait
    ample: _Wait


_Pairs = Sequence[Sequence[_Pair]]
"""Questions by project."""


def _measure(sample: Sample) -> Measured:
    agents = _sweep(sample, Delivery.AGENTIC)
    people = _sweep(sample, Delivery.CONVENTIONAL)
    longer = [
        _over_ample(f"wait, {who}, {name} hours over ample", pairs)
        for who, levels in (("AI agents", agents), ("consultants", people))
        for name, pairs in zip(NAMES[1:], levels, strict=True)
    ]
    every = [list(chain(*of_project)) for of_project in zip(*agents, *people, strict=True)]
    by_load = [
        _over_ample(
            f"wait at loads {low:.1f} to {min(high, 1.0):.1f}, over ample",
            [[pair for pair in pairs if low <= pair.scarce.load < high] for pairs in every],
        )
        for low, high in LOADS
    ]
    loads = [
        _mean_load(f"load at loads {low:.1f} to {min(high, 1.0):.1f}", every, low, high)
        for low, high in LOADS
    ]
    weight = _weight(every, parameters_with(dict(sample.parameters)).queue_load_limit)
    agent_waits = [figure.value.estimate for figure in longer[: len(agents)]]
    slopes = [
        (later.value.estimate - earlier.value.estimate)
        / (heavy.value.estimate - light.value.estimate)
        for (earlier, later), (light, heavy) in zip(pairwise(by_load), pairwise(loads), strict=True)
    ]
    return (*longer, *by_load, *loads, weight), {
        "fewer hours, longer wait, with AI agents at every step": (
            agent_waits[0] > 1.0 and all(now < then for now, then in pairwise(agent_waits))
        ),
        "scarce hours, longer wait, with AI agents": longer[len(agents) - 1].value.above(1.0),
        "scarce hours, longer wait, with consultants": longer[-1].value.above(1.0),
        "waiting grows with rho / (1 - rho)": weight.value.above(0.0),
        "the heavier the load, the more steeply": 0.0 < slopes[0] < slopes[1],
    }


def _sweep(sample: Sample, delivery: Delivery) -> list[_Pairs]:
    """Per supply but the ample one, per project, its questions in both."""
    cases = sample.projects(delivery, lambda customer: len(customer.sites) == 1)
    arms = (lambda case, supply=supply: _waits(case, supply) for supply in SUPPLIES)
    levels = zip(*in_arms(cases, *arms), strict=True)
    ample = next(levels)
    return [
        [
            [_Pair(wait, usual[name]) for name, wait in found.items() if name in usual]
            for usual, found in zip(ample, level, strict=True)
        ]
        for level in levels
    ]


def _waits(project: Project, supply: tuple[float, float]) -> Mapping[str, _Wait]:
    """The answered questions of a project by the package that asked, with a supply of hours."""
    hours, people = supply
    case = project.with_parameters(
        {
            "stale_days": PATIENCE_DAYS,
            "key_user_hours_per_week": hours,
            "employees_per_key_user": people,
        }
    )

    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        return replace(decision, move=Move.NONE) if decision.move in _SHORT_CUTS else decision

    policy = AlteredPolicy(CriticalPath(), alter, "critical_path without short cuts")
    world = play(policy, case, record=True)
    loads = {
        (briefing.calendar.day, DEPARTMENTS[index]): status.load
        for briefing in world.history
        for index, status in enumerate(briefing.key_users)
    }
    plan = case.scenario.plan
    asked: dict[str, tuple[float, float]] = {}
    answered: dict[str, _Wait] = {}
    for event in world.events().iter_rows(named=True):
        name, hour = str(event["subject"]), float(event["time_hours"])
        if event["kind"] == "question":
            department = Department(json.loads(event["values"])["department"])
            day = int(hour / plan.hours_per_day) // plan.days_per_decision * plan.days_per_decision
            asked[name] = hour, loads[day, department]
        elif event["kind"] == "answer":
            since, load = asked[name]
            if hour > since:
                answered[name] = _Wait((hour - since) / plan.hours_per_day, load)
    return answered


def _over_ample(name: str, by_project: _Pairs) -> Figure:
    """Days waited over days that the same questions waited with ample hours."""
    return _ratio(name, by_project, lambda p: p.scarce.days, lambda p: p.ample.days, "above 1")


def _mean_load(name: str, by_project: _Pairs, low: float, high: float) -> Figure:
    kept = [[p for p in pairs if low <= p.scarce.load < high] for pairs in by_project]
    return _ratio(name, kept, lambda p: p.scarce.load, lambda p: 1.0, "")


def _weight(by_project: _Pairs, limit: float) -> Figure:
    """Least squares of wait = idle wait (1 + weight rho / (1 - rho)) over pairs of questions.

    With y = wait / ample wait it is y - 1 = weight (x - y x_ample), a line through the origin.
    """

    def queue(load: float) -> float:
        return min(load, limit) / (1.0 - min(load, limit))

    def longer(pair: _Pair) -> float:
        return pair.scarce.days / pair.ample.days

    def further(pair: _Pair) -> float:
        return queue(pair.scarce.load) - longer(pair) * queue(pair.ample.load)

    return _ratio(
        "weight of rho / (1 - rho) in the wait",
        by_project,
        lambda pair: (longer(pair) - 1.0) * further(pair),
        lambda pair: further(pair) ** 2,
        "above 0",
    )


def _ratio(
    name: str,
    by_project: _Pairs,
    above: Callable[[_Pair], float],
    below: Callable[[_Pair], float],
    published: str,
) -> Figure:
    """Ratio of two sums over questions; projects are resampled whole."""
    some = [pairs for pairs in by_project if pairs]
    return ratio_figure(
        name,
        [sum(above(pair) for pair in pairs) for pairs in some],
        [sum(below(pair) for pair in pairs) for pairs in some],
        published,
    )


experiment = Law(
    name="Waiting for key users grows as rho / (1 - rho)",
    statement=(
        "Questions wait for scarce key users as in a queue: the more hours key users have, "
        "the shorter the wait, which grows as rho / (1 - rho) with their load rho."
    ),
    source="Queueing theory (M/M/1)",
    published="waiting grows as rho / (1 - rho): longer and ever more steeply with load",
    experiment=(
        "The critical path without workshops, escalations and interventions, at customers "
        "of one site whose key users have from ample to scarce hours; the same question's "
        "days until its answer are compared. Questions whose answer the crew assumed in "
        f"either arm, after {PATIENCE_DAYS:g} days, are left out."
    ),
    measure=_measure,
)
