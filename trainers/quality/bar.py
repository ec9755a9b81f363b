"""A world held against the quality bar."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...core.arguments import checked
from ...core.errors import GoliveError
from ...envs.episodes import episode_source
from ...scenarios.scenario import Scenario
from ...sim.check_runtime import RuntimeChecks
from ...sim.quality import REQUIREMENTS, Measured, QualityCheck, Verdict, judged
from ...sim.world_kind import WorldKind
from ..evaluation.plan import installed_versions
from ..evaluation.progress import Phase
from .paid import PaidChecks
from .scored import ScoredChecks

DEFAULT_EPISODES = 100
FEWEST_EPISODES = 2
_LOOKED_AT = 3
"""Episodes of the checks that look at every decision point."""
_OF_SEEDS = 12
"""Episodes of the checks of seeds and of leaks: what stays in an episode is seen once in each."""


@dataclass(frozen=True)
class QualityReport:
    """A world's outcome before the bar.

    Attributes:
        kind: of the world.
        scenario: that was played.
        seeds: of the episodes.
        oracle: policy that stands for the maximum.
        checks: in the order of the bar.
        versions: of Python, golive and what results depend on.
    """

    kind: WorldKind
    scenario: str
    seeds: Sequence[int]
    oracle: str
    checks: tuple[QualityCheck, ...]
    versions: dict[str, str]

    @property
    def passed(self) -> bool:
        """True if no check failed."""
        return not any(check.failed for check in self.checks)


@checked
def judge_quality(
    kind: WorldKind,
    scenario: Scenario | str | None = None,
    episodes: int = DEFAULT_EPISODES,
    *,
    oracle: str | None = None,
    progress: Phase | None = None,
) -> QualityReport:
    """Hold a world against the quality bar of RFC 008.

    Args:
        kind: of the world; unless it is registered, no other process plays it.
        scenario: that is played, or its name; None: the world's first.
        episodes: seeds of the scenario's test split that policies are compared on.
        oracle: policy that stands for the maximum, as ``load_policy`` takes it; None: the world's
            expert. The expert is what anybody can run again at once; the planner, which looks
            into the world, takes a thousand times as long.
        progress: told what is done now and how far it is.

    Raises:
        GoliveError: the scenario cannot be loaded, there is no such oracle, or too few episodes
            were asked for, or more than the split has seeds.
    """
    if episodes < FEWEST_EPISODES:
        raise GoliveError(f"episodes: {episodes}: expected at least {FEWEST_EPISODES}")
    source = episode_source(kind, scenario, "test", None, None, {})
    if episodes > len(source.seeds):
        raise GoliveError(
            f"episodes: {episodes}: expected at most the {len(source.seeds)} seeds of the split"
        )
    if oracle is None:
        oracle = kind.expert
    elif oracle not in kind.policies:
        from ...agents.registry import load_policy

        load_policy(oracle, kind)
    seeds = range(source.seeds.start, source.seeds.start + episodes)
    told = progress or (lambda phase, done, total: None)
    checks: list[QualityCheck] = []
    measures = _measures(kind, source.scenario, seeds, oracle, told)
    for number, (id, measure) in enumerate(measures.items()):
        told("Checks", number, len(measures))
        not_passed = [
            one.requirement.id for one in checks if one.measured.verdict is not Verdict.PASSED
        ]
        checks.append(judged(id, measure, not_passed))
    told("Checks", len(measures), len(measures))
    versions = {**installed_versions(), "python": platform.python_version()}
    return QualityReport(kind, source.scenario.name, seeds, oracle, tuple(checks), versions)


def _measures(
    kind: WorldKind, scenario: Scenario, seeds: Sequence[int], oracle: str, told: Phase
) -> dict[str, Callable[[], Measured]]:
    """What measures each check, in the order of the bar."""
    few = seeds[:_LOOKED_AT]
    runtime = RuntimeChecks(kind, scenario, few)
    paid = PaidChecks(kind, scenario, few)
    scored = ScoredChecks(
        kind, scenario, seeds, oracle, lambda done, total: told("Episodes", done, total)
    )
    more = RuntimeChecks(kind, scenario, seeds[:_OF_SEEDS])
    own = {"seed_control": more, "no_solution_leakage": more}

    def measure(id: str) -> Callable[[], Measured]:
        name = id.partition(".")[2]
        places = (own.get(name), runtime, paid, scored)
        found: Callable[[], Measured] = next(
            getattr(place, name) for place in places if hasattr(place, name)
        )
        return found

    return {id: measure(id) for id in REQUIREMENTS}
