"""Recorded episodes from disk into memory."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...scenarios.errors import GoliveError
from .episode_file import BEHAVIOUR, FILE_NAME, MASK, matrix
from .logged import LoggedEpisodes
from .metadata import INTERFACE, read_metadata
from .places import METADATA, DatasetPlace, find_dataset

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
    if INTERFACE not in metadata:
        raise GoliveError(f"dataset: {dataset}: was not recorded by golive")
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
    )
    start = 0
    for episode, length in enumerate(lengths.tolist()):
        _fill(logged, slice(start, start + length), place, episode)
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


def _fill(logged: LoggedEpisodes, rows: slice, place: DatasetPlace, episode: int) -> None:
    import pyarrow as pa

    path = place.data / f"{episode}" / FILE_NAME
    steps = rows.stop - rows.start
    try:
        with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
            batch = reader.get_batch(0)
            infos = batch.column("infos")
            logged.observations[rows] = matrix(batch.column("observations"), steps)
            logged.actions[rows] = matrix(batch.column("actions"), steps)
            logged.masks[rows] = matrix(infos.field(MASK), steps)
            logged.behaviour[rows] = matrix(infos.field(BEHAVIOUR), steps)
            logged.rewards[rows] = batch.column("rewards").to_numpy()[:steps]
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise GoliveError(f"{path}: cannot be read: {error}") from None
