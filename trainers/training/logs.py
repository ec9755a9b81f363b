"""Logs of a training: TensorBoard, and a learning curve of one JSON line per rollout."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from stable_baselines3.common.logger import KVWriter

from ...core.arguments import checked
from ...core.errors import GoliveError
from ...core.files import (
    json_text,
    prepare_output_directory,
    reason,
    write_bytes_atomically,
    write_text_atomically,
)

if TYPE_CHECKING:
    import polars

CURVE_FILE = "curve.jsonl"
CURVE_TABLE = "curve.parquet"
_FLUSH_SECONDS = 5.0


class TensorBoardWriter(KVWriter):
    """Stable-Baselines3's figures as TensorBoard scalars, in tensorboardX's event files.

    Written in the caller's thread: ``SummaryWriter`` writes in one of its own, where a full
    disk would be a stack trace and a training that waits for ever.

    Each stretch of a training adds an event file; of the stretch before TensorBoard hides the
    figures after ``from_step``.

    Raises:
        GoliveError: the file cannot be written.
    """

    def __init__(self, folder: Path, from_step: int) -> None:
        from tensorboardX.proto.event_pb2 import Event, SessionLog
        from tensorboardX.record_writer import RecordWriter

        prepare_output_directory(folder)
        self._folder = folder
        self._flushed = time.monotonic()
        name = f"events.out.tfevents.{int(time.time())}.{socket.gethostname()}"
        with self._clear_errors():
            self._records = RecordWriter(str(folder / f"{name}.{os.getpid()}.{from_step}"))
            self._add(Event(wall_time=time.time(), file_version="brain.Event:2"))
            start = SessionLog(status=SessionLog.START)
            self._add(Event(wall_time=time.time(), step=from_step + 1, session_log=start))

    def write(
        self, key_values: dict[str, Any], key_excluded: dict[str, tuple[str, ...]], step: int = 0
    ) -> None:
        """Write every number that is not excluded from TensorBoard.

        Raises:
            GoliveError: it cannot be written.
        """
        from tensorboardX.proto.event_pb2 import Event
        from tensorboardX.proto.summary_pb2 import Summary

        scalars = [
            Summary.Value(tag=key, simple_value=float(value))
            for key, value in key_values.items()
            if _is_number(value) and "tensorboard" not in (key_excluded.get(key) or ())
        ]
        with self._clear_errors():
            self._add(Event(wall_time=time.time(), step=step, summary=Summary(value=scalars)))
            if time.monotonic() - self._flushed > _FLUSH_SECONDS:
                self._records.flush()
                self._flushed = time.monotonic()

    def close(self) -> None:
        """Flush and close the event file."""
        with self._clear_errors():
            try:
                self._records.flush()
            finally:
                self._records.close()

    def _add(self, event: Any) -> None:
        self._records.write(event.SerializeToString())

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise GoliveError(f"{self._folder}: cannot be written: {reason(error)}") from error


class CurveWriter(KVWriter):
    """The learning curve: one JSON object per line, flushed as it is written.

    Rows after ``until_step``, of a run before, are dropped.
    """

    def __init__(self, path: Path, until_step: int | None) -> None:
        self._path = path
        rows = [] if until_step is None else _rows(path)
        kept = [row for row in rows if row["step"] <= (until_step or 0)]
        write_text_atomically(path, "".join(json_text(row) + "\n" for row in kept))
        self._file = path.open("a", encoding="utf-8")

    def write(
        self, key_values: dict[str, Any], key_excluded: dict[str, tuple[str, ...]], step: int = 0
    ) -> None:
        """Add a row.

        Raises:
            GoliveError: it cannot be written.
        """
        figures = {key: float(v) for key, v in key_values.items() if _is_number(v)}
        row = {"step": step, "time": time.time(), **figures}
        try:
            self._file.write(json_text(row) + "\n")
            self._file.flush()
        except OSError as error:
            raise GoliveError(f"{self._path}: cannot be written: {reason(error)}") from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@checked
def read_learning_curve(directory: Path) -> polars.DataFrame:
    """A run's learning curve: a row per rollout, a column per figure (null where not measured).

    Columns: ``step``, ``time`` (seconds since 1970), ``episode/*`` and ``terms/*`` (means of
    the last hundred training episodes), ``validation/*``, ``train/*``, ``entropy/*``.

    Raises:
        GoliveError: there is none.
    """
    import polars

    path = directory / CURVE_FILE
    if not path.is_file():
        raise GoliveError(f"{path}: no such file, expected a training's learning curve")
    return polars.DataFrame(_rows(path), infer_schema_length=None)


def write_curve_table(directory: Path) -> None:
    """Write the learning curve as Parquet beside its JSON lines."""
    import io

    buffer = io.BytesIO()
    read_learning_curve(directory).write_parquet(buffer)
    write_bytes_atomically(directory / CURVE_TABLE, buffer.getvalue())


def _rows(path: Path) -> list[dict[str, float]]:
    """Whole rows of the file; a last line that was cut short is no row."""
    if not path.is_file():
        return []
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and "step" in row:
            rows.append(row)
    return rows


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
