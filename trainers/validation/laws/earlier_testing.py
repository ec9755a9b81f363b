"""Earlier testing is cheaper: what is found late costs many times as much to mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ....agents.typical_practice import TypicalPractice
from ....scenarios.vocabulary import Delivery
from ....sim.implementation.decision import Move
from ....sim.implementation.parameters import parameters_with
from ....sim.implementation.state import PackageKind, Stage
from ..figures import mean_figure, ratio_figure
from ..law_result import Condition, LawResult
from ..projects import AlteredPolicy, Project, play, projects, state_of

if TYPE_CHECKING:
    from ....sim.implementation.briefing import Briefing
    from ....sim.implementation.decision import Decision, LegalDecisions

NAME = "Earlier testing is cheaper"
EARLY = (0.65, 0.8, 0.9)
LATE = (0.95, 1.0, 1.05)
"""Shares of the planned time from which each test cycle is wanted; as many cycles either way."""


@dataclass(frozen=True, slots=True)
class _Bill:
    """What a project's defects take to be mended.

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
        """What mending costs over what it would have where the defects were made."""
        return self.eventual / self.at_once


def with_cycles(shares: tuple[float, ...]) -> AlteredPolicy:
    """Typical practice whose test cycles begin at given shares of the planned time."""

    def alter(briefing: Briefing, legal: LegalDecisions, decision: Decision) -> Decision:
        calendar, tests = briefing.calendar, briefing.tests
        ordered = tests.cycles_done + tests.cycle_pending
        passed = calendar.day / calendar.planned_go_live_day
        due = ordered < len(shares) and passed >= shares[ordered]
        if due and legal.move[Move.TEST_CYCLE] and decision.move in (Move.NONE, Move.TEST_CYCLE):
            return replace(decision, move=Move.TEST_CYCLE)
        own = decision.move is Move.TEST_CYCLE
        return replace(decision, move=Move.NONE) if own else decision

    return AlteredPolicy(TypicalPractice(), alter, f"test cycles at {shares}")


def experiment(
    customers: int, first_seed: int, parameters: Mapping[str, float] | None = None
) -> LawResult:
    """Test the same conventional projects as often, early or late.

    Args:
        customers: how many projects.
        first_seed: of the customers.
        parameters: of the world, in place of its own.
    """
    cases = projects(customers, first_seed, Delivery.CONVENTIONAL, parameters or {})
    pairs = [(_bill(case, EARLY), _bill(case, LATE)) for case in cases]
    pairs = [(early, late) for early, late in pairs if early.at_once and late.at_once]
    every = [bill for pair in pairs for bill in pair]
    prices = [
        ratio_figure(
            f"price of a fix found in {name}, over one where it was made",
            [bill.by_stage[stage][0] for bill in every],
            [bill.by_stage[stage][1] for bill in every],
            f"x {published}",
        )
        for stage, name, published in (
            (Stage.SIT, "a test cycle", 4),
            (Stage.UAT, "acceptance", 8),
            (Stage.LIVE, "production", 15),
        )
    ]
    price = [
        ratio_figure(
            f"price of all fixes, tested {name}, over mending where made",
            [bill.eventual for bill in bills],
            [bill.at_once for bill in bills],
        )
        for name, bills in (("early", [p[0] for p in pairs]), ("late", [p[1] for p in pairs]))
    ]
    dearer = mean_figure(
        "price of the same fixes, tested late less tested early",
        "x",
        [late.price - early.price for early, late in pairs],
        "above 0",
    )
    hours = ratio_figure(
        "fix hours, tested late over tested early",
        [late.eventual for _, late in pairs],
        [early.eventual for early, _ in pairs],
        "above 1",
    )
    cost = ratio_figure(
        "cost of the project, tested late over tested early",
        [late.cost_usd for _, late in pairs],
        [early.cost_usd for early, _ in pairs],
        "above 1",
    )
    defects = ratio_figure(
        "defects, tested late over tested early",
        [late.defects for _, late in pairs],
        [early.defects for early, _ in pairs],
        "the same",
    )
    sit, uat, live = (figure.value for figure in prices)
    return LawResult(
        name=NAME,
        statement=(
            "What is found later costs more to mend; so a project that tests earlier pays less "
            "for the same defects."
        ),
        source="Boehm & Basili 2001 (cost of fixing by stage)",
        published="x 1 / 2 / 4 / 8 / 15 at requirement, build, system test, acceptance, live",
        experiment=(
            f"Typical practice with {len(EARLY)} test cycles from "
            f"{', '.join(f'{share:.0%}' for share in EARLY)} of the planned time, or from "
            f"{', '.join(f'{share:.0%}' for share in LATE)}. Defects nobody has found by the "
            "end are charged at the price of production."
        ),
        customers=customers,
        first_seed=first_seed,
        figures=(*prices, *price, dearer, hours, cost, defects),
        conditions=(
            Condition("a fix costs more the later it is found", 1.0 < sit.low and
                      sit.high < uat.low and uat.high < live.low),
            Condition("late testing makes the same fixes dearer", dearer.value.above(0.0)),
            Condition("late testing takes more fix hours", hours.value.above(1.0)),
            Condition("late testing makes the project dearer", cost.value.above(1.0)),
        ),
    )


def _bill(case: Project, shares: tuple[float, ...]) -> _Bill:
    world = play(with_cycles(shares), case)
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
    return _Bill(
        at_once=at_once,
        eventual=eventual,
        by_stage={stage: (paid, once) for stage, (paid, once) in by_stage.items()},
        defects=len(state["defects"]),
        cost_usd=world.scorecard().cost_usd,
    )
