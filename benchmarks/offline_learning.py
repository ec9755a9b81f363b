"""Offline learners on datasets, scored against the truth: what they learned, simulated."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.command import CORES, JsonOption, WorkersOption, show, span, start
from golive.agents.learned import current_interface
from golive.agents.policy_file import FINAL_POLICY
from golive.core.errors import GoliveError
from golive.core.files import prepare_output_directory
from golive.core.tables import Table, figures
from golive.scenarios.loader import load_suite_split, suite_scenarios
from golive.scenarios.scenario import Scenario
from golive.scenarios.suite import Split, Suite
from golive.sim.world_kind import WorldKind
from golive.sim.worlds import kind_of
from golive.trainers.datasets import LoggedEpisodes, load_logged
from golive.trainers.evaluation import EvaluationResult, evaluate_suite
from golive.trainers.evaluation.intervals import SHARE_BOUNDS, mean_interval
from golive.trainers.evaluation.keeper import Existing
from golive.trainers.evaluation.plan import Entrant, policy_fingerprint
from golive.trainers.evaluation.progress import counting_bar
from golive.trainers.evaluation.statistics import Interval
from golive.trainers.offline import OfflineConfiguration, read_offline_configuration
from golive.trainers.offline.configuration import Method
from golive.trainers.offline.session import learn, save_learned
from golive.trainers.training.callbacks import TrainingCallback
from golive.trainers.training.configuration_files import changed_record, record_text
from golive.trainers.training.progress import ConsoleReporter
from golive.trainers.training.run_directory import CONFIGURATION_FILE

_VERSION = re.compile(r"-v\d+$")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A dataset that was learned from.

    Attributes:
        label: what tables call it.
        episodes: recorded.
        score: mean score of the recorded episodes, on their own customers.
    """

    label: str
    episodes: int
    score: Interval


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """Policies learned from one dataset.

    Attributes:
        recorded: the dataset.
        learned: by method, the true mean score of what it learned, on customers that
            are the same for every method and dataset.
    """

    recorded: Recorded
    learned: Mapping[Method, Interval]


def command(
    datasets: Annotated[list[str], typer.Argument(help="Datasets by id or folder.")],
    *,
    out: Annotated[
        Path, typer.Option(help="Directory of what is made; what it holds is not made again.")
    ],
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
    workers: WorkersOption = CORES,
    as_json: JsonOption = False,
) -> None:
    """Learn from every dataset by every method, and find the true scores by simulation."""
    base = OfflineConfiguration() if config is None else read_offline_configuration(config)
    configuration = base if steps is None else changed_record(base, {"gradient_steps": steps})
    chosen, split = load_suite_split(suite)
    scenarios = suite_scenarios(chosen)
    compared = _methods(methods)
    kind = kind_of(scenarios[0])
    with ConsoleReporter() as reporter:
        recorded = learn_from_each(
            _labelled(datasets), configuration, compared, out, kind, reporter
        )
    with counting_bar("Playing") as progress:
        rows = score_learned(
            recorded,
            compared,
            chosen,
            scenarios,
            out,
            split=split,
            episodes=episodes,
            workers=workers,
            progress=progress,
        )
    title = f"{chosen.name}, {split} split, {episodes} customers per scenario; 95 % intervals"
    show(rows, [comparison_table(rows, compared, title).to_markdown()], as_json)


def comparison_table(rows: Sequence[DatasetRow], methods: Sequence[Method], title: str) -> Table:
    """Datasets and what each method made of them."""
    return Table(
        title,
        figures("dataset", "episodes", "recorded", *methods),
        [
            (
                row.recorded.label,
                f"{row.recorded.episodes:,}",
                span(row.recorded.score, ".3f"),
                *(span(row.learned[method], ".3f") for method in methods),
            )
            for row in rows
        ],
    )


def _labelled(datasets: Sequence[str]) -> dict[str, str]:
    """Datasets by the last part of their names, without the version."""
    labels = [_VERSION.sub("", Path(dataset).name) for dataset in datasets]
    for label in labels:
        if labels.count(label) > 1:
            raise GoliveError(f"datasets: two are called {label}: expected different names")
    return dict(zip(labels, datasets, strict=True))


