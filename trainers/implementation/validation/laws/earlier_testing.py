"""Earlier testing is cheaper: what is found late costs many times as much to mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from .....agents.implementation.critical_path import CriticalPath
from .....agents.implementation.typical_practice import TypicalPractice
from .....sim.implementation.briefing import Briefing
from .....sim.implementation.decision import Decision, LegalDecisions, Move
from .....sim.implementation.parameters import parameters_with
from .....sim.implementation.state import PackageKind, Stage
from .....sim.policy import Policy
from ..figures import mean_figure, ratio_figure
from ..law import Figure, Law, Measured
from ..projects import AlteredPolicy, Project, Sample, in_arms, play, state_of

EARLY = (0.7, 0.8, 0.9)
LATE = (0.95, 1.0, 1.05)
"""Shares of the planned time from which each test cycle is wanted; as many cycles either way."""
_STAGES = (
    (Stage.SIT, "a test cycle", 4),
    (Stage.UAT, "acceptance", 8),
    (Stage.LIVE, "production", 15),
)


@dataclass(frozen=True, slots=True)
class _Bill:
    """Effort and money that a project's defects take to be mended.

    Attributes:
        at_once: effort hours if each were mended where it was made.
        eventual: effort hours, each at the price of the stage that found it; those still latent
            at the price of production.
        by_stage: per stage effort hours of its fixes, and of the same if mended where made.
        defects: how many there are.
        cost_usd: of the project.
    """

    at_once: float
    eventual: float
    by_stage: Mapping[Stage, tuple[float, float]]
    defects: int
    cost_usd: float

    @property
    def price(self) -> float:
        """Cost of mending over what it would have been where the defects were made."""
        return self.eventual / self.at_once

    @property
    def left_to_production(self) -> float:
        """Share of the fixes, by effort, that neither tests nor acceptance asked for."""
        tested = self.by_stage[Stage.SIT][1] + self.by_stage[Stage.UAT][1]
        return 1.0 - tested / self.at_once


_Pairs = Sequence[tuple[_Bill, ...]]
"""Each project tested early and tested late."""


def with_cycles(policy: Policy, shares: tuple[float, ...]) -> AlteredPolicy:
    """The policy with test cycles from given shares of the planned time on, and no others."""

    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        calendar, tests = briefing.calendar, briefing.tests
        ordered = tests.cycles_done + tests.cycle_pending
        passed = calendar.day / calendar.planned_go_live_day
        due = ordered < len(shares) and passed >= shares[ordered]
        if due and legal.move[Move.TEST_CYCLE] and decision.move in (Move.NONE, Move.TEST_CYCLE):
            return replace(decision, move=Move.TEST_CYCLE)
        own = decision.move is Move.TEST_CYCLE
        return replace(decision, move=Move.NONE) if own else decision

    return AlteredPolicy(policy, alter, f"{policy.name}, test cycles at {shares}")


def _measure(sample: Sample) -> Measured:
    cases = sample.projects()
    dated, moved = _pairs(CriticalPath(), cases), _pairs(TypicalPractice(), cases)
    every = [bill for pair in (*dated, *moved) for bill in pair]
    prices = [
        ratio_figure(
            f"price of a fix found in {name}, over one where it was made",
            [bill.by_stage[stage][0] for bill in every],
            [bill.by_stage[stage][1] for bill in every],
            f"x {published}",
        )
        for stage, name, published in _STAGES
    ]
    live = [
        mean_figure(
            f"share left to production, live on the date, tested {name}",
            "share",
            [pair[arm].left_to_production for pair in dated],
        )
        for arm, name in enumerate(("early", "late"))
    ]
    dearer = mean_figure(
        "price of the same fixes, live on the date, late less early",
        "x",
        [late.price - early.price for early, late in dated],
        "above 0",
    )
    arms = {"live on the date": dated, "date moved": moved}
    hours = [
        _late_over_early(f"fix hours, {name}", pairs, lambda bill: bill.eventual)
        for name, pairs in arms.items()
    ]
    # A figure, no condition, where the date moves: published are prices of fixes, which are dearer
    # there too, while what such a project costs depends on how long its committee waits.
    cost = [
        _late_over_early(f"cost of the project, {name}", pairs, lambda bill: bill.cost_usd)
        for name, pairs in arms.items()
    ]
    defects = _late_over_early("defects, live on the date", dated, lambda bill: bill.defects)
    sit, uat, production = (figure.value for figure in prices)
    return (*prices, *live, dearer, *hours, *cost, defects), {
        "a fix costs more the later it is found": (
            sit.low > 1.0 and sit.high < uat.low and uat.high < production.low
        ),
        "live on the date, late testing makes the same fixes dearer": dearer.value.above(0.0),
        "live on the date, late testing takes more fix hours": hours[0].value.above(1.0),
        "live on the date, late testing makes the project dearer": cost[0].value.above(1.0),
    }


def _pairs(policy: Policy, cases: Sequence[Project]) -> _Pairs:
    """Each project tested early and tested late, if it has any defects."""
    return in_arms(
        cases, lambda case: _bill(policy, case, EARLY), lambda case: _bill(policy, case, LATE)
    )


def _late_over_early(name: str, pairs: _Pairs, of: Callable[[_Bill], float]) -> Figure:
    early, late = ([of(bill) for bill in arm] for arm in zip(*pairs, strict=True))
    return ratio_figure(f"{name}, tested late over early", late, early)


def _listed(shares: Sequence[float]) -> str:
    return ", ".join(f"{share:.0%}" for share in shares)


def _bill(policy: Policy, case: Project, shares: tuple[float, ...]) -> _Bill | None:
    """The bill of the project's defects; None if it has none."""
    world = play(with_cycles(policy, shares), case)
    state = state_of(world)
    p = parameters_with(case.scenario.parameters)
    fixes = {
        package["subject"]: package["planned_hours"]
        for package in state["packages"]
        if package["kind"] == PackageKind.FIX
    }
    at_once = eventual = 0.0
    by_stage = {stage: [0.0, 0.0] for stage in Stage}
    for index, defect in enumerate(state["defects"]):
        hours = defect["effort_hours"]
        at_once += hours
        if index not in fixes:
            eventual += hours * p.fix_factor_live
            continue
        eventual += fixes[index]
        row = by_stage[Stage(defect["stage_found"])]
        row[0] += fixes[index]
        row[1] += hours
    if not at_once:
        return None
    return _Bill(
        at_once=at_once,
        eventual=eventual,
        by_stage={stage: (paid, once) for stage, (paid, once) in by_stage.items()},
        defects=len(state["defects"]),
        cost_usd=world.scorecard().cost_usd,
    )


experiment = Law(
    name="Earlier testing is cheaper",
    statement=(
        "What is found later costs more to mend; so a project that tests earlier pays less "
        "for the same defects."
    ),
    source="Boehm & Basili 2001 (cost of fixing by stage)",
    published="x 1 / 2 / 4 / 8 / 15 at requirement, build, system test, acceptance, live",
    experiment=(
        f"Test cycles from {_listed(EARLY)} of the planned time, or from {_listed(LATE)}; "
        "decided by the critical path, live on the date, and by typical practice, which "
        "moves the date until tests are passed. Defects that nobody has found by the end "
        "are charged at the price of production."
    ),
    measure=_measure,
)
