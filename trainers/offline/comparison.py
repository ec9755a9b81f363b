"""Offline learners on datasets, scored against the truth: what they learned, simulated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...agents.policy_file import FINAL_POLICY, InterfaceRecord
from ...scenarios.errors import GoliveError
from ...scenarios.files import prepare_output_directory
from ..datasets import LoggedEpisodes, load_logged
from ..evaluation import Entrant, EvaluationResult, evaluate_suite
from ..evaluation.intervals import mean_interval
from ..evaluation.keeper import Existing
from ..evaluation.plan import policy_fingerprint
from ..evaluation.statistics import Interval
from ..training.configuration_files import changed_record, record_text
from ..training.run_directory import CONFIGURATION_FILE
from .configuration import Method, OfflineConfiguration
from .selection import SCORE_COLUMN
from .session import learn, save_learned

if TYPE_CHECKING:
    from ...scenarios import Scenario, Suite
    from ...scenarios.vocabulary import Split
    from ..training.progress import Reporter


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """What was made of a dataset.

    Attributes:
        dataset: its label.
        episodes: recorded.
        recorded: mean go-live score of the recorded episodes, on their own customers.
        learned: by method, the true mean go-live score of what it learned, on customers that
            are the same for every method and dataset.
    """

    dataset: str
    episodes: int
    recorded: Interval
    learned: Mapping[Method, Interval]


def compare_learners(
    datasets: Mapping[str, str | Path],
    configuration: OfflineConfiguration,
    suite: Suite,
    scenarios: Sequence[Scenario],
    directory: Path,
    interface: InterfaceRecord,
    *,
    methods: Sequence[Method] = tuple(Method),
    split: Split | str,
    episodes: int,
    workers: int,
    reporter: Reporter,
    progress: Callable[[int, int], None] | None = None,
) -> list[DatasetRow]:
    """Learn from every dataset by every method, then play all that was learned.

    What the directory holds already is neither learned nor played again.

    Args:
        datasets: ids or folders by label.
        configuration: of every learner but for its method.
        suite: whose customers the truth is found on.
        scenarios: of the suite.
        directory: where policies and episodes are kept.
        interface: what policies see and order.
        methods: to compare.
        split: of the suite.
        episodes: per policy and scenario.
        workers: processes that play.
        reporter: who hears of the learning.
        progress: called as episodes are played.

    Raises:
        GoliveError: a dataset that is not there, or a directory that holds another comparison.
    """
    recorded: dict[str, LoggedEpisodes] = {}
    for label, dataset in datasets.items():
        recorded[label] = load_logged(dataset)
        for method in methods:
            own = changed_record(configuration, {"method": method})
            folder = _folder(directory, label, method)
            _learn_once(own, recorded[label], folder, interface, reporter)
    result = evaluate_suite(
        [_entrant(directory, label, method) for label in datasets for method in methods],
        suite,
        scenarios,
        split=split,
        episodes=episodes,
        workers=workers,
        progress=progress,
        directory=directory / "evaluation",
        existing=Existing.RESUME,
    )
    return [_row(label, logged, methods, result) for label, logged in recorded.items()]


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


def _row(
    label: str, logged: LoggedEpisodes, methods: Sequence[Method], result: EvaluationResult
) -> DatasetRow:
    scenarios = logged.episodes.partition_by("scenario", maintain_order=True)
    recorded = [rows[SCORE_COLUMN].to_numpy().astype(float) for rows in scenarios]
    learned = {
        method: mean_interval(
            result.scores(_name(label, method), SCORE_COLUMN),
            f"offline learner {label} {method}",
            bounds=(0.0, 1.0),
        )
        for method in methods
    }
    purpose = f"recorded {label}"
    return DatasetRow(
        label,
        len(logged.lengths),
        mean_interval(recorded, purpose, bounds=(0.0, 1.0)),
        learned,
    )


def _entrant(directory: Path, label: str, method: Method) -> Entrant:
    path = str(_folder(directory, label, method) / FINAL_POLICY)
    return Entrant(_name(label, method), path, policy_fingerprint(path))


def _name(label: str, method: Method) -> str:
    return f"{label}/{method}"


def _folder(directory: Path, label: str, method: Method) -> Path:
    return directory / "policies" / f"{label}-{method}"
