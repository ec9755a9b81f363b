"""``golive dataset``: recorded datasets listed, summed up, played again, put into words."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ..core.errors import GoliveError
from ..core.execution import Backend
from ..core.tables import Table, figures, right
from .exits import JUDGED_FAILED
from .options import AsJson, BackendOption, WorkersOption
from .output import show, show_json, show_result

if TYPE_CHECKING:
    from ..trainers.datasets.overview import Overview

app = typer.Typer(no_args_is_help=True, help="Recorded datasets: list them, sum up, play again.")

_Dataset = Annotated[
    str,
    Argument(metavar="DATASET", help="Id in Minari's root, or a folder that starts with / . or ~."),
]


_LISTED = {
    "id": "dataset_id",
    "episodes": "total_episodes",
    "steps": "total_steps",
    "megabytes": "dataset_size",
}


@app.command("list")
def list_datasets(
    root: Annotated[
        Path | None, Argument(help="Folder to look in (default: Minari's root).")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the datasets that golive recorded."""
    from ..trainers.datasets.overview import datasets_in
    from ..trainers.datasets.places import minari_root

    if root is not None and not root.is_dir():
        raise GoliveError(f"{root}: there is no such folder")
    found = [
        {**{name: metadata[key] for name, key in _LISTED.items()}, "folder": folder}
        for folder, metadata in datasets_in(minari_root() if root is None else root)
    ]
    if as_json:
        show_json(found)
        return
    for row in found:
        typer.echo(
            f"{row['id']}  {row['episodes']} episodes, {row['steps']} steps, "
            f"{row['megabytes']:g} MB  {row['folder']}"
        )


@app.command("show")
def show_one(dataset: _Dataset, as_json: AsJson = False) -> None:
    """Sum a dataset up: scores by policy, and how much of each decision was tried."""
    from ..trainers.datasets.overview import overview

    found = overview(dataset)
    if as_json:
        show_json(asdict(found))
    else:
        _print(found)


@app.command()
def replay(
    dataset: _Dataset,
    *,
    episodes: Annotated[
        int | None, Option(min=1, help="Only the first so many (default: all).")
    ] = None,
    workers: WorkersOption = None,
    backend: BackendOption = Backend.PROCESS,
    as_json: AsJson = False,
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
    show_result(
        as_json,
        {"episodes": len(replayed), "different": [asdict(episode) for episode in different]},
        *(
            f"episode {episode.episode} ({episode.policy} on {episode.scenario}, seed "
            f"{episode.seed}): {', '.join(episode.differences)}"
            for episode in different
        ),
        f"{len(replayed) - len(different)} of {len(replayed)} episodes as recorded",
    )
    if different:
        raise typer.Exit(JUDGED_FAILED)


@app.command()
def words(
    dataset: _Dataset,
    *,
    out: Annotated[
        Path | None,
        Option(help="A folder that is not there yet (default: words in the dataset's)."),
    ] = None,
    workers: WorkersOption = None,
    backend: BackendOption = Backend.PROCESS,
    as_json: AsJson = False,
) -> None:
    """Write a dataset in words: chats and instructions, as JSON lines and Parquet."""
    from ..trainers.datasets.words import write_words
    from ..trainers.evaluation.progress import counting_bar

    with counting_bar("Writing words") as progress:
        folder = write_words(dataset, out, workers=workers, backend=backend, progress=progress)
    show_result(as_json, {"words": folder}, str(folder))


def _print(found: Overview) -> None:
    policies = [
        (
            row.policy,
            row.episodes,
            row.steps,
            f"{row.score:.3f}",
            f"{row.success:.2f}",
            f"{row.mean_return:.2f}",
        )
        for row in found.policies
    ]
    factors = [
        (
            one.factor,
            f"{one.taken} / {one.choices}",
            f"{one.effective:.1f}",
            one.most_frequent,
            f"{one.share:.2f}",
        )
        for one in found.factors
    ]
    tried = (right("taken / legal"), right("effective choices"), "most frequent", right("share"))
    show(
        f"{found.id}: {found.episodes} episodes, {found.steps} steps, {found.megabytes:g} MB; "
        f"{', '.join(found.scenarios)}; golive {found.versions['golive']}",
        Table("", figures("policy", "episodes", "steps", "score", "success", "return"), policies),
        Table("", ("factor", *tried), factors),
    )
