"""One episode as the bytes of a file in Minari's Arrow layout.

Minari (0.5) keeps an episode as ``data/ID/part-0.arrow``, an Arrow IPC file of one record batch
with a row per observation, so one row more than there are steps: the last row of actions,
rewards and ends is padding. ``infos`` is a struct column whose rows belong to the observations.
Workers encode; whoever collects only writes bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .playing import PlayedEpisode

if TYPE_CHECKING:
    import pyarrow as pa

    from .team_playing import RoleEpisode

OBSERVATION = "observation"
MASK = "action_mask"
BEHAVIOUR = "behaviour_probabilities"
REWARD_TERM = "reward_terms/"
"""Names in a role's observation, and in ``infos``; a reward term's name follows the last one."""
FILE_NAME = "part-0.arrow"


def encode_episode(episode: PlayedEpisode) -> bytes:
    """The episode's file, compressed."""
    infos = {
        MASK: episode.masks,
        BEHAVIOUR: _padded(episode.behaviour),
        **{
            f"{REWARD_TERM}{name}": np.concatenate([[0.0], values])[:, np.newaxis]
            for name, values in episode.reward_terms.items()
        },
    }
    # A step's terms come with the observation that the step leads to, as in Gymnasium's info. They
    # are matrices of one column: Minari cannot read a plain column again that it has combined.
    return _encoded(
        _rows(episode.observations), _rows(_padded(episode.actions)), episode.rewards, infos
    )


def encode_role_episode(episode: RoleEpisode) -> bytes:
    """The file of an episode as one role of a team had it, compressed: a ``Dict`` observed, a
    ``Discrete`` done."""
    import pyarrow as pa

    observed = {OBSERVATION: _rows(episode.observations), MASK: _rows(episode.masks)}
    return _encoded(
        pa.StructArray.from_arrays(list(observed.values()), names=list(observed)),
        _padded(episode.actions),
        episode.rewards,
        {BEHAVIOUR: _padded(episode.behaviour)},
    )


def _encoded(
    observations: Any,
    actions: Any,
    rewards: NDArray[np.float64],
    infos: Mapping[str, NDArray[Any]],
) -> bytes:
    import pyarrow as pa

    steps = len(rewards)
    columns = {name: _rows(values) for name, values in infos.items()}
    fields = [
        pa.field(name, array.type, metadata=_shape_metadata(array))
        for name, array in columns.items()
    ]
    ends = np.zeros(steps + 1, dtype=np.bool_)
    ends[steps - 1] = True
    batch = pa.RecordBatch.from_pydict(
        {
            "observations": observations,
            "actions": actions,
            "rewards": _padded(rewards),
            "terminations": ends,
            "truncations": np.zeros(steps + 1, dtype=np.bool_),
            "infos": pa.StructArray.from_arrays(list(columns.values()), fields=fields),
        }
    )
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def matrix(column: pa.FixedSizeListArray, steps: int) -> NDArray[Any]:
    """The first ``steps`` rows of a column of lists of one length, as a matrix."""
    width = column.type.list_size
    values = column.slice(0, steps).flatten().to_numpy(zero_copy_only=False)
    matrix: NDArray[Any] = values.reshape(steps, width)
    return matrix


def _padded(values: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([values, np.zeros_like(values[:1])])


def _rows(values: NDArray[Any]) -> pa.FixedSizeListArray:
    import pyarrow as pa

    kind = pa.list_(pa.from_numpy_dtype(values.dtype), list_size=values.shape[1])
    return pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), type=kind)


def _shape_metadata(array: pa.Array) -> dict[str, str] | None:
    """Metadata by which Minari knows that a column of infos is a matrix."""
    size = getattr(array.type, "list_size", None)
    return None if size is None else {"shape": str(size)}
