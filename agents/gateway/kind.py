"""The gateway world as a record of its parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...scenarios.gateway import library
from ...scenarios.gateway.scenario import GatewayScenario
from ...sim.gateway.decision import NEUTRAL, Decision, Way
from ...sim.gateway.scorecard import METRICS, NO_SCORECARD
from ...sim.protocol import Snapshot
from ...sim.world_kind import Figures, PolicyFactory, WorldKind
from .adaptive import Adaptive
from .expert import Expert
from .simple import RULES, Always, ByLot, RoundRobin, one_rule
from .watchful import Watchful

if TYPE_CHECKING:
    from ...envs.gateway.numbers import GatewayNumbers
    from ...envs.gateway.words import GatewayWords
    from ...envs.rewards import RewardLanguage
    from ...sim.gateway.briefing import Briefing
    from ...sim.gateway.world import GatewayWorld
    from .cases import CasePolicy
    from .oracle import Oracle, TraitReader


def _build(scenario: GatewayScenario, seed: int, *, record: bool = False) -> GatewayWorld:
    from ...sim.gateway.world import GatewayWorld  # Mesa and SimPy

    return GatewayWorld(scenario, seed, record=record)


def _restore(snapshot: Snapshot, *, record: bool = False, seed: int | None = None) -> GatewayWorld:
    from ...sim.gateway.world import GatewayWorld

    return GatewayWorld.restore(snapshot, record=record, seed=seed)


def _numbers() -> GatewayNumbers:
    from ...envs.gateway.numbers import GatewayNumbers

    return GatewayNumbers()


def _rewards() -> RewardLanguage:
    from ...envs.gateway.rewards import reward_language

    return reward_language()


def _words() -> GatewayWords:
    from ...envs.gateway.words import GatewayWords

    return GatewayWords()


def _moment(briefing: Briefing) -> int:
    return briefing.decision


def _neutral() -> Decision:
    return NEUTRAL


def _oracle() -> Oracle:
    from .oracle import Oracle  # it looks into the world, which needs Mesa and SimPy

    return Oracle()


def _trait_reader() -> TraitReader:
    from .oracle import TraitReader

    return TraitReader()


_PROBES: dict[str, PolicyFactory] = {
    "by_lot": ByLot,
    "round_robin": RoundRobin,
    "always_person": lambda: Always("always_person", Way.PERSON),
    "always_ask": lambda: Always("always_ask", Way.ASK),
    "always_split": lambda: Always("always_split", Way.SPLIT),
}
_PROBE_RULES = ("cheapest", "dearest", "longest_record", "most_liked")


def _case_policy(name: str) -> CasePolicy:
    from .bandits import LEARNING  # it knows the bandit view's streams
    from .cases import CasePolicy

    return CasePolicy(name, LEARNING[name])


_BANDITS = ("lin_ucb", "thompson", "neighbours", "factors")
_RULES: dict[str, PolicyFactory] = {
    name: (lambda name=name: one_rule(name))  # type: ignore[misc]
    for name in RULES
}

KIND = WorldKind(
    name="gateway",
    title="A gateway that finds, for each task of a company, the agent or person who should do it",
    environment="golive/Gateway-v0",
    scenario=GatewayScenario,
    library=Path(library.__file__).parent,
    default_scenario="office",
    default_suite="gateway",
    build=_build,
    restore=_restore,
    numbers=_numbers,
    rewards=_rewards,
    words=_words,
    moment=_moment,
    neutral=_neutral,
    metrics=METRICS,
    no_scorecard=NO_SCORECARD,
    figures=Figures(
        score="gateway_score",
        success="success",
        illegal="illegal_decisions",
        efficiency=("harm_usd", "people_usd", "hours_to_solve"),
    ),
    policies={
        "expert": Expert,
        "adaptive": Adaptive,
        "watchful": Watchful,
        **{name: (lambda name=name: _case_policy(name)) for name in _BANDITS},  # type: ignore[misc]
        **_RULES,
        **_PROBES,
        "trait_reader": _trait_reader,
        "oracle": _oracle,
    },
    baselines=("expert", "adaptive", "most_confident", "by_text", "best_record"),
    probes=(*_PROBES, *_PROBE_RULES),
    latent=(
        *("horizon", "silent_share", "boast", "traits", "favourite", "habit", "expertise"),
        *("missing", "shown", "log2_hours", "residual", "second_share", "raters_lie", "families"),
    ),
    most_decisions=1_000_000,
    files="golive.trainers.gateway",
    commands="golive.cli.gateway.commands:add_commands",
)
"""The world, under the name that the registry has."""
