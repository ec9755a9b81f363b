"""``golive evaluate``: policies against one another on the same customers."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ..core.errors import GoliveError
from . import completion
from .exits import JUDGED_FAILED
from .options import (
    AsJson,
    CachePlace,
    Execution,
    ParametersOption,
    option,
    option_record,
    words_of,
    writable_directory,
)
from .output import complain, show, this_command
from .world_view import under_parameters

if TYPE_CHECKING:
    from ..scenarios.scenario import Scenario
    from ..scenarios.suite import Split, Suite
    from ..sim.world_kind import WorldKind
    from ..trainers.evaluation import EvaluationResult, EvaluationSummary
    from ..trainers.evaluation.claims import Claim
    from ..trainers.evaluation.plan import Entrant


@option_record
class JudgedOn:
    """Options of what policies are judged on."""

    suite: str = option(
        "furniture",
        "Suite by name or file; furniture-test is furniture's test split.",
        autocompletion=completion.suites,
    )
    split: str | None = option(None, "Split of the suite: train, validation or test (default).")
    episodes: int = option(200, "Customers per scenario.")
    attempts: int = option(
        1, "Attempts at each customer, luck drawn anew for each; from 2 on they give pass^k."
    )
    opponent: str | None = option(
        None,
        "Who breaks things in every scenario: adaptive:8, or a plan's YAML file.",
        metavar="STRATEGY[:BUDGET]",
    )
    parameters: ParametersOption = None

    def scenarios(self, suite: Suite) -> list[Scenario]:
        """The suite's scenarios, met by the opponent and under the parameters."""
        from ..scenarios.loader import suite_scenarios

        found = list(suite_scenarios(suite))
        if self.opponent is not None:
            mix = found[0].mix.of(opponent=self.opponent)
            found = [mix.met(scenario, rename=True) for scenario in found]
        return under_parameters(found, self.parameters)


@option_record
class JudgedBy:
    """Options of what is asked of the result, and where it is kept."""

    reference: str | None = option(
        None, "Policy to compare the others with (default: expert if it is there)."
    )
    require: list[str] | None = option(
        None,
        'Exit with 1 unless it holds, such as "runs/x>expert": the 95 % interval of '
        "the paired difference lies above zero. Can be given more than once.",
    )
    out: Path | None = option(
        None, "Directory for rows, summary and report.", callback=writable_directory
    )
    resume: bool = option(False, "Go on with the interrupted evaluation in --out.")

    def reference_of(self, kind: WorldKind, labels: list[str]) -> str:
        """The reference; empty if none was asked for and the world's expert is not there."""
        if self.reference is not None:
            return self.reference
        return kind.expert if kind.expert in labels else ""


def evaluate(
    *,
    policies: Annotated[
        str,
        Option(
            help="Policies, comma-separated: names or paths, or name=path to name one; "
            "'run=runs/*' is one policy of several trainings.",
            autocompletion=completion.policies,
        ),
    ],
    on: JudgedOn,
    by: JudgedBy,
    execution: Execution,
    cache: CachePlace,
    as_json: AsJson = False,
) -> None:
    """Judge policies on the same customers, with intervals."""
    from ..core.extras import require
    from ..sim.worlds import kind_of
    from ..trainers.evaluation import evaluate_suite, summarise
    from ..trainers.evaluation.claims import Claim
    from ..trainers.evaluation.keeper import Existing
    from ..trainers.evaluation.plan import make_entrants
    from ..trainers.evaluation.progress import counting_bar

    if by.out is not None:
        require("plots")  # the report has pictures
    entrants = make_entrants(words_of(policies))
    labels = list(dict.fromkeys(entrant.group or entrant.label for entrant in entrants))
    claims = [Claim.parse(text, labels) for text in by.require or []]
    if by.resume and by.out is None:
        raise GoliveError("--resume: expected --out, the directory to go on in")
    suite, split = find_split(on.suite, on.split)
    scenarios = on.scenarios(suite)
    with cache.opened() as kept, counting_bar("Evaluating") as progress:
        result = evaluate_suite(
            entrants,
            suite,
            scenarios,
            split=split,
            episodes=on.episodes,
            attempts=on.attempts,
            reference=by.reference_of(kind_of(scenarios[0]), labels),
            progress=progress,
            directory=by.out,
            existing=Existing.RESUME if by.resume else Existing.REFUSE,
            raise_poisoned=False,
            cache=kept,
            **execution.arguments(),
        )
    summary = summarise(result)
    _print(result, summary, as_json)
    if by.out is not None:
        _write(result, summary, entrants, scenarios, by.out)
    _warn_of_poisoned(result, entrants, by.out)
    if not _judge(result, claims) or result.poisoned:
        raise typer.Exit(JUDGED_FAILED)


