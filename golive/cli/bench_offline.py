"""``golive bench offline`` and ``warm-start``: what offline learning is worth, by simulation."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import GoliveError

if TYPE_CHECKING:
    from ..trainers.evaluation.statistics import Interval
    from ..trainers.offline.comparison import DatasetRow
    from ..trainers.offline.configuration import Method
    from ..trainers.offline.head_start import HeadStart

_VERSION = re.compile(r"-v\d+$")

OutOption = Annotated[
    Path, typer.Option(help="Directory of what is made; what it holds is not made again.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes (default: every core).")]


def offline(
    datasets: Annotated[list[str], typer.Argument(help="Datasets by id or folder.")],
    *,
    out: OutOption,
    methods: Annotated[
        str, typer.Option(help="Of golive learn, comma-separated.")
    ] = "bc,filtered_bc,iql",
    config: Annotated[
        Path | None, typer.Option(help="Configuration of golive learn for all of them.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, help="Gradient steps instead of the configuration's.")
    ] = None,
    suite: Annotated[
        str, typer.Option(help="Suite and split that are played.")
    ] = "furniture-validation",
    episodes: Annotated[int, typer.Option(min=2, help="Customers per policy and scenario.")] = 200,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Learn from every dataset by every method, and find the true scores by simulation."""
    from ..agents.learned import current_interface
    from ..core.execution import default_workers
    from ..scenarios.loader import load_suite_split, suite_scenarios
    from ..trainers.evaluation.progress import counting_bar
    from ..trainers.offline import OfflineConfiguration, read_offline_configuration
    from ..trainers.offline.comparison import learn_from_each, score_learned
    from ..trainers.training.configuration_files import changed_record
    from ..trainers.training.progress import ConsoleReporter

    base = OfflineConfiguration() if config is None else read_offline_configuration(config)
    configuration = base if steps is None else changed_record(base, {"gradient_steps": steps})
    chosen, split = load_suite_split(suite)
    compared = _methods(methods)
    with ConsoleReporter() as reporter:
        recorded = learn_from_each(
            _labelled(datasets), configuration, compared, out, current_interface(), reporter
        )
    with counting_bar("Playing") as progress:
        rows = score_learned(
            recorded,
            compared,
            chosen,
            suite_scenarios(chosen),
            out,
            split=split,
            episodes=episodes,
            workers=default_workers() if workers is None else workers,
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2))
        return
    title = f"{chosen.name}, {split} split, {episodes} customers per scenario; 95 % intervals"
    _print_table(title, *_comparison(rows, compared))


def warm_start(
    *,
    policy: Annotated[
        Path, typer.Option(help="Policy that one arm starts from: a file, or golive learn's --out.")
    ],
    out: OutOption,
    config: Annotated[
        str, typer.Option(help="Training configuration by name or file; its start is left out.")
    ] = "furniture",
    steps: Annotated[int, typer.Option(min=1, help="Environment steps of a training.")] = 61_440,
    every: Annotated[
        int, typer.Option(min=1, help="Environment steps between two points of the curve.")
    ] = 8_192,
    episodes: Annotated[int, typer.Option(min=1, help="Validation customers of a point.")] = 50,
    seeds: Annotated[int, typer.Option(min=2, help="Trainings of each arm.")] = 3,
    workers: Annotated[
        int | None, typer.Option(min=0, help="Processes instead of the configuration's.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="PNG of both curves (default: warm-start.png in --out).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train from scratch and from a policy with the same seeds: both learning curves.

    Interrupted, the same command goes on.
    """
    from ..core.files import write_bytes_atomically
    from ..trainers.offline.head_start import measure_head_start
    from ..trainers.reports.head_start import head_start_png
    from ..trainers.training.configuration import read_configuration, with_changes
    from ..trainers.training.progress import ConsoleReporter
    from .train import configuration_file

    changes: dict[str, object] = {
        "warm_start": None,
        "initial_policy": None,
        "total_steps": steps,
        "max_minutes": None,
        "evaluation": {"every_steps": every, "episodes": episodes},
    }
    if workers is not None:
        changes["workers"] = workers
    configuration = with_changes(read_configuration(configuration_file(config)), changes)
    with ConsoleReporter() as reporter:
        found = measure_head_start(configuration, policy, range(seeds), out, reporter)
    path = picture or out / "warm-start.png"
    write_bytes_atomically(path, head_start_png(found))
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
    else:
        title = (
            f"mean go-live score of {found.validation_episodes} validation customers; "
            f"{found.seeds} trainings per arm, 95 % intervals over them"
        )
        _print_table(title, *_curves(found))
    typer.echo(f"Picture: {path}", err=True)


def _labelled(datasets: Sequence[str]) -> dict[str, str]:
    """Datasets by the last part of their names, without the version."""
    labels = [_VERSION.sub("", Path(dataset).name) for dataset in datasets]
    for label in labels:
        if labels.count(label) > 1:
            raise GoliveError(f"datasets: two are called {label}: expected different names")
    return dict(zip(labels, datasets, strict=True))


def _methods(text: str) -> tuple[Method, ...]:
    from ..trainers.offline.configuration import Method

    try:
        return tuple(dict.fromkeys(Method(name.strip()) for name in text.split(",")))
    except ValueError:
        known = ", ".join(Method)
        raise GoliveError(f"--methods: {text!r}: expected some of {known}") from None


def _comparison(
    rows: Sequence[DatasetRow], methods: Sequence[Method]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    headings = ("dataset", "episodes", "recorded", *methods)
    cells = [
        (
            row.recorded.label,
            f"{row.recorded.episodes:,}",
            _span(row.recorded.score),
            *(_span(row.learned[method]) for method in methods),
        )
        for row in rows
    ]
    return headings, cells


def _curves(found: HeadStart) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    headings = ("steps", "from scratch", "from the policy", "difference")
    cells: list[tuple[str, ...]] = [
        (
            f"{point.steps:,}",
            _span(point.scratch),
            _span(point.started),
            _span(point.difference, "+.3f"),
        )
        for point in found.points
    ]
    return headings, cells


def _span(interval: Interval, form: str = ".3f") -> str:
    return f"{interval.estimate:{form}} ({interval.low:{form}} to {interval.high:{form}})"


def _print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table in Markdown, so that it can be put into a page as it is."""
    typer.echo(title)
    typer.echo("")
    typer.echo("| " + " | ".join(headings) + " |")
    typer.echo("|---" + "|---:" * (len(headings) - 1) + "|")
    for row in rows:
        typer.echo("| " + " | ".join(row) + " |")
