"""``golive dataset``: recorded datasets listed, summed up and played again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.execution import Backend
from .execution_options import BackendOption, WorkersOption
from .exits import JUDGED_FAILED

if TYPE_CHECKING:
    from ..trainers.datasets.overview import Overview

app = typer.Typer(no_args_is_help=True, help="Recorded datasets: list them, sum up, play again.")

_Dataset = Annotated[
    str,
    typer.Argument(
        metavar="DATASET", help="Id in Minari's root, or a folder that starts with / . or ~."
    ),
]


@app.command("list")
def list_datasets(
    root: Annotated[
        Path | None, typer.Argument(help="Folder to look in (default: Minari's root).")
    ] = None,
) -> None:
    """List the datasets that golive recorded."""
    from ..trainers.datasets.overview import datasets_in
    from ..trainers.datasets.places import minari_root

    for folder, metadata in datasets_in(minari_root() if root is None else root):
        typer.echo(
            f"{metadata['dataset_id']}  {metadata['total_episodes']} episodes, "
            f"{metadata['total_steps']} steps, {metadata['dataset_size']:g} MB  {folder}"
        )


@app.command()
def show(
    dataset: _Dataset,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Sum a dataset up: scores by policy, and how much of each decision was tried."""
    from ..trainers.datasets.overview import overview

    found = overview(dataset)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
    else:
        _print(found)


@app.command()
def replay(
    dataset: _Dataset,
    *,
    episodes: Annotated[
        int | None, typer.Option(min=1, help="Only the first so many (default: all).")
    ] = None,
    workers: WorkersOption = None,
    backend: BackendOption = Backend.PROCESS,
) -> None:
    """Simulate recorded episodes again; exit with 1 unless all come out as recorded."""
    from ..trainers.datasets import replay as replay_dataset
    from ..trainers.evaluation.progress import counting_bar

    with counting_bar("Replaying") as progress:
        replayed = replay_dataset(
            dataset,
            episodes=None if episodes is None else range(episodes),
            workers=workers,
            backend=backend,
            progress=progress,
        )
    different = [episode for episode in replayed if episode.differences]
    for episode in different:
        typer.echo(
            f"episode {episode.episode} ({episode.policy} on {episode.scenario}, seed "
            f"{episode.seed}): {', '.join(episode.differences)}"
        )
    typer.echo(f"{len(replayed) - len(different)} of {len(replayed)} episodes as recorded")
    if different:
        raise typer.Exit(JUDGED_FAILED)


def _print(found: Overview) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(
        f"{found.id}: {found.episodes} episodes, {found.steps} steps, {found.megabytes:g} MB; "
        f"{', '.join(found.scenarios)}; golive {found.versions['golive']}",
        highlight=False,
    )
    policies = Table("policy", "episodes", "steps", "score", "success", "return")
    for row in found.policies:
        policies.add_row(
            row.policy,
            str(row.episodes),
            str(row.steps),
            f"{row.score:.3f}",
            f"{row.success:.2f}",
            f"{row.mean_return:.2f}",
        )
    console.print(policies)
    factors = Table("factor", "taken / legal", "effective choices", "most frequent", "share")
    for factor in found.factors:
        factors.add_row(
            factor.factor,
            f"{factor.taken} / {factor.choices}",
            f"{factor.effective:.1f}",
            factor.most_frequent,
            f"{factor.share:.2f}",
        )
    console.print(factors)
