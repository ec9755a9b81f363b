"""The readiness gate: everything measured that its criteria ask for, and the verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...agents.team_spec import is_team
from ...core.arguments import checked
from ...core.errors import GoliveError
from ...scenarios.suite import SeedRange
from ...sim.policy import WorldPolicy
from ...sim.worlds import kind_of
from .accuracy import AccuracyResult, decision_accuracy, kept_share
from .adaptation import Adaptation, Course, measure_adaptation
from .best_responses import Efficiency, measure_efficiency
from .cells import Cell, Episode, gate_cells, run_cells, shifted
from .criteria import (
    Criterion,
    TestScenario,
    adaptation_criterion,
    all_passed_criterion,
    completion_criterion,
    criterion,
    judge_test_scenarios,
    retention_criterion,
)
from .episode_rows import policy_of
from .gate_suites import AccuracySettings, GateSuite, load_gate
from .measures import (
    Collaboration,
    Latency,
    Learning,
    MilestoneDays,
    measure_collaboration,
    measure_latency,
    measure_milestones,
    read_learning,
)
from .plan import UNTRAINED, Entrant, make_entrants
from .profile import ScenarioProfile, profiles
from .progress import Phase
from .robustness import Robustness, measure_recovery, measure_robustness
from .runner import Progress
from .statistics import Interval

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario
    from ...sim.world_kind import WorldKind


@dataclass(frozen=True)
class GateResult:
    """A policy before the gate.

    Attributes:
        policy: what it is called.
        spec: name or path it was loaded by.
        policy_sha256: of its file; empty for a policy that comes with golive.
        suite: the gate, as it was run.
        quick: whether it was run in the sizes of a quick look.
        sees_world: whether the policy decides from the world itself: a bound, not deployable.
        cells: what was played.
        episodes: what came of it.
        accuracy: per scenario.
        adaptation: to the new scenario; None if the gate does not ask for it.
        learning: from the training's log; None if there is none.
        efficiency: of a team beside the best responses in its roles; None if it is no team.
        criteria: judged.
        tests: the test scenarios, judged.
    """

    policy: str
    spec: str
    policy_sha256: str
    suite: GateSuite
    quick: bool
    sees_world: bool
    cells: tuple[Cell, ...]
    episodes: tuple[Episode, ...]
    accuracy: tuple[AccuracyResult, ...]
    adaptation: Adaptation | None
    learning: Learning | None
    efficiency: Efficiency | None
    criteria: tuple[Criterion, ...]
    tests: tuple[TestScenario, ...]

    @property
    def kind(self) -> WorldKind:
        """The record of the world."""
        return self.episodes[0].kind

    @property
    def passed(self) -> bool:
        """True if every criterion holds."""
        return all(criterion.passed for criterion in self.criteria)

    @property
    def signed_off(self) -> bool:
        """True if the policy passed the whole gate, and sees no more than it may."""
        return self.passed and not self.quick and not self.sees_world

    @property
    def nominal(self) -> list[Episode]:
        """The episodes without an added edge case."""
        return [episode for episode in self.episodes if episode.cell.nominal]

    def latency(self) -> Latency:
        """Wall time of the decisions."""
        return measure_latency(self.episodes)

    def milestones(self) -> list[MilestoneDays]:
        """Days to the milestones, without an added edge case."""
        return measure_milestones(self.nominal, level=self.suite.level)

    def robustness(self) -> Robustness:
        """Share of the score that is left under edge cases."""
        return measure_robustness(self.episodes, level=self.suite.level)

    def collaboration(self) -> Collaboration | None:
        """Hours of people by where they went, without an added edge case; None if not told."""
        return measure_collaboration(self.nominal, level=self.suite.level)

    def decision_accuracy(self) -> Interval | None:
        """Share of what was at stake that its decisions kept, over all scenarios."""
        return kept_share([result.decisions for result in self.accuracy], self.suite.level)

    def profiles(self) -> list[ScenarioProfile]:
        """The policy's profile in each scenario."""
        by_name = {result.scenario: result for result in self.accuracy}
        return profiles(self.episodes, by_name, level=self.suite.level)


