"""A dataset while it is recorded: a hidden folder beside its place, renamed when it is whole.

Each episode is a folder of its own that appears by a rename, so whatever a killed recording
left is either a whole episode or none, and what lies at the dataset's place is whole always.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from typing import Any

from ...core.errors import GoliveError
from ...core.files import prepare_output_directory, reason, write_text_atomically
from .episode_file import FILE_NAME
from .places import METADATA, DatasetPlace

_PLAN = "plan.json"


class Staging:
    """The unfinished recording at a place.

    Args:
        place: where the dataset will lie.
        plan: what is recorded, as a JSON value.
        resume: go on with what an interrupted recording of the same plan left.

    Raises:
        GoliveError: there is one already and ``resume`` is off, or it has another plan, or
            nothing can be written there.
    """

    def __init__(self, place: DatasetPlace, plan: Mapping[str, Any], *, resume: bool) -> None:
        self._place = place
        self._folder = place.folder.with_name(f".{place.folder.name}.recording")
        self.data = self._folder / "data"
        planned = self._folder / _PLAN
        if planned.is_file():
            if not resume:
                raise GoliveError(
                    f"{place.folder}: a recording was interrupted here: expected --resume, "
                    f"or that {self._folder} is deleted"
                )
            if json.loads(planned.read_text("utf-8")) != dict(plan):
                raise GoliveError(
                    f"{place.folder}: the interrupted recording here had other policies, "
                    "scenarios, seeds, reward or versions: expected the same to go on"
                )
        prepare_output_directory(self.data)
        write_text_atomically(planned, json.dumps(plan))

    def episodes(self) -> set[int]:
        """Ids of the episodes that are there."""
        return {int(entry.name) for entry in self.data.iterdir() if entry.name.isdigit()}

    def metadata(self, episode: int) -> dict[str, Any]:
        """What is known of an episode besides its steps."""
        content: dict[str, Any] = json.loads((self.data / f"{episode}" / METADATA).read_bytes())
        return content

    def add(self, episode: int, content: bytes, metadata: Mapping[str, Any]) -> None:
        """Keep an episode.

        Raises:
            GoliveError: it cannot be written.
        """
        unfinished = self.data / f".{episode}"
        try:
            unfinished.mkdir(exist_ok=True)
            (unfinished / FILE_NAME).write_bytes(content)
            (unfinished / METADATA).write_text(json.dumps(metadata), "utf-8")
            unfinished.rename(self.data / f"{episode}")
        except OSError as error:
            raise GoliveError(f"{self.data}: cannot be written: {reason(error)}") from error

    def size_megabytes(self) -> float:
        """Of all files of the episodes."""
        return sum(path.stat().st_size for path in self.data.glob("*/*")) / 1e6

    def publish(self) -> None:
        """Put the whole dataset at its place.

        Raises:
            GoliveError: it cannot be put there.
        """
        for unfinished in self.data.glob(".*"):
            shutil.rmtree(unfinished)
        try:
            self._folder.rename(self._place.folder)
        except OSError as error:
            raise GoliveError(
                f"{self._place.folder}: cannot be put here: {reason(error)}"
            ) from error
        (self._place.folder / _PLAN).unlink()
