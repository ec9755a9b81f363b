"""``golive validate``: the world's outcomes beside published ones that it was not told."""

from __future__ import annotations

from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ...core.errors import GoliveError
from ..exits import JUDGED_FAILED
from ..options import (
    LARGEST_SEED,
    MOST_EPISODES,
    AsJson,
    ParametersOption,
    WorkersOption,
    option,
    option_record,
    processes,
    writable_directory,
)
from ..output import show, show_json

if TYPE_CHECKING:
    from ...trainers.implementation.validation.validation import Validation

_DEFAULT_CUSTOMERS = 1_000
_DEFAULT_SEED = 1_000_000
_DEFAULT_LAW_CUSTOMERS = 60


@option_record
class Validating:
    """Options of what is compared."""

    customers: int = option(
        _DEFAULT_CUSTOMERS, "Generated customers, of all sizes.", max=MOST_EPISODES
    )
    policy: str = option(
        "typical_practice",
        "Who decides: typical_practice is a population of firms that do what the "
        "literature says firms do; or any other policy.",
    )
    parameters: ParametersOption = None
    laws: bool = option(True, "Also run the experiments: Brooks's law, overtime and so on.")
    law_customers: int = option(
        _DEFAULT_LAW_CUSTOMERS, "Customers of each experiment.", min=10, max=MOST_EPISODES
    )
    psplib: Path | None = option(
        None, "Folder of PSPLIB .sm files, for the row on scheduling (j30)."
    )
    seed: int = option(
        _DEFAULT_SEED,
        "The first of the generator's seeds.",
        min=0,
        max=LARGEST_SEED - MOST_EPISODES,
    )
    workers: WorkersOption = None
    as_json: AsJson = False
    out: Path | None = option(
        None,
        "Directory for report.html, validation.json and validation.md.",
        callback=writable_directory,
    )
    strict: bool = option(False, "Exit with 1 unless every outcome is compatible.")


def validate(*, told: Validating) -> None:
    """Compare conventional implementations of generated customers with published outcomes.

    Prints target band, simulated value with its interval and verdict for every row, those that
    parameters were chosen by apart from those held out. It informs: the exit code is 0 whatever
    lies outside its band, unless --strict.
    """
    from ...agents.registry import load_policy
    from ...sim.implementation.parameter_files import load_world_parameters
    from ...trainers.implementation.validation.experiments import LAWS
    from ...trainers.implementation.validation.report import outcome_table
    from ...trainers.implementation.validation.survey import FEWEST_CUSTOMERS
    from ...trainers.implementation.validation.validation import ValidationSettings

    if told.customers < FEWEST_CUSTOMERS:
        raise GoliveError(f"--customers: {told.customers}: expected at least {FEWEST_CUSTOMERS}")
    load_policy(told.policy)
    if told.psplib is not None and not any(told.psplib.glob("*.sm")):
        raise GoliveError(f"--psplib: {told.psplib}: expected a folder with PSPLIB .sm files")
    values = {} if told.parameters is None else load_world_parameters(told.parameters).values()
    settings = ValidationSettings(
        customers=told.customers,
        first_customer=told.seed,
        policy=told.policy,
        parameters=values,
        laws=tuple(LAWS) if told.laws else (),
        law_customers=told.law_customers,
        psplib="" if told.psplib is None else str(told.psplib),
    )
    found = _run(settings, processes(told.workers))
    if told.as_json:
        show_json(as_plain(found))
    else:
        show(outcome_table(found))
    if told.out is not None:
        _write(found, told.out, _command(settings, told.parameters))
    if told.strict and not all(row.verdict.compatible for row in found.rows):
        raise typer.Exit(JUDGED_FAILED)


def _run(settings: Any, workers: int) -> Validation:
    from ...trainers.evaluation.progress import counting_bar
    from ...trainers.implementation.validation.validation import validate as run

    total = settings.customers + len(settings.laws)
    done = count(1)
    with counting_bar("Validating") as progress:

        def tell() -> None:
            progress(next(done), total)

        return run(settings, workers=workers, on_project=tell, on_law=tell)


def as_plain(validation: Validation) -> dict[str, Any]:
    """A validation as JSON can hold it."""
    from dataclasses import asdict

    from ...core.files import plain

    settings = validation.settings
    document = {
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
    return {name: plain(value) for name, value in document.items()}


def _write(validation: Validation, out: Path, command: str) -> None:
    from ...core.files import json_text, prepare_output_directory, write_text_atomically
    from ...trainers.implementation.validation.law import markdown
    from ...trainers.implementation.validation.report import outcome_table, page

    directory = prepare_output_directory(out)
    today = date.today().isoformat()
    document = {"date": today, "command": command, **as_plain(validation)}
    write_text_atomically(directory / "validation.json", json_text(document, 2) + "\n")
    write_text_atomically(directory / "report.html", page(validation, command, today))
    text = f"{outcome_table(validation).to_markdown()}\n"
    if validation.laws:
        text += f"\n{markdown(validation.laws)}\n"
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
