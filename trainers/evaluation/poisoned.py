"""Episodes that cannot be finished: what is known of them, and how to meet them again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import GoliveError
from ...core.execution import TaskError
from ...core.files import json_text, read_json, write_text_atomically
from ...sim.snapshot_files import read_snapshot, write_snapshot

if TYPE_CHECKING:
    from ...sim.protocol import Snapshot
    from .result import EvaluationResult

POISONED_FILE = "poisoned.json"
SNAPSHOT_DIRECTORY = "poisoned"


@dataclass(frozen=True, slots=True)
class PoisonedEpisode:
    """An episode that raised, or that killed its worker again and again.

    Attributes:
        policy: label.
        scenario: name.
        seed: of the episode.
        error: type and text, or how the worker ended.
        details: the traceback; empty if the worker died.
        decisions: taken before it failed; None if that is not known.
        snapshot: the world before the decision at which it fails, at kick-off if the worker
            died; None if it did not fail when it was tried again.
    """

    policy: str
    scenario: str
    seed: int
    error: str
    details: str = ""
    decisions: int | None = None
    snapshot: Snapshot | None = None

    def __str__(self) -> str:
        """Text for an error's line."""
        where = "" if self.decisions is None else f", decision {self.decisions + 1}"
        return f"{self.policy} on {self.scenario}, seed {self.seed}{where}: {self.error}"

    def without_snapshot(self) -> dict[str, str | int | None]:
        """All else that is known, as JSON can hold it."""
        return {
            "policy": self.policy,
            "scenario": self.scenario,
            "seed": self.seed,
            "decisions": self.decisions,
            "error": self.error,
            "details": self.details,
        }

    @property
    def file_name(self) -> str:
        """Name of its snapshot's file."""
        label = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{self.policy}-{self.scenario}")
        return f"{label}-{self.seed}.json"


class PoisonedEpisodesError(TaskError):
    """Some episodes could not be finished; all others were, and ``result`` is theirs."""

    def __init__(self, result: EvaluationResult) -> None:
        """Says how many there are, and the first."""
        poisoned = result.poisoned
        more = f" (and {len(poisoned) - 1} more)" if len(poisoned) > 1 else ""
        super().__init__(f"{poisoned[0]}{more}", poisoned[0].details)
        self.result = result


def write_poisoned(directory: Path, poisoned: Sequence[PoisonedEpisode]) -> None:
    """Write what is known, and the snapshots beside it, in place of what was there."""
    path = directory / POISONED_FILE
    shutil.rmtree(directory / SNAPSHOT_DIRECTORY, ignore_errors=True)
    if not poisoned:
        path.unlink(missing_ok=True)
        return
    records = []
    for episode in poisoned:
        file = None
        if episode.snapshot is not None:
            (directory / SNAPSHOT_DIRECTORY).mkdir(exist_ok=True)
            file = f"{SNAPSHOT_DIRECTORY}/{episode.file_name}"
            write_snapshot(episode.snapshot, directory / file)
        records.append({**episode.without_snapshot(), "snapshot": file})
    write_text_atomically(path, json_text(records, 2) + "\n")


def read_poisoned(directory: Path) -> tuple[PoisonedEpisode, ...]:
    """Read back what ``write_poisoned`` wrote.

    Raises:
        GoliveError: it cannot be read.
    """
    path = directory / POISONED_FILE
    if not path.exists():
        return ()
    try:
        records = read_json(path, "episodes that could not be finished")
        return tuple(
            PoisonedEpisode(
                str(record["policy"]),
                str(record["scenario"]),
                int(record["seed"]),
                str(record["error"]),
                str(record["details"]),
                None if record["decisions"] is None else int(record["decisions"]),
                None
                if record["snapshot"] is None
                else read_snapshot(directory / record["snapshot"]),
            )
            for record in records
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, GoliveError):
            raise
        raise GoliveError(f"{path}: expected a list of poisoned episodes: {error!r}") from None
