"""``golive gate``: is a policy ready."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from ..core.errors import GoliveError
from . import completion
from .exits import JUDGED_FAILED
from .options import (
    AsJson,
    PrintSchema,
    WorkersOption,
    option,
    option_record,
    processes,
    writable_directory,
)
from .output import complain, show, show_result, show_schema, this_command


@option_record
class Gate:
    """Options of a gate: the policy, and what it is held against."""

    policy: str | None = option(
        None,
        "Policy: a name or a path, or name=path to name it.",
        autocompletion=completion.policies,
    )
    gate: str = option("readiness", "Gate: a file, or the name of one that comes with golive.")
    quick: bool = option(False, "Fewer episodes: shows what fails, signs nothing off.")
    out: Path | None = option(
        None, "Directory for the report (default: gate-POLICY).", callback=writable_directory
    )
    workers: WorkersOption = None
    as_json: AsJson = False
    check: Path | None = option(None, "Verify the seal of a report and end; nothing is run.")
    schema: PrintSchema = False


def gate(*, told: Gate) -> None:
    """Hold a policy against the criteria for readiness; exit with 1 unless all hold."""
    if told.schema:
        from ..core.records import json_schema
        from ..trainers.evaluation.gate_suites import GateSuite

        show_schema(json_schema(GateSuite))
        return
    if told.check is not None:
        _check(told.check, told.as_json)
        return
    if told.policy is None:
        raise GoliveError("--policy: missing: expected a policy by name or path")
    _run(told.policy, told)


def _run(policy: str, told: Gate) -> None:
    from ..core.files import prepare_output_directory, removed_if_refused
    from ..trainers.evaluation.gate import check_gate, run_gate
    from ..trainers.evaluation.gate_report import (
        JSON_FILE,
        gate_report,
        report_text,
        write_gate_report,
    )
    from ..trainers.evaluation.gate_suites import load_gate
    from ..trainers.evaluation.gate_tables import criteria_table, profile_table
    from ..trainers.evaluation.progress import phase_bars

    suite = load_gate(told.gate)
    directory = told.out or Path(f"gate-{_file_name(policy)}")
    if (directory / JSON_FILE).exists():
        raise GoliveError(f"{directory}: holds a report already: expected another directory, --out")
    check_gate(policy, suite, quick=told.quick)
    with removed_if_refused(directory, (directory / JSON_FILE).exists), phase_bars() as progress:
        prepare_output_directory(directory)
        workers = processes(told.workers)
        result = run_gate(policy, suite, quick=told.quick, workers=workers, progress=progress)
    report = gate_report(result, this_command())
    if told.as_json:
        typer.echo(report_text(report), nl=False)
    else:
        show(criteria_table(report), profile_table(report))
    page = write_gate_report(report, directory)
    typer.echo(f"Report: {page}, seal {report['seal']}", err=True)
    if not result.passed:
        raise typer.Exit(JUDGED_FAILED)


def _check(path: Path, as_json: bool) -> None:
    from ..trainers.evaluation.gate_report import read_gate_report, seal_holds

    report = read_gate_report(path)
    verdict = "passed" if report["passed"] else "not passed"
    sign_off = "signed off" if report["signed_off"] else "no sign-off"
    if not seal_holds(report):
        complain(f"{path}: the seal is broken: the report is not what was sealed")
        raise typer.Exit(JUDGED_FAILED)
    show_result(
        as_json,
        {"report": path, "seal_holds": True, **{k: report[k] for k in ("passed", "signed_off")}},
        f"{path}: the seal holds: {report['policy']['name']}: {verdict}, {sign_off}",
    )


def _file_name(policy: str) -> str:
    """The part of a policy's name or path that a directory can be called by."""
    label = policy.partition("=")[0] if "=" in policy else policy
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", label).strip("-.") or "policy"
