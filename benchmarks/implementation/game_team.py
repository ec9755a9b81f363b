"""The game of a team: every policy is played by five, who see and decide their roles' parts.

A way of managing as a team is five partners who decide by it, each from the briefing as its role
knows it, and of whose decisions the role's own part is taken; nobody can say anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from benchmarks.game_ground import Ground
from benchmarks.game_report import Figure, Unit, counted
from benchmarks.implementation.game_policies import EXPERT, policy_of
from golive.agents.implementation.kind import KIND
from golive.agents.partners import Partner
from golive.agents.planner import Planner
from golive.agents.team_policy import TeamPolicy
from golive.sim.team import PartnerKind
from golive.sim.world_kind import PolicyFactory
from golive.trainers.evaluation.statistics import Interval

Row = Callable[[Ground], list[Figure]]
KINDS, TEAMS = "five of a kind", "who sees more, and who has learned"
SEES_ALL = "one expert who sees all"
_PLANS = "planner:{}, around five experts"
_BUDGET = 16
SPLIT_ROWS = ("variance", "paired", "chosen", "edits", "schedule", "moves", "reward", "probes")
"""Rows of the game of one that are measured of five as well."""
_MUTE = ("silent", "over_reporter", EXPERT)
"""Kinds that are the expert where nobody can say anything."""


def split_among_roles(made: PolicyFactory) -> PolicyFactory:
    """A team of five who decide by a policy."""
    return partial(five_who, made)


def five_who(made: PolicyFactory) -> TeamPolicy:
    """A team of five, each with a policy of its own that this makes."""
    assert KIND.team is not None
    players = {}
    for role in KIND.team().names:
        policy = made()
        players[role] = Partner(KIND, role, PartnerKind(), policy.name, policy)
    return TeamPolicy(KIND, players, f"team of {made().name}")


def team_rows(rows: Mapping[str, Row], learners: Sequence[str]) -> dict[str, Row]:
    """The rows of a team's game, of those of the game of one.

    Args:
        rows: of the game of one.
        learners: paths of trained teams.
    """
    return {
        **{name: rows[name] for name in SPLIT_ROWS},
        "kinds": kinds_row,
        "oracle": oracle_row,
        "planner": planner_row,
        "learner": partial(learner_row, learners=learners),
    }


def kinds() -> dict[str, PolicyFactory]:
    """Teams of five partners of each kind that differs from the expert in silence."""
    return {
        f"five of kind {name}": policy_of(f"team:{name}")
        for name in KIND.partners()
        if name not in _MUTE
    }


def _plan(budget: int) -> Planner:
    return Planner(KIND, budget, policy=split_among_roles(policy_of(EXPERT)))


def kinds_row(ground: Ground) -> list[Figure]:
    """Teams of five of a kind."""
    rows = ground.compared(KINDS, kinds(), whole=True)
    best = max(rows, key=lambda row: row.gain.estimate if row.gain else 0.0)
    label = f"best of {len(rows)} teams of five of a kind, minus five experts"
    return [Figure("kinds.best", label, Unit.SD, _or_nothing(best.gain), best.name)]


def oracle_row(ground: Ground) -> list[Figure]:
    """One expert who sees all and decides for all."""
    (row,) = ground.compared(SEES_ALL, {SEES_ALL: policy_of(EXPERT)}, whole=True)
    return [Figure("oracle", f"{SEES_ALL}, minus five experts", Unit.SD, _or_nothing(row.gain))]


def planner_row(ground: Ground) -> list[Figure]:
    """A planner of the joint decision, with five experts to decide afterwards."""
    customers = ground.sizes.planner_customers
    name = _PLANS.format(_BUDGET)
    policies = {name: partial(_plan, _BUDGET)}
    (row,) = ground.compared(name, policies, customers, 1, whole=True)
    note = f"{customers} customers, one seed of luck each"
    return [
        Figure("planner.team", f"{name}, minus them", Unit.SD, _or_nothing(row.gain), note),
    ]


def learner_row(ground: Ground, learners: Sequence[str]) -> list[Figure]:
    """Trained teams."""
    if not learners:
        return []
    rows = ground.compared(TEAMS, {path: policy_of(path) for path in learners}, whole=True)
    played = ground.played(TEAMS, {}, whole=True)
    mean = ground.gain(np.asarray(played.scores.mean(axis=0)))
    label = f"{len(rows)} trained team{'s' if len(rows) > 1 else ''}, minus five experts"
    above = [row.name for row in rows if row.gain is not None and row.gain.above(0.0)]
    return [
        Figure("learner", label, Unit.SD, _or_nothing(mean)),
        Figure(
            "learner.above", "of them surely above five experts", Unit.COUNT, counted(len(above))
        ),
    ]


def _or_nothing(value: Interval | None) -> Interval:
    return Interval(0.0, 0.0, 0.0) if value is None else value
