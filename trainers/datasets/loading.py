"""Recorded episodes from disk into memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...core.errors import GoliveError
from .episode_file import BEHAVIOUR, FILE_NAME, MASK, matrix
from .logged import LoggedEpisodes
from .metadata import INTERFACE, read_metadata, recorded_scenarios
from .places import METADATA, DatasetPlace, find_dataset

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("observations", "actions", "masks", "behaviour", "rewards")
"""What of an episode's file ``LoggedEpisodes`` holds, by its names."""
_INFOS = {"masks": MASK, "behaviour": BEHAVIOUR}
_OF_THE_FILE = ("id", "total_steps")


def load_logged(dataset: str | Path) -> LoggedEpisodes:
    """Read a dataset that ``record`` made, whole, into memory.

    Args:
        dataset: its id, or its folder.

    Raises:
        GoliveError: there is none, it was not recorded by golive, or it is damaged.
    """
    import polars as pl

    place = find_dataset(dataset)
    metadata = read_metadata(place)
    sizes = tuple(metadata[INTERFACE]["action_sizes"])
    rows = [episode_metadata(place, episode) for episode in range(metadata["total_episodes"])]
    lengths: NDArray[np.int64] = np.array([row["total_steps"] for row in rows], dtype=np.int64)
    steps, choices = int(lengths.sum()), sum(sizes)
    width = len(metadata[INTERFACE]["observation_names"])
    logged = LoggedEpisodes(
        observations=np.empty((steps, width), np.float32),
        actions=np.empty((steps, len(sizes)), np.int64),
        masks=np.empty((steps, choices), np.bool_),
        behaviour=np.empty((steps, choices), np.float64),
        rewards=np.empty(steps, np.float64),
        lengths=lengths,
        action_sizes=sizes,
        episodes=pl.DataFrame(
            [{k: v for k, v in row.items() if k not in _OF_THE_FILE} for row in rows],
            infer_schema_length=None,
        ),
        scenarios=recorded_scenarios(metadata),
    )
    start = 0
    for episode, length in enumerate(lengths.tolist()):
        for name, values in read_episode(place, episode).items():
            getattr(logged, name)[start : start + length] = values
        start += length
    return logged


def episode_metadata(place: DatasetPlace, episode: int) -> dict[str, float | int | bool | str]:
    """What is known of an episode besides its steps: seed, scenario, policy, scorecard.

    Raises:
        GoliveError: it is not there.
    """
    path = place.data / f"{episode}" / METADATA
    try:
        content: dict[str, float | int | bool | str] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise GoliveError(f"{path}: cannot be read: {error}") from None
    return content


def read_episode(
    place: DatasetPlace, episode: int, columns: Sequence[str] = COLUMNS
) -> dict[str, NDArray[Any]]:
    """Arrays over an episode's steps, by column.

    Args:
        place: of the dataset.
        episode: its id.
        columns: names of ``COLUMNS``, which are attributes of ``LoggedEpisodes``.

    Raises:
        GoliveError: its file is missing or damaged.
    """
    import pyarrow as pa

    path = place.data / f"{episode}" / FILE_NAME
    try:
        with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
            batch = reader.get_batch(0)
            steps = len(batch) - 1
            return {name: _column(batch, name, steps) for name in columns}
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise GoliveError(f"{path}: cannot be read: {error}") from None


def _column(batch: pa.RecordBatch, name: str, steps: int) -> NDArray[Any]:
    if name in _INFOS:
        return matrix(batch.column("infos").field(_INFOS[name]), steps)
    if name == "rewards":
        rewards: NDArray[np.float64] = batch.column(name).to_numpy()[:steps]
        return rewards
    return matrix(batch.column(name), steps)
