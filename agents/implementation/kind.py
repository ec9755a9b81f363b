"""The implementation world as a record of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from ...envs.implementation.options import OPTIONS
from ...scenarios.implementation import library
from ...scenarios.implementation.customer import Customer
from ...scenarios.implementation.levels import ImplementationLevels
from ...scenarios.implementation.scenario import ImplementationScenario
from ...sim.implementation.decision import NEUTRAL_DECISION, Decision
from ...sim.implementation.metrics import METRICS, SCORE
from ...sim.implementation.schedule import LONGEST_EPISODE_DAYS
from ...sim.implementation.scorecard import Scorecard
from ...sim.observer import Observer
from ...sim.protocol import Snapshot
from ...sim.team import Team
from ...sim.world_kind import Figures, PolicyFactory, Teamwork, WorldKind
from .adaptive import Adaptive
from .candidates import candidate_decisions, describe, describe_change
from .critical_path import CriticalPath
from .expert import Expert, expert_from
from .plan_follower import PlanFollower
from .probes import probes
from .static import static_policy
from .team_partners import partner_kinds
from .typical_practice import TypicalPractice

if TYPE_CHECKING:
    from ...envs.implementation.numbers import ImplementationNumbers
    from ...envs.implementation.rendering import Renderer
    from ...envs.implementation.words import ImplementationWords
    from ...envs.rewards import RewardLanguage
    from ...sim.implementation.world import ImplementationWorld
    from ..learned import LearnedPolicy


def _build(
    scenario: ImplementationScenario,
    seed: int,
    *,
    record: bool = False,
    customer: str | Customer | None = None,
) -> ImplementationWorld:
    from ...sim.implementation.world import ImplementationWorld  # Mesa and SimPy

    fixed = customer if isinstance(customer, Customer) else None
    if customer == "reference":
        fixed = scenario.customer
    return ImplementationWorld(scenario, seed, customer=fixed, record=record)


def _restore(
    snapshot: Snapshot, *, record: bool = False, seed: int | None = None
) -> ImplementationWorld:
    from ...sim.implementation.world import ImplementationWorld

    return ImplementationWorld.restore(snapshot, record=record, seed=seed)


def _imagined(snapshot: Snapshot, seed: int) -> Snapshot:
    from ...sim.implementation.belief import imagined

    return imagined(snapshot, seed)


def _numbers() -> ImplementationNumbers:
    from ...envs.implementation.numbers import ImplementationNumbers

    return ImplementationNumbers()


def _rewards() -> RewardLanguage:
    from ...envs.implementation.rewards import reward_language

    return reward_language()


def _words() -> ImplementationWords:
    from ...envs.implementation.words import ImplementationWords

    return ImplementationWords()


def _team() -> Team:
    from ...envs.implementation.team import implementation_team

    return implementation_team()


def _renderer(mode: str) -> Renderer:
    from ...envs.implementation.rendering import Renderer

    return Renderer(mode)


def _neutral() -> Decision:
    return NEUTRAL_DECISION


def _watch() -> Sequence[Observer]:
    from .watching import CrewWatch, MilestoneWatch

    return (CrewWatch(), MilestoneWatch())


_CHAMPION = Path(__file__).with_name("champion.policy")


def _champion() -> LearnedPolicy:
    from ..learned import LearnedPolicy
    from ..policy_file import read_policy_file

    return LearnedPolicy(read_policy_file(_CHAMPION), "champion")


_BASELINES: dict[str, PolicyFactory] = {
    "expert": Expert,
    "critical_path": CriticalPath,
    "plan_follower": PlanFollower,
}

KIND = WorldKind(
    name="implementation",
    title="ERP implementations, from kick-off through go-live to the end of hypercare",
    environment="golive/Implementation-v1",
    scenario=ImplementationScenario,
    library=Path(library.__file__).parent,
    default_scenario="furniture",
    default_suite="furniture",
    build=_build,
    restore=_restore,
    numbers=_numbers,
    rewards=_rewards,
    words=_words,
    moment=attrgetter("calendar.day"),
    neutral=_neutral,
    neighbours=candidate_decisions,
    describe=describe,
    describe_change=describe_change,
    metrics=METRICS,
    no_scorecard={
        field.name: {"bool": False, "int": 0}.get(str(field.type), 0.0)
        for field in fields(Scorecard)
    },
    figures=Figures(
        score=SCORE,
        success="success",
        illegal="illegal_decisions",
        met="disruptions_met",
        recovered="disruptions_recovered",
        efficiency=("cost_ratio", "schedule_ratio", "useful_share"),
        kept=("recovery_days",),
    ),
    policies={
        **_BASELINES,
        Adaptive.name: Adaptive,
        TypicalPractice.name: TypicalPractice,
        "champion": _champion,
        **probes(),
    },
    baselines=tuple(_BASELINES),
    probes=tuple(probes()),
    champion=_CHAMPION,
    families={"static": static_policy, "expert": expert_from},
    latent=(
        "base_loss",
        "rotten",
        "traits",
        "lost_days",
        "survival",
        "sunk_usd",
        "creep_days",
        "defect_mean",
        "errors",
        "faulty",
        "hidden",
        "onset_hour",
        "pressure",
        "project_factor",
        "question_at",
        "recovery_hour",
        "surface_day",
        "technical_failure",
    ),
    imagined=_imagined,
    options=OPTIONS,
    levels=ImplementationLevels,
    renderer=_renderer,
    render_modes=("ansi", "rgb_array", "human"),
    watch=_watch,
    teamwork=Teamwork(
        parts={
            "hours_useful": "Useful",
            "hours_rework": "Rework",
            "hours_switching": "Switching",
            "hours_waiting_own": "Waiting beside ready work of their own workstream",
            "hours_waiting_elsewhere": "Waiting beside ready work of another workstream",
            "hours_waiting_blocked": "Waiting while work was stopped on a question",
            "hours_waiting_free": "Waiting, and no work they could have done (not counted)",
        },
        useful="hours_useful",
        free="hours_waiting_free",
    ),
    most_decisions=LONGEST_EPISODE_DAYS,  # plans may decide daily
    milestones={
        "day_mock_load_passed": "First mock load that passed the data gate",
        "day_checks_passed": "All required acceptance checks passed",
        "day_first_go_live": "First go-live",
        "day_last_go_live": "Last go-live",
        "day_stable": "All sites stable",
    },
    files="golive.trainers.implementation",
    exports={"ImplementationWorld": "golive.sim.implementation.world:ImplementationWorld"},
    report="golive.trainers.implementation.episode_section:draw_episodes",
    commands="golive.cli.implementation.commands:add_commands",
    view="golive.cli.implementation.view:ImplementationView",
    team=_team,
    partners=partner_kinds,
)
"""The implementation world."""