@checked
def run_gate(
    policy: str,
    suite: GateSuite | None = None,
    *,
    quick: bool = False,
    workers: int = 1,
    progress: Phase | None = None,
) -> GateResult:
    """Measure a policy and hold it against a gate.

    Args:
        policy: name or path, or ``name=path`` to call it by a name.
        suite: the gate; None: the one that comes with golive.
        quick: fewer episodes, as the gate says; nothing is signed off by it.
        workers: processes; figures other than latencies do not depend on it.
        progress: told what is done now and how far it is.

    Raises:
        GoliveError: no such policy or scenario, or a scenario without the seeds asked for.
        TaskError: an episode failed.
    """
    suite = load_gate() if suite is None else suite
    suite = suite.made_quick() if quick else suite
    entrant, file, sha256, scenarios, course = _prepared(policy, suite)
    told = progress or (lambda phase, done, total: None)
    cells = gate_cells(scenarios, suite.edge_cases.texts, suite.edge_cases.episodes)
    episodes = run_cells(entrant, cells, workers=workers, progress=partial(told, "Episodes"))
    accuracy = _accuracy(entrant, suite.accuracy, scenarios, workers, partial(told, "Decisions"))
    adaptation = None
    if suite.adaptation is not None and course is not None:
        adaptation = measure_adaptation(
            entrant,
            file,
            course,
            suite.adaptation,
            level=suite.level,
            workers=workers,
            progress=partial(told, "Adaptation"),
        )
    efficiency = None
    if is_team(str(entrant.policy)):
        efficiency = measure_efficiency(
            entrant,
            kind_of(scenarios[0][0]),
            [(one, seeds[: suite.best_responses.episodes]) for one, seeds in scenarios],
            responses=suite.best_responses.responses,
            level=suite.level,
            workers=workers,
            progress=partial(told, "Best responses"),
        )
    tests = judge_test_scenarios(episodes, suite.thresholds, suite.level)
    return GateResult(
        policy=entrant.label,
        spec=str(entrant.policy),
        policy_sha256=sha256,
        suite=suite,
        quick=quick,
        sees_world=isinstance(policy_of(entrant, scenarios[0][0].world), WorldPolicy),
        cells=tuple(cells),
        episodes=tuple(episodes),
        accuracy=tuple(accuracy),
        adaptation=adaptation,
        learning=None if file is None else read_learning(file),
        efficiency=efficiency,
        criteria=tuple(judge(suite, episodes, accuracy, adaptation, tests, efficiency)),
        tests=tuple(tests),
    )


def check_gate(policy: str, suite: GateSuite, *, quick: bool = False) -> None:
    """See that a gate can be run, before anything is.

    Raises:
        GoliveError: as ``run_gate``.
    """
    _prepared(policy, suite.made_quick() if quick else suite)


def judge(
    suite: GateSuite,
    episodes: Sequence[Episode],
    accuracy: Sequence[AccuracyResult],
    adaptation: Adaptation | None,
    tests: Sequence[TestScenario],
    efficiency: Efficiency | None = None,
) -> list[Criterion]:
    """The criteria of a gate, from what was measured; what the world does not tell has none."""
    limits, level = suite.thresholds, suite.level
    decisions = sum(len(result.decisions) for result in accuracy)
    criteria = [
        completion_criterion(episodes, limits, level),
        criterion(
            "accuracy",
            "Decision accuracy",
            kept_share([result.decisions for result in accuracy], level),
            limits.accuracy,
            f"of what was at stake at {decisions} decision points, kept",
        ),
    ]
    if adaptation is not None:
        criteria += [
            adaptation_criterion(adaptation, limits),
            retention_criterion(adaptation, limits),
        ]
    criteria += _collaboration(episodes, suite, efficiency)
    if counted := episodes[0].kind.figures.met:
        met = sum(int(episode.figures[counted]) for episode in episodes)
        criteria.append(
            criterion(
                "recovery",
                "Recovery from errors",
                measure_recovery(episodes, level=level),
                limits.recovery,
                f"of {met} met" if met else "no disruption was met",
            )
        )
    return [*criteria, all_passed_criterion(tests)]


def _collaboration(
    episodes: Sequence[Episode], suite: GateSuite, efficiency: Efficiency | None
) -> list[Criterion]:
    """A team's score over its best responses'; of who decides alone, the useful share of hours."""
    limit = suite.thresholds.collaboration
    if efficiency is not None:
        note = "score of the team over the mean score with the best of those tried in each role"
        return [criterion("collaboration", "Collaboration", efficiency.ratio, limit, note)]
    nominal = [episode for episode in episodes if episode.cell.nominal]
    collaboration = measure_collaboration(nominal, level=suite.level)
    if collaboration is None:
        return []
    note = "useful share of the hours in which the crew had work"
    return [criterion("collaboration", "Collaboration", collaboration.headline, limit, note)]