def _methods(text: str) -> tuple[Method, ...]:
    try:
        return tuple(dict.fromkeys(Method(name.strip()) for name in text.split(",")))
    except ValueError:
        known = ", ".join(Method)
        raise GoliveError(f"--methods: {text!r}: expected some of {known}") from None


def learn_from_each(
    datasets: Mapping[str, str | Path],
    configuration: OfflineConfiguration,
    methods: Sequence[Method],
    directory: Path,
    kind: WorldKind,
    reporter: TrainingCallback,
) -> list[Recorded]:
    """Learn from every dataset by every method; what the directory holds is not learned again.

    Args:
        datasets: ids or folders by label.
        configuration: of every learner but for its method.
        methods: to compare.
        directory: where policies are kept.
        kind: of the world that was recorded.
        reporter: who hears how it goes.

    Raises:
        GoliveError: a dataset that is not there, or a policy that was learned otherwise.
    """
    recorded = []
    for label, dataset in datasets.items():
        logged = load_logged(dataset)
        for method in methods:
            own = changed_record(configuration, {"method": method})
            folder = _folder(directory, label, method)
            _learn_once(own, logged, folder, kind, reporter)
        scenarios = logged.episodes.partition_by("scenario", maintain_order=True)
        score = kind.figures.score
        scores = [rows[score].to_numpy().astype(np.float64) for rows in scenarios]
        mean = mean_interval(scores, bounds=SHARE_BOUNDS)
        recorded.append(Recorded(label, len(logged.lengths), mean))
    return recorded


def score_learned(
    recorded: Sequence[Recorded],
    methods: Sequence[Method],
    suite: Suite,
    scenarios: Sequence[Scenario],
    directory: Path,
    *,
    split: Split | str,
    episodes: int,
    workers: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[DatasetRow]:
    """Play all that was learned on the same customers; episodes on disk are not played again.

    Args:
        recorded: datasets that were learned from.
        methods: by which.
        suite: whose customers are met.
        scenarios: of the suite.
        directory: where policies and episodes are kept.
        split: of the suite.
        episodes: per policy and scenario.
        workers: processes that play.
        progress: called as episodes are played.

    Raises:
        GoliveError: the directory holds other episodes, or the split has fewer seeds.
    """
    result = evaluate_suite(
        [_entrant(directory, row.label, method) for row in recorded for method in methods],
        suite,
        scenarios,
        split=split,
        episodes=episodes,
        workers=workers,
        progress=progress,
        directory=directory / "evaluation",
        existing=Existing.RESUME,
    )
    score = kind_of(scenarios[0]).figures.score
    return [
        DatasetRow(
            row, {method: _true_score(result, score, row.label, method) for method in methods}
        )
        for row in recorded
    ]


def _learn_once(
    configuration: OfflineConfiguration,
    logged: LoggedEpisodes,
    folder: Path,
    kind: WorldKind,
    reporter: TrainingCallback,
) -> None:
    """Learn into a folder unless that is done; the policy is written last of all."""
    if (folder / FINAL_POLICY).is_file():
        told = (folder / CONFIGURATION_FILE).read_text(encoding="utf-8")
        if told != record_text(configuration):
            raise GoliveError(
                f"{folder}: learned with another configuration: expected another --out"
            )
        return
    learned = learn(configuration, logged, current_interface(kind), reporter)
    save_learned(learned, configuration, prepare_output_directory(folder))


def _true_score(result: EvaluationResult, score: str, label: str, method: Method) -> Interval:
    scores = result.scores(_name(label, method), score)
    return mean_interval(scores, bounds=SHARE_BOUNDS)


def _entrant(directory: Path, label: str, method: Method) -> Entrant:
    path = str(_folder(directory, label, method) / FINAL_POLICY)
    return Entrant(_name(label, method), path, policy_fingerprint(path))


def _name(label: str, method: Method) -> str:
    return f"{label}/{method}"


def _folder(directory: Path, label: str, method: Method) -> Path:
    return directory / "policies" / f"{label}-{method}"


if __name__ == "__main__":
    start("benchmarks.offline_learning")
