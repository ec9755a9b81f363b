"""Offline learners on datasets, scored against the truth: what they learned, simulated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...agents.policy_file import FINAL_POLICY, InterfaceRecord
from ...core.errors import GoliveError
from ...core.files import prepare_output_directory
from ..datasets import LoggedEpisodes, load_logged
from ..evaluation import EvaluationResult, evaluate_suite
from ..evaluation.intervals import mean_interval
from ..evaluation.keeper import Existing
from ..evaluation.plan import Entrant, policy_fingerprint
from ..evaluation.statistics import Interval
from ..training.configuration_files import changed_record, record_text
from ..training.run_directory import CONFIGURATION_FILE
from .configuration import Method, OfflineConfiguration
from .selection import SCORE_COLUMN
from .session import learn, save_learned

if TYPE_CHECKING:
    from ...scenarios.scenario import Scenario
    from ...scenarios.suite import Split, Suite
    from ..training.progress import Reporter


@dataclass(frozen=True, slots=True)
class Recorded:
    """A dataset that was learned from.

    Attributes:
        label: what tables call it.
        episodes: recorded.
        score: mean go-live score of the recorded episodes, on their own customers.
    """

    label: str
    episodes: int
    score: Interval


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """What was made of a dataset.

    Attributes:
        recorded: the dataset.
        learned: by method, the true mean go-live score of what it learned, on customers that
            are the same for every method and dataset.
    """

    recorded: Recorded
    learned: Mapping[Method, Interval]


def learn_from_each(
    datasets: Mapping[str, str | Path],
    configuration: OfflineConfiguration,
    methods: Sequence[Method],
    directory: Path,
    interface: InterfaceRecord,
    reporter: Reporter,
) -> list[Recorded]:
    """Learn from every dataset by every method; what the directory holds is not learned again.

    Args:
        datasets: ids or folders by label.
        configuration: of every learner but for its method.
        methods: to compare.
        directory: where policies are kept.
        interface: what policies see and order.
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
            _learn_once(own, logged, folder, interface, reporter)
        scenarios = logged.episodes.partition_by("scenario", maintain_order=True)
        scores = [rows[SCORE_COLUMN].to_numpy().astype(np.float64) for rows in scenarios]
        score = mean_interval(scores, f"recorded {label}", bounds=(0.0, 1.0))
        recorded.append(Recorded(label, len(logged.lengths), score))
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
    return [
        DatasetRow(row, {method: _true_score(result, row.label, method) for method in methods})
        for row in recorded
    ]


def _learn_once(
    configuration: OfflineConfiguration,
    logged: LoggedEpisodes,
    folder: Path,
    interface: InterfaceRecord,
    reporter: Reporter,
) -> None:
    """Learn into a folder unless that is done; the policy is written last of all."""
    if (folder / FINAL_POLICY).is_file():
        told = (folder / CONFIGURATION_FILE).read_text(encoding="utf-8")
        if told != record_text(configuration):
            raise GoliveError(
                f"{folder}: learned with another configuration: expected another --out"
            )
        return
    learned = learn(configuration, logged, interface, reporter)
    save_learned(learned, configuration, prepare_output_directory(folder))


def _true_score(result: EvaluationResult, label: str, method: Method) -> Interval:
    scores = result.scores(_name(label, method), SCORE_COLUMN)
    return mean_interval(scores, f"offline learner {label} {method}", bounds=(0.0, 1.0))


def _entrant(directory: Path, label: str, method: Method) -> Entrant:
    path = str(_folder(directory, label, method) / FINAL_POLICY)
    return Entrant(_name(label, method), path, policy_fingerprint(path))


def _name(label: str, method: Method) -> str:
    return f"{label}/{method}"


def _folder(directory: Path, label: str, method: Method) -> Path:
    return directory / "policies" / f"{label}-{method}"
