"""The migration world as a record of its parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...scenarios.migration import library
from ...scenarios.migration.scenario import MigrationScenario
from ...sim.migration.decision import NEUTRAL, Decision
from ...sim.migration.scorecard import METRICS, NO_SCORECARD
from ...sim.protocol import Snapshot
from ...sim.world_kind import Figures, PolicyFactory, WorldKind
from .expert import Expert
from .simple import STEPS, AskEverything, ByLot, Idle, careful, mock_load_daily, steps

if TYPE_CHECKING:
    from ...envs.migration.numbers import MigrationNumbers
    from ...envs.migration.words import MigrationWords
    from ...envs.rewards import RewardLanguage
    from ...sim.migration.briefing import Briefing
    from ...sim.migration.world import MigrationWorld
    from .oracle import Oracle, TraitReader


def _build(scenario: MigrationScenario, seed: int, *, record: bool = False) -> MigrationWorld:
    from ...sim.migration.world import MigrationWorld  # Mesa, SimPy and Polars

    return MigrationWorld(scenario, seed, record=record)


def _restore(
    snapshot: Snapshot, *, record: bool = False, seed: int | None = None
) -> MigrationWorld:
    from ...sim.migration.world import MigrationWorld

    return MigrationWorld.restore(snapshot, record=record, seed=seed)


def _numbers() -> MigrationNumbers:
    from ...envs.migration.numbers import MigrationNumbers

    return MigrationNumbers()


def _rewards() -> RewardLanguage:
    from ...envs.migration.rewards import reward_language

    return reward_language()


def _words() -> MigrationWords:
    from ...envs.migration.words import MigrationWords

    return MigrationWords()


def _moment(briefing: Briefing) -> int:
    return briefing.decision


def _neutral() -> Decision:
    return NEUTRAL


def _trait_reader() -> TraitReader:
    from .oracle import TraitReader  # it looks into the world, which needs Mesa and SimPy

    return TraitReader()


def _oracle() -> Oracle:
    from .oracle import Oracle

    return Oracle()


_STEPS: dict[str, PolicyFactory] = {
    name: (lambda name=name: steps(name))  # type: ignore[misc]
    for name in STEPS
}
_PROBES = ("load_as_is", "merge_all", "delete_hard_rows", "fill_with_mode")

KIND = WorldKind(
    name="migration",
    title="The data of a customer, from the first extract to the production load",
    environment="golive/Migration-v0",
    scenario=MigrationScenario,
    library=Path(library.__file__).parent,
    default_scenario="workshop-data",
    default_suite="migration",
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
        score="migration_score",
        success="success",
        illegal="illegal_decisions",
        efficiency=("whole_cost_usd", "after_golive_usd", "team_hours"),
    ),
    policies={
        "expert": Expert,
        "with_mock_load": careful,
        **_STEPS,
        "do_nothing": Idle,
        "by_lot": ByLot,
        "ask_everything": AskEverything,
        "mock_load_daily": mock_load_daily,
        "trait_reader": _trait_reader,
        "oracle": _oracle,
    },
    baselines=("expert", "with_mock_load", "merge_proven", "rules_only", "casts_only"),
    probes=(*_PROBES, "do_nothing", "by_lot", "ask_everything", "mock_load_daily"),
    latent=(
        "traits",
        "customer_seed",
        "log",
        "truth",
        "right_cell",
        "obsolete",
        "strict_rules",
        "thing",
        "duplicate_of",
    ),
    most_decisions=600,
    files="golive.trainers.migration",
    commands="golive.cli.migration.commands:add_commands",
)
"""The world, under the name that the registry has."""
