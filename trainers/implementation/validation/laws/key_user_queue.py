"""Key users as a queue: the more hours they have, the shorter the wait, as rho / (1 - rho)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from .....agents.implementation.critical_path import CriticalPath
from .....scenarios.implementation.vocabulary import Delivery, Department
from .....sim.implementation.briefing import DEPARTMENTS
from .....sim.implementation.decision import Move
from .....sim.implementation.parameters import parameters_with
from ..figures import ratio_figure
from ..law_result import Condition, Figure, LawResult
from ..projects import AlteredPolicy, Project, play, projects, with_parameters

if TYPE_CHECKING:
    from .....sim.implementation.briefing import Briefing
    from .....sim.implementation.decision import Decision, LegalDecisions

NAME = "Waiting for key users grows as rho / (1 - rho)"
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


_Waits = Mapping[str, _Wait]


def experiment(
    customers: int, first_seed: int, parameters: Mapping[str, float] | None = None
) -> LawResult:
    """Give the key users of the same customers more and fewer hours; time every question.

    Args:
        customers: how many projects of each delivery, each at one site.
        first_seed: of the customers.
        parameters: of the world, in place of its own.
    """
    given = dict(parameters or {})
    limit = parameters_with(given).queue_load_limit
    agents = _sweep(customers, first_seed, Delivery.AGENTIC, given)
    people = _sweep(customers, first_seed, Delivery.CONVENTIONAL, given)
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
    weight = _weight(every, limit)
    agent_waits = [figure.value.estimate for figure in longer[: len(agents)]]
    slopes = [
        (later.value.estimate - earlier.value.estimate)
        / (heavy.value.estimate - light.value.estimate)
        for (earlier, later), (light, heavy) in zip(pairwise(by_load), pairwise(loads), strict=True)
    ]
    return LawResult(
        name=NAME,
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
        customers=customers,
        first_seed=first_seed,
        figures=(*longer, *by_load, *loads, weight),
        conditions=(
            Condition(
                "fewer hours, longer wait, with AI agents at every step",
                agent_waits[0] > 1.0 and all(now < then for now, then in pairwise(agent_waits)),
            ),
            Condition(
                "scarce hours, longer wait, with AI agents",
                longer[len(agents) - 1].value.above(1.0),
            ),
            Condition("scarce hours, longer wait, with consultants", longer[-1].value.above(1.0)),
            Condition("waiting grows with rho / (1 - rho)", weight.value.above(0.0)),
            Condition("the heavier the load, the more steeply", 0.0 < slopes[0] < slopes[1]),
        ),
    )


def _sweep(
    customers: int, first_seed: int, delivery: Delivery, given: Mapping[str, float]
) -> list[list[list[_Pair]]]:
    """Per supply but the ample one, per project, its questions in both."""
    patient = {**given, "stale_days": PATIENCE_DAYS}
    cases = projects(
        customers, first_seed, delivery, patient, lambda customer: len(customer.sites) == 1
    )
    waits = [[_waits(_supplied(case, supply)) for case in cases] for supply in SUPPLIES]
    return [
        [
            [_Pair(wait, ample[name]) for name, wait in found.items() if name in ample]
            for ample, found in zip(waits[0], level, strict=True)
        ]
        for level in waits[1:]
    ]


def _supplied(case: Project, supply: tuple[float, float]) -> Project:
    names = ("key_user_hours_per_week", "employees_per_key_user")
    changed = dict(zip(names, supply, strict=True))
    return Project(with_parameters(case.scenario, changed), case.seed)


def _waits(case: Project) -> _Waits:
    """The answered questions of a project by the package that asked."""

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


def _over_ample(name: str, projects_pairs: Sequence[Sequence[_Pair]]) -> Figure:
    """Days waited over days that the same questions waited with ample hours."""
    return _ratio(name, projects_pairs, lambda p: p.scarce.days, lambda p: p.ample.days, "above 1")


def _mean_load(
    name: str, projects_pairs: Sequence[Sequence[_Pair]], low: float, high: float
) -> Figure:
    kept = [[p for p in pairs if low <= p.scarce.load < high] for pairs in projects_pairs]
    return _ratio(name, kept, lambda p: p.scarce.load, lambda p: 1.0, "")


def _weight(projects_pairs: Sequence[Sequence[_Pair]], limit: float) -> Figure:
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
        projects_pairs,
        lambda pair: (longer(pair) - 1.0) * further(pair),
        lambda pair: further(pair) ** 2,
        "above 0",
    )


def _ratio(
    name: str,
    projects_pairs: Sequence[Sequence[_Pair]],
    above: Callable[[_Pair], float],
    below: Callable[[_Pair], float],
    published: str,
) -> Figure:
    """Ratio of two sums over questions; projects are resampled whole."""
    some = [pairs for pairs in projects_pairs if pairs]
    return ratio_figure(
        name,
        [sum(above(pair) for pair in pairs) for pairs in some],
        [sum(below(pair) for pair in pairs) for pairs in some],
        published,
    )