def find_split(suite: str, split: str | None) -> tuple[Suite, Split]:
    """The suite and split that two options mean; ``furniture-test`` alone names both."""
    from ..scenarios.loader import load_suite, load_suite_split
    from ..scenarios.suite import Split

    if split is None:
        return load_suite_split(suite)
    try:
        return load_suite(suite), Split(split)
    except ValueError as error:
        if isinstance(error, GoliveError):
            raise
        known = ", ".join(Split)
        raise GoliveError(f"--split: {split!r}: expected one of {known}") from None


def _print(result: EvaluationResult, summary: EvaluationSummary, as_json: bool) -> None:
    from ..trainers.evaluation.summary import summary_json
    from ..trainers.evaluation.tables import (
        metric_table,
        reliability_table,
        scenario_table,
        score_table,
        training_table,
    )

    if as_json:
        typer.echo(summary_json(result, summary))
        return
    tables = [score_table(result.plan, summary), metric_table(result.plan, summary)]
    trainings = training_table(result, summary)
    if trainings.rows:
        tables.append(trainings)
    if len(result.plan.scenarios) > 1:
        tables.append(scenario_table(result.plan, summary))
    if summary.reliability:
        tables.append(reliability_table(summary.reliability))
    show(*tables, narrow=True)


def _write(
    result: EvaluationResult,
    summary: EvaluationSummary,
    entrants: list[Entrant],
    scenarios: list[Scenario],
    out: Path,
) -> None:
    from ..trainers.evaluation import save_summary
    from ..trainers.reports import compose_report, write_report
    from ..trainers.reports.report import REPORT_FILE

    save_summary(result, summary, out)
    report = compose_report(result, summary, entrants, scenarios, this_command())
    path = write_report(report, out / REPORT_FILE)
    typer.echo(f"Report: {path}", err=True)


def _warn_of_poisoned(result: EvaluationResult, entrants: list[Entrant], out: Path | None) -> None:
    """Say which episodes are missing from the tables, and how to meet them again."""
    from ..trainers.evaluation.poisoned import SNAPSHOT_DIRECTORY

    if not result.poisoned:
        return
    specs = {entrant.label: str(entrant.policy) for entrant in entrants}
    customers = len({(one.scenario, one.seed) for one in result.poisoned})
    typer.echo(
        f"{len(result.poisoned)} episodes could not be finished; the tables leave their "
        f"{customers} customers out for every policy:",
        err=True,
    )
    for episode in result.poisoned:
        typer.echo(f"  {episode}", err=True)
        if out is not None and episode.snapshot is not None:
            snapshot = out / SNAPSHOT_DIRECTORY / episode.file_name
            command = ["golive", "simulate", "--from-snapshot", str(snapshot)]
            command += ["--policy", specs[episode.policy]]
            typer.echo(f"    {shlex.join(command)}", err=True)
    if out is not None:
        typer.echo("  --resume tries them again", err=True)


def _judge(result: EvaluationResult, claims: list[Claim]) -> bool:
    """Print each claim's verdict; whether all hold."""
    from ..trainers.evaluation.claims import judge

    verdicts = [judge(result, claim) for claim in claims]
    for verdict in verdicts:
        complain(str(verdict))
    return all(verdict.holds for verdict in verdicts)
