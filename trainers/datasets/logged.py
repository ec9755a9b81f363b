"""Recorded episodes in memory: learning and judging without simulation works on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...core.arguments import checked
from ...core.errors import GoliveError
from .episode_file import BEHAVIOUR, FILE_NAME, MASK, OBSERVATION, matrix
from .metadata import (
    INTERFACE,
    read_metadata,
    recorded_kind,
    recorded_scenarios,
    recorded_setting,
)
from .places import METADATA, DatasetPlace, find_dataset, read_json

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from ...scenarios.scenario import Scenario
    from .team_playing import TeamSetting

COLUMNS = ("observations", "actions", "masks", "behaviour", "rewards")
"""Arrays that an episode's file holds, by their names in ``LoggedEpisodes``."""
_INFOS = {"masks": MASK, "behaviour": BEHAVIOUR}
_OF_THE_FILE = ("id", "total_steps", "options")


@dataclass(frozen=True)
class LoggedEpisodes:
    """Whole episodes, one after the other; each ends because it terminated.

    Attributes:
        observations: float32 (steps, observation size), before each decision.
        actions: int64 (steps, factors), what was decided.
        masks: bool (steps, choices), what was legal; the factors' choices side by side.
        behaviour: float64 (steps, choices), probability of each choice under the policy that
            decided, factor by factor; factors are drawn independently of one another.
        rewards: float64 (steps,), not scaled.
        lengths: int64 (episodes,), steps per episode.
        action_sizes: choices per factor.
        episodes: a row per episode: ``scenario``, ``seed``, ``policy`` (who decided), ``digest``
            (of the final state) and every field of the scorecard.
        scenarios: what was played, by the names in ``episodes``; empty if it is not known.
        score: name of the column that policies are judged by; empty if there is none.
        setting: what a team played with, if the episodes are those of one of its roles: what it
            sees, and a factor for each part of its action, the message last; else None.
    """

    observations: NDArray[np.float32]
    actions: NDArray[np.int64]
    masks: NDArray[np.bool_]
    behaviour: NDArray[np.float64]
    rewards: NDArray[np.float64]
    lengths: NDArray[np.int64]
    action_sizes: tuple[int, ...]
    episodes: pl.DataFrame
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    score: str = ""
    setting: TeamSetting | None = None

    @property
    def starts(self) -> NDArray[np.int64]:
        """int64 (episodes,), index of each episode's first step."""
        return np.concatenate([[0], np.cumsum(self.lengths)[:-1]]).astype(np.int64)

    @property
    def offsets(self) -> NDArray[np.int64]:
        """int64 (factors,), where each factor's choices begin in the masks."""
        return np.concatenate([[0], np.cumsum(self.action_sizes)[:-1]]).astype(np.int64)

    def of_episodes(self, numbers: NDArray[np.int64]) -> LoggedEpisodes:
        """Only some episodes, in the order asked for.

        Args:
            numbers: int64 (kept,), which.
        """
        starts = self.starts
        pieces = [np.arange(starts[e], starts[e] + self.lengths[e]) for e in numbers]
        steps = np.concatenate([np.empty(0, np.int64), *pieces])
        kept = {name: getattr(self, name)[steps] for name in COLUMNS}
        lengths, episodes = self.lengths[numbers], self.episodes[numbers]
        return replace(self, lengths=lengths, episodes=episodes, **kept)

    def chosen(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability of the recorded action at each step.

        Args:
            probabilities: float64 (steps, choices), per factor, as ``behaviour``.

        Returns:
            float64 (steps,): the product over the factors.
        """
        per_factor = np.take_along_axis(probabilities, self.actions + self.offsets, axis=1)
        return per_factor.prod(axis=1)  # type: ignore[no-any-return]


@checked
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
        score=recorded_kind(metadata).figures.score,
        setting=recorded_setting(metadata),
    )
    start = 0
    for episode, length in enumerate(lengths.tolist()):
        for name, values in read_episode(place, episode, sizes=sizes).items():
            getattr(logged, name)[start : start + length] = values
        start += length
    return logged


def episode_metadata(place: DatasetPlace, episode: int) -> dict[str, float | int | bool | str]:
    """Seed, scenario, policy and scorecard of an episode: all but its steps.

    Raises:
        GoliveError: it is not there.
    """
    return read_json(place.data / f"{episode}" / METADATA)


def read_episode(
    place: DatasetPlace,
    episode: int,
    columns: Sequence[str] = COLUMNS,
    *,
    sizes: Sequence[int] = (),
) -> dict[str, NDArray[Any]]:
    """Arrays over an episode's steps, by column.

    Args:
        place: of the dataset.
        episode: its id.
        columns: names of ``COLUMNS``, which are attributes of ``LoggedEpisodes``.
        sizes: choices per factor; a role's actions and masks are taken apart by them, and are as
            they were recorded without.

    Raises:
        GoliveError: its file is missing or damaged.
    """
    import pyarrow as pa

    path = place.data / f"{episode}" / FILE_NAME
    try:
        with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
            batch = reader.get_batch(0)
            steps = len(batch) - 1
            read = (
                _role_column if pa.types.is_struct(batch.column("observations").type) else _column
            )
            return {name: read(batch, name, steps, sizes) for name in columns}
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise GoliveError(f"{path}: cannot be read: {error}") from None


def _column(
    batch: pa.RecordBatch, name: str, steps: int, _sizes: Sequence[int] = ()
) -> NDArray[Any]:
    if name in _INFOS:
        return matrix(batch.column("infos").field(_INFOS[name]), steps)
    if name == "rewards":
        rewards: NDArray[np.float64] = batch.column(name).to_numpy()[:steps]
        return rewards
    return matrix(batch.column(name), steps)


def _role_column(
    batch: pa.RecordBatch, name: str, steps: int, sizes: Sequence[int]
) -> NDArray[Any]:
    """A column of a team's role: a ``Dict`` observed, a ``Discrete`` done."""
    if name == "observations":
        return matrix(batch.column(name).field(OBSERVATION), steps)
    if name == "masks":
        masks = matrix(batch.column("observations").field(MASK), steps).astype(np.bool_)
        return legal_parts(masks, sizes) if sizes else masks
    if name == "actions":
        actions: NDArray[np.int64] = batch.column(name).to_numpy()[:steps]
        return np.stack(np.unravel_index(actions, sizes), axis=1) if sizes else actions
    return _column(batch, name, steps)


def legal_parts(masks: NDArray[np.bool_], sizes: Sequence[int]) -> NDArray[np.bool_]:
    """Legal choices part after part from masks of a role's actions.

    Args:
        masks: bool (steps, actions); an action is legal where all its parts are.
        sizes: choices per part.

    Returns:
        bool (steps, sum of sizes).
    """
    grid = masks.reshape(len(masks), *sizes)
    axes = range(1, 1 + len(sizes))
    return np.concatenate(
        [grid.any(axis=tuple(a for a in axes if a != axis)) for axis in axes], axis=1
    )
