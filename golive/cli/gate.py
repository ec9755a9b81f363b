"""``golive gate``: is a policy ready."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import GoliveError
from ..core.execution import default_workers
from .exits import JUDGED_FAILED
from .options import AsJson, PrintSchema, WorkersOption
from .output import show, show_schema, this_command

if TYPE_CHECKING:
    from ..trainers.evaluation.gate import GateResult


def gate(
    *,
    policy: Annotated[
        str | None, typer.Option(help="Policy: a name or a path, or name=path to name it.")
    ] = None,
    gate: Annotated[
        str, typer.Option(help="Gate: a file, or the name of one that comes with golive.")
    ] = "readiness",
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Fewer episodes: shows what fails, signs nothing off."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Directory for the report (default: gate-POLICY).")
    ] = None,
    workers: WorkersOption = None,
    as_json: AsJson = False,
    check: Annotated[
        Path | None, typer.Option(help="Verify the seal of a report and end; nothing is run.")
    ] = None,
    schema: PrintSchema = False,
) -> None:
    """Hold a policy against the criteria for readiness; exit with 1 unless all hold."""
    if schema:
        from ..trainers.evaluation.gate_suites import gate_schema

        show_schema(gate_schema())
        return
    if check is not None:
        _check(check)
        return
    if policy is None:
        raise GoliveError("--policy: missing: expected a policy by name or path")
    _run(policy, gate, quick, out, default_workers() if workers is None else workers, as_json)


def _run(
    policy: str, gate: str, quick: bool, out: Path | None, workers: int, as_json: bool
) -> None:
    from ..core.files import prepare_output_directory
    from ..trainers.evaluation.gate import check_gate, run_gate
    from ..trainers.evaluation.gate_console import phase_bars
    from ..trainers.evaluation.gate_report import (
        JSON_FILE,
        gate_report,
        report_text,
        write_gate_report,
    )
    from ..trainers.evaluation.gate_suites import load_gate

    suite = load_gate(gate)
    directory = out or Path(f"gate-{_file_name(policy)}")
    if (directory / JSON_FILE).exists():
        raise GoliveError(f"{directory}: holds a report already: expected another directory, --out")
    check_gate(policy, suite, quick=quick)
    prepare_output_directory(directory)
    with phase_bars() as progress:
        result = run_gate(policy, suite, quick=quick, workers=workers, progress=progress)
    report = gate_report(result, this_command())
    if as_json:
        typer.echo(report_text(report), nl=False)
    else:
        _print(result)
    page = write_gate_report(report, directory)
    typer.echo(f"Report: {page}, seal {report['seal']}", err=True)
    if not result.passed:
        raise typer.Exit(JUDGED_FAILED)


def _print(result: GateResult) -> None:
    from ..trainers.evaluation.gate_console import criteria_table, notes, profile_table

    show(criteria_table(result), *notes(result), "", profile_table(result))


def _check(path: Path) -> None:
    from ..trainers.evaluation.gate_report import read_gate_report, seal_holds

    report = read_gate_report(path)
    verdict = "passed" if report["passed"] else "not passed"
    sign_off = "signed off" if report["signed_off"] else "no sign-off"
    if not seal_holds(report):
        typer.echo(f"{path}: the seal is broken: the report is not what was sealed", err=True)
        raise typer.Exit(JUDGED_FAILED)
    typer.echo(f"{path}: the seal holds: {report['policy']['name']}: {verdict}, {sign_off}")


def _file_name(policy: str) -> str:
    """What of a policy's name or path a directory can be called by."""
    label = policy.partition("=")[0] if "=" in policy else policy
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", label).strip("-.") or "policy"
