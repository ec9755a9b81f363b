"""``golive calibrate``: the world's outcomes beside published ones that it was not told."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..scenarios.errors import GoliveError

if TYPE_CHECKING:
    from ..agents.calibration import CalibrationOutcome
    from ..sim.implementation.calibration_targets import CalibrationTarget
    from ..trainers.evaluation.bands import BandVerdict

FIRST_SEED = 0
"""Of the training range, as nothing of a calibration is held out."""


def calibrate(
    *,
    customers: Annotated[int, typer.Option(help="Generated customers, of all sizes.")] = 200,
    policy: Annotated[
        str,
        typer.Option(
            help="Who decides: critical_path goes live on the date, typical_practice moves it "
            "while acceptance is open; or any other policy."
        ),
    ] = "critical_path",
    seed: Annotated[
        int, typer.Option(min=0, help="The first of the generator's seeds.")
    ] = FIRST_SEED,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Also write the table: .md in Markdown, .json in JSON.")
    ] = None,
) -> None:
    """Compare conventional implementations of generated customers with published outcomes.

    It informs and judges nothing: the exit code is 0 whatever lies outside its band.
    """
    from ..agents.calibration import FEWEST_CUSTOMERS, deciding

    if customers < FEWEST_CUSTOMERS:
        raise GoliveError(f"--customers: {customers}: expected at least {FEWEST_CUSTOMERS}")
    if out is not None and out.suffix not in (".md", ".json"):
        raise GoliveError(f"--out: {str(out)!r}: expected a file that ends in .md or .json")
    deciding(policy)
    verdicts = _verdicts(_outcomes(customers, policy, seed, workers))
    told: dict[str, int | str] = {"customers": customers, "policy": policy, "seed": seed}
    if as_json:
        typer.echo(_json(verdicts, told))
    else:
        _print(verdicts, told)
    if out is not None:
        from ..scenarios.files import write_text_atomically

        text = _json(verdicts, told) if out.suffix == ".json" else markdown(verdicts)
        write_text_atomically(out, text + "\n")


HEADINGS = ("outcome", "published", "model (95 %)", "verdict", "projects", "source")
Verdicts = list[tuple["CalibrationTarget", "BandVerdict"]]


def _outcomes(customers: int, policy: str, seed: int, workers: int) -> list[CalibrationOutcome]:
    from ..agents.calibration import calibration_cases, play
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.parallel import Backend, map_tasks

    cases = calibration_cases(customers, seed)
    done = 0
    with counting_bar("Calibrating") as progress:

        def count(_index: int, _outcome: CalibrationOutcome) -> None:
            nonlocal done
            done += 1
            progress(done, len(cases))

        return map_tasks(
            partial(play, policy),
            cases,
            workers=workers,
            backend=Backend.SERIAL if workers == 1 else Backend.PROCESS,
            name_of=lambda case: f"{case.industry} customer {case.seed}",
            on_result=count,
        )


def _verdicts(outcomes: list[CalibrationOutcome]) -> Verdicts:
    from ..agents.calibration import answers
    from ..sim.implementation.calibration_targets import TARGETS
    from ..trainers.evaluation.bands import judge_band

    return [
        (target, judge_band(target.name, target.low, target.high, answers(target.name, outcomes)))
        for target in TARGETS
    ]


def _json(verdicts: Verdicts, told: dict[str, int | str]) -> str:
    from dataclasses import asdict

    rows = [
        {
            **asdict(target),
            "value": None if verdict.value is None else asdict(verdict.value),
            "answers": verdict.answers,
            "inside": verdict.inside,
        }
        for target, verdict in verdicts
    ]
    return json.dumps({**told, "targets": rows}, indent=2)


def _print(verdicts: Verdicts, told: dict[str, int | str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    title = f"{told['customers']} conventional implementations, {told['policy']} decides"
    table = Table(title=title, title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading == "projects" else "left")
    for target, verdict in verdicts:
        table.add_row(*(Text(cell) for cell in _cells(target, verdict)))
    console = Console()
    console.print(table)
    console.print(summary_line(verdicts), highlight=False)


def summary_line(verdicts: Verdicts) -> str:
    """How many targets are met."""
    inside = sum(verdict.inside for _, verdict in verdicts)
    near = sum(verdict.compatible and not verdict.inside for _, verdict in verdicts)
    return f"{inside} of {len(verdicts)} inside their bands, {near} more within sampling error"


def markdown(verdicts: Verdicts) -> str:
    """The table in Markdown."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|---|---|---|---|---:|---|"]
    lines += ["| " + " | ".join(_cells(target, verdict)) + " |" for target, verdict in verdicts]
    return "\n".join([*lines, "", f"{summary_line(verdicts)}."])


def _cells(target: CalibrationTarget, verdict: BandVerdict) -> tuple[str, ...]:
    value, form = verdict.value, _form(target)
    model = (
        "-"
        if value is None
        else f"{form(value.estimate)} ({form(value.low)} to {form(value.high)})"
    )
    band = f"{form(target.low)} to {form(target.high)}"
    source = f"{target.source} [{target.kind}]"
    return target.description, band, model, verdict.word, str(verdict.answers), source


def _form(target: CalibrationTarget) -> partial[str]:
    return partial(_share if target.unit == "share" else _ratio)


def _share(value: float) -> str:
    return f"{100.0 * value:.0f} %"


def _ratio(value: float) -> str:
    return f"{value:.2f}"
