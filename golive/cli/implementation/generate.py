"""``golive scenario generate``: scenarios of an industry, and the suite of them."""

from __future__ import annotations

from pathlib import Path

import typer

from ...scenarios.implementation.vocabulary import Delivery, Industry
from ..exits import INTERRUPTED
from ..options import AsJson, option, option_record, writable_directory
from ..output import show_result


@option_record
class Generating:
    """Options of what is generated."""

    industry: Industry = option(..., "Industry of the customers.")
    out: Path = option(
        ..., "Directory for the scenarios; made if need be.", callback=writable_directory
    )
    count: int = option(1, "How many scenarios.")
    seed: int = option(0, "Seed of the first; each further one takes the next.")
    delivery: Delivery = option(Delivery.AGENTIC, "Who delivers.")
    names: bool = option(True, "Names and addresses in the language of each site's country.")
    resume: bool = option(False, "Go on with an interrupted generation in --out.")
    force: bool = option(False, "Overwrite scenarios that are there already.")
    as_json: AsJson = False


def generate(*, told: Generating) -> None:
    """Generate scenarios of an industry, one YAML file each, and the suite of them."""
    from ...scenarios.implementation.batch import SUITE, Batch, generate_batch
    from ...trainers.evaluation.progress import counting_bar

    batch = Batch(told.industry, told.count, told.seed, told.delivery, told.names)
    found = 0
    try:
        with counting_bar("Generating") as show:
            for progress in generate_batch(batch, told.out, resume=told.resume, force=told.force):
                show(progress.done, told.count)
                found = progress.found
    except KeyboardInterrupt:
        typer.echo(
            f"interrupted: what is in {told.out} is whole; --resume goes on where it stopped",
            err=True,
        )
        raise typer.Exit(INTERRUPTED) from None
    there = f", {found} of them were there already" if found else ""
    show_result(
        told.as_json,
        {"scenarios": told.count, "found": found, "out": told.out, "suite": told.out / SUITE},
        f"{told.count} scenario{'s' if told.count > 1 else ''} in {told.out}{there}",
        f"Suite of them: {told.out / SUITE}",
    )
