"""A dataset in a few figures; its steps are read one episode at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.arguments import checked
from ...sim.world_kind import Figures
from .logged import episode_metadata, read_episode
from .metadata import INTERFACE, RECORDING, golive_metadata, read_metadata, recorded_kind
from .places import METADATA, DatasetPlace, find_dataset


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One policy's share of a dataset.

    Attributes:
        policy: who decided.
        episodes: it played.
        steps: in them.
        score: mean of what policies are judged by.
        success: share of successful episodes; 0 in a world that has no such figure.
        mean_return: mean sum of rewards of an episode.
    """

    policy: str
    episodes: int
    steps: int
    score: float
    success: float
    mean_return: float


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One factor's choices, and how many of them a dataset has tried.

    Attributes:
        factor: name.
        choices: that were legal at least once.
        taken: of these, taken at least once.
        effective: perplexity of the choices taken: how many equally frequent ones would be as
            varied.
        most_frequent: the choice taken most.
        share: of the steps at which that was taken.
    """

    factor: str
    choices: int
    taken: int
    effective: float
    most_frequent: str
    share: float


@dataclass(frozen=True, slots=True)
class Overview:
    """A dataset in a few figures.

    Attributes:
        id: Minari's.
        folder: where it lies.
        episodes: in all.
        steps: in all.
        megabytes: on disk.
        scenarios: what was played.
        versions: of golive and the libraries that recorded it.
        policies: one row each, in the order of the recording.
        factors: one row each.
    """

    id: str
    folder: str
    episodes: int
    steps: int
    megabytes: float
    scenarios: tuple[str, ...]
    versions: dict[str, str]
    policies: tuple[PolicyRow, ...]
    factors: tuple[FactorRow, ...]


@checked
def overview(dataset: str | Path) -> Overview:
    """Sum a dataset up.

    Args:
        dataset: its id, or its folder.

    Raises:
        GoliveError: there is none, it was not recorded by golive, or it is damaged.
    """
    place = find_dataset(dataset)
    metadata = read_metadata(place)
    recording = metadata[RECORDING]
    rows = [episode_metadata(place, episode) for episode in range(metadata["total_episodes"])]
    figures = recorded_kind(metadata).figures
    labels = [policy["label"] for policy in recording["policies"]]
    by_label = [(label, [row for row in rows if row["policy"] == label]) for label in labels]
    return Overview(
        id=metadata["dataset_id"],
        folder=str(place.folder),
        episodes=metadata["total_episodes"],
        steps=metadata["total_steps"],
        megabytes=metadata["dataset_size"],
        scenarios=tuple(row["name"] for row in recording["scenarios"]),
        versions=recording["versions"],
        policies=tuple(_policy_row(label, own, figures) for label, own in by_label if own),
        factors=_factors(place, metadata),
    )


def datasets_in(root: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Folder and metadata of every dataset below a folder that golive recorded, by path."""
    found = []
    for path in sorted(root.glob(f"**/data/{METADATA}")):
        folder = path.parents[1]
        if any(part.startswith(".") for part in folder.relative_to(root).parts):
            continue
        if (metadata := golive_metadata(path)) is not None:
            found.append((folder, metadata))
    return found


def _policy_row(label: str, rows: list[dict[str, Any]], figures: Figures) -> PolicyRow:
    return PolicyRow(
        label,
        len(rows),
        sum(row["total_steps"] for row in rows),
        float(np.mean([row[figures.score] for row in rows])),
        float(np.mean([row.get(figures.success, False) for row in rows])),
        float(np.mean([row["return"] for row in rows])),
    )


def _factors(place: DatasetPlace, metadata: dict[str, Any]) -> tuple[FactorRow, ...]:
    interface = metadata[INTERFACE]
    sizes, names = interface["action_sizes"], interface["choice_names"]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    legal, taken = np.zeros((2, sum(sizes)), np.int64)
    for episode in range(metadata["total_episodes"]):
        columns = read_episode(place, episode, ("actions", "masks"), sizes=sizes)
        legal += columns["masks"].sum(axis=0)
        taken += np.bincount((columns["actions"] + starts).ravel(), minlength=len(taken))
    parts = [slice(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    return tuple(
        _factor_row(factor, names[part], legal[part], taken[part])
        for factor, part in zip(interface["action_names"], parts, strict=True)
    )


def _factor_row(
    factor: str, names: list[str], legal: NDArray[np.int64], taken: NDArray[np.int64]
) -> FactorRow:
    shares = taken[taken > 0] / taken.sum()
    most = int(taken.argmax())
    return FactorRow(
        factor,
        int((legal > 0).sum()),
        len(shares),
        math.exp(-float((shares * np.log(shares)).sum())),
        names[most].partition("/")[2],
        float(taken[most] / taken.sum()),
    )
