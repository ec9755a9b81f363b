"""The implementation world's part of the measurement of its game.

A game is worth playing if what differs between two decent managers is more than luck, if the right
way depends on the customer, and if every move is right somewhere. ``ROWS`` are the measurements.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from benchmarks.game_ground import Ground
from benchmarks.game_kind import EXPERT, GameKind, Sizes, TeamGame
from benchmarks.game_play import Case
from benchmarks.game_report import (
    MOVES,
    NOT_THERE,
    READERS_MOVES,
    TARGETS,
    Figure,
    Unit,
    counted,
    needed_choices,
)
from benchmarks.game_rows import COMMON_ROWS, Row, or_nothing
from benchmarks.game_variance import gain
from benchmarks.implementation.game_policies import (
    PLANNERS,
    READERS,
    candidates,
    edited_expert,
    planner,
    policy_of,
    readers_removals,
    removals,
    shipped_edits,
    silly,
    trait_policies,
    trait_values,
)
from benchmarks.implementation.game_wrappers import DecisionWatch, Schedule
from golive.agents.implementation.kind import KIND
from golive.scenarios.implementation.family import draw_customer
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.sim.episodes import run
from golive.sim.implementation.decision import Decision
from golive.sim.world_kind import PolicyFactory
from golive.trainers.evaluation.statistics import FloatArray, Interval


def traits_row(ground: Ground) -> list[Figure]:
    """Policies that read latent traits, right and wrong; what knowledge is worth at its price."""
    policies = trait_policies()
    if not policies:
        return [Figure("traits.reads every trait", "reads every trait", Unit.SD, None, NOT_THERE)]
    played = ground.played("traits", policies)
    ground.compared("traits", policies)
    found = []
    for name, scores in zip(played.names, played.scores, strict=True):
        found += [
            Figure(
                f"traits.{name}{sign}", f"{name}{sign}, minus expert", Unit.SD, or_nothing(value)
            )
            for sign, value in _by_sign(ground, name, scores)
        ]
    return found


def _by_sign(ground: Ground, name: str, scores: FloatArray) -> list[tuple[str, Interval | None]]:
    """Gain on all customers, or on those of either sign of the trait that the name ends in."""
    values = [trait_values(case.customer) for case in ground.cases]
    trait = name.rpartition(": ")[2]
    if any(trait not in row for row in values):
        return [("", ground.gain(scores))]
    signs = np.sign([row[trait] for row in values])
    found = []
    for sign, word in ((1, " where it is high"), (-1, " where it is low")):
        rows = np.flatnonzero(signs == sign)
        if rows.size > 1:
            found.append((word, gain(scores[rows], ground.expert_scores[rows], ground.sd)))
    return found


def planner_row(ground: Ground) -> list[Figure]:
    """The planner minus the expert, with the snapshot as it is and without its traits."""
    found = []
    for which, spec in PLANNERS.items():
        made, label = planner(which), f"{PLANNERS['as it is']} {which}, minus expert"
        if made is None:
            found.append(Figure(f"planner.{which}", label, Unit.SD, None, NOT_THERE))
            continue
        customers = ground.sizes.planner_customers
        (row,) = ground.compared(f"planner {which}", {spec: made}, customers, 1)
        note = f"{customers} customers, one seed of luck each"
        found.append(Figure(f"planner.{which}", label, Unit.SD, or_nothing(row.gain), note))
    return found


def schedule_row(ground: Ground) -> list[Figure]:
    """The best recorded schedule, chosen on training customers, which looks at no briefing."""
    recorded = recorded_decisions(policy_of(EXPERT), ground.training)
    schedules = {
        f"schedule {number}": partial(Schedule, decisions)
        for number, decisions in enumerate(recorded, start=1)
    }
    tried = ground.played("schedules chosen", schedules, luck=1, cases=ground.training)
    # Each is judged on customers that it was not recorded on.
    others = ~np.eye(len(schedules), dtype=bool)
    means = (tried.scores[:, :, 0] * others).sum(axis=1) / others.sum(axis=1)
    best = tried.names[int(means.argmax())]
    (row,) = ground.compared("best schedule", {best: schedules[best]})
    note = f"{best} of {len(schedules)}, each the expert's decisions on one training customer"
    label = "best schedule without briefings, minus expert"
    return [Figure("schedule.best", label, Unit.SD, or_nothing(row.gain), note)]


def moves_row(ground: Ground) -> list[Figure]:
    """The expert, and who reads traits, without each move and pace: removed by the legal mask."""
    rows = ground.compared(MOVES, removals())
    for name in READERS:
        whole, without = readers_removals(name)
        rows += ground.withheld(READERS_MOVES, whole, without)
    choices = needed_choices(rows)
    needed = [name for name, is_needed in choices.items() if is_needed]
    label = f"of {len(choices)} moves and paces, needed by the expert or a reader here"
    return [
        Figure("moves.needed", label, Unit.COUNT, counted(len(needed)), ", ".join(needed) or "none")
    ]


def recorded_decisions(policy: PolicyFactory, cases: Sequence[Case]) -> list[dict[int, Decision]]:
    """Decisions by day of a policy, one episode for each customer."""
    found = []
    for case in cases:
        episode = run(
            KIND,
            policy(),
            case.scenario,
            observers=[DecisionWatch()],
            **case.arguments(case.first_luck),
        )
        found.append(dict(episode.figures["decisions"]))
    return found


ROWS: dict[str, Row] = {
    **{name: COMMON_ROWS[name] for name in ("variance", "paired", "chosen")},
    "traits": traits_row,
    "planner": planner_row,
    "edits": COMMON_ROWS["edits"],
    "schedule": schedule_row,
    "moves": moves_row,
    "reward": COMMON_ROWS["reward"],
    "probes": COMMON_ROWS["probes"],
}
"""Measurements by name."""


def case_of(scenario: ImplementationScenario, seed: int, first_luck: int) -> Case:
    """The customer that a seed draws."""
    return Case(scenario, first_luck, draw_customer(scenario, seed))


def _edits() -> dict[str, PolicyFactory]:
    return {edit.name: partial(edited_expert, edit) for edit in shipped_edits()}


def _team(learners: Sequence[str]) -> TeamGame:
    from benchmarks.implementation.game_team import split_among_roles, team_rows

    return TeamGame(team_rows(ROWS, learners), split_among_roles)


GAME = GameKind(
    world=KIND.name,
    subject="customer",
    case=case_of,
    ways=candidates,
    follies=silly,
    edits=_edits,
    rows=ROWS,
    targets=TARGETS,
    games=("furniture", "techmold", "global-electric", "industries"),
    # about 8,000 episodes and 8 of the planner, each of which takes hundreds of times as long
    quick=Sizes(20, 4, 10, 2, 8, 10),
    full=Sizes(100, 6, 40, 4, 24, 30),  # about 60,000 episodes and 24 of the planner
    team=_team,
)
"""The world's part."""