def _prepared(
    policy: str, suite: GateSuite
) -> tuple[Entrant, Path | None, str, list[tuple[Scenario, range]], Course | None]:
    """The policy with its file and hash, the scenarios with their seeds, what is adapted to."""
    (entrant,) = make_entrants([policy])
    scenarios = [scenario_with_seeds(suite, name, suite.episodes) for name in suite.scenarios]
    kind = kind_of(scenarios[0][0])
    if not kind.figures.success:
        raise GoliveError(
            f"gate {suite.name}: world {kind.name} does not tell success from failure"
        )
    for scenario, _ in scenarios:
        scenario.mix.of(suite.edge_cases.texts)
    policy_of(entrant, kind.name)
    file, sha256 = _file_of(entrant)
    return entrant, file, sha256, scenarios, _course(suite, file)


def _accuracy(
    entrant: Entrant,
    settings: AccuracySettings,
    scenarios: Sequence[tuple[Scenario, range]],
    workers: int,
    progress: Progress,
) -> list[AccuracyResult]:
    total = settings.episodes * len(scenarios)
    progress(0, total)
    return [
        decision_accuracy(
            str(entrant.policy),
            scenario,
            seeds[: settings.episodes],
            every=settings.every,
            futures=settings.futures,
            tolerance=settings.tolerance,
            workers=workers,
            progress=shifted(progress, index * settings.episodes, total),
        )
        for index, (scenario, seeds) in enumerate(scenarios)
    ]


def _course(suite: GateSuite, file: Path | None) -> Course | None:
    """The scenario to adapt to: the first that the policy was not trained on."""
    from ...agents.policy_file import read_policy_file

    settings = suite.adaptation
    if settings is None:
        return None
    trained = [] if file is None else read_policy_file(file).training.scenario.split(", ")
    names = [name for name in settings.scenarios if name not in trained]
    if not names:
        raise GoliveError(
            f"adaptation.scenarios: {', '.join(settings.scenarios)}: expected one that "
            f"{file} was not trained on"
        )
    scenario, seeds = scenario_with_seeds(suite, names[0], settings.episodes)
    old = scenario_with_seeds(suite, trained[0], settings.episodes) if trained else None
    return Course(names[0], scenario, seeds, old)


def scenario_with_seeds(suite: GateSuite, name: str, episodes: int) -> tuple[Scenario, range]:
    """A scenario and its first seeds for a gate.

    Raises:
        GoliveError: no such scenario, or fewer seeds than episodes.
    """
    from ...scenarios.loader import load_scenario

    scenario = load_scenario(name)
    seeds = suite.seeds or _seeds_of_suite(scenario.name, suite)
    if len(seeds) < episodes:
        raise GoliveError(
            f"episodes: {episodes}: expected at most the {len(seeds)} seeds of {scenario.name}"
        )
    return scenario, range(seeds.start, seeds.start + episodes)


def _seeds_of_suite(scenario: str, suite: GateSuite) -> SeedRange:
    from ...scenarios.loader import load_suite, suite_names

    names = suite_names()
    ordered = [*(n for n in names if n == scenario), *(n for n in names if n != scenario)]
    for name in ordered:
        found = load_suite(name)
        if scenario in found.scenarios and suite.split in found.splits:
            return found.splits[suite.split]
    raise GoliveError(
        f"seeds: null: no suite of the library has scenario {scenario} and split {suite.split}: "
        "expected seeds, such as {start: 2_000_000, stop: 2_010_000}"
    )


def _file_of(entrant: Entrant) -> tuple[Path | None, str]:
    """The trained policy's file, and the SHA-256 of what any policy is read from."""
    from ...agents.policy_file import is_team_file
    from ...agents.registry import policy_file_of

    file = policy_file_of(str(entrant.policy)) if entrant.fingerprint else None
    if file is None:
        return None, ""
    # What adapts by fine-tuning is one network; a team is judged as it is.
    trained = file if file.suffix not in UNTRAINED and not is_team_file(file) else None
    return trained, hashlib.sha256(file.read_bytes()).hexdigest()
