"""The demonstration: train, judge, report; resumable throughout."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..agents.registry import CHAMPION
from ..core.execution import default_workers
from ..core.files import check_output_directory
from ..scenarios.loader import load_scenario, load_suite
from ..scenarios.scenario import Scenario
from ..scenarios.suite import Split, Suite
from .evaluation.keeper import Existing
from .evaluation.plan import make_entrants
from .evaluation.result import EvaluationResult
from .evaluation.runner import evaluate_suite, split_start
from .evaluation.summary import EvaluationSummary, save_summary, summarise
from .evaluation.tables import headline
from .reports import compose_report, write_report
from .reports.report import REPORT_FILE

if TYPE_CHECKING:
    from .training.callbacks import TrainingCallback
    from .training.configuration import TrainingConfiguration

AGENT = "trained"
"""Name of the demonstration's agent."""
CONFIGURATION = "demo"
Bar = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """Wishes for a demonstration.

    Attributes:
        directory: for everything it makes: ``run/``, ``evaluation/``, ``report.html``.
        minutes: longest training; None as configured.
        steps: of the training; None as configured.
        episodes: on held-out seeds.
        workers: processes; None for one per core.
    """

    directory: Path
    minutes: float | None = None
    steps: int | None = None
    episodes: int = 200
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """Results of a demonstration.

    Attributes:
        result: the evaluation on held-out seeds.
        summary: its tables.
        headline: the result in words.
        report: path of the page.
    """

    result: EvaluationResult
    summary: EvaluationSummary
    headline: str
    report: Path


def train_demo(plan: DemoPlan, reporter: TrainingCallback) -> TrainingConfiguration:
    """Train the agent, or go on with its training, unless it is trained already.

    Returns:
        What the training was told.

    Raises:
        GoliveError: wrong options, or the directory will not do, or holds a training that
            was told otherwise.
        KeyboardInterrupt: interrupted; the next run goes on where this one was.
    """
    configuration = demo_configuration(plan)
    split_start(_suite(configuration), Split.TEST, plan.episodes)
    check_output_directory(plan.directory)
    _train(configuration, run_directory(plan), reporter)
    return configuration


def demo_configuration(plan: DemoPlan) -> TrainingConfiguration:
    """The packaged configuration with the plan's changes."""
    from .training.configuration import read_configuration, with_changes
    from .training.session import shipped_configuration

    asked = {
        "max_minutes": plan.minutes,
        "total_steps": plan.steps,
        "workers": plan.workers,
    }
    changes = {name: value for name, value in asked.items() if value is not None}
    return with_changes(read_configuration(shipped_configuration(CONFIGURATION)), changes)


def _train(
    configuration: TrainingConfiguration, directory: Path, reporter: TrainingCallback
) -> None:
    from .training.run_directory import CONFIGURATION_FILE, RunDirectory, TrainingState
    from .training.session import train

    begun = (directory / CONFIGURATION_FILE).exists()
    if begun:
        run, _ = RunDirectory.reopen(directory, configuration)
        ended = run.status().get("state") in (TrainingState.FINISHED, TrainingState.TIME_LIMIT)
        if ended and run.best_policy.is_file():
            reporter.message(f"{directory}: trained already; another --out trains anew")
            return
    outcome = train(configuration, directory, resume=begun, reporter=reporter)
    if outcome.state is TrainingState.INTERRUPTED:
        raise KeyboardInterrupt


def judge_demo(
    plan: DemoPlan, configuration: TrainingConfiguration, bar: Bar | None = None
) -> DemoOutcome:
    """Judge the trained agent on held-out seeds and write the report.

    Raises:
        GoliveError: something cannot be read or written.
        KeyboardInterrupt: interrupted; the next run goes on where this one was.
    """
    kind = configuration.environment.kind
    suite = _suite(configuration)
    scenarios = [load_scenario(name) for name in suite.scenarios]
    champion = [CHAMPION] if kind.champion is not None else []
    shown = configuration.warm_start.demonstrator if configuration.warm_start else kind.expert
    policies = [*champion, *dict.fromkeys([*kind.baselines, shown]), *kind.probes]
    entrants = make_entrants([f"{AGENT}={run_directory(plan)}", *policies])
    directory = plan.directory / "evaluation"
    workers = default_workers() if plan.workers is None else plan.workers
    result = evaluate_suite(
        entrants,
        suite,
        scenarios,
        episodes=plan.episodes,
        reference=kind.expert,
        workers=workers,
        progress=bar,
        directory=directory,
        existing=Existing.RESUME_OR_REPLACE,
    )
    summary = summarise(result)
    save_summary(result, summary, directory)
    report = compose_report(
        result,
        summary,
        entrants,
        scenarios,
        _command(plan),
        focus=AGENT,
        title=f"The demonstration: {scenarios[0].title}",
        reference_on_validation=_reference_on_validation(configuration, scenarios, workers),
    )
    path = write_report(report, plan.directory / REPORT_FILE)
    return DemoOutcome(result, summary, headline(result.plan, summary, AGENT), path)


def run_directory(plan: DemoPlan) -> Path:
    """Folder of the training."""
    return plan.directory / "run"


def _suite(configuration: TrainingConfiguration) -> Suite:
    environment = configuration.environment
    return load_suite(environment.suite or environment.kind.default_suite)


def _reference_on_validation(
    configuration: TrainingConfiguration, scenarios: list[Scenario], workers: int
) -> float:
    """Mean score of the reference on the episodes the learning curve was measured on."""
    kind, evaluation = configuration.environment.kind, configuration.evaluation
    result = evaluate_suite(
        [kind.expert],
        _suite(configuration),
        scenarios,
        split=evaluation.split,
        episodes=evaluation.episodes,
        workers=workers,
    )
    return float(np.concatenate(result.scores(kind.expert, kind.figures.score)).mean())


def _command(plan: DemoPlan) -> str:
    """The command that makes the demonstration again elsewhere."""
    parts = ["golive", "demo", "--out", str(plan.directory), "--episodes", str(plan.episodes)]
    if plan.steps is not None:
        parts += ["--steps", str(plan.steps)]
    if plan.minutes is not None:
        parts += ["--minutes", f"{plan.minutes:g}"]
    return shlex.join(parts)
