"""The gateway world's part of the measurement of its game: routers, edits, bounds, probes.

What stays the same is the company, with its traits, its agents and its people; luck is the tasks
that come, what befalls the agents, and how attempts end.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.game_ground import Ground
from benchmarks.game_kind import EXPERT, GameKind, Sizes
from benchmarks.game_play import Case
from benchmarks.game_report import Figure, Target, Unit
from benchmarks.game_rows import COMMON_ROWS, Row, or_nothing
from benchmarks.gateway.traits import RULES
from golive.agents.gateway.expert import RANGES, Expert, changed_weights, shipped_weights
from golive.agents.gateway.kind import KIND
from golive.agents.registry import load_policy
from golive.scenarios.gateway.scenario import GatewayScenario
from golive.sim.world_kind import PolicyFactory

BOUNDS = "bounds and learners"
LEARNER, READER, ORACLE = "adaptive", "trait_reader", "oracle"
_FACTORS = (0.6, 1.6)
_STEP = 0.2
"""Added to weights that may be below 0."""


def case_of(scenario: GatewayScenario, seed: int, first_luck: int) -> Case:
    """The company that a seed draws."""
    return Case(scenario, first_luck, seed=seed)


def _changed(name: str, values: Mapping[str, float]) -> Expert:
    return Expert(changed_weights(shipped_weights(), **values), name)


def _ruled(name: str, **values: float) -> PolicyFactory:
    """Makes the dispatcher with other weights."""
    return partial(_changed, name, values)


def ways() -> dict[str, PolicyFactory]:
    """Routers that could be right: the dispatcher, it with each rule of a trait and without."""
    made: dict[str, PolicyFactory] = {
        name: partial(load_policy, name, KIND) for name in KIND.baselines
    }
    for words, without, with_it in RULES.values():
        made[words] = _ruled(words, **with_it)
        made[f"never: {words}"] = _ruled(f"never: {words}", **without)
    return made


def follies() -> dict[str, PolicyFactory]:
    """Routers that must lose."""
    return {f"probe: {name}": partial(load_policy, name, KIND) for name in KIND.probes}


def edits() -> dict[str, PolicyFactory]:
    """The dispatcher with one weight changed, down and up, as far as its range goes."""
    shipped = shipped_weights()
    made: dict[str, PolicyFactory] = {}
    for name, (low, high) in RANGES.items():
        old = float(getattr(shipped, name))
        if low < 0.0:
            found = [old - _STEP, old + _STEP]
        elif high < 1.0:  # a chance
            found = [old - 0.1, old + 0.1]
        else:
            found = [old * factor for factor in _FACTORS]
        for new in found:
            label = f"{name} = {min(high, max(low, new)):.3g}"
            made[label] = _ruled(label, **{name: min(high, max(low, new))})
    return made


def bounds_row(ground: Ground) -> list[Figure]:
    """The learner, who knows the traits, and who knows every chance, minus the dispatcher."""
    names = (LEARNER, READER, ORACLE)
    rows = ground.compared(BOUNDS, {name: ground.policy_of(name) for name in names})
    return [
        Figure(f"bounds.{row.name}", f"{row.name}, minus {EXPERT}", Unit.SD, or_nothing(row.gain))
        for row in rows
    ]


ROWS: dict[str, Row] = {**COMMON_ROWS, "bounds": bounds_row}
"""Measurements by name."""
TARGETS = {
    "paired.customer": Target("≥ 25 %", least=0.25),
    "paired.decent": Target("≥ 12", least=12),
    "chosen.gain": Target("> 0", least=1e-9),
    "edits.gaining": Target("0", most=0),
    "reward.misled": Target("0", most=0),
    "probes.largest": Target("< 0", most=-1e-9),
    f"bounds.{LEARNER}": Target("> 0", least=1e-9),
    f"bounds.{ORACLE}": Target("≥ +0.5", least=0.5),
}
"""Bounds to be reached, by the figure's key."""

GAME = GameKind(
    world=KIND.name,
    subject="company",
    case=case_of,
    ways=ways,
    follies=follies,
    edits=edits,
    rows=ROWS,
    targets=TARGETS,
    games=("office",),
    quick=Sizes(16, 2, 8, 2, 8, 8),  # about 1,900 episodes of half a second
    full=Sizes(60, 4, 30, 2, 30, 8),  # about 14,000
)
"""The world's part."""
