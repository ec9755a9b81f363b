"""Places of datasets: Minari's own root under an id, or a folder of one's own.

While it is recorded, a dataset lies in a hidden folder beside its place, which is renamed when it
is whole. Each episode is a folder of its own that appears by a rename, so whatever a killed
recording left is either a whole episode or none, and what lies at the place is whole always.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.errors import GoliveError
from ...core.files import (
    check_readable_file,
    prepare_output_directory,
    reason,
    write_text_atomically,
)
from .episode_file import FILE_NAME

METADATA = "metadata.json"
_PLAN = "plan.json"


@dataclass(frozen=True, slots=True)
class DatasetPlace:
    """A dataset's name and folder.

    Attributes:
        id: Minari's: ``namespace/name-v0``.
        folder: holds the folder ``data``.
    """

    id: str
    folder: Path

    @property
    def data(self) -> Path:
        """The folder that ``minari.MinariDataset`` opens."""
        return self.folder / "data"

    @property
    def unfinished(self) -> Path:
        """The hidden folder in which it lies while it is recorded."""
        return self.folder.with_name(f".{self.folder.name}.recording")

    @property
    def exists(self) -> bool:
        """True if a whole dataset is there."""
        return (self.data / METADATA).is_file()


def dataset_place(name: str | Path, root: Path | None = None) -> DatasetPlace:
    """The place that a name or a path means.

    Args:
        name: a ``Path``, or a text that starts with ``/``, ``.`` or ``~``, is a folder, whose
            last part is the dataset's id. Any other text is an id in Minari's root
            (``MINARI_DATASETS_PATH``, else ``~/.minari/datasets``).
        root: holds datasets by id instead of Minari's root.

    Raises:
        GoliveError: not an id that Minari takes.
    """
    text = str(name)
    if isinstance(name, Path) or text.startswith(("/", ".", "~")):
        folder = Path(name).expanduser().resolve()
        return DatasetPlace(_checked_id(folder.name, text), folder)
    checked = _checked_id(text, text)
    return DatasetPlace(checked, (minari_root() if root is None else root) / checked)


def minari_root() -> Path:
    """The folder in which Minari keeps datasets on this machine."""
    from minari.storage.datasets_root_dir import get_dataset_path

    return Path(get_dataset_path())


def find_dataset(name: str | Path) -> DatasetPlace:
    """The place of a dataset that is there: by its id, else in a folder, as paths are given.

    Raises:
        GoliveError: there is none.
    """
    place = dataset_place(name)
    if not place.exists and Path(name).is_dir():
        place = dataset_place(Path(name))
    if not place.exists:
        raise GoliveError(f"dataset: {name}: there is none at {place.folder}")
    return place


def _checked_id(name: str, given: str) -> str:
    from minari.dataset.minari_dataset import DATASET_ID_RE

    match = DATASET_ID_RE.fullmatch(name)
    if match is None or match.group("version") is None:
        raise GoliveError(
            f"dataset: {given}: expected an id that ends in a version, such as "
            "golive/furniture/expert-v0 (in Minari's root) or ./expert-v0 (a folder)"
        )
    return name


def read_json(path: Path) -> dict[str, Any]:
    """The content of one of a dataset's JSON files.

    Raises:
        GoliveError: it cannot be read.
    """
    check_readable_file(path, "a dataset's JSON")
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise GoliveError(f"{path}: cannot be read: {error}") from None
    return content


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
        self._folder = place.unfinished
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
        """All that is known of an episode besides its steps."""
        return read_json(self.data / f"{episode}" / METADATA)

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
        """Size of all files of the episodes."""
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
