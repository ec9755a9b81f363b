"""The demonstration: train on the furniture manufacturer, judge, report; resumable throughout."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..core.execution import default_workers
from ..core.files import prepare_output_directory
from ..scenarios.suite import Split
from ..sim.implementation.metrics import SCORE
from .evaluation.console import headline
from .evaluation.keeper import Existing
from .evaluation.plan import Entrant, make_entrants
from .evaluation.result import EvaluationResult
from .evaluation.runner import evaluate_suite, split_start
from .evaluation.summary import EvaluationSummary, save_summary, summarise
from .reports import compose_report, write_report
from .reports.report import REPORT_FILE

if TYPE_CHECKING:
    from ..scenarios.scenario import Scenario
    from ..scenarios.suite import Suite
    from .training.configuration import TrainingConfiguration
    from .training.progress import Reporter

AGENT = "trained"
"""What the demonstration calls its agent."""
REFERENCE = "expert"
CONFIGURATION = "demo"
SUITE = "furniture"
Bar = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What is asked of a demonstration.

    Attributes:
        directory: for everything it makes: ``run/``, ``evaluation/``, ``report.html``.
        minutes: longest training; None as configured.
        steps: of the training; None as configured.
        episodes: held-out customers.
        workers: processes; None for one per core.
    """

    directory: Path
    minutes: float | None = None
    steps: int | None = None
    episodes: int = 200
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What came of it.

    Attributes:
        result: the evaluation on held-out customers.
        summary: its tables.
        headline: the result in words.
        report: path of the page.
    """

    result: EvaluationResult
    summary: EvaluationSummary
    headline: str
    report: Path


def train_demo(plan: DemoPlan, reporter: Reporter) -> TrainingConfiguration:
    """Train the agent, or go on with its training, unless it is trained already.

    Returns:
        What the training was told.

    Raises:
        GoliveError: wrong options, or the directory will not do, or holds a training that
            was told otherwise.
        KeyboardInterrupt: interrupted; the next run goes on where this one was.
    """
    from ..scenarios.loader import load_suite

    split_start(load_suite(SUITE), Split.TEST, plan.episodes)
    prepare_output_directory(plan.directory)
    configuration = demo_configuration(plan)
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


def _train(configuration: TrainingConfiguration, directory: Path, reporter: Reporter) -> None:
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
    """Judge the trained agent on held-out customers and write the report.

    Raises:
        GoliveError: something cannot be read or written.
        KeyboardInterrupt: interrupted; the next run goes on where this one was.
    """
    from ..scenarios.loader import load_scenario, load_suite

    suite = load_suite(SUITE)
    scenarios = [load_scenario(name) for name in suite.scenarios]
    entrants = demo_entrants(run_directory(plan))
    directory = plan.directory / "evaluation"
    workers = default_workers() if plan.workers is None else plan.workers
    result = evaluate_suite(
        entrants,
        suite,
        scenarios,
        episodes=plan.episodes,
        reference=REFERENCE,
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
        title="The first go-live",
        reference_on_validation=_reference_on_validation(configuration, suite, scenarios, workers),
    )
    path = write_report(report, plan.directory / REPORT_FILE)
    return DemoOutcome(result, summary, headline(result.plan, summary, AGENT), path)


def run_directory(plan: DemoPlan) -> Path:
    """Where the training is."""
    return plan.directory / "run"


def demo_entrants(run: Path) -> list[Entrant]:
    """The trained agent, then every baseline."""
    from ..agents.registry import policy_names

    return make_entrants([f"{AGENT}={run}", *policy_names()])


def _reference_on_validation(
    configuration: TrainingConfiguration, suite: Suite, scenarios: list[Scenario], workers: int
) -> float:
    """Mean score of the reference on the episodes the learning curve was measured on."""
    result = evaluate_suite(
        [REFERENCE],
        suite,
        scenarios,
        split=configuration.evaluation.split,
        episodes=configuration.evaluation.episodes,
        workers=workers,
    )
    return float(np.concatenate(result.scores(REFERENCE, SCORE)).mean())


def _command(plan: DemoPlan) -> str:
    """The command that makes the demonstration again elsewhere."""
    parts = ["golive", "demo", "--out", str(plan.directory), "--episodes", str(plan.episodes)]
    if plan.steps is not None:
        parts += ["--steps", str(plan.steps)]
    if plan.minutes is not None:
        parts += ["--minutes", f"{plan.minutes:g}"]
    return shlex.join(parts)
