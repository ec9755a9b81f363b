"""``golive scenario generate``: scenarios of an industry, and the suite of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...scenarios.implementation.vocabulary import Delivery, Industry
from ..exits import INTERRUPTED


def generate(
    *,
    industry: Annotated[Industry, typer.Option(help="Industry of the customers.")],
    out: Annotated[Path, typer.Option(help="Directory for the scenarios; made if need be.")],
    count: Annotated[int, typer.Option(help="How many scenarios.")] = 1,
    seed: Annotated[
        int, typer.Option(help="Seed of the first; each further one takes the next.")
    ] = 0,
    delivery: Annotated[Delivery, typer.Option(help="Who delivers.")] = Delivery.AGENTIC,
    names: Annotated[
        bool, typer.Option(help="Names and addresses in the language of each site's country.")
    ] = True,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted generation in --out.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite scenarios that are there already.")
    ] = False,
) -> None:
    """Generate scenarios of an industry, one YAML file each, and the suite of them."""
    from ...scenarios.implementation.batch import SUITE, Batch, generate_batch
    from ...trainers.evaluation.progress import counting_bar

    batch = Batch(industry, count, seed, delivery, names)
    found = 0
    try:
        with counting_bar("Generating") as show:
            for progress in generate_batch(batch, out, resume=resume, force=force):
                show(progress.done, count)
                found = progress.found
    except KeyboardInterrupt:
        typer.echo(
            f"interrupted: what is in {out} is whole; --resume goes on where it stopped", err=True
        )
        raise typer.Exit(INTERRUPTED) from None
    there = f", {found} of them were there already" if found else ""
    typer.echo(f"{count} scenario{'s' if count > 1 else ''} in {out}{there}")
    typer.echo(f"Suite of them: {out / SUITE}")
