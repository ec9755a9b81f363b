"""``golive validate``: the world's outcomes beside published ones that it was not told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...core.errors import GoliveError
from ...core.tables import Table, right
from ..exits import JUDGED_FAILED
from ..options import AsJson, ParametersOption, WorkersOption
from ..output import show, show_json

if TYPE_CHECKING:
    from ...trainers.implementation.validation.validation import Validation

_DEFAULT_CUSTOMERS = 1_000
_DEFAULT_SEED = 1_000_000
_DEFAULT_LAW_CUSTOMERS = 60


def validate(
    *,
    customers: Annotated[
        int, typer.Option(help="Generated customers, of all sizes.")
    ] = _DEFAULT_CUSTOMERS,
    policy: Annotated[
        str,
        typer.Option(
            help="Who decides: typical_practice is a population of firms that do what the "
            "literature says firms do; or any other policy."
        ),
    ] = "typical_practice",
    parameters: ParametersOption = None,
    laws: Annotated[
        bool, typer.Option(help="Also run the experiments: Brooks's law, overtime and so on.")
    ] = True,
    law_customers: Annotated[
        int, typer.Option(min=10, help="Customers of each experiment.")
    ] = _DEFAULT_LAW_CUSTOMERS,
    psplib: Annotated[
        Path | None,
        typer.Option(help="Folder of PSPLIB .sm files, for the row on scheduling (j30)."),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="The first of the generator's seeds.")
    ] = _DEFAULT_SEED,
    workers: WorkersOption = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Directory for report.html, validation.json and validation.md."),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with 1 unless every outcome is compatible."),
    ] = False,
) -> None:
    """Compare conventional implementations of generated customers with published outcomes.

    Prints target band, simulated value with its interval and verdict for every row, those that
    parameters were chosen by apart from those held out. It informs: the exit code is 0 whatever
    lies outside its band, unless --strict.
    """
    from ...agents.registry import load_policy
    from ...core.execution import default_workers
    from ...sim.implementation.parameter_files import load_world_parameters
    from ...trainers.implementation.validation.experiments import LAWS
    from ...trainers.implementation.validation.survey import FEWEST_CUSTOMERS
    from ...trainers.implementation.validation.validation import ValidationSettings

    if customers < FEWEST_CUSTOMERS:
        raise GoliveError(f"--customers: {customers}: expected at least {FEWEST_CUSTOMERS}")
    load_policy(policy)
    values = {} if parameters is None else load_world_parameters(parameters).values()
    settings = ValidationSettings(
        customers=customers,
        first_customer=seed,
        policy=policy,
        parameters=values,
        laws=tuple(LAWS) if laws else (),
        law_customers=law_customers,
        psplib="" if psplib is None else str(psplib),
    )
    found = _run(settings, default_workers() if workers is None else workers)
    if as_json:
        show_json(as_plain(found))
    else:
        _print(found)
    if out is not None:
        _write(found, out, _command(settings, parameters))
    if strict and not all(row.verdict.compatible for row in found.rows):
        raise typer.Exit(JUDGED_FAILED)


def _run(settings: Any, workers: int) -> Validation:
    from ...trainers.evaluation.progress import counting_bar
    from ...trainers.implementation.validation.validation import validate as run

    total = settings.customers + len(settings.laws)
    done = 0
    with counting_bar("Validating") as progress:

        def count() -> None:
            nonlocal done
            done += 1
            progress(done, total)

        return run(settings, workers=workers, on_project=count, on_law=count)


def as_plain(validation: Validation) -> dict[str, Any]:
    """A validation as JSON can hold it."""
    from dataclasses import asdict

    settings = validation.settings
    return {
        "customers": settings.customers,
        "seed": settings.first_customer,
        "policy": settings.policy,
        "parameters": dict(settings.parameters),
        "rows": [
            {
                **asdict(row.target),
                "value": None if row.verdict.value is None else asdict(row.verdict.value),
                "verdict": row.verdict.word,
                "answers": row.verdict.answers,
            }
            for row in validation.rows
        ],
        "laws": [{**asdict(law), "holds": law.holds} for law in validation.laws],
        "scheduling": None if validation.scheduling is None else asdict(validation.scheduling),
    }


def _print(validation: Validation) -> None:
    from ...trainers.implementation.validation.report import HEADINGS, all_cells, summary_lines

    settings = validation.settings
    title = f"{settings.customers} conventional implementations, {settings.policy} decides"
    columns = [right(one) if one in ("row", "projects") else one for one in HEADINGS]
    show(Table(title, columns, all_cells(validation)), *summary_lines(validation))


def _write(validation: Validation, out: Path, command: str) -> None:
    from ...core.files import prepare_output_directory, write_text_atomically
    from ...trainers.implementation.validation.report import laws_markdown, page, table_markdown

    directory = prepare_output_directory(out)
    today = date.today().isoformat()
    document = {"date": today, "command": command, **as_plain(validation)}
    write_text_atomically(directory / "validation.json", json.dumps(document, indent=2) + "\n")
    write_text_atomically(directory / "report.html", page(validation, command, today))
    text = f"{table_markdown(validation)}\n"
    if validation.laws:
        text += f"\n{laws_markdown(validation)}\n"
    write_text_atomically(directory / "validation.md", text)
    typer.echo(f"Report: {directory / 'report.html'}", err=True)  # stdout may be JSON


def _command(settings: Any, parameters: Path | None) -> str:
    parts = [
        "golive validate",
        f"--customers {settings.customers}",
        f"--seed {settings.first_customer}",
    ]
    if settings.policy != "typical_practice":
        parts.append(f"--policy {settings.policy}")
    if parameters is not None:
        parts.append(f"--parameters {parameters}")
    parts.append(f"--law-customers {settings.law_customers}" if settings.laws else "--no-laws")
    if settings.psplib:
        parts.append("--psplib j30")
    return " ".join(parts)
